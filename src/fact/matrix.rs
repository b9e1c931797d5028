//! Facts joined into rows: a version of a consumer, its contract, a version of the provider, and what was found
//! out about the two. No judgement is passed here.

use super::state::{State, Verification};
use crate::contract::Digest;
use crate::name::{Application, Version};

/// Versions of an application that rows are about; none means all of them.
pub type WantedVersions<'a> = (&'a Application, Option<Vec<&'a Version>>);

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatrixRow<'a> {
    /// Who has the expectations.
    pub consumer: &'a Application,
    /// Its version.
    pub consumer_version: &'a Version,
    /// Who has to meet them.
    pub provider: &'a Application,
    /// The contract.
    pub content: Digest,
    /// The version of the provider that has verified it, with the newest result; none when no wanted version has.
    pub result: Option<(&'a Version, &'a Verification)>,
}

/// Every row in which an application is the consumer or the provider, or, for several, in which both
/// are among them; the newest versions of consumers first.
#[must_use]
pub fn matrix<'a>(state: &'a State, wanted: &[WantedVersions<'a>]) -> Vec<MatrixRow<'a>> {
    let find =
        |name: &Application| wanted.iter().find(|(known, _)| *known == name).map(|(_, versions)| versions);
    let allows = |name: &Application, version: &Version| match find(name) {
        Some(Some(versions)) => versions.contains(&version),
        Some(None) | None => true,
    };
    let mut rows = Vec::new();
    for consumer in state.applications() {
        for provider in state.providers_of(consumer) {
            let known = [find(consumer), find(provider)].iter().flatten().count();
            if known < wanted.len().min(2) {
                continue;
            }
            let versions = state.versions(consumer);
            for info in versions.iter().rev().filter(|info| allows(consumer, &info.version)) {
                for publication in state.contents(consumer, &info.version, provider) {
                    let content = publication.content;
                    let row = MatrixRow {
                        consumer,
                        consumer_version: &info.version,
                        provider,
                        content,
                        result: None,
                    };
                    let results = newest_results(state, (consumer, provider), content);
                    let before = rows.len();
                    let of_wanted = results.into_iter().filter(|(version, _)| allows(provider, version));
                    rows.extend(of_wanted.map(|result| MatrixRow { result: Some(result), ..row }));
                    if rows.len() == before {
                        rows.push(row);
                    }
                }
            }
        }
    }
    rows
}

/// The newest result that counts of each version of the provider, the newest version first.
fn newest_results<'a>(
    state: &'a State,
    pair: (&'a Application, &'a Application),
    content: Digest,
) -> Vec<(&'a Version, &'a Verification)> {
    let is_newest = |(version, result): &(&Version, &Verification)| {
        state.result(pair, content, version).is_some_and(|newest| newest.fact == result.fact)
    };
    state.results(pair, content).into_iter().rev().filter(is_newest).collect()
}
