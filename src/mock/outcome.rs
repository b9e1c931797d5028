//! What has happened to a mock.

use std::fmt;
use std::sync::Arc;

use crate::contract::{Contract, Exchange, Interaction};
use crate::finding::Finding;
use crate::matching::{Incoming, Near};

/// One interaction that a mock answers from.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// The contract it stands in.
    pub contract: Arc<Contract>,
    /// Its position among the interactions of the contract.
    pub position: usize,
}

impl Expectation {
    /// Every interaction of every contract, in their order.
    pub(crate) fn all(contracts: &[Arc<Contract>]) -> Vec<Self> {
        let of_one = |contract: &Arc<Contract>| {
            let all = 0..contract.interactions.len();
            let contract = Arc::clone(contract);
            all.map(move |position| Self { contract: Arc::clone(&contract), position })
        };
        contracts.iter().flat_map(of_one).collect()
    }

    /// The interaction itself.
    #[must_use]
    pub fn interaction(&self) -> &Interaction {
        &self.contract.interactions[self.position]
    }
}

/// What came of one request.
#[derive(Debug, Clone)]
pub struct Served<'a> {
    /// The request.
    pub request: &'a Incoming,
    /// The status that was answered.
    pub status: u16,
    /// What it met.
    pub outcome: &'a Outcome,
}

/// What a request met.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// This interaction.
    Hit(Expectation),
    /// An interaction whose answer could not be given, which is no use of it.
    Unanswered(Unanswered),
    /// None of them.
    Miss(Box<Miss>),
    /// It was a preflight request of a web page, which is not counted.
    Preflight,
}

/// An interaction that was asked for and whose answer could not be given.
#[derive(Debug, Clone)]
pub struct Unanswered {
    /// The interaction.
    pub expectation: Expectation,
    /// Why there is no answer.
    pub why: String,
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" cannot be answered: {}", self.expectation.interaction().description, self.why)
    }
}

/// A request that met no expectation.
#[derive(Debug, Clone)]
pub struct Miss {
    /// The request.
    pub request: Incoming,
    /// The nearest expectation, when one is near, and what differs.
    pub nearest: Option<(Expectation, Near)>,
    /// Where the nearest expectation is written, as `FILE:LINE:COLUMN`.
    pub place: Option<String>,
    /// What else there is to say about it, such as that nothing is in the state it names.
    pub remark: Option<String>,
    /// Why it could not be found out what the request meets, when that is so.
    pub problem: Option<Finding>,
    /// All that was expected, by method and path, in the order of the contracts.
    pub expected: Vec<String>,
}

/// What has happened to a mock, from its start to its end.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// How often each interaction was used: first by contract, then by its position in it. Those
    /// that are no HTTP stay at zero.
    pub hits: Vec<Vec<usize>>,
    /// Every request that met no expectation, in the order in which they came.
    pub misses: Vec<Miss>,
    /// Every request whose answer could not be given.
    pub unanswered: Vec<Unanswered>,
}

impl Record {
    /// The HTTP interactions that nobody used, as positions of contract and interaction.
    #[must_use]
    pub fn unused(&self, contracts: &[Arc<Contract>]) -> Vec<(usize, usize)> {
        let is_http = |contract: usize, position: usize| {
            let interaction =
                contracts.get(contract).and_then(|contract| contract.interactions.get(position));
            interaction.is_some_and(|one| matches!(one.exchange, Exchange::Http { .. }))
        };
        let all = self.hits.iter().enumerate().flat_map(|(contract, hits)| {
            hits.iter().enumerate().map(move |(position, count)| (contract, position, *count))
        });
        all.filter(|(contract, position, count)| *count == 0 && is_http(*contract, *position))
            .map(|(contract, position, _)| (contract, position))
            .collect()
    }
}
