//! JSON, with the positions that every pact has.

use serde_json::Value;

use crate::contract::{Document, join_index, join_key};
use crate::finding::{Code, Finding, Location, Place};
use crate::yaml::{At, Data, Field, Node};

/// Reads a JSON file.
pub(super) fn parse(name: &str, text: &str) -> Result<Node, Box<Finding>> {
    let document = Document::parse(name, text.as_bytes().to_vec())?;
    if let Some(twice) = document.duplicates().first() {
        let message = format!("the key `{}` stands twice", twice.rsplit('/').next().unwrap_or_default());
        let finding = Finding::new(Code::DuplicateKey, Place::Pact, message);
        return Err(Box::new(finding.with_location(document.location(twice))));
    }
    Ok(node(&document, document.value(), ""))
}

fn node(document: &Document, value: &Value, pointer: &str) -> Node {
    let at = place(&document.value_location(pointer));
    let data = match value {
        Value::Null => Data::Null,
        Value::Bool(value) => Data::Bool(*value),
        Value::Number(number) => Data::Number(number.clone()),
        Value::String(text) => Data::Text(text.clone()),
        Value::Array(items) => Data::List(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| node(document, item, &join_index(pointer, index)))
                .collect(),
        ),
        Value::Object(fields) => Data::Map(
            fields
                .iter()
                .map(|(key, value)| {
                    let pointer = join_key(pointer, key);
                    let at = place(&document.location(&pointer));
                    Field { at, key: key.clone(), value: node(document, value, &pointer) }
                })
                .collect(),
        ),
    };
    Node { at, data }
}

fn place(location: &Location) -> At {
    (location.line, location.column)
}
