//! The contract itself: who expects what of whom.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::document::Document;
use super::rule::{PlacedGenerator, Rule};
use crate::finding::Location;

/// What one consumer expects of one provider, as read from one pact.
#[derive(Debug, Clone)]
pub struct Contract {
    /// The application that has the expectations; never empty.
    pub consumer: String,
    /// The application that has to meet them; never empty.
    pub provider: String,
    /// The version of the Pact specification the pact is written in.
    pub version: SpecVersion,
    /// The expectations, in the order of the file: `interactions` first, then `messages`.
    pub interactions: Vec<Interaction>,
    /// The document it was read from, kept for positions and for the original JSON.
    pub document: Arc<Document>,
}

/// A version of the Pact specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpecVersion {
    /// 1.0.0: exact comparison only.
    V1,
    /// 1.1.0.
    V1_1,
    /// 2.0.0: matching rules by path.
    V2,
    /// 3.0.0: rules by category, generators, messages.
    V3,
    /// 4.0: all kinds of interaction in one file.
    V4,
}

/// One expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct Interaction {
    /// What it is about, in the consumer's words.
    pub description: String,
    /// The provider states it needs, in order.
    pub states: Vec<ProviderState>,
    /// The key written into a V4 pact.
    pub key: Option<String>,
    /// True when the consumer marked it as not yet expected to hold (V4).
    pub pending: bool,
    /// The transport it needs, when the pact names one (V4).
    pub transport: Option<String>,
    /// What the consumer wrote beside it (V4).
    pub comments: Comments,
    /// The plugins it cannot be verified without.
    pub plugins: Vec<String>,
    /// What is exchanged.
    pub exchange: Exchange,
    /// JSON pointer to it in the document: `/interactions/3`.
    pub pointer: String,
}

impl Interaction {
    /// True for an item of the list of messages, which has the form of version 3 in every version.
    #[must_use]
    pub fn is_listed_as_message(&self) -> bool {
        self.pointer.starts_with("/messages/")
    }
}

/// What the consumer and the provider exchange.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all interactions are the large one")]
pub enum Exchange {
    /// An HTTP request and its answer.
    Http {
        /// What the consumer sends.
        request: Request,
        /// What it expects back.
        response: Response,
    },
    /// A message that the provider publishes.
    Message(Contents),
    /// A message that the consumer sends, and those it expects back.
    SyncMessage {
        /// What the consumer sends.
        request: Contents,
        /// What it expects back; at least one.
        responses: Vec<Contents>,
    },
}

/// A condition that the provider must be in, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderState {
    /// The name both teams have agreed on.
    pub name: String,
    /// Values that go with it, in the order of the file.
    pub params: Map<String, Value>,
}

/// What the consumer wrote beside an interaction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comments {
    /// The test that recorded it.
    pub test_name: Option<String>,
    /// Free text.
    pub text: Vec<String>,
    /// References by group: `("openapi", [("operationId", "createFaq")])`.
    pub references: Vec<(String, Vec<(String, String)>)>,
}

/// What the consumer sends over HTTP.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The method, in upper case as the reference sends it.
    pub method: String,
    /// The path, exactly as in the pact.
    pub path: String,
    /// The query.
    pub query: Query,
    /// The headers, in the order of the file, with each value as written.
    pub headers: Vec<(String, Vec<String>)>,
    /// The body.
    pub body: Body,
    /// The rules that a stub or mock applies.
    pub rules: Vec<Rule>,
    /// The generators that run before it is sent.
    pub generators: Vec<PlacedGenerator>,
    /// JSON pointer to it.
    pub pointer: String,
}

/// A query string.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The text between `?` and the end, exactly as a V1 or V2 pact has it.
    pub raw: Option<String>,
    /// The parameters, decoded, in the order of the file; a value of `None` is a parameter
    /// without `=`.
    pub params: Vec<(String, Option<String>)>,
}

/// What the consumer expects back over HTTP.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The status, 100 to 599.
    pub status: u16,
    /// The headers, in the order of the file.
    pub headers: Vec<(String, Vec<String>)>,
    /// The body.
    pub body: Body,
    /// The rules that relax or extend the example.
    pub rules: Vec<Rule>,
    /// The generators, which play no part in verification.
    pub generators: Vec<PlacedGenerator>,
    /// JSON pointer to it.
    pub pointer: String,
}

/// The contents of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Contents {
    /// The payload.
    pub body: Body,
    /// What travels beside it: topic, content type, routing key.
    pub metadata: Map<String, Value>,
    /// The rules that relax or extend the example.
    pub rules: Vec<Rule>,
    /// The generators.
    pub generators: Vec<PlacedGenerator>,
    /// JSON pointer to the part that holds the contents.
    pub pointer: String,
}

/// A body, with the four ways of having none kept apart.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// The pact says nothing about a body.
    Missing,
    /// The pact says `null`.
    Null,
    /// The pact says that it is empty.
    Empty,
    /// There is one.
    Present(Content),
}

/// The bytes of a body and what they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// The bytes as they travel.
    pub bytes: Vec<u8>,
    /// Whether the bytes are to be taken as JSON.
    pub is_json: bool,
    /// The content type that the body itself or a header declares.
    pub content_type: Option<String>,
    /// JSON pointer to the example.
    pub pointer: String,
}

impl Content {
    /// The JSON in the bytes, parsed anew each time: kept, it would take many times their memory.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        if self.is_json { serde_json::from_slice(&self.bytes).ok() } else { None }
    }
}

impl Contract {
    /// The file or address it was read from.
    #[must_use]
    pub fn file(&self) -> &str {
        self.document.name()
    }

    /// Where in its file the value at `pointer` stands.
    #[must_use]
    pub fn location(&self, pointer: &str) -> Location {
        self.document.location(pointer)
    }

    /// The original JSON of an interaction, read from the text of the document.
    #[must_use]
    pub fn json(&self, interaction: &Interaction) -> Value {
        self.document.part(&interaction.pointer)
    }
}

impl Exchange {
    /// The generators that run before anything is sent to the provider.
    #[must_use]
    pub fn request_generators(&self) -> &[PlacedGenerator] {
        match self {
            Self::Http { request, .. } => &request.generators,
            Self::Message(_) => &[],
            Self::SyncMessage { request, .. } => &request.generators,
        }
    }
}

impl SpecVersion {
    /// The number as pact files write it.
    #[must_use]
    pub fn number(self) -> &'static str {
        match self {
            Self::V1 => "1.0.0",
            Self::V1_1 => "1.1.0",
            Self::V2 => "2.0.0",
            Self::V3 => "3.0.0",
            Self::V4 => "4.0",
        }
    }
}

impl std::fmt::Display for SpecVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::V1 => f.write_str("V1"),
            Self::V1_1 => f.write_str("V1.1"),
            Self::V2 => f.write_str("V2"),
            Self::V3 => f.write_str("V3"),
            Self::V4 => f.write_str("V4"),
        }
    }
}

impl Body {
    /// The content, when there is one.
    #[must_use]
    pub fn content(&self) -> Option<&Content> {
        match self {
            Self::Present(content) => Some(content),
            Self::Missing | Self::Null | Self::Empty => None,
        }
    }
}
