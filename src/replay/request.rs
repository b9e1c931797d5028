//! A request whose generators have run.

use std::collections::HashMap;
use std::sync::Arc;

use pact_models::generators::GeneratorCategory;
use pact_models::v4::http_parts::HttpRequest;

use serde_json::Value;

use super::hooks::OutgoingRequest;
use super::options::Options;
use super::outgoing::{outgoing, query_text};
use super::plan::Entry;
use super::state::StateValues;
use crate::contract::{Exchange, Query, Request, with_changes};
use crate::finding::{Code, Finding, Place};
use crate::matching::Quirk;
use crate::matching::{Mishap, guarded};
use crate::matching::{Reference, changes, generated};

/// The request with the values its generators make; whatever has no generator stays as it is.
pub(super) async fn generated_request(
    entry: &Entry,
    written: OutgoingRequest,
    values: &StateValues,
    options: &Options,
) -> Result<OutgoingRequest, Box<Finding>> {
    let limit = options.limits.matching;
    let tolerated = options.reference_behaviour.contains(&Quirk::MissingStateValue);
    let (contract, position, values) = (Arc::clone(entry.contract()), entry.position, values.values.clone());
    let work = move || match Reference::load(&contract, &contract.interactions[position])? {
        Reference::Http(http) => generated(&http.request, &values, tolerated),
        Reference::Message(_) | Reference::SyncMessage(_) => {
            Err("a message is not sent over HTTP".to_owned())
        }
    };
    let failed = |why: String| Box::new(Finding::new(Code::GeneratorFailed, Place::Request, why));
    let made = guarded(limit, work).await.map_err(|mishap| match mishap {
        Mishap::Crashed(why) => failed(format!("a generator crashed: {why}")),
        Mishap::TimedOut(limit) => failed(format!("the generators took more than {} ms", limit.as_millis())),
    })?;
    let made = made.map_err(failed)?;
    let Exchange::Http { request, .. } = &entry.interaction().exchange else { return Ok(written) };
    Ok(merged(request, &made, written))
}

/// Takes from `made` only what a generator has made, so that order and spelling survive.
fn merged(request: &Request, made: &HttpRequest, written: OutgoingRequest) -> OutgoingRequest {
    let mut request = request.clone();
    if changes(&made.generators, GeneratorCategory::PATH) {
        request.path.clone_from(&made.path);
    }
    if changes(&made.generators, GeneratorCategory::QUERY) {
        request.query = merged_query(request.query, made.query.as_ref());
    }
    if changes(&made.generators, GeneratorCategory::HEADER) {
        for (name, values) in made.headers.iter().flatten() {
            let known = request.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name));
            match known {
                Some((_, known)) => known.clone_from(values),
                None => request.headers.push((name.clone(), values.clone())),
            }
        }
    }
    let body = if changes(&made.generators, GeneratorCategory::BODY) {
        made_body(&made.body.value().unwrap_or_default(), &written.body)
    } else {
        written.body
    };
    OutgoingRequest { body, ..outgoing(&request) }
}

/// The body that was made, in which JSON keeps the text of what was not.
fn made_body(made: &[u8], written: &[u8]) -> Vec<u8> {
    match (serde_json::from_slice::<Value>(made), std::str::from_utf8(written)) {
        (Ok(json), Ok(written)) => with_changes(written, &json).into_bytes(),
        _ => made.to_vec(),
    }
}

fn merged_query(written: Query, made: Option<&HashMap<String, Vec<Option<String>>>>) -> Query {
    let mut left: HashMap<String, std::collections::VecDeque<Option<String>>> = made
        .into_iter()
        .flatten()
        .map(|(name, values)| (name.clone(), values.iter().cloned().collect()))
        .collect();
    let mut params: Vec<(String, Option<String>)> = written
        .params
        .into_iter()
        .map(|(name, value)| {
            let next = left.get_mut(&name).and_then(std::collections::VecDeque::pop_front);
            (name, next.unwrap_or(value))
        })
        .collect();
    let mut added: Vec<_> = left
        .into_iter()
        .flat_map(|(name, values)| values.into_iter().map(move |value| (name.clone(), value)))
        .collect();
    added.sort();
    params.extend(added);
    let query = Query { raw: None, params };
    debug_assert!(query_text(&query).is_some() || query.params.is_empty());
    query
}
