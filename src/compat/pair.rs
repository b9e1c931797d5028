//! Which interaction of the new contract is which one of the old.
//!
//! Neither the order of interactions nor that of keys plays a part, and the pairs are the same when
//! the two contracts are swapped.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::contract::{Contract, Exchange, Interaction};

/// An interaction of the old contract, of the new one, or of both.
#[derive(Debug)]
pub(super) enum Pair<'a> {
    Both(&'a Interaction, &'a Interaction),
    Old(&'a Interaction),
    New(&'a Interaction),
}

/// An interaction with all that it is recognised by.
struct Candidate<'a> {
    interaction: &'a Interaction,
    kind: &'static str,
    states: String,
    /// All that it says apart from its name.
    content: String,
}

/// A name by which interactions may be recognised; none when it has no such name.
type Name = fn(&Candidate<'_>) -> Option<String>;

/// From the surest name to the least sure.
const NAMES: [Name; 5] = [
    |one| Some(format!("{:?}", (one.kind, &one.interaction.description, &one.states, &one.interaction.key))),
    |one| one.interaction.key.as_ref().map(|key| format!("{:?}", (one.kind, key))),
    |one| Some(format!("{:?}", (one.kind, &one.interaction.description, &one.states))),
    |one| Some(format!("{:?}", (one.kind, &one.interaction.description))),
    |one| Some(format!("{:?}", (one.kind, &one.states, &one.content))),
];

/// Pairs the interactions of two contracts.
pub(super) fn pairs<'a>(old: &'a Contract, new: &'a Contract) -> Vec<Pair<'a>> {
    let (mut old, mut new) = (candidates(old), candidates(new));
    let mut pairs = Vec::new();
    for name in NAMES {
        let known = named(&mut old, name);
        let mut found = named(&mut new, name);
        for (name, mut before) in known {
            let mut after = found.remove(&name).unwrap_or_default();
            let both = before.len().min(after.len());
            let matched = before.drain(..both).zip(after.drain(..both));
            pairs.extend(matched.map(|(one, other)| Pair::Both(one.interaction, other.interaction)));
            old.extend(before);
            new.extend(after);
        }
        new.extend(found.into_values().flatten());
    }
    pairs.extend(old.iter().map(|one| Pair::Old(one.interaction)));
    pairs.extend(new.iter().map(|one| Pair::New(one.interaction)));
    pairs
}

/// Takes out all that have a name, by it, in an order that depends on nothing but their content.
fn named<'a>(candidates: &mut Vec<Candidate<'a>>, name: Name) -> BTreeMap<String, Vec<Candidate<'a>>> {
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    let mut nameless = Vec::new();
    for candidate in candidates.drain(..) {
        match name(&candidate) {
            Some(name) => groups.entry(name).or_default().push(candidate),
            None => nameless.push(candidate),
        }
    }
    for group in groups.values_mut() {
        group.sort_by(|one, other| (&one.states, &one.content).cmp(&(&other.states, &other.content)));
    }
    candidates.append(&mut nameless);
    groups
}

/// The interactions of a contract, each once.
fn candidates(contract: &Contract) -> Vec<Candidate<'_>> {
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    for interaction in &contract.interactions {
        let candidate = Candidate {
            interaction,
            kind: kind(interaction),
            states: states(interaction),
            content: content(contract, interaction),
        };
        let is_same = |known: &Candidate<'_>| {
            NAMES[0](known) == NAMES[0](&candidate) && known.content == candidate.content
        };
        if !candidates.iter().any(is_same) {
            candidates.push(candidate);
        }
    }
    candidates
}

fn kind(interaction: &Interaction) -> &'static str {
    match interaction.exchange {
        Exchange::Http { .. } => "http",
        Exchange::Message(_) => "message",
        Exchange::SyncMessage { .. } => "sync message",
    }
}

/// The provider states, in their order, with the parameters in the order of their names.
pub(super) fn states(interaction: &Interaction) -> String {
    let states: Vec<_> = interaction
        .states
        .iter()
        .map(|state| (&state.name, sorted(&Value::Object(state.params.clone())).to_string()))
        .collect();
    format!("{states:?}")
}

fn content(contract: &Contract, interaction: &Interaction) -> String {
    let mut json = contract.json(interaction);
    if let Value::Object(map) = &mut json {
        for name in ["_id", "comments", "description", "key", "pending", "providerState", "providerStates"] {
            map.remove(name);
        }
    }
    sorted(&json).to_string()
}

/// The same value with the keys of its objects in order.
pub(super) fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let ordered: BTreeMap<_, _> = map.iter().collect();
            Value::Object(
                ordered.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        single => single.clone(),
    }
}
