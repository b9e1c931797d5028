//! Takes secrets out of whatever a run keeps.
//!
//! Two kinds are known. What stands under a secret *name* is a secret: a header, a query parameter, a
//! form field, a JSON key, an XML element, a state's parameter; spelling does not matter, `X-Api-Key`,
//! `x_api_key` and `xApiKey` are one name. And what the user *gave* as a secret, with a header, in an
//! address or as a token, is one wherever it comes back, also in a free text and in another notation.
//! So is what an exchange had under a secret header, in all that is told of that exchange.
//!
//! It is applied once, before anything becomes part of a result; no output format redacts again.
//! What nobody gave and what has no name cannot be recognised: a password of the provider's own inside
//! a free text stays. The names of applications and the keys of interactions are never touched.

mod address;
mod given;
mod known;
mod names;
mod told;
mod value;

use std::collections::BTreeSet;
use std::fmt;

use self::address::without_userinfo;
use self::known::Known;
use self::names::{SECRET_NAMES, normal};
use self::value::{SCHEMES, scan};
use crate::outcome::Payload;

/// What stands where a secret was.
pub const REDACTED: &str = "REDACTED";

/// Knows which names are secret, and which values.
#[derive(Clone)]
pub struct Redactor {
    names: BTreeSet<String>,
    known: Known,
}

impl Redactor {
    /// A redactor for the usual names and for these, which may be headers, query parameters or
    /// body fields.
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let usual = SECRET_NAMES.iter().map(|name| (*name).to_owned());
        let names = usual.chain(names.into_iter().map(|name| normal(name.as_ref()))).collect();
        Self { names, known: Known::default() }
    }

    /// True when values under this name must not be shown.
    #[must_use]
    pub fn is_secret(&self, name: &str) -> bool {
        self.names.contains(&normal(name))
    }

    /// A header's value as it may be shown. The scheme of an `Authorization` header stays.
    #[must_use]
    pub fn header(&self, name: &str, value: &str) -> String {
        if !self.is_secret(name) {
            return self.text(value);
        }
        match value.split_once(' ') {
            Some((scheme, _)) if SCHEMES.contains(&scheme) => format!("{scheme} {REDACTED}"),
            _ => REDACTED.to_owned(),
        }
    }

    /// Headers as they may be shown.
    #[must_use]
    pub fn headers(&self, headers: &[(String, String)]) -> Vec<(String, String)> {
        headers.iter().map(|(name, value)| (name.clone(), self.header(name, value))).collect()
    }

    /// An address, a body or any other text as it may be shown.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.scanned(text).0
    }

    /// A body as it may be shown. In Base64, only what the user gave is looked for.
    #[must_use]
    pub fn payload(&self, mut payload: Payload) -> Payload {
        payload.text = if payload.base64 {
            self.known.out_of_base64(&payload.text)
        } else {
            self.known.without_cut_end(self.text(&payload.text), payload.cut)
        };
        payload
    }

    /// The text without its secrets, and whether the last one was cut off.
    fn scanned(&self, text: &str) -> (String, bool) {
        scan(&self.known.out_of(&without_userinfo(text)), |name| self.is_secret(name))
    }
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new(std::iter::empty::<&str>())
    }
}

/// Says how much it knows, and none of it.
impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a redactor for {} names and {:?}", self.names.len(), self.known)
    }
}
