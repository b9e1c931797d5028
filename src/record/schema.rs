//! The JSON Schema of interactions files, for editors.

use serde_json::{Map, Value, json};

use super::generator;
use super::matcher::{TAGS, Tag, Takes};

/// The schema. What it refuses, the reader refuses as well; the reader refuses more.
#[must_use]
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Interactions that a consumer expects, for `pactwright record`",
        "type": "object",
        "required": ["interactions"],
        "additionalProperties": false,
        "properties": {
            "$schema": { "type": "string" },
            "consumer": { "type": "string", "minLength": 1, "description": "The application whose tests these are; --consumer wins." },
            "provider": { "type": "string", "minLength": 1, "description": "The application that is asked; --provider wins." },
            "env": { "type": "string", "minLength": 1, "description": "The variable that is given the address of the mock; --env wins." },
            "version": { "enum": [2, 3, 4], "default": 4, "description": "The version of the Pact specification; --spec wins." },
            "interactions": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/interaction" } },
        },
        "$defs": definitions(),
    })
}

fn definitions() -> Value {
    let text_or_number = json!({ "type": ["string", "number", "boolean", "null"] });
    json!({
        "interaction": {
            "type": "object",
            "required": ["description", "request", "response"],
            "additionalProperties": false,
            "properties": {
                "description": { "type": "string", "minLength": 1, "description": "What it is about, in the consumer's words." },
                "given": { "$ref": "#/$defs/states" },
                "request": { "$ref": "#/$defs/request" },
                "response": { "$ref": "#/$defs/response" },
                "pending": { "type": "boolean", "description": "The provider is not yet expected to do this." },
                "comment": { "type": ["string", "array"], "items": { "type": "string" } },
            },
        },
        "states": {
            "description": "The states that the provider must be in: names, or maps from a name to parameters.",
            "type": ["string", "object", "array"],
            "additionalProperties": { "type": ["object", "null"] },
            "items": { "type": ["string", "object"], "additionalProperties": { "type": ["object", "null"] } },
        },
        "request": {
            "description": "`GET /faqs/7?page=2`, or a map.",
            "anyOf": [
                { "type": "string", "pattern": "^\\s*\\S+ +/" },
                part(&[("method", json!({ "type": "string" })), ("path", text("The path, not encoded; starts with `/`.")), ("query", json!({ "$ref": "#/$defs/texts" }))], &["method", "path"]),
            ],
        },
        "response": {
            "description": "A status, or a map.",
            "anyOf": [
                { "type": "integer", "minimum": 100, "maximum": 599 },
                part(&[("status", json!({ "anyOf": [{ "type": "integer", "minimum": 100, "maximum": 599 }, { "$ref": "#/$defs/tagged" }], "default": 200 }))], &[]),
            ],
        },
        "texts": {
            "type": "object",
            "additionalProperties": { "anyOf": [text_or_number, { "$ref": "#/$defs/tagged" }, { "type": "array", "items": { "anyOf": [text_or_number, { "$ref": "#/$defs/tagged" }] } }] },
        },
        "example": {
            "description": "Plain JSON, with `{ $like: … }` and its relatives anywhere in it.",
            "anyOf": [
                { "type": ["string", "number", "boolean", "null"] },
                { "type": "array", "items": { "$ref": "#/$defs/example" } },
                { "$ref": "#/$defs/tagged" },
                { "type": "object", "propertyNames": { "not": { "pattern": "^\\$([^$]|$)" } }, "additionalProperties": { "$ref": "#/$defs/example" } },
            ],
        },
        "tagged": { "anyOf": TAGS.iter().map(tagged).collect::<Vec<_>>() },
        "matcher": {
            "description": "A matcher beside its example: a name such as `integer`, or `{ $regex: … }`.",
            "anyOf": [{ "enum": names() }, { "type": "object", "minProperties": 1, "maxProperties": 1, "propertyNames": { "pattern": "^\\$" } }],
        },
        "generator": { "anyOf": generators() },
    })
}

fn text(description: &str) -> Value {
    json!({ "description": description, "anyOf": [{ "type": "string" }, { "$ref": "#/$defs/tagged" }] })
}

fn part(own: &[(&str, Value)], required: &[&str]) -> Value {
    let mut properties: Map<String, Value> =
        own.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    properties.extend([
        ("headers".to_owned(), json!({ "$ref": "#/$defs/texts" })),
        ("json".to_owned(), json!({ "$ref": "#/$defs/example" })),
        ("form".to_owned(), json!({ "$ref": "#/$defs/texts" })),
        ("text".to_owned(), text("A body of text.")),
        ("xml".to_owned(), text("A body of XML.")),
        ("base64".to_owned(), text("A body of bytes, in Base64.")),
        (
            "contentType".to_owned(),
            json!({ "type": "string", "description": "Instead of the usual one of the body." }),
        ),
        (
            "rules".to_owned(),
            json!({
                "description": "Matchers by path, beside the example: { $.items[*].id: integer }.",
                "type": "object",
                "additionalProperties": { "$ref": "#/$defs/matcher" },
            }),
        ),
    ]);
    json!({ "type": "object", "required": required, "additionalProperties": false, "properties": properties })
}

/// The schema of one tag.
fn tagged(tag: &Tag) -> Value {
    let argument = match tag.takes {
        Takes::Example | Takes::Item => json!({ "$ref": "#/$defs/example" }),
        Takes::Setting if tag.name == "statusCode" => json!({ "type": ["string", "array"] }),
        Takes::Setting | Takes::Origin => json!({ "type": "string", "minLength": 1 }),
        Takes::Items => json!({ "type": "array", "items": { "$ref": "#/$defs/example" } }),
        Takes::Choices => json!({ "type": "array", "minItems": 1, "items": { "type": "string" } }),
        Takes::Matchers => {
            json!({ "anyOf": [{ "$ref": "#/$defs/matcher" }, { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/matcher" } }] })
        }
        Takes::Nothing => json!({}),
    };
    let name = format!("${}", tag.name);
    let mut properties = Map::from_iter([(name.clone(), argument)]);
    if tag.takes == Takes::Item {
        for bound in ["min", "max", "count"] {
            properties.insert(bound.to_owned(), json!({ "type": "integer", "minimum": 0 }));
        }
    } else {
        properties.insert("example".to_owned(), json!({ "$ref": "#/$defs/example" }));
    }
    properties.insert("generate".to_owned(), json!({ "$ref": "#/$defs/generator" }));
    json!({
        "type": "object",
        "description": tag.about,
        "required": [name],
        "additionalProperties": false,
        "properties": properties,
    })
}

/// The matchers that can be named alone.
fn names() -> Vec<&'static str> {
    let is_alone = |tag: &&Tag| matches!(tag.takes, Takes::Example | Takes::Nothing) && tag.name != "value";
    TAGS.iter().filter(is_alone).map(|tag| tag.name).collect()
}

fn generators() -> Vec<Value> {
    let names = generator::names();
    let one = |name: &&str| json!({ "type": "object", "required": [name], "additionalProperties": false, "properties": { *name: {} } });
    let with_settings: Vec<Value> = names.iter().map(one).collect();
    std::iter::once(json!({ "enum": names })).chain(with_settings).collect()
}
