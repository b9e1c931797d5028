//! That something is to go, as it is recorded.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::FactId;
use crate::name::{Application, Line};

/// A provider means to take something away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deprecated {
    /// The provider.
    pub provider: Application,
    /// Of which endpoint or message, as people write it: `POST /v1/create`.
    pub operation: Line,
    /// Only this of it.
    pub part: Option<DeprecatedPart>,
    /// The first day, in UTC, on which it may be gone.
    pub remove_on: Date,
    /// What is to be used in its place.
    pub instead: Option<Line>,
    /// Why.
    pub reason: Option<Line>,
}

/// What of an endpoint or message is to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeprecatedPart {
    /// A field of a body, by its path.
    Field(Line),
    /// An answer, by its status.
    Status(u16),
    /// A parameter.
    Query(Line),
    /// A header.
    Header(Line),
}

/// What was to go is gone, or stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeprecationEnded {
    /// The fact that said so.
    pub deprecation: FactId,
}
