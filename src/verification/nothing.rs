//! Why nothing would be verified, with the name that was probably meant.
//!
//! An empty plan is no pass, and each way in which a plan is empty has words of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::finding::{Code, Finding, Place};
use crate::name::nearest;
use crate::outcome::SkipReason;
use crate::replay::{Action, Entry, Plan, Selection, Source};

/// No pact is about the provider; these are the providers that pacts are about.
#[must_use]
pub fn no_pacts(provider: &str, others: &BTreeSet<&str>) -> Finding {
    if others.is_empty() {
        return finding("no pact was found")
            .with_help("name files, directories, globs or URLs that hold pacts");
    }
    let found = others.iter().copied().collect::<Vec<_>>().join(", ");
    let help = match nearest(provider, others.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"? the pacts are about: {found}"),
        None => format!("the pacts are about: {found}"),
    };
    finding(&format!("no pact is about the provider \"{provider}\"")).with_help(help)
}

/// There are pacts, and none of them can be trusted as it stands.
pub(super) fn unreadable(pacts: usize) -> Finding {
    let message = if pacts == 1 { "the only pact has defects" } else { "every pact has defects" };
    finding(message).with_help("each defect is told with its place")
}

/// There are pacts, and still nothing would be verified.
pub(super) fn explain(
    plan: &Plan,
    sources: &[Arc<Source>],
    provider: &str,
    selection: &Selection,
) -> Option<Finding> {
    if plan.selected() + plan.already() > 0 || sources.is_empty() {
        return None;
    }
    if plan.entries.is_empty() {
        return Some(finding(&format!("the pacts about \"{provider}\" have no interactions")));
    }
    let all = plan.entries.len();
    let is_left_out = |entry: &Entry| entry.action == Action::Skip(SkipReason::NotFailedBefore);
    if plan.entries.iter().all(is_left_out) {
        // No answer either: what a run remembers does not say which version of the provider it was about.
        let message = "everything has passed already in earlier runs on this machine, \
                       and the provider may have changed since";
        return Some(finding(message).with_help("run without --last-failed to verify all of it"));
    }
    let message = if all == 1 {
        "the only interaction was not selected".to_owned()
    } else {
        format!("none of the {all} interactions was selected")
    };
    let unknown = unknown_consumers(sources, selection).map(|(_, help)| help);
    let help = unknown.chain(idle_filters(sources, selection).into_iter().map(|(_, help)| help)).next();
    let help = help.unwrap_or_else(|| {
        "`pactwright verify --dry-run` shows every interaction and why it is left out".to_owned()
    });
    Some(finding(&message).with_help(help))
}

/// What was asked for by name and is not there, beside other things that are.
pub(super) fn unmatched(plan: &Plan, sources: &[Arc<Source>], selection: &Selection) -> Vec<Finding> {
    if plan.selected() + plan.already() == 0 {
        // Then all of it is told by `explain`.
        return Vec::new();
    }
    let consumers = unknown_consumers(sources, selection).map(|(consumer, help)| {
        finding(&format!("nothing was verified for the consumer \"{consumer}\"")).with_help(help)
    });
    let is_known = |key: &&String| {
        plan.entries.iter().any(|entry| entry.key == **key || entry.interaction().key.as_ref() == Some(*key))
    };
    let keys = selection.keys.iter().filter(|key| !is_known(key)).map(|key| {
        finding(&format!("nothing was verified for the key \"{key}\"")).with_help("no interaction has it")
    });
    let filters = idle_filters(sources, selection).into_iter();
    let filters = filters.map(|(filter, help)| {
        finding(&format!("nothing was verified for the filter \"{filter}\"")).with_help(help)
    });
    consumers.chain(keys).chain(filters).collect()
}

/// The filters that no interaction of any pact satisfies, each with what to do about it.
fn idle_filters(sources: &[Arc<Source>], selection: &Selection) -> Vec<(String, String)> {
    let interactions = || sources.iter().flat_map(|source| &source.contract.interactions);
    let descriptions: BTreeSet<&str> = interactions().map(|it| it.description.as_str()).collect();
    let states = interactions().flat_map(|it| &it.states).map(|state| state.name.as_str()).collect();
    let kinds =
        [("description", &selection.descriptions, descriptions), ("state", &selection.states, states)];
    let idle = kinds.into_iter().flat_map(|(kind, filters, known)| {
        let idle = filters.iter().filter(|filter| !known.iter().any(|text| filter.accepts(text)));
        idle.map(|filter| {
            let filter = filter.to_string();
            let help = match nearest(&filter, known.iter().copied()) {
                Some(near) => format!("no {kind} is like \"{filter}\"; did you mean \"{near}\"?"),
                None => format!("no {kind} is like \"{filter}\""),
            };
            (filter, help)
        })
        .collect::<Vec<_>>()
    });
    idle.collect()
}

/// The consumers that were asked for and have no pact, each with what to do about it.
fn unknown_consumers<'a>(
    sources: &'a [Arc<Source>],
    selection: &'a Selection,
) -> impl Iterator<Item = (&'a str, String)> {
    let known = || sources.iter().map(|source| source.contract.consumer.as_str());
    let unknown = selection.consumers.iter().filter(move |consumer| known().all(|name| name != *consumer));
    unknown.map(move |consumer| {
        let help = match nearest(consumer, known()) {
            Some(near) => format!("no pact is of the consumer \"{consumer}\"; did you mean \"{near}\"?"),
            None => format!("no pact is of the consumer \"{consumer}\""),
        };
        (consumer.as_str(), help)
    })
}

fn finding(message: &str) -> Finding {
    Finding::new(Code::NothingVerified, Place::Run, message)
}
