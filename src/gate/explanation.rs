//! The shape of an explained answer. The names of its JSON form are those of the Pact Broker where it has
//! them (`summary.deployable`, `notices`, `matrix`).

use serde::Serialize;

use crate::fact::FactId;
use crate::finding::Finding;
use crate::name::{Application, Branch, Environment, Version};
use crate::outcome::Answer;

/// The answer, with everything that people need to act on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Version of this form.
    #[serde(rename = "schema_version")]
    pub schema_version: u32,
    /// The answer and what it counts.
    pub summary: Summary,
    /// What else should be known.
    pub notices: Vec<Message>,
    /// One row for each pair of versions, and for each version that does not exist.
    pub matrix: Vec<Row>,
}

/// The answer and what it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Yes, no, or not known yet.
    pub deployable: Option<bool>,
    /// The answer of the command, which is its exit status.
    pub answer: Answer,
    /// The answer in a sentence.
    pub reason: String,
    /// How many hold.
    pub success: usize,
    /// How many are broken.
    pub failed: usize,
    /// How many nobody knows of.
    pub unknown: usize,
    /// How many are broken or not known, and accepted.
    pub waived: usize,
    /// How many were left out.
    pub ignored: usize,
}

/// A message beside the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// `warning` or `info`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The message.
    pub text: String,
}

/// What is known about two versions, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// The contract is kept.
    Safe,
    /// The contract is broken.
    Breaks,
    /// Nobody knows.
    Unverified,
    /// A version was asked about that does not exist.
    UnknownVersion,
    /// The contract is broken or nobody knows, and somebody answers for it.
    Waived,
    /// It was left out.
    Ignored,
}

/// A pair of versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// What is known.
    pub verdict: Word,
    /// Who has the expectations; nobody in a row about a version that does not exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer: Option<Side>,
    /// Who has to meet them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<Side>,
    /// The verification on which the verdict rests.
    pub verification_result: Option<VerificationResult>,
    /// The verdict in a sentence.
    pub reason: String,
    /// What is broken, interaction by interaction.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
    /// Why it counts as safe all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverText>,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What to type next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One side of a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The application.
    pub name: Application,
    /// Its version, where it has one.
    pub version: Option<SideVersion>,
    /// The team that owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// How to reach the team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// A version of one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SideVersion {
    /// The version.
    pub number: Version,
    /// The branch it was added to last.
    pub branch: Option<Branch>,
    /// Where it runs.
    pub environments: Vec<Environment>,
}

/// A verification in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationResult {
    /// Whether the contract is kept.
    pub success: bool,
    /// When it was found out.
    pub verified_at: String,
    /// The fact.
    pub fact: FactId,
}

/// An interaction that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// What it is about, in the consumer's words.
    pub interaction: String,
    /// The provider states that it needs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<String>,
    /// What was wrong.
    pub findings: Vec<Finding>,
}

/// A waiver in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaiverText {
    /// What would be said without it.
    pub instead_of: Word,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The day on which it no longer holds.
    pub expires: String,
}
