//! JSON with its numbers as they were written.
//!
//! serde_json would read `1.00` as `1.0` and two different long numbers as the same; what is named by
//! its content must not do that.

use jsonc_parser::ast;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Null,
    Bool(bool),
    /// The text of the number.
    Number(String),
    String(String),
    Array(Vec<Self>),
    /// In the order of the text; no key stands twice.
    Object(Vec<(String, Self)>),
}

impl Tree {
    /// Reads a text that serde_json has accepted; `Null` for anything else.
    pub(super) fn read(text: &str) -> Self {
        let parsed = jsonc_parser::parse_to_ast(
            text,
            &jsonc_parser::CollectOptions::default(),
            &jsonc_parser::ParseOptions::default(),
        );
        parsed.ok().and_then(|result| result.value).map_or(Self::Null, |value| Self::of(&value))
    }

    fn of(value: &ast::Value<'_>) -> Self {
        match value {
            ast::Value::NullKeyword(_) => Self::Null,
            ast::Value::BooleanLit(literal) => Self::Bool(literal.value),
            ast::Value::NumberLit(literal) => Self::Number(literal.value.to_owned()),
            ast::Value::StringLit(literal) => Self::String(literal.value.clone().into_owned()),
            ast::Value::Array(array) => Self::Array(array.elements.iter().map(Self::of).collect()),
            ast::Value::Object(object) => Self::Object(
                object
                    .properties
                    .iter()
                    .map(|property| (property.name.as_str().to_owned(), Self::of(&property.value)))
                    .collect(),
            ),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The items, when it is a list.
    pub(super) fn items(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The same value without one of its keys.
    pub(super) fn without(self, key: &str) -> Self {
        match self {
            Self::Object(entries) => {
                Self::Object(entries.into_iter().filter(|(name, _)| name != key).collect())
            }
            other => other,
        }
    }

    /// The same value with the keys of all objects in the order of their bytes.
    pub(super) fn sorted(self) -> Self {
        match self {
            Self::Array(items) => Self::Array(items.into_iter().map(Self::sorted).collect()),
            Self::Object(entries) => {
                let mut entries: Vec<_> =
                    entries.into_iter().map(|(key, value)| (key, value.sorted())).collect();
                entries.sort_by(|one, other| one.0.cmp(&other.0));
                Self::Object(entries)
            }
            other => other,
        }
    }

    /// The value on one line, without white space.
    pub(super) fn compact(&self) -> String {
        let mut text = String::new();
        write(self, None, &mut text, &mut |number, into| into.push_str(number));
        text
    }

    /// The same, with numbers written by `number`.
    pub(super) fn compact_with(&self, mut number: impl FnMut(&str, &mut String)) -> String {
        let mut text = String::new();
        write(self, None, &mut text, &mut number);
        text
    }

    /// The value on many lines, indented by two spaces, with a final line end.
    pub(super) fn pretty(&self) -> String {
        let mut text = String::new();
        write(self, Some(0), &mut text, &mut |number, into| into.push_str(number));
        text.push('\n');
        text
    }
}

/// Writes a value; `depth` is that of its surroundings, or `None` for a text on one line.
fn write(value: &Tree, depth: Option<usize>, into: &mut String, number: &mut dyn FnMut(&str, &mut String)) {
    let inner = depth.map(|depth| depth + 1);
    match value {
        Tree::Null => into.push_str("null"),
        Tree::Bool(value) => into.push_str(if *value { "true" } else { "false" }),
        Tree::Number(text) => number(text, into),
        Tree::String(text) => string(text, into),
        Tree::Array(items) if items.is_empty() => into.push_str("[]"),
        Tree::Object(entries) if entries.is_empty() => into.push_str("{}"),
        Tree::Array(items) => {
            into.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, inner, into);
                write(item, inner, into, number);
            }
            new_line(depth, into);
            into.push(']');
        }
        Tree::Object(entries) => {
            into.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                separate(index, inner, into);
                string(key, into);
                into.push_str(if depth.is_some() { ": " } else { ":" });
                write(item, inner, into, number);
            }
            new_line(depth, into);
            into.push('}');
        }
    }
}

fn separate(index: usize, depth: Option<usize>, into: &mut String) {
    if index > 0 {
        into.push(',');
    }
    new_line(depth, into);
}

fn new_line(depth: Option<usize>, into: &mut String) {
    if let Some(depth) = depth {
        into.push('\n');
        into.extend(std::iter::repeat_n("  ", depth));
    }
}

fn string(text: &str, into: &mut String) {
    into.push_str(&serde_json::Value::from(text).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_written_as_serde_json_writes_it() {
        let text = r#"{"z":[1,{"é\n\u0001/":null,"":[]}],"a":{},"t":[true,false,"\\\""]}"#;
        let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(Tree::read(text).compact(), value.to_string());
        assert_eq!(Tree::read(text).pretty(), format!("{value:#}\n"));
    }

    #[test]
    fn numbers_stay_as_they_were_written() {
        let text = "[1,1.0,1.00,1e2,-0,10000000000000000000000000000001,0.1000000000000000055511]";
        assert_eq!(Tree::read(text).compact(), text);
    }
}
