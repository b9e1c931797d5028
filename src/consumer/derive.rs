//! The rules that follow from an example: everything of the same type will do.
//!
//! A whole number stands for whole numbers, a number with decimals for any number, a list for lists
//! of at least one item like its own. What an example cannot say (the type of a null, the items of an
//! empty list) is an error unless a rule says it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::matchers::{self, Matcher};
use crate::contract::{PathError, RulePath, SpecVersion, Step, display_steps, unsayable_rule};

/// Rules by their path.
pub(super) type Rules = BTreeMap<String, Matcher>;

/// A path in the one form in which paths are compared.
pub(super) fn normal(path: &str) -> Result<String, PathError> {
    RulePath::parse(path).map(|path| path.to_string())
}

/// The path of a field of the value at `path`.
pub(super) fn field(path: &str, key: &str) -> String {
    let alone = display_steps(&[Step::Key(key.to_owned())]);
    format!("{path}{}", alone.trim_start_matches('$'))
}

/// The given rules, and those that follow from the example where they say nothing.
///
/// # Errors
/// What the example cannot say and no rule says.
pub(super) fn with_types(example: &Value, given: &Rules, version: SpecVersion) -> Result<Rules, Vec<String>> {
    let mut walk = Walk { given, version, found: Rules::new(), problems: Vec::new() };
    walk.visit(example, "$");
    if walk.problems.is_empty() {
        let mut all = walk.found;
        all.extend(given.iter().map(|(path, matcher)| (path.clone(), matcher.clone())));
        Ok(all)
    } else {
        Err(walk.problems)
    }
}

struct Walk<'a> {
    given: &'a Rules,
    version: SpecVersion,
    found: Rules,
    problems: Vec<String>,
}

impl Walk<'_> {
    fn visit(&mut self, value: &Value, path: &str) {
        match self.given.get(path) {
            Some(rule) if !rule.leaves_the_items_alone() => return,
            _ => {}
        }
        match value {
            Value::Null => self.problems.push(format!(
                "the example is null at `{path}`, so nobody knows its type: show an example with a value, \
                 or give a rule, such as `.rule(\"{path}\", null())`"
            )),
            Value::Bool(_) => self.follows(path, self.scalar(matchers::boolean())),
            Value::Number(number) if number.is_f64() => {
                self.follows(path, self.scalar(matchers::number()));
            }
            Value::Number(_) => self.follows(path, self.scalar(matchers::integer())),
            Value::String(_) => self.follows(path, matchers::like()),
            Value::Array(items) if items.is_empty() => self.problems.push(format!(
                "the list at `{path}` is empty in the example, so nobody knows its items: give it one item, \
                 or a rule, such as `.rule(\"{path}\", equality())`"
            )),
            Value::Array(items) => {
                if !self.given.contains_key(path) {
                    self.follows(path, matchers::at_least(1));
                }
                let inside = format!("{path}[*]");
                for item in items {
                    self.visit(item, &inside);
                }
            }
            Value::Object(fields) => {
                for (key, value) in fields {
                    self.visit(value, &field(path, key));
                }
            }
        }
    }

    /// The matcher for a scalar, where the version has it.
    fn scalar(&self, matcher: Matcher) -> Matcher {
        let is_sayable = unsayable_rule(self.version, matcher.matchers()).is_empty();
        if is_sayable { matcher } else { matchers::like() }
    }

    fn follows(&mut self, path: &str, matcher: Matcher) {
        match self.found.get(path) {
            None => drop(self.found.insert(path.to_owned(), matcher)),
            Some(known) if *known == matcher => {}
            Some(known) => self.problems.push(format!(
                "the items of the example differ at `{path}`, which is {known} in one and {matcher} in \
                 another: give a rule"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(example: &Value, given: &[(&str, Matcher)]) -> String {
        let given = given.iter().map(|(path, matcher)| ((*path).to_owned(), matcher.clone())).collect();
        match with_types(example, &given, SpecVersion::V4) {
            Ok(rules) => rules
                .iter()
                .map(|(path, matcher)| {
                    format!("{path} {}", serde_json::to_string(matcher.matchers()).expect("JSON"))
                })
                .collect::<Vec<_>>()
                .join("\n"),
            Err(problems) => problems.join("\n"),
        }
    }

    #[test]
    fn every_value_stands_for_those_of_its_type() {
        let example = json!({"id": 7, "price": 1.5, "ok": true, "tags": [{"a b": "x"}, {"a b": "y"}]});
        insta::assert_snapshot!(shown(&example, &[]), @r#"
        $.id [{"match":"integer"}]
        $.ok [{"match":"boolean"}]
        $.price [{"match":"number"}]
        $.tags [{"match":"type","min":1}]
        $.tags[*]['a b'] [{"match":"type"}]
        "#);
        insta::assert_snapshot!(shown(&json!("x"), &[]), @r#"$ [{"match":"type"}]"#);
    }

    #[test]
    fn a_given_rule_comes_first_and_speaks_for_what_is_below() {
        let example = json!({"ids": [1], "more": {"a": [], "b": null}, "at": null});
        let given =
            [("$.ids", matchers::at_least(2)), ("$.more", matchers::equality()), ("$.at", matchers::null())];
        insta::assert_snapshot!(shown(&example, &given), @r#"
        $.at [{"match":"null"}]
        $.ids [{"match":"type","min":2}]
        $.ids[*] [{"match":"integer"}]
        $.more [{"match":"equality"}]
        "#);
    }

    #[test]
    fn what_an_example_cannot_say_is_an_error() {
        insta::assert_snapshot!(shown(&json!({"a": null, "b": [], "c": [1, "x"]}), &[]), @r#"
        the example is null at `$.a`, so nobody knows its type: show an example with a value, or give a rule, such as `.rule("$.a", null())`
        the list at `$.b` is empty in the example, so nobody knows its items: give it one item, or a rule, such as `.rule("$.b", equality())`
        the items of the example differ at `$.c[*]`, which is integer in one and type in another: give a rule
        "#);
    }
}
