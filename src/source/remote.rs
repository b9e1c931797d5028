//! Pacts at URLs.
//!
//! Nothing is sent but a GET to the address that was named, with the credentials that were given
//! for it. A redirect is followed on the same host only, for whoever else it leads to was not named.
//! Credentials are never shown, neither those in the address nor those beside it.

use std::error::Error;
use std::time::Duration;

use reqwest::{Response, Url};

use crate::connect::{ANSWER_BYTES, Clients, Manner, Redirects, Trust};
use crate::finding::{Code, Finding, Location, Place};
use crate::redact::Redactor;

/// How pacts are fetched.
#[derive(Debug, Clone)]
pub struct Access {
    /// Who asks.
    pub credentials: Credentials,
    /// Which certificates are trusted.
    pub trust: Trust,
    /// How long one pact may take, from connecting to the last byte.
    pub limit: Duration,
    /// How large one pact may be, in bytes.
    pub answer_bytes: usize,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            credentials: Credentials::None,
            trust: Trust::default(),
            limit: Duration::from_secs(30),
            answer_bytes: ANSWER_BYTES,
        }
    }
}

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

impl Credentials {
    /// The redactor with what is secret in these.
    #[must_use]
    pub fn hidden_by(&self, redactor: Redactor) -> Redactor {
        match self {
            Self::None => redactor,
            Self::Token(token) => redactor.knowing(token),
            Self::User(_, password) => password.iter().fold(redactor, |redactor, it| redactor.knowing(it)),
        }
    }
}

/// True for an argument that is an address and no path.
#[must_use]
pub(super) fn is_url(argument: &str) -> bool {
    let scheme = argument.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
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
pub(super) fn fetch(url: &str, access: &Access) -> Result<Vec<u8>, Box<Finding>> {
    let redactor = access.credentials.hidden_by(Redactor::default().knowing_address(url));
    let fetched = text_of(tokio::runtime::Builder::new_current_thread().enable_all().build());
    fetched.and_then(|runtime| runtime.block_on(get(url, access))).map_err(|why| {
        let location = Location { file: shown(url), line: 1, column: 1 };
        let message = redactor.text(&format!("the pact cannot be fetched: {why}"));
        Box::new(Finding::new(Code::Unreadable, Place::Pact, message).with_location(location))
    })
}

async fn get(url: &str, access: &Access) -> Result<Vec<u8>, String> {
    let parsed = text_of(Url::parse(url))?;
    let manner = Manner {
        trust: access.trust.clone(),
        limit: access.limit,
        redirects: Redirects::FollowOnHost,
        http2: false,
        // Pacts may lie outside of the network that the provider is in.
        proxies: true,
    };
    let clients = text_of(Clients::new(manner))?;
    let client = text_of(clients.to(&parsed))?;
    let request = client.get(parsed.clone()).header("Accept", "application/hal+json, application/json");
    let request = match &access.credentials {
        Credentials::None => request,
        Credentials::Token(token) => request.bearer_auth(token),
        Credentials::User(name, password) => request.basic_auth(name, password.as_ref()),
    };
    let response = request.send().await.map_err(|error| lost(error, access))?;
    if response.status().is_redirection() {
        return Err(astray(&response));
    }
    if !response.status().is_success() {
        return Err(format!("it answered {}", response.status()));
    }
    read(response, access).await
}

async fn read(mut response: Response, access: &Access) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(error, access))? {
        if bytes.len() + chunk.len() > access.answer_bytes {
            return Err(format!("it is larger than {} bytes (--max-answer-bytes)", access.answer_bytes));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Why there was no answer; the address is told beside it, without its credentials.
fn lost(error: reqwest::Error, access: &Access) -> String {
    if error.is_timeout() {
        return format!("it did not answer within {} ms", access.limit.as_millis());
    }
    innermost(&error.without_url())
}

/// The answer is a redirect that was not followed.
fn astray(response: &Response) -> String {
    let status = response.status();
    let target = response.headers().get("location").and_then(|value| value.to_str().ok());
    match target.and_then(|target| response.url().join(target).ok()) {
        Some(target) => {
            let target = shown(target.as_str());
            format!("it answered {status} and leads to {target}; name that address when it is meant")
        }
        None => format!("it answered {status} and does not say where it leads"),
    }
}

fn text_of<T, E: Error + 'static>(result: Result<T, E>) -> Result<T, String> {
    result.map_err(|error| {
        let errors = std::iter::successors(Some(&error as &dyn Error), |&error| error.source());
        errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    })
}

fn innermost(error: &dyn Error) -> String {
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
