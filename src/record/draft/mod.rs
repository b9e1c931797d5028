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
         # - leave out what the consumer does not read.\n{}\n\
         consumer: {}\nprovider: {}\nenv: {}\n\ninteractions:\n",
        headers_left_out(seen),
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

/// Names the headers that stand nowhere below.
fn headers_left_out(seen: &[Seen]) -> String {
    let requests = groups::left_out(seen.iter().map(|call| &call.request));
    let answers = groups::left_out(seen.iter().map(|call| &call.response));
    let mut text = String::new();
    for (who, of, names) in [("clients", "requests", requests), ("servers", "answers", answers)] {
        if !names.is_empty() {
            let names = Vec::from_iter(names).join(", ");
            let _ = writeln!(text, "# Headers left out of {of}, for {who} add them by themselves: {names}");
        }
    }
    text
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
        let headers: Vec<_> = calls.iter().map(|call| groups::headers(&call.request)).collect();
        self.texts(&Texts::headers(&headers));
        let requests: Vec<&Said> = calls.iter().map(|call| &call.request).collect();
        self.body(&Body::request(&requests));
        let _ = writeln!(self.text, "    response:\n      status: {}", first.status);
        let headers: Vec<_> = calls.iter().map(|call| groups::headers(&call.response)).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn said(headers: &[(&str, &str)], body: &str) -> Said {
        let headers = headers.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Said { headers: headers.collect(), body: body.as_bytes().to_vec() }
    }

    fn call(key: &str, rest: &[(&str, &str)]) -> Seen {
        Seen {
            method: "POST".to_owned(),
            path: "/faqs".to_owned(),
            query: None,
            request: said(
                &[
                    ("Accept", "application/vnd.faq.v2+json"),
                    ("Api-Version", "2026-11-01"),
                    ("Host", "faq.example"),
                    ("Idempotency-Key", key),
                    ("User-Agent", "curl/8"),
                    ("Prefer", "return=minimal"),
                ],
                "",
            ),
            status: 200,
            response: said(
                &[
                    &[
                        ("Cache-Control", "max-age=60"),
                        ("Content-Type", "application/json"),
                        ("Date", "Wed, 21 Oct 2015 07:28:00 GMT"),
                        ("ETag", "\"7\""),
                        ("Link", "<http://faq.example/faqs?page=2>; rel=\"next\""),
                    ],
                    rest,
                ]
                .concat(),
                r#"{"next": "http://faq.example/faqs?page=2", "home": "http://faq.example", "id": 123456789012345678901}"#,
            ),
        }
    }

    #[test]
    fn headers_are_kept_or_named_and_no_address_leads_away_from_the_mock() {
        let between =
            Between { consumer: "support", provider: "faq", env: "FAQ_API", url: "http://faq.example/" };
        let calls = [call("1", &[]), call("2", &[("X-Region", "eu")])];
        insta::assert_snapshot!(draft(between, &calls, &Redactor::default()), @r##"
        # Drafted from 2 calls. Before it is used, read every line:
        # - give each interaction a description in your words, and the state that it needs;
        # - what is marked as a guess was never said by anybody;
        # - leave out what the consumer does not read.
        # Headers left out of requests, for clients add them by themselves: host, user-agent
        # Headers left out of answers, for servers add them by themselves: date

        consumer: support
        provider: faq
        env: FAQ_API

        interactions:
          - description: POST /faqs gives 200 # in your words
            # seen 2 times
            # given: the state that the provider must be in
            request:
              method: POST
              path: /faqs
              headers:
                accept: "application/vnd.faq.v2+json"
                api-version: "2026-11-01"
                idempotency-key: { $regex: .+, example: "1" } # guess
                prefer: "return=minimal"
            response:
              status: 200
              headers:
                cache-control: "max-age=60"
                etag: { $regex: .+, example: "\"7\"" } # guess
                link: { $regex: .+, example: "</faqs?page=2>; rel=\"next\"" } # guess
              # left out of the headers, for it was not always there or alike: x-region
              json:
                next: { $mockUrl: "/faqs?page=2" } # guess
                home: { $like: / } # guess: the address of the provider is left out
                id: { $number: 1 } # guess: what was seen has more digits than 64 bits hold
        "##);
    }
}
