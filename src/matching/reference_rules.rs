//! Our rules as the reference matcher's own.
//!
//! The reference reads the rules of a pact itself. Only where it has to be asked about a part of
//! them, or must not see two that it would choose between at random, are they made from ours.

use std::collections::HashMap;

use pact_models::matchingrules::{
    Category as ReferenceCategory, MatchingRule, MatchingRuleCategory, RuleList, RuleLogic,
};
use pact_models::path_exp::DocPath;
use serde_json::{Value, json};

use crate::contract::{Combine, Matcher, Rule, RulePath, StatusClass, Step, Token};

/// Rules on a body.
pub(super) fn category(rules: &[Rule]) -> MatchingRuleCategory {
    category_of(ReferenceCategory::BODY, rules)
}

/// Rules on a part; the later of two with one path replaces the earlier.
pub(super) fn category_of(name: ReferenceCategory, rules: &[Rule]) -> MatchingRuleCategory {
    let mut category = MatchingRuleCategory::empty(name);
    for rule in rules {
        category.rules.insert(doc_path(&rule.path), rule_list(rule));
    }
    category
}

/// The way to a value.
pub(super) fn doc_path_of(steps: &[Step]) -> DocPath {
    let mut path = DocPath::root();
    for step in steps {
        // As the reference itself does it, which takes a key that is a number for a position.
        path = match step {
            Step::Key(key) => path.join(key.as_str()),
            Step::Index(index) => path.join(index.to_string()),
        };
    }
    path
}

fn doc_path(path: &RulePath) -> DocPath {
    let mut made = DocPath::empty();
    for token in path.tokens() {
        match token {
            Token::Root => made = DocPath::root(),
            Token::Field(name) => drop(made.push_field(name.as_str())),
            Token::Index(index) => drop(made.push_index(*index)),
            Token::Any => drop(made.push_star()),
            Token::AnyIndex => drop(made.push_star_index()),
        }
    }
    made
}

fn rule_list(rule: &Rule) -> RuleList {
    let rule_logic = match rule.combine {
        Combine::And => RuleLogic::And,
        Combine::Or => RuleLogic::Or,
    };
    RuleList { rules: rule.matchers.iter().map(matching_rule).collect(), rule_logic, cascaded: false }
}

fn matching_rule(matcher: &Matcher) -> MatchingRule {
    match matcher {
        Matcher::Equality => MatchingRule::Equality,
        Matcher::Regex(pattern) => MatchingRule::Regex(pattern.clone()),
        Matcher::Type { min: None, max: None } => MatchingRule::Type,
        Matcher::Type { min: Some(min), max: None } => MatchingRule::MinType(*min),
        Matcher::Type { min: None, max: Some(max) } => MatchingRule::MaxType(*max),
        Matcher::Type { min: Some(min), max: Some(max) } => MatchingRule::MinMaxType(*min, *max),
        Matcher::DateTime(format) => MatchingRule::Timestamp(format.clone()),
        Matcher::Time(format) => MatchingRule::Time(format.clone()),
        Matcher::Date(format) => MatchingRule::Date(format.clone()),
        Matcher::Include(text) => MatchingRule::Include(text.clone()),
        Matcher::Number => MatchingRule::Number,
        Matcher::Integer => MatchingRule::Integer,
        Matcher::Decimal => MatchingRule::Decimal,
        Matcher::Null => MatchingRule::Null,
        Matcher::ContentType(name) => MatchingRule::ContentType(name.clone()),
        Matcher::ArrayContains(variants) => {
            let variant = |variant: &crate::contract::Variant| {
                (variant.index, category(&variant.rules), HashMap::new())
            };
            MatchingRule::ArrayContains(variants.iter().map(variant).collect())
        }
        Matcher::Values => MatchingRule::Values,
        Matcher::Boolean => MatchingRule::Boolean,
        Matcher::NotEmpty => MatchingRule::NotEmpty,
        Matcher::Semver => MatchingRule::Semver,
        Matcher::StatusCode(class) => from_json(&json!({"match": "statusCode", "status": status(class)})),
        Matcher::EachKey(inner) => from_json(&json!({"match": "eachKey", "rules": rules(inner)})),
        Matcher::EachValue(inner) => from_json(&json!({"match": "eachValue", "rules": rules(inner)})),
        Matcher::Plugin { name } => from_json(&json!({ "match": name })),
    }
}

/// What cannot be read is compared exactly, which never lets more pass.
fn from_json(json: &Value) -> MatchingRule {
    MatchingRule::from_json(json).unwrap_or(MatchingRule::Equality)
}

fn rules(matchers: &[Matcher]) -> Vec<Value> {
    matchers.iter().map(|matcher| matching_rule(matcher).to_json()).collect()
}

fn status(class: &StatusClass) -> Value {
    match class {
        StatusClass::Information => "info".into(),
        StatusClass::Success => "success".into(),
        StatusClass::Redirect => "redirect".into(),
        StatusClass::ClientError => "clientError".into(),
        StatusClass::ServerError => "serverError".into(),
        StatusClass::NonError => "nonError".into(),
        StatusClass::Error => "error".into(),
        StatusClass::Codes(codes) => json!(codes),
    }
}
