//! Provider states, by which a stub chooses what it serves.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use regex::Regex;

use crate::cli::Failure;
use crate::contract::{Contract, Interaction};
use crate::name::did_you_mean;

/// A state by its name, or by a pattern for the whole of it.
#[derive(Debug, Clone)]
pub(super) struct State {
    name: String,
    pattern: Option<Regex>,
}

/// The states of all pacts that are served, which change with the pacts.
#[derive(Debug, Clone, Default)]
pub(super) struct Known(Arc<RwLock<BTreeSet<String>>>);

/// Whatever is no pattern is still a name.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a value parser")]
pub(super) fn state(text: &str) -> Result<State, String> {
    Ok(State { name: text.to_owned(), pattern: Regex::new(&format!("^(?:{text})$")).ok() })
}

impl State {
    /// True for an interaction in this state. Where there is a state of just this name, no other is meant.
    pub(super) fn is_of(&self, interaction: &Interaction, known: &Known) -> bool {
        let is_exact = known.has(&self.name);
        interaction.states.iter().any(|state| {
            let matches = || self.pattern.as_ref().is_some_and(|pattern| pattern.is_match(&state.name));
            state.name == self.name || !is_exact && matches()
        })
    }

    /// True when it is that of any interaction.
    pub(super) fn is_any_of(&self, known: &Known) -> bool {
        let names = known.0.read().unwrap_or_else(PoisonError::into_inner);
        let matches = |name: &String| self.pattern.as_ref().is_some_and(|pattern| pattern.is_match(name));
        names.iter().any(|name| *name == self.name || matches(name))
    }

    /// That nothing is in this state.
    pub(super) fn unknown(&self, known: &Known) -> Failure {
        let names = known.0.read().unwrap_or_else(PoisonError::into_inner);
        let failure =
            Failure::could_not_find_out(format!("no interaction is in the state \"{}\"", self.name));
        if let Some(meant) = did_you_mean(&self.name, names.iter().map(String::as_str)) {
            return failure.hint(meant);
        }
        let all: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        failure.hint(if all.is_empty() {
            "no interaction is in any state".to_owned()
        } else {
            format!("the states are {}", all.join(", "))
        })
    }
}

impl Known {
    /// Takes the states of other pacts.
    pub(super) fn replace(&self, contracts: &[Arc<Contract>]) {
        let interactions = contracts.iter().flat_map(|contract| &contract.interactions);
        let names = interactions.flat_map(|one| &one.states).map(|state| state.name.clone()).collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = names;
    }

    fn has(&self, name: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(name)
    }
}
