//! Pacts at URLs.
//!
//! Nothing is sent but a GET to the address that was named, with the credentials that were given
//! for it. Credentials are never shown, neither those in the address nor those beside it.

use std::error::Error;
use std::time::Duration;

use reqwest::{Client, Url};

use crate::finding::{Code, Finding, Location, Place};
use crate::redact::Redactor;

/// How to authenticate where pacts are fetched from.
#[derive(Clone, Default)]
pub enum Credentials {
    /// Not at all, or with what the address itself holds.
    #[default]
    None,
    /// With a bearer token.
    Token(String),
    /// With a name and a password.
    User(String, Option<String>),
}

/// How long an address may take to answer.
const LIMIT: Duration = Duration::from_secs(30);

/// True for an argument that is an address and no path.
#[must_use]
pub(super) fn is_url(argument: &str) -> bool {
    argument.starts_with("http://") || argument.starts_with("https://")
}

/// An address as it may be shown.
#[must_use]
pub(super) fn shown(url: &str) -> String {
    Redactor::new::<&str>([]).text(url)
}

/// Fetches one document.
///
/// # Errors
/// A finding that says what the address answered, or why it did not.
pub(super) fn fetch(url: &str, credentials: &Credentials) -> Result<Vec<u8>, Box<Finding>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| unreadable(url, &error.to_string()))?;
    runtime.block_on(get(url, credentials))
}

async fn get(url: &str, credentials: &Credentials) -> Result<Vec<u8>, Box<Finding>> {
    // Another part of the process may have chosen a provider already; any will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let parsed = Url::parse(url).map_err(|error| unreadable(url, &error.to_string()))?;
    // A machine without certificates can still fetch over plain HTTP.
    let client = Client::builder().timeout(LIMIT).build();
    let client = client.or_else(|_| Client::builder().timeout(LIMIT).tls_certs_only([]).build());
    let client = client.map_err(|error| unreadable(url, &chain(&error)))?;
    let request = client.get(parsed).header("Accept", "application/hal+json, application/json");
    let request = match credentials {
        Credentials::None => request,
        Credentials::Token(token) => request.bearer_auth(token),
        Credentials::User(name, password) => request.basic_auth(name, password.as_ref()),
    };
    let response = request.send().await.map_err(|error| unreadable(url, &chain(&error.without_url())))?;
    if !response.status().is_success() {
        return Err(unreadable(url, &format!("it answered {}", response.status())));
    }
    let bytes = response.bytes().await.map_err(|error| unreadable(url, &chain(&error.without_url())))?;
    Ok(bytes.to_vec())
}

fn unreadable(url: &str, why: &str) -> Box<Finding> {
    let location = Location { file: shown(url), line: 1, column: 1 };
    let message = format!("the pact cannot be fetched: {why}");
    Box::new(Finding::new(Code::Unreadable, Place::Pact, message).with_location(location))
}

fn chain(error: &dyn Error) -> String {
    let errors = std::iter::successors(Some(error), |&error| error.source());
    errors.last().map(ToString::to_string).unwrap_or_default()
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "no credentials",
            Self::Token(_) => "a token",
            Self::User(..) => "a name and a password",
        })
    }
}
