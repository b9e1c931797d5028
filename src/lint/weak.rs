//! Rules that accept answers which no consumer could use.

use serde_json::Value;

use super::Answer;
use crate::contract::Category;
use crate::contract::Content;
use crate::contract::Contract;
use crate::contract::Matcher;
use crate::contract::Rule;
use crate::contract::Step;
use crate::contract::best_rule;
use crate::contract::display_steps;
use crate::finding::Code;
use crate::finding::Finding;
use crate::finding::Place;

/// Warns of each such rule.
pub(super) fn check(contract: &Contract, answer: &Answer<'_>) -> Vec<Finding> {
    let status = answer.rules.iter().filter(|rule| accepts_any_status(rule)).map(|rule| {
        finding(
            contract,
            rule,
            Place::Status,
            format!("the rule accepts any status: {rule}"),
            "use a class of statuses",
        )
    });
    let bodies = empty_objects(answer).into_iter().filter_map(|steps| {
        let (rule, _) = best_rule(answer.rules, Category::Body, &steps)?;
        let by_type = rule.matchers.iter().any(|matcher| matches!(matcher, Matcher::Type { .. }));
        let place = display_steps(&steps);
        let message = format!("the example at `{place}` is an empty object, so any object is accepted");
        by_type.then(|| {
            finding(contract, rule, Place::Body, message, "give the example the fields that are used")
        })
    });
    let headers = answer.rules.iter().filter(|rule| accepts_any_text(rule)).map(|rule| {
        let name = rule.path.first_field().unwrap_or_default();
        let message = format!("the rule accepts any text in the header `{name}`: {rule}");
        finding(contract, rule, Place::Header, message, "use a pattern")
    });
    let texts = on_values(answer).into_iter().map(|(rule, place, weakness)| {
        let (message, help) = weakness.said(&place, rule);
        finding(contract, rule, Place::Body, message, help)
    });
    status.chain(headers).chain(bodies).chain(texts).collect()
}

/// What a rule does not do for the value it stands on.
enum Weakness {
    /// The value is no list, so that it has no length.
    NoLength,
    /// The value is no text, so that the pattern is for how it is written.
    NoText,
}

impl Weakness {
    fn said(&self, place: &str, rule: &Rule) -> (String, &'static str) {
        match self {
            Self::NoLength => (
                format!("the example at `{place}` is no list, so its length is not checked: {rule}"),
                "a pattern such as `.{3,}` bounds the length of a text",
            ),
            Self::NoText => (
                format!("the example at `{place}` is no text, so only how it is written is matched: {rule}"),
                "use `integer`, `decimal` or `boolean`",
            ),
        }
    }
}

/// The rules on single values of the example that promise more than they ask for.
fn on_values<'a>(answer: &Answer<'a>) -> Vec<(&'a Rule, String, Weakness)> {
    let Some(json) = answer.body.content().and_then(Content::json) else { return Vec::new() };
    let of_rule = |rule: &'a Rule| {
        let reached = rule.path.resolve(&json);
        let decided = reached.iter().filter(|(steps, _)| {
            best_rule(answer.rules, Category::Body, steps).is_some_and(|(best, _)| std::ptr::eq(best, rule))
        });
        let found = decided.filter_map(|(steps, value)| Some((display_steps(steps), weakness(rule, value)?)));
        found.map(|(place, weakness)| (rule, place, weakness)).next()
    };
    answer.rules.iter().filter(|rule| rule.category == Category::Body).filter_map(of_rule).collect()
}

fn weakness(rule: &Rule, value: &Value) -> Option<Weakness> {
    let has = |is: fn(&Matcher) -> bool| rule.matchers.iter().any(is);
    let bounds =
        |matcher: &Matcher| matches!(matcher, Matcher::Type { min, max } if min.is_some() || max.is_some());
    match value {
        Value::Number(_) | Value::Bool(_) if has(|matcher| matches!(matcher, Matcher::Regex(_))) => {
            Some(Weakness::NoText)
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) if has(bounds) => Some(Weakness::NoLength),
        _ => None,
    }
}

/// The type of a header's value is always text.
fn accepts_any_text(rule: &Rule) -> bool {
    let says_nothing = |matcher: &Matcher| matches!(matcher, Matcher::Type { .. });
    rule.category == Category::Header && rule.matchers.iter().all(says_nothing)
}

fn finding(contract: &Contract, rule: &Rule, place: Place, message: String, help: &str) -> Finding {
    Finding::new(Code::WeakRule, place, message)
        .with_help(help)
        .with_location(contract.location(&rule.pointer))
}

/// A status is a whole number in any case, so asking for one asks for nothing.
fn accepts_any_status(rule: &Rule) -> bool {
    let says_nothing = |matcher: &Matcher| {
        matches!(matcher, Matcher::Type { .. } | Matcher::Integer | Matcher::Number | Matcher::NotEmpty)
    };
    rule.category == Category::Status && rule.matchers.iter().all(says_nothing)
}

fn empty_objects(answer: &Answer<'_>) -> Vec<Vec<Step>> {
    let mut found = Vec::new();
    if let Some(json) = answer.body.content().and_then(Content::json) {
        collect(&json, &mut Vec::new(), &mut found);
    }
    found
}

fn collect(value: &Value, steps: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    let mut go = |step: Step, child: &Value| {
        steps.push(step);
        collect(child, steps, found);
        steps.pop();
    };
    match value {
        Value::Object(map) if map.is_empty() => found.push(steps.clone()),
        Value::Object(map) => map.iter().for_each(|(key, child)| go(Step::Key(key.clone()), child)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, child)| go(Step::Index(index), child));
        }
        _ => {}
    }
}
