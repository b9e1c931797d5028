//! Values from provider states in what the contract expects.
//!
//! A consumer may say that a value is the one the provider state returned. Such a value replaces
//! the example, unless a rule allows other values anyway. The reference verifier does this only
//! for requests.

use std::collections::HashMap;

use pact_matching::generators::DefaultVariantMatcher;
use pact_models::bodies::OptionalBody;
use pact_models::generators::{GenerateValue as _, Generator as ReferenceGenerator, VariantMatcher as _};
use pact_models::v4::http_parts::HttpResponse;
use pact_models::v4::message_parts::MessageContents;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::contract::{
    Body, Category, Contents, Generator, Matcher, PlacedGenerator, Response, Rule, Step, best_rule,
    with_changes,
};

/// What cannot stand in a path, of which the value may hold escapes and slashes.
const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// What cannot stand in one segment of a path.
const IN_SEGMENT: &AsciiSet = &IN_PATH.add(b'/').add(b'%');

/// Puts state values into an expected answer. Returns the body that is then expected, when it is
/// another one.
pub(crate) fn with_state_values(
    response: &Response,
    expected: &mut HttpResponse,
    values: &Map<String, Value>,
) -> Option<Body> {
    for placed in from_state(&response.generators, Category::Header) {
        let name = placed.path.first_field().unwrap_or_default();
        let headers = expected.headers.as_mut();
        let header =
            headers.and_then(|all| all.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)));
        if let (Some((_, known)), Some(value)) = (header, value_for(placed, &Value::from(""), values)) {
            *known = vec![text_of(&value)];
        }
    }
    let body = body_with(&response.body, &response.generators, &response.rules, values)?;
    replace(&mut expected.body, &body);
    Some(body)
}

/// Puts state values into an expected message, as [`with_state_values`] does into an answer.
pub(crate) fn into_message(
    contents: &Contents,
    expected: &mut MessageContents,
    values: &Map<String, Value>,
) -> Option<Body> {
    for placed in from_state(&contents.generators, Category::Metadata) {
        let name = placed.path.first_field().unwrap_or_default();
        let Some(known) = expected.metadata.get_mut(name) else { continue };
        if let Some(value) = value_for(placed, known, values) {
            *known = value;
        }
    }
    let body = body_with(&contents.body, &contents.generators, &contents.rules, values)?;
    replace(&mut expected.contents, &body);
    Some(body)
}

/// The first value that generators take from the provider states and that is none, and why.
///
/// Nothing in the place of an id asks for something else: `/faqs/` instead of `/faqs/7`.
pub(crate) fn unfit_value(
    generators: &[PlacedGenerator],
    values: &Map<String, Value>,
) -> Option<(String, &'static str)> {
    generators.iter().find_map(|placed| {
        let Generator::ProviderState { expression, .. } = &placed.generator else { return None };
        let in_path = placed.category == Category::Path;
        names_in(expression).into_iter().find_map(|name| {
            let why = match values.get(&name) {
                None => "which no state handler returned",
                Some(Value::Null) => "which is null",
                Some(Value::String(text)) if in_path && text.is_empty() => {
                    "which is empty and part of a path"
                }
                Some(Value::Array(_)) if in_path => "which is a list and part of a path",
                Some(Value::Object(_)) if in_path => "which is an object and part of a path",
                Some(_) => return None,
            };
            Some((name, why))
        })
    })
}

/// The path that a generator makes of values from the provider states. A value cannot end the
/// segment that it is put into; one that is the whole path can have several.
pub(crate) fn path_with_values(
    generators: &[&ReferenceGenerator],
    values: &Map<String, Value>,
) -> Option<String> {
    let [generator @ ReferenceGenerator::ProviderStateGenerator(expression, _)] = generators else {
        return None;
    };
    let is_whole = names_in(expression).len() == 1
        && (!expression.contains("${") || (expression.starts_with("${") && expression.ends_with('}')));
    let reserved = if is_whole { IN_PATH } else { IN_SEGMENT };
    let encoded = |value: &Value| match value {
        Value::String(text) => Value::from(utf8_percent_encode(text, reserved).to_string()),
        other => other.clone(),
    };
    let context: HashMap<&str, Value> =
        values.iter().map(|(name, value)| (name.as_str(), encoded(value))).collect();
    generator.generate_value(&String::new(), &context, &DefaultVariantMatcher.boxed()).ok()
}

/// The names in `${…}`, or the whole text when there are none.
fn names_in(expression: &str) -> Vec<String> {
    let names: Vec<String> = expression
        .split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name.trim().to_owned()))
        .collect();
    if names.is_empty() { vec![expression.to_owned()] } else { names }
}

fn body_with(
    body: &Body,
    generators: &[PlacedGenerator],
    rules: &[Rule],
    values: &Map<String, Value>,
) -> Option<Body> {
    from_state(generators, Category::Body).next()?;
    let content = body.content()?;
    let mut json = content.json()?;
    let mut changed = false;
    for placed in from_state(generators, Category::Body) {
        let places: Vec<Vec<Step>> = placed.path.resolve(&json).into_iter().map(|(steps, _)| steps).collect();
        for steps in places.iter().filter(|steps| is_exact(rules, steps)) {
            let Some(known) = value_at_mut(&mut json, steps) else { continue };
            if let Some(value) = value_for(placed, known, values) {
                *known = value;
                changed = true;
            }
        }
    }
    changed.then(|| {
        let mut content = content.clone();
        content.bytes = match std::str::from_utf8(&content.bytes) {
            Ok(written) => with_changes(written, &json).into_bytes(),
            Err(_) => json.to_string().into_bytes(),
        };
        Body::Present(content)
    })
}

fn is_exact(rules: &[Rule], steps: &[Step]) -> bool {
    best_rule(rules, Category::Body, steps).is_none_or(|(rule, _)| rule.matchers == [Matcher::Equality])
}

fn from_state(generators: &[PlacedGenerator], category: Category) -> impl Iterator<Item = &PlacedGenerator> {
    generators.iter().filter(move |placed| {
        placed.category == category && matches!(placed.generator, Generator::ProviderState { .. })
    })
}

/// The value, or `None` when the states did not return it: the example is then what is expected.
fn value_for(placed: &PlacedGenerator, example: &Value, values: &Map<String, Value>) -> Option<Value> {
    let Generator::ProviderState { expression, data_type } = &placed.generator else { return None };
    let data_type = data_type.as_ref().map(|name| Value::from(name.as_str()).into());
    let generator = ReferenceGenerator::ProviderStateGenerator(expression.clone(), data_type);
    let context: HashMap<&str, Value> =
        values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    if !names_in(expression).iter().all(|name| values.contains_key(name)) {
        return None;
    }
    generator.generate_value(example, &context, &DefaultVariantMatcher.boxed()).ok()
}

fn replace(body: &mut OptionalBody, with: &Body) {
    if let (OptionalBody::Present(bytes, ..), Body::Present(content)) = (body, with) {
        *bytes = content.bytes.clone().into();
    }
}

fn value_at_mut<'a>(document: &'a mut Value, steps: &[Step]) -> Option<&'a mut Value> {
    steps.iter().try_fold(document, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Index(index) => value.get_mut(index),
    })
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_in_its_segment_of_the_path() {
        let values = serde_json::json!({ "id": "a?b=1/../%é", "n": 7, "path": "/v2/faqs/a%20b?c" });
        let values = values.as_object().expect("an object");
        let paths = ["/u/${id}", "/u/${n}/${id}", "/u/${n}", "${path}", "path"].map(|expression| {
            let generator = ReferenceGenerator::ProviderStateGenerator(expression.to_owned(), None);
            path_with_values(&[&generator], values).unwrap_or_default()
        });
        insta::assert_snapshot!(paths.join("\n"), @"
        /u/a%3Fb=1%2F..%2F%25%C3%A9
        /u/7/a%3Fb=1%2F..%2F%25%C3%A9
        /u/7
        /v2/faqs/a%20b%3Fc
        /v2/faqs/a%20b%3Fc
        ");
    }

    #[test]
    fn the_names_in_an_expression_are_those_in_braces_or_the_whole_text() {
        assert_eq!(names_in("/faqs/${id}/of/${ user }"), ["id", "user"]);
        assert_eq!(names_in("id"), ["id"]);
    }
}
