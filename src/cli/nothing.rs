//! Why nothing would be verified, with the name that was probably meant.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::contract::Contract;
use crate::finding::{Code, Finding, Place};
use crate::replay::{Plan, Selection, nearest};

/// No pact is about the provider.
pub(crate) fn no_pacts(provider: &str, others: &BTreeSet<&str>) -> Finding {
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

/// There are pacts, and still nothing would be verified.
pub(crate) fn explain(
    plan: &Plan,
    contracts: &[Arc<Contract>],
    provider: &str,
    selection: &Selection,
) -> Option<Finding> {
    if plan.selected() > 0 || contracts.is_empty() {
        return None;
    }
    if plan.entries.is_empty() {
        return Some(finding(&format!("the pacts about \"{provider}\" have no interactions")));
    }
    let all = plan.entries.len();
    let message = match &selection.not_passed_before {
        Some(keys) if keys.is_empty() => {
            "everything passed last time, so nothing is left to verify again".to_owned()
        }
        _ => format!("none of the {all} interactions was selected"),
    };
    let help = selection.consumers.iter().find_map(|consumer| {
        let known = contracts.iter().map(|contract| contract.consumer.as_str());
        let is_known = known.clone().any(|name| name == consumer);
        let near = nearest(consumer, known).filter(|_| !is_known)?;
        Some(format!("no pact is of the consumer \"{consumer}\"; did you mean \"{near}\"?"))
    });
    let help = help.unwrap_or_else(|| "--dry-run shows every interaction and why it is left out".to_owned());
    Some(finding(&message).with_help(help))
}

fn finding(message: &str) -> Finding {
    Finding::new(Code::NothingVerified, Place::Run, message)
}
