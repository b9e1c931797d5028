//! The patterns and macros of pact_consumer, taken as they are.
//!
//! The only place where types of the pact crates are accepted from outside.

use pact_consumer::patterns::{JsonPattern, Pattern as _, StringPattern, Term};
use pact_models::matchingrules::MatchingRuleCategory;
use pact_models::path_exp::DocPath;
use serde_json::Value;

use super::derive::{Rules, normal};
use super::matchers::Matcher;
use super::text::Text;
use crate::contract::RulePath;

/// The example and the rules in a pattern.
///
/// The macros also write rules for what the example does not have (below the items of a list of
/// scalars); nobody asked for those, so they are left out.
pub(super) fn taken_apart(pattern: &JsonPattern) -> (Value, Rules) {
    let mut example = pattern.to_example();
    // A pattern keeps its fields in no order.
    example.sort_all_objects();
    let mut rules = MatchingRuleCategory::empty("body");
    pattern.extract_matching_rules(DocPath::root(), &mut rules);
    let leads_somewhere =
        |path: &str| RulePath::parse(path).is_ok_and(|path| !path.resolve(&example).is_empty());
    let rules = rules.to_v3_json();
    let rules = rules.as_object().into_iter().flatten();
    let rules = rules.filter(|(path, _)| leads_somewhere(path));
    let rules = rules.filter_map(|(path, rule)| Some((normal(path).ok()?, Matcher::of_rule(rule)))).collect();
    (example, rules)
}

impl From<StringPattern> for Text {
    fn from(pattern: StringPattern) -> Self {
        let mut rules = MatchingRuleCategory::empty("path");
        pattern.extract_matching_rules(DocPath::root(), &mut rules);
        let rules = rules.to_v3_json();
        let rule = rules.as_object().and_then(|rules| rules.values().next());
        Self { example: pattern.to_example(), matcher: rule.map(Matcher::of_rule), generator: None }
    }
}

impl From<Term<StringPattern>> for Text {
    fn from(term: Term<StringPattern>) -> Self {
        Self::from(StringPattern::pattern(term))
    }
}
