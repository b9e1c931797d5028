//! One rule for each value, where the reference would choose between several at random.
//!
//! Two rules can be equally specific for a value (`$.*.id` and `$.first.*`), or only one of several
//! on an object can say that its keys are free; the reference then takes them in the order of a
//! hash table, so that its verdict differs between runs. It is given one rule for each place
//! instead, which is the one that [`best_rule`] names: the most specific, and of equals the later
//! one in the pact.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::{Category, Matcher, Rule, RulePath, Step, Variant, best_rule, leaves_a_choice};

/// The rules on a part, one for each place of the two documents, which stand at `steps`; `None`
/// when there is no choice to be made and the rules can stay as they are.
pub(super) fn settled(
    rules: &[Rule],
    category: Category,
    steps: &[Step],
    (example, actual): (&Value, Option<&Value>),
) -> Option<Vec<Rule>> {
    if !leaves_a_choice(rules, category) {
        return None;
    }
    let mut places = BTreeMap::new();
    walk((rules, category), &mut steps.to_vec(), (Some(example), actual), &mut places);
    Some(places.into_values().collect())
}

/// True when the reference chooses at random what rule decides about the value at `steps`.
pub(crate) fn is_left_to_chance(rules: &[Rule], category: Category, steps: &[Step]) -> bool {
    let applies = |rule: &&Rule| rule.category == category && rule.path.weight(steps).is_some();
    leaves_a_choice(&rules.iter().filter(applies).cloned().collect::<Vec<_>>(), category)
}

/// Notes the rule on every value, at the place where its path ends, so that it cascades as before.
fn walk(
    (rules, category): (&[Rule], Category),
    steps: &mut Vec<Step>,
    (example, actual): (Option<&Value>, Option<&Value>),
    places: &mut BTreeMap<Vec<Step>, Rule>,
) {
    if let Some((rule, _)) = best_rule(rules, category, steps) {
        let place = &steps[..rule.path.tokens().len() - 1];
        places.entry(place.to_vec()).or_insert_with(|| Rule {
            path: RulePath::to(place),
            matchers: rule
                .matchers
                .iter()
                .map(|matcher| with_settled_items(matcher, example, actual))
                .collect(),
            ..rule.clone()
        });
    }
    for (step, example, actual) in children(example, actual) {
        steps.push(step);
        walk((rules, category), steps, (example, actual), places);
        steps.pop();
    }
}

/// The matcher, in which the rules on items that a list must contain are settled as well.
fn with_settled_items(matcher: &Matcher, example: Option<&Value>, actual: Option<&Value>) -> Matcher {
    let (Matcher::ArrayContains(variants), Some(examples)) = (matcher, example) else {
        return matcher.clone();
    };
    let items = actual.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let settle = |variant: &Variant| {
        let mut places = BTreeMap::new();
        for item in items {
            let pair = (examples.get(variant.index), Some(item));
            walk((&variant.rules, Category::Body), &mut Vec::new(), pair, &mut places);
        }
        Variant { rules: places.into_values().collect(), ..variant.clone() }
    };
    Matcher::ArrayContains(variants.iter().map(settle).collect())
}

type Child<'a> = (Step, Option<&'a Value>, Option<&'a Value>);

/// What stands in either document, with the example that the reference would take.
fn children<'a>(example: Option<&'a Value>, actual: Option<&'a Value>) -> Vec<Child<'a>> {
    match (example, actual) {
        (Some(Value::Array(_)), _) | (None, Some(Value::Array(_))) => {
            let items =
                |value: Option<&'a Value>| value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let (examples, items) = (items(example), items(actual));
            let child = |index: usize| {
                (Step::Index(index), examples.get(index).or(examples.first()), items.get(index))
            };
            (0..examples.len().max(items.len())).map(child).collect()
        }
        _ => {
            let map = |value: Option<&'a Value>| value.and_then(Value::as_object);
            let (examples, fields) = (map(example), map(actual));
            let any = examples.and_then(|map| map.iter().min_by_key(|(key, _)| *key).map(|(_, value)| value));
            let added = fields
                .into_iter()
                .flatten()
                .filter(|(key, _)| examples.is_none_or(|map| !map.contains_key(*key)));
            let known = examples.into_iter().flatten().map(|(key, value)| {
                (Step::Key(key.clone()), Some(value), fields.and_then(|map| map.get(key)))
            });
            let added = added.map(|(key, value)| (Step::Key(key.clone()), any, Some(value)));
            known.chain(added).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::Combine;

    fn rule(path: &str, matcher: Matcher) -> Rule {
        let path = RulePath::parse(path).expect("a path");
        Rule {
            category: Category::Body,
            path,
            matchers: vec![matcher],
            combine: Combine::And,
            pointer: String::new(),
        }
    }

    fn shown(rules: &[Rule], example: &Value, actual: &Value) -> String {
        let settled = settled(rules, Category::Body, &[], (example, Some(actual)));
        let line = |rule: &Rule| format!("{}: {rule}", rule.path);
        settled.map_or_else(
            || "as they are".to_owned(),
            |rules| rules.iter().map(line).collect::<Vec<_>>().join("\n"),
        )
    }

    #[test]
    fn the_later_of_two_equal_rules_is_the_one_that_is_left() {
        let number = || rule("$.*.id", Matcher::Number);
        let exact = || rule("$.first.*", Matcher::Equality);
        let document = json!({"first": {"id": 1}, "second": {"id": 2}});
        insta::assert_snapshot!(shown(&[number(), exact()], &document, &document), @"
        $.first.id: equality
        $.second.id: number
        ");
        insta::assert_snapshot!(shown(&[exact(), number()], &document, &document), @"
        $.first.id: number
        $.second.id: number
        ");
    }

    #[test]
    fn rules_of_which_one_is_more_specific_are_left_alone() {
        let rules = [rule("$.*.id", Matcher::Number), rule("$.first.id", Matcher::Equality)];
        assert_eq!(shown(&rules, &json!({"first": {"id": 1}}), &json!({})), "as they are");
    }
}
