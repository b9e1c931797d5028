//! A JSON document that knows where in its text each value stands.
//!
//! Parsing is one pass of serde_json. Once a pact is read its value can be forgotten: what is still
//! asked for is read from the text again. Positions are worked out only when somebody asks for one, and
//! most of them only when something is wrong.

use std::cell::RefCell;
use std::fmt;
use std::sync::OnceLock;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::digest::Digest;
use super::json_text::has_plain_numbers;
use super::pointer::{Pointer, join_index, join_key};
use super::position::{Point, Positions, Spot, point_at};
use super::tree::Tree;
use crate::finding::{Code, Finding, Location, Place};

/// A parsed JSON document with its name and text.
#[derive(Debug)]
pub struct Document {
    name: String,
    text: String,
    value: OnceLock<Value>,
    duplicates: Vec<Pointer>,
    positions: Positions,
    has_plain_numbers: OnceLock<bool>,
}

impl Document {
    /// Parses a document.
    ///
    /// # Errors
    /// A finding with the position, for bytes that are not UTF-8 or not JSON.
    pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Self, Box<Finding>> {
        let text = String::from_utf8(without_byte_order_mark(bytes)).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
            invalid(name, "the file is not UTF-8 text", point_at(&before, before.len()))
        })?;
        let duplicates = RefCell::new(Vec::new());
        let mut deserializer = serde_json::Deserializer::from_str(&text);
        let seed = ValueSeed { pointer: Parents::Root, duplicates: &duplicates };
        let parsed = seed.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
        let value = parsed.map_err(|error| {
            let at = point_at(&text, offset_of(&text, &error));
            invalid(name, &why_invalid(&text, &error), at)
        })?;
        Ok(Self {
            name: name.to_owned(),
            text,
            value: OnceLock::from(value),
            duplicates: duplicates.into_inner(),
            positions: Positions::default(),
            has_plain_numbers: OnceLock::new(),
        })
    }

    /// The file or address it was read from.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text, without a byte order mark.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The whole value, which is read again when it was forgotten.
    #[must_use]
    pub fn value(&self) -> &Value {
        // The text was accepted before, so it is accepted again.
        self.value.get_or_init(|| serde_json::from_str(&self.text).unwrap_or_default())
    }

    /// The value at `pointer`; `null` where there is none.
    #[must_use]
    pub fn part(&self, pointer: &str) -> Value {
        let item = || {
            let text = self.positions.text_of_item(&self.text, pointer)?;
            serde_json::from_str(text).ok()
        };
        let known = || self.value().pointer(pointer).cloned().unwrap_or_default();
        if self.value.get().is_some() { known() } else { item().unwrap_or_else(known) }
    }

    /// The text of the value at `pointer`, as it stands in the document; `None` where there is none,
    /// and for values outside of interactions and messages.
    #[must_use]
    pub fn source(&self, pointer: &str) -> Option<&str> {
        self.positions.source(&self.text, pointer)
    }

    /// True when every number stands as it would be written again, so that no source has to be asked.
    pub(super) fn has_plain_numbers(&self) -> bool {
        *self.has_plain_numbers.get_or_init(|| has_plain_numbers(&self.text))
    }

    /// A digest of what the document says, whatever the order of its keys and the space around them.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(Tree::read(&self.text).sorted().compact())
    }

    /// Gives back the memory of the whole value, which takes several times that of the text.
    pub(super) fn forget_value(&mut self) {
        self.value.take();
    }

    /// Pointers to keys that stand more than once in their object.
    #[must_use]
    pub fn duplicates(&self) -> &[Pointer] {
        &self.duplicates
    }

    /// Where the key of the value at `pointer` stands (the value itself for items of a list), or
    /// the nearest value above it that exists.
    #[must_use]
    pub fn location(&self, pointer: &str) -> Location {
        self.locate(pointer, |spot| spot.key)
    }

    /// Where the value at `pointer` starts, or the nearest value above it that exists.
    #[must_use]
    pub fn value_location(&self, pointer: &str) -> Location {
        self.locate(pointer, |spot| spot.value)
    }

    fn locate(&self, pointer: &str, point: impl Fn(Spot) -> Point) -> Location {
        let (line, column) = point(self.positions.find(&self.text, pointer));
        Location { file: self.name.clone(), line, column }
    }
}

fn invalid(name: &str, message: &str, (line, column): (u32, u32)) -> Box<Finding> {
    let location = Location { file: name.to_owned(), line, column };
    Box::new(Finding::new(Code::InvalidJson, Place::Pact, message).with_location(location))
}

fn why_invalid(text: &str, error: &serde_json::Error) -> String {
    match plain(error).as_str() {
        _ if text.trim().is_empty() => "the file is empty".to_owned(),
        "recursion limit exceeded" => "this is nested more than 127 levels deep".to_owned(),
        "number out of range" => {
            "this number is out of range: beyond about 1.8e308 no two numbers can be told apart".to_owned()
        }
        why => format!("this is not valid JSON: {why}"),
    }
}

/// The message without the position that serde_json appends, which we show in our own form.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(cut) => text[..cut].to_owned(),
        None => text,
    }
}

/// The offset of the last byte that serde_json looked at; it counts columns in bytes, and from 0
/// when that byte is a line end.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let lines_before = error.line().saturating_sub(1);
    let line_start: usize = text.split_inclusive('\n').take(lines_before).map(str::len).sum();
    text.floor_char_boundary((line_start + error.column()).saturating_sub(1))
}

fn without_byte_order_mark(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    bytes
}

/// The way from the root to the value that is being read, without allocating for it.
#[derive(Clone, Copy)]
enum Parents<'a> {
    Root,
    Key(&'a Self, &'a str),
    Index(&'a Self, usize),
}

impl Parents<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Self::Root => String::new(),
            Self::Key(parent, key) => join_key(&parent.pointer(), key),
            Self::Index(parent, index) => join_index(&parent.pointer(), *index),
        }
    }
}

/// Builds a value as serde_json does, but notices keys that stand twice in one object.
struct ValueSeed<'a> {
    pointer: Parents<'a>,
    duplicates: &'a RefCell<Vec<Pointer>>,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            let seed = ValueSeed {
                pointer: Parents::Index(&self.pointer, values.len()),
                duplicates: self.duplicates,
            };
            let Some(value) = items.next_element_seed(seed)? else {
                values.shrink_to_fit();
                return Ok(Value::Array(values));
            };
            values.push(value);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut found = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            let pointer = Parents::Key(&self.pointer, &key);
            let value = entries.next_value_seed(ValueSeed { pointer, duplicates: self.duplicates })?;
            found.push((key, value));
        }
        // No larger than it needs to be: a document is many small objects.
        let mut map = Map::with_capacity(found.len());
        for (key, value) in found {
            match map.entry(key) {
                Entry::Vacant(place) => drop(place.insert(value)),
                Entry::Occupied(mut place) => {
                    let pointer = Parents::Key(&self.pointer, place.key()).pointer();
                    self.duplicates.borrow_mut().push(pointer);
                    place.insert(value);
                }
            }
        }
        Ok(Value::Object(map))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, _: D) -> Result<Value, D::Error> {
        Err(D::Error::custom("unexpected form of a number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Document {
        Document::parse("a.json", text.as_bytes().to_vec()).expect("valid JSON")
    }

    #[test]
    fn a_position_is_that_of_the_key_or_of_the_nearest_value_above() {
        let document = parse("{\n  \"a\": [\n    {\"é\": 1, \"b/c\": 2}\n  ]\n}");
        let at = |pointer: &str| {
            let location = document.location(pointer);
            (location.line, location.column)
        };
        assert_eq!(at("/a"), (2, 3));
        assert_eq!(at("/a/0"), (3, 5));
        assert_eq!(at("/a/0/b~1c"), (3, 14));
        assert_eq!(at("/a/0/missing/deeper"), (3, 5));
        assert_eq!(at(""), (1, 1));
        assert_eq!(document.value_location("/a").column, 8);
    }

    #[test]
    fn a_key_that_stands_twice_is_noticed() {
        let document = parse(r#"{"a": {"b": 1, "b": 2}, "c": [{"d": 1, "d": 1}]}"#);
        assert_eq!(document.duplicates(), ["/a/b", "/c/0/d"]);
    }

    #[test]
    fn what_is_not_json_is_named_with_its_position() {
        let error = Document::parse("a.json", b"{\n  \"a\": tru\n}".to_vec()).expect_err("invalid");
        assert_eq!(error.message, "this is not valid JSON: expected ident");
        assert_eq!(error.location.expect("a position").to_string(), "a.json:2:11");
        let error = Document::parse("a.json", b"{\"a\":\n \"\xff\"}".to_vec()).expect_err("invalid");
        assert_eq!(error.location.expect("a position").to_string(), "a.json:2:3");
    }

    #[test]
    fn a_forgotten_value_gives_the_same_parts() {
        let text = r#"{"interactions": [{"a": 0.1}, {"b": ["é"]}], "metadata": {"c": 1}}"#;
        let known = parse(text);
        for pointer in ["/interactions/0", "/interactions/1", "/interactions/2", "/metadata", "/x", ""] {
            let mut forgotten = parse(text);
            forgotten.forget_value();
            assert_eq!(forgotten.part(pointer), known.part(pointer), "{pointer}");
            assert_eq!(forgotten.value(), known.value());
        }
    }

    #[test]
    fn nesting_that_could_overflow_the_stack_is_refused() {
        let deep = "[".repeat(100_000);
        let error = Document::parse("a.json", deep.into_bytes()).expect_err("too deep");
        assert_eq!(error.code, Code::InvalidJson);
    }

    #[test]
    fn key_order_and_numbers_survive() {
        let text = r#"{"z":1,"a":0.1,"n":18446744073709551615,"f":1.0}"#;
        assert_eq!(parse(text).value().to_string(), text);
    }
}
