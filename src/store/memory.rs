//! A store that ends with its process: the shortest code that obeys the laws.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Store, StoreError};
use crate::contract::Digest;
use crate::fact::{Fact, FactId, Owners};

/// A store in memory.
#[derive(Debug, Default)]
pub struct Memory {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    contents: BTreeMap<Digest, String>,
    facts: BTreeMap<FactId, Fact>,
    owners: Owners,
}

impl Memory {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store that knows some owners.
    #[must_use]
    pub fn with_owners(owners: Owners) -> Self {
        Self { kept: Mutex::new(Kept { owners, ..Kept::default() }) }
    }

    /// Every change is one insertion, so what a panicking thread has left is sound.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn put(&self, content: &str) -> Result<Digest, StoreError> {
        let digest = Digest::of(content);
        self.kept().contents.insert(digest, content.to_owned());
        Ok(digest)
    }

    fn content(&self, digest: Digest) -> Result<String, StoreError> {
        self.kept().contents.get(&digest).cloned().ok_or(StoreError::NoContent { digest })
    }

    fn contents(&self) -> Result<Vec<Digest>, StoreError> {
        Ok(self.kept().contents.keys().copied().collect())
    }

    fn append(&self, fact: &Fact) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let known = kept.facts.entry(fact.id).or_insert_with(|| fact.clone());
        if known == fact { Ok(()) } else { Err(StoreError::TwoFacts { id: fact.id }) }
    }

    fn facts(&self) -> Result<Vec<Fact>, StoreError> {
        Ok(self.kept().facts.values().cloned().map(Fact::without_details).collect())
    }

    fn whole_facts(&self) -> Result<Vec<Fact>, StoreError> {
        Ok(self.kept().facts.values().cloned().collect())
    }

    fn fact(&self, id: FactId) -> Result<Fact, StoreError> {
        self.kept().facts.get(&id).cloned().ok_or(StoreError::NoFact { id })
    }

    fn owners(&self) -> Result<Owners, StoreError> {
        Ok(self.kept().owners.clone())
    }
}
