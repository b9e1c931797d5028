//! Which calls are alike, so that one interaction can stand for all of them: those that differ in
//! nothing that no matcher can leave open.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::body::{Kind, content_type, form, in_common, json_of, kind};
use super::shape::shape;
use super::{Said, Seen};
use crate::redact::Redactor;

/// Headers that clients, servers and what lies between them add by themselves: of the connection, of one
/// moment, or of the machine. The content type stands with the body.
const BY_THEMSELVES: &[&str] = &[
    "accept-charset",
    "accept-encoding",
    "accept-ranges",
    "age",
    "alt-svc",
    "b3",
    "baggage",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "dnt",
    "expect",
    "expires",
    "forwarded",
    "host",
    "keep-alive",
    "origin",
    "pragma",
    "priority",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "referer",
    "server",
    "server-timing",
    "set-cookie",
    "strict-transport-security",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "user-agent",
    "vary",
    "via",
    "x-amzn-trace-id",
    "x-content-type-options",
    "x-correlation-id",
    "x-frame-options",
    "x-powered-by",
    "x-real-ip",
    "x-request-id",
    "x-response-time",
    "x-runtime",
    "x-xss-protection",
];
/// How the names of others of them begin.
const BEGINNINGS: [&str; 5] = ["ratelimit-", "sec-", "x-b3-", "x-forwarded-", "x-ratelimit-"];

/// How a UUID is written, from the beginning of a text to its end.
pub(super) const UUID: &str = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";
static UUID_ONLY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(UUID).ok());

/// Names with their texts.
pub(super) type Pairs = Vec<(String, String)>;

/// The calls that are alike, by path, method and status.
pub(super) fn groups<'a>(seen: &'a [Seen], redactor: &Redactor) -> Vec<Vec<&'a Seen>> {
    let mut groups: BTreeMap<_, Vec<&Seen>> = BTreeMap::new();
    for call in seen {
        let request = (
            names(query(call), redactor, |_| true),
            names(headers(&call.request), redactor, |_| true),
            content_type(&call.request),
            said_in_request(&call.request, redactor),
        );
        let answer = (content_type(&call.response), kind(&call.response));
        let key = (general(&call.path), &call.method, call.status, format!("{request:?} {answer:?}"));
        groups.entry(key).or_default().push(call);
    }
    groups.into_values().collect()
}

/// What no matcher can leave open in the body of a request.
fn said_in_request(said: &Said, redactor: &Redactor) -> String {
    match (kind(said), json_of(said)) {
        (Kind::Json(_), Some(json)) => shape(&json).to_string(),
        (Kind::Form, _) => format!("{:?}", names(form(said), redactor, has_path)),
        (Kind::Nothing | Kind::Unsaid, _) => String::new(),
        _ => format!("{:?}", in_common(said)),
    }
}

/// Each name, how often it stands there, and its texts where they cannot be left open.
fn names(
    pairs: Pairs,
    redactor: &Redactor,
    has_path: impl Fn(&str) -> bool,
) -> BTreeMap<String, (usize, Vec<String>)> {
    let mut names: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for (name, text) in pairs {
        let (times, texts) = names.entry(name).or_default();
        *times += 1;
        texts.push(text);
    }
    for (name, (times, texts)) in &mut names {
        if redactor.is_secret(name) || *times == 1 && has_path(name) {
            texts.clear();
        }
    }
    names
}

/// True for a name that a path in a body can lead to.
pub(super) fn has_path(name: &str) -> bool {
    !name.is_empty() && !name.contains(['\'', ']'])
}

pub(super) fn query(call: &Seen) -> Pairs {
    form_urlencoded::parse(call.query.as_deref().unwrap_or_default().as_bytes()).into_owned().collect()
}

/// The headers that are worth a contract, their names in lower case.
pub(super) fn headers(said: &Said) -> Pairs {
    let lower = said.headers.iter().map(|(name, text)| (name.to_ascii_lowercase(), text.clone()));
    lower.filter(|(name, text)| !is_by_itself(name, text)).collect()
}

/// The names of the others, but for what stands with the body.
pub(super) fn left_out<'a>(said: impl Iterator<Item = &'a Said>) -> BTreeSet<String> {
    let all = said.flat_map(|said| &said.headers);
    let left_out = all.filter_map(|(name, text)| {
        let name = name.to_ascii_lowercase();
        let is_left_out = is_by_itself(&name, text) && name != "content-type";
        is_left_out.then(|| if name == "accept" { format!("{name} (with */*)") } else { name })
    });
    left_out.collect()
}

fn is_by_itself(name: &str, text: &str) -> bool {
    BY_THEMSELVES.contains(&name)
        || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
        // Who takes everything has asked for nothing.
        || name == "accept" && text.contains("*/*")
}

/// A path as a pattern in which numbers and UUIDs may be any.
pub(super) fn general(path: &str) -> String {
    let segment = |segment: &str| {
        if !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit()) {
            r"\d+".to_owned()
        } else if UUID_ONLY.as_ref().is_some_and(|uuid| uuid.is_match(segment)) {
            "[0-9a-f-]{36}".to_owned()
        } else {
            regex::escape(segment)
        }
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}
