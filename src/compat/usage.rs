//! Who relies on what: endpoint by endpoint, answer by answer, field by field.
//!
//! It says what contracts mention. What no contract mentions is not listed, which does not mean that
//! nobody uses it.

use std::collections::{BTreeMap, BTreeSet};

use super::change::Part;
use super::endpoint::Template;
use super::parts;
use super::reliance::{self, Reliance, Strength};
use crate::contract::{Category, Contract, Exchange, Interaction};
use crate::cores::side_by_side;
use crate::finding::Location;

/// A contract with what is known about the version of the consumer that has it.
#[derive(Debug, Clone)]
pub struct Relied<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// The consumer's version, when it is known.
    pub version: Option<String>,
    /// The branches that this version is on.
    pub branches: Vec<String>,
    /// The environments that this version is deployed to or released in.
    pub environments: Vec<String>,
}

impl<'a> Relied<'a> {
    /// A contract from a file, of which nothing more is known.
    #[must_use]
    pub fn from_file(contract: &'a Contract) -> Self {
        Self { contract, version: None, branches: Vec::new(), environments: Vec::new() }
    }
}

/// Who relies on what.
#[derive(Debug, Clone, PartialEq)]
pub struct Usage {
    /// The contracts it was drawn from.
    pub sources: Vec<Source>,
    /// The endpoints and messages that they mention, in order.
    pub endpoints: Vec<Endpoint>,
}

/// A contract that a map was drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its file or address.
    pub file: String,
    /// The consumer.
    pub consumer: String,
    /// The provider.
    pub provider: String,
    /// The consumer's version, when it is known.
    pub version: Option<String>,
    /// The branches of this version.
    pub branches: Vec<String>,
    /// The environments it is in.
    pub environments: Vec<String>,
    /// How many interactions it has.
    pub interactions: usize,
}

/// What is used of the provider at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// What it is.
    pub operation: Operation,
    /// The paths as the contracts write them, when that is not the one of the operation.
    pub written: Vec<String>,
    /// What consumers send.
    pub request: Vec<Place>,
    /// The answers that they expect.
    pub answers: Vec<Answer>,
}

/// Something that a provider offers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// A request over HTTP.
    Http {
        /// The path, with what varies in braces.
        path: Template,
        /// The method.
        method: String,
    },
    /// A message that the provider publishes, by its description.
    Message(String),
    /// A message that the provider answers, by its description.
    SyncMessage(String),
}

/// An answer of an endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its status, in words; empty for messages.
    pub status: String,
    /// Who expects it.
    pub by: Vec<Use>,
    /// What they read of it.
    pub response: Vec<Place>,
}

/// A field, a header or a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The part it is in.
    pub part: Part,
    /// Where in the part.
    pub path: String,
    /// Who relies on it.
    pub by: Vec<Use>,
}

/// How one contract relies on something.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The contract, as a position in [`Usage::sources`].
    pub source: usize,
    /// How firmly, at most.
    pub strength: Strength,
    /// What exactly is relied on there, in words.
    pub words: String,
    /// True when the contract breaks as soon as it is gone.
    pub is_required: bool,
    /// True when all interactions that use it are marked as pending.
    pub is_pending: bool,
    /// In how many interactions.
    pub interactions: usize,
    /// The first of these interactions.
    pub location: Location,
}

impl Endpoint {
    /// Everything that is used of it, sent or received.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.request.iter().chain(self.answers.iter().flat_map(|answer| &answer.response))
    }
}

impl Operation {
    /// What an interaction uses.
    pub(crate) fn of(interaction: &Interaction, templates: &[Template]) -> Self {
        match &interaction.exchange {
            Exchange::Http { request, .. } => {
                let path = parts::text(&request.path, Category::Path, &request.rules);
                let path = Template::of_path(&path, templates);
                Self::Http { path, method: request.method.clone() }
            }
            Exchange::Message(_) => Self::Message(interaction.description.clone()),
            Exchange::SyncMessage { .. } => Self::SyncMessage(interaction.description.clone()),
        }
    }
}

impl Operation {
    /// What a part is called here: a message has metadata and contents.
    #[must_use]
    pub fn part_words(&self, part: Part) -> &'static str {
        match (self, part) {
            (Self::Http { .. }, part) => part.words(),
            (_, Part::RequestHeader) => "request metadata",
            (_, Part::RequestBody) => "request contents",
            (_, Part::ResponseHeader) => "metadata",
            (_, Part::ResponseBody) => "contents",
            (_, part) => part.words(),
        }
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Http { path, method } => write!(f, "{method} {path}"),
            Self::Message(description) => write!(f, "message \"{description}\""),
            Self::SyncMessage(description) => write!(f, "answer to the message \"{description}\""),
        }
    }
}

/// Draws the map. The templates, of a specification, say which paths belong together.
#[must_use]
pub fn usage(relied: &[Relied<'_>], templates: &[Template]) -> Usage {
    let mut endpoints = Drafts::new();
    for drafts in
        side_by_side(relied.iter().enumerate().collect(), |(source, one)| drafts(source, one, templates))
    {
        for (operation, draft) in drafts {
            endpoints.entry(operation).or_default().append(draft);
        }
    }
    Usage {
        sources: relied.iter().map(source).collect(),
        endpoints: endpoints.into_iter().map(|(operation, draft)| draft.finished(operation)).collect(),
    }
}

/// What one contract uses.
fn drafts(source: usize, one: &Relied<'_>, templates: &[Template]) -> Drafts {
    let mut drafts = Drafts::new();
    for interaction in &one.contract.interactions {
        let location = one.contract.location(&interaction.pointer);
        let user = User { source, interaction, location };
        drafts.entry(Operation::of(interaction, templates)).or_default().add(&user);
    }
    drafts
}

fn source(relied: &Relied<'_>) -> Source {
    Source {
        file: relied.contract.file().to_owned(),
        consumer: relied.contract.consumer.clone(),
        provider: relied.contract.provider.clone(),
        version: relied.version.clone(),
        branches: relied.branches.clone(),
        environments: relied.environments.clone(),
        interactions: relied.contract.interactions.len(),
    }
}

/// An interaction that uses something.
struct User<'a> {
    source: usize,
    interaction: &'a Interaction,
    location: Location,
}

type Drafts = BTreeMap<Operation, Draft>;
type Places = BTreeMap<(Part, String), Vec<Use>>;

/// An endpoint that is still growing.
#[derive(Default)]
struct Draft {
    written: BTreeSet<String>,
    request: Places,
    answers: BTreeMap<String, (Vec<Use>, Places)>,
}

impl Draft {
    fn add(&mut self, user: &User<'_>) {
        let status = status(user.interaction);
        if let Exchange::Http { request, .. } = &user.interaction.exchange {
            self.written.insert(request.path.clone());
        }
        let (by, response) = self.answers.entry(status).or_default();
        note(by, user, None);
        // Several examples of one list say the same about one place; that is one interaction.
        let mut places = BTreeMap::<(Part, String), Reliance>::new();
        for reliance in reliance::of(user.interaction) {
            match places.entry((reliance.part, reliance.path.clone())) {
                std::collections::btree_map::Entry::Vacant(place) => drop(place.insert(reliance)),
                std::collections::btree_map::Entry::Occupied(mut place) => {
                    if place.get().strength < reliance.strength {
                        place.insert(reliance);
                    }
                }
            }
        }
        for (place, reliance) in places {
            let side = if place.0.is_response() { &mut *response } else { &mut self.request };
            note(side.entry(place).or_default(), user, Some(&reliance));
        }
    }

    /// Adds what another contract uses.
    fn append(&mut self, other: Self) {
        self.written.extend(other.written);
        append(&mut self.request, other.request);
        for (status, (by, places)) in other.answers {
            let own = self.answers.entry(status).or_default();
            own.0.extend(by);
            append(&mut own.1, places);
        }
    }

    fn finished(self, operation: Operation) -> Endpoint {
        let own = match &operation {
            Operation::Http { path, .. } => path.to_string(),
            Operation::Message(_) | Operation::SyncMessage(_) => String::new(),
        };
        let answer = |(status, (by, response))| Answer { status, by, response: finished(response) };
        Endpoint {
            operation,
            written: self.written.into_iter().filter(|path| *path != own).collect(),
            request: finished(self.request),
            answers: self.answers.into_iter().map(answer).collect(),
        }
    }
}

fn append(places: &mut Places, others: Places) {
    for (place, by) in others {
        places.entry(place).or_default().extend(by);
    }
}

fn finished(places: Places) -> Vec<Place> {
    places.into_iter().map(|((part, path), by)| Place { part, path, by }).collect()
}

/// Adds an interaction to those of its contract, or the first of them. Interactions come contract by
/// contract, so that only the last one can be of the same.
fn note(known: &mut Vec<Use>, user: &User<'_>, reliance: Option<&Reliance>) {
    let strength = reliance.map_or(Strength::Presence, |reliance| reliance.strength);
    let is_required = reliance.is_none_or(|reliance| reliance.is_required);
    let words = || reliance.map(|reliance| reliance.words.clone()).unwrap_or_default();
    if let Some(own) = known.last_mut().filter(|own| own.source == user.source) {
        own.interactions += 1;
        own.is_pending &= user.interaction.pending;
        own.is_required |= is_required;
        if own.strength < strength {
            own.strength = strength;
            own.words = words();
        }
        return;
    }
    known.push(Use {
        source: user.source,
        strength,
        words: words(),
        is_required,
        is_pending: user.interaction.pending,
        interactions: 1,
        location: user.location.clone(),
    });
}

/// The status that an interaction expects, in words; none for messages.
pub(crate) fn status(interaction: &Interaction) -> String {
    let Exchange::Http { response, .. } = &interaction.exchange else { return String::new() };
    let rule = response.rules.iter().find(|rule| rule.category == Category::Status);
    rule.map_or_else(|| response.status.to_string(), ToString::to_string)
}
