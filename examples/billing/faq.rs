//! The billing service's client for the FAQ service: only what it needs.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use ureq::Agent;
use ureq::http::StatusCode;

/// One entry, as far as an invoice shows it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Faq {
    pub(crate) id: u32,
    pub(crate) question: String,
    pub(crate) source: String,
}

/// A list of entries.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Listed {
    pub(crate) faqs: Vec<Faq>,
    pub(crate) total: usize,
}

/// What has become of an entry.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct History {
    pub(crate) changes: Vec<Change>,
}

/// One change of an entry.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) at: String,
}

/// The FAQ service at an address.
pub(crate) struct FaqApi {
    base: String,
    agent: Agent,
}

impl FaqApi {
    pub(crate) fn at(base: &str) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).build().new_agent();
        Self { base: base.to_owned(), agent }
    }

    /// One entry, unless there is none.
    pub(crate) fn find(&self, id: u32) -> Result<Option<Faq>, ureq::Error> {
        self.get(&format!("/faqs/{id}"))
    }

    /// The entries of the handbook.
    pub(crate) fn handbook(&self) -> Result<Listed, ureq::Error> {
        self.get("/faqs?source=handbook")?.ok_or(ureq::Error::StatusCode(404))
    }

    /// When an entry was changed.
    pub(crate) fn history(&self, id: u32) -> Result<History, ureq::Error> {
        self.get(&format!("/faqs/{id}/history"))?.ok_or(ureq::Error::StatusCode(404))
    }

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, ureq::Error> {
        let request = self.agent.get(format!("{}{path}", self.base)).header("Accept", "application/json");
        let mut answer = request.call()?;
        match answer.status() {
            StatusCode::OK => answer.body_mut().read_json().map(Some),
            StatusCode::NOT_FOUND => Ok(None),
            other => Err(ureq::Error::StatusCode(other.as_u16())),
        }
    }
}
