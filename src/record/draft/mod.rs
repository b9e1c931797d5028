//! From calls that were seen to a file of interactions to start from.
//!
//! What is written is a guess and says so. It is valid, so that it can be tried; it accepts every call
//! that it was drafted from and every answer to one; and it holds no secret that has a name.

mod body;
mod groups;
mod json;
mod rounded;
mod shape;
mod texts;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use self::body::Body;
use self::groups::{general, groups};
use self::texts::{Texts, scalar};
use crate::redact::Redactor;

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

/// Who talks to whom.
#[derive(Debug, Clone, Copy)]
pub struct Between<'a> {
    /// The application that asks.
    pub consumer: &'a str,
    /// The application that answers.
    pub provider: &'a str,
    /// The variable for the address of the provider.
    pub env: &'a str,
    /// The address where the provider was asked.
    pub url: &'a str,
}

/// What is written, and what may not be.
struct Draft<'a> {
    text: String,
    redactor: &'a Redactor,
    /// The address of the real provider, which no other one has.
    url: &'a str,
    descriptions: BTreeSet<String>,
}

/// The draft of a file, in YAML.
#[must_use]
pub fn draft(between: Between<'_>, seen: &[Seen], redactor: &Redactor) -> String {
    let calls = if seen.len() == 1 { "1 call".to_owned() } else { format!("{} calls", seen.len()) };
    let text = format!(
        "# Drafted from {calls}. Before it is used, read every line:\n\
         # - give each interaction a description in your words, and the state that it needs;\n\
         # - what is marked as a guess was never said by anybody;\n\
         # - leave out what the consumer does not read.\n\n\
         consumer: {}\nprovider: {}\nenv: {}\n\ninteractions:\n",
        scalar(between.consumer),
        scalar(between.provider),
        scalar(between.env)
    );
    let url = between.url.trim_end_matches('/');
    let mut draft = Draft { text, redactor, url, descriptions: BTreeSet::new() };
    for calls in groups(seen, redactor) {
        draft.interaction(&calls);
    }
    draft.text
}

impl Draft<'_> {
    /// One interaction for calls that are alike.
    fn interaction(&mut self, calls: &[&Seen]) {
        let Some(first) = calls.first() else { return };
        let description = self.unused(&format!("{} {} gives {}", first.method, first.path, first.status));
        let _ = writeln!(self.text, "  - description: {} # in your words", scalar(&description));
        if calls.len() > 1 {
            let _ = writeln!(self.text, "    # seen {} times", calls.len());
        }
        let _ = writeln!(self.text, "    # given: the state that the provider must be in");
        let _ = writeln!(self.text, "    request:\n      method: {}", scalar(&first.method));
        self.path(calls);
        let queries: Vec<_> = calls.iter().map(|call| groups::query(call)).collect();
        self.texts(&Texts::query(&queries));
        let headers: Vec<_> = calls.iter().map(|call| groups::sent_headers(call)).collect();
        self.texts(&Texts::headers(&headers));
        let requests: Vec<&Said> = calls.iter().map(|call| &call.request).collect();
        self.body(&Body::request(&requests));
        let _ = writeln!(self.text, "    response:\n      status: {}", first.status);
        let headers: Vec<_> = calls.iter().map(|call| groups::answered_headers(call)).collect();
        self.texts(&Texts::answer_headers(&headers, self.url));
        let answers: Vec<&Said> = calls.iter().map(|call| &call.response).collect();
        self.body(&Body::answer(&answers, &requests));
        self.text.push('\n');
    }

    /// A description that no other interaction has.
    fn unused(&mut self, wanted: &str) -> String {
        let numbered = (2_usize..).map(|number| format!("{wanted} ({number})"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        let name = names.find(|name| !self.descriptions.contains(name)).unwrap_or_default();
        self.descriptions.insert(name.clone());
        name
    }

    fn path(&mut self, calls: &[&Seen]) {
        let path = &calls[0].path;
        if calls.iter().all(|call| call.path == *path) {
            let _ = writeln!(self.text, "      path: {}", scalar(path));
        } else {
            let pattern = scalar(&general(path));
            let _ =
                writeln!(self.text, "      path: {{ $regex: {pattern}, example: {} }} # guess", scalar(path));
        }
    }
}
