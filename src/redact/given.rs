//! Secrets that the user gave: with a header, in an address, as a token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Redactor;
use super::value::SCHEMES;

/// Headers that say how to talk and hold no secret, in lower case.
const PUBLIC_HEADERS: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-type",
    "date",
    "expect",
    "forwarded",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "origin",
    "pragma",
    "prefer",
    "range",
    "referer",
    "te",
    "traceparent",
    "tracestate",
    "user-agent",
    "via",
];

/// From this length on a value that mixes letters and digits is taken for a secret.
const LOOKS_MADE: usize = 12;

impl Redactor {
    /// From now on this value is not shown anywhere, except when it is too short to be a secret.
    #[must_use]
    pub fn knowing(mut self, value: &str) -> Self {
        self.known.add(value.trim());
        self
    }

    /// From now on the secret in this header is not shown anywhere. A header whose name is not known
    /// to be secret has one only when its value looks like a token.
    #[must_use]
    pub fn knowing_header(self, name: &str, value: &str) -> Self {
        let value = value.trim();
        if !self.is_secret(name) {
            return if is_public(name) || !looks_made(value) { self } else { self.knowing(value) };
        }
        let (scheme, bare) = match value.split_once(' ') {
            Some((scheme, bare)) if SCHEMES.contains(&scheme) => (scheme, bare.trim()),
            _ => ("", value),
        };
        let redactor = self.knowing(bare);
        match scheme {
            "Basic" => redactor.knowing_basic(bare),
            // The parts of a cookie or of a digest travel on their own as well.
            _ => parts(bare).fold(redactor, Self::knowing),
        }
    }

    /// From now on the credentials in this address, and the secrets in its query, are not shown
    /// anywhere.
    #[must_use]
    pub fn knowing_address(mut self, address: &str) -> Self {
        let Some((_, rest)) = address.split_once("://") else { return self };
        let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        if let Some(at) = rest[..authority].rfind('@') {
            let userinfo = &rest[..at];
            // A name without a password is a token.
            let secret = userinfo.split_once(':').map_or(userinfo, |(_, password)| password);
            self = self.knowing(secret).knowing(&decoded(secret)).knowing(userinfo);
        }
        let query = rest.split_once('?').map_or("", |(_, query)| query);
        for (name, value) in query.split(['&', '#']).filter_map(|pair| pair.split_once('=')) {
            if self.is_secret(name) {
                self = self.knowing(value).knowing(&decoded(value));
            }
        }
        self
    }

    fn knowing_basic(self, encoded: &str) -> Self {
        let decoded = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        match decoded.as_deref().and_then(|pair| pair.split_once(':')) {
            Some((_, password)) => self.knowing(password),
            None => self,
        }
    }
}

fn is_public(name: &str) -> bool {
    PUBLIC_HEADERS.iter().any(|public| name.eq_ignore_ascii_case(public))
}

/// True for what a machine made, such as a key: one long word of letters and digits.
fn looks_made(value: &str) -> bool {
    value.len() >= LOOKS_MADE
        && !value.contains(|c: char| c.is_whitespace() || "/:;,".contains(c))
        && value.contains(|c: char| c.is_ascii_digit())
        && value.contains(|c: char| c.is_ascii_alphabetic())
}

/// The values in `a=b; c=d` and `a="b", c="d"`.
fn parts(value: &str) -> impl Iterator<Item = &str> {
    let pairs = value.split([';', ',']).filter_map(|pair| pair.split_once('='));
    pairs.map(|(_, value)| value.trim().trim_matches('"'))
}

/// A part of an address without its percent signs; one that is not valid stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let escape = others.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = escape.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &others[2..] } else { others };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_of_a_header_is_known_without_its_scheme() {
        let redactor = Redactor::new(["X-Tenant-Pin"])
            .knowing_header("Authorization", "Bearer abc.def-1")
            .knowing_header("Cookie", "session=s3ss10n; theme=dark-and-long")
            .knowing_header("X-Tenant-Pin", "48151");
        assert_eq!(
            redactor.text("you sent abc.def-1 with s3ss10n and 48151, 4815162"),
            "you sent REDACTED with REDACTED and REDACTED, 4815162"
        );
    }

    #[test]
    fn a_password_is_known_from_its_basic_header() {
        let header = format!("Basic {}", STANDARD.encode("ann:hunter2"));
        let redactor = Redactor::default().knowing_header("Authorization", &header);
        assert_eq!(redactor.text("ann said hunter2"), "ann said REDACTED");
        assert!(!redactor.text(&header["Basic ".len()..]).contains("aHVudGVy"));
    }

    #[test]
    fn headers_that_hold_no_secret_hide_nothing() {
        let redactor = Redactor::default()
            .knowing_header("Accept", "application/vnd.faq.v2.json")
            .knowing_header("X-Debug", "true")
            .knowing_header("X-Tenant", "billing")
            .knowing_header("X-Internal", "k3y-0f-the-house");
        assert_eq!(
            redactor.text("true billing application/vnd.faq.v2.json k3y-0f-the-house"),
            "true billing application/vnd.faq.v2.json REDACTED"
        );
    }

    #[test]
    fn addresses_give_their_password_and_their_secret_parameters() {
        let redactor =
            Redactor::default().knowing_address("http://ann:p%40ssw0rd@h/x?api_key=abcd1&b=public");
        assert_eq!(
            redactor.text("p@ssw0rd p%40ssw0rd abcd1 public ann"),
            "REDACTED REDACTED REDACTED public ann"
        );
    }
}
