//! What a provider has really answered, against what the specification answers.
//!
//! Here everything is known, so that a field the specification requires and the answer does not have is
//! a disagreement, which in a contract it would not be.

use serde_json::Value;

use super::check::Notes;
use super::request::{Contents, media_type};
use super::response::{answered, known};
use super::spec::{Operation, Place as Spot, Spec};
use crate::contract::{Contract, Request, essence};
use crate::finding::{Location, Place};

/// Statuses with which a server says that it has no such operation.
const NOT_THERE: [u16; 3] = [404, 405, 501];
/// Characters of an explanation that are kept.
const LONGEST: usize = 300;

/// An answer, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: &'a [(String, String)],
    /// The whole body; an error says why it is not known.
    pub body: Result<&'a [u8], &'static str>,
}

/// Something in an answer that the specification does not have, or of which that cannot be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// True when it could not be decided.
    pub is_doubt: bool,
    /// The part of the answer.
    pub place: Place,
    /// Where in the part.
    pub path: String,
    /// What is wrong, without a final period.
    pub message: String,
    /// Where it stands in the specification.
    pub spec: Location,
}

/// Compares an answer with the specification.
#[must_use]
pub fn departures(
    contract: &Contract,
    request: &Request,
    answer: Answered<'_>,
    spec: &Spec,
) -> Vec<Departure> {
    let notes = Notes::new(contract, spec);
    let mut found = Found { spec, departures: Vec::new() };
    match spec.operation(&request.method, &request.path) {
        Some((operation, _)) => found.answer(&notes, operation, request, answer),
        None if spec.is_elsewhere(&request.path) => {
            found.add(true, Place::Status, "the specification has the path in another document", "/paths");
        }
        None if NOT_THERE.contains(&answer.status) => {}
        None => {
            let message = format!(
                "the specification has no {} {}, and the answer to it is {}",
                request.method, request.path, answer.status
            );
            found.add(false, Place::Status, &message, "/paths");
        }
    }
    found.departures
}

struct Found<'a> {
    spec: &'a Spec,
    departures: Vec<Departure>,
}

impl Found<'_> {
    fn add(&mut self, is_doubt: bool, place: Place, message: &str, spec: &str) {
        self.add_at(is_doubt, (place, ""), message, spec);
    }

    fn add_at(&mut self, is_doubt: bool, (place, path): (Place, &str), message: &str, spec: &str) {
        self.departures.push(Departure {
            is_doubt,
            place,
            path: path.to_owned(),
            message: message.chars().take(LONGEST).collect(),
            spec: self.spec.location(spec),
        });
    }

    fn answer(&mut self, notes: &Notes<'_>, operation: &Operation, request: &Request, answer: Answered<'_>) {
        let responses = format!("{}/responses", operation.place);
        let known = known(notes, operation, answer.status);
        let Some(place) = known else {
            let message = format!("the specification does not answer {}", answer.status);
            return self.add(false, Place::Status, &message, &responses);
        };
        if place.leads_nowhere() {
            let message = "the specification has this answer in another document";
            return self.add(true, Place::Status, message, &place.pointer);
        }
        self.headers(notes, &place, answer.headers);
        let contents = answered(notes, operation, &place);
        // Neither has a body, whatever stands under the status.
        if request.method != "HEAD" && answer.status != 304 {
            self.body(&contents, &place, answer);
        }
    }

    /// A header that the specification does not promise may come all the same.
    fn headers(&mut self, notes: &Notes<'_>, place: &Spot<'_>, headers: &[(String, String)]) {
        let declared = notes.spec.place(&format!("{}/headers", place.pointer));
        for (name, header) in declared.iter().flat_map(|headers| notes.spec.entries(headers)) {
            let is_there = headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
            let is_required = header.value.get("required") == Some(&Value::Bool(true));
            if is_required && !is_there && !name.eq_ignore_ascii_case("content-type") {
                let message = "the specification promises the header, and the answer does not have it";
                self.add_at(false, (Place::Header, name), message, &header.pointer);
            }
        }
    }

    fn body(&mut self, contents: &Contents<'_>, place: &Spot<'_>, answer: Answered<'_>) {
        let body = match answer.body {
            Ok(body) => body,
            Err(why) => return self.add(true, Place::Body, why, &place.pointer),
        };
        match (body.is_empty(), contents.is_empty()) {
            (true, true) => return,
            (true, false) => {
                let message = "the specification has a body for this answer, and it came without one";
                return self.add(false, Place::Body, message, &place.pointer);
            }
            (false, true) => {
                let message = "the specification has no body for this answer, and it came with one";
                return self.add(false, Place::Body, message, &place.pointer);
            }
            (false, false) => {}
        }
        let header = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let Some(kind) = header.map(|(_, value)| essence(value)) else {
            let message = "the answer does not say of which content type its body is";
            return self.add(true, Place::Header, message, &place.pointer);
        };
        let Some((_, schema)) = media_type(contents, &kind) else {
            let kinds: Vec<_> = contents.iter().map(|(kind, _)| kind.as_str()).collect();
            let message = format!("{kind} came, the specification answers {}", kinds.join(", "));
            return self.add_at(false, (Place::Header, "Content-Type"), &message, &place.pointer);
        };
        let Some(schema) = schema else { return };
        if !(kind == "application/json" || kind.ends_with("+json")) {
            let message = format!("a body of the kind {kind} is not compared with a schema");
            return self.add(true, Place::Body, &message, &schema.pointer);
        }
        match serde_json::from_slice(body) {
            Ok(value) => self.json(&value, schema),
            Err(_) => {
                self.add(false, Place::Body, "the body is no JSON, although it says so", &schema.pointer);
            }
        }
    }

    fn json(&mut self, value: &Value, schema: &Spot<'_>) {
        let Some(objections) = self.spec.objections(&schema.pointer, value) else {
            let message = "the schema of the specification cannot be used";
            return self.add(true, Place::Body, message, &schema.pointer);
        };
        for objection in objections {
            // What is only ever sent may be required and missing.
            let is_doubt = objection.is_about_missing && self.spec.has_write_only;
            self.add_at(is_doubt, (Place::Body, &objection.path), &objection.message, &schema.pointer);
        }
    }
}
