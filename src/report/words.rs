//! The words that every format uses: counts, labels, sentences about the whole run.

use std::collections::BTreeSet;

use super::excerpt::one_line;
use super::style::Meaning;
use crate::finding::{Code, Weight};
use crate::outcome::{Answer, Counts, InteractionResult, Report, SkipReason, State, Verdict, Waiver};

/// A number with its noun: `1 pact`, `2 pacts`, `3 mismatches`.
pub(super) fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ if noun.ends_with("ch") => format!("{number} {noun}es"),
        _ => format!("{number} {noun}s"),
    }
}

/// Milliseconds as seconds: `0.012s`.
pub(super) fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}s", milliseconds / 1000, milliseconds % 1000)
}

/// The word that stands for a result in a list, and what it means.
pub(super) fn label(result: &InteractionResult) -> (&'static str, Meaning) {
    match result.verdict {
        Verdict::Passed if result.flaky => ("FLAKY", Meaning::Warning),
        Verdict::Passed => ("PASS", Meaning::Passed),
        Verdict::Failed => ("FAIL", Meaning::Failed),
        Verdict::Error => ("ERROR", Meaning::Error),
        Verdict::Pending if result.waived.is_some() => ("WAIVE", Meaning::Pending),
        Verdict::Pending => ("PEND", Meaning::Pending),
        Verdict::Skipped => ("SKIP", Meaning::Faint),
    }
}

/// What was wrong before it passed, in one line.
pub(super) fn first_failure(result: &InteractionResult) -> Option<String> {
    let first = result.first_failure.first()?;
    Some(format!("[{}] {}", first.code, one_line(&first.message, 400)))
}

/// The verdict as the machine formats spell it.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::Error => "error",
        Verdict::Pending => "pending",
        Verdict::Skipped => "skipped",
    }
}

/// The name of a result: `support > create a FAQ (given an empty catalogue)`.
pub(super) fn title(result: &InteractionResult) -> String {
    format!("{} > {}", one_line(&result.consumer, 80), subject(result))
}

/// The name of a result among those of its consumer.
pub(super) fn subject(result: &InteractionResult) -> String {
    let description = one_line(&result.description, 160);
    if result.states.is_empty() {
        return description;
    }
    let names: Vec<_> = result.states.iter().map(|state| one_line(&state.name, 80)).collect();
    format!("{description} (given {})", one_line(&names.join(", "), 240))
}

/// A state with its parameters.
pub(super) fn state(state: &State) -> String {
    let name = one_line(&state.name, 80);
    match serde_json::to_string(&state.params) {
        Ok(params) if !state.params.is_empty() => format!("{name} {}", one_line(&params, 120)),
        _ => name,
    }
}

/// Until when a break is accepted, by whom and why.
pub(super) fn waived(Waiver { expires, owner, reason, .. }: &Waiver) -> String {
    format!("waived until {} by {}: {}", one_line(expires, 20), one_line(owner, 80), one_line(reason, 200))
}

/// Where the consumer's code is, when that is known.
pub(super) fn repository(result: &InteractionResult) -> Option<String> {
    result.owner.as_ref()?.repository.as_deref().map(|text| one_line(text, 200))
}

/// The team and how to reach it, as far as that is known.
pub(super) fn owner(result: &InteractionResult) -> Option<String> {
    let owner = result.owner.as_ref()?;
    let known = [&owner.team, &owner.contact].into_iter().flatten();
    let known: Vec<_> = known.map(|text| one_line(text, 120)).collect();
    (!known.is_empty()).then(|| known.join(", "))
}

/// The consumer with its version and the test that recorded the interaction.
pub(super) fn consumer(result: &InteractionResult) -> String {
    let mut text = one_line(&result.consumer, 80);
    if let Some(version) = &result.consumer_version {
        text = format!("{text} {}", one_line(version, 80));
    }
    if let Some(test) = &result.recorded_by {
        text = format!("{text}, recorded by {}", one_line(test, 160));
    }
    text
}

/// Why so many interactions were left out.
pub(super) fn because(reason: SkipReason, number: usize) -> &'static str {
    let (one, several) = match reason {
        SkipReason::Filtered => ("a filter left it out", "a filter left them out"),
        SkipReason::OtherPartition => ("it is in another partition", "they are in another partition"),
        SkipReason::NotFailedBefore => ("it did not fail last time", "they did not fail last time"),
        SkipReason::MaxFailures => ("the limit of failures was reached", "the limit of failures was reached"),
        SkipReason::AlreadyVerified => ("it is already verified", "they are already verified"),
    };
    if number == 1 { one } else { several }
}

/// How much of what there was has been verified, in one sentence without a final period.
pub(super) fn verified(report: &Report) -> String {
    let counts = &report.counts;
    let total = count(counts.interactions, "interaction");
    let pacts = count(report.run.pacts.len(), "pact");
    let head = format!("Verified {} of {total} in {pacts}", counts.verified);
    if report.skipped.is_empty() {
        return head;
    }
    let reason = |(reason, number): &(SkipReason, usize)| match report.skipped.len() {
        1 => because(*reason, *number).to_owned(),
        _ => format!("{} ({number})", because(*reason, *number)),
    };
    let reasons: Vec<_> = report.skipped.iter().map(reason).collect();
    format!("{head}; skipped {} because {}", counts.skipped, reasons.join(", "))
}

/// How often the reference verifier agreed, when it was asked.
pub(super) fn opinions(report: &Report) -> Option<String> {
    let asked = || report.interactions.iter().filter_map(|result| result.second_opinion.as_ref());
    let total = asked().count();
    if total == 0 {
        return None;
    }
    let agree = asked().filter(|second| second.agrees).count();
    let explained = asked().filter(|second| second.differs() && second.explained_by.is_some()).count();
    let unasked: Vec<&str> = asked().filter_map(|second| second.not_asked.as_deref()).collect();
    let reasons: BTreeSet<&str> = unasked.iter().copied().collect();
    let reasons: Vec<&str> = reasons.into_iter().collect();
    let not_asked = match unasked.len() {
        0 => String::new(),
        number => format!("; not asked about {number}: {}", reasons.join(", ")),
    };
    let head = format!(
        "Second opinion: the reference verifier agrees on {agree} of {}{not_asked}",
        count(total, "interaction")
    );
    let differ = |number: usize| format!("{number} {}", if number == 1 { "differs" } else { "differ" });
    Some(match (explained, report.counts.disagreements) {
        (0, 0) => head,
        (explained, 0) => format!("{head}; {} for a documented reason", differ(explained)),
        (0, open) => format!("{head}; {} for no known reason", differ(open)),
        (explained, open) => {
            format!("{head}; {} for a documented reason, {open} for no known one", differ(explained))
        }
    })
}

/// How the verdicts are distributed; what did not occur is left out.
pub(super) fn tally(counts: &Counts) -> String {
    let passed = match counts.flaky {
        0 => format!("{} passed", counts.passed),
        flaky => format!("{} passed ({flaky} flaky)", counts.passed),
    };
    let others = [
        (counts.failed, format!("{} failed", counts.failed)),
        (counts.errors, count(counts.errors, "error")),
        (counts.pending - counts.waived, format!("{} pending", counts.pending - counts.waived)),
        (counts.waived, format!("{} waived", counts.waived)),
        (counts.skipped, format!("{} skipped", counts.skipped)),
        (counts.disagreements, count(counts.disagreements, "disagreement")),
    ];
    let others = others.into_iter().filter(|(number, _)| *number > 0).map(|(_, text)| text);
    std::iter::once(passed).chain(others).collect::<Vec<_>>().join(", ")
}

/// The answer of the run as the machine formats spell it.
pub(super) fn answer_word(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::AskedWrongly => "asked-wrongly",
        Answer::CouldNotFindOut => "could-not-find-out",
    }
}

/// The answer of the run in one sentence without a final period.
pub(super) fn answer(report: &Report) -> String {
    let weighing = |weight| report.findings.iter().filter(|finding| finding.weight() == weight).count();
    let provider = one_line(&report.run.provider, 80);
    match report.answer {
        Answer::Yes if report.counts.passed + report.counts.already == 0 => {
            format!("yes, nothing that {provider} has to keep yet was looked at")
        }
        Answer::Yes if report.counts.skipped > report.counts.already => {
            let part = report.counts.verified + report.counts.already;
            let all = report.counts.interactions;
            format!("yes, {provider} keeps the {part} of {all} interactions that were asked for")
        }
        Answer::Yes => format!("yes, {provider} keeps its contracts"),
        Answer::No if report.counts.failed == 0 => format!("no, {provider} breaks a contract"),
        Answer::No => {
            let only_contradicts = |one: &&InteractionResult| {
                one.verdict == Verdict::Failed
                    && one.findings.iter().all(|finding| finding.code == Code::SpecificationContradicted)
            };
            // The provider keeps these contracts, whatever its specification says.
            let contradicting = report.interactions.iter().filter(only_contradicts).count();
            let broken = count(report.counts.failed.saturating_sub(contradicting), "interaction");
            match contradicting {
                0 => format!("no, {provider} breaks {broken}"),
                1 if report.counts.failed == 1 => "no, 1 interaction is not as specified".to_owned(),
                all if all == report.counts.failed => {
                    format!("no, {} are not as specified", count(all, "interaction"))
                }
                some => format!("no, {provider} breaks {broken}, and what is not as specified: {some} more"),
            }
        }
        Answer::AskedWrongly => match weighing(Weight::Defect) {
            0 => "asked wrongly, warnings count as defects in a strict run".to_owned(),
            defects => format!("asked wrongly, the pacts have {}", count(defects, "defect")),
        },
        Answer::CouldNotFindOut => format!("could not find out, {}", unknown(report)),
    }
}

fn unknown(report: &Report) -> String {
    let counts = &report.counts;
    if counts.disagreements > 0 {
        return format!(
            "{} with the reference verifier",
            count(counts.disagreements, "unexplained disagreement")
        );
    }
    if counts.verified + counts.already == 0 {
        return "nothing was verified".to_owned();
    }
    if counts.errors > 0 {
        return format!("{} could not be verified", count(counts.errors, "interaction"));
    }
    "the run is not complete".to_owned()
}

/// The words that run again what did not hold.
pub(super) fn rerun(report: &Report) -> Option<String> {
    let counts = &report.counts;
    let is_command = report.run.again.is_none();
    (is_command && counts.failed + counts.errors > 0).then(|| format!("{} --last-failed", report.run.command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_everything_else_plural() {
        let counted: Vec<_> = (0..3).map(|number| count(number, "pact")).collect();
        assert_eq!(counted, ["0 pacts", "1 pact", "2 pacts"]);
        assert_eq!(count(2, "mismatch"), "2 mismatches");
    }

    #[test]
    fn times_are_seconds() {
        assert_eq!(seconds(12), "0.012s");
        assert_eq!(seconds(83_200), "83.200s");
    }
}
