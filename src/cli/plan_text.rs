//! The plan of a run as text, for `--dry-run`.

use std::fmt::Write as _;

use crate::finding::{Finding, Weight};
use crate::outcome::{Answer, SkipReason};
use crate::replay::{Action, Plan};
use crate::verification::Planned;

/// What would happen to every interaction, in order.
pub(crate) fn plan(Planned { plan, settled, .. }: &Planned, findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let at = finding.location.as_ref().map(|location| format!("{location}: ")).unwrap_or_default();
        let _ = writeln!(text, "{at}{}: {}", finding.code, finding.message);
        if let Some(help) = &finding.help {
            let _ = writeln!(text, "  help: {help}");
        }
    }
    for entry in &plan.entries {
        let interaction = entry.interaction();
        let states: Vec<&str> = interaction.states.iter().map(|state| state.name.as_str()).collect();
        let given = if states.is_empty() { String::new() } else { format!(" (given {})", states.join(", ")) };
        let (consumer, description) = (&entry.contract().consumer, &interaction.description);
        let _ =
            writeln!(text, "{:10} {} {consumer} > {description}{given}", word(plan, entry.action), entry.key);
    }
    for pact in settled {
        let version = pact.consumer_version.as_deref().unwrap_or_default();
        let _ = writeln!(text, "{:10} {} {version}: all {}", "verified", pact.consumer, pact.interactions);
    }
    let all = plan.entries.len() + settled.iter().map(|pact| pact.interactions).sum::<usize>();
    let _ = writeln!(text, "{} of {all} interactions would be verified", plan.selected());
    text
}

/// The answer to the question whether this plan could be carried out.
pub(crate) fn answer(Planned { plan, settled, .. }: &Planned, findings: &[Finding]) -> Answer {
    if findings.iter().any(|finding| finding.weight() == Weight::Defect) {
        Answer::AskedWrongly
    } else if plan.selected() + plan.already() + settled.len() == 0 {
        Answer::CouldNotFindOut
    } else {
        Answer::Yes
    }
}

fn word(plan: &Plan, action: Action) -> String {
    match action {
        Action::ReplayFreely => "any time".to_owned(),
        Action::ReplayInTurn => "in turn".to_owned(),
        Action::SameAs(first) => format!("= {}", plan.entries[first].key),
        Action::Skip(SkipReason::Filtered) => "filtered".to_owned(),
        Action::Skip(SkipReason::OtherPartition) => "other part".to_owned(),
        Action::Skip(SkipReason::NotFailedBefore) => "passed".to_owned(),
        Action::Skip(SkipReason::MaxFailures) => "left out".to_owned(),
        Action::Skip(SkipReason::AlreadyVerified) => "verified".to_owned(),
    }
}
