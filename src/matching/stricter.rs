//! Differences that the reference matcher lets pass although the contract is broken.
//!
//! Each check is one entry of the list of pitfalls, each has a [`Quirk`] with which the
//! reference's behaviour can be had back, and none of them ever makes a failed comparison pass.
//! The walk is the reference's own: which example stands for a value, which rule is on it and
//! which rules hold inside it is decided as it does.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::compare::accepts;
use super::exact::{Written, source};
use super::kinds::{Problem, exact, problem, refused};
use super::mismatch::Mismatch;
use super::quirk::Quirk;
use super::wording::Expected;
use crate::contract::{Category, Combine, Matcher, Rule, RulePath, Step, Variant, best_rule, display_steps};
use crate::finding::{Code, Place};

/// Looks for differences in a JSON body that the reference matcher does not see.
pub(super) fn unseen(expected: Expected<'_>, actual: &[u8], allowed: &BTreeSet<Quirk>) -> Vec<Mismatch> {
    let (Some(example), Ok(value)) = (expected.example, serde_json::from_slice::<Value>(actual)) else {
        return Vec::new();
    };
    let written = expected.body.content().and_then(|content| source(&content.bytes));
    let received = source(actual);
    let mut search = Search { category: Category::Body, allowed, found: Vec::new() };
    let pair = (Written::new(example, written.as_ref()), Written::new(&value, received.as_ref()));
    search.visit(expected.rules, &mut Vec::new(), pair);
    search.mismatches(Place::Body, display_steps)
}

/// Looks for such differences in the metadata of a message.
pub(super) fn unseen_metadata(
    rules: &[Rule],
    expected: &Map<String, Value>,
    actual: &Map<String, Value>,
    allowed: &BTreeSet<Quirk>,
) -> Vec<Mismatch> {
    let mut search = Search { category: Category::Metadata, allowed, found: Vec::new() };
    for (name, example) in expected {
        let Some(value) = actual.get(name) else { continue };
        let steps = [Step::Key(name.clone())];
        let pair = (Written::new(example, None), Written::new(value, None));
        if let Some((rule, cascaded)) = best_rule(rules, Category::Metadata, &steps) {
            search.value(rules, (rule, cascaded), &steps, pair);
        }
    }
    let name = |steps: &[Step]| match steps {
        [Step::Key(name)] => name.clone(),
        _ => String::new(),
    };
    search.mismatches(Place::Metadata, name)
}

/// An example and what was received for it.
type Pair<'a> = (Written<'a>, Written<'a>);

/// A rule, and whether it stands further up.
type Found<'r> = (&'r Rule, bool);

struct Search<'a> {
    category: Category,
    allowed: &'a BTreeSet<Quirk>,
    found: Vec<(Vec<Step>, Problem)>,
}

impl Search<'_> {
    fn mismatches(self, place: Place, path: impl Fn(&[Step]) -> String) -> Vec<Mismatch> {
        let mut mismatches = Vec::new();
        for (steps, problem) in self.found {
            let found = Mismatch::known(problem.code, place, path(&steps), problem.message);
            let found = found.closing(problem.pitfall);
            let mismatch = match problem.texts {
                Some((expected, actual)) => found.with(expected, actual),
                None => found,
            };
            if !mismatches.contains(&mismatch) {
                mismatches.push(mismatch);
            }
        }
        mismatches
    }

    fn visit(&mut self, rules: &[Rule], steps: &mut Vec<Step>, pair: Pair<'_>) {
        let rule = best_rule(rules, self.category, steps);
        match (pair.0.value, pair.1.value, rule) {
            (Value::Object(_), Value::Object(_), rule) => self.object(rules, rule, steps, pair),
            (Value::Array(_), Value::Array(_), None) => self.items(rules, steps, pair, Written::item),
            (Value::Array(_), Value::Array(_), Some((rule, cascaded))) if is_and(rule) => {
                for matcher in &rule.matchers {
                    self.list(rules, (matcher, cascaded), steps, pair);
                }
            }
            (Value::Array(_), Value::Array(_), Some(found)) => self.alternatives(rules, found, steps, pair),
            // The reference itself refuses another kind of value here, whatever the rule.
            (Value::Object(_) | Value::Array(_), _, _) => {}
            (_, _, Some(found)) => self.value(rules, found, steps, pair),
            (_, _, None) => self.add(steps, exact(pair.0, pair.1, self.allowed)),
        }
    }

    fn add(&mut self, steps: &[Step], problem: Option<Problem>) {
        self.found.extend(problem.map(|problem| (steps.to_vec(), problem)));
    }

    /// Judges a single value.
    fn value(&mut self, rules: &[Rule], (rule, cascaded): Found<'_>, steps: &[Step], pair: Pair<'_>) {
        if is_and(rule) {
            for matcher in &rule.matchers {
                self.add(steps, problem(matcher, cascaded, pair, self.allowed));
            }
        } else {
            self.alternatives(rules, (rule, cascaded), &mut steps.to_vec(), pair);
        }
    }

    /// Several matchers of which one is enough: one that accepts the value must do so for the
    /// right reason.
    fn alternatives(
        &mut self,
        rules: &[Rule],
        (rule, cascaded): Found<'_>,
        steps: &mut Vec<Step>,
        pair: Pair<'_>,
    ) {
        let only = |matcher: &Matcher| Rule {
            matchers: vec![matcher.clone()],
            combine: Combine::And,
            ..rule.clone()
        };
        let is_list = pair.0.value.is_array() && pair.1.value.is_array();
        let mut wrong = Vec::new();
        let mut right = Vec::new();
        for matcher in &rule.matchers {
            let with: Vec<Rule> = rules
                .iter()
                .map(|one| if std::ptr::eq(one, rule) { only(matcher) } else { one.clone() })
                .collect();
            let mut inside = Search { category: self.category, allowed: self.allowed, found: Vec::new() };
            if is_list {
                inside.list(&with, (matcher, cascaded), steps, pair);
            } else {
                inside.add(steps, problem(matcher, cascaded, pair, self.allowed));
            }
            if inside.found.is_empty() { right.push(with) } else { wrong.push((with, inside.found)) }
        }
        let values = (pair.0.value, pair.1.value);
        let accepted = |rules: &[Rule]| accepts(rules, self.category, steps, values);
        if wrong.is_empty() || right.iter().any(|rules| accepted(rules)) {
            return;
        }
        if let Some((_, found)) = wrong.into_iter().find(|(rules, _)| accepted(rules)) {
            self.found.extend(found);
        }
    }

    /// Judges an object, whose matchers must all hold.
    fn object(&mut self, rules: &[Rule], rule: Option<Found<'_>>, steps: &mut Vec<Step>, pair: Pair<'_>) {
        let Some((rule, cascaded)) = rule else { return self.fields(rules, steps, pair, Written::key) };
        for matcher in &rule.matchers {
            match matcher {
                Matcher::Values if !cascaded => self.fields(rules, steps, pair, Written::key_or_any),
                Matcher::EachValue(inner) if !cascaded => {
                    self.without_example(inner, steps, pair);
                    self.fields(&[each(inner, steps)], steps, pair, Written::key_or_any);
                }
                _ => self.fields(rules, steps, pair, Written::key),
            }
        }
    }

    fn fields<'w>(
        &mut self,
        rules: &[Rule],
        steps: &mut Vec<Step>,
        (example, actual): Pair<'w>,
        of: fn(Written<'w>, &str) -> Option<Written<'w>>,
    ) {
        for key in actual.value.as_object().into_iter().flat_map(Map::keys) {
            let (Some(example), Some(actual)) = (of(example, key), actual.key(key)) else { continue };
            steps.push(Step::Key(key.clone()));
            self.visit(rules, steps, (example, actual));
            steps.pop();
        }
    }

    /// Judges a list by one matcher.
    fn list(
        &mut self,
        rules: &[Rule],
        (matcher, cascaded): (&Matcher, bool),
        steps: &mut Vec<Step>,
        pair: Pair<'_>,
    ) {
        self.add(steps, problem(matcher, cascaded, pair, self.allowed));
        match matcher {
            Matcher::ArrayContains(variants) => {
                for variant in variants {
                    self.variant(variant, steps, pair);
                }
            }
            Matcher::EachValue(_) if cascaded => {}
            Matcher::EachValue(inner) => {
                self.without_example(inner, steps, pair);
                self.items(&[each(inner, steps)], steps, pair, Written::item_or_first);
            }
            _ => {
                if !cascaded && is_about_items(matcher) {
                    self.without_example(std::slice::from_ref(matcher), steps, pair);
                }
                self.items(rules, steps, pair, Written::item_or_first);
            }
        }
    }

    fn items<'w>(
        &mut self,
        rules: &[Rule],
        steps: &mut Vec<Step>,
        (example, actual): Pair<'w>,
        of: fn(Written<'w>, usize) -> Option<Written<'w>>,
    ) {
        for index in 0..actual.value.as_array().map_or(0, Vec::len) {
            let (Some(example), Some(actual)) = (of(example, index), actual.item(index)) else { continue };
            steps.push(Step::Index(index));
            self.visit(rules, steps, (example, actual));
            steps.pop();
        }
    }

    /// An item that the list must contain: one that the reference takes for it must be one.
    fn variant(&mut self, variant: &Variant, steps: &[Step], (examples, actual): Pair<'_>) {
        let Some(example) = examples.item(variant.index) else { return };
        let count = actual.value.as_array().map_or(0, Vec::len);
        let (mut right, mut wrong) = (Vec::new(), Vec::new());
        for item in (0..count).filter_map(|index| actual.item(index)) {
            let mut inside = Search { category: self.category, allowed: self.allowed, found: Vec::new() };
            inside.visit(&variant.rules, &mut Vec::new(), (example, item));
            match inside.found.into_iter().next() {
                None => right.push(item),
                Some(found) => wrong.push((item, found)),
            }
        }
        let is_taken =
            |item: &Written<'_>| accepts(&variant.rules, self.category, &[], (example.value, item.value));
        if wrong.is_empty() || right.iter().any(is_taken) {
            return;
        }
        if let Some((_, (inside, nearest))) = wrong.into_iter().find(|(item, _)| is_taken(item)) {
            let place =
                if inside.is_empty() { String::new() } else { format!(" at {}", display_steps(&inside)) };
            let (index, why) = (variant.index, nearest.message);
            let message =
                format!("no item is like item {index} of the example; the nearest one{place}: {why}");
            self.add(steps, Some(Problem::new(Code::MissingItem, message, nearest.pitfall)));
        }
    }

    /// Where the example is empty the reference asks nothing of the values, although what each of
    /// them must satisfy may not need an example.
    fn without_example(&mut self, matchers: &[Matcher], steps: &mut Vec<Step>, (example, actual): Pair<'_>) {
        let is_empty = |value: &Value| match value {
            Value::Array(items) => items.is_empty(),
            Value::Object(map) => map.is_empty(),
            _ => false,
        };
        if !is_empty(example.value) || self.allowed.contains(&Quirk::EmptyLists) {
            return;
        }
        for (step, value) in children(actual.value) {
            for matcher in matchers {
                let rule = each(std::slice::from_ref(matcher), &[]);
                let itself = std::slice::from_ref(&step);
                steps.push(step.clone());
                if !accepts(&[rule], self.category, itself, (value, value)) {
                    self.add(steps, Some(refused(matcher, value)));
                }
                steps.pop();
            }
        }
    }
}

fn is_and(rule: &Rule) -> bool {
    rule.combine == Combine::And || rule.matchers.len() == 1
}

/// True for matchers of single values: on a list, they are about its items.
fn is_about_items(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::Regex(_)
        | Matcher::Include(_)
        | Matcher::Date(_)
        | Matcher::Time(_)
        | Matcher::DateTime(_)
        | Matcher::Number
        | Matcher::Integer
        | Matcher::Decimal
        | Matcher::Null
        | Matcher::Boolean
        | Matcher::Semver => true,
        Matcher::Equality
        | Matcher::Type { .. }
        | Matcher::ContentType(_)
        | Matcher::ArrayContains(_)
        | Matcher::Values
        | Matcher::StatusCode(_)
        | Matcher::NotEmpty
        | Matcher::EachKey(_)
        | Matcher::EachValue(_)
        | Matcher::Plugin { .. } => false,
    }
}

/// What must hold for each value at `steps`: inside it, no other rule counts.
fn each(matchers: &[Matcher], steps: &[Step]) -> Rule {
    Rule {
        category: Category::Body,
        path: RulePath::below(steps),
        matchers: matchers.to_vec(),
        combine: Combine::And,
        pointer: String::new(),
    }
}

fn children(value: &Value) -> Vec<(Step, &Value)> {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (Step::Index(index), item)).collect()
        }
        Value::Object(map) => map.iter().map(|(key, value)| (Step::Key(key.clone()), value)).collect(),
        _ => Vec::new(),
    }
}
