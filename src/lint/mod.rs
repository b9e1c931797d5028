//! Weak contracts: pacts that can be replayed, and promise less or something else than their
//! authors believe.
//!
//! Everything here is a warning and a pure function of contracts that were read before. A lint
//! that cries wolf is switched off, so each rule stays silent where it cannot be sure.

mod contradictory;
mod dynamic;
mod hollow;
mod states;
mod weak;

use crate::contract::Body;
use crate::contract::Contents;
use crate::contract::Contract;
use crate::contract::Exchange;
use crate::contract::Interaction;
use crate::contract::PlacedGenerator;
use crate::contract::Rule;
use crate::finding::Finding;

/// Everything there is to warn of, file by file in the order given.
#[must_use]
pub fn check(contracts: &[Contract]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = contracts.iter().flat_map(each).collect();
    findings.extend(states::similar(contracts));
    findings.extend(contradictory::contradictory(contracts));
    let position = |file: &str| contracts.iter().position(|contract| contract.file() == file);
    findings
        .sort_by_key(|finding| finding.location.as_ref().map(|at| (position(&at.file), at.line, at.column)));
    findings
}

fn each(contract: &Contract) -> Vec<Finding> {
    let hollow = contract.interactions.iter().flat_map(|interaction| hollow::check(contract, interaction));
    let answers = contract.interactions.iter().flat_map(answers);
    let each = answers
        .flat_map(|answer| [dynamic::check(contract, &answer), weak::check(contract, &answer)].concat());
    hollow.chain(each).collect()
}

/// What a provider has to produce: a response, or the contents of a message.
struct Answer<'a> {
    headers: &'a [(String, Vec<String>)],
    body: &'a Body,
    rules: &'a [Rule],
    generators: &'a [PlacedGenerator],
    /// JSON pointer to the part that holds the headers.
    pointer: &'a str,
}

fn answers(interaction: &Interaction) -> Vec<Answer<'_>> {
    match &interaction.exchange {
        Exchange::Http { response, .. } => vec![Answer {
            headers: &response.headers,
            body: &response.body,
            rules: &response.rules,
            generators: &response.generators,
            pointer: &response.pointer,
        }],
        Exchange::Message(contents) => vec![contents.into()],
        Exchange::SyncMessage { responses, .. } => responses.iter().map(Into::into).collect(),
    }
}

impl<'a> From<&'a Contents> for Answer<'a> {
    fn from(contents: &'a Contents) -> Self {
        Self {
            headers: &[],
            body: &contents.body,
            rules: &contents.rules,
            generators: &contents.generators,
            pointer: &contents.pointer,
        }
    }
}
