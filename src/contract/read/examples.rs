//! Rules against the examples they stand beside: rules that check nothing, and examples that break
//! their own rule.
//!
//! These are warnings. Such a pact can be replayed; it only promises less, or something else, than
//! its author believes.

use std::borrow::Cow;

use pact_models::content_types::{ContentType, detect_content_type_from_bytes};
use serde_json::{Map, Value};

use super::ambiguous;
use super::cursor::Cursor;
use super::evaluate::{Judge, Sample};
use super::xml::{self, Places};
use crate::contract::model::{Body, Content, Contents, Request, Response};
use crate::contract::path::{RulePath, Step, Token, display_steps};
use crate::contract::rule::{Category, Matcher, Rule, best_rule};
use crate::finding::Code;

/// The examples that a list of rules stands beside.
pub(super) struct Example<'a> {
    method: Option<&'a str>,
    path: Option<&'a str>,
    status: Option<Value>,
    query: Vec<(&'a str, Option<&'a str>)>,
    headers: Vec<(&'a str, &'a str)>,
    metadata: Option<&'a Map<String, Value>>,
    body: &'a Body,
}

impl<'a> Example<'a> {
    pub(super) fn of_request(request: &'a Request) -> Self {
        let query =
            request.query.params.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
        Self {
            method: Some(&request.method),
            path: Some(&request.path),
            query,
            headers: each_header(&request.headers),
            ..Self::of_body(&request.body)
        }
    }

    pub(super) fn of_response(response: &'a Response) -> Self {
        let status = Some(Value::from(response.status));
        Self { status, headers: each_header(&response.headers), ..Self::of_body(&response.body) }
    }

    pub(super) fn of_contents(contents: &'a Contents) -> Self {
        Self { metadata: Some(&contents.metadata), ..Self::of_body(&contents.body) }
    }

    fn of_body(body: &'a Body) -> Self {
        let (query, headers) = (Vec::new(), Vec::new());
        Self { method: None, path: None, status: None, query, headers, metadata: None, body }
    }

    /// The examples that a rule outside the body is about.
    fn samples(&self, rule: &Rule) -> Vec<Sample<'_>> {
        let name = rule.path.first_field().unwrap_or_default();
        match rule.category {
            Category::Method => self.method.map(Sample::Text).into_iter().collect(),
            Category::Path => self.path.map(Sample::Text).into_iter().collect(),
            Category::Status => self.status.as_ref().map(Sample::Json).into_iter().collect(),
            Category::Header => {
                let of_name = self.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
                of_name.map(|(_, value)| Sample::Text(value)).collect()
            }
            Category::Query => {
                let of_name = self.query.iter().filter(|(parameter, _)| *parameter == name);
                of_name.map(|(_, value)| Sample::Text(value.unwrap_or_default())).collect()
            }
            Category::Metadata => {
                let entry = self.metadata.and_then(|metadata| metadata.get(name));
                entry.map(Sample::Json).into_iter().collect()
            }
            Category::Body => Vec::new(),
        }
    }
}

/// Compares each rule with its examples, unless the part has a defect: its examples may not be
/// what they were meant to be then. `defects` is how many there were before the part was read.
pub(super) fn check(part: &Cursor<'_>, rules: &[Rule], example: &Example<'_>, defects: usize) {
    if part.context().defects() > defects {
        return;
    }
    let json = example.body.content().and_then(|content| json_of(part, content));
    let json = json.as_deref();
    if let Some(json) = json {
        check_empty_lists(part, rules, json);
        ambiguous::check(part, rules, json);
    }
    let places = example.body.content().filter(|_| json.is_none()).and_then(xml_places);
    for rule in rules {
        let at = part.speaking_of(&rule.pointer);
        if rule.category == Category::Body {
            check_body(&at, rule, rules, (example.body, json, places.as_ref()));
        } else {
            let samples = example.samples(rule);
            if samples.is_empty() {
                unresolved(&at, rule);
            }
            let judge = Judge::of(rule, at.context().patterns());
            let broken = samples.into_iter().find(|sample| judge.satisfied_by(*sample) == Some(false));
            if let Some(broken) = broken {
                breaks(&at, rule, "", broken);
            }
        }
    }
}

/// The JSON of an example: as it stands in the pact, or what is written in a text there.
fn json_of<'a>(part: &Cursor<'a>, content: &Content) -> Option<Cow<'a, Value>> {
    let inside = content.pointer.strip_prefix(part.pointer.as_str());
    let value = inside.and_then(|inside| part.value.pointer(inside));
    match value.filter(|value| content.is_json && !value.is_string()) {
        Some(value) => Some(Cow::Borrowed(value)),
        None => content.json().map(Cow::Owned),
    }
}

fn check_body(
    at: &Cursor<'_>,
    rule: &Rule,
    rules: &[Rule],
    (body, json, places): (&Body, Option<&Value>, Option<&Places>),
) {
    let Body::Present(content) = body else {
        unresolved(at, rule);
        return;
    };
    match json {
        Some(json) => check_json(at, rule, rules, json),
        None if rule.path.tokens() == [Token::Root] => {
            let text = std::str::from_utf8(&content.bytes).ok();
            if let Some(text) = text.filter(|text| {
                Judge::of(rule, at.context().patterns()).satisfied_by(Sample::Text(text)) == Some(false)
            }) {
                breaks(at, rule, "", Sample::Text(text));
            }
        }
        None => {
            let reaches =
                |steps: &Vec<Step>| rule.path.reaches_exactly(steps) && rule.path.weight(steps).is_some();
            if places.is_some_and(|places| !places.iter().any(reaches)) {
                unresolved(at, rule);
            }
        }
    }
}

/// The places of an example of XML; `None` for anything else.
fn xml_places(content: &Content) -> Option<Places> {
    let declared = content.content_type.as_deref().and_then(|text| ContentType::parse(text).ok());
    let kind = declared.or_else(|| detect_content_type_from_bytes(&content.bytes))?;
    if kind.is_xml() { xml::places(std::str::from_utf8(&content.bytes).ok()?) } else { None }
}

fn check_json(at: &Cursor<'_>, rule: &Rule, rules: &[Rule], json: &Value) {
    let reached = rule.path.resolve(json);
    if reached.is_empty() {
        if leads_into_nothing(rule, json) {
            empty(at, rule);
        } else {
            unresolved(at, rule);
        }
        return;
    }
    check_variants(at, rule, &reached);
    let judge = Judge::of(rule, at.context().patterns());
    let decides = |steps: &[_]| {
        best_rule(rules, Category::Body, steps).is_none_or(|(best, _)| std::ptr::eq(best, rule))
    };
    let broken = reached
        .iter()
        .find(|(steps, value)| judge.satisfied_by(Sample::Json(value)) == Some(false) && decides(steps));
    if let Some((steps, value)) = broken {
        breaks(at, rule, &format!(" at `{}`", display_steps(steps)), Sample::Json(value));
    }
}

/// The rules on items that a list must contain stand beside examples of their own.
fn check_variants(at: &Cursor<'_>, rule: &Rule, reached: &[(Vec<Step>, &Value)]) {
    let variants = rule.matchers.iter().filter_map(|matcher| match matcher {
        Matcher::ArrayContains(variants) => Some(variants),
        _ => None,
    });
    for variant in variants.flatten() {
        let Some(item) = reached.iter().find_map(|(_, list)| list.get(variant.index)) else { continue };
        check_empty_lists(at, &variant.rules, item);
        ambiguous::check(at, &variant.rules, item);
        for inner in &variant.rules {
            check_json(&at.speaking_of(&inner.pointer), inner, &variant.rules, item);
        }
    }
}

/// An empty list in the example stands for a list of anything, of any length, when its rule asks
/// for the type only; also when that rule stands further up.
fn check_empty_lists(part: &Cursor<'_>, rules: &[Rule], json: &Value) {
    if !rules.iter().any(|rule| rule.category == Category::Body) {
        return;
    }
    let mut steps = Vec::new();
    let mut lists = Vec::new();
    empty_lists(json, &mut steps, &mut lists);
    for steps in lists {
        let Some((rule, _)) = best_rule(rules, Category::Body, &steps) else { continue };
        if rule.matchers.iter().any(|matcher| matches!(matcher, Matcher::Type { .. })) {
            let place = display_steps(&steps);
            let message =
                format!("the example has an empty list at `{place}`, so the rule on it checks nothing");
            part.speaking_of(&rule.pointer).say(Code::EmptyExample, message, "give the example one item");
        }
    }
}

fn empty_lists(value: &Value, steps: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    let is_container = |value: &&Value| value.is_array() || value.is_object();
    let mut visit = |step: Step, child: &Value| {
        steps.push(step);
        empty_lists(child, steps, found);
        steps.pop();
    };
    match value {
        Value::Array(items) if items.is_empty() => found.push(steps.clone()),
        Value::Array(items) => {
            let children = items.iter().enumerate().filter(|(_, child)| is_container(child));
            children.for_each(|(index, child)| visit(Step::Index(index), child));
        }
        Value::Object(map) => {
            let children = map.iter().filter(|(_, child)| is_container(child));
            children.for_each(|(key, child)| visit(Step::Key(key.clone()), child));
        }
        _ => {}
    }
}

/// True when the path ends at a list or object that is empty in the example.
fn leads_into_nothing(rule: &Rule, json: &Value) -> bool {
    let above = std::iter::successors(rule.path.parent(), RulePath::parent);
    let nearest = above.map(|path| path.resolve(json)).find(|reached| !reached.is_empty());
    nearest.unwrap_or_default().iter().any(|(_, value)| match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    })
}

fn unresolved(at: &Cursor<'_>, rule: &Rule) {
    let place = match rule.category {
        Category::Body => format!("`{}` leads nowhere in the example body", rule.path),
        category => {
            let name = rule.path.first_field().unwrap_or_default();
            format!("there is no {} {}in the example", category.word(), quoted(name))
        }
    };
    at.say(Code::UnresolvedRule, format!("{place}, so the rule checks nothing"), "");
}

fn quoted(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("`{name}` ") }
}

fn empty(at: &Cursor<'_>, rule: &Rule) {
    at.say(
        Code::EmptyExample,
        format!("the example is empty where `{}` leads, so the rule checks nothing there", rule.path),
        "give the example one item",
    );
}

fn breaks(at: &Cursor<'_>, rule: &Rule, place: &str, sample: Sample<'_>) {
    let shown = sample.shown();
    at.say(
        Code::ExampleBreaksRule,
        format!("the example {shown}{place} does not satisfy its own rule: {rule}"),
        "",
    );
}

fn each_header(headers: &[(String, Vec<String>)]) -> Vec<(&str, &str)> {
    headers
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())))
        .collect()
}
