//! JSON values by their text, where the text says more than the value: 64 bits do not hold every
//! number, and `1.10` and `-0` are not how a number is written again.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged as _;
use serde_json::{Number, Value};

/// The text of a JSON document without the white space between its parts.
#[must_use]
pub(super) fn compact(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut compact = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        let end = if *first == b'"' {
            end_of_string(bytes, at)
        } else {
            let is_end = |byte: &u8| *byte == b'"' || byte.is_ascii_whitespace();
            bytes[at..].iter().position(is_end).map_or(bytes.len(), |length| at + length)
        };
        compact.push_str(&text[at..end]);
        let space = bytes[end..].iter().take_while(|byte| byte.is_ascii_whitespace());
        at = end + space.count();
    }
    compact
}

/// Where a string ends that begins at `start` with its quote.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found + 1;
        if bytes[at - 1] == b'"' {
            return at;
        }
        // Whatever is escaped does not end it.
        at += 1;
    }
    bytes.len()
}

/// The text of `made`, where whatever is as in `written` keeps the text it has there.
#[must_use]
pub fn with_changes(written: &str, made: &Value) -> String {
    let collect = jsonc_parser::CollectOptions::default();
    let parsed = jsonc_parser::parse_to_ast(written, &collect, &jsonc_parser::ParseOptions::default());
    match parsed.ok().and_then(|parsed| parsed.value) {
        Some(root) => changed(written, &root, made),
        None => made.to_string(),
    }
}

fn changed(text: &str, written: &ast::Value<'_>, made: &Value) -> String {
    match (written, made) {
        (ast::Value::Object(object), Value::Object(map)) if has_keys(object, map) => {
            let entries = object.properties.iter().map(|entry| {
                let value = map.get(entry.name.as_str()).unwrap_or(&Value::Null);
                let name = &text[entry.name.range().start..entry.name.range().end];
                format!("{name}:{}", changed(text, &entry.value, value))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        (ast::Value::Array(array), Value::Array(items)) if array.elements.len() == items.len() => {
            let items = array.elements.iter().zip(items).map(|(written, made)| changed(text, written, made));
            format!("[{}]", items.collect::<Vec<_>>().join(","))
        }
        _ => {
            let own = written.text(text);
            let is_same = serde_json::from_str::<Value>(own).is_ok_and(|value| value == *made);
            if is_same { compact(own) } else { made.to_string() }
        }
    }
}

fn has_keys(object: &ast::Object<'_>, map: &serde_json::Map<String, Value>) -> bool {
    object.properties.len() == map.len()
        && object.properties.iter().all(|entry| map.contains_key(entry.name.as_str()))
}

/// True when every number of a JSON document is written as it would be written again.
pub(super) fn has_plain_numbers(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr::memchr(b'"', &bytes[at..]).map_or(bytes.len(), |length| at + length);
        if !text[at..end].split(is_between_numbers).all(is_plain) {
            return false;
        }
        at = end_of_string(bytes, end);
    }
    true
}

fn is_between_numbers(letter: char) -> bool {
    letter.is_ascii_whitespace() || matches!(letter, ',' | ':' | '[' | ']' | '{' | '}')
}

/// False for a number that is written in another way than serde_json writes it.
fn is_plain(token: &str) -> bool {
    let is_short = token.len() < 19 && token.bytes().all(|byte| byte.is_ascii_digit());
    is_short
        || matches!(token, "true" | "false" | "null")
        || serde_json::from_str::<Number>(token).is_ok_and(|number| number.to_string() == token)
}

/// True when a value holds a number that may be written in more than one way.
pub(super) fn has_decimals(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_decimals),
        Value::Object(map) => map.values().any(has_decimals),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_white_space_between_the_parts_goes() {
        let text = "{ \"a b\" : [ 1.10,\n -0 ],\t\"c\\\" \" : \"x\\\\\" }";
        assert_eq!(compact(text), "{\"a b\":[1.10,-0],\"c\\\" \":\"x\\\\\"}");
    }

    #[test]
    fn a_number_is_plain_when_it_is_written_as_it_would_be_again() {
        for text in ["[1,-2, 4.5,true,false,null]", r#"{"1.10\"1.10": "-0", "b": 0.1}"#, "1.5", "\"1.10"] {
            assert!(has_plain_numbers(text), "{text}");
        }
        for text in ["[1, 1.10]", "{\"a\": -0}", "1e2", "[9007199254740993.0]", "12345678901234567890123"] {
            assert!(!has_plain_numbers(text), "{text}");
        }
    }

    #[test]
    fn what_was_not_made_keeps_its_text() {
        let written = r#"{"id": 1, "price": 1.10, "big": [9007199254740993.0, "\u00e9"], "a": {}}"#;
        let mut made: Value = serde_json::from_str(written).expect("JSON");
        assert_eq!(with_changes(written, &made), compact(written));
        made["id"] = json!(7);
        made["a"] = json!({"b": 1});
        assert_eq!(
            with_changes(written, &made),
            r#"{"id":7,"price":1.10,"big":[9007199254740993.0,"\u00e9"],"a":{"b":1}}"#
        );
    }
}
