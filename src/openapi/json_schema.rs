//! What OpenAPI says otherwise than JSON Schema, in the words of JSON Schema.

use serde_json::{Map, Value, json};

use super::spec::METHODS;

/// Stands in a schema for `nullable` beside no type: by the words of OpenAPI 3.0 it says nothing there, and
/// many who write it mean that null is allowed.
pub(super) const PERHAPS_NULL: &str = "x-perhaps-null";

/// The document with what only OpenAPI 3.0 and Swagger 2 know in the words of JSON Schema: a value that
/// may be null, and bounds that are excluded. Since OpenAPI 3.1 a schema is JSON Schema, where keywords
/// beside a reference hold as well.
pub(super) fn as_json_schema(value: &Value, is_json_schema: bool) -> Value {
    match value {
        Value::Object(map) => {
            let mut map: Map<String, Value> =
                map.iter().map(|(key, value)| (key.clone(), as_json_schema(value, is_json_schema))).collect();
            if is_json_schema {
                with_reference(&mut map);
            } else {
                with_null(&mut map);
            }
            for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
                if let Some(is_excluded) = map.get(flag).and_then(Value::as_bool) {
                    map.remove(flag);
                    if let Some(limit) = is_excluded.then(|| map.remove(bound)).flatten() {
                        map.insert(flag.to_owned(), limit);
                    }
                }
            }
            Value::Object(map)
        }
        Value::Array(items) => items.iter().map(|item| as_json_schema(item, is_json_schema)).collect(),
        single => single.clone(),
    }
}

/// A reference with keywords beside it as one part of several.
fn with_reference(map: &mut Map<String, Value>) {
    let says_nothing = ["$ref", "summary", "description"];
    let is_path = METHODS.iter().chain(&["parameters", "servers"]).any(|key| map.contains_key(*key));
    let is_alone = map.keys().all(|key| says_nothing.contains(&key.as_str()));
    if is_path || is_alone || !map.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    let reference = map.remove("$ref").map(|target| json!({"$ref": target}));
    if let Value::Array(parts) = map.entry("allOf").or_insert_with(|| json!([])) {
        parts.extend(reference);
    }
}

fn with_null(map: &mut Map<String, Value>) {
    let flags = ["nullable", "x-nullable"];
    let is_nullable = flags.iter().any(|flag| map.get(*flag) == Some(&Value::Bool(true)));
    if map.get("nullable").is_some_and(Value::is_boolean) {
        map.remove("nullable");
    }
    if !is_nullable {
        return;
    }
    if let Some(Value::String(one)) = map.get("type").cloned() {
        map.insert("type".to_owned(), Value::from(vec![one, "null".to_owned()]));
    }
    let others = ["$ref", "allOf", "anyOf", "oneOf"];
    if !map.contains_key("type") && others.iter().any(|key| map.contains_key(*key)) {
        with_reference(map);
        map.insert(PERHAPS_NULL.to_owned(), Value::Bool(true));
    }
}
