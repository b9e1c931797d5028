//! Facts of a month in the form in which they are remembered, and how they are applied without giving each of them its
//! own form first.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::words::{PackedWhat, Words};
use crate::fact::{Fact, FactId, State, What};

/// Facts, without details, in the order in which they were added.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Packed {
    words: Words,
    facts: Vec<PackedFact>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PackedFact {
    id: FactId,
    what: PackedWhat,
}

/// Which builds need not be applied again: for each version the one that was applied last, by their places.
#[derive(Debug, Default)]
struct Applied(HashMap<(u32, u32), u32>);

impl Packed {
    /// Adds a fact, but for its details.
    pub(super) fn add(&mut self, fact: Fact) {
        let what = self.words.pack(fact.what);
        self.facts.push(PackedFact { id: fact.id, what });
    }

    /// The facts, as often as they were added.
    pub(super) fn all(&self) -> impl Iterator<Item = Fact> {
        self.facts.iter().map(|fact| self.unpacked(fact))
    }

    /// The facts, one that was added several times running only once.
    pub(super) fn facts(&self) -> impl Iterator<Item = Fact> {
        self.once().map(|fact| self.unpacked(fact))
    }

    /// Applies the facts, which come after all that is known, as if each was applied by itself. It looks up each pair
    /// once, and applies a build again only when something else may have changed what is known of its version.
    pub(super) fn apply_to(&self, state: &mut State) {
        let words = &self.words;
        let pairs = words.pairs();
        let pairs: Vec<_> = pairs.map(|(consumer, provider)| state.pair(&consumer, &provider)).collect();
        let builds: Vec<_> = words.builds().collect();
        let mut applied = Applied::default();
        for fact in self.once() {
            match &fact.what {
                PackedWhat::Published(packed) => {
                    state.asked(pairs[packed.pair as usize], words.asked(packed, fact.id));
                    if applied.is_new(packed.build, words) {
                        state.built(&builds[packed.build as usize], fact.id);
                    }
                }
                PackedWhat::Verified(packed) => {
                    let found = words.found(packed, fact.id);
                    if found.makes_a_version() && applied.is_new(packed.build, words) {
                        state.built(&builds[packed.build as usize], fact.id);
                    }
                    state.found(pairs[packed.pair as usize], found);
                }
                PackedWhat::Deployed(_) => state.apply(self.unpacked(fact)),
                PackedWhat::Other(what) => {
                    applied.forget_after(what);
                    state.apply(self.unpacked(fact));
                }
            }
        }
    }

    fn once(&self) -> impl Iterator<Item = &PackedFact> {
        let mut last = None;
        self.facts.iter().filter(move |fact| last.replace(fact.id) != Some(fact.id))
    }

    fn unpacked(&self, fact: &PackedFact) -> Fact {
        Fact { id: fact.id, what: self.words.unpack(&fact.what) }
    }
}

impl Applied {
    fn is_new(&mut self, build: u32, words: &Words) -> bool {
        self.0.insert(words.version_of(build), build) != Some(build)
    }

    /// Another fact may have taken away what a build has said. Tags, of which there are many, only add to it.
    fn forget_after(&mut self, what: &What) {
        if !matches!(what, What::Tagged(_)) {
            self.0.clear();
        }
    }
}
