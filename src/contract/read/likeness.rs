//! Whether a JSON file found in a directory is meant to be a pact.
//!
//! A file is passed over only when nothing in it looks like one; whatever is doubtful is read as a
//! pact, so that a damaged pact is an error and not a file that was skipped.

use serde_json::{Map, Value};

use super::keys::{METADATA, PACT, probably_meant};
use crate::contract::document::Document;

/// Whether a document is meant to be a pact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// It is one, or it may be meant to be one.
    Pact,
    /// Nothing in it looks like one.
    PlainlyNot,
}

/// Says whether a document is meant to be a pact, also when it has defects.
#[must_use]
pub fn looks_like_a_pact(document: &Document) -> Likeness {
    likeness(document.value())
}

/// The same for a value.
pub(super) fn likeness(value: &Value) -> Likeness {
    let telling = match value {
        Value::Object(map) if is_written_by_us(map) => false,
        Value::Object(map) => map.is_empty() || map.iter().any(|(key, value)| tells(key, value)),
        // A list is no pact; one of pacts may be somebody's export of them.
        Value::Array(items) => {
            items.iter().any(|item| item.get("consumer").is_some() && item.get("provider").is_some())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    if telling { Likeness::Pact } else { Likeness::PlainlyNot }
}

/// True for the text of an event log, which is not one JSON value but a line for each event.
#[must_use]
pub fn is_event_log(text: &[u8]) -> bool {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // The quick look spares a pact that stands on one line from being parsed twice.
    line.starts_with(b"{\"schema_version\":")
        && serde_json::from_slice::<Value>(line).is_ok_and(|event| event.get("event").is_some())
}

/// True for a report or a list of findings that this program has written.
fn is_written_by_us(map: &Map<String, Value>) -> bool {
    let has_version =
        ["schema_version", "schemaVersion"].iter().any(|key| map.get(*key).is_some_and(Value::is_number));
    let is_about_pacts = ["run", "event", "findings"].iter().any(|key| map.contains_key(*key));
    has_version && is_about_pacts && !map.contains_key("consumer")
}

/// True for a key that a pact has and few other files do, or one that resembles it.
fn tells(key: &str, value: &Value) -> bool {
    let resembles =
        |known: &[&str]| known.contains(&key) || probably_meant(key, known.iter().copied()).is_some();
    if key == "metadata" {
        let map = value.as_object();
        return map.is_some_and(|map| map.keys().any(|key| METADATA[..3].contains(&key.as_str())));
    }
    // `{"message": "not found"}` is somebody's error, not a misspelt pact.
    let may_be_a_list = !matches!(value, Value::Bool(_) | Value::Number(_) | Value::String(_));
    resembles(&PACT[..2]) || (may_be_a_list && resembles(&PACT[2..4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_nothing_of_a_pact_is_plainly_not_one() {
        let of = |text: &str| {
            let document = Document::parse("a.json", text.as_bytes().to_vec()).expect("valid JSON");
            looks_like_a_pact(&document)
        };
        for text in [
            r#"{"name": "faq", "dependencies": {}}"#,
            r#"{"openapi": "3.0.0", "paths": {}}"#,
            r#"{"kind": "Pod", "metadata": {"name": "x"}}"#,
            r#"{"_links": {"pb:provider": {"href": "x"}}, "_embedded": {"pacts": []}}"#,
            r#"{"schema_version": 1, "run": {"provider": "faq"}, "interactions": []}"#,
            r#"{"schemaVersion": 1, "pacts": 3, "interactions": 10, "findings": []}"#,
            r#"{"message": "not found"}"#,
            "[1, 2]",
            r#"[{"file": "a.json", "interactions": 3}]"#,
            "\"text\"",
            "null",
        ] {
            assert_eq!(of(text), Likeness::PlainlyNot, "{text}");
        }
        for text in [
            r#"{"interactions": []}"#,
            r#"{"interactons": []}"#,
            r#"{"Consumer": 1}"#,
            r#"{"schema_version": 1, "consumer": {"name": "a"}, "findings": []}"#,
            r#"{"message": [{"description": "a"}]}"#,
            r#"{"metadata": {"pactSpecification": {}}}"#,
            r#"[{"consumer": {}, "provider": {}}]"#,
            "{}",
        ] {
            assert_eq!(of(text), Likeness::Pact, "{text}");
        }
    }
}
