//! The comparison of a request that came in with the one that a contract expects.

use pact_matching::match_request;
use pact_models::interaction::Interaction as _;
use pact_models::pact::Pact as _;
use pact_models::query_strings::parse_query_string;
use pact_models::v4::http_parts::HttpRequest;
use pact_models::v4::pact::V4Pact;
use pact_models::v4::synch_http::SynchronousHttp;

use super::{body_of, headers_of, now, translated};
use crate::matching::incoming::Incoming;
use crate::matching::mismatch::Mismatch;

/// Compares a request that came in with the one that the contract expects.
pub(crate) fn request(expected: &HttpRequest, incoming: &Incoming) -> Result<Vec<Mismatch>, String> {
    let (pact, interaction) = (V4Pact::default().boxed(), SynchronousHttp::default().boxed());
    let compared = now(match_request(expected.clone(), request_of(incoming), &pact, &interaction))?;
    compared
        .map(|result| result.mismatches().into_iter().map(translated).collect())
        .map_err(|error| error.to_string())
}

fn request_of(incoming: &Incoming) -> HttpRequest {
    let mut request = HttpRequest {
        method: incoming.method.clone(),
        path: incoming.path.clone(),
        query: incoming.query.as_deref().and_then(parse_query_string),
        headers: Some(headers_of(&incoming.headers)),
        ..HttpRequest::default()
    };
    let content_type = request.content_type();
    request.body = body_of(&incoming.body, content_type);
    request
}
