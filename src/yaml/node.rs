//! A value with the place of everything in it, whatever format it was written in.

use serde_json::{Map, Number, Value};

/// A place in a file: line and column, counted from 1.
pub(crate) type At = (u32, u32);

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) at: At,
    pub(crate) data: Data,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Field>),
}

/// A key, where it stands, and its value. No key stands twice in one map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) at: At,
    pub(crate) key: String,
    pub(crate) value: Node,
}

impl Node {
    /// What it is, in a word with its article.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.data {
            Data::Null => "nothing",
            Data::Bool(_) => "true or false",
            Data::Number(_) => "a number",
            Data::Text(_) => "a text",
            Data::List(_) => "a list",
            Data::Map(_) => "a map",
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a key, when it is a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.data {
            Data::Map(fields) => fields.iter().find(|field| field.key == key).map(|field| &field.value),
            _ => None,
        }
    }

    /// A text, number or truth value as the text that travels.
    pub(crate) fn scalar(&self) -> Option<String> {
        match &self.data {
            Data::Bool(value) => Some(value.to_string()),
            Data::Number(number) => Some(number.to_string()),
            Data::Text(text) => Some(text.clone()),
            Data::Null | Data::List(_) | Data::Map(_) => None,
        }
    }

    /// The plain value, with nothing in it understood.
    pub(crate) fn plain(&self) -> Value {
        match &self.data {
            Data::Null => Value::Null,
            Data::Bool(value) => (*value).into(),
            Data::Number(number) => number.clone().into(),
            Data::Text(text) => text.clone().into(),
            Data::List(items) => items.iter().map(Self::plain).collect(),
            Data::Map(fields) => {
                let fields = fields.iter().map(|field| (field.key.clone(), field.value.plain()));
                fields.collect::<Map<_, _>>().into()
            }
        }
    }
}
