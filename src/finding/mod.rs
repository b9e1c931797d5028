//! One shape for every problem, whoever found it: the pact reader, the linter, the judge or the
//! machinery around a replay.
//!
//! A finding carries no colour, no width and no format; `report` decides how it looks. What kind
//! of problem it is, is said by its [`Code`], and nothing else decides a verdict.

mod code;
mod explain;

use serde::{Deserialize, Serialize};

pub use self::code::{Code, Weight};
pub use self::explain::codes_page;

/// One problem, in words and in a form that programs can sort by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Finding {
    /// The stable name of this kind of problem; `pactwright explain CODE` tells more.
    pub code: Code,
    /// Which part of the interaction or of the run it concerns.
    pub place: Place,
    /// Where in that part: `$.placedAt` in a body, `ETag` among headers, empty for the whole part.
    #[serde(default)]
    pub path: String,
    /// One sentence that says what is wrong, without a final period.
    pub message: String,
    /// What the contract asks for, as text: an example, a rule, a status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was found instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// The matching rule that decided, in words (`type, at least 1`), when it was not equality.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What was probably meant, or what to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where in the pact file the broken expectation or the defect stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// True when another finding of the same interaction explains this one (a status 500 explains
    /// the missing body); such findings are counted but shown folded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub derived: bool,
}

impl Finding {
    /// A finding with a code, a place and a message; everything else is added by the `with_…`
    /// methods.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            place,
            path: String::new(),
            message: message.into(),
            expected: None,
            actual: None,
            rule: None,
            help: None,
            location: None,
            derived: false,
        }
    }

    /// Says where inside its place the problem is.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Adds what was expected and what was found.
    #[must_use]
    pub fn with_values(mut self, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.actual = Some(actual.into());
        self
    }

    /// Adds the advice that goes with the problem.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the position in the pact file.
    #[must_use]
    pub fn with_location(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// How much it weighs, which is decided by its code alone.
    #[must_use]
    pub fn weight(&self) -> Weight {
        self.code.weight()
    }
}

/// The part of an interaction, of a pact file or of a run that a finding concerns.
///
/// The order is the order in which findings are shown: what explains most comes first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The run as a whole.
    Run,
    /// The pact file itself.
    Pact,
    /// The provider process or its address.
    Provider,
    /// A provider state and its handler.
    State,
    /// The request that is to be sent.
    Request,
    /// The status of the answer.
    Status,
    /// A header of the answer.
    Header,
    /// The metadata of a message.
    Metadata,
    /// The body of the answer or the contents of a message.
    Body,
}

/// A position in a file, as editors count it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Location {
    /// The file's path as it was given, or the URL it came from (without credentials).
    pub file: String,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
