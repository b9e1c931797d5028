//! A JSON or YAML document that knows where in its text each value stands.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, MarkedYamlOwned, ScalarOwned, YamlDataOwned};
use serde_json::{Map, Number, Value};

use crate::contract::{Document, join_index, join_key};
use crate::finding::Location;

/// Nesting that is still read.
const DEEPEST: usize = 200;

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
        let documents = MarkedYamlOwned::load_from_str(&text).map_err(|error| {
            let marker = error.marker();
            not_read(&format!("this is not valid YAML: {}", error.info()), place(marker.line(), marker.col()))
        })?;
        let [document] = documents.as_slice() else {
            return Err(not_read("the file does not hold one YAML document", (1, 1)));
        };
        let mut places = BTreeMap::new();
        let mut reader = Reader { places: &mut places };
        let value =
            reader.value(document, String::new(), 0).map_err(|(message, place)| not_read(&message, place))?;
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

/// As editors count: both from 1.
fn place(line: usize, column: usize) -> (u32, u32) {
    let counted = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    (counted(line), counted(column).saturating_add(1))
}

struct Reader<'a> {
    places: &'a mut BTreeMap<String, (u32, u32)>,
}

type Problem = (String, (u32, u32));

impl Reader<'_> {
    fn value(&mut self, node: &MarkedYamlOwned, pointer: String, depth: usize) -> Result<Value, Problem> {
        let here = place(node.span.start.line(), node.span.start.col());
        if depth > DEEPEST {
            return Err(("the file is nested too deeply".to_owned(), here));
        }
        self.places.entry(pointer.clone()).or_insert(here);
        match &node.data {
            YamlDataOwned::Value(scalar) => single(scalar).map_err(|message| (message, here)),
            YamlDataOwned::Sequence(items) => {
                let item =
                    |(index, item): (usize, _)| self.value(item, join_index(&pointer, index), depth + 1);
                Ok(Value::Array(items.iter().enumerate().map(item).collect::<Result<_, _>>()?))
            }
            YamlDataOwned::Mapping(entries) => {
                let mut map = Map::new();
                for (key, value) in entries {
                    let name = key_of(key)?;
                    let pointer = join_key(&pointer, &name);
                    let start = key.span.start;
                    self.places.insert(pointer.clone(), place(start.line(), start.col()));
                    map.insert(name, self.value(value, pointer, depth + 1)?);
                }
                merge(&mut map);
                Ok(Value::Object(map))
            }
            YamlDataOwned::Tagged(_, inner) => self.value(inner, pointer, depth),
            YamlDataOwned::Representation(..) | YamlDataOwned::Alias(_) | YamlDataOwned::BadValue => {
                Err(("this value cannot be read".to_owned(), here))
            }
        }
    }
}

/// A status is written as a number in YAML, and is a text in the specification.
fn key_of(key: &MarkedYamlOwned) -> Result<String, Problem> {
    let here = place(key.span.start.line(), key.span.start.col());
    match &key.data {
        YamlDataOwned::Value(ScalarOwned::String(text)) => Ok(text.clone()),
        YamlDataOwned::Value(scalar) => {
            single(scalar).map(|value| value.to_string()).map_err(|message| (message, here))
        }
        _ => Err(("a key must be a text".to_owned(), here)),
    }
}

/// Brings in what stands under the merge key `<<`: one mapping or several, of which the first wins.
fn merge(map: &mut Map<String, Value>) {
    let others = match map.shift_remove("<<") {
        Some(Value::Array(several)) => several,
        Some(one) => vec![one],
        None => return,
    };
    for other in others {
        if let Value::Object(fields) = other {
            for (key, value) in fields {
                map.entry(key).or_insert(value);
            }
        }
    }
}

fn single(scalar: &ScalarOwned) -> Result<Value, String> {
    match scalar {
        ScalarOwned::Null => Ok(Value::Null),
        ScalarOwned::Boolean(value) => Ok((*value).into()),
        ScalarOwned::Integer(value) => Ok((*value).into()),
        ScalarOwned::FloatingPoint(value) => Number::from_f64(value.into_inner())
            .map(Value::Number)
            .ok_or_else(|| "this number has no place in JSON".to_owned()),
        ScalarOwned::String(text) => Ok(text.as_str().into()),
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
        faq.yaml:1:1: the file does not hold one YAML document
        faq.yaml:1:1: the file does not hold one YAML document
        faq.yaml:1:3: a key must be a text
        ");
    }
}
