//! One interaction as a pact has it.

use serde_json::{Map, Value, json};

use super::exchange::{Part, request, response};
use super::reader::Reader;
use super::rules::needs;
use crate::contract::{SpecVersion, join_key};
use crate::finding::Code;
use crate::yaml::{At, Data, Node};

const INTERACTION: [&str; 6] = ["description", "given", "request", "response", "pending", "comment"];

/// An interaction, and where its parts are written.
pub(super) fn interaction(reader: &mut Reader, version: SpecVersion, node: &Node) -> Part {
    let mut map = Map::new();
    let mut places = vec![(String::new(), node.at)];
    let fields = reader.fields(node, &INTERACTION, "an interaction");
    for needed in ["description", "request", "response"] {
        if !fields.is_empty() && node.get(needed).is_none() {
            reader.say(Code::MissingKey, node.at, format!("an interaction needs a `{needed}`"));
        }
    }
    for field in fields {
        let value = &field.value;
        places.push((join_key("", &field.key), field.at));
        match field.key.as_str() {
            "description" => {
                map.extend(
                    reader.text(value, "the description").map(|text| (field.key.clone(), text.into())),
                );
            }
            "given" => states(reader, version, value, &mut map),
            "request" => nested(request(reader, version, value), "request", &mut map, &mut places),
            "response" => nested(response(reader, version, value), "response", &mut map, &mut places),
            "pending" => pending(reader, version, value, &mut map),
            "comment" => comments(reader, version, value, &mut map),
            _ => {}
        }
    }
    if version == SpecVersion::V4 {
        map.insert("type".to_owned(), "Synchronous/HTTP".into());
    }
    Part { json: map.into(), places }
}

fn nested(part: Part, name: &str, map: &mut Map<String, Value>, places: &mut Vec<(String, At)>) {
    map.insert(name.to_owned(), part.json);
    places.extend(part.places.into_iter().map(|(pointer, at)| (format!("/{name}{pointer}"), at)));
}

/// `a FAQ exists`, `{ a FAQ exists: { id: 7 } }`, or a list of such.
fn states(reader: &mut Reader, version: SpecVersion, node: &Node, map: &mut Map<String, Value>) {
    let nodes = match &node.data {
        Data::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut states: Vec<(String, Value)> = Vec::new();
    for one in nodes {
        match &one.data {
            Data::Text(name) if !name.trim().is_empty() => states.push((name.clone(), json!({}))),
            Data::Map(fields) => {
                for field in fields {
                    match field.value.plain() {
                        Value::Null => states.push((field.key.clone(), json!({}))),
                        Value::Object(params) => states.push((field.key.clone(), params.into())),
                        _ => {
                            let message = format!("the parameters of the state `{}` are a map", field.key);
                            reader.say(Code::BadType, field.value.at, message);
                        }
                    }
                }
            }
            _ => {
                let help = "given: a FAQ exists, or given: { a FAQ exists: { id: 7 } }, or a list of these";
                reader.advise(
                    Code::BadType,
                    one.at,
                    "a state is a name, or a map from its name to parameters",
                    help,
                );
            }
        }
    }
    let has_params = |(_, params): &(String, Value)| params != &json!({});
    if states.len() > 1 {
        needs(reader, version, SpecVersion::V3, ("several provider states", node.at));
    }
    if states.iter().any(has_params) {
        needs(reader, version, SpecVersion::V3, ("parameters of provider states", node.at));
    }
    if version < SpecVersion::V3 {
        map.extend(states.into_iter().next().map(|(name, _)| ("providerState".to_owned(), name.into())));
        return;
    }
    let state = |one: (String, Value)| {
        if has_params(&one) { json!({ "name": one.0, "params": one.1 }) } else { json!({ "name": one.0 }) }
    };
    map.insert("providerStates".to_owned(), states.into_iter().map(state).collect());
}

fn pending(reader: &mut Reader, version: SpecVersion, node: &Node, map: &mut Map<String, Value>) {
    let Data::Bool(pending) = node.data else {
        reader.say(Code::BadType, node.at, "`pending` is true or false");
        return;
    };
    if pending {
        needs(reader, version, SpecVersion::V4, ("pending interactions", node.at));
        map.insert("pending".to_owned(), true.into());
    }
}

fn comments(reader: &mut Reader, version: SpecVersion, node: &Node, map: &mut Map<String, Value>) {
    let texts: Option<Vec<String>> = match &node.data {
        Data::Text(text) => Some(vec![text.clone()]),
        Data::List(items) => items.iter().map(|item| item.text().map(str::to_owned)).collect(),
        _ => None,
    };
    let Some(texts) = texts else {
        reader.say(Code::BadType, node.at, "a comment is a text, or a list of texts");
        return;
    };
    needs(reader, version, SpecVersion::V4, ("comments", node.at));
    map.insert("comments".to_owned(), json!({ "text": texts }));
}
