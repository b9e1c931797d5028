//! A JSON or YAML document that knows where in its text each value stands.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::contract::{Document, join_index, join_key};
use crate::finding::Location;
use crate::yaml::{self, At, Data, Node};

/// Why a specification cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{location}: {message}")]
pub struct NotRead {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub location: Location,
}

/// The value of a document, and positions by JSON pointer.
#[derive(Debug)]
pub(super) enum Source {
    Json(Document),
    Yaml { name: String, value: Value, places: BTreeMap<String, (u32, u32)> },
}

impl Source {
    /// Reads JSON where the text starts like an object, YAML otherwise.
    pub(super) fn parse(name: &str, bytes: Vec<u8>) -> Result<Self, NotRead> {
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if first == Some(&b'{') || bytes.starts_with(b"\xef\xbb\xbf{") {
            return Document::parse(name, bytes).map(Self::Json).map_err(|finding| NotRead {
                message: finding.message.clone(),
                location: finding.location.clone().unwrap_or_else(|| at(name, (1, 1))),
            });
        }
        let not_read =
            |message: &str, place| NotRead { message: message.to_owned(), location: at(name, place) };
        let text = String::from_utf8(bytes).map_err(|_| not_read("the file is not UTF-8 text", (1, 1)))?;
        let root = yaml::parse(&text).map_err(|problem| not_read(&problem.message, problem.at))?;
        let mut places = BTreeMap::new();
        let value = placed(root, "", &mut places);
        Ok(Self::Yaml { name: name.to_owned(), value, places })
    }

    pub(super) fn value(&self) -> &Value {
        match self {
            Self::Json(document) => document.value(),
            Self::Yaml { value, .. } => value,
        }
    }

    /// Where the key of the value at a pointer stands, or the nearest value above it.
    pub(super) fn location(&self, pointer: &str) -> Location {
        match self {
            Self::Json(document) => document.location(pointer),
            Self::Yaml { name, places, .. } => {
                let mut wanted = pointer;
                loop {
                    if let Some(place) = places.get(wanted) {
                        return at(name, *place);
                    }
                    let Some(cut) = wanted.rfind('/') else { return at(name, (1, 1)) };
                    wanted = &wanted[..cut];
                }
            }
        }
    }
}

fn at(name: &str, (line, column): (u32, u32)) -> Location {
    Location { file: name.to_owned(), line, column }
}

/// The value of a node; where it stands, and everything in it, is noted by its pointer.
fn placed(node: Node, pointer: &str, places: &mut BTreeMap<String, At>) -> Value {
    places.entry(pointer.to_owned()).or_insert(node.at);
    match node.data {
        Data::List(items) => {
            let items = items.into_iter().enumerate();
            items.map(|(index, item)| placed(item, &join_index(pointer, index), places)).collect()
        }
        Data::Map(fields) => {
            let mut map = Map::new();
            for field in fields {
                let pointer = join_key(pointer, &field.key);
                places.insert(pointer.clone(), field.at);
                map.insert(field.key, placed(field.value, &pointer, places));
            }
            map.into()
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => node.plain(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml(text: &str) -> Result<Source, NotRead> {
        Source::parse("faq.yaml", text.as_bytes().to_vec())
    }

    #[test]
    fn yaml_is_read_as_json_with_the_position_of_each_key() {
        let source = yaml("openapi: 3.0.3\npaths:\n  /faqs:\n    get:\n      responses:\n        200: {a: [1, 2.5, yes, null]}\nx: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\n").expect("YAML");
        insta::assert_snapshot!(source.value().to_string(), @r#"{"openapi":"3.0.3","paths":{"/faqs":{"get":{"responses":{"200":{"a":[1,2.5,"yes",null]}}}}},"x":{"a":1,"b":2},"y":{"b":3,"a":1}}"#);
        let at = |pointer: &str| source.location(pointer).to_string();
        insta::assert_snapshot!(["/paths/~1faqs/get", "/paths/~1faqs/get/responses/200/a/1", "/paths/x"].map(at).join("\n"), @"
        faq.yaml:4:5
        faq.yaml:6:22
        faq.yaml:2:1
        ");
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_position() {
        let said = |text: &str| yaml(text).err().map_or("read".to_owned(), |error| error.to_string());
        let table = ["a: [1", "a: 1\na: 2", "- 1\n---\n- 2", "", "? [a]\n: 1"].map(said);
        insta::assert_snapshot!(table.join("\n"), @"
        faq.yaml:2:1: this is not valid YAML: while parsing a flow sequence, expected ',' or ']'
        faq.yaml:2:1: this is not valid YAML: duplicated key in mapping
        faq.yaml:3:1: there is more than one document in the file
        faq.yaml:1:1: the file is empty
        faq.yaml:1:3: a key is a text, and this is a list
        ");
    }
}
