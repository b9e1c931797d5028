//! Where a request goes: the operation of its path, and the parts of the path that vary.

use super::check::Notes;
use super::fit::{Side, fit_named};
use super::parameters::{NO_SCHEMA, of_place, schema, text};
use super::request::{Asked, ELSEWHERE};
use super::rules::Rule;
use super::spec::{Operation, Place};
use super::style::{self, Style};
use super::texts;
use crate::compat::{Form, Node, Values, parts};
use crate::contract::{Category, Matcher, Request, join_key};

/// Finds the operation that a request goes to.
pub(super) fn operation<'a>(notes: &mut Notes<'a>, request: &'a Request) -> Option<(&'a Operation, &'a str)> {
    let spec = notes.spec;
    if let Some(found) = spec.operation(&request.method, &request.path) {
        return Some(found);
    }
    let pact = join_key(&request.pointer, "path");
    if spec.is_elsewhere(&request.path) {
        notes.doubt(Rule::RequestPathOrMethodUnknown, ("", ELSEWHERE), (&pact, "/paths"));
        return None;
    }
    let methods = spec.methods(&request.path);
    let (key, message) = if methods.is_empty() {
        ("path", format!("the specification has no path for {}", request.path))
    } else {
        ("method", format!("{} has no {}, only {}", request.path, request.method, methods.join(", ")))
    };
    let pact = join_key(&request.pointer, key);
    notes.no(Rule::RequestPathOrMethodUnknown, ("", &message), (&pact, "/paths"));
    None
}

/// Checks that all paths of a rule go to the operation of the example, and that what varies in them may.
pub(super) fn check(notes: &mut Notes<'_>, asked: &Asked<'_>, parameters: &[Place<'_>]) {
    let values = parts::text(&asked.request.path, Category::Path, &asked.request.rules);
    if !values.is_exact() {
        others(notes, asked, &values);
    }
    for parameter in of_place(parameters, "path") {
        variable(notes, asked, &values, parameter);
    }
}

/// The paths beside the example.
fn others(notes: &mut Notes<'_>, asked: &Asked<'_>, values: &Values) {
    let listed = values.listed();
    let patterns = values.matchers.iter().filter_map(|matcher| match matcher {
        Matcher::Regex(pattern) => Some(pattern),
        _ => None,
    });
    let samples = || patterns.flat_map(|pattern| texts::samples(pattern)).filter(|path| !path.contains("//"));
    let known: Vec<String> = match &listed {
        Some(all) => all.iter().filter_map(|path| path.as_str().map(str::to_owned)).collect(),
        None => samples().filter(|path| !path.ends_with('/')).collect(),
    };
    let rule = Rule::RequestPathOrMethodUnknown;
    let pact = join_key(&asked.request.pointer, "path");
    let at = (pact.as_str(), asked.operation.item.as_str());
    let is_own = |path: &String| {
        let found = notes.spec.operation(&asked.request.method, path);
        found.is_some_and(|(operation, _)| operation.place == asked.operation.place)
    };
    let is_known = |path: &&String| notes.spec.operation(&asked.request.method, path).is_some();
    if let Some(unknown) = known.iter().find(|path| !is_known(path) && !notes.spec.is_elsewhere(path)) {
        let method = &asked.request.method;
        let message = format!(
            "the rule for the path ({}) lets {unknown} be asked for, and the specification has no {method} there",
            values.words()
        );
        notes.no(rule, ("", &message), at);
    } else if !(known.iter().all(is_own) && (listed.is_some() || stays(values, asked))) {
        let Operation { method, path, .. } = asked.operation;
        let message = format!(
            "whether every path that the rule ({}) lets through belongs to {method} {path}",
            values.words()
        );
        notes.doubt(rule, ("", &message), at);
    }
}

/// True when it is certain that the pattern of a path lets only paths of the operation through.
fn stays(values: &Values, asked: &Asked<'_>) -> bool {
    let Some(patterns) = parts_of_pattern(values, asked) else { return false };
    let own = asked.request.path.split('/').zip(&patterns);
    let count = asked.operation.path.split('/').count();
    let in_front = patterns.len() - count;
    let wanted = own.take(in_front).map(|(part, _)| part).chain(asked.operation.path.split('/'));
    wanted.zip(&patterns).all(|(wanted, pattern)| {
        if wanted.starts_with('{') && wanted.ends_with('}') && wanted.matches('{').count() == 1 {
            let is_never_empty = texts::lengths(pattern).is_some_and(|(least, _)| least > 0);
            return is_never_empty && !texts::may_have(pattern, '/') && !texts::is_choice(pattern);
        }
        let values = one_of(pattern, wanted);
        !wanted.contains('{')
            && (pattern == wanted
                || values.listed().is_some_and(|all| all == [serde_json::Value::from(wanted)]))
            && !texts::is_choice(pattern)
    })
}

fn one_of(pattern: &str, example: &str) -> Values {
    let matchers = vec![Matcher::Regex(pattern.to_owned())];
    Values { matchers, ..Values::exactly(example.into(), true) }
}

/// One part of the path that varies.
fn variable(notes: &mut Notes<'_>, asked: &Asked<'_>, values: &Values, parameter: &Place<'_>) {
    let rule = Rule::RequestPathIncompatible;
    let pact = join_key(&asked.request.pointer, "path");
    let name = text(parameter, "name").unwrap_or_default();
    let at = (pact.as_str(), parameter.pointer.as_str());
    let Some(schema) = schema(notes.spec, parameter) else {
        return notes.doubt(rule, (name, NO_SCHEMA), at);
    };
    let (pattern, example) = (pattern_of(values, asked, name), part_of(asked, name));
    let own = match (example, pattern) {
        (Some(example), _) if values.is_exact() => Values::exactly(example.into(), true),
        (Some(example), Some(pattern)) => one_of(&pattern, &example),
        (None, _) => {
            let message = "it is only a piece of a part of the path, which is not taken apart";
            return notes.doubt(rule, (name, message), at);
        }
        _ if schema.value.get("type").is_none_or(|kind| kind == "string")
            && schema.value.get("enum").is_none() =>
        {
            return;
        }
        _ => return notes.doubt(rule, (name, "the rule for the path cannot be taken apart"), at),
    };
    let node = Node { form: Form::One(own), pointer: pact.clone() };
    let node = match style::of(notes.spec, parameter, &schema) {
        Style::Single => Ok(node),
        Style::List(separator) => style::as_list(&node, separator),
        Style::Bracketed | Style::Spread(_) | Style::Unknown => Err(style::NOT_UNDERSTOOD),
    };
    match node {
        Ok(node) => notes.fit(rule, fit_named(notes.spec, Side::Sent, (name, &node), &schema)),
        Err(message) => notes.doubt(rule, (name, message), at),
    }
}

/// What stands for a variable in the example of the path.
fn part_of(asked: &Asked<'_>, name: &str) -> Option<String> {
    let variable = format!("{{{name}}}");
    let position = asked.operation.path.split('/').position(|part| part == variable)?;
    let part = asked.path.split('/').nth(position)?;
    Some(percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
}

/// The part of the path's pattern that stands for a variable.
fn pattern_of(values: &Values, asked: &Asked<'_>, name: &str) -> Option<String> {
    let variable = format!("{{{name}}}");
    let mut patterns = parts_of_pattern(values, asked)?;
    let wanted: Vec<_> = asked.operation.path.split('/').collect();
    let position = wanted.iter().position(|part| *part == variable)?;
    Some(patterns.swap_remove(patterns.len() - wanted.len() + position))
}

/// The pattern of a path part by part, as many as the example has; `None` when the two do not go together.
fn parts_of_pattern(values: &Values, asked: &Asked<'_>) -> Option<Vec<String>> {
    let [Matcher::Regex(pattern)] = values.matchers.as_slice() else { return None };
    let patterns = split(texts::bare(pattern));
    let count = asked.request.path.split('/').count();
    (patterns.len() == count && asked.operation.path.split('/').count() <= count).then_some(patterns)
}

/// A pattern at its slashes, those within brackets aside.
fn split(pattern: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut is_class, mut is_escaped) = (false, false);
    for letter in pattern.chars() {
        if letter == '/' && !is_class {
            if let Some(part) = parts.last_mut().filter(|_| is_escaped) {
                part.pop();
            }
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
        match letter {
            _ if is_escaped => {}
            '[' => is_class = true,
            ']' => is_class = false,
            _ => {}
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    parts
}
