//! Query strings: a text up to version 2, an object of lists from version 3.

use serde_json::Value;

use super::cursor::{Cursor, kind};
use crate::contract::model::{Query, SpecVersion};
use crate::finding::Code;

/// Reads a query.
pub(super) fn query(cursor: &Cursor<'_>, version: SpecVersion) -> Query {
    match cursor.value {
        Value::String(text) if text.is_empty() => Query::default(),
        Value::String(text) => Query { raw: Some(text.clone()), params: parsed(text) },
        Value::Object(map) if version >= SpecVersion::V3 || map.is_empty() => Query {
            raw: None,
            params: cursor.entries().flat_map(|(name, value)| values(name, &value)).collect(),
        },
        _ => {
            let wanted =
                if version >= SpecVersion::V3 { "an object or a text" } else { "a text, as before V3" };
            cursor.refuse_type(wanted);
            Query::default()
        }
    }
}

/// The values of one parameter; one that is there without a value is `None`.
fn values(name: &str, parameter: &Cursor<'_>) -> Vec<(String, Option<String>)> {
    let pair = |value: Option<String>| (name.to_owned(), value);
    match parameter.value {
        Value::String(text) => vec![pair(Some(text.clone()))],
        Value::Null => vec![pair(None)],
        Value::Array(_) => parameter
            .items()
            .iter()
            .filter_map(|item| {
                if item.value.is_null() {
                    Some(pair(None))
                } else {
                    item.text().map(|text| pair(Some(text.to_owned())))
                }
            })
            .collect(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            let message =
                format!("the query parameter `{name}` is {}, not a list of texts", kind(parameter.value));
            parameter.value_says(Code::BadType, message, "");
            Vec::new()
        }
    }
}

/// The parameters in a query string, decoded as the reference decodes them.
fn parsed(text: &str) -> Vec<(String, Option<String>)> {
    let pair = |part: &str| match part.split_once('=') {
        Some((name, value)) => (decoded(name), Some(decoded(value))),
        None => (decoded(part), None),
    };
    text.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

/// Undoes `%41` and `+`. A sign that starts no code stays, and so does a text that would not be
/// UTF-8.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(hex(*high) * 16 + hex(*low));
                rest = after;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> u8 {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_string_is_decoded_as_the_reference_does() {
        let shown = |text: &str| {
            let pairs = parsed(text).into_iter().map(|(name, value)| match value {
                Some(value) => format!("{name}=>{value}"),
                None => name,
            });
            pairs.collect::<Vec<_>>().join(" | ")
        };
        let table =
            ["a=b&c=d", "a&c=&a=%20x+y", "a=%E6%96%87&b=é", "a=b=c&&d", "a=%zz&b=%4", "a=%ff"].map(shown);
        insta::assert_snapshot!(table.join("\n"), @"
        a=>b | c=>d
        a | c=> | a=> x y
        a=>文 | b=>é
        a=>b=c | d
        a=>%zz | b=>%4
        a=>%ff
        ");
    }

    #[test]
    fn the_reference_decodes_the_same() {
        for text in ["a=b&c=d", "a&c=&a=%20x+y", "a=%E6%96%87", "a=b=c&&d", "a=%zz&b=%4", "a=%ff", "q=%2B%26"]
        {
            let theirs = pact_models::query_strings::parse_query_string(text).expect("parameters");
            for (name, values) in theirs {
                let ours: Vec<_> = parsed(text)
                    .into_iter()
                    .filter(|(ours, _)| *ours == name)
                    .map(|(_, value)| value)
                    .collect();
                assert_eq!(ours, values, "{text}: {name}");
            }
        }
    }
}
