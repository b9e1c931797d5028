//! Content types: what a body is, and whether that is what was expected.

use pact_models::content_types::{ContentType, JSON};

use super::headers::{HeaderRule, rule_on};
use crate::contract::{Content, Response};
use crate::matching::Answer;

/// True when both bodies surely are JSON for the reference, and their types agree.
pub(super) fn agrees(content: &Content, response: &Response, answer: &Answer) -> bool {
    let (Some(expected), Some(received)) = (expected(content, response), received(answer)) else {
        return false;
    };
    if content.content_type.as_deref() == Some(received) {
        return true;
    }
    let Ok(actual) = ContentType::parse(received) else { return false };
    expected.is_equivalent_to(&actual)
        || expected.is_equivalent_to(&actual.base_type())
        || match rule_on(&response.rules, "content-type") {
            HeaderRule::One(matcher) => {
                super::headers::satisfies(matcher, &expected.to_string(), &actual.to_string())
            }
            HeaderRule::Nobody | HeaderRule::Unknown => false,
        }
}

/// The content type of the example, when it surely is one of JSON.
fn expected(content: &Content, response: &Response) -> Option<ContentType> {
    let mut headers = response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let is_simple = match (headers.next(), headers.next()) {
        (None, _) => true,
        (Some((_, values)), None) => values.len() == 1 && values[0] == values[0].trim(),
        (Some(_), Some(_)) => false,
    };
    let declared = match &content.content_type {
        Some(declared) if is_simple => ContentType::parse(declared.as_str()).ok()?,
        None if is_simple && is_plainly_json(&content.bytes) => JSON.clone(),
        _ => return None,
    };
    declared.is_json().then_some(declared)
}

/// The one content type that the answer declares, when the reference can read it.
fn received(answer: &Answer) -> Option<&str> {
    let mut headers = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let (_, value) = headers.next()?;
    headers.next().is_none().then_some(value.trim())
}

/// True when the reference takes these bytes for JSON by their beginning.
fn is_plainly_json(bytes: &[u8]) -> bool {
    let beginning = &bytes[..bytes.len().min(32)];
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let starts_like_json = match beginning {
        [b'[', ..] | [b'{', b'}', ..] => true,
        [b'{', b'"', first, ..] => is_word(first),
        _ => false,
    };
    beginning.is_ascii() && starts_like_json
}
