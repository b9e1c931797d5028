//! The semantic difference of two contracts.
//!
//! Only what is demanded is compared. A contract compared with itself gives nothing, swapping the two
//! gives the mirror of each change, and no order of keys or interactions plays a part.

use std::collections::BTreeMap;

use super::change::{Change, Part};
use super::exchange;
use super::pair::{Pair, pairs, sorted, states};
use super::rules::Rule;
use super::secret;
use super::walk::Seen;
use crate::contract::{Contract, Interaction};

/// Every change from an old to a new contract: of the whole, then in the order of the interactions'
/// names and of the parts in them.
///
/// # Examples
/// ```
/// use pactwright::{compat, contract};
///
/// let pact = |field: &str| {
///     let text = format!(r#"{{
///         "consumer": {{"name": "support"}}, "provider": {{"name": "faq"}},
///         "interactions": [{{"description": "read", "request": {{"method": "GET", "path": "/faqs/7"}},
///                           "response": {{"status": 200, "body": {{"{field}": 1}}}}}}],
///         "metadata": {{"pactSpecification": {{"version": "2.0.0"}}}}
///     }}"#);
///     contract::read("support-faq.json", text.into_bytes()).contract.expect("a sound pact")
/// };
/// let changes = compat::diff(&pact("id"), &pact("number"));
/// let rules: Vec<_> = changes.iter().map(|change| (change.rule.slug(), change.path.as_str())).collect();
/// assert_eq!(rules, [("response-field-added", "$.number"), ("response-field-removed", "$.id")]);
/// assert_eq!(changes[0].class(), compat::Class::DemandsMore);
/// ```
#[must_use]
pub fn diff(old: &Contract, new: &Contract) -> Vec<Change> {
    let changes = [heads(old, new), interactions(&[old], &[new])];
    changes.concat()
}

/// The changes of one consumer's contracts with one provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The consumer, as the new side calls it.
    pub consumer: String,
    /// The provider, as the new side calls it.
    pub provider: String,
    /// The files or addresses of its old contracts; none when the consumer is new.
    pub old: Vec<String>,
    /// Those of its new contracts; none when the consumer is gone.
    pub new: Vec<String>,
    /// The changes.
    pub changes: Vec<Change>,
}

/// Compares two sets of contracts, by consumer and provider. Where each side is a single contract, the
/// two are compared whatever they are called.
#[must_use]
pub fn diff_all(old: &[Contract], new: &[Contract]) -> Vec<Compared> {
    if let ([before], [after]) = (old, new) {
        return vec![compared_as(after, (&[before], &[after]), diff(before, after))];
    }
    let mut groups = BTreeMap::<_, [Vec<&Contract>; 2]>::new();
    for (side, contracts) in [old, new].into_iter().enumerate() {
        for contract in contracts {
            groups.entry((&contract.consumer, &contract.provider)).or_default()[side].push(contract);
        }
    }
    let sides = groups.into_values();
    sides
        .filter_map(|[old, new]| {
            let named = new.first().or(old.first())?;
            Some(compared_as(named, (&old, &new), interactions(&old, &new)))
        })
        .collect()
}

fn compared_as(named: &Contract, (old, new): (&[&Contract], &[&Contract]), changes: Vec<Change>) -> Compared {
    let files = |contracts: &[&Contract]| contracts.iter().map(|one| one.file().to_owned()).collect();
    Compared {
        consumer: named.consumer.clone(),
        provider: named.provider.clone(),
        old: files(old),
        new: files(new),
        changes,
    }
}

fn interactions(old: &[&Contract], new: &[&Contract]) -> Vec<Change> {
    let mut changes: Vec<_> = pairs(old, new).iter().flat_map(of_pair).collect();
    changes.sort_by(|one, other| order(one).cmp(&order(other)));
    changes
}

fn order(change: &Change) -> impl Ord + '_ {
    (&change.interaction, change.part, change.rule.class(), &change.path, change.rule, &change.sentence)
}

/// What changed about the contract as a whole.
fn heads(old: &Contract, new: &Contract) -> Vec<Change> {
    let names = [
        (Rule::ProviderChanged, "provider", old.provider.clone(), new.provider.clone(), "/provider"),
        (Rule::ConsumerChanged, "consumer", old.consumer.clone(), new.consumer.clone(), "/consumer"),
        (
            Rule::SpecificationChanged,
            "version of the specification",
            old.version.to_string(),
            new.version.to_string(),
            "/metadata",
        ),
    ];
    let changed = names.into_iter().filter(|(_, _, before, after, _)| before != after);
    changed
        .map(|(rule, what, before, after, pointer)| Change {
            rule,
            interaction: None,
            part: Part::Contract,
            path: String::new(),
            sentence: format!("the {what} was {before} and is {after}"),
            old: Some(old.location(pointer)),
            new: Some(new.location(pointer)),
        })
        .collect()
}

fn of_pair(pair: &Pair<'_>) -> Vec<Change> {
    let (seen, old, new) = match *pair {
        Pair::Both(before, after) => (compared(before.interaction, after.interaction), before, after),
        Pair::Old(gone) => (vec![whole(Rule::InteractionRemoved, gone.interaction)], gone, gone),
        Pair::New(added) => (vec![whole(Rule::InteractionAdded, added.interaction)], added, added),
    };
    let located = |seen: Seen| Change {
        rule: seen.rule,
        interaction: Some(title(new.interaction)),
        part: seen.part,
        path: seen.path,
        sentence: seen.sentence,
        old: seen.old.map(|pointer| old.contract.location(&pointer)),
        new: seen.new.map(|pointer| new.contract.location(&pointer)),
    };
    seen.into_iter().map(located).collect()
}

/// An interaction that only one of the contracts has.
fn whole(rule: Rule, interaction: &Interaction) -> Seen {
    let pointer = Some(interaction.pointer.clone());
    let subject = exchange::subject(interaction);
    let (what, old, new) = match rule {
        Rule::InteractionRemoved => ("is no longer expected", pointer, None),
        _ => ("is expected", None, pointer),
    };
    Seen {
        rule,
        part: Part::Interaction,
        path: String::new(),
        sentence: format!("{subject} {what}"),
        old,
        new,
    }
}

fn compared(old: &Interaction, new: &Interaction) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut say = |rule: Rule, sentence: String| {
        seen.push(Seen {
            rule,
            part: Part::Interaction,
            path: String::new(),
            sentence,
            old: Some(old.pointer.clone()),
            new: Some(new.pointer.clone()),
        });
    };
    if (&old.description, &old.key) != (&new.description, &new.key) {
        say(Rule::InteractionRenamed, format!("it was called {} and is called {}", name(old), name(new)));
    }
    match (old.pending, new.pending) {
        (false, true) => say(Rule::PendingAdded, "it is marked as pending".to_owned()),
        (true, false) => say(Rule::PendingRemoved, "it is no longer marked as pending".to_owned()),
        _ => {}
    }
    if states(old) != states(new) {
        say(Rule::StatesChanged, format!("it was given {} and is given {}", given(old), given(new)));
    }
    if old.transport != new.transport {
        let words = |one: &Interaction| one.transport.clone().unwrap_or_else(|| "the usual one".to_owned());
        say(Rule::TransportChanged, format!("its transport was {} and is {}", words(old), words(new)));
    }
    if old.plugins != new.plugins {
        let words = |one: &Interaction| match one.plugins.join(", ") {
            none if none.is_empty() => "none".to_owned(),
            names => names,
        };
        say(Rule::PluginsChanged, format!("its plugins were {} and are {}", words(old), words(new)));
    }
    seen.extend(exchange::compared(&old.exchange, &new.exchange));
    seen
}

/// The name of an interaction: its description and what it is given.
pub(crate) fn title(interaction: &Interaction) -> String {
    if interaction.states.is_empty() {
        return interaction.description.clone();
    }
    format!("{} (given {})", interaction.description, given(interaction))
}

fn given(interaction: &Interaction) -> String {
    let words: Vec<_> = interaction
        .states
        .iter()
        .map(|state| match sorted(&state.params.clone().into()) {
            params if !state.params.is_empty() => format!("{} {params}", state.name),
            _ => state.name.clone(),
        })
        .collect();
    if words.is_empty() { "nothing".to_owned() } else { secret::hidden("", &words.join(", ")) }
}

fn name(interaction: &Interaction) -> String {
    match &interaction.key {
        Some(key) => format!("`{}` ({key})", interaction.description),
        None => format!("`{}`", interaction.description),
    }
}
