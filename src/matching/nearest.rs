//! Which expectation a request that met none of them was probably meant for.
//!
//! Pure. The likeness of method and path chooses a few; the full comparison decides among them.

use super::guard::quietly;
use super::incoming::Incoming;
use super::judge::{Judgement, crashed};
use super::request::{judge_request, may_meet};
use crate::contract::{Contract, Exchange, Interaction, Request};
use crate::finding::{Code, Finding};
use crate::outcome::DiffLine;

/// How many expectations are compared in full.
const CANDIDATES: usize = 8;
/// Beyond this distance, an expectation is about something else.
const FARTHEST: f64 = 0.6;
/// What another method adds to the distance of two paths, which is 1 when they have nothing in common.
const OTHER_METHOD: f64 = 0.25;

/// The nearest expectation and what differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Its position among those that were given.
    pub(crate) index: usize,
    /// Every difference, the most telling first.
    pub findings: Vec<Finding>,
    /// The part of the body that differs.
    pub diff: Vec<DiffLine>,
}

/// The nearest of several expectations; none when all are about something else.
pub(crate) fn nearest<'a>(
    expectations: impl Iterator<Item = (&'a Contract, &'a Interaction)>,
    incoming: &Incoming,
) -> Option<Near> {
    let mut candidates: Vec<_> = expectations
        .enumerate()
        .filter_map(|(index, (contract, interaction))| match &interaction.exchange {
            Exchange::Http { request, .. } => Some((index, contract, interaction, request)),
            Exchange::Message(_) | Exchange::SyncMessage { .. } => None,
        })
        .map(|candidate| (distance(candidate.3, incoming), candidate))
        .filter(|(distance, candidate)| *distance <= FARTHEST || may_meet(candidate.3, incoming))
        .collect();
    candidates.sort_by(|(left, _), (right, _)| left.total_cmp(right));
    candidates.truncate(CANDIDATES);
    let judged = candidates.into_iter().map(|(distance, (index, contract, interaction, request))| {
        let judged = quietly(|| judge_request(contract, interaction, request, incoming));
        let judged = judged.unwrap_or_else(|panic| Err(crashed(panic)));
        (distance, near(index, contract, judged))
    });
    let best = judged.min_by(|(left, near), (right, other)| {
        let order = near.wrong_lines().cmp(&other.wrong_lines()).then_with(|| left.total_cmp(right));
        order.then_with(|| near.findings.len().cmp(&other.findings.len()))
    });
    best.map(|(_, near)| near)
}

impl Near {
    /// How much of the request line is wrong, apart from its query.
    fn wrong_lines(&self) -> usize {
        let is_line = |finding: &&Finding| matches!(finding.code, Code::MethodMismatch | Code::PathMismatch);
        self.findings.iter().filter(is_line).count()
    }
}

/// How far the method and path of a request are from what is expected: 0 when they are the same.
fn distance(request: &Request, incoming: &Incoming) -> f64 {
    let likeness = strsim::normalized_damerau_levenshtein(&request.path, &incoming.path);
    let is_method = request.method.eq_ignore_ascii_case(&incoming.method);
    1.0 - likeness + if is_method { 0.0 } else { OTHER_METHOD }
}

fn near(index: usize, contract: &Contract, judged: Result<Judgement, Box<Finding>>) -> Near {
    match judged {
        Ok(judgement) => {
            let located = judgement.judged.into_iter().map(|one| {
                let location = contract.location(&one.pointer);
                one.finding.with_location(location)
            });
            Near { index, findings: located.collect(), diff: judgement.diff }
        }
        Err(finding) => Near { index, findings: vec![*finding], diff: Vec::new() },
    }
}
