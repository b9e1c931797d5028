//! The bodies of calls that are alike.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Number, Value};

use super::groups::Pairs;
use super::json::{Lines, Spot, hides, keeps};
use super::rounded::{rounded, rounded_numbers};
use super::shape::is_sayable;
use super::texts::{Texts, scalar};
use super::{Draft, Said};
use crate::contract::{essence, is_xml};
use crate::record::exchange::boundary;

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Nothing,
    /// JSON, and of which kind it is.
    Json(&'static str),
    Form,
    Text,
    Xml,
    Bytes,
    /// There is something, and no way to expect it.
    Unsaid,
}

/// The bodies of the requests or of the answers.
pub(super) struct Body<'a> {
    said: &'a [&'a Said],
    /// What was sent, for answers.
    asked: Option<&'a [&'a Said]>,
}

impl<'a> Body<'a> {
    pub(super) fn request(said: &'a [&'a Said]) -> Self {
        Self { said, asked: None }
    }

    pub(super) fn answer(said: &'a [&'a Said], asked: &'a [&'a Said]) -> Self {
        Self { said, asked: Some(asked) }
    }
}

impl Draft<'_> {
    pub(super) fn body(&mut self, body: &Body<'_>) {
        let first = body.said[0];
        let common = in_common(first);
        let is_same = body.said.iter().all(|said| in_common(said) == common);
        let (kind, plain) = (kind(first), content_type(first));
        let usual = match kind {
            Kind::Nothing => return,
            Kind::Unsaid => return self.unsaid(first),
            // To a pact, no body and null are one.
            Kind::Json("null") if body.asked.is_some() => return self.remark("the body, which is null"),
            Kind::Json(_) => "application/json",
            Kind::Form => "application/x-www-form-urlencoded",
            Kind::Text => "text/plain",
            Kind::Xml => "application/xml",
            Kind::Bytes => "application/octet-stream",
        };
        let has_parts = is_multipart(&plain);
        let text = String::from_utf8_lossy(&first.body);
        let shown = self.redactor.text(&text);
        let is_written = is_same && shown == text;
        if has_parts && !is_written {
            return self.remark("the body, whose parts were not always the same or have a secret in them");
        }
        if plain != usual {
            let written = if has_parts { written_type(first) } else { &plain };
            let _ = writeln!(self.text, "      contentType: {}", scalar(written));
        }
        match kind {
            Kind::Json(_) => self.json(body),
            Kind::Form => {
                let pairs: Vec<Pairs> = body.said.iter().map(|said| form(said)).collect();
                self.texts(&Texts::form(&pairs));
            }
            Kind::Text | Kind::Xml if is_written => {
                let key = if kind == Kind::Xml { "xml" } else { "text" };
                let _ = writeln!(self.text, "      {key}: {}", Value::from(shown));
            }
            Kind::Text => {
                let _ = writeln!(
                    self.text,
                    "      text: {{ $regex: '[\\s\\S]*', example: {} }} # guess",
                    Value::from(shown)
                );
            }
            Kind::Bytes if is_same => {
                let _ = writeln!(self.text, "      base64: {}", Value::from(STANDARD.encode(&first.body)));
            }
            _ if is_same => self.remark("the body, which has a secret in it"),
            _ => self.remark("the body, which was not always the same"),
        }
    }

    fn json(&mut self, body: &Body<'_>) {
        let values: Vec<Value> = body.said.iter().filter_map(|said| json_of(said)).collect();
        let seen: Vec<&Value> = values.iter().collect();
        if body.asked.is_some() && !is_sayable(&seen, false) {
            self.remark("the body, in which nothing was always the same");
            return;
        }
        let long: Vec<Number> =
            body.said.iter().flat_map(|said| rounded_numbers(&String::from_utf8_lossy(&said.body))).collect();
        if body.asked.is_none() && values.iter().any(|value| keeps(&long, value)) {
            self.remark("the body, which has a number of more than 64 bits where no matcher can stand");
            return;
        }
        if body.asked.is_none() && values.iter().any(|value| hides(self.redactor, value)) {
            self.remark("the body, which has a secret where no matcher can stand");
            return;
        }
        let text = |said: &&Said| String::from_utf8_lossy(&said.body).into_owned();
        let asked = body.asked.map(|asked| asked.iter().map(text).collect());
        let (redactor, url) = (self.redactor, self.url);
        Lines { text: &mut self.text, redactor, asked, url, long }.value("json: ", &seen, Spot::BODY);
    }

    /// Says why a body is missing. The number itself may be a secret.
    fn unsaid(&mut self, said: &Said) {
        let is_json = content_type(said).contains("json");
        let text = std::str::from_utf8(&said.body).ok().filter(|_| is_json);
        match text.and_then(rounded) {
            Some(path) => self.remark(&format!(
                "the body: the number at {} has more digits than 64 bits hold; write it by hand, with \
                 {{ $number: 1 }} there",
                Value::from(path)
            )),
            None => self.remark("the body, which a pact cannot say"),
        }
    }

    /// Says what is missing.
    fn remark(&mut self, what: &str) {
        let _ = writeln!(self.text, "      # left out: {what}");
    }
}

/// What the body of a request or an answer is.
pub(super) fn kind(said: &Said) -> Kind {
    if said.body.is_empty() {
        return Kind::Nothing;
    }
    let plain = content_type(said);
    let text = std::str::from_utf8(&said.body).ok();
    match (json_of(said), text) {
        // Without a content type there is none to expect.
        _ if plain.is_empty() => Kind::Unsaid,
        _ if is_multipart(&plain) && boundary(written_type(said)).is_none() => Kind::Unsaid,
        // To a pact, an empty text is no body.
        (Some(Value::String(text)), _) if text.is_empty() => Kind::Unsaid,
        (Some(json), Some(_)) => Kind::Json(super::shape::kind(&json)),
        _ if plain.contains("json") => Kind::Unsaid,
        (_, Some(_)) if plain == "application/x-www-form-urlencoded" => Kind::Form,
        (_, Some(text)) if plain.ends_with("xml") && is_xml(text.as_bytes()) => Kind::Xml,
        _ if plain.ends_with("xml") => Kind::Unsaid,
        (_, Some(_)) => Kind::Text,
        (_, None) => Kind::Bytes,
    }
}

/// The content type without its parameters.
pub(super) fn content_type(said: &Said) -> String {
    essence(written_type(said))
}

fn written_type(said: &Said) -> &str {
    let is_type = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("content-type");
    said.headers.iter().find(is_type).map_or("", |(_, value)| value)
}

fn is_multipart(content_type: &str) -> bool {
    content_type.starts_with("multipart/")
}

/// The body as it is for every client: between its parts, each of them writes something else.
pub(super) fn in_common(said: &Said) -> Vec<u8> {
    let mark = boundary(written_type(said)).filter(|_| is_multipart(&content_type(said)));
    let Some(mark) = mark.map(|mark| format!("--{mark}")) else { return said.body.clone() };
    let mut common = Vec::new();
    let mut rest = said.body.as_slice();
    while let Some(at) = rest.windows(mark.len()).position(|bytes| bytes == mark.as_bytes()) {
        common.extend_from_slice(&rest[..at]);
        common.extend_from_slice(b"--");
        rest = &rest[at + mark.len()..];
    }
    common.extend_from_slice(rest);
    common
}

pub(super) fn json_of(said: &Said) -> Option<Value> {
    content_type(said).contains("json").then(|| serde_json::from_slice(&said.body).ok())?
}

pub(super) fn form(said: &Said) -> Pairs {
    form_urlencoded::parse(&said.body).into_owned().collect()
}
