//! The one HTTP client of a run: it sends a request exactly as it is told and returns what came
//! back. It holds no opinion about either.
//!
//! Connections are kept alive. An answer is never asked for twice; only when the provider closes a
//! kept connection just as a request is on its way, the request is sent once more, and only when
//! its method may be repeated (RFC 9110, section 9.2.2). Nothing is followed unless asked for, and
//! the certificates of the machine are read once.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Identity, Method, Url};

use super::hooks::OutgoingRequest;
use super::options::{Connection, Limits};
use crate::finding::{Code, Finding, Place};

/// How long a connection is kept without being used: less than servers keep it, so that they do not
/// close it while a request is on its way.
const KEPT_IDLE: Duration = Duration::from_secs(1);

/// A client that is ready to send.
#[derive(Debug, Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    limits: Limits,
    connection: Connection,
    /// Whether there may be a kept connection, which the provider may have closed by now.
    has_answered: Arc<AtomicBool>,
    without_kept: Arc<OnceLock<Option<reqwest::Client>>>,
}

/// What came back, before anybody has judged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// The headers in the order in which they came, bytes that are no text replaced.
    pub(super) headers: Vec<(String, String)>,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    /// A file with certificates cannot be read.
    #[error("the certificate file {path} cannot be read")]
    ReadCertificate {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A file with certificates holds something else.
    #[error("the file {path} holds no usable PEM certificate")]
    BadCertificate {
        /// The file.
        path: String,
        /// Why.
        source: reqwest::Error,
    },
    /// The client cannot be built from these options.
    #[error("the HTTP client cannot be built")]
    Build(#[source] reqwest::Error),
}

impl Answer {
    /// The first value of a header, by its name in any case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// True for the statuses 200 to 299.
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Client {
    /// Builds the client of a run.
    pub(super) fn new(connection: &Connection, limits: Limits) -> Result<Self, ClientError> {
        // Another part of the process may have chosen a provider already; any will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            http: build(connection, limits, usize::MAX)?,
            limits,
            connection: connection.clone(),
            has_answered: Arc::default(),
            without_kept: Arc::default(),
        })
    }

    /// Sends a request to the provider at `base`, which has no slash at its end.
    pub(super) async fn send(&self, base: &str, request: OutgoingRequest) -> Result<Answer, Box<Finding>> {
        let url = sendable_url(base, &request.target)?;
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| unsendable(format!("`{}` is not a method that HTTP can carry", request.method)))?;
        let headers = sendable_headers(&request)?;
        let body = Bytes::from(request.body);
        // Asked only after a failure: a connection may have been kept in the meantime.
        let may_be_repeated = || method.is_idempotent() && self.has_answered.load(Ordering::Relaxed);
        let ask = |http: &reqwest::Client| {
            let builder = http.request(method.clone(), url.clone()).headers(headers.clone());
            if body.is_empty() { builder.send() } else { builder.body(body.clone()).send() }
        };
        let outcome = match ask(&self.http).await {
            Err(error) if was_closed(&error) && may_be_repeated() => match self.without_kept() {
                Some(http) => ask(http).await,
                None => Err(error),
            },
            outcome => outcome,
        };
        let response = outcome.map_err(|error| self.explain(&error, &url))?;
        self.has_answered.store(true, Ordering::Relaxed);
        self.read(response, &url).await
    }

    /// A client that makes a new connection for each request.
    fn without_kept(&self) -> Option<&reqwest::Client> {
        let make = || build(&self.connection, self.limits, 0).ok();
        self.without_kept.get_or_init(make).as_ref()
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
            Finding::new(Code::TlsFailed, place, format!("the TLS handshake with {address} failed: {tls}"))
                .with_help(tls_help(tls))
        } else if let Some(io) = find_in_chain::<io::Error>(error).filter(|_| error.is_connect()) {
            explain_connect(io, &address)
        } else if has_text(
            error,
            &["invalid HTTP", "message head is too large", "error parsing", "http2 error"],
        ) {
            let message = format!("{address} answered with something that is not HTTP: {}", innermost(error));
            Finding::new(Code::BadAnswer, place, message)
                .with_help("does the port speak TLS, or HTTP/2 only?")
        } else {
            let message = format!("the connection to {address} broke: {}", innermost(error));
            let finding = Finding::new(Code::ConnectionBroken, place, message);
            if was_closed(error) {
                finding
                    .with_help("a provider that closes connections unannounced needs -H 'Connection: close'")
            } else {
                finding
            }
        };
        Box::new(finding)
    }
}

fn build(connection: &Connection, limits: Limits, kept: usize) -> Result<reqwest::Client, ClientError> {
    let builder = || Ok(builder(connection, limits)?.pool_max_idle_per_host(kept));
    // A machine without certificates is no reason not to speak plain HTTP; over TLS, whatever is
    // not in the CA file is then refused.
    builder()?.build().or_else(|_| builder()?.tls_certs_only([]).build().map_err(ClientError::Build))
}

fn builder(connection: &Connection, limits: Limits) -> Result<reqwest::ClientBuilder, ClientError> {
    let mut builder = reqwest::Client::builder()
        .timeout(limits.request)
        .no_proxy()
        .pool_idle_timeout(KEPT_IDLE)
        .tls_danger_accept_invalid_certs(connection.insecure)
        .redirect(if connection.follow_redirects { Policy::limited(10) } else { Policy::none() });
    if connection.http2 {
        builder = builder.http2_prior_knowledge();
    }
    if let Some(path) = &connection.ca_file {
        builder = builder.tls_certs_merge(certificates(path)?);
    }
    if let Some(path) = &connection.client_certificate {
        let identity = Identity::from_pem(&read(path)?).map_err(|source| bad(path, source))?;
        builder = builder.identity(identity);
    }
    Ok(builder)
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

fn tls_help(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidMessage(_) => {
            "does the port speak plain HTTP? then the address starts with http://"
        }
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
    if sent != super::state::split(&wanted).1 {
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

fn certificates(path: &Path) -> Result<Vec<Certificate>, ClientError> {
    Certificate::from_pem_bundle(&read(path)?).map_err(|source| bad(path, source))
}

fn read(path: &Path) -> Result<Vec<u8>, ClientError> {
    std::fs::read(path)
        .map_err(|source| ClientError::ReadCertificate { path: path.display().to_string(), source })
}

fn bad(path: &Path, source: reqwest::Error) -> ClientError {
    ClientError::BadCertificate { path: path.display().to_string(), source }
}

/// Scheme, host and port: what people recognise, and no credentials.
fn address_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{}://{host}:{port}", url.scheme()),
        None => format!("{}://{host}", url.scheme()),
    }
}

fn shown(duration: Duration) -> String {
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
            || find_in_chain::<io::Error>(error).is_some_and(is_cut))
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
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
