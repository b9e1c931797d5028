//! Decides whether a request that came in is the one that an interaction expects.
//!
//! Pure. The same matcher as for answers has the last word, and the same stricter checks hold;
//! what it says about method, path and query is put into words here.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::compare;
use super::incoming::Incoming;
use super::judge::{Judgement, add_unseen, crashed, judgement, part_by_part, refuse_deep};
use super::mismatch::{Mismatch, Why};
use super::reference::Reference;
use super::stricter::unseen;
use super::values::quoted;
use super::wording::{Expected, Judged};
use crate::contract::{Body, Category, Content, Contract, Interaction, Request, Rule, join_key};
use crate::finding::{Code, Finding, Place};

/// True when only the details can still differ: the method is right, and the path may be.
pub(crate) fn may_meet(request: &Request, incoming: &Incoming) -> bool {
    let has_rule = request.rules.iter().any(|rule| rule.category == Category::Path);
    is_method(request, incoming) && (has_rule || is_path(request, incoming))
}

/// Judges a request. No difference means that it is the expected one.
///
/// # Errors
/// The finding says why there is no verdict.
pub(crate) fn judge_request(
    contract: &Contract,
    interaction: &Interaction,
    request: &Request,
    incoming: &Incoming,
) -> Result<Judgement, Box<Finding>> {
    let Reference::Http(reference) = Reference::load(contract, interaction).map_err(crashed)? else {
        return Err(crashed("the interaction has no request".to_owned()));
    };
    refuse_deep(&request.body, &incoming.body, "request")?;
    let incoming = &as_expected(request, incoming);
    let example = request.body.content().and_then(Content::json);
    let (body, example) = (&request.body, example.as_ref());
    let part = Expected { body, example, rules: &request.rules, pointer: &request.pointer };
    let seen = compare::request(&reference.request, incoming).map_err(crashed)?;
    let received = (incoming.body.as_slice(), incoming.header("content-type"));
    let mut seen = part_by_part(seen, body, received, |wanted, received| {
        let mut round = reference.request.clone();
        let content_type = pact_models::http_parts::HttpPart::content_type(&round);
        round.body = pact_models::bodies::OptionalBody::Present(wanted.into(), content_type, None);
        compare::request(&round, &Incoming { body: received, ..incoming.clone() })
    })?;
    add_unseen(&mut seen, unseen(part, &incoming.body, &BTreeSet::new()));
    let (line, rest): (Vec<_>, Vec<_>) = seen.into_iter().partition(|one| one.place == Place::Request);
    let mut judgement = judgement(part, &incoming.body, &rest);
    judgement.judged.splice(..0, request_line(request, incoming, &line));
    Ok(judgement)
}

/// The request with what means the same written as the contract writes it.
fn as_expected(request: &Request, incoming: &Incoming) -> Incoming {
    let mut incoming = incoming.clone();
    if is_path(request, &incoming) {
        incoming.path.clone_from(&request.path);
    }
    // A JSON consumer that says null sends the text `null`.
    if request.body == Body::Null && incoming.body.trim_ascii() == b"null" {
        incoming.body.clear();
    }
    incoming
}

fn is_method(request: &Request, incoming: &Incoming) -> bool {
    request.method.eq_ignore_ascii_case(&incoming.method)
}

/// True when both paths mean the same, however they are encoded.
fn is_path(request: &Request, incoming: &Incoming) -> bool {
    let decoded = |path: &str| percent_decode_str(path).collect::<Vec<u8>>();
    request.path == incoming.path || decoded(&request.path) == decoded(&incoming.path)
}

/// Method, path and query in words, in this order; each parameter once.
fn request_line(request: &Request, incoming: &Incoming, mismatches: &[Mismatch]) -> Vec<Judged> {
    let mut judged: Vec<Judged> =
        mismatches.iter().filter_map(|one| worded(request, incoming, one)).collect();
    judged.sort_by(|left, right| {
        let key = |one: &Judged| (one.finding.code as u8, one.finding.path.clone());
        key(left).cmp(&key(right))
    });
    judged.dedup_by(|left, right| left.finding.path == right.finding.path);
    judged
}

fn worded(request: &Request, incoming: &Incoming, mismatch: &Mismatch) -> Option<Judged> {
    let Why::Known(code, _) = mismatch.why else { return None };
    let name = mismatch.path.as_str();
    let (category, path, part) = match code {
        Code::MethodMismatch => (Category::Method, "method".to_owned(), "method"),
        Code::PathMismatch => (Category::Path, "path".to_owned(), "path"),
        _ => (Category::Query, format!("query.{name}"), "query"),
    };
    let rule = request.rules.iter().find(|rule| {
        let is_named =
            code != Code::QueryMismatch || rule.path.first_field().is_none_or(|field| field == name);
        rule.category == category && is_named
    });
    let (expected, actual) = match code {
        Code::MethodMismatch => (Some(request.method.clone()), Some(incoming.method.clone())),
        Code::PathMismatch => (Some(request.path.clone()), Some(incoming.path.clone())),
        _ => (expected_values(request, name), received_values(incoming, name)),
    };
    let mut finding =
        Finding::new(code, Place::Request, sentence(code, rule, (expected.as_deref(), actual.as_deref())))
            .at(path);
    (finding.expected, finding.actual) = (expected, actual);
    finding.rule = rule.map(ToString::to_string);
    Some(Judged { finding, pointer: join_key(&request.pointer, part), closes: None })
}

fn sentence(code: Code, rule: Option<&Rule>, values: (Option<&str>, Option<&str>)) -> String {
    match (values, rule) {
        ((Some(expected), Some(actual)), _) if code == Code::MethodMismatch => {
            format!("expected {expected}, got {actual}")
        }
        ((Some(_), Some(actual)), Some(rule)) => format!("{} does not satisfy {rule}", quoted(actual)),
        ((Some(expected), Some(actual)), None) => {
            format!("expected {}, got {}", quoted(expected), quoted(actual))
        }
        ((Some(expected), None), _) => format!("the parameter is missing; expected {}", quoted(expected)),
        ((None, actual), _) => {
            format!("the parameter is not expected; got {}", quoted(actual.unwrap_or_default()))
        }
    }
}

/// The values that the contract has for a parameter, with commas between several.
fn expected_values(request: &Request, name: &str) -> Option<String> {
    let named = request.query.params.iter().filter(|(known, _)| known == name);
    joined(named.map(|(_, value)| value.clone().unwrap_or_default()))
}

fn received_values(incoming: &Incoming, name: &str) -> Option<String> {
    let query = incoming.query.as_deref().and_then(pact_models::query_strings::parse_query_string)?;
    joined(query.get(name)?.iter().map(|value| value.clone().unwrap_or_default()))
}

fn joined(values: impl Iterator<Item = String>) -> Option<String> {
    let values: Vec<String> = values.collect();
    (!values.is_empty()).then(|| values.join(", "))
}
