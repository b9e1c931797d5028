//! Interactions that no provider can satisfy both: the same request in the same states, and
//! answers that exclude each other.

use std::collections::BTreeMap;

use serde_json::Value;

use super::dynamic::is_relaxed;
use crate::contract::Body;
use crate::contract::Category;
use crate::contract::Contract;
use crate::contract::Exchange;
use crate::contract::Interaction;
use crate::contract::Matcher;
use crate::contract::Request;
use crate::contract::Response;
use crate::contract::Step;
use crate::contract::best_rule;
use crate::contract::display_steps;
use crate::finding::Code;
use crate::finding::Finding;
use crate::finding::Place;

/// An expectation and where it stands.
struct Expectation<'a> {
    contract: &'a Contract,
    interaction: &'a Interaction,
    response: &'a Response,
}

/// Warns of each interaction that contradicts an earlier one, of the same consumer or of another.
pub(super) fn contradictory(contracts: &[Contract]) -> Vec<Finding> {
    let mut groups: BTreeMap<String, Vec<Expectation<'_>>> = BTreeMap::new();
    for contract in contracts {
        for interaction in &contract.interactions {
            if let Exchange::Http { request, response } = &interaction.exchange
                && request.generators.is_empty()
                && !interaction.pending
            {
                let key = situation(contract, interaction, request);
                groups.entry(key).or_default().push(Expectation { contract, interaction, response });
            }
        }
    }
    groups.values().flat_map(|group| of_group(group)).collect()
}

fn of_group(group: &[Expectation<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, second) in group.iter().enumerate() {
        let clash = group[..at]
            .iter()
            .find_map(|first| clash(first.response, second.response).map(|why| (first, why)));
        if let Some((first, why)) = clash {
            findings.push(finding(first, second, &why));
        }
    }
    findings
}

fn finding(first: &Expectation<'_>, second: &Expectation<'_>, why: &str) -> Finding {
    let message = format!(
        "`{}` and `{}` ask for the same in the same states and expect different answers: {why}",
        first.interaction.description, second.interaction.description
    );
    let other = first.contract.location(&first.interaction.pointer);
    let help = format!("give one of them a provider state of its own; the other one is at {other}");
    Finding::new(Code::ContradictoryInteractions, Place::Pact, message)
        .with_help(help)
        .with_location(second.contract.location(&second.interaction.pointer))
}

/// All that the provider can tell two requests apart by.
fn situation(contract: &Contract, interaction: &Interaction, request: &Request) -> String {
    let states: Vec<_> = interaction
        .states
        .iter()
        .map(|state| (&state.name, Value::Object(state.params.clone()).to_string()))
        .collect();
    let mut headers: Vec<_> =
        request.headers.iter().map(|(name, values)| (name.to_ascii_lowercase(), values)).collect();
    headers.sort();
    let mut query = request.query.params.clone();
    query.sort();
    let body = match &request.body {
        Body::Present(content) => Some(&content.bytes),
        Body::Missing | Body::Null | Body::Empty => None,
    };
    format!("{:?}", (&contract.provider, states, &request.method, &request.path, query, headers, body))
}

/// Why no answer can satisfy both; `None` when one may.
fn clash(first: &Response, second: &Response) -> Option<String> {
    let exact = |response: &Response| !response.rules.iter().any(|rule| rule.category == Category::Status);
    if first.status != second.status && exact(first) && exact(second) {
        return Some(format!("status {} and {}", first.status, second.status));
    }
    let json = |response: &'_ Response| -> Option<Value> { response.body.content()?.json.clone() };
    let (one, other) = (json(first)?, json(second)?);
    let both = Both { first, second };
    both.clash(&one, &other, &mut Vec::new())
}

struct Both<'a> {
    first: &'a Response,
    second: &'a Response,
}

impl Both<'_> {
    fn clash(&self, one: &Value, other: &Value, steps: &mut Vec<Step>) -> Option<String> {
        let relaxed = [self.first, self.second].map(|side| is_relaxed(&side.rules, Category::Body, steps));
        match (one, other) {
            (Value::Object(one), Value::Object(other)) => one.iter().find_map(|(key, value)| {
                let counterpart = other.get(key)?;
                self.below(Step::Key(key.clone()), (value, counterpart), steps)
            }),
            (Value::Array(one), Value::Array(other)) if relaxed == [false, false] => {
                if one.len() != other.len() {
                    let place = display_steps(steps);
                    return Some(format!("{} and {} items at `{place}`", one.len(), other.len()));
                }
                let pairs = one.iter().zip(other).enumerate();
                pairs.into_iter().find_map(|(index, pair)| self.below(Step::Index(index), pair, steps))
            }
            _ if one == other => None,
            _ if relaxed == [false, false] => {
                Some(format!("{one} and {other} at `{}`", display_steps(steps)))
            }
            _ if self.both_by_type(steps) && !same_kind(one, other) => {
                Some(format!("{one} and {other} at `{}`, which differ in type", display_steps(steps)))
            }
            _ => None,
        }
    }

    fn below(&self, step: Step, (one, other): (&Value, &Value), steps: &mut Vec<Step>) -> Option<String> {
        steps.push(step);
        let clash = self.clash(one, other, steps);
        steps.pop();
        clash
    }

    fn both_by_type(&self, steps: &[Step]) -> bool {
        [self.first, self.second].iter().all(|side| {
            best_rule(&side.rules, Category::Body, steps).is_none_or(|(rule, _)| {
                rule.matchers.iter().all(|matcher| matches!(matcher, Matcher::Type { .. }))
            })
        })
    }
}

fn same_kind(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}
