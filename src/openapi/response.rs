//! What a consumer expects back, against what the specification answers.

use super::check::Notes;
use super::fit::{Side, fit, fit_named};
use super::parameters::{NO_SCHEMA, schema};
use super::request::{Contents, ELSEWHERE, compare, content_type, contents, media_type, media_types};
use super::rules::Rule;
use super::spec::{Dialect, Operation, Place};
use super::style::{self, Style};
use crate::compat::{BodyDemand, Form, Named, Node, Values, parts};
use crate::contract::{Category, Request, Response, essence, join_key};

/// Headers that servers set of themselves.
const OWN_HEADERS: [&str; 7] =
    ["content-type", "content-length", "date", "server", "connection", "transfer-encoding", "vary"];

/// Statuses of answers that have no body, whatever stands under them.
const BODILESS: [u16; 2] = [204, 304];

/// Checks every part of an expected answer.
pub(super) fn check(notes: &mut Notes<'_>, operation: &Operation, request: &Request, response: &Response) {
    let Some(answer) = answer(notes, operation, response) else { return };
    if answer.leads_nowhere() {
        notes.doubt(Rule::ResponseStatusUnknown, ("", ELSEWHERE), (&response.pointer, &answer.pointer));
        return;
    }
    let contents = answered(notes, operation, &answer);
    accept(notes, request, (&answer, &contents));
    let headers = parts::headers(&response.headers, &response.rules, &response.pointer);
    expected_headers(notes, &headers, &answer);
    let demand = parts::body(&response.body, &response.rules, &response.pointer);
    match &demand {
        BodyDemand::Tree(_) | BodyDemand::Opaque { .. } => {
            body(notes, (response, &demand), &headers, (&answer, &contents));
        }
        BodyDemand::Empty { pointer } if request.method != "HEAD" => {
            empty(notes, (response, pointer), &headers, (&answer, &contents));
        }
        BodyDemand::Empty { .. } | BodyDemand::Nothing => {}
    }
}

/// The answer of the specification that an expected status belongs to.
fn answer<'a>(notes: &mut Notes<'a>, operation: &Operation, response: &Response) -> Option<Place<'a>> {
    let fits = |status: u16| known(notes, operation, status);
    let accepted = parts::statuses(response.status, &response.rules);
    let found = fits(response.status).or_else(|| accepted.iter().flatten().find_map(|status| fits(*status)));
    let pact = join_key(&response.pointer, "status");
    if found.is_none() {
        let place = format!("{}/responses", operation.place);
        let names: Vec<_> = answers(notes, operation).into_iter().map(|(name, _)| name).collect();
        let message =
            format!("the specification does not answer {}, only {}", response.status, names.join(", "));
        if accepted.is_none() {
            notes.doubt(Rule::ResponseStatusUnknown, ("", &message), (&pact, &place));
        } else {
            notes.no(Rule::ResponseStatusUnknown, ("", &message), (&pact, &place));
        }
    }
    found
}

/// All answers of an operation, under their statuses as the specification writes them.
fn answers<'a>(notes: &Notes<'a>, operation: &Operation) -> Vec<(&'a str, Place<'a>)> {
    let responses = notes.spec.place(&format!("{}/responses", operation.place));
    responses.iter().flat_map(|responses| notes.spec.entries(responses)).collect()
}

/// The answer of the specification that a status belongs to.
pub(super) fn known<'a>(notes: &Notes<'a>, operation: &Operation, status: u16) -> Option<Place<'a>> {
    let text = status.to_string();
    let range = format!("{}XX", status / 100);
    let answers = answers(notes, operation);
    let by = |name: &str| answers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    by(&text).or_else(|| by(&range)).or_else(|| by("default")).map(|(_, place)| place.clone())
}

/// The content types of an answer, with their schemas.
pub(super) fn answered<'a>(notes: &Notes<'a>, operation: &Operation, answer: &Place<'a>) -> Contents<'a> {
    match notes.spec.dialect {
        Dialect::OpenApi3 => contents(notes, answer),
        Dialect::Swagger2 => {
            let own = notes.spec.place(&format!("{}/produces", operation.place));
            let produces = own.or_else(|| notes.spec.place("/produces"));
            let Some(schema) = notes.spec.get(answer, "schema") else { return Vec::new() };
            media_types(produces.as_ref()).into_iter().map(|kind| (kind, Some(schema.clone()))).collect()
        }
    }
}

/// One of the content types that the request accepts must be among those of the answer.
fn accept(notes: &mut Notes<'_>, request: &Request, (answer, contents): (&Place<'_>, &Contents<'_>)) {
    let headers = parts::headers(&request.headers, &request.rules, &request.pointer);
    let Some(entry) = headers.get("accept").filter(|_| !contents.is_empty()) else { return };
    let Form::One(values) = &entry.node.form else { return };
    let accepted: Vec<_> = values.example.as_str().unwrap_or_default().split(',').map(essence).collect();
    let matches = |range: &str, kind: &str| {
        range == "*/*"
            || range == kind
            || kind.contains('*')
            || range.strip_suffix('*').is_some_and(|main| kind.starts_with(main))
    };
    let is_met = contents.iter().any(|(kind, _)| accepted.iter().any(|range| matches(range, &essence(kind))));
    if !is_met && values.is_exact() {
        let kinds: Vec<_> = contents.iter().map(|(kind, _)| kind.as_str()).collect();
        let message =
            format!("{} is accepted, the specification answers {}", accepted.join(", "), kinds.join(", "));
        let at = (entry.node.pointer.as_str(), answer.pointer.as_str());
        notes.no(Rule::RequestAcceptIncompatible, (&entry.name, &message), at);
    }
}

fn expected_headers(notes: &mut Notes<'_>, headers: &Named, answer: &Place<'_>) {
    let declared = notes.spec.place(&format!("{}/headers", answer.pointer));
    let declared = declared.iter().flat_map(|headers| notes.spec.entries(headers)).collect::<Vec<_>>();
    for (key, entry) in headers.iter().filter(|(key, _)| !OWN_HEADERS.contains(&key.as_str())) {
        let pact = entry.node.pointer.as_str();
        let Some((_, header)) = declared.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) else {
            let message = "the specification does not promise the header";
            notes.no(Rule::ResponseHeaderUnknown, (&entry.name, message), (pact, &answer.pointer));
            continue;
        };
        let rule = Rule::ResponseHeaderIncompatible;
        let Some(schema) = schema(notes.spec, header) else {
            notes.doubt(rule, (&entry.name, NO_SCHEMA), (pact, &header.pointer));
            continue;
        };
        let node = match style::of(notes.spec, header, &schema) {
            Style::Single => Ok(entry.node.clone()),
            Style::List(separator) => style::as_list(&entry.node, separator),
            Style::Bracketed | Style::Spread(_) | Style::Unknown => Err(style::NOT_UNDERSTOOD),
        };
        match node {
            Ok(node) => notes.fit(rule, fit_named(notes.spec, Side::Received, (&entry.name, &node), &schema)),
            Err(message) => notes.doubt(rule, (&entry.name, message), (pact, &header.pointer)),
        }
    }
}

fn body(
    notes: &mut Notes<'_>,
    (response, demand): (&Response, &BodyDemand),
    headers: &Named,
    (answer, contents): (&Place<'_>, &Contents<'_>),
) {
    let pact = demand.pointer().unwrap_or(&response.pointer).to_owned();
    if contents.is_empty() {
        let message = "the specification has no body for this answer";
        notes.no(Rule::ResponseBodyUnknown, ("", message), (&pact, &answer.pointer));
        return;
    }
    let declared = content_type(headers).or_else(|| response.body.content().and_then(parts::essence));
    let has_rule = response.rules.iter().any(|rule| {
        rule.category == Category::Header
            && rule.path.first_field().is_some_and(|name| name.eq_ignore_ascii_case("content-type"))
    });
    let guessed = || contents.iter().find(|(name, _)| name.contains("json")).or(contents.first());
    let found = match &declared {
        Some(kind) => media_type(contents, kind),
        None => guessed(),
    };
    let rule = Rule::ResponseContentTypeIncompatible;
    let kinds: Vec<_> = contents.iter().map(|(kind, _)| kind.as_str()).collect();
    match (found, &declared) {
        (Some((_, schema)), _) => {
            compare(notes, (Rule::ResponseBodyIncompatible, Side::Received), demand, schema.as_ref());
        }
        (None, Some(kind)) => {
            let message = format!("{kind} is expected, the specification answers {}", kinds.join(", "));
            if has_rule {
                notes.doubt(rule, ("", &message), (&pact, &answer.pointer));
            } else {
                notes.no(rule, ("", &message), (&pact, &answer.pointer));
            }
        }
        (None, None) => {}
    }
}

/// An answer that must have no body is none that the specification ever gives when each of its media
/// types has a schema that no empty text fits.
fn empty(
    notes: &mut Notes<'_>,
    (response, pointer): (&Response, &str),
    headers: &Named,
    (answer, contents): (&Place<'_>, &Contents<'_>),
) {
    if BODILESS.contains(&response.status) {
        return;
    }
    let declared = content_type(headers).and_then(|kind| media_type(contents, &kind));
    let nothing = Node { form: Form::One(Values::exactly("".into(), true)), pointer: pointer.to_owned() };
    let judged = |(kind, schema): &(String, Option<Place<'_>>)| match schema {
        // No text that is empty is JSON.
        Some(_) if kind.contains("json") => Some(false),
        Some(schema) => fit(notes.spec, Side::Received, &nothing, schema).is_yes().then_some(true),
        None => None,
    };
    let judged: Vec<_> = match declared {
        Some(one) => vec![judged(one)],
        None => contents.iter().map(judged).collect(),
    };
    if judged.is_empty() || judged.contains(&Some(true)) {
        return;
    }
    let at = (pointer, answer.pointer.as_str());
    if judged.contains(&None) {
        let message = "whether the answer of the specification may have an empty body";
        notes.doubt(Rule::ResponseBodyIncompatible, ("$", message), at);
    } else {
        let message = "the contract expects no body, and the answer of the specification has one";
        notes.no(Rule::ResponseBodyIncompatible, ("$", message), at);
    }
}
