//! Whether something may go: who relies on it, and what would free it.

use super::change::Part;
use super::diff::title;
use super::endpoint::Template;
use super::parts;
use super::reliance::{self, Reliance, Strength};
use super::usage::{Operation, Relied};
use super::values::Values;
use crate::contract::{Category, Exchange, Interaction, RulePath, Token};
use crate::finding::Location;

/// What somebody wants to take away.
#[derive(Debug, Clone)]
pub struct Removal {
    /// From which endpoints or messages.
    pub operation: Wanted,
    /// What of them.
    pub what: What,
}

/// The endpoints or messages that are meant.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// All there are.
    All,
    /// A path, which may have parts in braces, with one method or with all.
    Http {
        /// The method, in upper case.
        method: Option<String>,
        /// The path as it was asked for.
        path: String,
    },
    /// A message, by its description.
    Message(String),
}

/// What of an endpoint is to go.
#[derive(Debug, Clone)]
pub enum What {
    /// All of it.
    Everything,
    /// An answer, by its status.
    Status(u16),
    /// A field of a body, sent or received.
    Field(RulePath),
    /// A parameter.
    Query(String),
    /// A header, sent or received.
    Header(String),
}

/// An interaction that would break.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocker {
    /// The contract, as a position in the list that was asked about.
    pub source: usize,
    /// The endpoint or message.
    pub operation: Operation,
    /// The interaction, with what it is given.
    pub interaction: String,
    /// What it relies on, in words.
    pub relies_on: String,
    /// How firmly.
    pub strength: Strength,
    /// True when it is marked as pending.
    pub is_pending: bool,
    /// The smallest change of the contract that would free it.
    pub way_out: String,
    /// Where it stands.
    pub location: Location,
}

impl Wanted {
    /// Reads `POST /v1/create`, `/v1/create`, `message a FAQ was published` or `*`.
    ///
    /// # Errors
    /// What is wrong, for a text that is none of these.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        let path = if first.starts_with('/') && rest.is_empty() { first } else { rest };
        match first {
            "*" if rest.is_empty() => Ok(Self::All),
            _ if path.contains('?') => {
                Err(format!("`{path}` has a query; ask for a parameter with --query NAME"))
            }
            _ if path == first => Ok(Self::Http { method: None, path: path.to_owned() }),
            _ if path.starts_with('/') => {
                Ok(Self::Http { method: Some(first.to_uppercase()), path: path.to_owned() })
            }
            _ if first.eq_ignore_ascii_case("message") && !rest.is_empty() => {
                let bare = rest.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                Ok(Self::Message(bare.unwrap_or(rest).to_owned()))
            }
            _ => Err(format!(
                "`{text}` is neither a method with a path (`GET /faqs/{{id}}`), a path, nor `message` with a description"
            )),
        }
    }

    /// True when an endpoint or message is among what is meant.
    #[must_use]
    pub fn is_about(&self, operation: &Operation) -> bool {
        match (self, operation) {
            (Self::All, _) => true,
            (Self::Http { method, path }, Operation::Http { path: template, method: own }) => {
                method.as_ref().is_none_or(|method| method == own) && Template::parse(path).overlaps(template)
            }
            (Self::Message(wanted), Operation::Message(own) | Operation::SyncMessage(own)) => wanted == own,
            _ => false,
        }
    }

    /// True when an interaction is about what is meant. A pattern of which that cannot be told is taken
    /// to be.
    pub(crate) fn includes(&self, interaction: &Interaction) -> bool {
        match (self, &interaction.exchange) {
            (Self::All, _) => true,
            (Self::Http { method, path }, Exchange::Http { request, .. }) => {
                let own = parts::text(&request.path, Category::Path, &request.rules);
                method.as_ref().is_none_or(|method| *method == request.method) && is_path(path, &own)
            }
            (Self::Message(description), Exchange::Message(_) | Exchange::SyncMessage { .. }) => {
                *description == interaction.description
            }
            _ => false,
        }
    }
}

impl std::fmt::Display for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("every operation"),
            Self::Http { method: Some(method), path } => write!(f, "{method} {path}"),
            Self::Http { method: None, path } => f.write_str(path),
            Self::Message(description) => write!(f, "message \"{description}\""),
        }
    }
}

impl std::fmt::Display for Removal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let operation = &self.operation;
        match &self.what {
            What::Everything => write!(f, "{operation}"),
            What::Status(status) => write!(f, "the status {status} of {operation}"),
            What::Field(path) => write!(f, "the field `{path}` of {operation}"),
            What::Query(name) => write!(f, "the parameter `{name}` of {operation}"),
            What::Header(name) => write!(f, "the header `{name}` of {operation}"),
        }
    }
}

fn is_path(wanted: &str, own: &Values) -> bool {
    let template = Template::parse(wanted);
    match own.example.as_str() {
        Some(path) if own.is_exact() => template.matches(path),
        _ if template.is_literal() => own.has(&wanted.into()) != Some(false),
        _ => template.overlaps(&Template::of_path(own, &[])),
    }
}

/// True when a contract mentions what is meant at all, whatever of it is to go.
#[must_use]
pub fn is_mentioned(relied: &[Relied<'_>], wanted: &Wanted) -> bool {
    relied.iter().flat_map(|one| &one.contract.interactions).any(|one| wanted.includes(one))
}

/// True when a contract mentions what is to go, whether it needs it or not: it may be in a list that may be
/// empty, or be one of several statuses.
#[must_use]
pub fn mentions(relied: &[Relied<'_>], removal: &Removal) -> bool {
    let mut own = relied.iter().flat_map(|one| &one.contract.interactions);
    own.any(|one| removal.operation.includes(one) && is_known(one, &removal.what))
}

/// Every interaction that relies on what is to go, in the order of the contracts.
#[must_use]
pub fn blockers(relied: &[Relied<'_>], templates: &[Template], removal: &Removal) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    for (source, one) in relied.iter().enumerate() {
        for interaction in &one.contract.interactions {
            if let Some(hold) = hold(interaction, removal) {
                blockers.push(Blocker {
                    source,
                    operation: Operation::of(interaction, templates),
                    interaction: title(interaction),
                    relies_on: hold.relies_on,
                    strength: hold.strength,
                    is_pending: interaction.pending,
                    way_out: hold.way_out,
                    location: one.contract.location(&hold.pointer),
                });
            }
        }
    }
    blockers
}

/// What an interaction holds on to.
struct Hold {
    relies_on: String,
    strength: Strength,
    way_out: String,
    pointer: String,
}

fn hold(interaction: &Interaction, removal: &Removal) -> Option<Hold> {
    if !removal.operation.includes(interaction) {
        return None;
    }
    match &removal.what {
        What::Everything => Some(Hold {
            relies_on: "all of it".to_owned(),
            strength: Strength::Presence,
            way_out: "remove this interaction, or let it use another endpoint".to_owned(),
            pointer: interaction.pointer.clone(),
        }),
        What::Status(status) => of_status(interaction, *status),
        What::Field(_) | What::Query(_) | What::Header(_) => of_place(interaction, &removal.what),
    }
}

/// True when something that an interaction mentions is what is to go, or is in it.
fn is_about(one: &Reliance, what: &What) -> bool {
    // An item of a list of values stands under the name of the list.
    let name = one.path.strip_suffix("[*]").unwrap_or(&one.path);
    match what {
        What::Everything | What::Status(_) => false,
        What::Field(path) => {
            let in_body = matches!(one.part, Part::RequestBody | Part::ResponseBody);
            in_body && RulePath::parse(&one.path).is_ok_and(|own| covers(&own, path))
        }
        // `filter[name]` is how a parameter `filter` that is an object is written.
        What::Query(wanted) => {
            let is_in = || name.split_once('[').is_some_and(|(object, _)| object == wanted);
            one.part == Part::Query && (name == wanted || is_in())
        }
        What::Header(wanted) => {
            matches!(one.part, Part::RequestHeader | Part::ResponseHeader)
                && name.eq_ignore_ascii_case(wanted)
        }
    }
}

fn is_known(interaction: &Interaction, what: &What) -> bool {
    match (what, &interaction.exchange) {
        (What::Everything, _) => true,
        (What::Status(status), Exchange::Http { response, .. }) => {
            let accepted = parts::statuses(response.status, &response.rules);
            response.status == *status || accepted.is_none_or(|accepted| accepted.contains(status))
        }
        (What::Status(_), _) => false,
        _ => reliance::of(interaction).iter().any(|one| is_about(one, what)),
    }
}

fn of_status(interaction: &Interaction, status: u16) -> Option<Hold> {
    let Exchange::Http { response, .. } = &interaction.exchange else { return None };
    let accepted = parts::statuses(response.status, &response.rules);
    let has_others = accepted.as_ref().is_some_and(|accepted| accepted.iter().any(|one| *one != status));
    if has_others {
        // Whether another takes its place is not known from here; without one, the contract is broken.
        return (response.status == status).then(|| Hold {
            relies_on: format!("the status {status}, or another that it accepts"),
            strength: Strength::Pattern,
            way_out: format!("expect an answer that takes the place of {status}"),
            pointer: response.pointer.clone(),
        });
    }
    let needs = accepted.is_none_or(|accepted| accepted == [status]);
    needs.then(|| Hold {
        relies_on: format!("the status {status}"),
        strength: Strength::Exact,
        way_out: format!("accept another status than {status}, or remove this interaction"),
        pointer: response.pointer.clone(),
    })
}

fn of_place(interaction: &Interaction, what: &What) -> Option<Hold> {
    let reliances = reliance::of(interaction);
    let known: Vec<_> = reliances.iter().filter(|one| one.is_required && is_about(one, what)).collect();
    let is_field = matches!(what, What::Field(_));
    let is_whole = |one: &&Reliance| is_field && (one.is_whole || !interaction.plugins.is_empty());
    of_reliances(interaction, &known).or_else(|| {
        reliances.iter().find(is_whole).map(|one| Hold {
            relies_on: format!("{} as a whole, which may need it", part_words(interaction, one.part)),
            strength: one.strength,
            way_out: "look at the body; what is in it cannot be told from here".to_owned(),
            pointer: one.pointer.clone(),
        })
    })
}

fn part_words(interaction: &Interaction, part: Part) -> &'static str {
    Operation::of(interaction, &[]).part_words(part)
}

/// All that holds on to it, sent and received, with what would free each; the firmest says where it stands.
fn of_reliances(interaction: &Interaction, all: &[&Reliance]) -> Option<Hold> {
    let firmest = all.iter().max_by_key(|one| one.strength)?;
    let relies_on =
        |one: &&Reliance| format!("{} `{}`: {}", part_words(interaction, one.part), one.path, one.words);
    let way_out = |one: &&Reliance| match one.part {
        Part::ResponseBody | Part::ResponseHeader => format!("do not expect `{}`", one.path),
        _ => format!("send no `{}`", one.path),
    };
    Some(Hold {
        relies_on: distinct(all.iter().map(relies_on)).join("; "),
        strength: firmest.strength,
        way_out: format!("{} in this interaction", distinct(all.iter().map(way_out)).join(" and ")),
        pointer: firmest.pointer.clone(),
    })
}

fn distinct(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = Vec::new();
    all.for_each(|one| {
        if !known.contains(&one) {
            known.push(one);
        }
    });
    known
}

/// True when the path that a contract relies on is the wanted one, or has a wildcard where that one has
/// a key or a position.
fn covers(own: &RulePath, wanted: &RulePath) -> bool {
    let same = |pair: (&Token, &Token)| match pair {
        (Token::Any, _)
        | (_, Token::Any)
        | (Token::AnyIndex | Token::Index(_), Token::AnyIndex | Token::Index(_)) => true,
        (own, wanted) => own == wanted,
    };
    own.tokens().len() == wanted.tokens().len() && own.tokens().iter().zip(wanted.tokens()).all(same)
}
