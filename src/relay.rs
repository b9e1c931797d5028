//! Passes requests on to a real provider and keeps what was said, for the draft of a contract.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Method, Url};

use crate::connect::{ClientError, Clients, Manner, Redirects, Trust};
use crate::matching::{Answer, Incoming};
use crate::mock::{Responder, Server};

/// How long the provider may take for one answer.
const LIMIT: Duration = Duration::from_secs(30);
/// Headers that are about one connection only, and those that would make an answer unreadable.
const NOT_PASSED_ON: [&str; 5] =
    ["accept-encoding", "connection", "content-length", "host", "transfer-encoding"];

/// One request and what the provider answered to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    /// The request.
    pub(crate) request: Incoming,
    /// The answer.
    pub(crate) answer: Answer,
}

/// A server that passes everything on.
#[derive(Debug)]
pub(crate) struct Relay {
    server: Server<Passing>,
}

#[derive(Debug)]
struct Passing {
    provider: String,
    clients: Clients,
    /// What was heard, and why a request could not be passed on.
    heard: Mutex<(Vec<Heard>, Vec<String>)>,
}

impl Relay {
    /// Starts it. `provider` is an address without a query.
    ///
    /// # Errors
    /// The port cannot be listened on, or there is no HTTP client.
    pub(crate) fn start(listen: SocketAddr, provider: &str) -> io::Result<Self> {
        let manner = Manner {
            trust: Trust::default(),
            limit: LIMIT,
            redirects: Redirects::Judge,
            http2: false,
            proxies: false,
        };
        let clients = Clients::new(manner).map_err(|error: ClientError| io::Error::other(error))?;
        let provider = provider.trim_end_matches('/').to_owned();
        let server = Server::start(listen, |_| Passing { provider, clients, heard: Mutex::default() })?;
        Ok(Self { server })
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        self.server.url()
    }

    /// Ends it: what was heard, in the order of the answers, and what could not be passed on.
    pub(crate) fn stop(self) -> (Vec<Heard>, Vec<String>) {
        let passing = self.server.stop();
        let mut heard = passing.heard.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *heard)
    }
}

impl Responder for Passing {
    async fn respond(self: Arc<Self>, incoming: Incoming, unread: Option<String>) -> Answer {
        let passed = match unread {
            Some(why) => Err(why),
            None => self.pass_on(&incoming).await,
        };
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        match passed {
            Ok(answer) => {
                heard.0.push(Heard { request: incoming, answer: answer.clone() });
                answer
            }
            Err(why) => {
                let why = format!("{} {} could not be passed on: {why}", incoming.method, incoming.target());
                heard.1.push(why.clone());
                let headers = vec![("Content-Type".to_owned(), "text/plain; charset=utf-8".to_owned())];
                Answer { status: 502, headers, body: format!("{why}\n").into_bytes() }
            }
        }
    }
}

impl Passing {
    async fn pass_on(&self, incoming: &Incoming) -> Result<Answer, String> {
        let said = |error: &dyn std::error::Error| {
            let causes = std::iter::successors(Some(error), |error| error.source());
            causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
        };
        let url = format!("{}{}", self.provider, incoming.target());
        let url = Url::parse(&url).map_err(|error| format!("`{url}` is no address: {error}"))?;
        let method = Method::from_bytes(incoming.method.as_bytes()).map_err(|error| said(&error))?;
        let client = self.clients.to(&url).map_err(|error| said(&error))?;
        let mut request = client.request(method, url).body(incoming.body.clone());
        for (name, value) in &incoming.headers {
            if !NOT_PASSED_ON.contains(&name.to_ascii_lowercase().as_str()) {
                request = request.header(name, value);
            }
        }
        let response = request.send().await.map_err(|error| said(&error))?;
        let status = response.status().as_u16();
        let headers = response.headers().iter().map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let headers = headers.collect();
        let body = response.bytes().await.map_err(|error| said(&error))?.to_vec();
        Ok(Answer { status, headers, body })
    }
}
