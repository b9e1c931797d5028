//! What is to go, as the commands show it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::civil::Date;

use super::place::Place;
use super::running;
use crate::cli::Failure;
use crate::contract::Contract;
use crate::deprecation::{
    Deprecation, NotUnderstood, Standing, User, all_deprecations, deprecations, standing,
};
use crate::fact::State;
use crate::name::Application;
use crate::report::deprecated::Deprecated;

/// What is to go of a provider, or of all of them.
///
/// # Errors
/// Could not find out, when a fact is not understood.
pub(crate) fn known(state: &State, provider: Option<&Application>) -> Result<Vec<Deprecation>, Failure> {
    let found = match provider {
        Some(provider) => deprecations(state, provider),
        None => all_deprecations(state),
    };
    found.map_err(|error: NotUnderstood| {
        Failure::could_not_find_out("it is not known what is deprecated").because(&error)
    })
}

/// The same with those who still use it.
///
/// # Errors
/// Could not find out, when a contract cannot be read.
pub(crate) fn standings(
    place: &Place,
    state: &State,
    provider: Option<&Application>,
) -> Result<Vec<Standing>, Failure> {
    let mut contracts = HashMap::new();
    let mut one = |deprecation: Deprecation| {
        let subject = deprecation.clone();
        standing(state, deprecation, |content| {
            let contract = match contracts.entry(content) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => free.insert(place.contract(content, &content.short())?),
            };
            Ok(subject.used_by(contract).len())
        })
    };
    known(state, provider)?.into_iter().map(&mut one).collect()
}

/// What a contract of `who` uses of what is to go, in a sentence each.
pub(crate) fn uses(known: &[Deprecation], contract: &Contract, who: &str, today: Date) -> Vec<String> {
    let used = known.iter().filter(|one| !one.used_by(contract).is_empty());
    let sentence = |one: &Deprecation| {
        let Deprecation { removal, provider, since, .. } = one;
        let instead = one.instead.as_ref().map(|instead| format!("; instead: {instead}")).unwrap_or_default();
        format!(
            "{who} uses {removal} of {provider}, which is deprecated since {since} and {}{instead}",
            one.countdown(today)
        )
    };
    used.map(sentence).collect()
}

/// What is shown of it on a day.
pub(crate) fn shown(state: &State, standings: &[Standing], today: Date) -> Vec<Deprecated> {
    let places =
        |user: &User| running::places(state, &user.consumer).remove(&user.version).unwrap_or_default();
    standings.iter().map(|standing| Deprecated::of(standing, today, places)).collect()
}
