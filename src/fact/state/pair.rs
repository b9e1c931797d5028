//! What one consumer has asked of one provider, and what was found out about it.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::contract::Digest;
use crate::fact::FactId;
use crate::fact::kinds::{Outcome, Verified};
use crate::name::Version;

/// Where the facts about a pair are kept in a state.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PairId(pub(super) usize);

/// The facts about a pair. What follows from them is worked out when it is first asked for: a question is mostly
/// about a few pairs, and a store has many.
#[derive(Debug, Default)]
pub(super) struct Pair {
    published: Vec<Asked>,
    verified: Vec<Found>,
    publications: OnceLock<HashMap<Version, Publications>>,
    results: OnceLock<Results>,
}

/// By content, then by provider version, oldest first.
pub(super) type Results = HashMap<Digest, HashMap<Version, Vec<Verification>>>;

/// That a version of the consumer has published a content.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) version: Version,
    pub(crate) publication: Publication,
    pub(crate) replaces: Vec<Digest>,
}

/// That a version of the provider has verified a content.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) version: Version,
    pub(crate) content: Digest,
    pub(crate) verification: Verification,
}

impl Found {
    pub(super) fn of(verified: &Verified, fact: FactId) -> Self {
        let Verified { version, content, outcome, complete, judged, dirty, wip, .. } = verified;
        let (outcome, complete, judged, dirty, wip) = (*outcome, *complete, *judged, *dirty, *wip);
        let verification = Verification { fact, outcome, complete, judged, dirty, wip };
        Self { version: version.clone(), content: *content, verification }
    }

    /// What was built from changes that no commit holds is no version, and the head of no branch: nobody else can
    /// build it again.
    pub(crate) fn makes_a_version(&self) -> bool {
        !self.verification.dirty
    }
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
    /// Adds the next fact in the order of ids.
    pub(super) fn publish(&mut self, asked: Asked) {
        self.published.push(asked);
        self.publications.take();
    }

    /// Adds the next fact in the order of ids.
    pub(super) fn verify(&mut self, found: Found) {
        self.verified.push(found);
        self.results.take();
    }

    pub(super) fn contents(&self, version: &Version) -> &[Publication] {
        let by_version = self.publications.get_or_init(|| publications(&self.published));
        by_version.get(version).map_or(&[], |publications| &publications.current)
    }

    pub(super) fn results(&self) -> &Results {
        self.results.get_or_init(|| results(&self.verified))
    }
}

fn publications(facts: &[Asked]) -> HashMap<Version, Publications> {
    let mut by_version: HashMap<_, Publications> = HashMap::new();
    for Asked { version, publication, replaces } in facts {
        let Publications { current, replaced } = by_version.entry(version.clone()).or_default();
        let content = publication.content;
        if replaced.contains(&content) {
            continue;
        }
        if !current.iter().any(|known| known.content == content) {
            current.push(*publication);
        }
        replaced.extend(replaces.iter().filter(|digest| **digest != content));
        current.retain(|known| !replaced.contains(&known.content));
    }
    by_version
}

fn results(facts: &[Found]) -> Results {
    let mut results = Results::new();
    for Found { version, content, verification } in facts {
        let by_version = results.entry(*content).or_default();
        by_version.entry(version.clone()).or_default().push(*verification);
    }
    results
}
