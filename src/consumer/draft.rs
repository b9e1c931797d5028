//! An expectation while it is being described, whatever its kind.

use std::panic::Location;

use serde::Serialize;
use serde_json::{Map, Value};

use super::matchers::Matcher;
use super::pact::Pact;
use super::part::Part;
use super::text::Text;

/// One interaction as it was described.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) about: About,
    pub(super) exchange: Exchange,
}

/// What is said about an interaction of any kind.
#[derive(Debug, Clone)]
pub(super) struct About {
    pub(super) pact: Pact,
    pub(super) description: String,
    pub(super) states: Vec<(String, Map<String, Value>)>,
    pub(super) pending: bool,
    pub(super) comments: Vec<String>,
    pub(super) references: Vec<(String, String, String)>,
    pub(super) source: Source,
    pub(super) problems: Vec<String>,
}

/// What is exchanged.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "nearly all interactions are the large one")]
pub(super) enum Exchange {
    Http(Http),
    Message(Part),
    Call { request: Part, responses: Vec<Part> },
}

/// A request and its answer.
#[derive(Debug, Clone)]
pub(super) struct Http {
    pub(super) method: Text,
    pub(super) path: Text,
    pub(super) request: Part,
    pub(super) status: u16,
    pub(super) status_rule: Option<Matcher>,
    pub(super) response: Part,
}

/// Where an expectation stands: the place in the code, and the test that runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) test: Option<String>,
}

impl About {
    pub(super) fn new(pact: &Pact, description: &str, at: &Location<'_>) -> Self {
        Self {
            pact: pact.clone(),
            description: description.to_owned(),
            states: Vec::new(),
            pending: false,
            comments: Vec::new(),
            references: Vec::new(),
            source: Source::of(at),
            problems: Vec::new(),
        }
    }

    pub(super) fn state(&mut self, name: &str, params: &impl Serialize) {
        match serde_json::to_value(params) {
            Ok(Value::Object(params)) => self.states.push((name.to_owned(), params)),
            Ok(other) => {
                self.problems.push(format!("the parameters of the state `{name}` are no object but {other}"));
            }
            Err(error) => {
                self.problems.push(format!("the parameters of the state `{name}` are no JSON: {error}"));
            }
        }
    }
}

impl Exchange {
    /// What the consumer does not read of all that it gets.
    pub(super) fn left_out(&self) -> Vec<&str> {
        let parts = match self {
            Self::Http(http) => std::slice::from_ref(&http.response),
            Self::Message(part) => std::slice::from_ref(part),
            Self::Call { responses, .. } => responses,
        };
        parts.iter().flat_map(|part| &part.left_out).map(String::as_str).collect()
    }
}

impl Source {
    /// The place of a call; the test is the one whose thread this is. A thread of a runtime or of a pool is
    /// no test's own.
    pub(super) fn of(at: &Location<'_>) -> Self {
        let thread = std::thread::current();
        // What a test is named is a path in Rust.
        let is_test = |name: &&str| {
            let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '#');
            *name != "main" && name.chars().all(is_part)
        };
        let test = thread.name().filter(is_test).map(str::to_owned);
        Self { file: at.file().replace('\\', "/"), line: at.line(), test }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// The methods that describe what is the same for every kind of interaction, for a type with a
/// field `about`.
macro_rules! described {
    () => {
        /// The provider must be in this state.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// # let faq = Pact::between("billing", "faq");
        /// let one = faq.http("one FAQ").given("a FAQ exists");
        /// ```
        pub fn given(self, state: &str) -> Self {
            self.given_with(state, serde_json::Map::new())
        }

        /// The provider must be in this state, with these values.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// # let faq = Pact::between("billing", "faq");
        /// let one = faq.http("one FAQ").given_with("a FAQ exists", serde_json::json!({"id": 7}));
        /// ```
        pub fn given_with(mut self, state: &str, params: impl serde::Serialize) -> Self {
            self.about.state(state, &params);
            self
        }

        /// The provider is not yet expected to do this: it is told, and not failed.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// # let faq = Pact::between("billing", "faq");
        /// let one = faq.http("one FAQ").pending();
        /// ```
        pub fn pending(mut self) -> Self {
            self.about.pending = true;
            self
        }

        /// A remark for whoever reads the contract.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// # let faq = Pact::between("billing", "faq");
        /// let one = faq.http("one FAQ").comment("The FAQ team builds this in May.");
        /// ```
        pub fn comment(mut self, text: &str) -> Self {
            self.about.comments.push(text.to_owned());
            self
        }

        /// A reference to something outside: `reference("openapi", "operationId", "createFaq")`.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// # let faq = Pact::between("billing", "faq");
        /// let one = faq.http("one FAQ").reference("openapi", "operationId", "getFaq");
        /// ```
        pub fn reference(mut self, group: &str, name: &str, value: &str) -> Self {
            self.about.references.push((group.to_owned(), name.to_owned(), value.to_owned()));
            self
        }
    };
}

pub(super) use described;
