//! Whom to call about the contracts of a shared directory.

use std::collections::BTreeMap;

use crate::fact::State;
use crate::name::Application;
use crate::outcome::Owner;

/// Whom to call about each consumer, and about the provider: what is written in files, completed by what
/// was recorded.
#[must_use]
pub fn owners(
    mut written: BTreeMap<String, Owner>,
    state: &State,
    provider: &Application,
) -> BTreeMap<String, Owner> {
    for name in state.consumers_of(provider).chain([provider]) {
        let about = state.about(name);
        let [team, contact, repository] =
            [about.team, about.contact, about.repository].map(|line| line.map(|line| line.to_string()));
        let owner = written.entry(name.to_string()).or_default();
        owner.team = owner.team.take().or(team);
        owner.contact = owner.contact.take().or(contact);
        owner.repository = owner.repository.take().or(repository);
    }
    written.retain(|_, owner| *owner != Owner::default());
    written
}
