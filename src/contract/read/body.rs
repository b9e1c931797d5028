//! Bodies and message contents: the same bytes as the reference implementation makes of them.
//!
//! The reference's own readers turn a valid body into bytes, so that there can be no difference;
//! what they would guess at is refused here first.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pact_models::bodies::OptionalBody;
use pact_models::content_types::{ContentType, detect_content_type_from_bytes};
use pact_models::json_utils::body_from_json as body_of_v3;
use pact_models::v4::http_parts::body_from_json as body_of_v4;
use serde_json::Value;

use super::cursor::Cursor;
use super::keys;
use crate::contract::json_text::{compact, has_decimals};
use crate::contract::model::{Body, Content, SpecVersion};
use crate::contract::pointer::join_key;
use crate::finding::Code;

/// Header names with their values, in the order of the file.
pub(super) type Headers = Vec<(String, Vec<String>)>;

/// Headers in the form that the reference takes them in.
pub(super) type ReferenceHeaders = Option<HashMap<String, Vec<String>>>;

/// Reads `body` of a request or response.
pub(super) fn http(part: &Cursor<'_>, version: SpecVersion, headers: &Headers) -> Body {
    let declared = content_type_header(headers);
    if version == SpecVersion::V4 { v4(part, "body", &declared) } else { v3(part, "body", &declared) }
}

/// The content type among headers, in the form that the reference takes headers in.
fn content_type_header(headers: &Headers) -> ReferenceHeaders {
    let (name, values) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"))?;
    Some(HashMap::from([(name.clone(), vec![values.first()?.trim().to_owned()])]))
}

/// Reads a body of version 1 to 3, which stands in the pact as it is.
pub(super) fn v3(part: &Cursor<'_>, key: &str, headers: &ReferenceHeaders) -> Body {
    let read = body_of_v3(part.value, key, headers);
    finished(part, key, read, headers)
}

/// Reads a body of version 4, which says how it is written.
pub(super) fn v4(part: &Cursor<'_>, key: &str, headers: &ReferenceHeaders) -> Body {
    let Some(body) = part.filled(key) else {
        return if part.key(key).is_some() { Body::Null } else { Body::Missing };
    };
    if !body.value.is_object() {
        body.refuse_type("an object with `content`");
        return Body::Missing;
    }
    if key == "contents" && is_bare(&body) {
        return finished(part, key, body_of_v4(part.value, key, headers), headers);
    }
    if !is_well_formed(&body) {
        return Body::Missing;
    }
    let read = body_of_v4(part.value, key, headers);
    finished(&body, "content", read, &declared_in(&body).or_else(|| headers.clone()))
}

/// True when the contents stand where the attributes of a body belong, as some writers of
/// messages have it; the reference then takes the whole value.
fn is_bare(body: &Cursor<'_>) -> bool {
    let resembles = |key: &str| {
        keys::BODY.contains(&key) || keys::probably_meant(key, keys::BODY.iter().copied()).is_some()
    };
    body.entries().next().is_some() && !body.entries().any(|(key, _)| resembles(key))
}

fn is_well_formed(body: &Cursor<'_>) -> bool {
    body.check_keys(keys::BODY);
    if let Some(content_type) = body.filled("contentType") {
        content_type.text();
    }
    let Some(content) = body.key("content") else {
        body.say(
            Code::MissingKey,
            format!("`content` is missing in `{}`, so no body would be compared", body.name()),
            "leave the whole key out when there is no body",
        );
        return false;
    };
    match body.filled("encoded") {
        None => true,
        Some(encoded) => is_decodable(&encoded, &content),
    }
}

fn is_decodable(encoded: &Cursor<'_>, content: &Cursor<'_>) -> bool {
    match encoded.value {
        Value::Bool(false) => true,
        Value::String(how) if how.eq_ignore_ascii_case("json") => true,
        Value::String(how) if how.eq_ignore_ascii_case("base64") => match content.value {
            Value::Null => true,
            Value::String(text) => STANDARD
                .decode(text)
                .inspect_err(|error| {
                    content.value_says(
                        Code::BadEncoding,
                        format!("this is not base64: {}", plain(error)),
                        "",
                    );
                })
                .is_ok(),
            _ => {
                content.refuse_type("a text, as base64 is");
                false
            }
        },
        Value::Bool(true) | Value::String(_) => {
            let message = format!("{} is not a known encoding", encoded.value);
            encoded.value_says(Code::UnknownWord, message, "known are \"base64\", \"json\" and false");
            false
        }
        _ => {
            encoded.refuse_type("a text or false");
            false
        }
    }
}

fn plain(error: &base64::DecodeError) -> String {
    let text = error.to_string();
    text.trim_end_matches('.').to_lowercase()
}

fn declared_in(body: &Cursor<'_>) -> ReferenceHeaders {
    let declared = body.value.get("contentType")?.as_str()?;
    Some(HashMap::from([("content-type".to_owned(), vec![declared.to_owned()])]))
}

/// The bytes of a JSON example that holds numbers which the reference would write in another way.
fn as_written(part: &Cursor<'_>, key: &str, example: &Value) -> Option<Vec<u8>> {
    if !has_decimals(example) || part.context().has_plain_numbers() {
        return None;
    }
    part.source(key).map(|text| compact(text).into_bytes())
}

/// Turns what the reference read into ours. `key` leads from `part` to the example.
fn finished(part: &Cursor<'_>, key: &str, read: OptionalBody, headers: &ReferenceHeaders) -> Body {
    let (bytes, content_type) = match read {
        OptionalBody::Missing => return Body::Missing,
        OptionalBody::Null => return Body::Null,
        OptionalBody::Empty => return Body::Empty,
        OptionalBody::Present(bytes, content_type, _) => (bytes.to_vec(), content_type),
    };
    let declared =
        headers.as_ref().and_then(|headers| headers.values().next()).and_then(|values| values.first());
    let effective = content_type
        .or_else(|| declared.and_then(|declared| ContentType::parse(declared.as_str()).ok()))
        .or_else(|| detect_content_type_from_bytes(&bytes));
    let example = part.value.get(key).unwrap_or(&Value::Null);
    let bytes = as_written(part, key, example).unwrap_or(bytes);
    let is_json = effective.as_ref().map_or(!example.is_string(), ContentType::is_json);
    Body::Present(Content {
        is_json,
        content_type: declared.cloned(),
        bytes,
        pointer: join_key(&part.pointer, key),
    })
}
