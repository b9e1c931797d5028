//! A body of several parts, as browsers upload files.

use super::matchers::regex;
use super::part::Part;
use super::text::matching;

/// Between the parts of the example; a consumer chooses its own.
const BOUNDARY: &str = "pactwright-7b1f0c";

/// One part of a multipart body.
///
/// ```
/// use pactwright::consumer::FormPart;
///
/// let parts = [
///     FormPart::field("title", "Invoices"),
///     FormPart::file("picture", "invoice.png", "image/png", b"\x89PNG\r\n\x1a\n"),
/// ];
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormPart {
    head: String,
    content: Vec<u8>,
}

impl FormPart {
    /// A field with a text.
    ///
    /// ```
    /// use pactwright::consumer::FormPart;
    ///
    /// let title = FormPart::field("title", "a");
    /// ```
    #[must_use]
    pub fn field(name: &str, value: &str) -> Self {
        let head = format!("Content-Disposition: form-data; name=\"{}\"\r\n", quoted(name));
        Self { head, content: value.as_bytes().to_vec() }
    }

    /// A file.
    ///
    /// ```
    /// use pactwright::consumer::FormPart;
    ///
    /// let file = FormPart::file("file", "a.txt", "text/plain", b"a");
    /// ```
    #[must_use]
    pub fn file(name: &str, file_name: &str, content_type: &str, content: &[u8]) -> Self {
        let (name, file_name) = (quoted(name), quoted(file_name));
        let head = format!(
            "Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: {content_type}\r\n"
        );
        Self { head, content: content.to_vec() }
    }
}

impl Part {
    pub(super) fn multipart(&mut self, parts: impl IntoIterator<Item = FormPart>) {
        let mut body = Vec::new();
        for part in parts {
            body.extend_from_slice(format!("--{BOUNDARY}\r\n{}\r\n", part.head).as_bytes());
            body.extend_from_slice(&part.content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let any_boundary = regex(r"^multipart/form-data;.*boundary=.+$");
        self.named.push(("Content-Type".to_owned(), matching(content_type.as_str(), any_boundary)));
        self.bytes(&body, &content_type);
    }
}

/// A name as browsers write it between quotes.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
