//! Which interactions a request meets. Pure.

use std::cmp::Reverse;
use std::sync::Arc;

use serde_json::Value;

use super::outcome::{Expectation, Miss};
use crate::contract::{Category, Content, Contract, Exchange, Request};
use crate::finding::Finding;
use crate::matching::{Incoming, crashed, judge_request, may_meet, nearest, quietly};
use crate::redact::Redactor;

/// The positions of the interactions that a request meets and that say most about it, in their
/// order; all of them are equally good.
///
/// # Errors
/// The request meets none, or it could not be found out whether it does.
pub(crate) fn choose(expectations: &[Expectation], incoming: &Incoming) -> Result<Vec<usize>, Box<Miss>> {
    let mut met: Vec<(usize, Specificity)> = Vec::new();
    let mut problem = None;
    for (index, expectation) in expectations.iter().enumerate() {
        let Some(request) = request_of(expectation).filter(|request| may_meet(request, incoming)) else {
            continue;
        };
        match meets(expectation, request, incoming) {
            Ok(true) => met.push((index, specificity(request))),
            Ok(false) => {}
            Err(finding) => problem = Some(*finding),
        }
    }
    match met.iter().map(|(_, specificity)| *specificity).max() {
        Some(best) => Ok(met.into_iter().filter(|(_, one)| *one == best).map(|(index, _)| index).collect()),
        None => Err(Box::new(miss(expectations, incoming, problem))),
    }
}

/// Which of the interactions of contracts a request meets, without any server: those that say most
/// about it, which are more than one when they are equally good.
///
/// # Errors
/// The request meets none of them.
pub fn which(contracts: &[Arc<Contract>], incoming: &Incoming) -> Result<Vec<Expectation>, Box<Miss>> {
    let all = Expectation::all(contracts);
    let best = choose(&all, incoming)?;
    Ok(best.into_iter().map(|index| all[index].clone()).collect())
}

fn meets(expectation: &Expectation, request: &Request, incoming: &Incoming) -> Result<bool, Box<Finding>> {
    let judge = || judge_request(&expectation.contract, expectation.interaction(), request, incoming);
    let judged = quietly(judge).unwrap_or_else(|panic| Err(crashed(panic)));
    judged.map(|judgement| judgement.judged.is_empty())
}

/// A request that meets none of the expectations, explained, and without its secrets: people and logs read
/// it.
pub(crate) fn miss(expectations: &[Expectation], incoming: &Incoming, problem: Option<Finding>) -> Miss {
    let all = expectations.iter().map(|one| (one.contract.as_ref(), one.interaction()));
    let headers = incoming.headers.iter();
    let redactor =
        headers.fold(Redactor::default(), |known, (name, value)| known.knowing_exchanged(name, value));
    let nearest = nearest(all, incoming).map(|mut near| {
        let findings = std::mem::take(&mut near.findings);
        near.findings = findings.into_iter().map(|finding| redactor.finding(finding)).collect();
        redactor.diff(&mut near.diff);
        (expectations[near.index].clone(), near)
    });
    let line = |request: &Request| format!("{} {}", request.method, request.path);
    let mut expected: Vec<String> = Vec::new();
    for line in expectations.iter().filter_map(request_of).map(line) {
        if !expected.contains(&line) {
            expected.push(line);
        }
    }
    let problem = problem.map(|finding| redactor.finding(finding));
    Miss { request: shown(incoming, &redactor), nearest, place: None, remark: None, problem, expected }
}

fn shown(incoming: &Incoming, redactor: &Redactor) -> Incoming {
    let text = std::str::from_utf8(&incoming.body).map(|text| redactor.text(text).into_bytes());
    Incoming {
        method: incoming.method.clone(),
        path: redactor.text(&incoming.path),
        query: incoming.query.as_deref().map(|query| redactor.text(query)),
        headers: redactor.headers(&incoming.headers),
        body: text.unwrap_or_else(|_| incoming.body.clone()),
    }
}

fn request_of(expectation: &Expectation) -> Option<&Request> {
    match &expectation.interaction().exchange {
        Exchange::Http { request, .. } => Some(request),
        Exchange::Message(_) | Exchange::SyncMessage { .. } => None,
    }
}

/// How much an interaction says about the requests that meet it; the greatest answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Specificity {
    exact_path: bool,
    demands: usize,
    rules: Reverse<usize>,
}

fn specificity(request: &Request) -> Specificity {
    let body =
        request.body.content().map_or(0, |content| Content::json(content).as_ref().map_or(1, values_in));
    Specificity {
        exact_path: !request.rules.iter().any(|rule| rule.category == Category::Path),
        demands: request.query.params.len() + request.headers.len() + body,
        rules: Reverse(request.rules.len()),
    }
}

fn values_in(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(values_in).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(values_in).sum::<usize>(),
        _ => 1,
    }
}
