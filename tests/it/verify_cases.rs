//! The gate's judgement as data: every directory of `tests/fixtures/verify` is one case.
//!
//! After a change that is meant: `PACTWRIGHT_COMMIT=1 cargo test verify_cases`, and read the
//! difference before it is committed.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pactwright::outcome::{InteractionResult, Report, Verdict};
use pactwright::replay::Quirk;
use similar::TextDiff;

use crate::support::case::{self, Case, check_all};
use crate::support::projection::projection;

/// Checks all cases and says what is wrong with them.
fn problems(cases: &[Case], check: impl Fn(&Case) -> Vec<String> + Sync) -> Vec<String> {
    let checked = check_all(cases, |case| {
        let found = catch_unwind(AssertUnwindSafe(|| check(case)));
        found.unwrap_or_else(|_| vec!["it panicked, as said above".to_owned()])
    });
    let named = cases.iter().zip(checked);
    named.flat_map(|(case, found)| found.into_iter().map(|found| format!("{}: {found}", case.name))).collect()
}

#[test]
#[expect(clippy::print_stdout, reason = "how many cases ran is a result as well")]
fn every_case_gives_the_expected_report() {
    let cases = case::all();
    let problems = problems(&cases, |case| {
        let outcome = case.run(|_| {});
        let actual = projection(case, &outcome);
        compare_with_file(case, &actual).into_iter().chain(unlike_their_names(&outcome.report)).collect()
    });
    println!("{} cases", cases.len());
    assert!(cases.len() >= 60, "there are only {} cases", cases.len());
    assert!(problems.is_empty(), "{} of {} cases\n{}", problems.len(), cases.len(), problems.join("\n"));
}

#[test]
fn a_behaviour_of_the_reference_that_is_asked_for_changes_the_report() {
    let cases: Vec<Case> =
        case::all().into_iter().filter(|case| !case.options.reference_behaviour.is_empty()).collect();
    let problems = problems(&cases, |case| {
        let with = projection(case, &case.run(|_| {}));
        let without = |quirk: Quirk| {
            let outcome = case.run(|options| {
                options.reference_behaviour.remove(&quirk);
            });
            projection(case, &outcome)
        };
        let idle = case.options.quirks().into_iter().filter(|quirk| without(*quirk) == with);
        idle.map(|quirk| format!("`{}` changes nothing", quirk.word())).collect()
    });
    assert!(!cases.is_empty());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Interactions whose names promise another verdict.
fn unlike_their_names(report: &Report) -> Vec<String> {
    let is_unlike = |result: &&InteractionResult| {
        let promised = match result.description.split(':').next() {
            Some("holds") => Verdict::Passed,
            Some("broken") => Verdict::Failed,
            _ => result.verdict,
        };
        promised != result.verdict
    };
    let named = report.interactions.iter().filter(is_unlike);
    named.map(|result| format!("`{}` is {:?}", result.description, result.verdict)).collect()
}

#[expect(clippy::disallowed_methods, reason = "a switch for developers, read in a test")]
fn compare_with_file(case: &Case, actual: &str) -> Option<String> {
    let path = case.directory.join("expected.json");
    if std::env::var_os("PACTWRIGHT_COMMIT").is_some() {
        fs::write(&path, actual).expect("the file can be written");
    }
    let Ok(expected) = fs::read_to_string(&path) else {
        return Some("there is no expected.json; PACTWRIGHT_COMMIT=1 writes one".to_owned());
    };
    (expected != actual).then(|| {
        let diff = TextDiff::from_lines(expected.as_str(), actual);
        format!("\n{}", diff.unified_diff().context_radius(3).header("expected", "actual"))
    })
}
