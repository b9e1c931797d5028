//! How connections are made and kept, and which certificates are trusted.
//!
//! The certificates of the machine are read once, and only when an address needs TLS.

use std::io;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Identity, Url};

use super::Trust;

/// How long a connection is kept without being used: less than servers keep it, so that they do
/// not close it while a request is on its way.
const KEPT_IDLE: Duration = Duration::from_secs(1);

/// How many redirects are followed.
const REDIRECTS: usize = 10;

/// How a client talks to others.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Which certificates are trusted.
    pub trust: Trust,
    /// How long one request may take, from connecting to the last byte.
    pub limit: Duration,
    /// What is done about redirects.
    pub redirects: Redirects,
    /// Speak HTTP/2 from the first byte.
    pub http2: bool,
    /// Whether the proxies that the machine names are used.
    pub proxies: bool,
}

/// What is done about redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirects {
    /// They are answers like others.
    Judge,
    /// They are followed wherever they lead.
    Follow,
    /// They are followed on the same host and never from TLS to plain text; any other is an answer.
    FollowOnHost,
}

/// The clients of a run, which share what they trust.
#[derive(Debug)]
pub struct Clients {
    /// For addresses without TLS: it may know no certificate.
    plain: Client,
    /// For all others. Reading the machine's certificates takes longer than many interactions, so
    /// it is made when the first such address is asked.
    secure: OnceLock<Client>,
    /// Makes a new connection for each request; hardly ever needed.
    newly_made: OnceLock<Client>,
    manner: Manner,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
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

impl Clients {
    /// Reads the certificates that were named, and no others.
    ///
    /// # Errors
    /// When a certificate cannot be used.
    pub fn new(manner: Manner) -> Result<Self, ClientError> {
        let names_certificates = manner.trust.ca_file.is_some() || manner.trust.client_certificate.is_some();
        let (plain, secure) = if names_certificates || manner.redirects != Redirects::Judge {
            let client = with_certificates(&manner, usize::MAX)?;
            (client.clone(), OnceLock::from(client))
        } else {
            let without = settings(&manner, usize::MAX).tls_certs_only([]);
            (without.build().map_err(ClientError::Build)?, OnceLock::new())
        };
        Ok(Self { plain, secure, newly_made: OnceLock::new(), manner })
    }

    /// The client that can speak to this address.
    ///
    /// # Errors
    /// When a certificate cannot be used.
    pub fn to(&self, url: &Url) -> Result<&Client, ClientError> {
        if url.scheme() == "http" { Ok(&self.plain) } else { self.made_once(&self.secure, usize::MAX) }
    }

    /// The client that never uses a kept connection.
    ///
    /// # Errors
    /// When a certificate cannot be used.
    pub fn newly_made(&self) -> Result<&Client, ClientError> {
        self.made_once(&self.newly_made, 0)
    }

    fn made_once<'a>(&self, place: &'a OnceLock<Client>, kept: usize) -> Result<&'a Client, ClientError> {
        if let Some(client) = place.get() {
            return Ok(client);
        }
        let client = with_certificates(&self.manner, kept)?;
        Ok(place.get_or_init(|| client))
    }
}

/// A client that knows the certificates of the machine, and those that were named. A machine that
/// has none trusts only those.
fn with_certificates(manner: &Manner, kept: usize) -> Result<Client, ClientError> {
    let named = match &manner.trust.ca_file {
        Some(path) => certificates(path)?,
        None => Vec::new(),
    };
    let mut builder = settings(manner, kept);
    let mut alone = settings(manner, kept).tls_certs_only(named.clone());
    if let Some(path) = &manner.trust.client_certificate {
        let pem = read(path)?;
        let identity = || Identity::from_pem(&pem).map_err(|source| bad(path, source));
        (builder, alone) = (builder.identity(identity()?), alone.identity(identity()?));
    }
    builder.tls_certs_merge(named).build().or_else(|_| alone.build()).map_err(ClientError::Build)
}

/// What holds for every client of a run.
fn settings(manner: &Manner, kept: usize) -> ClientBuilder {
    // Another part of the process may have chosen a provider already; any will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .timeout(manner.limit)
        .pool_max_idle_per_host(kept)
        .pool_idle_timeout(KEPT_IDLE)
        .tls_danger_accept_invalid_certs(manner.trust.insecure)
        .redirect(policy(manner.redirects));
    let builder = if manner.proxies { builder } else { builder.no_proxy() };
    if manner.http2 { builder.http2_prior_knowledge() } else { builder }
}

fn policy(redirects: Redirects) -> Policy {
    match redirects {
        Redirects::Judge => Policy::none(),
        Redirects::Follow => Policy::limited(REDIRECTS),
        Redirects::FollowOnHost => Policy::custom(|attempt| {
            let leads_astray = attempt.previous().last().is_none_or(|from| {
                let is_elsewhere = from.host_str() != attempt.url().host_str();
                is_elsewhere || from.scheme() == "https" && attempt.url().scheme() != "https"
            });
            if attempt.previous().len() > REDIRECTS {
                attempt.error("it redirects for ever")
            } else if leads_astray {
                attempt.stop()
            } else {
                attempt.follow()
            }
        }),
    }
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
