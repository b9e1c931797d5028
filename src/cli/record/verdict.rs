//! Whether what has happened may become a pact. Pure.

use std::fmt::Write as _;
use std::process::ExitStatus;

use super::files::Job;
use crate::mock::{Record, explained};

/// Every reason to write nothing, as a text; empty when there is none.
pub(super) fn problems(ended: ExitStatus, jobs: &[Job], records: &[Record]) -> String {
    let mut text = String::new();
    for (job, record) in jobs.iter().zip(records) {
        for miss in &record.misses {
            let _ = writeln!(text, "{}: {}", job.provider(), explained(miss));
        }
    }
    let mut reasons = Vec::new();
    if !ended.success() {
        reasons.push(format!("the command failed: {ended}"));
    }
    for (job, record) in jobs.iter().zip(records) {
        let (provider, misses) = (job.provider(), record.misses.len());
        if misses > 0 {
            let requests = if misses == 1 { "1 request".to_owned() } else { format!("{misses} requests") };
            reasons.push(format!("{provider} was asked for what is not expected: {requests}"));
        }
        let contract = &job.recording.contract;
        for one in &record.unanswered {
            let place = job.recording.place(&one.expectation.interaction().pointer);
            reasons.push(format!("{place}: {one}"));
        }
        let is_unanswered =
            |position: usize| record.unanswered.iter().any(|one| one.expectation.position == position);
        for (_, position) in record.unused(&[contract.clone().into()]) {
            if is_unanswered(position) {
                continue;
            }
            let interaction = &contract.interactions[position];
            let place = job.recording.place(&interaction.pointer);
            reasons.push(format!("{place}: \"{}\" was not used", interaction.description));
        }
    }
    if reasons.is_empty() {
        return String::new();
    }
    text.push_str("nothing was recorded\n");
    for reason in reasons {
        let _ = writeln!(text, "  {reason}");
    }
    text
}
