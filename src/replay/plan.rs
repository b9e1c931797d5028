//! Which interactions are verified, in which order, and which share one replay.
//!
//! Pure: contracts and a selection go in, an ordered list comes out. Every interaction of the
//! provider has an entry, also the ones that are left out, each with the reason.

use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;
use std::sync::Arc;

use serde_json::{Value, json};

use super::filter::Selection;
use crate::contract::{Contract, Exchange, Interaction, digest};
use crate::outcome::SkipReason;

/// An ordered list of what is going to happen to each interaction.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// One entry for each interaction of each contract, in the order of the contracts.
    pub entries: Vec<Entry>,
}

/// One interaction of the plan.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The contract it belongs to.
    pub contract: Arc<Contract>,
    /// Its position in the contract.
    pub position: usize,
    /// The key that selects exactly this interaction, short and stable as long as consumer,
    /// provider, description and states stay the same.
    pub key: String,
    /// What is going to happen.
    pub action: Action,
}

/// What is going to happen to an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is replayed, side by side with others: it has no states and its method changes nothing.
    ReplayFreely,
    /// It is replayed when its turn comes: one at a time per instance of the provider.
    ReplayInTurn,
    /// It is identical to the entry at this position, whose verdict it shares.
    SameAs(usize),
    /// It is left out.
    Skip(SkipReason),
}

impl Entry {
    /// The interaction itself.
    #[must_use]
    pub fn interaction(&self) -> &Interaction {
        &self.contract.interactions[self.position]
    }
}

impl Plan {
    /// How many entries are going to get a verdict.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.entries.iter().filter(|entry| !matches!(entry.action, Action::Skip(_))).count()
    }
}

/// Plans the verification of all interactions of `contracts`, which belong to one provider.
///
/// With `in_order`, nothing runs side by side.
#[must_use]
pub fn plan(contracts: &[Arc<Contract>], selection: &Selection, in_order: bool) -> Plan {
    let mut entries = Vec::new();
    let mut keys = HashMap::new();
    let mut replayed: HashMap<String, usize> = HashMap::new();
    for contract in contracts {
        for (position, interaction) in contract.interactions.iter().enumerate() {
            let key = unique(&mut keys, key_of(contract, interaction));
            let action =
                if let Some(reason) = selection.skip_reason(contract, interaction, &key, entries.len()) {
                    Action::Skip(reason)
                } else {
                    match replayed.entry(signature(contract, interaction)) {
                        MapEntry::Occupied(first) => Action::SameAs(*first.get()),
                        MapEntry::Vacant(free) => {
                            free.insert(entries.len());
                            replay_action(interaction, in_order)
                        }
                    }
                };
            entries.push(Entry { contract: Arc::clone(contract), position, key, action });
        }
    }
    Plan { entries }
}

fn replay_action(interaction: &Interaction, in_order: bool) -> Action {
    let is_free = match &interaction.exchange {
        Exchange::Http { request, .. } => matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS"),
        Exchange::Message(_) | Exchange::SyncMessage { .. } => false,
    };
    if is_free && interaction.states.is_empty() && !in_order {
        Action::ReplayFreely
    } else {
        Action::ReplayInTurn
    }
}

/// The key of an interaction, which leaves out what a change of the contract changes.
fn key_of(contract: &Contract, interaction: &Interaction) -> String {
    let kind = match interaction.exchange {
        Exchange::Http { .. } => "http",
        Exchange::Message(_) => "message",
        Exchange::SyncMessage { .. } => "sync-message",
    };
    let identity =
        json!([contract.consumer, contract.provider, kind, interaction.description, states(interaction)]);
    digest(identity.to_string())[..10].to_owned()
}

/// Two interactions of one pact may have the same key; the later ones get a number.
fn unique(keys: &mut HashMap<String, usize>, key: String) -> String {
    let seen = keys.entry(key.clone()).or_insert(0);
    *seen += 1;
    if *seen == 1 { key } else { format!("{key}-{seen}") }
}

/// Everything that the provider can tell apart: interactions with the same signature get the same
/// request in the same states and are judged alike.
fn signature(contract: &Contract, interaction: &Interaction) -> String {
    let original = contract.json(interaction);
    let parts =
        ["type", "request", "response", "contents", "metadata", "metaData", "matchingRules", "generators"]
            .map(|part| original.get(part).cloned().unwrap_or(Value::Null));
    // The provider is told a message's description, and nothing else tells messages apart.
    let description = match interaction.exchange {
        Exchange::Http { .. } => "",
        Exchange::Message(_) | Exchange::SyncMessage { .. } => interaction.description.as_str(),
    };
    let version = contract.version.number();
    digest(json!([version, parts, states(interaction), description, interaction.transport]).to_string())
}

fn states(interaction: &Interaction) -> Value {
    interaction.states.iter().map(|state| json!([state.name, state.params])).collect()
}
