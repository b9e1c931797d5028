//! Takes secrets out of whatever a run keeps.
//!
//! A name is secret or it is not, wherever it stands: a header, a query parameter, a form field, a
//! JSON key, an XML element, a state's parameter. Spelling does not matter: `X-Api-Key`, `x_api_key`
//! and `xApiKey` are one name. Credentials in addresses and after `Bearer` are secret under any name.
//!
//! It is applied once, before anything becomes part of a result; no output format redacts again.
//! What has no name and no scheme cannot be recognised: a password inside a free text stays.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::event::Event;
use crate::finding::Finding;
use crate::outcome::DiffLine;
use crate::outcome::InteractionResult;
use crate::outcome::Payload;

/// What stands where a secret was.
pub const REDACTED: &str = "REDACTED";

/// Names that are secret without being asked for, as [`normal`] spells them.
const SECRET_NAMES: &[&str] = &[
    "accesstoken",
    "apikey",
    "authorization",
    "clientsecret",
    "cookie",
    "credentials",
    "idtoken",
    "passwd",
    "password",
    "privatekey",
    "proxyauthorization",
    "refreshtoken",
    "secret",
    "setcookie",
    "sig",
    "signature",
    "token",
    "xaccesstoken",
    "xamzcredential",
    "xamzsecuritytoken",
    "xamzsignature",
    "xapikey",
    "xauthtoken",
    "xcsrftoken",
    "xgitlabtoken",
    "xxsrftoken",
];

/// Words that stand between a header's name and its secret.
const SCHEMES: &[&str] = &["Bearer", "bearer", "Basic", "Digest", "Token"];

/// Knows which names are secret.
#[derive(Debug, Clone)]
pub struct Redactor {
    names: BTreeSet<String>,
}

impl Redactor {
    /// A redactor for the usual names and for these, which may be headers, query parameters or
    /// body fields.
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let usual = SECRET_NAMES.iter().map(|name| (*name).to_owned());
        Self { names: usual.chain(names.into_iter().map(|name| normal(name.as_ref()))).collect() }
    }

    /// True when values under this name must not be shown.
    #[must_use]
    pub fn is_secret(&self, name: &str) -> bool {
        self.names.contains(&normal(name))
    }

    /// A header's value as it may be shown. The scheme of an `Authorization` header stays.
    #[must_use]
    pub fn header(&self, name: &str, value: &str) -> String {
        if !self.is_secret(name) {
            return self.text(value);
        }
        match value.split_once(' ') {
            Some((scheme, _)) if SCHEMES.contains(&scheme) => format!("{scheme} {REDACTED}"),
            _ => REDACTED.to_owned(),
        }
    }

    /// Headers as they may be shown.
    #[must_use]
    pub fn headers(&self, headers: &[(String, String)]) -> Vec<(String, String)> {
        headers.iter().map(|(name, value)| (name.clone(), self.header(name, value))).collect()
    }

    /// An address, a body or any other text as it may be shown.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.scan(&without_userinfo(text)).0
    }

    /// A body as it may be shown. Base64 is left as it is.
    #[must_use]
    pub fn payload(&self, payload: Payload) -> Payload {
        if payload.base64 { payload } else { Payload { text: self.text(&payload.text), ..payload } }
    }

    /// A finding as it may be shown: when a secret name is part of its path, its values are gone.
    #[must_use]
    pub fn finding(&self, mut finding: Finding) -> Finding {
        if path_names(&finding.path).any(|name| self.is_secret(name)) {
            for value in [finding.expected.as_mut(), finding.actual.as_mut()].into_iter().flatten() {
                finding.message = without_value(&finding.message, value);
                REDACTED.clone_into(value);
            }
        }
        finding.message = self.text(&finding.message);
        finding.expected = finding.expected.map(|value| self.text(&value));
        finding.actual = finding.actual.map(|value| self.text(&value));
        finding.help = finding.help.map(|help| self.text(&help));
        finding.rule = finding.rule.map(|rule| self.text(&rule));
        if let Some(location) = &mut finding.location {
            location.file = self.text(&location.file);
        }
        finding
    }

    /// A whole result as it may be shown.
    #[must_use]
    pub fn result(&self, mut result: InteractionResult) -> InteractionResult {
        result.findings = result.findings.into_iter().map(|finding| self.finding(finding)).collect();
        result.location.file = self.text(&result.location.file);
        for (name, value) in result.states.iter_mut().flat_map(|state| state.params.iter_mut()) {
            self.value(name, value);
        }
        if let Some(request) = &mut result.request {
            request.url = self.text(&request.url);
            request.headers = self.headers(&request.headers);
            request.body = request.body.take().map(|body| self.payload(body));
        }
        if let Some(response) = &mut result.response {
            response.headers = self.headers(&response.headers);
            response.body = response.body.take().map(|body| self.payload(body));
        }
        self.diff(&mut result.diff);
        if let Some(second) = &mut result.second_opinion {
            for mismatch in &mut second.mismatches {
                *mismatch = self.foreign(mismatch);
            }
        }
        result
    }

    /// An event as it may be told. Whatever a run tells goes through here.
    #[must_use]
    pub fn event(&self, event: Event) -> Event {
        match event {
            Event::RunStarted(mut run) => {
                run.command = self.text(&run.command);
                for pact in &mut run.pacts {
                    pact.file = self.text(&pact.file);
                }
                Event::RunStarted(run)
            }
            Event::Noted(finding) => Event::Noted(self.finding(finding)),
            Event::ProviderBuilding { command } => Event::ProviderBuilding { command: self.text(&command) },
            Event::ProviderStarting { command } => Event::ProviderStarting { command: self.text(&command) },
            Event::ProviderReady { urls } => {
                Event::ProviderReady { urls: urls.iter().map(|url| self.text(url)).collect() }
            }
            Event::InteractionFinished(result) => Event::InteractionFinished(self.result(result)),
            Event::InteractionStarted { .. } | Event::RunFinished { .. } => event,
        }
    }

    fn value(&self, name: &str, value: &mut Value) {
        match value {
            _ if self.is_secret(name) => *value = REDACTED.into(),
            Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| self.value(name, value)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value("", item)),
            Value::String(text) => *text = self.text(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Redacts line by line; what is nested under a secret name is recognised by its indentation.
    fn diff(&self, lines: &mut [DiffLine]) {
        let mut inside: Option<usize> = None;
        for line in lines {
            let indent = line.text.len() - line.text.trim_start().len();
            if inside.is_some_and(|outer| indent > outer) {
                line.text = format!("{}{REDACTED}", " ".repeat(indent));
                line.note = None;
                continue;
            }
            let (text, open) = self.scan(&without_userinfo(&line.text));
            inside = open.then_some(indent);
            line.text = text;
            line.note = line.note.take().map(|note| self.text(&note));
        }
    }

    /// A sentence in somebody else's words: when it names a secret, all that it quotes is gone.
    fn foreign(&self, text: &str) -> String {
        let names_secret = text.split(|c: char| !is_name_char(c)).any(|word| self.is_secret(word));
        if names_secret { without_quotations(text) } else { self.text(text) }
    }

    /// Replaces the values of secret names, and says whether the last one was cut off.
    fn scan(&self, text: &str) -> (String, bool) {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        let mut cut = false;
        while let Some(start) = rest.find(is_name_char) {
            let end = rest[start..].find(|c| !is_name_char(c)).map_or(rest.len(), |length| start + length);
            let (name, after) = (&rest[start..end], &rest[end..]);
            let is_element = rest[..start].ends_with('<');
            shown.push_str(&rest[..end]);
            rest = after;
            let gap =
                if self.is_secret(name) { separator(after, is_element) } else { scheme_gap(name, after) };
            if let Some(gap) = gap {
                shown.push_str(&after[..gap]);
                let value = Extent::of(&after[gap..]);
                shown.push_str(value.opening);
                // An empty value is no secret, and worth knowing.
                shown.push_str(if value.length > value.opening.len() { REDACTED } else { "" });
                rest = &after[gap + value.length..];
                cut = value.cut;
            }
        }
        shown.push_str(rest);
        (shown, cut)
    }
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new(std::iter::empty::<&str>())
    }
}

/// How far the value at the start of a text reaches, without its closing quotation mark.
struct Extent<'a> {
    opening: &'a str,
    length: usize,
    cut: bool,
}

impl<'a> Extent<'a> {
    fn of(text: &'a str) -> Self {
        let quoted = text.trim_start_matches('\\');
        let opening = &text[..text.len() - quoted.len()];
        match quoted.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let opening = &text[..=opening.len()];
                let closing = format!("{}{quote}", &opening[..opening.len() - 1]);
                let length = opening.len() + quotation(&text[opening.len()..], &closing);
                Self { opening, length, cut: false }
            }
            Some('{' | '[') => {
                let (length, cut) = container(text);
                Self { opening: "", length, cut }
            }
            _ => Self { opening: "", length: word(text), cut: false },
        }
    }
}

/// The length of a bare word; an authentication scheme and what follows it are one.
fn word(text: &str) -> usize {
    let end = |text: &str| text.find(ends_word).unwrap_or(text.len());
    let first = end(text);
    if SCHEMES.contains(&&text[..first]) && text[first..].starts_with(' ') {
        first + 1 + end(&text[first + 1..])
    } else {
        first
    }
}

/// The length up to the closing quotation mark, which does not count behind a backslash.
fn quotation(text: &str, closing: &str) -> usize {
    let mut from = 0;
    while let Some(found) = text[from..].find(closing) {
        let at = from + found;
        let escaped =
            closing.len() == 1 && text[..at].bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1;
        if !escaped {
            return at;
        }
        from = at + closing.len();
    }
    text.len()
}

/// The length of an object or a list, and whether its end is missing.
fn container(text: &str) -> (usize, bool) {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_text = !in_text,
            '{' | '[' if !in_text => depth += 1,
            '}' | ']' if !in_text => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (at + c.len_utf8(), false);
        }
    }
    (text.len(), true)
}

/// The length of what stands between a name and its value: `": "`, `=`, or `>` after an element's name.
fn separator(after: &str, is_element: bool) -> Option<usize> {
    let rest = after.trim_start_matches('\\').trim_start_matches(['"', '\'']).trim_start_matches(' ');
    let signs: &[char] = if is_element { &['>'] } else { &[':', '='] };
    let rest = rest.strip_prefix(signs)?.trim_start_matches(' ');
    (!rest.is_empty()).then_some(after.len() - rest.len())
}

fn scheme_gap(name: &str, after: &str) -> Option<usize> {
    let follows = after.starts_with(' ') && after[1..].starts_with(|c| !ends_word(c));
    (matches!(name, "Bearer" | "bearer" | "Basic") && follows).then_some(1)
}

fn without_userinfo(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find("://") {
        let (before, after) = rest.split_at(found + 3);
        shown.push_str(before);
        let authority =
            after.find(|c: char| "/?#\"'<>".contains(c) || c.is_whitespace()).unwrap_or(after.len());
        rest = match after[..authority].rfind('@') {
            Some(at) => {
                shown.push_str(REDACTED);
                &after[at..]
            }
            None => after,
        };
    }
    shown.push_str(rest);
    shown
}

/// A message without a value, which it may show with or without quotation marks.
fn without_value(message: &str, value: &str) -> String {
    let bare = value.trim_matches('"');
    if bare.is_empty() { message.to_owned() } else { message.replace(bare, REDACTED) }
}

fn without_quotations(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['"', '\'']) {
        let quote = if rest[start..].starts_with('"') { '"' } else { '\'' };
        let inside = &rest[start + 1..];
        let length = inside.find(quote).unwrap_or(inside.len());
        shown.push_str(&rest[..=start]);
        shown.push_str(REDACTED);
        rest = &inside[length..];
        if !rest.is_empty() {
            shown.push(quote);
            rest = &rest[1..];
        }
    }
    shown.push_str(rest);
    shown
}

fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split(|c: char| "$.[]'\"".contains(c)).filter(|name| !name.is_empty())
}

fn normal(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || "&;,\"'<>(){}[]".contains(c)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::finding::Code;
    use crate::finding::Place;
    use crate::outcome::Side;

    fn text(text: &str) -> String {
        Redactor::default().text(text)
    }

    #[test]
    fn a_secret_header_shows_its_scheme_at_most() {
        let redactor = Redactor::new(["X-Tenant-Pin"]);
        assert_eq!(redactor.header("AUTHORIZATION", "Bearer abc.def"), "Bearer REDACTED");
        assert_eq!(redactor.header("authorization", "abc def"), "REDACTED");
        assert_eq!(redactor.header("Set-Cookie", "session=1; Path=/"), "REDACTED");
        assert_eq!(redactor.header("x_tenant_pin", "1234"), "REDACTED");
        assert_eq!(redactor.header("Accept", "text/plain"), "text/plain");
        assert_eq!(
            redactor.header("Location", "http://a:b@host/?token=1"),
            "http://REDACTED@host/?token=REDACTED"
        );
    }

    #[test]
    fn addresses_lose_credentials_and_secret_parameters() {
        insta::assert_snapshot!(text("https://ann:pw@host:80/p?a=1&api_key=k%20y&b=2#x"), @"https://REDACTED@host:80/p?a=1&api_key=REDACTED&b=2#x");
        insta::assert_snapshot!(text("see http://u@h and http://h/a@b"), @"see http://REDACTED@h and http://h/a@b");
    }

    #[test]
    fn bodies_of_every_shape_lose_secret_fields() {
        insta::assert_snapshot!(text(r#"{"password": "a\"b", "n": 1, "apiKey":7,"x":{"token":null}}"#), @r#"{"password": "REDACTED", "n": 1, "apiKey":REDACTED,"x":{"token":REDACTED}}"#);
        insta::assert_snapshot!(text(r#"{"secret": {"a": ["}"], "b": 2}, "c": 3}"#), @r#"{"secret": REDACTED, "c": 3}"#);
        insta::assert_snapshot!(text("user=ann&password=hunter2&x=1"), @"user=ann&password=REDACTED&x=1");
        insta::assert_snapshot!(text("<a><password>hunter2</password></a>"), @"<a><password>REDACTED</password></a>");
        insta::assert_snapshot!(text(r#"{"inner":"{\"token\":\"abc\",\"n\":1}"}"#), @r#"{"inner":"{\"token\":\"REDACTED\",\"n\":1}"}"#);
    }

    #[test]
    fn a_body_that_was_cut_inside_a_secret_shows_nothing_of_it() {
        insta::assert_snapshot!(text(r#"{"password": "hunt"#), @r#"{"password": "REDACTED"#);
        insta::assert_snapshot!(text(r#"{"secret": {"a": "b"#), @r#"{"secret": REDACTED"#);
    }

    #[test]
    fn sentences_lose_bearer_tokens() {
        insta::assert_snapshot!(text("sent Authorization: Bearer abc.def-1, got 401"), @"sent Authorization: REDACTED, got 401");
        insta::assert_snapshot!(text("expected 'Bearer abc' here"), @"expected 'Bearer REDACTED' here");
        insta::assert_snapshot!(text("unexpected token: }, password=&x=1"), @"unexpected token: }, password=&x=1");
        insta::assert_snapshot!(text("the token is missing"), @"the token is missing");
    }

    #[test]
    fn a_finding_about_a_secret_keeps_its_place_only() {
        let finding = Finding::new(Code::WrongValue, Place::Body, "expected \"abc\", got \"xyz\"")
            .at("$.user.api_key")
            .with_values("\"abc\"", "\"xyz\"");
        let redacted = Redactor::default().finding(finding);
        assert_eq!(redacted.message, "expected \"REDACTED\", got \"REDACTED\"");
        assert_eq!(
            (redacted.expected.as_deref(), redacted.actual.as_deref()),
            (Some(REDACTED), Some(REDACTED))
        );
    }

    #[test]
    fn state_parameters_and_foreign_sentences_are_redacted() {
        let redactor = Redactor::default();
        let mut value = json!({"list": [{"password": "a"}], "url": "http://u:p@h"});
        redactor.value("user", &mut value);
        assert_eq!(value, json!({"list": [{"password": "REDACTED"}], "url": "http://REDACTED@h"}));
        let foreign = "Expected header 'Authorization' to have value 'y' but was 'x'";
        assert_eq!(
            redactor.foreign(foreign),
            "Expected header 'REDACTED' to have value 'REDACTED' but was 'REDACTED'"
        );
    }

    #[test]
    fn no_event_of_a_run_keeps_a_secret() {
        let log = include_str!("../tests/fixtures/report/secrets.jsonl");
        let redactor = Redactor::default();
        for line in log.lines() {
            assert!(line.contains("hunter2"), "the line proves nothing: {line}");
            let event: Event = serde_json::from_str(line).expect("an event");
            let told = serde_json::to_string(&redactor.event(event)).expect("JSON");
            assert!(!told.contains("hunter2"), "{told}");
        }
    }

    #[test]
    fn diff_lines_below_a_secret_key_are_redacted() {
        let line = |text: &str| DiffLine { side: Side::Both, text: text.to_owned(), note: None };
        let mut lines =
            [line("{"), line("  \"secret\": {"), line("    \"a\": 1"), line("  },"), line("  \"b\": 2")];
        Redactor::default().diff(&mut lines);
        let texts: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["{", "  \"secret\": REDACTED", "    REDACTED", "  },", "  \"b\": 2"]);
    }
}
