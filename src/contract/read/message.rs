//! Messages, published by a provider or exchanged with one.

use std::collections::HashMap;

use pact_models::content_types::ContentType;
use serde_json::{Map, Value};

use super::body;
use super::cursor::Cursor;
use super::examples::{self, Example};
use super::generator::{Side, generators};
use super::keys;
use super::rules::rules;
use crate::contract::model::{Body, Contents, Exchange};
use crate::finding::Code;

/// Reads a V4 message that a provider publishes.
pub(super) fn published(cursor: &Cursor<'_>) -> Contents {
    contents(cursor, Side::Received)
}

/// Reads a V4 message that a consumer sends, and those that it expects back.
pub(super) fn exchanged(cursor: &Cursor<'_>) -> Option<Exchange> {
    let part = |key: &str| {
        let part = cursor.filled(key);
        if part.is_none() {
            cursor.lacks(key, "");
        }
        part
    };
    let (request, response) = (part("request"), part("response"));
    let request = request.and_then(|request| one(&request, Side::Sent));
    let response = response?;
    let items = response.items();
    if response.value.as_array().is_some_and(Vec::is_empty) {
        response.value_says(Code::OutOfRange, "no response is expected, so nothing would be compared", "");
    }
    let responses = items.iter().filter_map(|item| one(item, Side::Received)).collect();
    Some(Exchange::SyncMessage { request: request?, responses })
}

fn one(cursor: &Cursor<'_>, side: Side) -> Option<Contents> {
    cursor.is_object_of(keys::SYNC_CONTENTS).then(|| contents(cursor, side))
}

fn contents(cursor: &Cursor<'_>, side: Side) -> Contents {
    let defects = cursor.context().defects();
    let metadata = metadata(cursor);
    let declared = metadata.get("contentType").and_then(Value::as_str);
    let headers = declared.map(header);
    let body = body::v4(cursor, "contents", &headers);
    let contents = finished(cursor, metadata, body, side);
    examples::check(cursor, &contents.rules, &Example::of_contents(&contents), defects);
    contents
}

/// Reads a message of version 3.
pub(super) fn published_v3(cursor: &Cursor<'_>) -> Contents {
    let defects = cursor.context().defects();
    let metadata = metadata(cursor);
    let names_type = |key: &str| matches!(key.to_ascii_lowercase().as_str(), "contenttype" | "content-type");
    let declared = metadata.iter().find(|(key, _)| names_type(key)).and_then(|(_, value)| value.as_str());
    let headers = declared.filter(|declared| ContentType::parse(*declared).is_ok()).map(header);
    // Early writers called it `content`; the reference would compare nothing then.
    let key = if cursor.key("contents").is_none() { "content" } else { "contents" };
    let body = body::v3(cursor, if cursor.key(key).is_some() { key } else { "contents" }, &headers);
    let contents = finished(cursor, metadata, body, Side::Received);
    examples::check(cursor, &contents.rules, &Example::of_contents(&contents), defects);
    contents
}

fn finished(cursor: &Cursor<'_>, metadata: Map<String, Value>, body: Body, side: Side) -> Contents {
    Contents {
        body,
        metadata,
        rules: rules(cursor, "matchingRules"),
        generators: generators(cursor, side),
        pointer: cursor.pointer.clone(),
    }
}

fn header(content_type: &str) -> HashMap<String, Vec<String>> {
    HashMap::from([("content-type".to_owned(), vec![content_type.to_owned()])])
}

/// The metadata, under either of its spellings; empty together with a defect.
fn metadata(cursor: &Cursor<'_>) -> Map<String, Value> {
    let Some(metadata) = ["metadata", "metaData"].iter().find_map(|key| cursor.filled(key)) else {
        return Map::new();
    };
    let map = metadata.value.as_object();
    if map.is_none() {
        metadata.refuse_type("an object");
    }
    map.cloned().unwrap_or_default()
}
