//! Every interaction of a contract against a specification.

use super::fit::{Fit, Trouble};
use super::paths;
use super::request;
use super::response;
use super::rules::Rule;
use super::spec::{Operation, Place, Spec};
use crate::compat::title;
use crate::contract::{Contract, Exchange, Interaction};
use crate::finding::Location;

/// What is known about one interaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The interaction, with what it is given.
    pub interaction: String,
    /// Where it stands.
    pub location: Location,
    /// The operation of the specification, `GET /faqs/{id}`, when it was found.
    pub operation: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// What does not fit and what could not be decided.
    pub findings: Vec<Finding>,
}

/// What came of checking one interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The specification covers it.
    Covered,
    /// It could not be decided.
    Undecidable,
    /// The two disagree.
    Violated,
}

/// Something that does not fit, or of which that cannot be said.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind of disagreement it is or could be.
    pub rule: Rule,
    /// True when it could not be decided.
    pub is_doubt: bool,
    /// Where in its part: `$.related[*]`, `ETag`.
    pub path: String,
    /// What is wrong, without a final period.
    pub message: String,
    /// Where it stands in the pact.
    pub pact: Location,
    /// Where it stands in the specification.
    pub spec: Location,
}

impl Outcome {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Undecidable => "undecidable",
            Self::Violated => "violated",
        }
    }
}

/// Checks every interaction of a contract, in its order.
#[must_use]
pub fn check(contract: &Contract, spec: &Spec) -> Vec<Checked> {
    contract.interactions.iter().map(|interaction| check_one(contract, interaction, spec)).collect()
}

/// Checks one interaction of a contract.
#[must_use]
pub fn check_one(contract: &Contract, interaction: &Interaction, spec: &Spec) -> Checked {
    let mut notes = Notes::new(contract, spec);
    let operation = match &interaction.exchange {
        Exchange::Http { request, response } => {
            let found = paths::operation(&mut notes, request);
            if let Some((operation, path)) = &found {
                let asked = request::Asked { request, operation, path };
                // A request that is to be refused for what it says is wrong on purpose.
                if ![400, 422].contains(&response.status) {
                    request::check(&mut notes, &asked, response.status);
                }
                response::check(&mut notes, operation, request, response);
            }
            found.map(|(operation, _)| format!("{} {}", operation.method, operation.path))
        }
        Exchange::Message(_) | Exchange::SyncMessage { .. } => {
            notes.doubt(
                Rule::MessageUnknown,
                ("", "messages are not described by this kind of specification"),
                (&interaction.pointer, ""),
            );
            None
        }
    };
    let findings = notes.findings;
    let outcome = match findings.iter().map(|finding| finding.is_doubt).min() {
        None => Outcome::Covered,
        Some(true) => Outcome::Undecidable,
        Some(false) => Outcome::Violated,
    };
    let location = contract.location(&interaction.pointer);
    Checked { interaction: title(interaction), location, operation, outcome, findings }
}

/// The findings of one interaction.
pub(super) struct Notes<'a> {
    pub(super) spec: &'a Spec,
    contract: &'a Contract,
    findings: Vec<Finding>,
}

/// Where something stands: pointers in the pact and in the specification.
type Pointers<'a> = (&'a str, &'a str);

impl<'a> Notes<'a> {
    pub(super) const fn new(contract: &'a Contract, spec: &'a Spec) -> Self {
        Self { spec, contract, findings: Vec::new() }
    }

    /// The two disagree.
    pub(super) fn no(&mut self, rule: Rule, (path, message): (&str, &str), at: Pointers<'_>) {
        self.add(rule, false, (path, message), at);
    }

    /// It cannot be decided whether they do.
    pub(super) fn doubt(&mut self, rule: Rule, (path, message): (&str, &str), at: Pointers<'_>) {
        self.add(rule, true, (path, message), at);
    }

    /// What came of comparing a value with a schema.
    pub(super) fn fit(&mut self, rule: Rule, fit: Fit) {
        let mut add = |troubles: Vec<Trouble>, is_doubt| {
            for trouble in troubles {
                self.add(rule, is_doubt, (&trouble.path, &trouble.message), (&trouble.pact, &trouble.spec));
            }
        };
        add(fit.noes, false);
        add(fit.doubts, true);
    }

    /// The parameters of an operation, with those of its path, which it may replace.
    pub(super) fn parameters(&self, operation: &Operation) -> Vec<Place<'a>> {
        let of = |pointer: &str| {
            let place = self.spec.place(&format!("{pointer}/parameters"));
            place.map(|list| self.spec.items(&list)).unwrap_or_default()
        };
        let mut parameters = of(&operation.place);
        let name = |place: &Place<'_>| (place.value.get("in").cloned(), place.value.get("name").cloned());
        for shared in of(&operation.item) {
            if !parameters.iter().any(|own| name(own) == name(&shared)) {
                parameters.push(shared);
            }
        }
        parameters
    }

    fn add(&mut self, rule: Rule, is_doubt: bool, (path, message): (&str, &str), (pact, spec): Pointers<'_>) {
        let (pact, spec) = (self.contract.location(pact), self.spec.location(spec));
        self.findings.push(Finding {
            rule,
            is_doubt,
            path: path.to_owned(),
            message: message.to_owned(),
            pact,
            spec,
        });
    }
}
