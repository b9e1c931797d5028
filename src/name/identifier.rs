//! The names by which a store knows things, each a type of its own.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// There is nothing but white space.
    #[error("{0} cannot be blank")]
    Blank(&'static str),
    /// There is a line break, a tab or another control character.
    #[error("{kind} stands on one line, and \"{}\" does not", .name.escape_debug())]
    NotOneLine {
        /// What it should have named.
        kind: &'static str,
        /// The text.
        name: String,
    },
    /// There is white space where none may be.
    #[error("{kind} has no white space, and \"{name}\" has")]
    WhiteSpace {
        /// What it should have named.
        kind: &'static str,
        /// The text.
        name: String,
    },
}

macro_rules! identifiers {
    ($($(#[doc = $doc:literal])+ $name:ident is $kind:literal with spaces: $spaces:literal;)+) => {$(
        $(#[doc = $doc])+
        ///
        /// It is cheap to clone, and sorts by its bytes.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Makes a name of a text.
            ///
            /// # Errors
            /// When the text is blank, does not stand on one line, or has white space where none
            /// may be.
            pub fn new(text: &str) -> Result<Self, InvalidName> {
                check(text, $kind, $spaces).map(|()| Self(Arc::from(text)))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, InvalidName> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidName;

            fn try_from(text: String) -> Result<Self, InvalidName> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.as_str().to_owned()
            }
        }
    )+};
}

identifiers! {
    /// An application: a consumer, a provider or both.
    Application is "the name of an application" with spaces: true;
    /// A version of an application, such as a commit or a number; any text will do, and no order
    /// is read from it.
    Version is "the name of a version" with spaces: true;
    /// A branch of an application's repository.
    Branch is "the name of a branch" with spaces: true;
    /// A tag on a version.
    Tag is "the name of a tag" with spaces: true;
    /// A place where versions are deployed or released to.
    Environment is "the name of an environment" with spaces: false;
    /// A text for people, such as a reason or the name of a team.
    Line is "a text" with spaces: true;
    /// One of several places in an environment in which the same application is deployed.
    Instance is "the name of an instance" with spaces: true;
}

fn check(text: &str, kind: &'static str, may_have_spaces: bool) -> Result<(), InvalidName> {
    if text.trim().is_empty() {
        return Err(InvalidName::Blank(kind));
    }
    // The Unicode line and paragraph separators end a line as well.
    if text.contains(|letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')) {
        return Err(InvalidName::NotOneLine { kind, name: text.to_owned() });
    }
    if !may_have_spaces && text.contains(char::is_whitespace) {
        return Err(InvalidName::WhiteSpace { kind, name: text.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_not_blank_and_stands_on_one_line() {
        let error = |text: &str| Application::new(text).expect_err("no name").to_string();
        assert_eq!(error(" "), "the name of an application cannot be blank");
        assert_eq!(error("a\nb"), "the name of an application stands on one line, and \"a\\nb\" does not");
        assert!(Version::new("a\tb").is_err() && Branch::new("a\u{2028}b").is_err());
        assert_eq!(Branch::new("feat/ä b").expect("a name").as_str(), "feat/ä b");
    }

    #[test]
    fn an_environment_has_no_spaces() {
        let error = Environment::new("pre prod").expect_err("no name").to_string();
        assert_eq!(error, "the name of an environment has no white space, and \"pre prod\" has");
    }

    #[test]
    fn what_was_stored_is_checked_when_it_is_read() {
        assert!(serde_json::from_str::<Tag>("\"\"").is_err());
        let tag: Tag = serde_json::from_str("\"prod\"").expect("a name");
        assert_eq!(serde_json::to_string(&tag).expect("text"), "\"prod\"");
    }
}
