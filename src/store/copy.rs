//! Takes everything from one store to another.
//!
//! Facts and contents keep their names, so that copying is the same as having recorded everything in both
//! places: copying twice changes nothing, and neither does the order in which several stores are copied.

use std::collections::BTreeMap;

use super::{Store, StoreError};
use crate::contract::Digest;
use crate::fact::{Fact, FactId, What};

/// What one store has and another has not, read and checked.
#[derive(Debug)]
pub struct Missing {
    contents: Vec<String>,
    facts: Vec<Fact>,
}

impl Missing {
    /// Reads everything in both stores and writes nothing. A store that is not there yet has nothing.
    ///
    /// # Errors
    /// When anything in either of them cannot be read, when a contract was published that is not
    /// there, or when the two have different facts under one id.
    pub fn between(from: &dyn Store, to: &dyn Store) -> Result<Self, StoreError> {
        let there: BTreeMap<FactId, Fact> =
            or_nothing(to.whole_facts())?.into_iter().map(|fact| (fact.id, fact)).collect();
        let mut facts = Vec::new();
        for fact in from.whole_facts()? {
            match there.get(&fact.id) {
                Some(known) if *known != fact => return Err(StoreError::TwoFacts { id: fact.id }),
                Some(_) => {}
                None => facts.push(fact),
            }
        }
        let known = or_nothing(to.contents())?;
        let has = |digest: &Digest| known.binary_search(digest).is_ok();
        let mut wanted = from.contents()?;
        wanted.extend(facts.iter().filter_map(|fact| match &fact.what {
            What::Published(published) => Some(published.content),
            _ => None,
        }));
        wanted.sort_unstable();
        wanted.dedup();
        let new = wanted.into_iter().filter(|digest| !has(digest));
        let contents = new.map(|digest| from.content(digest)).collect::<Result<_, _>>()?;
        Ok(Self { contents, facts })
    }

    /// The facts that are missing, in the order of their ids.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The contents that are missing.
    #[must_use]
    pub fn contents(&self) -> &[String] {
        &self.contents
    }

    /// Writes all that is missing, contents first: a fact never names a content that is not there. Who is
    /// stopped on the way has copied a part, and does the rest when it is done again.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn write(&self, to: &dyn Store) -> Result<(), StoreError> {
        for content in &self.contents {
            to.put(content)?;
        }
        self.facts.iter().try_for_each(|fact| to.append(fact))?;
        // Somebody may have removed meanwhile what nothing had named yet.
        self.contents.iter().try_for_each(|content| to.put(content).map(drop))
    }
}

fn or_nothing<T: Default>(answer: Result<T, StoreError>) -> Result<T, StoreError> {
    match answer {
        Err(StoreError::NoStore { .. }) => Ok(T::default()),
        other => other,
    }
}
