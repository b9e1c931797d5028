//! What a consumer sends, against what the specification takes.

use serde_json::Value;

use super::check::Notes;
use super::fit::{Side, fit, fit_named};
use super::rules::Rule;
use super::security;
use super::spec::{Dialect, Operation, Place};
use crate::compat::{BodyDemand, Form, Named, Node, Values, parts};
use crate::contract::{Body, Category, Request, join_key};

/// Headers that the protocol itself has, and that specifications need not name.
const OWN_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// What is said of a reference that cannot be followed.
pub(super) const ELSEWHERE: &str = "the specification refers to something that is not in the document";

/// A request with the operation it goes to.
pub(super) struct Asked<'a> {
    pub(super) request: &'a Request,
    pub(super) operation: &'a Operation,
    /// The path behind what stands in front of all paths.
    pub(super) path: &'a str,
}

/// Finds the operation that a request goes to.
pub(super) fn operation<'a>(notes: &mut Notes<'a>, request: &'a Request) -> Option<(&'a Operation, &'a str)> {
    let spec = notes.spec;
    if let Some(found) = spec.operation(&request.method, &request.path) {
        return Some(found);
    }
    if spec.is_elsewhere(&request.path) {
        let pact = join_key(&request.pointer, "path");
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

/// Checks every part of a request. One that is to be refused as nobody's has no credentials on purpose.
pub(super) fn check(notes: &mut Notes<'_>, asked: &Asked<'_>, expected: u16) {
    let request = asked.request;
    let parameters = notes.parameters(asked.operation);
    for unknown in parameters.iter().filter(|one| one.leads_nowhere()) {
        notes.doubt(Rule::RequestQueryMissing, ("", ELSEWHERE), (&request.pointer, &unknown.pointer));
    }
    path(notes, asked, &parameters);
    if expected != 401 {
        security::check(notes, asked);
    }
    let query = parts::query(&request.query, &request.rules, &request.pointer);
    named(notes, asked, &QUERY, (&query, &parameters));
    for (name, entry) in query.iter().filter(|(name, _)| !is_declared(&parameters, "query", name)) {
        if !security::is_key(notes.spec, "query", name) {
            let pact = &entry.node.pointer;
            let message = "the specification has no such parameter";
            notes.no(Rule::RequestQueryUnknown, (&entry.name, message), (pact, &asked.operation.place));
        }
    }
    let headers = parts::headers(&request.headers, &request.rules, &request.pointer);
    named(notes, asked, &HEADERS, (&headers, &parameters));
    body(notes, asked, &headers, &parameters);
}

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

/// Compares what stands under names with the parameters of the specification.
fn named(notes: &mut Notes<'_>, asked: &Asked<'_>, kind: &Kind, (sent, parameters): (&Named, &[Place<'_>])) {
    for parameter in parameters.iter().filter(|one| text(one, "in") == Some(kind.place)) {
        let name = text(parameter, "name").unwrap_or_default();
        let key = if kind.place == "header" { name.to_ascii_lowercase() } else { name.to_owned() };
        if kind.place == "header" && OWN_HEADERS.contains(&key.as_str()) {
            continue;
        }
        let bracketed = format!("{key}[]");
        let Some(entry) = sent.get(&key).or_else(|| sent.get(&bracketed)) else {
            if parameter.value.get("required") == Some(&Value::Bool(true)) && !is_deep(parameter) {
                let message = "the specification requires it";
                notes.no(kind.missing, (name, message), (&asked.request.pointer, &parameter.pointer));
            }
            continue;
        };
        match schema(notes, parameter) {
            Some(schema) if is_list(&schema) => {
                let list = as_list(&entry.node, parameter);
                notes.fit(kind.incompatible, fit_named(notes.spec, Side::Sent, (name, &list), &schema));
            }
            Some(schema) => {
                notes.fit(kind.incompatible, fit_named(notes.spec, Side::Sent, (name, &entry.node), &schema));
            }
            None => notes.doubt(
                kind.incompatible,
                (name, "the parameter has no schema that can be compared"),
                (&entry.node.pointer, &parameter.pointer),
            ),
        }
    }
}

/// The schema of a parameter or header. In Swagger 2 it stands in the parameter itself.
pub(super) fn schema<'a>(notes: &Notes<'a>, parameter: &Place<'a>) -> Option<Place<'a>> {
    match notes.spec.dialect {
        Dialect::OpenApi3 => notes.spec.get(parameter, "schema"),
        Dialect::Swagger2 => parameter
            .value
            .get("type")
            .map(|_| Place { value: parameter.value, pointer: parameter.pointer.clone() }),
    }
}

fn is_list(schema: &Place<'_>) -> bool {
    schema.value.get("type").is_some_and(|kind| kind == "array")
}

/// A list in one text, `a,b`, or repeated under its name.
fn as_list(node: &Node, parameter: &Place<'_>) -> Node {
    let Form::One(values) = &node.form else { return node.clone() };
    let separator = match (text(parameter, "collectionFormat"), text(parameter, "style")) {
        (Some("ssv"), _) | (_, Some("spaceDelimited")) => ' ',
        (Some("pipes"), _) | (_, Some("pipeDelimited")) => '|',
        _ => ',',
    };
    let item = |values: Values| Node { form: Form::One(values), pointer: node.pointer.clone() };
    let example = values.example.as_str().unwrap_or_default();
    let items: Vec<_> = if values.is_exact() {
        example.split(separator).map(|part| item(Values::exactly(part.into(), true))).collect()
    } else {
        vec![item(values.clone())]
    };
    let size = crate::compat::Bounds::exactly(items.len());
    Node { form: Form::List { size, items, repeats: false }, pointer: node.pointer.clone() }
}

/// An object that is spread over several parameters, `filter[name]`.
fn is_deep(parameter: &Place<'_>) -> bool {
    text(parameter, "style") == Some("deepObject")
}

fn is_declared(parameters: &[Place<'_>], place: &str, name: &str) -> bool {
    let bare = name.split('[').next().unwrap_or(name);
    let own = parameters.iter().filter(|one| text(one, "in") == Some(place));
    own.filter_map(|one| text(one, "name"))
        .any(|declared| declared == name || declared.strip_suffix("[]") == Some(name) || declared == bare)
}

fn text<'a>(place: &Place<'a>, key: &str) -> Option<&'a str> {
    place.value.get(key)?.as_str()
}

/// The parts of the path that vary.
fn path(notes: &mut Notes<'_>, asked: &Asked<'_>, parameters: &[Place<'_>]) {
    let values = parts::text(&asked.request.path, Category::Path, &asked.request.rules);
    let pact = join_key(&asked.request.pointer, "path");
    for parameter in parameters.iter().filter(|one| text(one, "in") == Some("path")) {
        let name = text(parameter, "name").unwrap_or_default();
        let Some(schema) = schema(notes, parameter) else {
            let message = "the parameter has no schema that can be compared";
            let at = (pact.as_str(), parameter.pointer.as_str());
            notes.doubt(Rule::RequestPathIncompatible, (name, message), at);
            continue;
        };
        let pattern = if values.is_exact() { None } else { pattern_of(&values, asked, name) };
        let rule = Rule::RequestPathIncompatible;
        match part_of(asked, name) {
            Some(example) if values.is_exact() || pattern.is_some() => {
                let values = Values {
                    matchers: pattern.into_iter().map(crate::contract::Matcher::Regex).collect(),
                    ..Values::exactly(example.into(), true)
                };
                let node = Node { form: Form::One(values), pointer: pact.clone() };
                notes.fit(rule, fit_named(notes.spec, Side::Sent, (name, &node), &schema));
            }
            _ if schema.value.get("type").is_none_or(|kind| kind == "string")
                && schema.value.get("enum").is_none() => {}
            _ => notes.doubt(
                rule,
                (name, "the rule for the path cannot be taken apart"),
                (&pact, &parameter.pointer),
            ),
        }
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
    let [crate::contract::Matcher::Regex(pattern)] = values.matchers.as_slice() else { return None };
    let variable = format!("{{{name}}}");
    let bare = pattern.strip_prefix('^').unwrap_or(pattern);
    let bare = bare.strip_suffix('$').unwrap_or(bare).replace("\\/", "/");
    let wanted: Vec<_> = asked.operation.path.split('/').collect();
    let in_front = asked.request.path.split('/').count().checked_sub(wanted.len())?;
    let patterns: Vec<_> = bare.split('/').collect();
    let position = wanted.iter().position(|part| *part == variable)?;
    (patterns.len() == in_front + wanted.len()).then(|| patterns[in_front + position].to_owned())
}

fn body(notes: &mut Notes<'_>, asked: &Asked<'_>, headers: &Named, parameters: &[Place<'_>]) {
    let request = asked.request;
    let demand = parts::body(&request.body, &request.rules, &request.pointer);
    let Some(wanted) = wanted(notes, asked, parameters) else {
        if let BodyDemand::Tree(_) | BodyDemand::Opaque { .. } = demand {
            let message = "the specification has no body for this request";
            let pact = demand.pointer().unwrap_or(&request.pointer).to_owned();
            notes.no(Rule::RequestBodyUnknown, ("", message), (&pact, &asked.operation.place));
        }
        return;
    };
    if wanted.is_elsewhere {
        notes.doubt(Rule::RequestBodyIncompatible, ("", ELSEWHERE), (&request.pointer, &wanted.pointer));
        return;
    }
    let Body::Present(content) = &request.body else {
        if wanted.is_required {
            let message = "the specification requires a body";
            notes.no(Rule::RequestBodyMissing, ("", message), (&request.pointer, &wanted.pointer));
        }
        return;
    };
    let declared = content_type(headers).or_else(|| parts::essence(content));
    let Some(declared) = declared else {
        let message = "the contract does not say the content type of the body";
        notes.doubt(Rule::RequestContentTypeMissing, ("", message), (&content.pointer, &wanted.pointer));
        return;
    };
    if let Some((_, schema)) = media_type(&wanted.contents, &declared) {
        compare(notes, (Rule::RequestBodyIncompatible, Side::Sent), &demand, schema.as_ref());
        return;
    }
    let known: Vec<_> = wanted.contents.iter().map(|(name, _)| name.as_str()).collect();
    let message = format!("{declared} is sent, the specification takes {}", known.join(", "));
    notes.no(Rule::RequestContentTypeIncompatible, ("", &message), (&content.pointer, &wanted.pointer));
}

/// Compares a body with a schema; without a schema anything is allowed.
pub(super) fn compare(
    notes: &mut Notes<'_>,
    (rule, side): (Rule, Side),
    body: &BodyDemand,
    schema: Option<&Place<'_>>,
) {
    let Some(schema) = schema else { return };
    match body {
        BodyDemand::Tree(node) => notes.fit(rule, fit(notes.spec, side, node, schema)),
        BodyDemand::Opaque { pointer, .. } => {
            let message = "a body of this kind is not compared with a schema";
            notes.doubt(rule, ("$", message), (pointer, &schema.pointer));
        }
        BodyDemand::Nothing | BodyDemand::Empty { .. } => {}
    }
}

/// A media type with its schema.
pub(super) type Contents<'a> = Vec<(String, Option<Place<'a>>)>;

struct Wanted<'a> {
    is_required: bool,
    /// True when it stands in another document.
    is_elsewhere: bool,
    contents: Contents<'a>,
    pointer: String,
}

/// The body that the specification has for a request.
fn wanted<'a>(notes: &Notes<'a>, asked: &Asked<'_>, parameters: &[Place<'a>]) -> Option<Wanted<'a>> {
    let spec = notes.spec;
    match spec.dialect {
        Dialect::OpenApi3 => {
            let body = spec.place(&format!("{}/requestBody", asked.operation.place))?;
            let is_required = body.value.get("required") == Some(&Value::Bool(true));
            let is_elsewhere = body.leads_nowhere();
            Some(Wanted {
                is_required,
                is_elsewhere,
                contents: contents(notes, &body),
                pointer: body.pointer,
            })
        }
        Dialect::Swagger2 => {
            let own = spec.place(&format!("{}/consumes", asked.operation.place));
            let consumes = own.or_else(|| spec.place("/consumes"));
            let kinds = media_types(consumes.as_ref());
            let is = |place: &str| parameters.iter().find(|one| text(one, "in") == Some(place));
            let found = is("body").or_else(|| is("formData"))?;
            // The fields of a form are parameters of their own and not compared as one schema.
            let schema = if text(found, "in") == Some("body") { spec.get(found, "schema") } else { None };
            let is_required = found.value.get("required") == Some(&Value::Bool(true));
            let contents = kinds.into_iter().map(|kind| (kind, schema.clone())).collect();
            Some(Wanted { is_required, is_elsewhere: false, contents, pointer: found.pointer.clone() })
        }
    }
}

/// The media types under `content`.
pub(super) fn contents<'a>(notes: &Notes<'a>, place: &Place<'a>) -> Contents<'a> {
    let content = notes.spec.get(place, "content");
    let entries = content.iter().flat_map(|content| notes.spec.entries(content));
    entries.map(|(name, media)| (name.to_owned(), notes.spec.get(&media, "schema"))).collect()
}

/// The names in `consumes` or `produces`; JSON when there are none.
pub(super) fn media_types(list: Option<&Place<'_>>) -> Vec<String> {
    let names = list.and_then(|list| list.value.as_array()).into_iter().flatten();
    let names: Vec<_> = names.filter_map(Value::as_str).map(str::to_owned).collect();
    if names.is_empty() { vec!["application/json".to_owned()] } else { names }
}

/// The entry for a content type: the same, or a range that includes it.
pub(super) fn media_type<'c, 'a>(
    contents: &'c Contents<'a>,
    wanted: &str,
) -> Option<&'c (String, Option<Place<'a>>)> {
    let essence = |name: &str| name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let main = wanted.split('/').next().unwrap_or_default();
    let by = |name: &str| contents.iter().find(|(known, _)| essence(known) == name);
    by(wanted).or_else(|| by(&format!("{main}/*"))).or_else(|| by("*/*"))
}

/// The content type that a header says, without parameters.
pub(super) fn content_type(headers: &Named) -> Option<String> {
    let Form::One(values) = &headers.get("content-type")?.node.form else { return None };
    let text = values.example.as_str()?;
    Some(text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}
