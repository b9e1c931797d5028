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
    status.chain(bodies).collect()
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
