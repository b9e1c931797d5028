//! Answers as they go out over HTTP.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{HeaderMap, Response, StatusCode};

use super::options::Cors;
use super::outcome::Miss;
use super::words::explained;
use crate::matching::{Answer, Incoming};

/// The status of the answer to a request that nobody expects, as the mocks of Pact have it.
pub(crate) const UNEXPECTED: u16 = 500;

/// Headers that say how a body travels, which is decided by the connection.
pub(crate) const OF_THE_CONNECTION: [&str; 4] =
    ["connection", "content-length", "keep-alive", "transfer-encoding"];

/// The answer that tells a client why it gets none.
pub(crate) fn miss(miss: &Miss) -> Answer {
    plain(UNEXPECTED, "Request-Mismatch", explained(miss))
}

/// The answer when there should be one and cannot be.
pub(crate) fn failure(why: &str) -> Answer {
    plain(UNEXPECTED, "Failed", format!("{why}\n"))
}

fn plain(status: u16, mark: &str, text: String) -> Answer {
    let headers = [("Content-Type", "text/plain; charset=utf-8"), ("X-Pact", mark)];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    Answer { status, headers, body: text.into_bytes() }
}

/// True for the question of a web browser whether a page may send a request.
pub(crate) fn is_preflight(incoming: &Incoming) -> bool {
    incoming.method == "OPTIONS" && incoming.header("access-control-request-method").is_some()
}

/// The answer to a preflight request: everything is allowed.
pub(crate) fn preflight(incoming: &Incoming) -> Answer {
    let asked = |name: &str| incoming.header(name).unwrap_or("*").to_owned();
    let headers = vec![
        ("Access-Control-Allow-Methods".to_owned(), asked("access-control-request-method")),
        ("Access-Control-Allow-Headers".to_owned(), asked("access-control-request-headers")),
    ];
    Answer { status: 204, headers, body: Vec::new() }
}

/// Lets web pages read the answer.
pub(crate) fn allow_pages(answer: &mut Answer, incoming: &Incoming, cors: Cors) {
    let origin = match cors {
        Cors::Off => return,
        Cors::Any => "*".to_owned(),
        Cors::Caller => incoming.header("origin").unwrap_or("*").to_owned(),
    };
    let mut add = |name: &str, value: String| {
        if answer.header(name).is_none() {
            answer.headers.push((name.to_owned(), value));
        }
    };
    if cors == Cors::Caller {
        add("Access-Control-Allow-Credentials", "true".to_owned());
        add("Vary", "Origin".to_owned());
    }
    add("Access-Control-Allow-Origin", origin);
}

/// The answer as hyper sends it.
///
/// # Errors
/// A status or header in the contract cannot be sent over HTTP.
pub(crate) fn outgoing(answer: Answer) -> Result<Response<Full<Bytes>>, String> {
    let (status, headers) = (status(&answer)?, headers(&answer)?);
    let mut response = Response::new(Full::from(answer.body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

/// Refuses an answer that cannot be sent over HTTP.
pub(crate) fn refuse_unsendable(answer: &Answer) -> Result<(), String> {
    status(answer)?;
    headers(answer).map(drop)
}

fn status(answer: &Answer) -> Result<StatusCode, String> {
    StatusCode::from_u16(answer.status)
        .map_err(|_| format!("the status {} cannot be sent over HTTP", answer.status))
}

/// The headers of an answer that are not the connection's business.
///
/// # Errors
/// One of them cannot be sent over HTTP.
fn headers(answer: &Answer) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in &answer.headers {
        if OF_THE_CONNECTION.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            continue;
        }
        let pair =
            HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_bytes(value.as_bytes()).ok());
        let (name, value) =
            pair.ok_or_else(|| format!("the header `{name}: {}` cannot be sent over HTTP", value.escape_debug()))?;
        headers.append(name, value);
    }
    Ok(headers)
}
