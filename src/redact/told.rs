//! Whatever a run tells: its events, results and findings.

use serde_json::{Map, Value};

use super::known::without_word;
use super::names::{is_name_char, path_names};
use super::value::SCHEMES;
use super::{REDACTED, Redactor};
use crate::event::Event;
use crate::finding::Finding;
use crate::outcome::{DiffLine, InteractionResult, Side};

/// What stands for a secret that differs from the expected one.
const ANOTHER: &str = "another secret";

impl Redactor {
    /// A finding as it may be shown: when a secret name is part of its path, its values are gone.
    /// Two values of which nothing is left to tell them apart are said to differ.
    #[must_use]
    pub fn finding(&self, mut finding: Finding) -> Finding {
        let differs = finding.expected != finding.actual;
        if path_names(&finding.path).any(|name| self.is_secret(name)) {
            for value in [finding.expected.as_mut(), finding.actual.as_mut()].into_iter().flatten() {
                let secret = secret_part(value);
                finding.message = without_secret(&finding.message, secret);
                if !secret.is_empty() {
                    *value = value.strip_suffix(secret).unwrap_or_default().to_owned() + REDACTED;
                }
            }
        }
        finding.path = self.known.out_of(&finding.path);
        finding.message = self.text(&finding.message);
        finding.expected = finding.expected.map(|value| self.text(&value));
        finding.actual = finding.actual.map(|value| self.text(&value));
        finding.help = finding.help.map(|help| self.text(&help));
        finding.rule = finding.rule.map(|rule| self.text(&rule));
        if let Some(location) = &mut finding.location {
            location.file = self.text(&location.file);
        }
        if differs && finding.expected == finding.actual {
            say_that_it_differs(&mut finding);
        }
        finding
    }

    /// A whole result as it may be shown.
    #[must_use]
    pub fn result(&self, mut result: InteractionResult) -> InteractionResult {
        for findings in [&mut result.findings, &mut result.first_failure] {
            *findings = std::mem::take(findings).into_iter().map(|finding| self.finding(finding)).collect();
        }
        result.location.file = self.text(&result.location.file);
        result.description = self.known.out_of(&result.description);
        result.recorded_by = result.recorded_by.map(|test| self.known.out_of(&test));
        for state in &mut result.states {
            state.name = self.known.out_of(&state.name);
            self.params(&mut state.params);
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
            Event::ProviderSaid { instance, line } => {
                Event::ProviderSaid { instance, line: self.text(&line) }
            }
            Event::ProviderReady { urls } => {
                Event::ProviderReady { urls: urls.iter().map(|url| self.text(url)).collect() }
            }
            Event::InteractionFinished(result) => Event::InteractionFinished(self.result(result)),
            Event::InteractionStarted { .. } | Event::RunFinished { .. } => event,
        }
    }

    /// The parameters of a state as they may be shown.
    pub fn params(&self, params: &mut Map<String, Value>) {
        params.iter_mut().for_each(|(name, value)| self.value(name, value));
    }

    fn value(&self, name: &str, value: &mut Value) {
        match value {
            _ if self.is_secret(name) => *value = REDACTED.into(),
            Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| self.value(name, value)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value("", item)),
            Value::String(text) => *text = self.text(text),
            Value::Number(number) if self.known.out_of(&number.to_string()) == REDACTED => {
                *value = REDACTED.into();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Redacts line by line; what is nested under a secret name is recognised by its indentation.
    pub fn diff(&self, lines: &mut [DiffLine]) {
        let mut inside: Option<usize> = None;
        for line in &mut *lines {
            let indent = line.text.len() - line.text.trim_start().len();
            if inside.is_some_and(|outer| indent > outer) {
                line.text = format!("{}{REDACTED}", " ".repeat(indent));
                line.note = None;
                continue;
            }
            let (text, open) = self.scanned(&line.text);
            inside = open.then_some(indent);
            line.text = text;
            line.note = line.note.take().map(|note| self.text(&note));
        }
        note_what_differs(lines);
    }

    /// A sentence in somebody else's words: when it names a secret, all that it quotes is gone.
    fn foreign(&self, text: &str) -> String {
        let names_secret = text.split(|c: char| !is_name_char(c)).any(|word| self.is_secret(word));
        if names_secret { without_quotations(text) } else { self.text(text) }
    }
}

/// The part of a value that is secret: not its scheme, and nothing when there is no value.
fn secret_part(value: &str) -> &str {
    match value.split_once(' ') {
        Some((scheme, secret)) if SCHEMES.contains(&scheme) => secret,
        _ if value == "null" => "",
        _ => value.trim_matches('"'),
    }
}

/// A message without a secret, which it may show with or without quotation marks.
fn without_secret(message: &str, secret: &str) -> String {
    if secret.is_empty() { message.to_owned() } else { without_word(message, secret) }
}

/// Of two values that look alike now, the second is said to be another one.
fn say_that_it_differs(finding: &mut Finding) {
    let halves = finding.message.strip_prefix("expected ").and_then(|rest| rest.split_once(", got "));
    if let Some((expected, _)) = halves.filter(|(expected, actual)| expected == actual) {
        finding.message = format!("expected {expected}, got {ANOTHER}");
    }
    finding.actual = Some(ANOTHER.to_owned());
}

/// Says of a received line that looks like the expected one why it is there.
fn note_what_differs(lines: &mut [DiffLine]) {
    let mut expected: Vec<&str> = Vec::new();
    for line in lines {
        match line.side {
            Side::Expected => expected.push(&line.text),
            Side::Received if line.text.contains(REDACTED) && expected.contains(&line.text.as_str()) => {
                line.note = Some(ANOTHER.to_owned());
            }
            Side::Received => {}
            Side::Both | Side::Gap => expected.clear(),
        }
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::finding::Code;
    use crate::finding::Place;

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
        assert_eq!(redacted.message, "expected \"REDACTED\", got another secret");
        assert_eq!(
            (redacted.expected.as_deref(), redacted.actual.as_deref()),
            (Some(REDACTED), Some(ANOTHER))
        );
    }

    #[test]
    fn what_differs_only_in_a_secret_is_said_to_differ() {
        let table = [
            ("Authorization", "Bearer abc", "Bearer xyz"),
            ("Authorization", "Bearer abc", "Basic xyz"),
            ("Authorization", "Bearer abc", ""),
            ("Set-Cookie", "a=1", "a=2"),
            ("Location", "http://h/?token=abc&b=1", "http://h/?token=xyz&b=1"),
            ("Location", "http://h/?token=abc&b=1", "http://h/?token=xyz&b=2"),
            ("ETag", "abc", "xyz"),
        ]
        .map(|(name, expected, actual)| {
            let message = format!("expected \"{expected}\", got \"{actual}\"");
            let finding = Finding::new(Code::HeaderMismatch, Place::Header, message).at(name);
            let told = Redactor::default().finding(finding.with_values(expected, actual));
            format!("{name}: {} ({})", told.message, told.actual.unwrap_or_default())
        });
        insta::assert_snapshot!(table.join("\n"), @r#"
        Authorization: expected "Bearer REDACTED", got another secret (another secret)
        Authorization: expected "Bearer REDACTED", got "Basic REDACTED" (Basic REDACTED)
        Authorization: expected "Bearer REDACTED", got "" ()
        Set-Cookie: expected "REDACTED", got another secret (another secret)
        Location: expected "http://h/?token=REDACTED&b=1", got another secret (another secret)
        Location: expected "http://h/?token=REDACTED&b=1", got "http://h/?token=REDACTED&b=2" (http://h/?token=REDACTED&b=2)
        ETag: expected "abc", got "xyz" (xyz)
        "#);
    }

    #[test]
    fn a_line_that_differs_only_in_a_secret_says_so() {
        let line = |side, text: &str| DiffLine { side, text: text.to_owned(), note: None };
        let mut lines = [
            line(Side::Both, "{"),
            line(Side::Expected, "  \"token\": \"abc\""),
            line(Side::Received, "  \"token\": \"xyz\""),
            line(Side::Both, "}"),
            line(Side::Received, "  \"token\": \"xyz\""),
        ];
        Redactor::default().diff(&mut lines);
        let notes: Vec<_> = lines.iter().map(|line| line.note.as_deref()).collect();
        assert_eq!(notes, [None, None, Some(ANOTHER), None, None]);
    }

    #[test]
    fn a_finding_about_a_short_secret_can_still_be_read() {
        let finding =
            Finding::new(Code::WrongValue, Place::Header, "expected \"a\" at last, got \"1\" of 11")
                .at("X-Api-Key")
                .with_values("\"a\"", "\"1\"");
        let redacted = Redactor::default().finding(finding);
        assert_eq!(redacted.message, "expected \"REDACTED\" at last, got \"REDACTED\" of 11");
        assert_eq!(redacted.actual.as_deref(), Some(ANOTHER));
    }

    #[test]
    fn what_the_user_gave_is_gone_from_every_part_of_a_result() {
        let log = include_str!("../../tests/fixtures/report/sample.jsonl");
        assert!(["catalogue", "application", "127.0.0.1"].iter().all(|secret| log.contains(secret)));
        let redactor = Redactor::default().knowing("catalogue").knowing("application").knowing("127.0.0.1");
        for line in log.lines() {
            let event: Event = serde_json::from_str(line).expect("an event");
            let told = serde_json::to_string(&redactor.event(event)).expect("JSON");
            for secret in ["catalogue", "application", "127.0.0.1"] {
                assert!(!told.contains(secret), "{told}");
            }
        }
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
        let log = include_str!("../../tests/fixtures/report/secrets.jsonl");
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
