//! From what happened to what is known: the report is a fold over events.
//!
//! Pure, so a stored log gives the report that the live run gave. A log that stops early, and a run
//! that verified nothing, get a finding that says so; neither can end in a yes.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::words;
use crate::event::Event;
use crate::finding::{Code, Finding, Place, Weight};
use crate::outcome::{Answer, Counts, InteractionResult, Report, RunInfo, SCHEMA_VERSION, SkipReason};

/// Makes the report of a run from its events.
#[must_use]
pub fn fold(events: impl IntoIterator<Item = Event>) -> Report {
    let mut run = None;
    let mut findings = Vec::new();
    let mut results = Vec::new();
    let mut ended = None;
    for event in events {
        match event {
            Event::RunStarted(info) => run = Some(info),
            Event::Noted(finding) => findings.push(finding),
            Event::InteractionFinished(result) => results.push(in_order(result)),
            Event::RunFinished { duration_ms, judged } => ended = Some((duration_ms, judged)),
            Event::ProviderBuilding { .. }
            | Event::ProviderStarting { .. }
            | Event::ProviderSaid { .. }
            | Event::ProviderReady { .. }
            | Event::InteractionStarted { .. } => {}
        }
    }
    results.sort_by_key(|result| result.index);
    let run = run.unwrap_or_else(unknown_run);
    findings.extend(missing_verdicts(&run, &results));
    if ended.is_none() {
        let message = "the record of this run stops before the run was over";
        findings.push(Finding::new(Code::RunStopped, Place::Run, message));
    }
    let counts = Counts::of_run(&results, &run.pacts);
    findings.extend(nothing_verified(&counts, &results, &findings));
    findings.sort_by(compare_in_run);
    let sum = || results.iter().map(|result| result.duration_ms).sum();
    Report {
        answer: answer(&run, &counts, &results, &findings),
        skipped: skip_reasons(&run, &results),
        counts,
        duration_ms: ended.map_or_else(sum, |(duration_ms, _)| duration_ms),
        judged: ended.map(|(_, judged)| judged).unwrap_or_default(),
        run,
        findings,
        interactions: results,
    }
}

/// Adds to a finished report what went wrong behind the last interaction.
pub fn note(report: &mut Report, finding: Finding) {
    report.findings.push(finding);
    report.findings.sort_by(compare_in_run);
    report.answer = answer(&report.run, &report.counts, &report.interactions, &report.findings);
}

fn in_order(mut result: InteractionResult) -> InteractionResult {
    result.findings.sort_by(compare_in_interaction);
    result
}

/// Causes before what follows from them, then by place, then by path as people count.
fn compare_in_interaction(a: &Finding, b: &Finding) -> Ordering {
    let outer = (a.derived, a.place).cmp(&(b.derived, b.place));
    outer
        .then_with(|| natural(&a.path).cmp(&natural(&b.path)))
        .then_with(|| (a.code, &a.message).cmp(&(b.code, &b.message)))
}

/// What weighs most first, then by file and line.
fn compare_in_run(a: &Finding, b: &Finding) -> Ordering {
    let position = |finding: &Finding| finding.location.clone().map(|at| (at.file, at.line, at.column));
    let outer = b.weight().cmp(&a.weight()).then_with(|| position(a).cmp(&position(b)));
    outer.then_with(|| compare_in_interaction(a, b))
}

/// A key under which `$.items[2]` comes before `$.items[10]`.
fn natural(path: &str) -> Vec<(u64, &str)> {
    let mut parts = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let digits = rest[text..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - text);
        parts.push((0, &rest[..text]));
        parts.push((rest[text..text + digits].parse().unwrap_or(0), ""));
        rest = &rest[text + digits..];
    }
    parts
}

/// What was planned and has no verdict, however the log ends.
fn missing_verdicts(run: &RunInfo, results: &[InteractionResult]) -> Option<Finding> {
    let was_planned =
        |result: &&InteractionResult| matches!(result.skipped, None | Some(SkipReason::MaxFailures));
    let known: BTreeSet<_> = results.iter().filter(was_planned).map(|result| result.index).collect();
    let missing = run.planned.checked_sub(known.len()).filter(|missing| *missing > 0)?;
    let planned = words::count(run.planned, "planned interaction");
    let message = format!("{missing} of {planned} never got a verdict");
    Some(Finding::new(Code::RunStopped, Place::Run, message))
}

/// A run that verified nothing has to say so, unless something already says why.
fn nothing_verified(counts: &Counts, results: &[InteractionResult], findings: &[Finding]) -> Option<Finding> {
    let explains = |finding: &Finding| finding.weight() > Weight::Warning;
    let explained =
        findings.iter().any(explains) || results.iter().any(|result| result.findings.iter().any(explains));
    if explained || counts.verified + counts.already > 0 {
        return None;
    }
    let message = if results.is_empty() {
        "there was no interaction to verify".to_owned()
    } else {
        format!("none of {} was verified", words::count(results.len(), "interaction"))
    };
    Some(Finding::new(Code::NothingVerified, Place::Run, message))
}

fn answer(run: &RunInfo, counts: &Counts, results: &[InteractionResult], findings: &[Finding]) -> Answer {
    let all = || findings.iter().chain(results.iter().flat_map(|result| &result.findings));
    match Answer::of(counts, findings) {
        Answer::Yes if run.strict && all().any(|finding| finding.weight() == Weight::Warning) => {
            Answer::AskedWrongly
        }
        answer => answer,
    }
}

fn skip_reasons(run: &RunInfo, results: &[InteractionResult]) -> Vec<(SkipReason, usize)> {
    let mut reasons = BTreeMap::new();
    for pact in run.pacts.iter().filter(|pact| pact.already.is_some() && pact.interactions > 0) {
        *reasons.entry(SkipReason::AlreadyVerified).or_insert(0) += pact.interactions;
    }
    for reason in results.iter().filter_map(|result| result.skipped) {
        *reasons.entry(reason).or_insert(0) += 1;
    }
    reasons.into_iter().collect()
}

/// Stands in when the log does not say what the run was about.
fn unknown_run() -> RunInfo {
    RunInfo {
        schema_version: SCHEMA_VERSION,
        tool_version: String::new(),
        provider: "unknown".to_owned(),
        started_at: String::new(),
        shared: None,
        pacts: Vec::new(),
        planned: 0,
        command: "pactwright verify".to_owned(),
        again: None,
        strict: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::jsonl;

    fn sample() -> Vec<Event> {
        jsonl::read(include_str!("../../tests/fixtures/report/sample.jsonl")).expect("the sample can be read")
    }

    fn passing() -> Vec<Event> {
        let passed = |event: &Event| match event {
            Event::InteractionFinished(result) => result.index == 0,
            Event::RunStarted(_) | Event::RunFinished { .. } => true,
            _ => false,
        };
        let mut events: Vec<_> = sample().into_iter().filter(passed).collect();
        if let Some(Event::RunStarted(run)) = events.first_mut() {
            run.planned = 1;
        }
        events
    }

    fn codes(report: &Report) -> Vec<Code> {
        report.findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn a_complete_run_in_which_everything_holds_is_a_yes() {
        let report = fold(passing());
        assert_eq!((report.answer, codes(&report)), (Answer::Yes, vec![]));
    }

    #[test]
    fn a_log_that_stops_is_never_a_yes_wherever_it_stops() {
        let events = passing();
        for length in 0..events.len() {
            let report = fold(events[..length].to_vec());
            assert_eq!(report.answer, Answer::CouldNotFindOut, "after {length} events");
            assert!(codes(&report).contains(&Code::RunStopped), "after {length} events");
        }
        assert_eq!(fold(sample().into_iter().take(20)).answer, Answer::No, "a failure is known already");
    }

    #[test]
    fn a_planned_interaction_without_a_verdict_is_never_a_yes() {
        let mut events = passing();
        if let Some(Event::RunStarted(run)) = events.first_mut() {
            run.planned = 2;
        }
        let report = fold(events);
        assert_eq!(report.answer, Answer::CouldNotFindOut);
        assert_eq!(report.findings[0].message, "1 of 2 planned interactions never got a verdict");
    }

    #[test]
    fn a_run_that_skipped_everything_verified_nothing() {
        let mut events = passing();
        for event in &mut events {
            match event {
                Event::RunStarted(run) => run.planned = 0,
                Event::InteractionFinished(result) => {
                    result.verdict = crate::outcome::Verdict::Skipped;
                    result.skipped = Some(SkipReason::Filtered);
                }
                _ => {}
            }
        }
        let report = fold(events);
        assert_eq!((report.answer, codes(&report)), (Answer::CouldNotFindOut, vec![Code::NothingVerified]));
        assert_eq!(report.skipped, [(SkipReason::Filtered, 1)]);
    }

    #[test]
    fn a_strict_run_with_warnings_is_no_yes() {
        let mut events = passing();
        let warning = Finding::new(Code::UnknownKey, Place::Pact, "`x` is not known");
        events.insert(1, Event::Noted(warning));
        assert_eq!(fold(events.clone()).answer, Answer::Yes);
        if let Some(Event::RunStarted(run)) = events.first_mut() {
            run.strict = true;
        }
        assert_eq!(fold(events).answer, Answer::AskedWrongly);
    }

    #[test]
    fn paths_are_ordered_as_people_count() {
        let mut paths = ["$.items[10]", "$.items[2].a", "$", "$.a", "$.items[2]"];
        paths.sort_by_key(|path| natural(path));
        assert_eq!(paths, ["$", "$.a", "$.items[2]", "$.items[2].a", "$.items[10]"]);
    }
}
