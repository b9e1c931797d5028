//! What a store could not do.

use std::io;
use std::path::PathBuf;

use crate::contract::Digest;
use crate::fact::{FactId, InvalidFact};

/// What a store could not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no store at this place.
    #[error("there is no store at {}", .path.display())]
    NoStore {
        /// The place.
        path: PathBuf,
    },
    /// There is no content of this name.
    #[error("there is no content {digest}")]
    NoContent {
        /// The name.
        digest: Digest,
    },
    /// There is no fact of this id.
    #[error("there is no fact {id}")]
    NoFact {
        /// The id.
        id: FactId,
    },
    /// Something could not be read.
    #[error("{} cannot be read", .path.display())]
    Read {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something could not be written.
    #[error("{} cannot be written", .path.display())]
    Write {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file holds something that is not a fact.
    #[error("{place} is not a fact")]
    NotAFact {
        /// The file, with the line where there are several.
        place: String,
        /// Why.
        source: InvalidFact,
    },
    /// A file lies where only facts or contents may lie, or under a name that is not its own.
    #[error("{} {reason}", .path.display())]
    Misplaced {
        /// The file.
        path: PathBuf,
        /// What is wrong, as the rest of the sentence.
        reason: &'static str,
    },
    /// Bytes are not those that their name was made from.
    #[error("{} is damaged: its content is not the one it is named by", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// Two different facts have one id.
    #[error("there are two different facts with the id {id}")]
    TwoFacts {
        /// The id.
        id: FactId,
    },
    /// `owners.toml` cannot be understood.
    #[error("{} is not a valid list of owners", .path.display())]
    Owners {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<toml::de::Error>,
    },
}
