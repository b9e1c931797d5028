//! The marketing site's client for the FAQ service.

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use serde::{Deserialize, Serialize};

/// A question to publish.
#[derive(Debug, Serialize)]
pub(crate) struct New {
    pub(crate) question: String,
    pub(crate) related: Vec<u32>,
    pub(crate) source: String,
}

/// A question that was published.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Faq {
    pub(crate) id: u32,
    pub(crate) question: String,
    pub(crate) source: String,
    pub(crate) related: Vec<u32>,
    pub(crate) created_at: String,
}

/// All that is looked at when nothing is linked to the new question.
#[derive(Debug, Deserialize)]
pub(crate) struct Receipt {
    pub(crate) id: u32,
    pub(crate) related: Vec<u32>,
}

/// A question that was published, and where.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) faq: Faq,
    pub(crate) location: String,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The service says what is wrong with the question.
    #[error("the FAQ service refused the question: {0}")]
    Refused(String),
    /// The service answers in another way than it should.
    #[error("the FAQ service answered {0}")]
    Status(StatusCode),
    /// There is no answer.
    #[error("the FAQ service cannot be asked")]
    Http(#[from] reqwest::Error),
    /// There is an answer that is not understood.
    #[error("the answer of the FAQ service is not understood")]
    Json(#[from] serde_json::Error),
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

/// The FAQ service at an address.
pub(crate) struct FaqApi {
    base: String,
    client: reqwest::Client,
}

impl FaqApi {
    pub(crate) fn at(base: &str) -> Result<Self, Error> {
        // This build of reqwest leaves the choice to the program; only the first one counts.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self { base: base.to_owned(), client: reqwest::Client::builder().build()? })
    }

    /// Publishes a question that the site links to.
    pub(crate) async fn create(&self, new: &New) -> Result<Made, Error> {
        let (location, body) = self.post(new).await?;
        let faq: Faq = serde_json::from_slice(&body)?;
        let location = location.unwrap_or_else(|| format!("/faqs/{}", faq.id));
        Ok(Made { faq, location })
    }

    /// Publishes a question that nothing links to.
    pub(crate) async fn submit(&self, new: &New) -> Result<Receipt, Error> {
        let (_, body) = self.post(new).await?;
        Ok(serde_json::from_slice(&body)?)
    }

    /// The location and the body of the answer to a new question.
    async fn post(&self, new: &New) -> Result<(Option<String>, Vec<u8>), Error> {
        let request = self.client.post(format!("{}/v2/create", self.base));
        let request = request.header(CONTENT_TYPE, "application/json").body(serde_json::to_vec(new)?);
        let answer = request.send().await?;
        let status = answer.status();
        let location =
            answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = answer.bytes().await?;
        match status {
            StatusCode::CREATED => Ok((location, body.to_vec())),
            StatusCode::UNPROCESSABLE_ENTITY => {
                Err(Error::Refused(serde_json::from_slice::<Problem>(&body)?.detail))
            }
            other => Err(Error::Status(other)),
        }
    }
}
