//! Secrets that the user gave, with a header, in an address or as a token, and those that went over
//! the wire in a header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Redactor;
use super::names::normal;
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

/// Headers that hold cookies, as [`normal`] spells them.
const COOKIES: &[&str] = &["cookie", "setcookie"];

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
            Some((scheme, bare)) if is_scheme(scheme) => (scheme, bare.trim()),
            _ => ("", value),
        };
        let redactor = self.knowing(bare);
        if scheme.eq_ignore_ascii_case("basic") {
            return redactor.knowing_basic(bare);
        }
        // The parts of a cookie or of a digest travel on their own as well.
        parts(bare).fold(redactor, Self::knowing)
    }

    /// From now on the secret in this header, which a contract or an answer holds, is not shown
    /// anywhere. Nobody has said that it is one: only a secret name tells, and of a cookie neither
    /// the attributes count nor a mere word, such as `theme=dark`.
    #[must_use]
    pub fn knowing_exchanged(self, name: &str, value: &str) -> Self {
        if !self.is_secret(name) {
            return self;
        }
        let name = normal(name);
        if !COOKIES.contains(&name.as_str()) {
            return self.knowing_header(&name, value);
        }
        let cookies = if name == "setcookie" { value.split(';').next().unwrap_or_default() } else { value };
        let secrets = cookies.split(';').filter_map(|pair| pair.split_once('='));
        let secrets = secrets.map(|(_, value)| value.trim().trim_matches('"')).filter(|it| !is_word(it));
        secrets.fold(self, |redactor, secret| redactor.knowing(secret).knowing(&decoded(secret)))
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

/// True for a word that stands between a header's name and its secret, in any spelling.
fn is_scheme(word: &str) -> bool {
    SCHEMES.iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// True for what is rather a choice than a key: `dark`, `true`, `de`.
fn is_word(value: &str) -> bool {
    value.len() < LOOKS_MADE && value.bytes().all(|byte| byte.is_ascii_alphabetic())
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
    fn the_secret_of_an_exchanged_header_is_known_and_nothing_else_of_it() {
        let basic = format!("basic {}", STANDARD.encode("ann:hunter2"));
        let redactor = Redactor::default()
            .knowing_exchanged("authorization", "Bearer AUTHSECRET99")
            .knowing_exchanged("Proxy-Authorization", &basic)
            .knowing_exchanged("Cookie", "sid=s3ss10n; theme=dark; n=12")
            .knowing_exchanged("Set-Cookie", "id=a%2Fb%2Fc1; Path=/faqs; SameSite=Strict; Max-Age=3600")
            .knowing_exchanged("ETag", "k3y-0f-the-house");
        assert_eq!(
            redactor.text("AUTHSECRET99 hunter2 s3ss10n a%2Fb%2Fc1 a/b/c1"),
            "REDACTED REDACTED REDACTED REDACTED REDACTED"
        );
        let harmless = "AUTHSECRET999 hunter22 ann dark 12 /faqs Strict 3600 k3y-0f-the-house";
        assert_eq!(redactor.text(harmless), harmless);
        assert!(!redactor.text(&basic).contains("aHVudGVy"));
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
