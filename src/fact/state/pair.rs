//! What one consumer has asked of one provider, and what was found out about it.

use std::collections::{HashMap, HashSet};

use crate::contract::Digest;
use crate::fact::FactId;
use crate::fact::kinds::{Outcome, Published, Verified};
use crate::name::Version;

#[derive(Debug, Default)]
pub(super) struct Pair {
    publications: HashMap<Version, Publications>,
    /// By content, then by provider version, oldest first.
    pub(super) results: HashMap<Digest, HashMap<Version, Vec<Verification>>>,
}

/// The contents of one version of the consumer.
#[derive(Debug, Default)]
struct Publications {
    current: Vec<Publication>,
    /// What another content stands in for. Publishing such a content again changes nothing, and it
    /// cannot replace anything: so no order of publishing makes all contents disappear.
    replaced: HashSet<Digest>,
}

/// A content that a version of the consumer has published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publication {
    /// The content.
    pub content: Digest,
    /// The first fact that published it for this version.
    pub fact: FactId,
}

/// One verification of a content by a version of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verification {
    /// The fact, which also has the verdicts on single interactions.
    pub fact: FactId,
    /// What came of it.
    pub outcome: Outcome,
    /// Whether all interactions were verified.
    pub complete: bool,
    /// How many interactions were looked at.
    pub judged: usize,
    /// Whether the provider was built from changes that no commit holds.
    pub dirty: bool,
    /// Whether it was verified only because it was work in progress.
    pub wip: bool,
}

impl Verification {
    /// Whether it says something about the provider version: what was built from changes that no
    /// commit holds says nothing about it, and neither does a run that found no end.
    #[must_use]
    pub fn counts(&self) -> bool {
        !self.dirty && self.outcome != Outcome::Unfinished
    }

    /// Whether it shows that the provider version keeps the contract.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        self.counts() && self.outcome == Outcome::Passed
    }
}

impl Pair {
    pub(super) fn contents(&self, version: &Version) -> &[Publication] {
        self.publications.get(version).map_or(&[], |publications| &publications.current)
    }

    pub(super) fn publish(&mut self, published: &Published, fact: FactId) {
        let publications = self.publications.entry(published.version.clone()).or_default();
        let Publications { current, replaced } = publications;
        let content = published.content;
        if replaced.contains(&content) {
            return;
        }
        if !current.iter().any(|publication| publication.content == content) {
            current.push(Publication { content, fact });
        }
        replaced.extend(published.replaces.iter().filter(|digest| **digest != content));
        current.retain(|publication| !replaced.contains(&publication.content));
    }

    pub(super) fn verify(&mut self, verified: &Verified, fact: FactId) {
        let results = self.results.entry(verified.content).or_default();
        results.entry(verified.version.clone()).or_default().push(Verification {
            fact,
            outcome: verified.outcome,
            complete: verified.complete,
            judged: verified.judged,
            dirty: verified.dirty,
            wip: verified.wip,
        });
    }
}
