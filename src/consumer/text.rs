//! A text in an expectation: a path, a header, a query parameter, an entry of metadata.

use super::generators::{DataType, Generator, provider_state};
use super::matchers::Matcher;

/// A text with what may stand in its place.
///
/// A plain `&str` or `String` is a text that must be equal.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    pub(super) example: String,
    pub(super) matcher: Option<Matcher>,
    pub(super) generator: Option<Generator>,
}

/// An example, and what must hold for what comes in its place.
///
/// ```
/// use pactwright::consumer::matching;
/// use pactwright::consumer::matchers::regex;
///
/// let path = matching("/faqs/7", regex(r"^/faqs/\d+$")).from_state("/faqs/${id}");
/// ```
#[must_use]
pub fn matching(example: impl Into<String>, matcher: Matcher) -> Text {
    Text { example: example.into(), matcher: Some(matcher), generator: None }
}

impl Text {
    /// Made from values that the handler of a provider state returns when the provider replays the
    /// contract: `/faqs/${id}`.
    ///
    /// ```
    /// use pactwright::consumer::Text;
    ///
    /// let path = Text::from("/faqs/7").from_state("/faqs/${id}");
    /// ```
    #[must_use]
    pub fn from_state(self, expression: &str) -> Self {
        self.generated(provider_state(expression, DataType::String))
    }

    /// Made anew each time.
    ///
    /// ```
    /// use pactwright::consumer::Text;
    /// use pactwright::consumer::generators::{UuidForm, uuid};
    ///
    /// let id = Text::from("0f8fad5b-d9cb-469f-a165-70867728950e").generated(uuid(UuidForm::LowerCase));
    /// ```
    #[must_use]
    pub fn generated(mut self, generator: Generator) -> Self {
        self.generator = Some(generator);
        self
    }
}

impl From<&str> for Text {
    fn from(example: &str) -> Self {
        Self { example: example.to_owned(), matcher: None, generator: None }
    }
}

impl From<String> for Text {
    fn from(example: String) -> Self {
        Self { example, matcher: None, generator: None }
    }
}

impl From<&String> for Text {
    fn from(example: &String) -> Self {
        Self::from(example.as_str())
    }
}
