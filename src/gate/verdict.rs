//! What the gate answers.

use crate::contract::Digest;
use crate::fact::FactId;
use crate::gate::{Ignore, Selector};
use crate::name::{Application, Branch, Environment, Tag, Version};

/// The answer to a question, with everything that it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Yes, no, or nobody knows yet. A break beside something unverified is `None`, as in the Pact
    /// Broker: what is missing may still arrive.
    pub deployable: Option<bool>,
    /// The versions that were asked about.
    pub asked: Vec<(Application, Version)>,
    /// Those of the asked versions that do not exist.
    pub unknown: Vec<Selector>,
    /// Each pair of versions that will have to work together, by name and version.
    pub integrations: Vec<Integration>,
    /// What else should be known.
    pub notices: Vec<Notice>,
}

/// Two versions that will have to work together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    /// Who has the expectations.
    pub consumer: Party,
    /// Who has to meet them.
    pub provider: Party,
    /// The contract between them; none when the provider is not there.
    pub content: Option<Digest>,
    /// What is known.
    pub verdict: Verdict,
    /// The waiver that makes it count as safe all the same.
    pub waiver: Option<FactId>,
    /// Whether it was asked to be left out.
    pub ignored: bool,
}

/// One side of an integration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party {
    /// The application.
    pub application: Application,
    /// Its version; none when it has no version in the target.
    pub version: Option<Version>,
}

/// What is known of an integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The provider was verified and keeps the contract.
    Safe {
        /// The verification.
        result: FactId,
    },
    /// The provider was verified and breaks the contract.
    Breaks {
        /// The verification.
        result: FactId,
    },
    /// Nobody knows.
    Unverified(Unverified),
}

/// Why nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unverified {
    /// It was never tried.
    Never,
    /// It was tried, and the newest attempt came to no result that counts: it was partial, ran into
    /// errors, or was made from changes that no commit holds.
    NoResult {
        /// The newest attempt.
        attempt: FactId,
    },
    /// It was tried, but only when the version was built from another commit than now.
    OtherCommit,
    /// The provider has no version where the consumer is to go.
    ProviderIsNotThere,
}

/// How many integrations ended in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Verified and kept.
    pub safe: usize,
    /// Verified and broken.
    pub breaks: usize,
    /// Not known.
    pub unverified: usize,
    /// Broken or not known, and accepted.
    pub waived: usize,
    /// Left out.
    pub ignored: usize,
}

/// Something that should be known about an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Nobody has said where the version is to go.
    NoTarget,
    /// Something was to be ignored that plays no part.
    IgnoredNothing(Ignore),
    /// The answer is yes because there is nothing that could break.
    NothingToCheck,
    /// A version has published no contract, and an older one has: somebody may have forgotten to.
    PublishedNothing {
        /// The consumer.
        application: Application,
        /// The version without a contract.
        version: Version,
        /// The newest older version that has one.
        before: Version,
    },
}

/// A target of which nobody has ever heard, which cannot be what was meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTarget {
    /// Nobody has created such an environment.
    #[error("there is no environment {0}")]
    Environment(Environment),
    /// No version of any application has the tag.
    #[error("no version of any application has the tag {0}")]
    Tag(Tag),
    /// No application has the branch.
    #[error("no application has a branch {0}")]
    Branch(Branch),
}

impl Integration {
    /// Whether it counts for the answer.
    #[must_use]
    pub fn counts(&self) -> bool {
        !self.ignored && self.waiver.is_none()
    }
}

impl Decision {
    /// How many integrations ended in which way.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for integration in &self.integrations {
            let count = match integration {
                Integration { ignored: true, .. } => &mut tally.ignored,
                Integration { waiver: Some(_), .. } => &mut tally.waived,
                Integration { verdict: Verdict::Safe { .. }, .. } => &mut tally.safe,
                Integration { verdict: Verdict::Breaks { .. }, .. } => &mut tally.breaks,
                Integration { verdict: Verdict::Unverified(_), .. } => &mut tally.unverified,
            };
            *count += 1;
        }
        tally
    }
}
