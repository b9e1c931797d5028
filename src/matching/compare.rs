//! The only caller of pact_matching. It turns what that crate says into mismatches of our own and
//! lets none of its types out.
//!
//! Everything here may panic or run long on odd input and is called through [`super::guarded`].

#[cfg(feature = "consumer")]
mod request;

use std::collections::HashMap;

use base64::Engine as _;
use pact_matching::json::compare_json;
use pact_matching::{
    CoreMatchingContext, DiffConfig, Mismatch as Reported, match_message_contents, match_message_metadata,
    match_response,
};
use pact_models::bodies::OptionalBody;
use pact_models::content_types::ContentType;
use pact_models::headers::parse_header;
use pact_models::interaction::Interaction as _;
use pact_models::matchingrules::{Category, MatchingRuleCategory};
use pact_models::pact::Pact as _;
use pact_models::v4::http_parts::HttpResponse;
use pact_models::v4::message_parts::MessageContents;
use pact_models::v4::pact::V4Pact;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::{Map, Value};

#[cfg(feature = "consumer")]
pub(crate) use self::request::request;
use super::actual::{Answer, Message};
use super::mismatch::Mismatch;
use super::reference_rules::{category_of, doc_path_of};
use super::settled::settled;
use crate::contract::{Category as RuleCategory, Rule, Step};
use crate::finding::{Code, Place};

/// Compares an HTTP answer with what the contract expects.
pub(crate) fn http(expected: &SynchronousHttp, answer: &Answer) -> Result<Vec<Mismatch>, String> {
    // Only plugins look at these two.
    let (pact, interaction) = (V4Pact::default().boxed(), SynchronousHttp::default().boxed());
    let compared = now(match_response(expected.response.clone(), response_of(answer), &pact, &interaction))?;
    compared
        .map(|mismatches| mismatches.into_iter().map(translated).collect())
        .map_err(|error| error.to_string())
}

/// Compares the contents of a message with what the contract expects.
pub(crate) fn message(expected: &MessageContents, actual: &Message) -> Result<Vec<Mismatch>, String> {
    let actual = contents_of(actual);
    let rules = |names: &[&str]| {
        let found = names.iter().find_map(|name| expected.matching_rules.rules_for_category(*name));
        // The reference takes the rules of the category `content` in no particular order; those of
        // a body by their weight. The semantics are the same, so they are given as a body's.
        found.map(|category| MatchingRuleCategory { name: Category::BODY, ..category }).unwrap_or_default()
    };
    let body = context(&rules(&["content", "contents", "body"]));
    let mut found = now(match_message_contents(expected, &actual, &body))?.err().unwrap_or_default();
    let metadata = context(&expected.matching_rules.rules_for_category("metadata").unwrap_or_default());
    found.extend(match_message_metadata(expected, &actual, &metadata).into_values().flatten());
    Ok(found.into_iter().map(translated).collect())
}

/// True when the reference accepts a JSON value for an example, under these rules alone.
pub(super) fn accepts(
    rules: &[Rule],
    category: RuleCategory,
    steps: &[Step],
    (example, actual): (&Value, &Value),
) -> bool {
    let name = if category == RuleCategory::Metadata { Category::METADATA } else { Category::BODY };
    let as_they_are = || rules.iter().filter(|rule| rule.category == category).cloned().collect();
    let rules = settled(rules, category, steps, (example, Some(actual))).unwrap_or_else(as_they_are);
    let context = context(&category_of(name, &rules));
    compare_json(&doc_path_of(steps), example, actual, &context).is_ok()
}

fn context(rules: &MatchingRuleCategory) -> CoreMatchingContext {
    CoreMatchingContext::new(DiffConfig::AllowUnexpectedKeys, rules)
}

/// Without plugins, nothing that pact_matching awaits ever waits.
fn now<T>(future: impl Future<Output = T>) -> Result<T, String> {
    futures_util::FutureExt::now_or_never(future)
        .ok_or_else(|| "the matcher waits for something outside this process".to_owned())
}

fn response_of(answer: &Answer) -> HttpResponse {
    let headers = Some(headers_of(&answer.headers));
    let mut response = HttpResponse { status: answer.status, headers, ..HttpResponse::default() };
    let content_type = response.content_type();
    response.body = body_of(&answer.body, content_type);
    response
}

fn headers_of(lines: &[(String, String)]) -> HashMap<String, Vec<String>> {
    let mut headers: HashMap<String, Vec<String>> = HashMap::new();
    for (name, value) in lines {
        headers.entry(name.clone()).or_default().extend(parse_header(name, value));
    }
    headers
}

fn contents_of(message: &Message) -> MessageContents {
    let mut metadata: HashMap<String, Value> =
        message.metadata.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    metadata.entry("contentType".to_owned()).or_insert_with(|| message.content_type.clone().into());
    let content_type = ContentType::parse(message.content_type.as_str()).ok();
    MessageContents {
        contents: body_of(&message.contents, content_type),
        metadata,
        ..MessageContents::default()
    }
}

fn body_of(bytes: &[u8], content_type: Option<ContentType>) -> OptionalBody {
    if bytes.is_empty() {
        OptionalBody::Empty
    } else {
        OptionalBody::Present(bytes.to_vec().into(), content_type, None)
    }
}

/// The metadata that a message endpoint returns in its header.
pub(crate) fn metadata_in(header: &str) -> Result<Map<String, Value>, String> {
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(header.trim())
        .map_err(|error| format!("it is not Base64: {error}"))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("it does not hold a JSON object: {error}"))
}

fn translated(reported: Reported) -> Mismatch {
    match reported {
        Reported::MethodMismatch { expected, actual, mismatch } => {
            Mismatch::known(Code::MethodMismatch, Place::Request, "method", mismatch).with(expected, actual)
        }
        Reported::PathMismatch { expected, actual, mismatch } => {
            Mismatch::known(Code::PathMismatch, Place::Request, "path", mismatch).with(expected, actual)
        }
        Reported::QueryMismatch { parameter, mismatch, .. } => {
            Mismatch::known(Code::QueryMismatch, Place::Request, parameter, mismatch)
        }
        Reported::StatusMismatch { expected, actual, mismatch } => {
            Mismatch::said(Place::Status, "", mismatch).with(expected.to_string(), actual.to_string())
        }
        Reported::HeaderMismatch { key, expected, actual, mismatch } => {
            Mismatch::said(Place::Header, key, mismatch).with(expected, actual)
        }
        Reported::BodyTypeMismatch { expected, actual, mismatch, .. } => {
            Mismatch::known(Code::ContentTypeMismatch, Place::Body, "", mismatch).with(expected, actual)
        }
        Reported::BodyMismatch { path, expected, actual, mismatch } => {
            let text =
                |bytes: Option<bytes::Bytes>| bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            Mismatch {
                expected: text(expected),
                actual: text(actual),
                ..Mismatch::said(Place::Body, path, mismatch)
            }
        }
        Reported::MetadataMismatch { key, expected, actual, mismatch } => {
            Mismatch::said(Place::Metadata, key, mismatch).with(expected, actual)
        }
    }
}
