//! How lists and objects are written as parameters.

use super::schema::{Conjunction, alternatives};
use super::spec::{Dialect, Place, Spec};
use super::texts;
use crate::compat::{Bounds, Form, Node, Values};
use crate::contract::Matcher;

/// What is said of a style that is not taken apart.
pub(super) const NOT_UNDERSTOOD: &str = "a parameter that is written in this style is not taken apart";

/// How the value of a parameter is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As one text.
    Single,
    /// As a list: in one text with something between the items, or each item under the name.
    List(Option<char>),
    /// As an object, `filter[name]`.
    Bracketed,
    /// As an object, each field under a name of its own.
    Spread(Vec<String>),
    /// In another way.
    Unknown,
}

/// The style of a parameter or header with its schema.
pub(super) fn of(spec: &Spec, parameter: &Place<'_>, schema: &Place<'_>) -> Style {
    let text = |key: &str| parameter.value.get(key).and_then(serde_json::Value::as_str);
    if spec.dialect == Dialect::Swagger2 {
        return match text("collectionFormat") {
            _ if !is_list(spec, schema) => Style::Single,
            Some("multi") => Style::List(None),
            Some("ssv") => Style::List(Some(' ')),
            Some("tsv") => Style::List(Some('\t')),
            Some("pipes") => Style::List(Some('|')),
            _ => Style::List(Some(',')),
        };
    }
    let place = text("in").unwrap_or("header");
    let usual = if ["query", "cookie"].contains(&place) { "form" } else { "simple" };
    let style = text("style").unwrap_or(usual);
    let explode = parameter.value.get("explode").and_then(serde_json::Value::as_bool);
    let is_exploded = explode.unwrap_or(style == "form");
    let between = |separator: char| Style::List((!is_exploded).then_some(separator));
    match (style, is_list(spec, schema), properties(spec, schema)) {
        ("form" | "simple", false, None) => Style::Single,
        ("form", true, _) => between(','),
        ("simple", true, _) => Style::List(Some(',')),
        ("spaceDelimited", true, _) => between(' '),
        ("pipeDelimited", true, _) => between('|'),
        ("deepObject", false, Some(_)) => Style::Bracketed,
        ("form", false, Some(names)) if is_exploded && place == "query" => Style::Spread(names),
        _ => Style::Unknown,
    }
}

/// True when a value that is no list is not what the schema is about.
pub(super) fn is_list(spec: &Spec, schema: &Place<'_>) -> bool {
    is_of(spec, schema, "array").is_some()
}

/// The names of the fields, when the schema is about an object.
fn properties(spec: &Spec, schema: &Place<'_>) -> Option<Vec<String>> {
    let conjunction = is_of(spec, schema, "object")?;
    let properties = conjunction.parts.iter().filter_map(|part| spec.get(part, "properties"));
    Some(properties.flat_map(|all| names(spec, &all)).collect())
}

fn names(spec: &Spec, properties: &Place<'_>) -> Vec<String> {
    spec.entries(properties).into_iter().map(|(name, _)| name.to_owned()).collect()
}

fn is_of<'a>(spec: &'a Spec, schema: &Place<'a>, wanted: &str) -> Option<Conjunction<'a>> {
    let is_meant = |one: &Conjunction<'_>| {
        let types = one.types().unwrap_or_default();
        types.contains(&wanted) && !types.contains(&"string")
    };
    alternatives(spec, schema)?.all.into_iter().find(is_meant)
}

/// A list that is written in one text, `a,b`, or repeated under its name.
///
/// # Errors
/// Why that cannot be told.
pub(super) fn as_list(node: &Node, separator: Option<char>) -> Result<Node, &'static str> {
    let Form::One(values) = &node.form else { return Ok(node.clone()) };
    let item = |values: Values| Node { form: Form::One(values), pointer: node.pointer.clone() };
    let items: Vec<_> = match separator {
        Some(separator) if values.is_exact() => {
            let example = values.example.as_str().unwrap_or_default();
            example.split(separator).map(|part| item(Values::exactly(part.into(), true))).collect()
        }
        Some(separator) if values.matchers.iter().any(|matcher| may_have(matcher, separator)) => {
            return Err("whether the rule stands for one item or for several");
        }
        _ => vec![item(values.clone())],
    };
    let size = Bounds::exactly(items.len());
    Ok(Node { form: Form::List { size, items, repeats: false }, pointer: node.pointer.clone() })
}

fn may_have(matcher: &Matcher, letter: char) -> bool {
    match matcher {
        Matcher::Number | Matcher::Integer | Matcher::Decimal | Matcher::Boolean | Matcher::Semver => false,
        Matcher::Regex(pattern) => texts::may_have(pattern, letter),
        _ => true,
    }
}
