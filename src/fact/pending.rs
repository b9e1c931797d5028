//! Whether a contract is pending or work in progress, for one build of the provider.
//!
//! Both are computed from the facts each time and stored nowhere. A contract is pending until a
//! version of the provider that matters has kept it once: one on the same branch, or one on another
//! branch before this branch began. A build without a branch goes by its tags, and one without tags
//! by any version.

use super::FactId;
use super::selection::{ProviderBuild, Selected};
use super::state::{State, Verification, VersionInfo};
use crate::contract::Digest;
use crate::name::Application;

/// Whether a failure would be no break, because the contract was never kept where it matters.
pub(super) fn is_pending(
    state: &State,
    provider: &ProviderBuild,
    consumer: &Application,
    content: Digest,
) -> bool {
    let results = results(state, provider, consumer, content);
    !is_kept(state, provider, &results, |_| true)
}

/// Whether a new contract is still work in progress: not kept where it matters by a run that had
/// selected it for another reason than being new.
pub(super) fn is_work_in_progress(state: &State, provider: &ProviderBuild, one: &Selected) -> bool {
    if provider.branch.is_none() && provider.tags.is_empty() {
        return false;
    }
    let results = results(state, provider, &one.consumer, one.content);
    !is_kept(state, provider, &results, |result| !result.wip)
}

type Results<'a> = Vec<(&'a VersionInfo, &'a Verification)>;

fn results<'a>(
    state: &'a State,
    provider: &ProviderBuild,
    consumer: &Application,
    content: Digest,
) -> Results<'a> {
    let all = state.results((consumer, &provider.application), content);
    all.into_iter()
        .filter(|(_, result)| result.has_passed())
        .filter_map(|(version, result)| Some((state.version(&provider.application, version)?, result)))
        .collect()
}

/// Whether one of these passes counts for the build.
fn is_kept(
    state: &State,
    provider: &ProviderBuild,
    passes: &Results<'_>,
    counts: impl Fn(&Verification) -> bool,
) -> bool {
    let application = &provider.application;
    let passes: Vec<_> = passes.iter().filter(|(_, result)| counts(result)).collect();
    if let Some(branch) = &provider.branch {
        let began = state.branch_created(application, branch);
        return passes.iter().any(|(version, result)| {
            let is_on_another = version.branches.iter().any(|known| known != branch);
            version.branches.contains(branch) || (is_on_another && is_before(result, began))
        });
    }
    if provider.tags.is_empty() {
        return !passes.is_empty();
    }
    provider.tags.iter().all(|tag| {
        let began = state.tag_created(application, tag);
        passes.iter().any(|(version, result)| {
            let has_another = version.tags.iter().any(|known| known != tag);
            version.tags.contains(tag) || (has_another && is_before(result, began))
        })
    })
}

/// Whether a result was recorded before a branch or tag began; everything was, when it has not yet.
fn is_before(result: &Verification, began: Option<FactId>) -> bool {
    began.is_none_or(|began| result.fact < began)
}
