//! Proves that an answer keeps its contract, where that can be seen in one pass over its bytes.
//!
//! Most answers pass, and most rules are simple: for those, building the reference matcher's model
//! and letting it compare costs many times more than reading the answer. The proof knows the
//! semantics of the common rules, says *passes* only where the reference matcher and our stricter
//! checks would both find nothing, and says *do not know* to everything else, however small the
//! doubt. It never says *mismatch*. `soundness` holds it against the whole judge.

mod body;
mod content;
mod example;
mod headers;
mod rules;
mod scalar;
mod walk;

#[cfg(test)]
mod mutate;
#[cfg(test)]
mod random;
#[cfg(test)]
mod soundness;

use super::actual::Answer;
use super::judge::Actual;
use crate::contract::{Category, Exchange, Generator, Interaction, Matcher, Response, Rule};

/// True when the answer surely keeps the contract; false says nothing.
pub(super) fn is_proven(interaction: &Interaction, actual: &Actual) -> bool {
    match (&interaction.exchange, actual) {
        (Exchange::Http { response, .. }, Actual::Http(answer)) => answer_passes(response, answer),
        _ => false,
    }
}

fn answer_passes(response: &Response, answer: &Answer) -> bool {
    !depends_on_states(response)
        && status_passes(response, answer.status)
        && headers::pass(response, answer)
        && body::passes(response, answer)
}

/// Values from provider states can replace those of the example.
fn depends_on_states(response: &Response) -> bool {
    response.generators.iter().any(|placed| matches!(placed.generator, Generator::ProviderState { .. }))
}

fn status_passes(response: &Response, status: u16) -> bool {
    let mut rules = response.rules.iter().filter(|rule| rule.category == Category::Status);
    match (rules.next(), rules.next()) {
        (None, _) => status == response.status,
        (Some(Rule { matchers, .. }), None) => match matchers.as_slice() {
            [Matcher::StatusCode(class)] => class.has(status),
            _ => false,
        },
        (Some(_), Some(_)) => false,
    }
}
