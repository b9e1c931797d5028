//! What is judged on the consumer's side: a request as it came in.

/// An HTTP request as a mock or stub received it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Incoming {
    /// The method, as it was sent.
    pub method: String,
    /// The path, not decoded.
    pub path: String,
    /// The text behind the `?`, not decoded; `None` without one.
    pub query: Option<String>,
    /// The headers in the order in which they came, bytes that are no text replaced.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Incoming {
    /// The first value of a header, by its name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The path with its query, as in a request line.
    #[must_use]
    pub fn target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }
}
