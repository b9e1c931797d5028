//! Generators: what makes a new value for each call.

use serde_json::{Map, Value, json};

use super::reader::Reader;
use crate::finding::Code;
use crate::name::did_you_mean;
use crate::yaml::{Data, Node};

/// The generators by the name that people write, with the specification's own and the key of the
/// one value that most of them take.
const GENERATORS: &[(&str, &str, Option<&str>)] = &[
    ("uuid", "Uuid", Some("format")),
    ("randomInt", "RandomInt", None),
    ("randomDecimal", "RandomDecimal", Some("digits")),
    ("randomHexadecimal", "RandomHexadecimal", Some("digits")),
    ("randomString", "RandomString", Some("size")),
    ("randomBoolean", "RandomBoolean", None),
    ("regex", "Regex", Some("regex")),
    ("date", "Date", Some("format")),
    ("time", "Time", Some("format")),
    ("datetime", "DateTime", Some("format")),
];

/// The names of all generators.
pub(super) fn names() -> Vec<&'static str> {
    GENERATORS.iter().map(|(name, ..)| *name).collect()
}

/// A generator as it is written: `uuid`, `{ regex: '…' }`, `{ randomInt: { min: 1, max: 9 } }`.
pub(super) fn generator(reader: &mut Reader, node: &Node) -> Option<Value> {
    let (name, at, settings) = match &node.data {
        Data::Text(name) => (name, node.at, None),
        Data::Map(fields) if fields.len() == 1 => (&fields[0].key, fields[0].at, Some(&fields[0].value)),
        _ => {
            let message = "a generator is a name, or a map with one name and what it needs";
            reader.say(Code::BadType, node.at, message);
            return None;
        }
    };
    let Some((_, kind, key)) = GENERATORS.iter().find(|(known, ..)| known == name) else {
        let help = did_you_mean(name, names().into_iter())
            .unwrap_or_else(|| format!("there are: {}", names().join(", ")));
        reader.advise(Code::UnknownGenerator, at, format!("there is no generator `{name}`"), help);
        return None;
    };
    let mut generator = Map::from_iter([("type".to_owned(), json!(kind))]);
    match (settings.map(|settings| (&settings.data, settings.plain())), key) {
        (None, _) => {}
        (Some((Data::Map(_), Value::Object(settings))), _) => generator.extend(settings),
        (Some((_, value)), Some(key)) => {
            generator.insert((*key).to_owned(), value);
        }
        (Some(_), None) => {
            reader.say(Code::BadType, at, format!("`{name}` takes a map, such as {{ min: 1, max: 9 }}"));
        }
    }
    Some(generator.into())
}

/// A value that a provider state returns: its name, or an expression such as `/faqs/${id}`.
pub(super) fn from_state(expression: &str) -> Value {
    let is_expression = expression.contains("${");
    let expression = if is_expression { expression.to_owned() } else { format!("${{{expression}}}") };
    json!({ "type": "ProviderState", "expression": expression })
}

/// An address of the mock itself, such as the next page; and its example.
pub(super) fn mock_url(path: &str) -> (Value, String) {
    let example = format!("http://localhost:8080{path}");
    let regex = format!(".*({})$", regex_syntax::escape(path));
    (json!({ "type": "MockServerURL", "example": example, "regex": regex }), example)
}
