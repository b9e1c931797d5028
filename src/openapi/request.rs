//! What a consumer sends, against what the specification takes.

use serde_json::Value;

use super::check::Notes;
use super::fit::{Side, fit};
use super::parameters::{self, of_place, text};
use super::paths;
use super::rules::Rule;
use super::schema::{Conjunction, alternatives};
use super::security;
use super::spec::{Dialect, Operation, Place};
use super::style;
use super::texts;
use crate::compat::{BodyDemand, Form, Named, Node, Values, parts};
use crate::contract::{Body, Matcher, Request, essence};

/// The content type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// What is said of a reference that cannot be followed.
pub(super) const ELSEWHERE: &str = "the specification refers to something that is not in the document";

/// What is said of a body that is no JSON and no form.
const NOT_COMPARED: &str = "a body of this kind is not compared with a schema";

/// A request with the operation it goes to.
pub(super) struct Asked<'a> {
    pub(super) request: &'a Request,
    pub(super) operation: &'a Operation,
    /// The path behind what stands in front of all paths.
    pub(super) path: &'a str,
}

/// Checks every part of a request. One that is to be refused as nobody's has no credentials on purpose.
pub(super) fn check(notes: &mut Notes<'_>, asked: &Asked<'_>, expected: u16) {
    let request = asked.request;
    let parameters = notes.parameters(asked.operation);
    for unknown in parameters.iter().filter(|one| one.leads_nowhere()) {
        notes.doubt(Rule::RequestQueryMissing, ("", ELSEWHERE), (&request.pointer, &unknown.pointer));
    }
    paths::check(notes, asked, &parameters);
    if expected != 401 {
        security::check(notes, asked);
    }
    parameters::query(notes, asked, &parameters);
    let headers = parts::headers(&request.headers, &request.rules, &request.pointer);
    parameters::headers(notes, asked, (&headers, &parameters));
    body(notes, asked, &headers, &parameters);
}

fn body(notes: &mut Notes<'_>, asked: &Asked<'_>, headers: &Named, parameters: &[Place<'_>]) {
    let request = asked.request;
    let demand = parts::body(&request.body, &request.rules, &request.pointer);
    let Some(wanted) = wanted(notes, asked, parameters) else {
        if let BodyDemand::Tree(_) | BodyDemand::Opaque { .. } = demand {
            let message = "the specification has no body for this request";
            let pact = demand.pointer().unwrap_or(&request.pointer).to_owned();
            let at = (pact.as_str(), asked.operation.place.as_str());
            // Only in Swagger 2 a body is a parameter.
            let parameters = if notes.spec.dialect == Dialect::Swagger2 { parameters } else { &[] };
            parameters::unknown(notes, Rule::RequestBodyUnknown, parameters, ("", message), at);
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
    let at = (content.pointer.as_str(), wanted.pointer.as_str());
    let declared = match content_types(headers) {
        Some(Declared::Kinds(kinds)) => kinds,
        Some(Declared::Unclear(rule)) => {
            let message = format!("whether the specification takes all content types of the rule ({rule})");
            return notes.doubt(Rule::RequestContentTypeIncompatible, ("", &message), at);
        }
        None => parts::essence(content).into_iter().collect(),
    };
    if declared.is_empty() {
        let message = "the contract does not say the content type of the body";
        notes.doubt(Rule::RequestContentTypeMissing, ("", message), at);
    }
    for kind in &declared {
        let Some((name, schema)) = media_type(&wanted.contents, kind) else {
            unknown_type(notes, (kind, declared.len()), &wanted.contents, at);
            continue;
        };
        match &demand {
            BodyDemand::Tree(Node { form: Form::Object { fields, .. }, .. }) if wanted.is_form => {
                parameters::form(notes, asked, (fields, parameters));
            }
            _ if wanted.is_form => {
                let message = format!("a body of the kind {name} is not compared with the fields of a form");
                notes.doubt(Rule::RequestBodyIncompatible, ("$", &message), at);
            }
            BodyDemand::Tree(node) if kind == FORM => {
                let node = schema.as_ref().map(|schema| with_lists(notes, node, schema));
                let demand = node.map_or_else(|| demand.clone(), BodyDemand::Tree);
                compare(notes, (Rule::RequestBodyIncompatible, Side::Sent), &demand, schema.as_ref());
            }
            _ => compare(notes, (Rule::RequestBodyIncompatible, Side::Sent), &demand, schema.as_ref()),
        }
    }
}

/// One of some content types is none that the specification takes.
fn unknown_type(
    notes: &mut Notes<'_>,
    (kind, number): (&str, usize),
    contents: &Contents<'_>,
    at: (&str, &str),
) {
    let known: Vec<_> = contents.iter().map(|(name, _)| name.as_str()).collect();
    let message = format!("{kind} is sent, the specification takes {}", known.join(", "));
    // `json;?(charset=.*)?` hardly means that both are written in one word.
    let is_careless = number > 1 && known.iter().any(|known| kind.starts_with(known));
    if is_careless {
        notes.doubt(Rule::RequestContentTypeIncompatible, ("", &message), at);
    } else {
        notes.no(Rule::RequestContentTypeIncompatible, ("", &message), at);
    }
}

/// The fields of a form, where a list of one item is written like a single value.
fn with_lists(notes: &Notes<'_>, node: &Node, schema: &Place<'_>) -> Node {
    let Form::Object { fields, size, is_closed } = &node.form else { return node.clone() };
    let alternatives = alternatives(notes.spec, schema);
    let parts = || alternatives.iter().flat_map(|all| &all.all).flat_map(|one| &one.parts);
    let is_list = |name: &str| {
        let properties = parts().filter_map(|part| notes.spec.get(part, "properties"));
        let own = properties.filter_map(|all| notes.spec.get(&all, name));
        own.into_iter().any(|schema| style::is_list(notes.spec, &schema))
    };
    let field = |(name, field): (&String, &Node)| {
        let as_list = if is_list(name) { style::as_list(field, None).ok() } else { None };
        (name.clone(), as_list.unwrap_or_else(|| field.clone()))
    };
    let fields = fields.iter().map(field).collect();
    Node { form: Form::Object { fields, size: *size, is_closed: *is_closed }, pointer: node.pointer.clone() }
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
        BodyDemand::Tree(node) if is_whole(node) && is_structured(notes, schema) => {
            notes.doubt(rule, ("$", NOT_COMPARED), (&node.pointer, &schema.pointer));
        }
        BodyDemand::Tree(node) => notes.fit(rule, fit(notes.spec, side, node, schema)),
        BodyDemand::Opaque { pointer, .. } => {
            notes.doubt(rule, ("$", NOT_COMPARED), (pointer, &schema.pointer));
        }
        BodyDemand::Nothing | BodyDemand::Empty { .. } => {}
    }
}

/// True for a body that is a text as a whole, such as XML; a text in JSON is none.
const fn is_whole(node: &Node) -> bool {
    matches!(&node.form, Form::One(values) if values.is_text)
}

/// True when a schema is about objects or lists, which XML and multipart write in their own way.
fn is_structured(notes: &Notes<'_>, schema: &Place<'_>) -> bool {
    let is = |one: &Conjunction<'_>| {
        let types = one.types().unwrap_or_default();
        types.contains(&"object") || types.contains(&"array") || one.names_fields()
    };
    alternatives(notes.spec, schema).is_some_and(|found| found.all.iter().any(is))
}

/// A media type with its schema.
pub(super) type Contents<'a> = Vec<(String, Option<Place<'a>>)>;

struct Wanted<'a> {
    is_required: bool,
    /// True when it stands in another document.
    is_elsewhere: bool,
    /// True when it is a form whose fields are parameters.
    is_form: bool,
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
                is_form: false,
                contents: contents(notes, &body),
                pointer: body.pointer,
            })
        }
        Dialect::Swagger2 => {
            let own = spec.place(&format!("{}/consumes", asked.operation.place));
            let consumes = own.or_else(|| spec.place("/consumes"));
            let is = |place: &'static str| of_place(parameters, place);
            let found = is("body").next().or_else(|| is("formData").next())?;
            let place = text(found, "in").unwrap_or_default();
            let is_form = place == "formData";
            let mut kinds = media_types(consumes.as_ref());
            if is_form && consumes.is_none() {
                kinds = vec![FORM.to_owned(), "multipart/form-data".to_owned()];
            }
            let schema = if is_form { None } else { spec.get(found, "schema") };
            let is_required =
                of_place(parameters, place).any(|one| one.value.get("required") == Some(&Value::Bool(true)));
            let contents = kinds.into_iter().map(|kind| (kind, schema.clone())).collect();
            let pointer = found.pointer.clone();
            Some(Wanted { is_required, is_elsewhere: false, is_form, contents, pointer })
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
    let main = wanted.split('/').next().unwrap_or_default();
    let by = |name: &str| contents.iter().find(|(known, _)| essence(known) == name);
    by(wanted).or_else(|| by(&format!("{main}/*"))).or_else(|| by("*/*"))
}

/// The content types that a header lets through.
enum Declared {
    /// These, without parameters.
    Kinds(Vec<String>),
    /// Those of a rule that is not taken apart.
    Unclear(String),
}

/// Every content type that is sent, when a header says it.
fn content_types(headers: &Named) -> Option<Declared> {
    let Form::One(values) = &headers.get("content-type")?.node.form else { return None };
    let example = content_type(headers)?;
    if values.is_exact() {
        return Some(Declared::Kinds(vec![example]));
    }
    let essences = |values: &Values| match values.matchers.as_slice() {
        [Matcher::Regex(pattern)] => texts::beginnings(pattern),
        _ => None,
    };
    let Some(mut kinds) = essences(values) else { return Some(Declared::Unclear(values.words())) };
    // The example is sent, whatever its own rule says of it.
    if !kinds.contains(&example) {
        kinds.push(example);
    }
    Some(Declared::Kinds(kinds))
}

/// The content type that a header says, without parameters.
pub(super) fn content_type(headers: &Named) -> Option<String> {
    let Form::One(values) = &headers.get("content-type")?.node.form else { return None };
    let text = values.example.as_str()?;
    Some(essence(text))
}
