//! Which interaction of the new contract is which one of the old.
//!
//! Neither the order of interactions nor that of keys plays a part, and the pairs are the same when
//! the two contracts are swapped.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::contract::{Contract, Exchange, Interaction};

/// An interaction with the contract it stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'a> {
    pub(super) contract: &'a Contract,
    pub(super) interaction: &'a Interaction,
}

/// An interaction of the old side, of the new one, or of both.
#[derive(Debug)]
pub(super) enum Pair<'a> {
    Both(Placed<'a>, Placed<'a>),
    Old(Placed<'a>),
    New(Placed<'a>),
}

/// An interaction with all that it is recognised by.
struct Candidate<'a> {
    placed: Placed<'a>,
    kind: &'static str,
    states: String,
    /// All that it says apart from its name.
    content: String,
}

impl<'a> Candidate<'a> {
    fn of(contract: &'a Contract, interaction: &'a Interaction) -> Self {
        Self {
            placed: Placed { contract, interaction },
            kind: kind(interaction),
            states: states(interaction),
            content: content(contract, interaction),
        }
    }

    fn description(&self) -> &str {
        &self.placed.interaction.description
    }

    fn key(&self) -> Option<&str> {
        self.placed.interaction.key.as_deref()
    }
}

/// A name by which interactions may be recognised; none when it has no such name.
type Name = fn(&Candidate<'_>) -> Option<String>;

/// From the surest name to the least sure.
const NAMES: [Name; 5] = [
    |one| Some(format!("{:?}", (one.kind, one.description(), &one.states, one.key()))),
    |one| one.key().map(|key| format!("{:?}", (one.kind, key))),
    |one| Some(format!("{:?}", (one.kind, one.description(), &one.states))),
    |one| Some(format!("{:?}", (one.kind, one.description()))),
    |one| Some(format!("{:?}", (one.kind, &one.states, &one.content))),
];

/// Pairs the interactions of the contracts on two sides.
pub(super) fn pairs<'a>(old: &[&'a Contract], new: &[&'a Contract]) -> Vec<Pair<'a>> {
    let (mut old, mut new) = (candidates(old), candidates(new));
    let mut pairs = Vec::new();
    for name in NAMES {
        let known = named(&mut old, name);
        let mut found = named(&mut new, name);
        for (name, mut before) in known {
            let mut after = found.remove(&name).unwrap_or_default();
            let both = before.len().min(after.len());
            let matched = before.drain(..both).zip(after.drain(..both));
            pairs.extend(matched.map(|(one, other)| Pair::Both(one.placed, other.placed)));
            old.extend(before);
            new.extend(after);
        }
        new.extend(found.into_values().flatten());
    }
    pairs.extend(old.iter().map(|one| Pair::Old(one.placed)));
    pairs.extend(new.iter().map(|one| Pair::New(one.placed)));
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

/// The interactions of some contracts, each once.
fn candidates<'a>(contracts: &[&'a Contract]) -> Vec<Candidate<'a>> {
    let of_one = |contract: &&'a Contract| {
        let contract = *contract;
        contract.interactions.iter().map(|interaction| Candidate::of(contract, interaction))
    };
    let mut seen = BTreeSet::new();
    let mut candidates: Vec<_> = contracts.iter().flat_map(of_one).collect();
    candidates.retain(|one| seen.insert((NAMES[0](one), one.content.clone())));
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
