//! A change that a provider is thinking of, applied to an answer that it gave.

use serde_json::{Map, Value, json};

use super::removal::Wanted;
use crate::contract::{Interaction, RulePath, Token};

/// A change of some answers.
#[derive(Debug, Clone)]
pub struct Alteration {
    /// The endpoints whose answers change.
    pub operation: Wanted,
    /// What changes in them.
    pub change: Altered,
}

/// What changes.
#[derive(Debug, Clone)]
pub enum Altered {
    /// The endpoint goes, with all its answers.
    Gone,
    /// A field goes.
    WithoutField(RulePath),
    /// A field has another name.
    RenamedField(RulePath, String),
    /// A field has a value of another type.
    RetypedField(RulePath, JsonType),
    /// A field is null.
    NullField(RulePath),
    /// A header goes.
    WithoutHeader(String),
}

/// A type of JSON values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// A text.
    String,
    /// A number with decimals.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl Alteration {
    /// True when the answer to an interaction is among those that change.
    #[must_use]
    pub fn concerns(&self, interaction: &Interaction) -> bool {
        self.operation.includes(interaction)
    }

    /// Changes a JSON body and says how many places it has changed.
    pub fn change_body(&self, body: &mut Value) -> usize {
        match &self.change {
            Altered::Gone | Altered::WithoutHeader(_) => 0,
            Altered::WithoutField(path) => {
                at_parents(body, path, &mut |parent, last| usize::from(taken(parent, last).is_some()))
            }
            Altered::RenamedField(path, name) => at_parents(body, path, &mut |parent, last| {
                let renamed = taken(parent, last).and_then(|value| {
                    parent.as_object_mut()?.insert(name.clone(), value).or(Some(Value::Null))
                });
                usize::from(renamed.is_some())
            }),
            Altered::RetypedField(path, wanted) => {
                at_parents(body, path, &mut |parent, last| replaced(parent, last, |value| wanted.of(value)))
            }
            Altered::NullField(path) => {
                at_parents(body, path, &mut |parent, last| replaced(parent, last, |_| Value::Null))
            }
        }
    }

    /// Changes what travels beside a message and says how many entries it has changed.
    pub fn change_metadata(&self, metadata: &mut Map<String, Value>) -> usize {
        let Altered::WithoutHeader(name) = &self.change else { return 0 };
        let before = metadata.len();
        metadata.retain(|own, _| !own.eq_ignore_ascii_case(name));
        before - metadata.len()
    }

    /// Changes headers and says how many it has changed.
    pub fn change_headers(&self, headers: &mut Vec<(String, String)>) -> usize {
        let Altered::WithoutHeader(name) = &self.change else { return 0 };
        let before = headers.len();
        headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        before - headers.len()
    }
}

impl std::fmt::Display for Alteration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let operation = &self.operation;
        match &self.change {
            Altered::Gone => write!(f, "without {operation}"),
            Altered::WithoutField(path) => write!(f, "without the field `{path}` of {operation}"),
            Altered::RenamedField(path, name) => {
                write!(f, "with `{name}` for the field `{path}` of {operation}")
            }
            Altered::RetypedField(path, wanted) => {
                write!(f, "with {} in the field `{path}` of {operation}", wanted.words())
            }
            Altered::NullField(path) => write!(f, "with null in the field `{path}` of {operation}"),
            Altered::WithoutHeader(name) => write!(f, "without the header `{name}` of {operation}"),
        }
    }
}

impl JsonType {
    /// A value of this type that is as near to another value as can be.
    fn of(self, value: &Value) -> Value {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match self {
            Self::String => text.into(),
            Self::Number => text.parse::<f64>().map_or(json!(0.5), |number| json!(number)),
            Self::Integer => text.parse::<i64>().map_or(json!(0), |number| json!(number)),
            Self::Boolean => value.as_bool().unwrap_or(true).into(),
            Self::Array => {
                if value.is_array() {
                    value.clone()
                } else {
                    json!([value])
                }
            }
            Self::Object => {
                if value.is_object() {
                    value.clone()
                } else {
                    json!({"value": value})
                }
            }
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::String => "a text",
            Self::Number => "a number",
            Self::Integer => "a whole number",
            Self::Boolean => "a boolean",
            Self::Array => "a list",
            Self::Object => "an object",
        }
    }
}

/// Does something to every value that holds what the path leads to, and adds up what it says.
fn at_parents(body: &mut Value, path: &RulePath, act: &mut impl FnMut(&mut Value, &Token) -> usize) -> usize {
    let steps: Vec<_> = path.tokens().iter().filter(|token| **token != Token::Root).cloned().collect();
    let Some((last, above)) = steps.split_last() else { return 0 };
    descend(body, above, &mut |parent| act(parent, last))
}

fn descend(value: &mut Value, steps: &[Token], act: &mut impl FnMut(&mut Value) -> usize) -> usize {
    let Some((first, rest)) = steps.split_first() else { return act(value) };
    match (first, value) {
        (Token::Field(name), Value::Object(map)) => {
            map.get_mut(name).map_or(0, |child| descend(child, rest, act))
        }
        (Token::Index(index), Value::Array(items)) => {
            items.get_mut(*index).map_or(0, |child| descend(child, rest, act))
        }
        (Token::Any, Value::Object(map)) => map.values_mut().map(|child| descend(child, rest, act)).sum(),
        (Token::Any | Token::AnyIndex, Value::Array(items)) => {
            items.iter_mut().map(|child| descend(child, rest, act)).sum()
        }
        _ => 0,
    }
}

/// Takes out what a step leads to; all of it, where the step leads to all.
fn taken(parent: &mut Value, step: &Token) -> Option<Value> {
    match (step, parent) {
        (Token::Field(name), Value::Object(map)) => map.shift_remove(name),
        (Token::Index(index), Value::Array(items)) => (*index < items.len()).then(|| items.remove(*index)),
        (Token::Any | Token::AnyIndex, Value::Array(items)) if !items.is_empty() => {
            Some(Value::Array(std::mem::take(items)))
        }
        (Token::Any, Value::Object(map)) if !map.is_empty() => {
            Some(Value::Object(std::mem::replace(map, Map::new())))
        }
        _ => None,
    }
}

fn replaced(parent: &mut Value, step: &Token, make: impl Fn(&Value) -> Value) -> usize {
    let mut count = 0;
    descend(parent, std::slice::from_ref(step), &mut |value| {
        *value = make(value);
        count += 1;
        1
    });
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(path: &str, change: impl Fn(RulePath) -> Altered) -> String {
        let mut body = json!({"id": 7, "items": [{"id": 1, "a b": true}, {"id": 2}], "map": {"x": "1"}});
        let path = RulePath::parse(path).expect("a path");
        let alteration = Alteration { operation: Wanted::All, change: change(path) };
        let times = alteration.change_body(&mut body);
        format!("{times}: {body}")
    }

    #[test]
    fn a_change_reaches_every_place_that_its_path_leads_to() {
        let renamed = |path| Altered::RenamedField(path, "number".to_owned());
        let table = [
            changed("$.id", Altered::WithoutField),
            changed("$.items[*].id", Altered::WithoutField),
            changed("$.items[*]", Altered::WithoutField),
            changed("$.items[1]['a b']", Altered::WithoutField),
            changed("$.missing", Altered::WithoutField),
            changed("$.items[0].id", renamed),
            changed("$.map.*", |path| Altered::RetypedField(path, JsonType::Integer)),
            changed("$.items[*].id", |path| Altered::RetypedField(path, JsonType::String)),
            changed("$.items", Altered::NullField),
            changed("$", Altered::NullField),
        ];
        insta::assert_snapshot!(table.join("\n"), @r#"
        1: {"items":[{"id":1,"a b":true},{"id":2}],"map":{"x":"1"}}
        2: {"id":7,"items":[{"a b":true},{}],"map":{"x":"1"}}
        1: {"id":7,"items":[],"map":{"x":"1"}}
        0: {"id":7,"items":[{"id":1,"a b":true},{"id":2}],"map":{"x":"1"}}
        0: {"id":7,"items":[{"id":1,"a b":true},{"id":2}],"map":{"x":"1"}}
        1: {"id":7,"items":[{"a b":true,"number":1},{"id":2}],"map":{"x":"1"}}
        1: {"id":7,"items":[{"id":1,"a b":true},{"id":2}],"map":{"x":1}}
        2: {"id":7,"items":[{"id":"1","a b":true},{"id":"2"}],"map":{"x":"1"}}
        1: {"id":7,"items":null,"map":{"x":"1"}}
        0: {"id":7,"items":[{"id":1,"a b":true},{"id":2}],"map":{"x":"1"}}
        "#);
    }
}
