//! The report for continuous integration servers.
//!
//! One suite for each consumer and one case for each interaction. A broken contract is a *failure*;
//! what could not be found out is an *error*. What belongs to no interaction is an error in a suite of
//! its own, so that a run whose answer is not yes never looks like an empty success.

use std::io;
use std::io::Write;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestRerun, TestSuite};

use super::block;
use super::shared;
use super::style::Colour;
use super::words;
use crate::finding::{Finding, Weight};
use crate::outcome::{Answer, InteractionResult, PactInfo, Report, RunInfo, Verdict};

/// Writes the report as JUnit XML.
///
/// # Errors
/// What the writer answers.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut document = quick_junit::Report::new("pactwright");
    document.timestamp = report.run.started_at.parse().ok();
    document.set_time(Duration::from_millis(report.duration_ms));
    for suite in suites(report) {
        document.add_test_suite(suite);
    }
    if report.answer != Answer::Yes && document.failures + document.errors == 0 {
        document.add_test_suite(answer_suite(report));
    }
    let mut bytes = Vec::new();
    document.serialize(&mut bytes).map_err(io::Error::other)?;
    // Written here, so that a reader who has gone away is seen as that.
    out.write_all(&bytes)
}

fn suites(report: &Report) -> Vec<TestSuite> {
    let mut suites: Vec<TestSuite> = Vec::new();
    let run_cases: Vec<_> = report.findings.iter().filter_map(run_case).collect();
    if !run_cases.is_empty() {
        suites.push(suite("pactwright", report, run_cases));
    }
    let settled = report.run.pacts.iter().filter(|pact| pact.already.is_some());
    let mut consumers: Vec<&str> = settled.map(|pact| pact.consumer.as_str()).collect();
    consumers.extend(report.interactions.iter().map(|result| result.consumer.as_str()));
    consumers.sort_unstable();
    consumers.dedup();
    for consumer in consumers {
        let results = report.interactions.iter().filter(|result| result.consumer == consumer);
        let cases = results.map(|result| case(&report.run, result));
        let own = report.run.pacts.iter().filter(|pact| pact.consumer == consumer);
        let mut suite = suite(consumer, report, cases.chain(own.clone().filter_map(settled_case)).collect());
        let chosen = own.filter(|pact| !pact.why.is_empty());
        suite.add_properties(chosen.map(|pact| Property::new("chosen", shared::pact(pact))));
        suites.push(suite);
    }
    suites
}

/// A pact of which nothing was replayed, because all of it has passed before.
fn settled_case(pact: &PactInfo) -> Option<TestCase> {
    let earlier = pact.already.as_ref()?;
    let mut case = TestCase::new(shared::name(pact), left_out(&shared::already(pact.interactions, earlier)));
    case.set_classname(pact.consumer.as_str());
    Some(case)
}

fn suite(name: &str, report: &Report, cases: Vec<TestCase>) -> TestSuite {
    let mut suite = TestSuite::new(name);
    suite.set_time(cases.iter().filter_map(|case| case.time).sum());
    suite.add_property(Property::new("provider", report.run.provider.as_str()));
    suite.add_property(Property::new("answer", words::answer_word(report.answer)));
    suite.add_test_cases(cases);
    suite
}

/// The last resort: whatever the reason, an answer that is not yes is an error.
fn answer_suite(report: &Report) -> TestSuite {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type(words::answer_word(report.answer)).set_message(words::answer(report));
    let mut case = TestCase::new("answer", status);
    case.set_classname("pactwright");
    suite("pactwright", report, vec![case])
}

fn run_case(finding: &Finding) -> Option<TestCase> {
    let kind = match finding.weight() {
        Weight::Warning => return None,
        Weight::Defect | Weight::Error => NonSuccessKind::Error,
        Weight::Broken => NonSuccessKind::Failure,
    };
    let place = finding.location.as_ref().map(ToString::to_string);
    let name = place.unwrap_or_else(|| block::place(finding.place).to_owned());
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(finding.code.slug()).set_message(block::sentence(finding));
    if let Some(help) = &finding.help {
        status.set_description(format!("help: {help}"));
    }
    let mut case = TestCase::new(format!("{} ({name})", finding.code), status);
    case.set_classname("pactwright");
    Some(case)
}

fn case(run: &RunInfo, result: &InteractionResult) -> TestCase {
    let mut case = TestCase::new(words::subject(result), status(run, result));
    case.set_classname(result.consumer.as_str());
    case.set_time(Duration::from_millis(result.duration_ms));
    case.add_property(Property::new("verdict", words::verdict(result.verdict)));
    case.add_property(Property::new("key", result.key.as_str()));
    case
}

fn status(run: &RunInfo, result: &InteractionResult) -> TestCaseStatus {
    match result.verdict {
        Verdict::Passed => passed(result),
        Verdict::Failed => not_passed(NonSuccessKind::Failure, run, result),
        Verdict::Error => not_passed(NonSuccessKind::Error, run, result),
        Verdict::Pending => {
            let why = result.waiver().map_or_else(|| "pending".to_owned(), words::waived);
            left_out(&format!("{why}: {}", message(result)))
        }
        Verdict::Skipped => match &result.already {
            Some(earlier) => left_out(&shared::by(earlier)),
            None => left_out(result.skipped.map_or("left out", |reason| words::because(reason, 1))),
        },
    }
}

fn passed(result: &InteractionResult) -> TestCaseStatus {
    let mut status = TestCaseStatus::success();
    if result.flaky {
        let mut first = TestRerun::new(NonSuccessKind::Failure);
        let message = words::first_failure(result).unwrap_or_else(|| "failed before it passed".to_owned());
        first.set_message(message).set_type("flaky");
        status.add_rerun(first);
    }
    status
}

fn not_passed(kind: NonSuccessKind, run: &RunInfo, result: &InteractionResult) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    let (causes, _) = block::causes(&result.findings);
    status.set_type(causes.first().map_or("unknown", |finding| finding.code.slug()));
    status.set_message(message(result));
    let mut text = Vec::new();
    if block::write(run, result, Colour::Never, &mut text).is_ok() {
        status.set_description(String::from_utf8_lossy(&text));
    }
    status
}

fn left_out(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(message);
    status
}

fn message(result: &InteractionResult) -> String {
    let (causes, derived) = block::causes(&result.findings);
    let more = causes.len().saturating_sub(1) + derived;
    let first =
        causes.first().map_or_else(|| "no reason is known".to_owned(), |first| block::sentence(first));
    if more == 0 { first } else { format!("{first} (and {more} more)") }
}
