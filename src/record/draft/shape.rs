//! What several JSON values have in common.

use serde_json::{Map, Value, json};

use super::groups::has_path;

/// What a value says that no matcher leaves open: its keys and kinds, and what no path leads to.
pub(super) fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut shapes = Map::new();
            for (key, value) in fields {
                let shape = if has_path(key) { shape(value) } else { json!({ "exactly": value }) };
                shapes.insert(key.clone(), shape);
            }
            shapes.sort_keys();
            shapes.into()
        }
        Value::Array(items) => {
            let shapes: Vec<Value> = items.iter().map(shape).collect();
            let is_uniform = shapes.windows(2).all(|pair| pair[0] == pair[1]);
            // What is empty cannot stand below a list of any length: its rule says nothing about it.
            let is_open = is_uniform && !items.iter().any(has_empty);
            if is_open { shapes.into_iter().take(1).collect() } else { json!({ "items": shapes }) }
        }
        scalar => kind(scalar).into(),
    }
}

/// What a value is, where matchers tell it apart.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

fn has_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty() || items.iter().any(has_empty),
        Value::Object(fields) => fields.is_empty() || fields.values().any(has_empty),
        _ => false,
    }
}

pub(super) fn are_equal(seen: &[&Value]) -> bool {
    seen.windows(2).all(|pair| pair[0] == pair[1])
}

/// Every item of all lists.
pub(super) fn items<'a>(seen: &[&'a Value]) -> Vec<&'a Value> {
    seen.iter().filter_map(|value| value.as_array()).flatten().collect()
}

/// What each object has under a key; `None` when one of them has nothing.
pub(super) fn under<'a>(seen: &[&'a Value], key: &str) -> Option<Vec<&'a Value>> {
    seen.iter().map(|value| value.get(key)).collect()
}

/// The keys of all objects, each once.
pub(super) fn keys<'a>(seen: &[&'a Value]) -> Vec<&'a String> {
    let mut keys: Vec<&String> = Vec::new();
    for key in seen.iter().filter_map(|value| value.as_object()).flat_map(Map::keys) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// True when an expectation can be written that all of these answers keep. Below a list, nothing can
/// be said of what is empty.
pub(super) fn is_sayable(seen: &[&Value], below_list: bool) -> bool {
    let Some(first) = seen.first() else { return false };
    if seen.iter().any(|value| kind(value) != kind(first)) {
        return false;
    }
    let is_empty = |value: &&Value| {
        value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
    };
    match first {
        Value::Array(_) | Value::Object(_) if seen.iter().all(is_empty) => !below_list,
        Value::Array(_) => is_sayable(&items(seen), true),
        Value::Object(_) => keys(seen).into_iter().any(|key| is_sayable_under(seen, key, below_list)),
        _ => true,
    }
}

/// The same for what stands under a key.
pub(super) fn is_sayable_under(seen: &[&Value], key: &str, below_list: bool) -> bool {
    has_path(key) && under(seen, key).is_some_and(|seen| is_sayable(&seen, below_list))
}
