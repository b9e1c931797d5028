//! Differences that the reference matcher lets pass although the contract is broken.
//!
//! Each check is one entry of the list of pitfalls, each has a [`Quirk`] with which the
//! reference's behaviour can be had back, and none of them ever makes a failed comparison pass.

use std::collections::BTreeSet;

use serde_json::Value;

use super::mismatch::Mismatch;
use super::quirk::Quirk;
use super::values::{described, example_for, items_of, kind_of};
use super::wording::Expected;
use crate::contract::{Category, Combine, Matcher, Rule, Step, best_rule, display_steps};
use crate::finding::{Code, Place};

/// Looks for differences in a JSON body that the reference matcher does not see.
pub(crate) fn unseen(expected: Expected<'_>, actual: &[u8], allowed: &BTreeSet<Quirk>) -> Vec<Mismatch> {
    let (Some(example), Ok(actual)) = (expected.example, serde_json::from_slice::<Value>(actual)) else {
        return Vec::new();
    };
    let mut search = Search { example, rules: expected.rules, allowed, found: Vec::new() };
    search.visit(&mut Vec::new(), &actual);
    search.found
}

struct Search<'a> {
    example: &'a Value,
    rules: &'a [Rule],
    allowed: &'a BTreeSet<Quirk>,
    found: Vec<Mismatch>,
}

impl Search<'_> {
    /// Visits every received value for which the contract has an example.
    fn visit(&mut self, steps: &mut Vec<Step>, actual: &Value) {
        let Some(example) = example_for(self.rules, self.example, steps) else { return };
        if let Some((rule, cascaded)) = best_rule(self.rules, Category::Body, steps) {
            // With an alternative, the reference's verdict on the others is not known here.
            if rule.combine == Combine::And || rule.matchers.len() == 1 {
                for matcher in &rule.matchers {
                    self.judge(steps, matcher, cascaded, (example, actual));
                }
            }
        }
        match actual {
            Value::Object(fields) => {
                for (key, value) in fields {
                    steps.push(Step::Key(key.clone()));
                    self.visit(steps, value);
                    steps.pop();
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    steps.push(Step::Index(index));
                    self.visit(steps, value);
                    steps.pop();
                }
            }
            _ => {}
        }
    }

    fn judge(
        &mut self,
        steps: &[Step],
        matcher: &Matcher,
        cascaded: bool,
        (example, actual): (&Value, &Value),
    ) {
        let problem = match matcher {
            Matcher::EachValue(matchers) => return self.judge_each(steps, matchers, (example, actual)),
            Matcher::Regex(_)
            | Matcher::Include(_)
            | Matcher::Date(_)
            | Matcher::Time(_)
            | Matcher::DateTime(_) => self.text_only(example, actual),
            Matcher::Boolean => self.boolean_only(example, actual),
            // Bounds hold for the list they are written for, not for the lists inside it.
            Matcher::Type { .. } if cascaded => self.bounds((None, None), example, actual),
            Matcher::Type { min, max } => self.bounds((*min, *max), example, actual),
            _ => None,
        };
        let pitfall = match matcher {
            Matcher::Regex(_)
            | Matcher::Include(_)
            | Matcher::Date(_)
            | Matcher::Time(_)
            | Matcher::DateTime(_) => (11, "it matches a pattern against the text form of any value"),
            Matcher::Boolean => (11, "it takes the texts \"true\" and \"false\" for booleans"),
            _ => (
                12,
                "it accepts an empty list for a list of examples, and checks no bounds on an empty example",
            ),
        };
        if let Some((code, message)) = problem {
            let mismatch = Mismatch::known(code, Place::Body, display_steps(steps), message);
            self.found.push(mismatch.closing(pitfall));
        }
    }

    /// What each value must satisfy is looked for in each value, with the example of its key or the
    /// first one.
    fn judge_each(&mut self, steps: &[Step], matchers: &[Matcher], (example, actual): (&Value, &Value)) {
        let children: Vec<(Step, &Value, Option<&Value>)> = match (example, actual) {
            (Value::Object(examples), Value::Object(fields)) => fields
                .iter()
                .map(|(key, value)| {
                    let example = examples.get(key).or_else(|| examples.values().next());
                    (Step::Key(key.clone()), value, example)
                })
                .collect(),
            (Value::Array(examples), Value::Array(items)) => items
                .iter()
                .enumerate()
                .map(|(index, value)| (Step::Index(index), value, examples.get(index).or(examples.first())))
                .collect(),
            _ => Vec::new(),
        };
        for (step, value, example) in children {
            let Some(example) = example else { continue };
            let mut deeper = steps.to_vec();
            deeper.push(step);
            for matcher in matchers {
                self.judge(&deeper, matcher, false, (example, value));
            }
        }
    }

    /// A pattern is for text; a value of another kind has it only where the example has it too.
    fn text_only(&self, example: &Value, actual: &Value) -> Option<(Code, String)> {
        let is_other_kind = !actual.is_string() && kind_of(actual) != kind_of(example);
        (is_other_kind && !self.allowed.contains(&Quirk::RegexOnNonText))
            .then(|| (Code::WrongType, format!("expected a string, got {}", described(actual))))
    }

    fn boolean_only(&self, example: &Value, actual: &Value) -> Option<(Code, String)> {
        let is_text = actual.is_string() && !example.is_string();
        (is_text && !self.allowed.contains(&Quirk::BooleanAsText))
            .then(|| (Code::WrongType, format!("expected true or false, got {}", described(actual))))
    }

    /// An empty list shows none of the fields that the consumer reads; and bounds hold whether the
    /// example has items or not.
    fn bounds(
        &self,
        (min, max): (Option<usize>, Option<usize>),
        example: &Value,
        actual: &Value,
    ) -> Option<(Code, String)> {
        let (Value::Array(examples), Value::Array(items)) = (example, actual) else { return None };
        if self.allowed.contains(&Quirk::EmptyLists) {
            return None;
        }
        let wrong = |message: String| Some((Code::WrongLength, message));
        if examples.is_empty() {
            let found = items_of(items.len());
            if let Some(min) = min.filter(|min| items.len() < *min) {
                return wrong(format!("expected at least {}, got {found}", items_of(min)));
            }
            if let Some(max) = max.filter(|max| items.len() > *max) {
                return wrong(format!("expected at most {}, got {found}", items_of(max)));
            }
        } else if items.is_empty() && min.is_none() {
            return wrong("expected at least one item like the example, got an empty list".to_owned());
        }
        None
    }
}
