//! What a run has found out: verdicts, results and the report.
//!
//! These values are what every output format renders and what a stored event log holds, so their
//! serialised form is a promise: fields are added, never renamed or reused, and the version in
//! [`SCHEMA_VERSION`] grows with each change that a reader could notice.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::Contract;
use crate::finding::{Finding, Location, Weight};

/// Version of the JSON report and of the event log.
pub const SCHEMA_VERSION: u32 = 1;

/// What is known about one interaction after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The provider answered as the contract asks.
    Passed,
    /// The provider answered otherwise.
    Failed,
    /// It could not be found out.
    Error,
    /// It did not hold or could not be found out, and need not hold yet: the consumer or the run had it marked as
    /// pending, or a waiver accepts it.
    Pending,
    /// It was left out on purpose; see [`SkipReason`].
    Skipped,
}

/// Why an interaction was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// A filter did not select it.
    Filtered,
    /// It belongs to another partition.
    OtherPartition,
    /// It did not fail last time, and only what failed last time was asked for.
    NotFailedBefore,
    /// The run had reached its limit of failures.
    MaxFailures,
    /// The same version of the provider has kept it in an earlier verification.
    AlreadyVerified,
}

/// The answer of a whole run, which is also its exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Everything that was asked was verified and holds.
    Yes,
    /// At least one contract is broken.
    No,
    /// The question could not be asked as it was put: usage, configuration, an unreadable pact.
    AskedWrongly,
    /// It could not be found out, or nothing was verified.
    CouldNotFindOut,
}

/// What a run is about, known before it starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RunInfo {
    /// Version of the report format.
    pub schema_version: u32,
    /// Version of Pactwright.
    pub tool_version: String,
    /// The provider that is verified.
    pub provider: String,
    /// When the run started, as RFC 3339 in UTC.
    pub started_at: String,
    /// Where the pacts are shared and which of them were chosen, when they come from such a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<SharedInfo>,
    /// The pacts, in the order in which they were given.
    pub pacts: Vec<PactInfo>,
    /// How many interactions are going to be verified.
    pub planned: usize,
    /// The words with which this run can be started again, without filters.
    pub command: String,
    /// How just one interaction is verified again, where that is not the command with
    /// `--interaction KEY`; `{key}` stands for the interaction's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<String>,
    /// Whether warnings count as defects (`--strict`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
}

/// The place from which pacts were chosen, and the provider version for which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SharedInfo {
    /// The address of the place.
    pub store: String,
    /// The version of the provider, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_version: Option<String>,
    /// Whether the version is built from changes that no commit holds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dirty: bool,
    /// The branch that it is built from, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_branch: Option<String>,
    /// Which versions of the consumers were asked for, in words.
    pub selected: Vec<String>,
    /// Whether nobody has said which, so that these are the usual ones.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_default: bool,
}

/// A verification that was recorded before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Earlier {
    /// The name of the record.
    pub fact: String,
    /// When it was recorded, as RFC 3339 in UTC.
    pub at: String,
}

/// One pact of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PactInfo {
    /// The file or address, without credentials.
    pub file: String,
    /// The consumer.
    pub consumer: String,
    /// The provider.
    pub provider: String,
    /// The version of the Pact specification; empty when the pact was not looked into.
    pub specification: String,
    /// How many interactions it has.
    pub interactions: usize,
    /// The verification in which the same version of the provider has kept all of it, so that nothing of
    /// it was looked at in this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already: Option<Earlier>,
    /// The consumer's version, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer_version: Option<String>,
    /// Whether the provider has yet to meet all of it: then nothing in it fails the run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// The waiver under which nothing in it fails the run, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waiver>,
    /// Why it was chosen, where somebody chose it: `deployed to production`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
}

/// A team accepts, until a day, that a contract is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waiver {
    /// The name of the record.
    pub fact: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The first day, in UTC, on which it no longer holds: `2027-01-31`.
    pub expires: String,
}

/// What is known about one interaction after a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct InteractionResult {
    /// Position in the plan, from 0; results are shown in this order.
    pub index: usize,
    /// The key that selects exactly this interaction: `--interaction KEY`.
    pub key: String,
    /// The consumer.
    pub consumer: String,
    /// The consumer's version, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer_version: Option<String>,
    /// The provider.
    pub provider: String,
    /// What it is about.
    pub description: String,
    /// The provider states it needs.
    pub states: Vec<State>,
    /// What kind of interaction it is.
    pub kind: Kind,
    /// Where it stands in the pact file.
    pub location: Location,
    /// The test that recorded it, when the pact names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_by: Option<String>,
    /// Whom to call about the consumer, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// Whether it is not yet expected to hold: the consumer marked it as pending, its contract is new to the
    /// provider, or a waiver accepts that it is broken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// The waiver, when one accepts that it is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waiver>,
    /// What was found out.
    pub verdict: Verdict,
    /// Why it was left out, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<SkipReason>,
    /// The verification in which the same version of the provider has kept it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already: Option<Earlier>,
    /// Everything that was wrong, most telling first.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// The digest of what is expected, when the answer is kept: it is that of the contract as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// What was sent, kept when something was wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Sent>,
    /// What came back, kept when something was wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Received>,
    /// The body as expected and as received, only where they differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diff: Vec<DiffLine>,
    /// How often it was tried; more than one when `--retries` is given.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub attempts: u32,
    /// True when it failed first and passed when it was tried again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flaky: bool,
    /// What was wrong at the first attempt, when a later one passed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first_failure: Vec<Finding>,
    /// The key of the identical interaction of another consumer whose replay this verdict is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
    /// What the reference verifier said, when it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_opinion: Option<SecondOpinion>,
    /// How long it took, with its states, in milliseconds.
    pub duration_ms: u64,
}

/// The kind of an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An HTTP request and its answer.
    Http,
    /// A message that the provider publishes.
    Message,
    /// A message and the messages that answer it.
    SyncMessage,
}

/// A provider state with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct State {
    /// Its name.
    pub name: String,
    /// Its parameters.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub params: serde_json::Map<String, serde_json::Value>,
}

/// Whom to call about an application.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Owner {
    /// The team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// How to reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Where its code is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
}

/// What was sent to the provider, with secrets already replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// The headers in the order in which they were sent.
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Payload>,
}

/// What the provider answered, with secrets already replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Received {
    /// The status.
    pub status: u16,
    /// The headers in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Payload>,
}

/// The bytes of a body as a report keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Payload {
    /// The text, when the bytes are UTF-8; otherwise their Base64 form.
    pub text: String,
    /// True when `text` is Base64.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub base64: bool,
    /// How many bytes there were; more than `text` holds when it was cut.
    pub bytes: usize,
    /// True when `text` holds only the beginning.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

/// One line of a rule-aware comparison of two bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiffLine {
    /// Whether the line is expected, received or only there for orientation.
    pub side: Side,
    /// The line, indented, without a line end.
    pub text: String,
    /// What the rule at this line asks for, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Which of two bodies a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Only in the contract.
    Expected,
    /// Only in the answer.
    Received,
    /// In both, shown for orientation.
    Both,
    /// Stands for lines that are left out.
    Gap,
}

/// What the reference verifier said about the same interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SecondOpinion {
    /// Its verdict.
    pub verdict: Verdict,
    /// Whether it agrees with ours.
    pub agrees: bool,
    /// What it found wrong, in its own words, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mismatches: Vec<String>,
    /// The documented reason for a disagreement, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explained_by: Option<String>,
    /// Why it was not asked, when it was not; it then neither agrees nor differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_asked: Option<String>,
}

impl SecondOpinion {
    /// True when it was asked and does not agree.
    #[must_use]
    pub fn differs(&self) -> bool {
        !self.agrees && self.not_asked.is_none()
    }
}

/// How many answers were judged in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Judged {
    /// Proven to keep their contract in one pass over their bytes.
    pub proven: usize,
    /// Compared by the reference matcher and our stricter checks.
    pub compared: usize,
}

impl Judged {
    /// True when nothing was judged, or nothing is known about it.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// How many interactions ended in which way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Counts {
    /// All interactions of all pacts that were read.
    pub interactions: usize,
    /// Those that were verified: passed, failed or pending with an answer.
    pub verified: usize,
    /// Passed.
    pub passed: usize,
    /// Failed.
    pub failed: usize,
    /// Could not be found out.
    pub errors: usize,
    /// Did not hold and need not yet: pending or waived.
    pub pending: usize,
    /// Those of them that a waiver accepts.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub waived: usize,
    /// Left out, those that were already verified included.
    pub skipped: usize,
    /// Already verified: the same version of the provider has kept them before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub already: usize,
    /// Passed only when tried again.
    pub flaky: usize,
    /// Where the reference verifier disagrees for no known reason.
    pub disagreements: usize,
}

/// Everything a run has found out. Every output format is a rendering of this value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Report {
    /// What the run was about.
    pub run: RunInfo,
    /// The answer.
    pub answer: Answer,
    /// How many interactions ended in which way.
    pub counts: Counts,
    /// Why interactions were skipped, and how many for each reason.
    pub skipped: Vec<(SkipReason, usize)>,
    /// Problems that belong to no interaction: unreadable pacts, a provider that did not start.
    pub findings: Vec<Finding>,
    /// One result for each interaction of the provider, in plan order.
    pub interactions: Vec<InteractionResult>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// How the answers were judged.
    #[serde(default, skip_serializing_if = "Judged::is_none")]
    pub judged: Judged,
}

impl PactInfo {
    /// What a report says about a contract.
    #[must_use]
    pub fn of(contract: &Contract) -> Self {
        Self {
            file: contract.file().to_owned(),
            consumer: contract.consumer.clone(),
            provider: contract.provider.clone(),
            specification: contract.version.to_string(),
            interactions: contract.interactions.len(),
            consumer_version: None,
            already: None,
            pending: false,
            waived: None,
            why: Vec::new(),
        }
    }
}

impl Answer {
    /// The exit status of the process.
    #[must_use]
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::AskedWrongly => 2,
            Self::CouldNotFindOut => 3,
        }
    }

    /// The answer to a run, from how its interactions ended and its other findings.
    ///
    /// Any failed verdict is a no. Otherwise a defect in a pact means that the question was asked
    /// wrongly, any error or a run that verified nothing means that it could not be found out. What
    /// was already verified counts as that.
    #[must_use]
    pub fn of(counts: &Counts, findings: &[Finding]) -> Self {
        let weighs = |weight| findings.iter().any(|finding| finding.weight() == weight);
        if counts.failed > 0 || weighs(Weight::Broken) {
            Self::No
        } else if counts.disagreements > 0 {
            Self::CouldNotFindOut
        } else if weighs(Weight::Defect) {
            Self::AskedWrongly
        } else if counts.errors > 0 || weighs(Weight::Error) || counts.verified + counts.already == 0 {
            Self::CouldNotFindOut
        } else {
            Self::Yes
        }
    }
}

impl Counts {
    /// Counts results, and the interactions of pacts that were already verified as a whole.
    #[must_use]
    pub fn of_run(results: &[InteractionResult], pacts: &[PactInfo]) -> Self {
        let mut counts = Self::of(results);
        let settled = pacts.iter().filter(|pact| pact.already.is_some()).map(|pact| pact.interactions);
        let settled: usize = settled.sum();
        counts.interactions += settled;
        counts.skipped += settled;
        counts.already += settled;
        counts
    }

    /// Counts results.
    #[must_use]
    pub fn of(results: &[InteractionResult]) -> Self {
        let count = |verdict| results.iter().filter(|result| result.verdict == verdict).count();
        Self {
            interactions: results.len(),
            verified: results.iter().filter(|result| result.is_verified()).count(),
            passed: count(Verdict::Passed),
            failed: count(Verdict::Failed),
            errors: count(Verdict::Error),
            pending: count(Verdict::Pending),
            waived: results.iter().filter(|result| result.waiver().is_some()).count(),
            skipped: count(Verdict::Skipped),
            already: results.iter().filter(|result| result.is_already_verified()).count(),
            flaky: results.iter().filter(|result| result.flaky).count(),
            disagreements: results.iter().filter(|result| result.is_disputed()).count(),
        }
    }
}

impl InteractionResult {
    /// True when there is an answer that was judged.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        match self.verdict {
            Verdict::Passed | Verdict::Failed => true,
            Verdict::Pending => !self.findings.iter().any(|finding| finding.weight() == Weight::Error),
            Verdict::Error | Verdict::Skipped => false,
        }
    }

    /// The waiver that keeps it from failing the run; none when it needs none.
    #[must_use]
    pub fn waiver(&self) -> Option<&Waiver> {
        self.waived.as_ref().filter(|_| self.verdict == Verdict::Pending)
    }

    /// True when the same version of the provider has kept it in an earlier verification.
    #[must_use]
    pub fn is_already_verified(&self) -> bool {
        self.skipped == Some(SkipReason::AlreadyVerified)
    }

    /// True when the reference verifier disagrees and no documented reason explains it.
    #[must_use]
    pub fn is_disputed(&self) -> bool {
        self.second_opinion.as_ref().is_some_and(|second| second.differs() && second.explained_by.is_none())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_one(count: &u32) -> bool {
    *count == 1
}
