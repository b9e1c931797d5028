//! What can happen, as it is recorded.
//!
//! The serialised form is stored for years. A field is never renamed or given another meaning, and a new one makes
//! [`SCHEMA`](super::SCHEMA) grow, because an unknown field is refused: it could change the answer.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::FactId;
use super::deprecated::{Deprecated, DeprecationEnded};
use crate::contract::Digest;
use crate::finding::Finding;
use crate::name::{Application, Branch, Environment, Instance, Line, Tag, Version};

/// Something that has happened; it is never changed afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its name, and when it was recorded.
    pub id: FactId,
    /// What has happened.
    pub what: What,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A consumer has published a contract.
    Published(Published),
    /// A provider has verified a contract.
    Verified(Verified),
    /// A version was built from a branch.
    Branched(Branched),
    /// A branch is no more.
    BranchDeleted(BranchDeleted),
    /// A version was tagged.
    Tagged(Tagged),
    /// A tag was taken from a version.
    Untagged(Tagged),
    /// A version has replaced what ran in an environment.
    Deployed(Deployed),
    /// A version runs no more in an environment.
    Undeployed(Deployed),
    /// A version can be used in an environment, beside others.
    Released(Released),
    /// A released version is supported no more.
    SupportEnded(Released),
    /// There is an environment.
    EnvironmentCreated(EnvironmentDescription),
    /// An environment is described anew.
    EnvironmentChanged(EnvironmentDescription),
    /// An environment is no more, and nothing runs there.
    EnvironmentRemoved(EnvironmentRemoved),
    /// Something is now known about an application.
    ApplicationDescribed(ApplicationDescribed),
    /// A team accepts a break until a day.
    Waived(Waived),
    /// A waiver was taken back.
    WaiverEnded(WaiverEnded),
    /// A provider means to take something away.
    Deprecated(Deprecated),
    /// What was to go is gone, or stays.
    DeprecationEnded(DeprecationEnded),
}

/// A consumer has published a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The consumer.
    pub consumer: Application,
    /// Its version.
    pub version: Version,
    /// The provider.
    pub provider: Application,
    /// The content.
    pub content: Digest,
    /// Contents of the same version and provider that this one stands in for; it has all that they have.
    #[serde(default)]
    pub replaces: Vec<Digest>,
    /// The branch that the version was built from.
    pub branch: Option<Branch>,
    /// Tags on the version.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// The build that made it.
    pub build_url: Option<Arc<str>>,
    /// The commit that it was made from.
    pub commit: Option<Arc<str>>,
}

/// A provider has verified a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about one run")]
pub struct Verified {
    /// The provider.
    pub provider: Application,
    /// Its version.
    pub version: Version,
    /// The branch that the version was built from.
    pub branch: Option<Branch>,
    /// Tags on the version.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// The consumer.
    pub consumer: Application,
    /// The content that was verified.
    pub content: Digest,
    /// What came of it, which follows from the interactions.
    pub outcome: Outcome,
    /// Whether all interactions of the content were verified.
    pub complete: bool,
    /// How many interactions were looked at. Lists of facts have this number in place of the verdicts.
    #[serde(default)]
    pub judged: usize,
    /// Whether the provider was built from a work tree with changes that no commit holds.
    #[serde(default)]
    pub dirty: bool,
    /// Whether something went wrong beside the interactions: then no pass in it is one, here or later.
    #[serde(default)]
    pub doubtful: bool,
    /// Whether the content was verified only because it was work in progress.
    #[serde(default)]
    pub wip: bool,
    /// The build that verified it.
    pub build_url: Option<Arc<str>>,
    /// The commit that the provider was built from.
    pub commit: Option<Arc<str>>,
    /// One verdict for each interaction that was looked at. Lists of facts leave them out.
    #[serde(default)]
    pub interactions: Vec<Judged>,
}

/// What came of a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything holds.
    Passed,
    /// At least one interaction does not hold.
    Failed,
    /// Nothing is known to be broken, and not everything is known to hold.
    Unfinished,
}

/// The verdict on one interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// The digest of the interaction.
    pub interaction: Digest,
    /// What it is about.
    pub description: String,
    /// The provider states that it needs.
    #[serde(default)]
    pub states: Vec<String>,
    /// What was found out.
    pub verdict: Judgement,
    /// The fact of the earlier verification by the same provider version that this verdict is
    /// taken from.
    pub taken_from: Option<FactId>,
    /// What was wrong, most telling first.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// What was found out about an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It could not be found out.
    Error,
    /// It does not hold, or could not be found out, and the consumer does not expect it to yet.
    Pending,
}

/// A version was built from a branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branched {
    /// The application.
    pub application: Application,
    /// Its version.
    pub version: Version,
    /// The branch; without one, it is only known that there is such a version.
    pub branch: Option<Branch>,
}

/// A branch is no more; its versions stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BranchDeleted {
    /// The application.
    pub application: Application,
    /// The branch.
    pub branch: Branch,
}

/// A tag on a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tagged {
    /// The application.
    pub application: Application,
    /// Its version.
    pub version: Version,
    /// The tag.
    pub tag: Tag,
}

/// A version that runs somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployed {
    /// The application.
    pub application: Application,
    /// Its version.
    pub version: Version,
    /// Where.
    pub environment: Environment,
    /// Which of several places there; none is a place of its own.
    pub instance: Option<Instance>,
}

/// A version that people can get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Released {
    /// The application.
    pub application: Application,
    /// Its version.
    pub version: Version,
    /// Where.
    pub environment: Environment,
}

/// What is known about an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentDescription {
    /// Its name.
    pub name: Environment,
    /// What people call it.
    pub display_name: Option<Line>,
    /// Whether it serves customers.
    #[serde(default)]
    pub production: bool,
    /// Whom to call about it.
    pub contact: Option<Contact>,
}

/// Whom to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The person or team.
    pub name: Option<Line>,
    /// An e-mail address.
    pub email: Option<Line>,
}

/// An environment is no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentRemoved {
    /// Its name.
    pub name: Environment,
}

/// Something is now known about an application; what is not said stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationDescribed {
    /// The application.
    pub application: Application,
    /// What is known about it.
    pub about: About,
}

/// What is known about an application besides its versions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct About {
    /// What people call it.
    pub display_name: Option<Line>,
    /// The team that owns it.
    pub team: Option<Line>,
    /// How to reach the team.
    pub contact: Option<Line>,
    /// Where its code is.
    pub repository: Option<Line>,
    /// The branch that is deployed from.
    pub main_branch: Option<Branch>,
}

/// A team accepts until a day that an integration is not verified or broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waived {
    /// The consumer.
    pub consumer: Application,
    /// Only this version of it.
    pub consumer_version: Option<Version>,
    /// The provider.
    pub provider: Application,
    /// Only this version of it.
    pub provider_version: Option<Version>,
    /// Why.
    pub reason: Line,
    /// Who answers for it.
    pub owner: Line,
    /// The first day, in UTC, on which it no longer holds.
    pub expires: Date,
}

/// A waiver was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaiverEnded {
    /// The fact that said so.
    pub waiver: FactId,
}

impl Waived {
    /// Whether it holds on a day for two versions that meet; none is a side that has no version there.
    #[must_use]
    pub fn holds(
        &self,
        today: Date,
        consumer: (&Application, Option<&Version>),
        provider: (&Application, Option<&Version>),
    ) -> bool {
        let means = |name: &Application, only: Option<&Version>, side: (&Application, Option<&Version>)| {
            name == side.0 && (only.is_none() || only == side.1)
        };
        today < self.expires
            && means(&self.consumer, self.consumer_version.as_ref(), consumer)
            && means(&self.provider, self.provider_version.as_ref(), provider)
    }
}

impl What {
    /// The word for this kind of fact, as it stands in file names.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Published(_) => "published",
            Self::Verified(_) => "verified",
            Self::Branched(_) => "branched",
            Self::BranchDeleted(_) => "branch-deleted",
            Self::Tagged(_) => "tagged",
            Self::Untagged(_) => "untagged",
            Self::Deployed(_) => "deployed",
            Self::Undeployed(_) => "undeployed",
            Self::Released(_) => "released",
            Self::SupportEnded(_) => "support-ended",
            Self::EnvironmentCreated(_) => "environment-created",
            Self::EnvironmentChanged(_) => "environment-changed",
            Self::EnvironmentRemoved(_) => "environment-removed",
            Self::ApplicationDescribed(_) => "application-described",
            Self::Waived(_) => "waived",
            Self::WaiverEnded(_) => "waiver-ended",
            Self::Deprecated(_) => "deprecated",
            Self::DeprecationEnded(_) => "deprecation-ended",
        }
    }
}

impl Fact {
    /// The fact as lists have it: without the verdicts on single interactions.
    #[must_use]
    pub fn without_details(mut self) -> Self {
        if let What::Verified(verified) = &mut self.what {
            verified.interactions = Vec::new();
        }
        self
    }
}

impl Outcome {
    /// A single failure is a failure; a pass needs everything looked at, and something found to hold.
    #[must_use]
    pub fn of(complete: bool, interactions: &[Judged]) -> Self {
        let has = |verdict| interactions.iter().any(|judged| judged.verdict == verdict);
        if has(Judgement::Failed) {
            Self::Failed
        } else if complete && has(Judgement::Passed) && !has(Judgement::Error) {
            Self::Passed
        } else {
            Self::Unfinished
        }
    }
}
