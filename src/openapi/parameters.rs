//! What a request has under names: in the query, in headers, in cookies and in a form.

use std::collections::BTreeMap;

use serde_json::Value;

use super::check::Notes;
use super::fit::{Side, fit_named};
use super::request::Asked;
use super::rules::Rule;
use super::security;
use super::spec::{Dialect, Place, Spec};
use super::style::{self, Style};
use crate::compat::{Bounds, Entry, Form, Named, Node, Values, parts};
use crate::contract::join_key;

/// What is said of a parameter that has none.
pub(super) const NO_SCHEMA: &str = "the parameter has no schema that can be compared";

/// Headers that the protocol itself has, and that specifications need not name.
const OWN_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// The rules for the parameters of one place.
struct Kind {
    place: &'static str,
    missing: Rule,
    incompatible: Rule,
}

const QUERY: Kind =
    Kind { place: "query", missing: Rule::RequestQueryMissing, incompatible: Rule::RequestQueryIncompatible };
const HEADERS: Kind = Kind {
    place: "header",
    missing: Rule::RequestHeaderMissing,
    incompatible: Rule::RequestHeaderIncompatible,
};
const COOKIES: Kind = Kind { place: "cookie", ..HEADERS };
const FORM: Kind = Kind {
    place: "formData",
    missing: Rule::RequestBodyIncompatible,
    incompatible: Rule::RequestBodyIncompatible,
};

/// Checks the query.
pub(super) fn query(notes: &mut Notes<'_>, asked: &Asked<'_>, parameters: &[Place<'_>]) {
    let query = parts::query(&asked.request.query, &asked.request.rules, &asked.request.pointer);
    let spec = notes.spec;
    named(notes, asked, &QUERY, (&query, parameters));
    for (name, entry) in query.iter().filter(|(name, _)| !is_declared(spec, parameters, "query", name)) {
        if !security::is_key(notes.spec, "query", name) {
            let message = "the specification has no such parameter";
            let at = (entry.node.pointer.as_str(), asked.operation.place.as_str());
            unknown(notes, Rule::RequestQueryUnknown, parameters, (&entry.name, message), at);
        }
    }
}

/// Checks headers, and the cookies in them.
pub(super) fn headers(notes: &mut Notes<'_>, asked: &Asked<'_>, (headers, all): (&Named, &[Place<'_>])) {
    named(notes, asked, &HEADERS, (headers, all));
    let Some(first) = of_place(all, "cookie").next() else { return };
    let pact = join_key(&asked.request.pointer, "headers");
    match cookies(headers) {
        Some(cookies) => named(notes, asked, &COOKIES, (&cookies, all)),
        None => notes.doubt(
            Rule::RequestHeaderIncompatible,
            ("Cookie", "the rule for the cookies is not taken apart"),
            (&pact, &first.pointer),
        ),
    }
}

/// The cookies that are sent; `None` when a rule says which they are.
fn cookies(headers: &Named) -> Option<Named> {
    let Some(entry) = headers.get("cookie") else { return Some(Named::new()) };
    let lines: Vec<&Values> = match &entry.node.form {
        Form::One(values) => vec![values],
        Form::List { items, .. } => {
            let one = |item: &'_ Node| matches!(item.form, Form::One(_));
            if !items.iter().all(one) {
                return None;
            }
            items
                .iter()
                .filter_map(|item| if let Form::One(values) = &item.form { Some(values) } else { None })
                .collect()
        }
        _ => return None,
    };
    if !lines.iter().all(|values| values.is_exact()) {
        return None;
    }
    let texts = lines.iter().filter_map(|values| values.example.as_str());
    let pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let cookie = |(name, value): (&str, &str)| {
        let form = Form::One(Values::exactly(value.into(), true));
        let node = Node { form, pointer: entry.node.pointer.clone() };
        (name.to_owned(), Entry { name: name.to_owned(), node })
    };
    Some(pairs.map(cookie).collect())
}

/// Checks the fields of a form, which in Swagger 2 are parameters.
pub(super) fn form(
    notes: &mut Notes<'_>,
    asked: &Asked<'_>,
    (fields, parameters): (&BTreeMap<String, Node>, &[Place<'_>]),
) {
    let entry =
        |(name, node): (&String, &Node)| (name.clone(), Entry { name: name.clone(), node: node.clone() });
    let sent: Named = fields.iter().map(entry).collect();
    let spec = notes.spec;
    named(notes, asked, &FORM, (&sent, parameters));
    for (name, field) in fields.iter().filter(|(name, _)| !is_declared(spec, parameters, "formData", name)) {
        let message = "the specification has no such field";
        let at = (field.pointer.as_str(), asked.operation.place.as_str());
        unknown(notes, Rule::RequestBodyIncompatible, parameters, (&shown(&FORM, name), message), at);
    }
}

/// Something that no parameter stands for; it may be one that is in another document.
pub(super) fn unknown(
    notes: &mut Notes<'_>,
    rule: Rule,
    parameters: &[Place<'_>],
    what: (&str, &str),
    at: (&str, &str),
) {
    if parameters.iter().any(Place::leads_nowhere) {
        notes.doubt(rule, what, at);
    } else {
        notes.no(rule, what, at);
    }
}

/// The parameters of one place.
pub(super) fn of_place<'p, 'a>(
    parameters: &'p [Place<'a>],
    place: &'p str,
) -> impl Iterator<Item = &'p Place<'a>> {
    parameters.iter().filter(move |one| text(one, "in") == Some(place))
}

/// Compares what stands under names with the parameters of the specification.
fn named(notes: &mut Notes<'_>, asked: &Asked<'_>, kind: &Kind, (sent, parameters): (&Named, &[Place<'_>])) {
    for parameter in of_place(parameters, kind.place) {
        let name = text(parameter, "name").unwrap_or_default();
        let key = if kind.place == "header" { name.to_ascii_lowercase() } else { name.to_owned() };
        if kind.place == "header" && OWN_HEADERS.contains(&key.as_str()) {
            continue;
        }
        let path = shown(kind, name);
        let schema = schema(notes.spec, parameter);
        let style = schema.as_ref().map(|schema| style::of(notes.spec, parameter, schema));
        let Some(node) = value(sent, &key, style.as_ref()) else {
            if parameter.value.get("required") == Some(&Value::Bool(true)) {
                let message = "the specification requires it";
                notes.no(kind.missing, (&path, message), (&asked.request.pointer, &parameter.pointer));
            }
            continue;
        };
        let at = (node.pointer.as_str(), parameter.pointer.as_str());
        let Some((schema, style)) = schema.zip(style) else {
            notes.doubt(kind.incompatible, (&path, NO_SCHEMA), at);
            continue;
        };
        let compared = match style {
            Style::List(separator) => style::as_list(&node, separator),
            Style::Unknown => Err(style::NOT_UNDERSTOOD),
            Style::Single | Style::Bracketed | Style::Spread(_) => Ok(node.clone()),
        };
        match compared {
            Ok(node) => {
                notes.fit(kind.incompatible, fit_named(notes.spec, Side::Sent, (&path, &node), &schema));
            }
            Err(message) => notes.doubt(kind.incompatible, (&path, message), at),
        }
    }
}

/// What is sent for a parameter, an object put together from its fields.
fn value(sent: &Named, key: &str, style: Option<&Style>) -> Option<Node> {
    let field = |own: &str| match style {
        Some(Style::Bracketed) => in_brackets(own, key).map(str::to_owned),
        Some(Style::Spread(names)) => names.iter().find(|name| *name == own).cloned(),
        _ => None,
    };
    if let Some(Style::Bracketed | Style::Spread(_)) = style {
        let fields: BTreeMap<String, Node> =
            sent.iter().filter_map(|(own, entry)| Some((field(own)?, entry.node.clone()))).collect();
        let pointer = fields.values().next()?.pointer.clone();
        return Some(Node { form: Form::Object { fields, size: Bounds::ANY, is_closed: false }, pointer });
    }
    let bracketed = || sent.get(&format!("{key}[]"));
    sent.get(key).or_else(bracketed).map(|entry| entry.node.clone())
}

/// `name` of `filter[name]`.
fn in_brackets<'n>(own: &'n str, key: &str) -> Option<&'n str> {
    own.strip_prefix(key)?.strip_prefix('[')?.strip_suffix(']')
}

fn shown(kind: &Kind, name: &str) -> String {
    if kind.place == "formData" { format!("$.{name}") } else { name.to_owned() }
}

/// The schema of a parameter or header. In Swagger 2 it stands in the parameter itself.
pub(super) fn schema<'a>(spec: &'a Spec, parameter: &Place<'a>) -> Option<Place<'a>> {
    match spec.dialect {
        Dialect::OpenApi3 => spec.get(parameter, "schema"),
        Dialect::Swagger2 => parameter
            .value
            .get("type")
            .filter(|kind| **kind != "file")
            .map(|_| Place { value: parameter.value, pointer: parameter.pointer.clone() }),
    }
}

fn is_declared(spec: &Spec, parameters: &[Place<'_>], place: &str, name: &str) -> bool {
    of_place(parameters, place).any(|one| {
        let declared = text(one, "name").unwrap_or_default();
        let schema = schema(spec, one);
        match schema.map(|schema| style::of(spec, one, &schema)) {
            Some(Style::Bracketed) => in_brackets(name, declared).is_some(),
            Some(Style::Spread(names)) => names.iter().any(|own| own == name),
            // Only a list is written under its name with empty brackets.
            Some(Style::Unknown) | None => name.split('[').next() == Some(declared),
            _ => name.strip_suffix("[]").unwrap_or(name) == declared.strip_suffix("[]").unwrap_or(declared),
        }
    })
}

/// The text under a key.
pub(super) fn text<'a>(place: &Place<'a>, key: &str) -> Option<&'a str> {
    place.value.get(key)?.as_str()
}
