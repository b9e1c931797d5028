//! The changes between contracts for continuous integration servers: what demands more is a failure.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::{LONGEST, name, places, sentence, title};
use crate::compat::{Change, Class, Compared};
use crate::report::excerpt::one_line;

/// Writes one suite for each contract and one case for each change; a contract in which nothing has changed is
/// one case that passes.
///
/// # Errors
/// Those of the writer.
pub fn write(diffs: &[Compared], out: &mut dyn Write) -> io::Result<()> {
    let mut document = quick_junit::Report::new("pactwright diff");
    document.add_test_suites(diffs.iter().map(suite));
    let mut bytes = Vec::new();
    document.serialize(&mut bytes).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn suite(diff: &Compared) -> TestSuite {
    let title = title(diff);
    let mut suite = TestSuite::new(title.as_str());
    if diff.changes.is_empty() {
        let mut same = TestCase::new("nothing has changed for the provider", TestCaseStatus::success());
        same.set_classname(title.as_str());
        suite.add_test_case(same);
    }
    suite.add_test_cases(diff.changes.iter().map(|change| case(&title, change)));
    suite
}

fn case(title: &str, change: &Change) -> TestCase {
    let status = match change.class() {
        Class::DemandsMore => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(change.rule.slug()).set_message(sentence(change)).set_description(places(change));
            status
        }
        Class::DemandsLess | Class::SameDemand => TestCaseStatus::success(),
    };
    let interaction = one_line(name(change), LONGEST);
    let mut case = TestCase::new(format!("{interaction}: {}", sentence(change)), status);
    case.set_classname(title);
    case.add_property(Property::new("class", change.class().slug()));
    case.add_property(Property::new("rule", change.rule.slug()));
    case
}
