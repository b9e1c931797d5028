//! What a run has found out and what it has asked, without everything that differs between two
//! runs or two machines.

use onig::Regex;
use pactwright::finding::Finding;
use pactwright::outcome::InteractionResult;
use serde_json::{Map, Value, json};

use super::case::{Case, Outcome};
use super::provider::Asked;

/// Headers that say nothing about the contract: what every client sends.
fn is_usual(line: &str) -> bool {
    let line = line.to_lowercase();
    line.starts_with("host:") || line.starts_with("content-length:") || line == "accept: */*"
}

/// The outcome as it is kept in `expected.json`.
pub(crate) fn projection(case: &Case, outcome: &Outcome) -> String {
    let report = &outcome.report;
    let whole = object([
        ("answer", json!(report.answer)),
        ("reading", case.reading.iter().map(finding).collect()),
        ("run", report.findings.iter().map(finding).collect()),
        ("interactions", report.interactions.iter().map(interaction).collect()),
        ("asked", outcome.asked.iter().map(request).collect()),
    ]);
    stable(&format!("{whole:#}\n"), &outcome.varying)
}

fn interaction(result: &InteractionResult) -> Value {
    object([
        ("description", json!(result.description)),
        ("verdict", json!(result.verdict)),
        ("skipped", json!(result.skipped)),
        ("pending", if result.pending { json!(true) } else { Value::Null }),
        ("attempts", if result.attempts > 1 { json!(result.attempts) } else { Value::Null }),
        ("flaky", if result.flaky { json!(true) } else { Value::Null }),
        ("same-as", json!(result.same_as)),
        ("findings", result.findings.iter().map(finding).collect()),
    ])
}

fn finding(finding: &Finding) -> Value {
    let line = finding.location.as_ref().map(|location| location.line);
    object([
        ("code", json!(finding.code)),
        ("place", json!(finding.place)),
        ("path", if finding.path.is_empty() { Value::Null } else { json!(finding.path) }),
        ("message", json!(finding.message)),
        ("expected", json!(finding.expected)),
        ("actual", json!(finding.actual)),
        ("rule", json!(finding.rule)),
        ("help", json!(finding.help)),
        ("line", json!(line)),
        ("derived", if finding.derived { json!(true) } else { Value::Null }),
    ])
}

fn request(asked: &Asked) -> Value {
    let headers: Vec<Value> =
        asked.head.lines().skip(1).filter(|line| !is_usual(line)).map(Value::from).collect();
    let body = String::from_utf8(asked.body.clone());
    let body = body.unwrap_or_else(|error| format!("{:02x?}", error.as_bytes()));
    object([
        ("request", json!(asked.row())),
        ("headers", headers.into()),
        ("body", if body.is_empty() { Value::Null } else { body.into() }),
    ])
}

/// An object without what says nothing.
fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let says_something =
        |value: &Value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
    let kept = entries.into_iter().filter(|(_, value)| says_something(value));
    Value::Object(kept.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

fn stable(text: &str, varying: &[(String, String)]) -> String {
    varying.iter().fold(text.to_owned(), |text, (pattern, replacement)| {
        Regex::new(pattern)
            .expect("`stable` holds regular expressions")
            .replace_all(&text, replacement.as_str())
    })
}
