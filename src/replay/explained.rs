//! Why the reference verifier may come to another verdict than ours.
//!
//! Each reason is a documented behaviour of the reference that we have closed or repaired, named
//! by its number in `docs/pitfalls.md`. A disagreement that none of them explains is ours to
//! investigate, and fails the run.

use super::plan::Entry;
use super::site::Replayed;
use crate::contract::{Exchange, Generator, Request};
use crate::finding::{Code, Place};
use crate::outcome::Verdict;

/// The documented reason for a disagreement, when there is one.
pub(super) fn explanation(entry: &Entry, ours: &Replayed, theirs: Verdict) -> Option<String> {
    let (number, reason) = match theirs {
        Verdict::Passed => why_only_we_object(ours)?,
        _ => why_only_they_object(entry)?,
    };
    Some(format!("pitfall {number}: {reason}"))
}

fn why_only_we_object(ours: &Replayed) -> Option<(u8, &'static str)> {
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
                _ => None,
            }
        }
    }
}

fn why_only_they_object(entry: &Entry) -> Option<(u8, &'static str)> {
    match &entry.interaction().exchange {
        Exchange::Http { request, response } => {
            let is_injected = response
                .generators
                .iter()
                .any(|placed| matches!(placed.generator, Generator::ProviderState { .. }));
            if is_injected {
                Some((18, "it does not put values of provider states into the expected answer"))
            } else if has_repaired_query(request) {
                Some((19, "it drops and regroups query parameters"))
            } else {
                None
            }
        }
        Exchange::Message(contents) => {
            let is_injected = contents
                .generators
                .iter()
                .any(|placed| matches!(placed.generator, Generator::ProviderState { .. }));
            is_injected.then_some((18, "it does not put values of provider states into the expected message"))
        }
        Exchange::SyncMessage { responses, .. } => {
            let has_rules = responses.iter().any(|response| response.rules.len() > 1);
            has_rules.then_some((27, "it takes the rules of message contents in no particular order"))
        }
    }
}

/// True when the reference would send this query in another form.
fn has_repaired_query(request: &Request) -> bool {
    let names: Vec<&str> = request.query.params.iter().map(|(name, _)| name.as_str()).collect();
    let is_sorted = names.is_sorted();
    let has_flag = request.query.params.iter().any(|(_, value)| value.is_none());
    has_flag || !is_sorted
}
