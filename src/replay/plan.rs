//! Which interactions are verified, in which order, and which share one replay.
//!
//! Pure: contracts and a selection go in, an ordered list comes out. Every interaction of the
//! provider has an entry, also the ones that are left out, each with the reason.

use std::collections::hash_map::Entry as MapEntry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};

use super::filter::Selection;
use super::source::Source;
use crate::contract::{Contract, Exchange, Interaction, digest};
use crate::outcome::SkipReason;
use crate::redact::Redactor;

/// An ordered list of what is going to happen to each interaction.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// One entry for each interaction of each contract, in the order of the contracts.
    pub entries: Vec<Entry>,
}

/// One interaction of the plan.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The contract it belongs to, and why that is verified.
    pub source: Arc<Source>,
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
    /// The contract it belongs to.
    #[must_use]
    pub fn contract(&self) -> &Arc<Contract> {
        &self.source.contract
    }

    /// The interaction itself.
    #[must_use]
    pub fn interaction(&self) -> &Interaction {
        &self.contract().interactions[self.position]
    }

    /// What it asks, by whom and of whom, in a few letters; see [`identity`].
    #[must_use]
    pub fn identity(&self) -> String {
        identity(self.contract(), self.interaction())
    }

    /// Whether it is not yet expected to hold, as its contract or whoever chose the contract says.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.source.pending || self.source.waived.is_some() || self.interaction().pending
    }
}

impl Plan {
    /// How many entries need no verdict, because an earlier verification has found one.
    #[must_use]
    pub fn already(&self) -> usize {
        self.entries.iter().filter(|entry| entry.action == Action::Skip(SkipReason::AlreadyVerified)).count()
    }

    /// A redactor that knows the secrets in the request headers of all entries as well.
    pub(super) fn hidden_by(&self, redactor: &Redactor) -> Redactor {
        let requests = self.entries.iter().filter_map(|entry| match &entry.interaction().exchange {
            Exchange::Http { request, .. } => Some(request),
            Exchange::Message(_) | Exchange::SyncMessage { .. } => None,
        });
        let headers = requests.flat_map(|request| &request.headers);
        let secret = headers.filter(|(name, _)| redactor.is_secret(name));
        // Most interactions of a consumer send the same.
        let distinct: BTreeSet<(&str, &str)> =
            secret.flat_map(|(name, values)| values.iter().map(|it| (name.as_str(), it.as_str()))).collect();
        distinct
            .into_iter()
            .fold(redactor.clone(), |redactor, (name, value)| redactor.knowing_exchanged(name, value))
    }

    /// How many entries are going to get a verdict.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.entries.iter().filter(|entry| !matches!(entry.action, Action::Skip(_))).count()
    }
}

/// Plans the verification of all interactions of `sources`, which are about one provider.
///
/// With `in_order`, nothing runs side by side.
#[must_use]
pub fn plan(sources: &[Arc<Source>], selection: &Selection, in_order: bool) -> Plan {
    let mut entries = Vec::new();
    let mut keys = HashMap::new();
    let mut replayed = Replayed::default();
    for source in sources {
        let contract = &*source.contract;
        for (position, interaction) in contract.interactions.iter().enumerate() {
            let key = unique(&mut keys, key_of(contract, interaction));
            let reason = selection.skip_reason(contract, interaction, &key, entries.len());
            let already = source.already.get(position).is_some_and(Option::is_some);
            let action = match reason.or_else(|| already.then_some(SkipReason::AlreadyVerified)) {
                Some(reason) => Action::Skip(reason),
                None => match replayed.first_like(&entries, (contract, interaction)) {
                    Some(first) => Action::SameAs(first),
                    None => replay_action(interaction, in_order),
                },
            };
            entries.push(Entry { source: Arc::clone(source), position, key, action });
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

/// The same for the same words of the same contract partners, in whichever file and whichever run: an
/// interaction that was changed has another.
pub(super) fn identity(contract: &Contract, interaction: &Interaction) -> String {
    let mut text = format!("{}\n{}\n{}\n", contract.consumer, contract.provider, contract.version.number());
    match contract.document.source(&interaction.pointer) {
        Some(source) => text.push_str(source),
        None => text += &contract.json(interaction).to_string(),
    }
    digest(text)[..20].to_owned()
}

/// Two interactions of one pact may have the same key; the later ones get a number.
fn unique(keys: &mut HashMap<String, usize>, key: String) -> String {
    let seen = keys.entry(key.clone()).or_insert(0);
    *seen += 1;
    if *seen == 1 { key } else { format!("{key}-{seen}") }
}

/// The entries that are replayed so far. A signature is only made where a glance cannot tell two
/// interactions apart, since it takes longer than reading most of them.
#[derive(Default)]
struct Replayed<'a> {
    /// By glance, the first entry as long as it is the only one.
    alone: HashMap<Glance<'a>, Option<usize>>,
    /// By signature, all entries that share their glance with another one.
    signed: HashMap<String, usize>,
}

/// Interactions that differ here are not identical.
type Glance<'a> = (&'a str, &'a str, usize);

impl<'a> Replayed<'a> {
    /// The entry that is identical to an interaction; without one, the interaction, which is going
    /// to be the next entry, is remembered.
    fn first_like(
        &mut self,
        entries: &[Entry],
        (contract, interaction): (&Contract, &'a Interaction),
    ) -> Option<usize> {
        match self.alone.entry(glance(interaction)) {
            MapEntry::Vacant(place) => {
                place.insert(Some(entries.len()));
                return None;
            }
            MapEntry::Occupied(mut place) => {
                if let Some(first) = place.get_mut().take() {
                    let entry = &entries[first];
                    self.signed.insert(signature(entry.contract(), entry.interaction()), first);
                }
            }
        }
        match self.signed.entry(signature(contract, interaction)) {
            MapEntry::Vacant(place) => {
                place.insert(entries.len());
                None
            }
            MapEntry::Occupied(first) => Some(*first.get()),
        }
    }
}

fn glance(interaction: &Interaction) -> Glance<'_> {
    let (what, which) = match &interaction.exchange {
        Exchange::Http { request, .. } => (request.method.as_str(), request.path.as_str()),
        Exchange::Message(_) | Exchange::SyncMessage { .. } => ("", interaction.description.as_str()),
    };
    (what, which, interaction.states.len())
}

/// Everything that the provider can tell apart: interactions with the same signature get the same
/// request in the same states and are judged alike.
fn signature(contract: &Contract, interaction: &Interaction) -> String {
    let original = contract.json(interaction);
    let parts =
        ["type", "request", "response", "contents", "metadata", "metaData", "matchingRules", "generators"]
            .map(|part| original.get(part));
    // The provider is told a message's description, and nothing else tells messages apart.
    let description = match interaction.exchange {
        Exchange::Http { .. } => "",
        Exchange::Message(_) | Exchange::SyncMessage { .. } => interaction.description.as_str(),
    };
    let version = contract.version.number();
    let whole = (version, parts, states(interaction), description, &interaction.transport);
    digest(serde_json::to_vec(&whole).expect("what was read as JSON can be written as JSON"))
}

fn states(interaction: &Interaction) -> Value {
    interaction.states.iter().map(|state| json!([state.name, state.params])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::read;

    /// Pacts with one GET for each path and query.
    fn planned(pacts: &[&[(&str, &str)]]) -> Vec<Action> {
        let contracts = pacts.iter().map(|requests| {
            let interaction = |(path, query): &(&str, &str)| {
                let request = json!({ "method": "GET", "path": path, "query": query });
                json!({ "description": format!("{path} {query}"), "request": request, "response": { "status": 200 } })
            };
            let pact = json!({
                "consumer": { "name": "support" },
                "provider": { "name": "faq" },
                "interactions": requests.iter().map(interaction).collect::<Vec<_>>(),
                "metadata": { "pactSpecification": { "version": "2.0.0" } },
            });
            Arc::new(Source::from(read("a.json", pact.to_string().into_bytes()).contract.expect("a contract")))
        });
        let plan = plan(&contracts.collect::<Vec<_>>(), &Selection::default(), false);
        plan.entries.iter().map(|entry| entry.action).collect()
    }

    #[test]
    fn identical_interactions_are_replayed_once_wherever_they_stand() {
        use Action::{ReplayFreely, SameAs};

        let found =
            planned(&[&[("/a", "x=1"), ("/a", "x=2"), ("/b", "x=1")], &[("/a", "x=2"), ("/a", "x=1")]]);
        assert_eq!(found, [ReplayFreely, ReplayFreely, ReplayFreely, SameAs(1), SameAs(0)]);
        let found = planned(&[&[("/a", "x=1")], &[("/a", "x=1")], &[("/a", "x=1"), ("/a", "x=2")]]);
        assert_eq!(found, [ReplayFreely, SameAs(0), SameAs(0), ReplayFreely]);
    }
}
