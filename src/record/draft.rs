//! From calls that were seen to a file of interactions to start from.
//!
//! What is written is a guess and says so; it is valid, so that it can be tried, and it holds no
//! secret that has a name.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;
use serde_json::Value;

use super::guess::{Lines, scalar};
use crate::redact::{REDACTED, Redactor};

/// One call that was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The path, not decoded.
    pub path: String,
    /// The text behind the `?`.
    pub query: Option<String>,
    /// What was sent.
    pub request: Said,
    /// The status of the answer.
    pub status: u16,
    /// What was answered.
    pub response: Said,
}

/// Headers and a body.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Said {
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Headers of requests that are worth a contract: whatever else there is, a client adds by itself.
const KEPT_OF_REQUESTS: [&str; 3] = ["authorization", "accept-language", "if-match"];
/// Headers of answers that are worth a contract.
const KEPT_OF_ANSWERS: [&str; 4] = ["location", "allow", "retry-after", "www-authenticate"];
/// Headers that start like those of an application and are none of it.
const VOLATILE: [&str; 6] =
    ["x-request-id", "x-correlation-id", "x-forwarded-for", "x-amzn-trace-id", "x-runtime", "x-powered-by"];

/// Calls of one kind: the first of them stands for all.
struct Group<'a> {
    key: String,
    first: &'a Seen,
    times: usize,
    has_other_paths: bool,
}

/// The draft of a file, in YAML. `who` are the consumer, the provider and the variable for its address.
#[must_use]
pub fn draft(who: (&str, &str, &str), seen: &[Seen], redactor: &Redactor) -> String {
    let (consumer, provider, env) = who;
    let mut text = format!(
        "# Drafted from {} calls. Before it is used, read every line:\n\
         # - give each interaction a description in your words, and the state that it needs;\n\
         # - what is marked as a guess was never said by anybody;\n\
         # - leave out what the consumer does not read.\n\n\
         consumer: {}\nprovider: {}\nenv: {}\n\ninteractions:\n",
        seen.len(),
        scalar(consumer),
        scalar(provider),
        scalar(env)
    );
    for group in groups(seen) {
        interaction(&mut text, &group, redactor);
    }
    text
}

fn groups(seen: &[Seen]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for call in seen {
        let names = call.query.as_deref().map(|query| {
            form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name.into_owned()).collect::<Vec<_>>()
        });
        let shape = json_of(&call.request).map(|body| shape(&body));
        let key = format!("{} {} {names:?} {shape:?} {}", general(&call.path), call.method, call.status);
        match groups.iter_mut().find(|group| group.key == key) {
            Some(group) => {
                group.times += 1;
                group.has_other_paths |= group.first.path != call.path;
            }
            None => groups.push(Group { key, first: call, times: 1, has_other_paths: false }),
        }
    }
    groups.sort_by(|left, right| left.key.cmp(&right.key));
    groups
}

fn interaction(text: &mut String, group: &Group<'_>, redactor: &Redactor) {
    let seen = group.first;
    let description = format!("{} {} gives {}", seen.method, seen.path, seen.status);
    let _ = writeln!(text, "  - description: {} # in your words", scalar(&description));
    if group.times > 1 {
        let _ = writeln!(text, "    # seen {} times", group.times);
    }
    let _ = writeln!(text, "    # given: the state that the provider must be in");
    let _ = writeln!(text, "    request:\n      method: {}", seen.method);
    if group.has_other_paths {
        let pattern = scalar(&general(&seen.path));
        let _ =
            writeln!(text, "      path: {{ $regex: {pattern}, example: {} }} # guess", scalar(&seen.path));
    } else {
        let _ = writeln!(text, "      path: {}", scalar(&seen.path));
    }
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(seen.query.as_deref().unwrap_or_default().as_bytes()).into_owned().collect();
    named(text, "query", &pairs, redactor);
    let said = said_headers(&seen.request, &KEPT_OF_REQUESTS);
    named(text, "headers", &said, redactor);
    body(text, &seen.request, redactor, None);
    let _ = writeln!(text, "    response:\n      status: {}", seen.status);
    named(text, "headers", &said_headers(&seen.response, &KEPT_OF_ANSWERS), redactor);
    body(text, &seen.response, redactor, Some(&seen.request));
    text.push('\n');
}

fn said_headers(said: &Said, kept: &[&str]) -> Vec<(String, String)> {
    let is_kept = |name: &str| {
        let name = name.to_ascii_lowercase();
        kept.contains(&name.as_str()) || name.starts_with("x-") && !VOLATILE.contains(&name.as_str())
    };
    said.headers.iter().filter(|(name, _)| is_kept(name)).cloned().collect()
}

/// A map of texts; one that is secret is not written, and may be anything.
fn named(text: &mut String, what: &str, pairs: &[(String, String)], redactor: &Redactor) {
    if pairs.is_empty() {
        return;
    }
    let _ = writeln!(text, "      {what}:");
    let mut done: Vec<&str> = Vec::new();
    for (name, value) in pairs {
        if done.contains(&name.as_str()) {
            continue;
        }
        done.push(name);
        let values: Vec<&String> =
            pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value).collect();
        let key = scalar(name);
        let _ = if redactor.is_secret(name) {
            let shown = if what == "headers" { redactor.header(name, value) } else { REDACTED.to_owned() };
            let shown = scalar(&shown);
            writeln!(text, "        {key}: {{ $regex: .+, example: {shown} }} # a secret, not written")
        } else if let [_, _, ..] = values.as_slice() {
            let values: Vec<String> = values.iter().map(|value| scalar(value)).collect();
            writeln!(text, "        {key}: [{}]", values.join(", "))
        } else {
            writeln!(text, "        {key}: {}", scalar(&redactor.text(value)))
        };
    }
}

fn body(text: &mut String, said: &Said, redactor: &Redactor, asked: Option<&Said>) {
    if said.body.is_empty() {
        return;
    }
    let content_type = content_type(said);
    let plain = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if let Some(json) = json_of(said) {
        if plain != "application/json" {
            let _ = writeln!(text, "      contentType: {}", scalar(&plain));
        }
        let asked = asked.map(|asked| String::from_utf8_lossy(&asked.body).replace('+', " "));
        let mut lines =
            Lines { text, redactor, is_answer: asked.is_some(), asked: asked.unwrap_or_default() };
        lines.value("json: ", &json, 3, false);
        return;
    }
    if plain == "application/x-www-form-urlencoded" {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(&said.body).into_owned().collect();
        named(text, "form", &pairs, redactor);
        return;
    }
    if !plain.is_empty() && plain != "text/plain" {
        let _ = writeln!(text, "      contentType: {}", scalar(&plain));
    }
    if let Ok(body) = std::str::from_utf8(&said.body) {
        let key = if plain.ends_with("xml") { "xml" } else { "text" };
        let _ = writeln!(text, "      {key}: {}", Value::from(redactor.text(body)));
    } else {
        let _ = writeln!(text, "      base64: {}", STANDARD.encode(&said.body));
    }
}

fn content_type(said: &Said) -> &str {
    let is_type = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("content-type");
    said.headers.iter().find(is_type).map_or("", |(_, value)| value)
}

fn json_of(said: &Said) -> Option<Value> {
    content_type(said).contains("json").then(|| serde_json::from_slice(&said.body).ok())?
}

/// A path as a pattern in which numbers and UUIDs may be any.
fn general(path: &str) -> String {
    let uuid = Regex::new("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
    let segment = |segment: &str| {
        if !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit()) {
            r"\d+".to_owned()
        } else if uuid.as_ref().is_ok_and(|uuid| uuid.is_match(segment)) {
            "[0-9a-f-]{36}".to_owned()
        } else {
            regex::escape(segment)
        }
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// The keys of a value, and not its values.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
        Value::Array(items) => {
            items.first().map_or_else(|| Value::Array(Vec::new()), |item| Value::Array(vec![shape(item)]))
        }
        _ => Value::Null,
    }
}
