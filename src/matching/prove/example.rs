//! The JSON of an example, which borrows its texts from the bytes it was read from.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// A JSON value.
#[derive(Debug)]
pub(super) enum Example<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Self>),
    /// Its entries in their order; no key stands twice.
    Object(Vec<(Cow<'a, str>, Self)>),
}

impl<'a> Example<'a> {
    /// Reads an example; `None` when it is not JSON, or has a key twice.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// True for a list or an object.
    pub(super) fn is_container(&self) -> bool {
        matches!(self, Self::List(_) | Self::Object(_))
    }
}

/// The position of a key among the entries of an object. `hint` is where it is looked for first:
/// most answers have their keys in the order of the example.
pub(super) fn position(entries: &[(Cow<'_, str>, Example<'_>)], key: &str, hint: usize) -> Option<usize> {
    let is_there = |(known, _): &(Cow<'_, str>, Example<'_>)| known == key;
    if entries.get(hint).is_some_and(is_there) {
        return Some(hint);
    }
    entries.iter().position(is_there)
}

impl<'de> Deserialize<'de> for Example<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExampleVisitor)
    }
}

struct ExampleVisitor;

impl<'de> Visitor<'de> for ExampleVisitor {
    type Value = Example<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Example::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Example::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Example::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Example::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Number::from_f64(value).map(Example::Number).ok_or_else(|| E::custom("not finite"))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Example::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Example::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Example::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut object = Vec::new();
        while let Some(Key(key)) = entries.next_key()? {
            object.push((key, entries.next_value()?));
        }
        if has_a_key_twice(&object) {
            return Err(A::Error::custom("a key stands twice"));
        }
        Ok(Example::Object(object))
    }
}

fn has_a_key_twice(entries: &[(Cow<'_, str>, Example<'_>)]) -> bool {
    const FEW: usize = 16;
    if entries.len() <= FEW {
        let is_known =
            |(at, (key, _)): (usize, &(Cow<'_, str>, _))| entries[..at].iter().any(|(known, _)| known == key);
        return entries.iter().enumerate().any(is_known);
    }
    let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_ref()).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}

/// A key that borrows from the bytes where it can.
pub(super) struct Key<'a>(pub(super) Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Key(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Key(Cow::Owned(value.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_borrowed_and_a_key_that_stands_twice_is_refused() {
        let read = Example::read(br#"{"a": ["x", "\n"], "b": 1.0}"#).expect("JSON");
        let Example::Object(entries) = &read else { panic!("an object") };
        let Example::List(items) = &entries[0].1 else { panic!("a list") };
        assert!(matches!(&items[0], Example::Text(Cow::Borrowed("x"))));
        assert!(matches!(&items[1], Example::Text(Cow::Owned(_))));
        assert!(Example::read(br#"[{"a": 1, "a": 1}]"#).is_none());
        let many = (0..20).map(|key| format!("\"{key}\": 0")).collect::<Vec<_>>().join(", ");
        assert!(Example::read(format!("{{{many}}}").as_bytes()).is_some());
        assert!(Example::read(format!("{{{many}, \"7\": 0}}").as_bytes()).is_none());
    }
}
