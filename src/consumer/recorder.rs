//! A deserializer that notes which values of an example a type takes.
//!
//! A type that ignores a field asks for `IgnoredAny`, which names itself; whatever else it asks for,
//! it takes. Only flattened structs and tagged enums put a value aside before they look at it, so what
//! they take is not seen here.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer as _, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

use super::derive::field;

/// What a type did with the value at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// It was skipped.
    Ignored,
    /// It was put aside, to be looked at later or not at all.
    Buffered,
    /// It was read.
    Taken,
}

/// What was done with every value, by path; the items of a list count as one.
pub(super) type Uses = BTreeMap<String, Use>;

/// Deserializes a value and notes what is taken of it.
pub(super) struct Recorder<'a> {
    value: &'a Value,
    path: String,
    /// The path at which something is put that no type can read.
    probe: Option<&'a str>,
    uses: &'a RefCell<Uses>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(value: &'a Value, probe: Option<&'a str>, uses: &'a RefCell<Uses>) -> Self {
        Self { value, path: "$".to_owned(), probe, uses }
    }

    fn below(&self, path: String, value: &'a Value) -> Self {
        Self { value, path, probe: self.probe, uses: self.uses }
    }

    fn note(&self, what: Use) {
        let mut uses = self.uses.borrow_mut();
        let known = uses.entry(self.path.clone()).or_insert(what);
        *known = what.max(*known);
    }

    fn is_probed(&self) -> bool {
        self.probe == Some(self.path.as_str())
    }

    /// Hands the value over as what it is.
    fn give<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_probed() {
            // Nothing is read from these bytes: no text, no number, and no JSON value takes them.
            return visitor.visit_bytes(&[0xff]);
        }
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (_, _, number) => visitor.visit_f64(number.unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(items) => visitor.visit_seq(Items { list: &self, items: items.iter() }),
            Value::Object(map) => visitor.visit_map(Fields { map: &self, entries: map.iter(), value: None }),
        }
    }
}

/// The calls by which a type says what it wants to read.
macro_rules! taken {
    ($($method:ident($($argument:ident: $type:ty),*);)+) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Error> {
                self.note(Use::Taken);
            self.give(visitor)
        })+
    };
}

impl<'de> Deserializer<'de> for Recorder<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        // The names of serde's own buffers; a name that is not known counts as a reader.
        let name = std::any::type_name::<V>();
        let is_buffer = name.starts_with("serde") && name.contains("ContentVisitor");
        self.note(if is_buffer { Use::Buffered } else { Use::Taken });
        self.give(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(Use::Ignored);
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() && !self.is_probed() {
            self.note(Use::Taken);
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.note(Use::Taken);
        if self.is_probed() {
            return Err(Error::custom("a probe"));
        }
        match self.value {
            Value::String(variant) => visitor.visit_enum(variant.as_str().into_deserializer()),
            Value::Object(map) => match map.iter().next() {
                Some((name, contents)) if map.len() == 1 => {
                    let contents = self.below(field(&self.path, name), contents);
                    visitor.visit_enum(Variant { name, contents })
                }
                _ => Err(Error::custom("expected an object with one key, which names a variant")),
            },
            _ => Err(Error::custom("expected the name of a variant")),
        }
    }

    taken! {
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_i128();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_u128();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_unit();
        deserialize_unit_struct(_name: &'static str);
        deserialize_seq();
        deserialize_map();
        deserialize_tuple(_len: usize);
        deserialize_tuple_struct(_name: &'static str, _len: usize);
        deserialize_struct(_name: &'static str, _fields: &'static [&'static str]);
        deserialize_identifier();
    }
}

struct Items<'r, 'a> {
    list: &'r Recorder<'a>,
    items: std::slice::Iter<'a, Value>,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let path = format!("{}[*]", self.list.path);
        seed.deserialize(self.list.below(path, item)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Fields<'r, 'a> {
    map: &'r Recorder<'a>,
    entries: serde_json::map::Iter<'a>,
    value: Option<(String, &'a Value)>,
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some((field(&self.map.path, key), value));
        seed.deserialize(Key(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let (path, value) = self.value.take().ok_or_else(|| Error::custom("a value before its key"))?;
        seed.deserialize(self.map.below(path, value))
    }
}

/// A key, which is a number where the type wants one.
struct Key<'a>(&'a str);

macro_rules! numeric_keys {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match (self.0.parse::<u64>(), self.0.parse::<i64>()) {
                (Ok(number), _) => visitor.visit_u64(number),
                (_, Ok(number)) => visitor.visit_i64(number),
                _ => visitor.visit_str(self.0),
            }
        })+
    };
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    numeric_keys! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// An object with one key, which names a variant.
struct Variant<'a> {
    name: &'a str,
    contents: Recorder<'a>,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Error;
    type Variant = Recorder<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Recorder<'a>), Error> {
        seed.deserialize(Key(self.name)).map(|variant| (variant, self.contents))
    }
}

impl<'de> VariantAccess<'de> for Recorder<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        serde::Deserialize::deserialize(self)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_struct("", fields, visitor)
    }
}
