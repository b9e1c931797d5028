//! Where contracts are shared: contents by their digest, and facts.
//!
//! A store keeps bytes and passes no judgement. Every question about versions, branches or
//! deployments is answered from the facts by [`State`], so all stores answer alike. They differ in
//! cost only.
//!
//! # Laws
//! - What was put can be fetched, and putting it again changes nothing.
//! - A fact that was appended is listed once, however often it is appended; the list is in the order
//!   of ids. Another fact under the same id is refused.
//! - What is not there is an error, never an empty answer; so is what cannot be read.
//! - Any number of writers lose nothing, and a reader sees each fact whole or not at all.

mod copy;
mod directory;
mod error;
mod memory;

pub use self::copy::Missing;
pub use self::directory::{Compacted, Directory};
pub use self::error::StoreError;
pub use self::memory::Memory;
use crate::contract::Digest;
use crate::fact::{Fact, FactId, Owners, State};

/// A place where contracts are shared.
pub trait Store: std::fmt::Debug + Send + Sync {
    /// Keeps a content, which is the text of a contract in its canonical form, and says its name.
    ///
    /// # Errors
    /// When it cannot be kept, or when something else is kept under its name.
    fn put(&self, content: &str) -> Result<Digest, StoreError>;

    /// The content of this name.
    ///
    /// # Errors
    /// [`StoreError::NoContent`] when there is none; [`StoreError::Damaged`] when it is not what its name says.
    fn content(&self, digest: Digest) -> Result<String, StoreError>;

    /// The names of all contents, in their order.
    ///
    /// # Errors
    /// When they cannot be listed.
    fn contents(&self) -> Result<Vec<Digest>, StoreError>;

    /// Keeps a fact.
    ///
    /// # Errors
    /// When it cannot be kept, or when another fact has the same id.
    fn append(&self, fact: &Fact) -> Result<(), StoreError>;

    /// All facts in the order of their ids, without the verdicts on single interactions.
    ///
    /// # Errors
    /// When any of them cannot be read: an answer from a part of the facts would be a guess.
    fn facts(&self) -> Result<Vec<Fact>, StoreError>;

    /// All facts in the order of their ids, with everything that they say.
    ///
    /// # Errors
    /// Those of [`facts`](Self::facts).
    fn whole_facts(&self) -> Result<Vec<Fact>, StoreError>;

    /// One fact with everything that it says.
    ///
    /// # Errors
    /// [`StoreError::NoFact`] when there is none.
    fn fact(&self, id: FactId) -> Result<Fact, StoreError>;

    /// What people have written down about applications.
    ///
    /// # Errors
    /// When it cannot be read.
    fn owners(&self) -> Result<Owners, StoreError>;

    /// All that follows from the facts.
    ///
    /// # Errors
    /// Those of [`facts`](Self::facts) and [`owners`](Self::owners).
    fn state(&self) -> Result<State, StoreError> {
        Ok(State::of(self.facts()?, self.owners()?))
    }
}
