//! The request in a pact as the request that is sent.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::hooks::OutgoingRequest;
use crate::contract::{Body, Query, Request};

/// What has to be encoded in a decoded query parameter so that it stays one.
const IN_QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'`');

/// The request exactly as the pact has it.
pub(super) fn outgoing(request: &Request) -> OutgoingRequest {
    let path =
        if request.path.starts_with('/') { request.path.clone() } else { format!("/{}", request.path) };
    let target = match query_text(&request.query) {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let headers = request
        .headers
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone())))
        .collect();
    OutgoingRequest {
        method: request.method.clone(),
        target,
        headers,
        body: body_bytes(&request.body, request),
    }
}

/// The text behind the `?`: as it stands in a V1 or V2 pact, otherwise its parameters in order.
pub(super) fn query_text(query: &Query) -> Option<String> {
    if let Some(raw) = &query.raw {
        return (!raw.is_empty()).then(|| raw.clone());
    }
    let parts: Vec<String> =
        query.params.iter().map(|(name, value)| parameter(name, value.as_deref())).collect();
    (!parts.is_empty()).then(|| parts.join("&"))
}

fn parameter(name: &str, value: Option<&str>) -> String {
    let name = utf8_percent_encode(name, IN_QUERY);
    match value {
        Some(value) => format!("{name}={}", utf8_percent_encode(value, IN_QUERY)),
        None => name.to_string(),
    }
}

fn body_bytes(body: &Body, request: &Request) -> Vec<u8> {
    match body {
        Body::Present(content) => content.bytes.clone(),
        // A JSON consumer that says null sends the text `null`.
        Body::Null if says_json(request) => b"null".to_vec(),
        Body::Null | Body::Missing | Body::Empty => Vec::new(),
    }
}

fn says_json(request: &Request) -> bool {
    request.headers.iter().any(|(name, values)| {
        name.eq_ignore_ascii_case("content-type") && values.iter().any(|value| value.contains("json"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: Option<&str>, params: &[(&str, Option<&str>)]) -> Option<String> {
        let params =
            params.iter().map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned))).collect();
        query_text(&Query { raw: raw.map(str::to_owned), params })
    }

    #[test]
    fn a_raw_query_is_sent_byte_for_byte() {
        assert_eq!(
            text(Some("b=2&a=1&b&c=%7E+x"), &[("ignored", None)]).as_deref(),
            Some("b=2&a=1&b&c=%7E+x")
        );
    }

    #[test]
    fn parameters_keep_their_order_and_those_without_a_value_are_kept() {
        let params = [("b", Some("2")), ("a", Some("")), ("flag", None), ("b", Some("x&y=1 +é"))];
        assert_eq!(text(None, &params).as_deref(), Some("b=2&a=&flag&b=x%26y%3D1%20%2B%C3%A9"));
    }

    #[test]
    fn no_parameters_are_no_question_mark() {
        assert_eq!(text(None, &[]), None);
        assert_eq!(text(Some(""), &[]), None);
    }
}
