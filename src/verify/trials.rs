//! Each interaction as a test case of its own.
//!
//! A case verifies exactly its interaction, so that nextest can run each in a process of its own.
//! In one process the cases take turns: they share the provider and its state.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};

use super::verifier::{Verifier, VerifierError, carry_out};
use crate::finding::{Finding, Weight};
use crate::outcome::{Answer, Verdict};
use crate::replay::{Entry, Selection};
use crate::report;

/// Runs the test cases that the process's arguments ask for.
pub(super) fn run(verifier: &Verifier) -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match trials(verifier) {
        Ok(trials) => trials,
        // What cannot be listed must not look like a suite without tests.
        Err(error) => vec![failed("pacts", text_of(&error))],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials(verifier: &Verifier) -> Result<Vec<Trial>, VerifierError> {
    let (job, _, findings) = verifier.prepare(&Selection::default())?;
    let turn = Arc::new(Mutex::new(()));
    let mut trials: Vec<Trial> = findings
        .iter()
        .filter(|finding| finding.weight() != Weight::Warning)
        .map(|finding| failed("pacts", said(finding)))
        .collect();
    for entry in &job.plan.entries {
        let (verifier, turn, key) = (verifier.clone(), Arc::clone(&turn), entry.key.clone());
        let case = move || {
            // A case that failed says nothing about the next one.
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            verify_one(&verifier, key)
        };
        trials.push(Trial::test(name_of(entry), case));
    }
    Ok(trials)
}

fn verify_one(verifier: &Verifier, key: String) -> Result<(), Failed> {
    let selection = Selection { keys: vec![key], ..Selection::default() };
    let (job, options, _) = verifier.prepare(&selection).map_err(|error| text_of(&error))?;
    let report = carry_out(job, options, &[]).map_err(|error| text_of(&error))?;
    if report.answer == Answer::Yes {
        return Ok(());
    }
    let mut text = Vec::new();
    for result in report.interactions.iter().filter(|result| result.verdict != Verdict::Skipped) {
        report::write_failure(&report.run, result, report::Colour::Never, &mut text)?;
    }
    let findings: Vec<String> = report.findings.iter().map(said).collect();
    Err(format!("{}{}", findings.join("\n"), String::from_utf8_lossy(&text)).into())
}

fn name_of(entry: &Entry) -> String {
    let interaction = entry.interaction();
    let states: Vec<&str> = interaction.states.iter().map(|state| state.name.as_str()).collect();
    let given = if states.is_empty() { String::new() } else { format!(" (given {})", states.join(", ")) };
    format!("{} > {}{given} [{}]", entry.contract.consumer, interaction.description, entry.key)
}

fn failed(name: &str, why: String) -> Trial {
    Trial::test(name, move || Err(why.into()))
}

fn said(finding: &Finding) -> String {
    match &finding.location {
        Some(location) => format!("{location}: {}: {}", finding.code, finding.message),
        None => format!("{}: {}", finding.code, finding.message),
    }
}

fn text_of(error: &VerifierError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}
