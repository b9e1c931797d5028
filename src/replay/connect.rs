//! How connections to the provider are made and kept, and which certificates are trusted.
//!
//! The certificates of the machine are read once, and only when an address needs TLS. No proxy is
//! ever used.

use std::io;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Identity, Url};

use super::options::{Connection, Limits};

/// How long a connection is kept without being used: less than servers keep it, so that they do
/// not close it while a request is on its way.
const KEPT_IDLE: Duration = Duration::from_secs(1);

/// Everything over which a run talks to the provider.
#[derive(Debug)]
pub(super) struct Connections {
    /// For addresses without TLS: it may know no certificate.
    plain: Client,
    /// For all others. Reading the machine's certificates takes longer than many interactions, so
    /// it is made when the first such address is asked.
    secure: OnceLock<Client>,
    /// Makes a new connection for each request; hardly ever needed.
    newly_made: OnceLock<Client>,
    connection: Connection,
    limits: Limits,
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

impl Connections {
    /// Reads the certificates that were named, and no others.
    pub(super) fn new(connection: &Connection, limits: Limits) -> Result<Self, ClientError> {
        let told = (connection, limits);
        let names_certificates = connection.ca_file.is_some() || connection.client_certificate.is_some();
        let (plain, secure) = if names_certificates || connection.follow_redirects {
            let client = with_certificates(told, usize::MAX)?;
            (client.clone(), OnceLock::from(client))
        } else {
            let without = settings(told, usize::MAX).tls_certs_only([]);
            (without.build().map_err(ClientError::Build)?, OnceLock::new())
        };
        Ok(Self { plain, secure, newly_made: OnceLock::new(), connection: connection.clone(), limits })
    }

    /// The client that can speak to this address.
    pub(super) fn to(&self, url: &Url) -> Result<&Client, ClientError> {
        if url.scheme() == "http" { Ok(&self.plain) } else { self.made_once(&self.secure, usize::MAX) }
    }

    /// The client that never uses a kept connection.
    pub(super) fn newly_made(&self) -> Result<&Client, ClientError> {
        self.made_once(&self.newly_made, 0)
    }

    fn made_once<'a>(&self, place: &'a OnceLock<Client>, kept: usize) -> Result<&'a Client, ClientError> {
        if let Some(client) = place.get() {
            return Ok(client);
        }
        let client = with_certificates((&self.connection, self.limits), kept)?;
        Ok(place.get_or_init(|| client))
    }
}

/// A client that knows the certificates of the machine, and those that were named. A machine that
/// has none trusts only those.
fn with_certificates(
    (connection, limits): (&Connection, Limits),
    kept: usize,
) -> Result<Client, ClientError> {
    let named = match &connection.ca_file {
        Some(path) => certificates(path)?,
        None => Vec::new(),
    };
    let mut builder = settings((connection, limits), kept);
    let mut alone = settings((connection, limits), kept).tls_certs_only(named.clone());
    if let Some(path) = &connection.client_certificate {
        let pem = read(path)?;
        let identity = || Identity::from_pem(&pem).map_err(|source| bad(path, source));
        (builder, alone) = (builder.identity(identity()?), alone.identity(identity()?));
    }
    builder.tls_certs_merge(named).build().or_else(|_| alone.build()).map_err(ClientError::Build)
}

/// What holds for every client of a run.
fn settings((connection, limits): (&Connection, Limits), kept: usize) -> ClientBuilder {
    // Another part of the process may have chosen a provider already; any will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .timeout(limits.request)
        .no_proxy()
        .pool_max_idle_per_host(kept)
        .pool_idle_timeout(KEPT_IDLE)
        .tls_danger_accept_invalid_certs(connection.insecure)
        .redirect(if connection.follow_redirects { Policy::limited(10) } else { Policy::none() });
    if connection.http2 { builder.http2_prior_knowledge() } else { builder }
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
