//! The one HTTP client of a run: it sends a request exactly as it is told and returns what came
//! back. It holds no opinion about either.
//!
//! Nothing is followed unless asked for, and no answer is asked for twice. Only when the provider
//! closes the connection before it answers, as it may do with a kept one at any time, the request
//! is sent once more over a new one, and only when its method may be repeated (RFC 9110, section
//! 9.2.2).

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};

use super::hooks::OutgoingRequest;
use super::options::{Connection, Limits};
use crate::connect::{ClientError, Clients, Manner, Redirects, split};
use crate::finding::{Code, Finding, Place};
use crate::matching::Answer;

/// A client that is ready to send.
#[derive(Debug, Clone)]
pub(super) struct Client {
    clients: Arc<Clients>,
    limits: Limits,
    http2: bool,
}

impl Client {
    /// Builds the client of a run. Certificates that were named are read here and now.
    pub(super) fn new(connection: &Connection, limits: Limits) -> Result<Self, ClientError> {
        let redirects = if connection.follow_redirects { Redirects::Follow } else { Redirects::Judge };
        let manner = Manner {
            trust: connection.trust.clone(),
            limit: limits.request,
            redirects,
            http2: connection.http2,
            // A proxy is not the provider.
            proxies: false,
        };
        Ok(Self { clients: Arc::new(Clients::new(manner)?), limits, http2: connection.http2 })
    }

    /// Sends a request to the provider at `base`, which has no slash at its end.
    pub(super) async fn send(&self, base: &str, request: OutgoingRequest) -> Result<Answer, Box<Finding>> {
        let url = sendable_url(base, &request.target)?;
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| unsendable(format!("`{}` is not a method that HTTP can carry", request.method)))?;
        let headers = sendable_headers(&request)?;
        let body = Bytes::from(request.body);
        let ask = |http: &reqwest::Client| {
            let builder = http.request(method.clone(), url.clone()).headers(headers.clone());
            if body.is_empty() { builder.send() } else { builder.body(body.clone()).send() }
        };
        let tls = |error: ClientError| unreachable_over_tls(&error);
        let outcome = match ask(self.clients.to(&url).map_err(tls)?).await {
            Err(error) if was_closed(&error) && method.is_idempotent() => {
                ask(self.clients.newly_made().map_err(tls)?).await
            }
            outcome => outcome,
        };
        let response = outcome.map_err(|error| self.explain(&error, &url))?;
        self.read(response, &url).await
    }

    async fn read(&self, mut response: reqwest::Response, url: &Url) -> Result<Answer, Box<Finding>> {
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.explain(&error, url))? {
            if body.len() + chunk.len() > self.limits.answer_bytes {
                let message = format!("the answer is larger than {} bytes", self.limits.answer_bytes);
                return Err(Box::new(Finding::new(Code::AnswerTooLarge, Place::Body, message)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }

    /// Says in words what went wrong on the way, which reqwest keeps at the end of a chain.
    fn explain(&self, error: &reqwest::Error, url: &Url) -> Box<Finding> {
        let place = Place::Provider;
        let address = address_of(url);
        let finding = if error.is_timeout() {
            let limit = shown(self.limits.request);
            Finding::new(Code::RequestTimedOut, place, format!("{address} did not answer within {limit}"))
                .with_help("a slower provider needs a longer --request-timeout")
        } else if let Some(tls) = find_in_chain::<rustls::Error>(error) {
            let why = tls_reason(tls);
            Finding::new(Code::TlsFailed, place, format!("the TLS handshake with {address} failed: {why}"))
                .with_help(tls_help(tls))
        } else if has_text(error, &["tls handshake eof"]) {
            let message = format!("the TLS handshake with {address} failed: the other side hung up");
            Finding::new(Code::TlsFailed, place, message).with_help(PLAIN)
        } else if let Some(io) = find_in_chain::<io::Error>(error).filter(|_| error.is_connect()) {
            explain_connect(io, &address)
        } else if has_text(
            error,
            &["invalid HTTP", "message head is too large", "error parsing", "http2 error"],
        ) {
            let message = format!("{address} answered with something that is not HTTP: {}", innermost(error));
            let help =
                if self.http2 { closed_help(url, true) } else { "does the port speak TLS, or HTTP/2 only?" };
            Finding::new(Code::BadAnswer, place, message).with_help(help)
        } else {
            let message = format!("the connection to {address} broke: {}", innermost(error));
            let finding = Finding::new(Code::ConnectionBroken, place, message);
            if self.http2 || was_closed(error) {
                finding.with_help(closed_help(url, self.http2))
            } else {
                finding
            }
        };
        Box::new(finding)
    }
}

fn explain_connect(error: &io::Error, address: &str) -> Finding {
    if error.kind() == io::ErrorKind::ConnectionRefused {
        Finding::new(Code::ConnectionRefused, Place::Provider, format!("nobody listens at {address}"))
            .with_help("is the provider up? --start 'COMMAND' starts it and waits until it is ready")
    } else if error.to_string().contains("lookup address") {
        Finding::new(
            Code::UnknownHost,
            Place::Provider,
            format!("the host of {address} is not known: {error}"),
        )
    } else {
        Finding::new(Code::ConnectionBroken, Place::Provider, format!("cannot connect to {address}: {error}"))
    }
}

/// What to do when the other side does not understand TLS.
const PLAIN: &str = "does the port speak plain HTTP? then the address starts with http://";

/// What to do when the other side hangs up without an answer.
fn closed_help(url: &Url, http2: bool) -> &'static str {
    if http2 {
        "does the provider speak HTTP/2 from the first byte? without --http2, HTTP/1.1 is spoken"
    } else if url.scheme() == "http" {
        "if the port speaks TLS, the address starts with https://; \
         a provider that closes connections unannounced needs -H 'Connection: close'"
    } else {
        "a provider that closes connections unannounced needs -H 'Connection: close'"
    }
}

/// How the certificate of an authority is refused that a server presents as its own. rustls has it from
/// another crate, and says no more than its name.
const AUTHORITY_AS_SERVER: &str = "CaUsedAsEndEntity";

fn tls_reason(error: &rustls::Error) -> String {
    let said = error.to_string();
    if said.contains(AUTHORITY_AS_SERVER) {
        "its certificate is that of an authority, and so cannot be a server's own".to_owned()
    } else {
        said
    }
}

fn tls_help(error: &rustls::Error) -> &'static str {
    match error {
        _ if error.to_string().contains(AUTHORITY_AS_SERVER) => {
            "let an authority sign a certificate for the server and give the authority's to --ca-file, or \
             --insecure-tls trusts any"
        }
        rustls::Error::InvalidMessage(_) => PLAIN,
        rustls::Error::InvalidCertificate(_) => {
            "--ca-file FILE trusts the certificates in a file, --insecure-tls trusts any"
        }
        _ => "--client-cert FILE presents a certificate to the provider",
    }
}

/// The address with which a request is really sent. What HTTP cannot carry is percent-encoded;
/// whatever else the address would become another request is refused.
fn sendable_url(base: &str, target: &str) -> Result<Url, Box<Finding>> {
    let wanted = format!("{base}{}", encoded(target));
    let url =
        Url::parse(&wanted).map_err(|error| unsendable(format!("`{wanted}` is not an address: {error}")))?;
    let path = url.path();
    let sent = url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    if sent != split(&wanted).1 {
        return Err(unsendable(format!("the path `{target}` would be sent as `{sent}`")));
    }
    Ok(url)
}

/// Encodes the bytes that must not stand in a request line, and leaves all others as they are.
fn encoded(target: &str) -> String {
    use std::fmt::Write as _;
    let query = target.find('?').unwrap_or(target.len());
    target.bytes().enumerate().fold(String::with_capacity(target.len()), |mut text, (at, byte)| {
        // The address type encodes an apostrophe in a query and turns a backslash in a path around.
        let has_other_meaning = if at < query { byte == b'\\' } else { byte == b'\'' };
        let is_refused = matches!(byte, b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'#');
        if byte.is_ascii_graphic() && !is_refused && !has_other_meaning {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

fn sendable_headers(request: &OutgoingRequest) -> Result<HeaderMap, Box<Finding>> {
    let mut headers = HeaderMap::with_capacity(request.headers.len());
    for (name, value) in &request.headers {
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| unsendable(format!("`{name}` is not a header name that HTTP can carry")))?;
        if header == reqwest::header::CONTENT_LENGTH && *value != request.body.len().to_string() {
            let real = request.body.len();
            return Err(unsendable(format!("Content-Length says {value} and the body has {real} bytes")));
        }
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            unsendable(format!("the value of `{name}` has characters that HTTP cannot carry"))
        })?;
        headers.append(header, value);
    }
    Ok(headers)
}

fn unsendable(message: String) -> Box<Finding> {
    Box::new(Finding::new(Code::UnsendableRequest, Place::Request, message))
}

/// Scheme, host and port: what people recognise, and no credentials.
fn address_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{}://{host}:{port}", url.scheme()),
        None => format!("{}://{host}", url.scheme()),
    }
}

/// A time as people say it.
pub(super) fn shown(duration: Duration) -> String {
    if duration.subsec_millis() == 0 {
        format!("{} s", duration.as_secs())
    } else {
        format!("{} ms", duration.as_millis())
    }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        // An I/O error hides what it wraps from `source`.
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inside.map(|inner| inner as &(dyn Error + 'static)).or_else(|| error.source())
    })
}

fn find_in_chain<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref())
}

fn has_text(error: &(dyn Error + 'static), texts: &[&str]) -> bool {
    chain(error).any(|error| {
        let message = error.to_string();
        texts.iter().any(|text| message.contains(text))
    })
}

/// True when the connection was closed before there was any answer.
fn was_closed(error: &reqwest::Error) -> bool {
    let is_cut = |error: &io::Error| {
        matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe)
    };
    !error.is_connect()
        && (has_text(error, &["connection closed before message completed"])
            || has_text(error, &["broken pipe"])
            || find_in_chain::<io::Error>(error).is_some_and(is_cut))
}

fn unreachable_over_tls(error: &ClientError) -> Box<Finding> {
    let why = chain(error).map(ToString::to_string).collect::<Vec<_>>().join(": ");
    Box::new(Finding::new(Code::TlsFailed, Place::Provider, why))
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// An error with all that led to it.
pub(super) fn chain_text(error: &dyn Error) -> String {
    std::iter::successors(Some(error), |error| (**error).source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(target: &str) -> String {
        match sendable_url("http://localhost:1/base", target) {
            Ok(url) => url.to_string(),
            Err(finding) => finding.message,
        }
    }

    #[test]
    fn what_http_can_carry_is_sent_as_it_stands() {
        for target in ["/a//b", "/a?b&c=&d", "/a?x=%7e%41", "/%2F", "/a;b=c?q=1+2&q=[]", "/a'(b)*!$", ""] {
            assert_eq!(url(target), format!("http://localhost:1/base{target}"), "{target}");
        }
    }

    #[test]
    fn what_http_cannot_carry_is_encoded() {
        assert_eq!(url("/a b/é?q=\"x\"#y"), "http://localhost:1/base/a%20b/%C3%A9?q=%22x%22%23y");
    }

    #[test]
    fn a_path_that_would_become_another_one_is_refused() {
        assert_eq!(url("/a/../b"), "the path `/a/../b` would be sent as `/base/b`");
        assert_eq!(url("/./b"), "the path `/./b` would be sent as `/base/b`");
        let rooted = sendable_url("http://localhost:1", "/b/../b").expect_err("another path");
        assert_eq!(rooted.message, "the path `/b/../b` would be sent as `/b`");
    }
}
