//! One difference between two contracts.

use super::rules::{Class, Rule};
use crate::finding::Location;

/// One difference between an old and a new contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What kind of change it is.
    pub rule: Rule,
    /// The interaction it concerns, as the new contract calls it (the old one, for a removed
    /// interaction); nothing when it concerns the whole contract.
    pub interaction: Option<String>,
    /// What part of it.
    pub part: Part,
    /// Where in that part: `$.related[*]`, `ETag`, empty for the whole part.
    pub path: String,
    /// What has changed, without a final period.
    pub sentence: String,
    /// Where it stands in the old contract.
    pub old: Option<Location>,
    /// Where it stands in the new contract.
    pub new: Option<Location>,
}

/// The part of a contract that a change concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The contract as a whole.
    Contract,
    /// An interaction as a whole.
    Interaction,
    /// The method of the request.
    Method,
    /// The path of the request.
    Path,
    /// The query of the request.
    Query,
    /// The headers of the request, or its metadata.
    RequestHeader,
    /// The body of the request.
    RequestBody,
    /// The status of the answer.
    Status,
    /// The headers of the answer, or the metadata of a message.
    ResponseHeader,
    /// The body of the answer, or the contents of a message.
    ResponseBody,
}

impl Change {
    /// What the change means for the provider.
    #[must_use]
    pub fn class(&self) -> Class {
        self.rule.class()
    }

    /// The part and the path in words: `response body $.id`.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.part.words(), self.path.as_str()) {
            ("", path) => path.to_owned(),
            (part, "") => part.to_owned(),
            (part, path) => format!("{part} {path}"),
        }
    }
}

impl Part {
    /// True for what the provider has to produce.
    #[must_use]
    pub const fn is_response(self) -> bool {
        matches!(self, Self::Status | Self::ResponseHeader | Self::ResponseBody)
    }

    /// The name for it in data.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Interaction => "interaction",
            Self::Method => "method",
            Self::Path => "path",
            Self::Query => "query",
            Self::RequestHeader => "request-header",
            Self::RequestBody => "request-body",
            Self::Status => "status",
            Self::ResponseHeader => "response-header",
            Self::ResponseBody => "response-body",
        }
    }

    /// The words for it; none for the contract and the interaction, which need none.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Contract | Self::Interaction => "",
            Self::Method => "method",
            Self::Path => "path",
            Self::Query => "query",
            Self::RequestHeader => "request header",
            Self::RequestBody => "request body",
            Self::Status => "status",
            Self::ResponseHeader => "response header",
            Self::ResponseBody => "response body",
        }
    }
}
