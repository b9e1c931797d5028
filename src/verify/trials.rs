//! Each interaction as a test case of its own.
//!
//! nextest runs each case in a process of its own, which then verifies exactly that interaction.
//! In one process, the first case verifies all that the arguments ask for in one run, and every
//! case takes its verdict from it.

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
    /// What was wrong before anything was replayed, which a case of its own tells.
    known: Vec<Finding>,
    /// What came of it, or why it could not be tried.
    report: OnceLock<Result<Report, String>>,
}

/// Each interaction as a test case of its own, with the feature `trials`.
impl Verifier {
    /// Verifies each interaction as a test case of its own, from the `main` of a test with
    /// `harness = false`; understands the arguments of `cargo test` and nextest.
    ///
    /// ```no_run
    /// use pactwright::verify::Verifier;
    ///
    /// fn main() -> std::process::ExitCode {
    ///     Verifier::of("faq").pacts("pacts").start("target/debug/faq --port {port}").run_tests()
    /// }
    /// ```
    ///
    /// [`examples/faq/cases.rs`](https://docs.rs/crate/pactwright/latest/source/examples/faq/cases.rs)
    /// is a whole one, beside a router in the same process.
    ///
    /// In one process, the cases that the arguments ask for are verified in one run, and the
    /// provider is started once; what goes wrong beside the interactions, such as a state that cannot be
    /// torn down, fails each of them. A case of a pending interaction that does not hold is shown as
    /// ignored.
    #[must_use]
    pub fn run_tests(self) -> ExitCode {
        run(self)
    }
}

/// Runs the test cases that the process's arguments ask for.
fn run(verifier: Verifier) -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match trials(verifier, &arguments) {
        Ok(trials) => trials,
        // What cannot be listed must not look like a suite without tests.
        Err(error) => vec![failed(error.in_full())],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials(verifier: Verifier, arguments: &Arguments) -> Result<Vec<Trial>, VerifierError> {
    if verifier.shared.as_ref().is_some_and(|pacts| pacts.publish) {
        // Each case may have a process of its own, and a part that passes is no pass.
        return Err(VerifierError::Shared(
            "results are published by `verify`, not by `run_tests`".to_owned(),
        ));
    }
    let prepared = verifier.prepare(&verifier.selecting.selection()?, AGAIN)?;
    let problems: Vec<String> = prepared
        .planned
        .findings
        .iter()
        .filter(|finding| is_problem(finding, verifier.strict))
        .map(said)
        .collect();
    let keys = wanted(&prepared.planned.plan, arguments);
    let known = prepared.planned.findings.clone();
    let shared = Arc::new(Shared { verifier, keys, known, report: OnceLock::new() });
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
            outcome.map(|outcome| outcome.report).map_err(|error| error.in_full())
        });
        report.as_ref().map_err(Failed::from)
    }
}

/// What came of one interaction.
fn verdict(shared: &Shared, key: &str) -> Result<Completion, Failed> {
    let report = shared.report()?;
    let result = report.interactions.iter().find(|result| result.key == key);
    let result = result.ok_or("the interaction is not in the report")?;
    let is_strict = shared.verifier.strict;
    // A provider that died, or could not be cleaned up after, makes each pass of its run doubtful.
    let of_run = report.findings.iter().filter(|finding| !shared.known.contains(finding));
    let has_problem = result.findings.iter().chain(of_run).any(|finding| is_problem(finding, is_strict));
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
    Ok(format!("{noted}{}", String::from_utf8_lossy(&text).trim_end()))
}

fn is_problem(finding: &Finding, strict: bool) -> bool {
    strict || finding.weight() != Weight::Warning
}

fn name_of(entry: &Entry) -> String {
    let interaction = entry.interaction();
    let states: Vec<&str> = interaction.states.iter().map(|state| state.name.as_str()).collect();
    let given = if states.is_empty() { String::new() } else { format!(" (given {})", states.join(", ")) };
    let name = format!("{} > {}{given} [{}]", entry.contract().consumer, interaction.description, entry.key);
    // A list of cases has one line for each.
    name.split_whitespace().collect::<Vec<_>>().join(" ")
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

#[cfg(test)]
mod tests {
    use libtest_mimic::Conclusion;
    use serde_json::json;

    use super::*;

    fn interaction(path: &str, state: &[&str], pending: bool) -> serde_json::Value {
        json!({
            "type": "Synchronous/HTTP",
            "description": format!("get {path}\n at once"),
            "providerStates": state.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
            "pending": pending,
            "request": { "method": "GET", "path": path },
            "response": { "status": 200 },
        })
    }

    /// Runs the cases of a pact with these interactions, against a provider on a port of its own that
    /// has `/good` and nothing else.
    fn concluded(
        interactions: &[serde_json::Value],
        arguments: &[&str],
        set_up: impl FnOnce(Verifier) -> Verifier,
    ) -> Conclusion {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("it has an address");
        let faq = axum::Router::new().route("/good", axum::routing::get(|| async { "" }));
        runtime.spawn(async { axum::serve(listener, faq).await });
        let pact = json!({
            "consumer": { "name": "web" },
            "provider": { "name": "faq" },
            "interactions": interactions,
            "metadata": { "pactSpecification": { "version": "4.0" } },
            "unknown": true,
        });
        let pacts = tempfile::tempdir().expect("a directory");
        std::fs::write(pacts.path().join("web-faq.json"), pact.to_string()).expect("a file");
        let verifier = Verifier::of("faq").pacts(pacts.path()).at(format!("http://{address}"));
        let arguments = Arguments::from_iter([&["test", "--test-threads=1"], arguments].concat());
        let trials = trials(set_up(verifier), &arguments).expect("the pacts can be listed");
        libtest_mimic::run(&arguments, trials)
    }

    /// The cases of an interaction that the provider keeps, one that it breaks, a pending one that it
    /// breaks and one whose state panics.
    fn of_all_kinds(strict: bool, arguments: &[&str]) -> Conclusion {
        let interactions = [
            interaction("/good", &[], false),
            interaction("/bad", &[], false),
            interaction("/coming", &[], true),
            interaction("/good", &["a panic"], false),
        ];
        concluded(&interactions, arguments, |verifier| {
            let verifier = verifier.state("a panic", |_| async { panic!("a closure of the test") });
            if strict { verifier.strict() } else { verifier }
        })
    }

    fn counts(conclusion: &Conclusion) -> (u64, u64, u64, u64) {
        let Conclusion { num_passed, num_failed, num_ignored, num_filtered_out, .. } = conclusion;
        (*num_passed, *num_failed, *num_ignored, *num_filtered_out)
    }

    #[test]
    fn every_interaction_is_a_case_and_a_pending_one_never_fails() {
        assert_eq!(counts(&of_all_kinds(false, &[])), (1, 2, 1, 0));
    }

    #[test]
    fn pitfall_29_a_state_that_cannot_be_torn_down_fails_the_cases_of_its_run() {
        let ends = |teardown: Result<(), &'static str>| {
            let interactions = [interaction("/good", &["a FAQ"], false)];
            let conclusion = concluded(&interactions, &[], |verifier| {
                verifier.teardown().state("a FAQ", move |change| async move {
                    if change.action == crate::replay::StateAction::Teardown {
                        teardown?;
                    }
                    Ok(serde_json::Map::new())
                })
            });
            counts(&conclusion)
        };
        assert_eq!(ends(Ok(())), (1, 0, 0, 0));
        assert_eq!(ends(Err("the FAQ stays")), (0, 1, 0, 0));
    }

    #[test]
    fn the_arguments_choose_the_cases() {
        assert_eq!(counts(&of_all_kinds(false, &["get /good at once ["])), (1, 0, 0, 3));
        assert_eq!(counts(&of_all_kinds(false, &["--skip", "/good"])), (0, 1, 1, 2));
        assert_eq!(counts(&of_all_kinds(false, &["--exact", "get /good"])), (0, 0, 0, 4));
    }

    #[test]
    fn what_a_strict_reader_refuses_is_a_case_that_fails() {
        let conclusion = of_all_kinds(true, &["the pacts"]);
        assert_eq!(counts(&conclusion), (0, 1, 0, 4));
    }

    #[test]
    fn pacts_that_cannot_be_found_are_no_suite_without_cases() {
        let error = trials(Verifier::of("faq").pacts("/nowhere"), &Arguments::default()).err();
        let error = error.map(|error| error.in_full()).unwrap_or_default();
        assert_eq!(error, "the pacts could not be found: there is no file or directory `/nowhere`");
    }
}
