//! What is judged: an answer or a message as it came back.

use serde_json::{Map, Value};

/// What came back, before anybody has judged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The headers in the order in which they came, bytes that are no text replaced.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The first value of a header, by its name in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// True for the statuses 200 to 299.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A message that the provider would publish.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Message {
    /// The payload.
    pub contents: Vec<u8>,
    /// The content type of the payload, such as `application/json`.
    pub content_type: String,
    /// What travels beside the payload.
    pub metadata: Map<String, Value>,
}

impl Message {
    /// A JSON message without metadata.
    #[must_use]
    pub fn json(contents: &Value) -> Self {
        Self {
            contents: contents.to_string().into_bytes(),
            content_type: "application/json".to_owned(),
            metadata: Map::new(),
        }
    }

    /// Adds an entry that travels beside the payload.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }
}
