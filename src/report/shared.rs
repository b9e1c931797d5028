//! What every format says about pacts that were chosen from a place where they are shared: for which
//! version of the provider, which were asked for, and of each pact why.

use super::excerpt::one_line;
use super::words;
use crate::outcome::{Earlier, PactInfo, RunInfo};

/// The provider, with its version where it is known.
pub(super) fn provider(run: &RunInfo) -> String {
    let name = one_line(&run.provider, 80);
    let Some(shared) = &run.shared else { return name };
    let version = shared.provider_version.as_ref();
    let version = version.map_or_else(String::new, |version| format!(" {}", one_line(version, 80)));
    let changes = if shared.dirty { " with changes that no commit holds" } else { "" };
    format!("{name}{version}{changes}")
}

/// Which versions of the consumers were asked for, and of whom; nothing for pacts that were named.
pub(super) fn selected(run: &RunInfo) -> Option<String> {
    let shared = run.shared.as_ref()?;
    let selected: Vec<String> = shared.selected.iter().map(|text| one_line(text, 120)).collect();
    let usual = if shared.by_default { " (nobody said which)" } else { "" };
    let branch = shared.provider_branch.as_ref();
    let branch = branch.map_or_else(String::new, |branch| format!(", for branch {}", one_line(branch, 80)));
    Some(format!("from {}{branch}: {}{usual}", one_line(&shared.store, 200), selected.join("; ")))
}

/// One line for each pact that was chosen: which it is and why, and what follows from that.
pub(super) fn pacts(run: &RunInfo) -> Vec<String> {
    let chosen = run.pacts.iter().filter(|pact| !pact.why.is_empty() || pact.already.is_some());
    chosen.map(pact).collect()
}

/// Which pact it is, and why it was chosen.
pub(super) fn pact(pact: &PactInfo) -> String {
    format!("{}: {}", name(pact), why(pact))
}

/// The consumer with its version.
pub(super) fn name(pact: &PactInfo) -> String {
    let consumer = one_line(&pact.consumer, 80);
    match &pact.consumer_version {
        Some(version) => format!("{consumer} {}", one_line(version, 80)),
        None => consumer,
    }
}

fn why(pact: &PactInfo) -> String {
    let mut parts: Vec<String> = pact.why.iter().map(|reason| one_line(reason, 160)).collect();
    if let Some(earlier) = &pact.already {
        parts.push(already(pact.interactions, earlier));
    } else if let Some(waiver) = &pact.waived {
        parts.push(words::waived(waiver));
    } else if pact.pending {
        parts.push("pending, so it fails no run".to_owned());
    }
    parts.join("; ")
}

/// How much was already verified, and by what.
pub(super) fn already(interactions: usize, earlier: &Earlier) -> String {
    format!("{} {}", words::count(interactions, "interaction"), by(earlier))
}

/// By what something was already verified.
pub(super) fn by(earlier: &Earlier) -> String {
    format!("already verified by {} of {}", one_line(&earlier.fact, 40), one_line(&earlier.at, 40))
}
