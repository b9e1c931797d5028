//! Why the reference verifier may come to another verdict than ours.
//!
//! Each reason is a documented behaviour of the reference that we have closed or repaired, named
//! by its number in `docs/pitfalls.md`. A disagreement that none of them explains is ours to
//! investigate, and fails the run.

use super::plan::Entry;
use super::site::Replayed;
use crate::contract::{Body, Exchange, Generator, PlacedGenerator, Request};
use crate::finding::{Code, Place};
use crate::matching::rounds;
use crate::outcome::Verdict;

/// The documented reason for a disagreement, when there is one.
pub(super) fn explanation(entry: &Entry, ours: &Replayed, theirs: Verdict) -> Option<String> {
    let (number, reason) = match theirs {
        Verdict::Passed => why_only_we_object(entry, ours)?,
        _ => why_only_they_object(entry, ours)?,
    };
    Some(format!("pitfall {number}: {reason}"))
}

fn why_only_we_object(entry: &Entry, ours: &Replayed) -> Option<(u8, &'static str)> {
    match &ours.judgement {
        Err(problem) => match problem.code {
            Code::MessageEndpointFailed | Code::MessageMetadataUnreadable => {
                Some((9, "it judges a message although its endpoint reported a failure"))
            }
            Code::StateHandlerMissing | Code::StateValueMissing => {
                Some((18, "it goes on without the provider state or its values"))
            }
            Code::UnsendableRequest => Some((19, "it sends another request than the one in the pact")),
            Code::MatchingTimedOut => Some((32, "it has no limit on the time a comparison may take")),
            Code::AnswerTooLarge => Some((32, "it has no limit on the size of an answer")),
            Code::TooDeep => Some((32, "it has no limit on the depth of a document")),
            Code::GeneratorFailed => Some((33, "it sends the example when a generator fails")),
            _ => None,
        },
        Ok(judgement) => {
            let unseen: Vec<_> = judgement.judged.iter().filter_map(|judged| judged.closes).collect();
            let is_redirect = judgement.judged.iter().any(|judged| {
                let actual = judged.finding.actual.as_deref().unwrap_or_default();
                judged.finding.place == Place::Status && actual.starts_with('3')
            });
            match unseen.first() {
                // Every difference that it sees as well would have made it object.
                Some(pitfall) if unseen.len() == judgement.judged.len() => Some(*pitfall),
                _ if is_redirect => Some((10, "it follows redirects")),
                _ if expects_state_values(entry) => Some(STATE_VALUES),
                _ => None,
            }
        }
    }
}

fn why_only_they_object(entry: &Entry, ours: &Replayed) -> Option<(u8, &'static str)> {
    if !ours.teardown.is_empty() {
        return Some((29, "a failed teardown takes the place of its verdict"));
    }
    if expects_state_values(entry) {
        return Some(STATE_VALUES);
    }
    match &entry.interaction().exchange {
        Exchange::Http { request, .. } if has_repaired_query(request) => {
            Some((19, "it drops and regroups query parameters"))
        }
        Exchange::Http { response, .. } if has_repeated_part(&response.body) => {
            Some((13, "it compares all parts of one name with the first"))
        }
        Exchange::SyncMessage { responses, .. } if responses.iter().any(|one| one.rules.len() > 1) => {
            Some((27, "it takes the rules of message contents in no particular order"))
        }
        Exchange::Http { .. } | Exchange::Message(_) | Exchange::SyncMessage { .. } => None,
    }
}

const STATE_VALUES: (u8, &str) = (18, "it does not put values of provider states into what is expected");

/// True when what is expected holds a value of a provider state.
fn expects_state_values(entry: &Entry) -> bool {
    let is_state_value =
        |placed: &PlacedGenerator| matches!(placed.generator, Generator::ProviderState { .. });
    match &entry.interaction().exchange {
        Exchange::Http { response, .. } => response.generators.iter().any(is_state_value),
        Exchange::Message(contents) => contents.generators.iter().any(is_state_value),
        Exchange::SyncMessage { responses, .. } => {
            responses.iter().flat_map(|response| &response.generators).any(is_state_value)
        }
    }
}

/// True for a multipart body in which a name stands more than once.
fn has_repeated_part(body: &Body) -> bool {
    body.content().is_some_and(|content| {
        let part = (content.bytes.as_slice(), content.content_type.as_deref());
        rounds(part, part).is_some()
    })
}

/// True when the reference would send this query in another form.
fn has_repaired_query(request: &Request) -> bool {
    let names: Vec<&str> = request.query.params.iter().map(|(name, _)| name.as_str()).collect();
    let is_sorted = names.is_sorted();
    let has_flag = request.query.params.iter().any(|(_, value)| value.is_none());
    has_flag || !is_sorted
}
