//! Whether the code has kept to what was expected. Pure.

use std::sync::Arc;

use super::expectation::Expectation;
use super::failure::Failure;
use super::miss::explained;
use super::scenario::Ending;
use super::session::Closing;
use crate::matching::message_of;
use crate::mock::Record;

/// The value of the code, or everything that went wrong: requests that nobody expected first, for
/// they explain the rest.
pub(super) fn verdict<R: Closing>(
    expectations: &[Expectation],
    record: &Record,
    ending: Ending<R>,
) -> Result<R::Value, Failure> {
    let is_unused = |index: usize| record.hits.get(index).is_none_or(|hits| hits.first() == Some(&0));
    let is_unanswered = |expectation: &Expectation| {
        record.unanswered.iter().any(|one| Arc::ptr_eq(&one.expectation.contract, &expectation.contract))
    };
    let unused: Vec<String> = expectations
        .iter()
        .enumerate()
        .filter(|(index, expectation)| is_unused(*index) && !is_unanswered(expectation))
        .map(|(_, expectation)| expectation.named())
        .collect();
    match of_the_code(ending) {
        Ok(value) if record.misses.is_empty() && record.unanswered.is_empty() && unused.is_empty() => {
            Ok(value)
        }
        code => Err(Failure::NotKept {
            misses: record.misses.iter().map(|miss| explained(miss, expectations)).collect(),
            unanswered: record.unanswered.iter().map(ToString::to_string).collect(),
            unused,
            code: code.err(),
        }),
    }
}

/// The value of the code, or why it failed.
pub(super) fn of_the_code<R: Closing>(ending: Ending<R>) -> Result<R::Value, String> {
    match ending {
        Ok(result) => result.closing().map_err(|error| chain(error.as_ref())),
        Err(panic) => Err(format!("it panicked: {}", message_of(panic.as_ref()))),
    }
}

/// An error with its causes.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    let words = std::iter::once(error.to_string()).chain(causes.map(ToString::to_string));
    words.collect::<Vec<_>>().join(": ")
}
