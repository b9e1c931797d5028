//! One interaction's result, from what came of its replay.

use std::collections::BTreeMap;

use super::plan::Entry;
use super::site::Replayed;
use crate::contract::Exchange;
use crate::finding::{Code, Finding, Place};
use crate::outcome::{InteractionResult, Kind, Owner, SkipReason, State, Verdict};

/// What a result takes from outside the replay.
#[derive(Debug)]
pub(super) struct Surroundings<'a> {
    /// Owners by application.
    pub(super) owners: &'a BTreeMap<String, Owner>,
    /// Whether requests and answers are kept for passed interactions as well.
    pub(super) keep_exchanges: bool,
}

/// What a replay was like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Course<'a> {
    /// How often it was tried.
    pub(super) attempts: u32,
    /// The first attempt, when it did not pass and a later one did.
    pub(super) first_failure: Option<&'a Replayed>,
    /// How long it took.
    pub(super) duration_ms: u64,
}

/// The result of a replay for the entry at `index`; `same_as` names the entry that was replayed,
/// when it was another one.
pub(super) fn result(
    (index, entry): (usize, &Entry),
    replayed: &Replayed,
    course: Course<'_>,
    same_as: Option<&Entry>,
    around: &Surroundings<'_>,
) -> InteractionResult {
    let mut result = blank(index, entry, around);
    result.findings = findings(entry, replayed, same_as);
    result.verdict = verdict(replayed, result.pending);
    if result.verdict != Verdict::Passed || around.keep_exchanges {
        result.request.clone_from(&replayed.request);
        result.response.clone_from(&replayed.response);
    }
    if around.keep_exchanges {
        result.content = entry.source.digest(entry.position).map(|digest| digest.to_string());
    }
    if let Ok(judgement) = &replayed.judgement {
        result.diff.clone_from(&judgement.diff);
    }
    result.attempts = course.attempts;
    result.flaky = course.first_failure.is_some();
    result.first_failure =
        course.first_failure.map(|first| findings(entry, first, same_as)).unwrap_or_default();
    result.duration_ms = course.duration_ms;
    result.same_as = same_as.map(|other| other.key.clone());
    result
}

/// The result of an entry that was left out on purpose.
pub(super) fn skipped(
    (index, entry): (usize, &Entry),
    reason: SkipReason,
    around: &Surroundings<'_>,
) -> InteractionResult {
    let already = entry.source.already.get(entry.position).cloned().flatten();
    let already = already.filter(|_| reason == SkipReason::AlreadyVerified);
    InteractionResult { skipped: Some(reason), already, ..blank(index, entry, around) }
}

/// The result of an entry that the run did not get to.
pub(super) fn unreached(
    (index, entry): (usize, &Entry),
    why: &str,
    around: &Surroundings<'_>,
) -> InteractionResult {
    let finding = Finding::new(Code::RunStopped, Place::Run, format!("not verified: {why}"));
    let replayed = Replayed::without_verdict(finding);
    let course = Course { attempts: 1, first_failure: None, duration_ms: 0 };
    result((index, entry), &replayed, course, None, around)
}

/// The verdict of a replay. A pending interaction never fails a run.
pub(super) fn verdict(replayed: &Replayed, pending: bool) -> Verdict {
    match &replayed.judgement {
        Ok(judgement) if judgement.judged.is_empty() => Verdict::Passed,
        Ok(_) | Err(_) if pending => Verdict::Pending,
        Ok(_) => Verdict::Failed,
        Err(_) => Verdict::Error,
    }
}

fn findings(entry: &Entry, replayed: &Replayed, same_as: Option<&Entry>) -> Vec<Finding> {
    let contract = entry.contract();
    let own = &entry.interaction().pointer;
    let theirs = same_as.map_or(own, |other| &other.interaction().pointer);
    match &replayed.judgement {
        Ok(judgement) => judgement
            .judged
            .iter()
            .map(|judged| {
                // The expectation stands at the same place in both interactions.
                let inside = judged.pointer.strip_prefix(theirs.as_str()).unwrap_or_default();
                judged.finding.clone().with_location(contract.location(&format!("{own}{inside}")))
            })
            .collect(),
        Err(problem) => vec![problem.as_ref().clone().with_location(contract.location(own))],
    }
}

fn blank(index: usize, entry: &Entry, around: &Surroundings<'_>) -> InteractionResult {
    let (contract, interaction) = (entry.contract(), entry.interaction());
    let kind = match interaction.exchange {
        Exchange::Http { .. } => Kind::Http,
        Exchange::Message(_) => Kind::Message,
        Exchange::SyncMessage { .. } => Kind::SyncMessage,
    };
    let state = |state: &crate::contract::ProviderState| State {
        name: state.name.clone(),
        params: state.params.clone(),
    };
    InteractionResult {
        index,
        key: entry.key.clone(),
        consumer: contract.consumer.clone(),
        consumer_version: entry.source.consumer_version.clone(),
        provider: contract.provider.clone(),
        description: interaction.description.clone(),
        states: interaction.states.iter().map(state).collect(),
        kind,
        location: contract.location(&interaction.pointer),
        recorded_by: interaction.comments.test_name.clone(),
        owner: around.owners.get(&contract.consumer).cloned(),
        pending: entry.is_pending(),
        waived: entry.source.waived.clone(),
        verdict: Verdict::Skipped,
        skipped: None,
        already: None,
        findings: Vec::new(),
        content: None,
        request: None,
        response: None,
        diff: Vec::new(),
        attempts: 1,
        flaky: false,
        first_failure: Vec::new(),
        same_as: None,
        second_opinion: None,
        duration_ms: 0,
    }
}
