//! A contract to verify, and what is known about it that its document does not say.

use std::sync::{Arc, OnceLock};

use crate::contract::{Contract, Digest, canonical};
use crate::outcome::{Earlier, PactInfo, Waiver};

/// A contract to verify, with the circumstances in which it was chosen.
///
/// A pact file says nothing about these; a place where pacts are shared does.
#[derive(Debug, Clone)]
pub struct Source {
    /// What is expected, by whom, of whom.
    pub contract: Arc<Contract>,
    /// The version of the consumer that it was recorded with, when it is known.
    pub consumer_version: Option<String>,
    /// Whether the provider has yet to meet it: then nothing in it fails a run.
    pub pending: bool,
    /// The waiver that accepts that it is broken: then nothing in it fails a run either.
    pub waived: Option<Waiver>,
    /// Why it was chosen, in words for people: `deployed to production`.
    pub why: Vec<String>,
    /// For each interaction the verification in which this version of the provider has kept it, so that
    /// it need not be replayed; shorter where nothing more is known.
    pub already: Vec<Option<Earlier>>,
    digests: OnceLock<Vec<Digest>>,
}

impl Source {
    /// The digest of the interaction at a position; see [`digests`](Self::digests).
    #[must_use]
    pub fn digest(&self, position: usize) -> Option<Digest> {
        self.digests().get(position).copied()
    }

    /// The digests of the interactions, by their position: equal for all that ask for the same, however they
    /// are written and whoever asks.
    #[must_use]
    pub fn digests(&self) -> &[Digest] {
        let all = || canonical(&self.contract).interactions.iter().map(|one| one.digest).collect();
        self.digests.get_or_init(all)
    }

    /// What a report says about it.
    #[must_use]
    pub fn info(&self) -> PactInfo {
        PactInfo {
            consumer_version: self.consumer_version.clone(),
            pending: self.pending,
            waived: self.waived.clone(),
            why: self.why.clone(),
            ..PactInfo::of(&self.contract)
        }
    }
}

impl From<Arc<Contract>> for Source {
    /// A contract of which nothing more is known.
    fn from(contract: Arc<Contract>) -> Self {
        Self {
            contract,
            consumer_version: None,
            pending: false,
            waived: None,
            why: Vec::new(),
            already: Vec::new(),
            digests: OnceLock::new(),
        }
    }
}

impl From<Contract> for Source {
    /// A contract of which nothing more is known.
    fn from(contract: Contract) -> Self {
        Arc::new(contract).into()
    }
}
