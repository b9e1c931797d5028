//! Each interaction as a test case of its own.
//!
//! nextest runs each case in a process of its own, which then verifies exactly that interaction.
//! In one process, the first case verifies all that the arguments ask for in one run, and every
//! case takes its verdict from it.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use super::error::VerifierError;
use super::verifier::Verifier;
use crate::finding::{Finding, Weight};
use crate::outcome::{InteractionResult, Report, Verdict};
use crate::replay::{Action, Entry, Plan, Selection, Stop};
use crate::report;

/// The case that stands for the pacts themselves.
const PACTS: &str = "the pacts";

/// How one case is run again: its name ends with the key.
const AGAIN: &str = "cargo test {key}";

/// The one run of this process, shared by its cases.
struct Shared {
    verifier: Verifier,
    /// The interactions that the arguments ask for.
    keys: Vec<String>,
    /// What came of it, or why it could not be tried.
    report: OnceLock<Result<Report, String>>,
}

/// Runs the test cases that the process's arguments ask for.
pub(super) fn run(verifier: Verifier) -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match trials(verifier, &arguments) {
        Ok(trials) => trials,
        // What cannot be listed must not look like a suite without tests.
        Err(error) => vec![failed(text_of(&error))],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials(verifier: Verifier, arguments: &Arguments) -> Result<Vec<Trial>, VerifierError> {
    let prepared = verifier.prepare(&verifier.selecting.selection()?, AGAIN)?;
    let problems: Vec<String> = prepared
        .planned
        .findings
        .iter()
        .filter(|finding| is_problem(finding, verifier.is_strict()))
        .map(said)
        .collect();
    let keys = wanted(&prepared.planned.plan, arguments);
    let shared = Arc::new(Shared { verifier, keys, report: OnceLock::new() });
    let mut trials: Vec<Trial> = Vec::new();
    if !problems.is_empty() {
        trials.push(failed(problems.join("\n")));
    }
    for entry in selected(&prepared.planned.plan) {
        let (shared, key) = (Arc::clone(&shared), entry.key.clone());
        trials.push(Trial::ignorable_test(name_of(entry), move || verdict(&shared, &key)));
    }
    Ok(trials)
}

fn selected(plan: &Plan) -> impl Iterator<Item = &Entry> {
    plan.entries.iter().filter(|entry| !matches!(entry.action, Action::Skip(_)))
}

/// The keys of the interactions whose cases are going to run.
fn wanted(plan: &Plan, arguments: &Arguments) -> Vec<String> {
    let is_wanted = |entry: &&Entry| {
        let trial = Trial::test(name_of(entry), || Ok(()));
        !arguments.is_filtered_out(&trial) && !arguments.is_ignored(&trial)
    };
    selected(plan).filter(is_wanted).map(|entry| entry.key.clone()).collect()
}

impl Shared {
    fn report(&self) -> Result<&Report, Failed> {
        let report = self.report.get_or_init(|| {
            let selection = Selection { keys: self.keys.clone(), ..Selection::default() };
            let prepared = self.verifier.prepare(&selection, AGAIN);
            let outcome = prepared.and_then(|prepared| prepared.run(&Stop::new()));
            outcome.map(|outcome| outcome.report).map_err(|error| text_of(&error))
        });
        report.as_ref().map_err(Failed::from)
    }
}

/// What came of one interaction.
fn verdict(shared: &Shared, key: &str) -> Result<Completion, Failed> {
    let report = shared.report()?;
    let result = report.interactions.iter().find(|result| result.key == key);
    let result = result.ok_or("the interaction is not in the report")?;
    let is_strict = shared.verifier.is_strict();
    let has_problem = result.findings.iter().any(|finding| is_problem(finding, is_strict));
    match result.verdict {
        Verdict::Passed if !has_problem && !result.is_disputed() => Ok(Completion::Completed),
        Verdict::Pending => Ok(Completion::ignored_with(pending(result))),
        Verdict::Passed | Verdict::Failed | Verdict::Error | Verdict::Skipped => {
            Err(explained(report, result)?.into())
        }
    }
}

fn pending(result: &InteractionResult) -> String {
    let first = result.findings.first().map(|finding| finding.message.as_str());
    format!("pending, and does not hold: {}", first.unwrap_or("no reason is known"))
}

fn explained(report: &Report, result: &InteractionResult) -> Result<String, Failed> {
    let mut text = Vec::new();
    report::write_failure(&report.run, result, report::Colour::Never, &mut text)?;
    let noted: Vec<String> = report.findings.iter().map(said).collect();
    let noted = if noted.is_empty() { String::new() } else { format!("{}\n\n", noted.join("\n")) };
    Ok(format!("{noted}{}", String::from_utf8_lossy(&text)))
}

fn is_problem(finding: &Finding, strict: bool) -> bool {
    strict || finding.weight() != Weight::Warning
}

fn name_of(entry: &Entry) -> String {
    let interaction = entry.interaction();
    let states: Vec<&str> = interaction.states.iter().map(|state| state.name.as_str()).collect();
    let given = if states.is_empty() { String::new() } else { format!(" (given {})", states.join(", ")) };
    format!("{} > {}{given} [{}]", entry.contract().consumer, interaction.description, entry.key)
}

fn failed(why: String) -> Trial {
    Trial::test(PACTS, move || Err(why.into()))
}

fn said(finding: &Finding) -> String {
    let help = finding.help.as_ref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
    match &finding.location {
        Some(location) => format!("{location}: {}: {}{help}", finding.code, finding.message),
        None => format!("{}: {}{help}", finding.code, finding.message),
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
