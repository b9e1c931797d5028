//! What came of a run, as facts: one for each contract of which anything was found out.

use std::collections::HashMap;
use std::sync::Arc;

use super::reading::{Opened, content_file};
use crate::fact::{Judged, Judgement, Outcome, ProviderBuild, State, Verified, What, new_about};
use crate::finding::{Code, Finding, Weight};
use crate::name::Version;
use crate::outcome::{InteractionResult, Verdict};
use crate::replay::Entry;
use crate::verification;

/// The build of the provider that was verified.
#[derive(Debug, Clone)]
pub struct Build {
    /// The provider, its branch and its tags.
    pub provider: ProviderBuild,
    /// Its version.
    pub version: Version,
    /// Whether it was built from changes that no commit holds.
    pub dirty: bool,
    /// The build that made it.
    pub build_url: Option<String>,
    /// The commit that it was made from.
    pub commit: Option<String>,
}

/// What is to be recorded of a run.
#[must_use]
pub fn to_record(
    outcome: &verification::Outcome,
    opened: &[Opened],
    build: &Build,
    state: &State,
) -> Vec<What> {
    let found = verified(outcome, opened, build);
    if found.is_empty() && outcome.report.counts.already > 0 {
        // Nothing new was found out; the version may be new to its branch and tags all the same.
        let ProviderBuild { application, branch, tags } = &build.provider;
        let known = state.version(application, &build.version);
        return new_about(known, (application, &build.version), branch.as_ref(), tags);
    }
    found.into_iter().map(What::Verified).collect()
}

/// What came of each contract. One of which not every interaction has a verdict is partial, and
/// all are doubtful when something went wrong beside the interactions: neither counts as a pass.
fn verified(outcome: &verification::Outcome, opened: &[Opened], build: &Build) -> Vec<Verified> {
    let mut by_source: HashMap<_, Vec<(&InteractionResult, &Entry)>> = HashMap::new();
    for (result, entry) in outcome.results() {
        by_source.entry(Arc::as_ptr(&entry.source)).or_default().push((result, entry));
    }
    let doubtful = outcome.report.findings.iter().any(is_doubt);
    let of = |one: &Opened| {
        let results = by_source.get(&Arc::as_ptr(&one.source))?;
        let interactions: Vec<Judged> =
            results.iter().filter_map(|(result, entry)| judged(result, entry, one)).collect();
        if interactions.is_empty() {
            return None;
        }
        let complete = interactions.len() == one.source.contract.interactions.len();
        Some(Verified {
            provider: build.provider.application.clone(),
            version: build.version.clone(),
            branch: build.provider.branch.clone(),
            tags: build.provider.tags.clone(),
            consumer: one.selected.consumer.clone(),
            content: one.selected.content,
            outcome: Outcome::of(complete && !doubtful, &interactions),
            complete,
            judged: interactions.len(),
            dirty: build.dirty,
            doubtful,
            wip: one.selected.wip,
            build_url: build.build_url.clone(),
            commit: build.commit.clone(),
            interactions,
        })
    };
    opened.iter().filter_map(of).collect()
}

/// Whether a problem of the run makes every pass doubtful: the provider died, or could not be cleaned up
/// after. What was asked for and is not there says nothing about what is, and a disagreement is told of
/// its interaction.
fn is_doubt(finding: &Finding) -> bool {
    let weighs = matches!(finding.weight(), Weight::Error | Weight::Broken);
    weighs && !matches!(finding.code, Code::NothingVerified | Code::SecondOpinionDiffers)
}

fn judged(result: &InteractionResult, entry: &Entry, one: &Opened) -> Option<Judged> {
    let earlier = result.already.as_ref().filter(|_| result.is_already_verified());
    let taken_from = earlier.and_then(|earlier| earlier.fact.parse().ok());
    let verdict = if taken_from.is_some() { Judgement::Passed } else { judgement(result, entry)? };
    Some(Judged {
        interaction: one.source.digest(entry.position)?,
        description: result.description.clone(),
        states: result.states.iter().map(|state| state.name.clone()).collect(),
        verdict,
        taken_from,
        findings: result.findings.iter().map(|finding| located(finding, one)).collect(),
    })
}

/// The finding with a place that others find as well: in the store, wherever each of them has it.
fn located(finding: &Finding, one: &Opened) -> Finding {
    let mut finding = finding.clone();
    if let Some(location) = finding.location.as_mut().filter(|at| at.file == one.source.contract.file()) {
        location.file = content_file(one.selected.content);
    }
    finding
}

/// The verdict for everybody; what was not looked at has none. A contract that is pending for this build
/// fails no run here, and a failure all the same: only what the consumer itself has marked may not hold yet.
fn judgement(result: &InteractionResult, entry: &Entry) -> Option<Judgement> {
    let is_unreached = |finding: &Finding| finding.code == Code::RunStopped;
    if !result.findings.is_empty() && result.findings.iter().all(is_unreached) {
        return None;
    }
    match result.verdict {
        Verdict::Skipped => None,
        _ if result.is_disputed() => Some(Judgement::Error),
        Verdict::Passed => Some(Judgement::Passed),
        Verdict::Failed => Some(Judgement::Failed),
        Verdict::Pending if entry.interaction().pending => Some(Judgement::Pending),
        Verdict::Pending if result.is_verified() => Some(Judgement::Failed),
        Verdict::Pending | Verdict::Error => Some(Judgement::Error),
    }
}
