//! Why the reference verifier may come to another verdict than ours.
//!
//! Each reason concerns the very place of a difference. It is a documented behaviour of the
//! reference that we have closed or repaired, named by its number in `docs/pitfalls.md`. A
//! disagreement that none of them explains is ours to investigate, and fails the run.

use std::collections::BTreeSet;

use super::plan::Entry;
use super::second_opinion::Theirs;
use super::site::Replayed;
use crate::contract::{Body, Category, Exchange, Generator, PlacedGenerator, Request, Rule, Step};
use crate::finding::{Code, Finding, Place};
use crate::matching::{Judged, Pitfall, is_left_to_chance, rounds, steps_of};
use crate::outcome::Verdict;

/// The documented reasons for a disagreement, when there is one for each place at which one side
/// sees a difference and the other does not.
pub(super) fn explanation(entry: &Entry, ours: &Replayed, theirs: &Theirs) -> Option<String> {
    let reasons: BTreeSet<Pitfall> = match theirs.verdict {
        Verdict::Passed => why_only_we_object(entry, ours)?,
        Verdict::Failed => why_only_they_object(entry, theirs)?,
        // What keeps it from a verdict stands in no part of the answer.
        _ if !ours.teardown.is_empty() => BTreeSet::from([TEARDOWN]),
        _ => return None,
    };
    let shown: Vec<String> =
        reasons.iter().map(|(number, reason)| format!("pitfall {number}: {reason}")).collect();
    (!shown.is_empty()).then(|| shown.join("; "))
}

const TEARDOWN: Pitfall = (29, "a failed teardown takes the place of its verdict");
const STATE_VALUES: Pitfall = (18, "it does not put values of provider states into what is expected");
const CHANCE: Pitfall = (38, "it takes one of several equally specific rules at random");

fn why_only_we_object(entry: &Entry, ours: &Replayed) -> Option<BTreeSet<Pitfall>> {
    match &ours.judgement {
        Err(problem) => without_verdict(problem.code).map(|pitfall| BTreeSet::from([pitfall])),
        // What follows from another finding is explained by what explains that one.
        Ok(judgement) => {
            let causes = judgement.judged.iter().filter(|judged| !judged.finding.derived);
            causes.map(|judged| of_finding(entry, judged)).collect()
        }
    }
}

fn without_verdict(code: Code) -> Option<Pitfall> {
    match code {
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
    }
}

/// Why the reference does not see one of our findings.
fn of_finding(entry: &Entry, judged: &Judged) -> Option<Pitfall> {
    let finding = &judged.finding;
    if judged.closes.is_some() {
        return judged.closes;
    }
    if is_redirect(finding) {
        return Some((10, "it follows redirects"));
    }
    of_place(entry, finding.place, &finding.path)
}

fn is_redirect(finding: &Finding) -> bool {
    let actual = finding.actual.as_deref().unwrap_or_default();
    finding.place == Place::Status && actual.len() == 3 && actual.starts_with('3')
}

/// Why the two may differ about one place of the answer, whoever objects.
fn of_place(entry: &Entry, place: Place, path: &str) -> Option<Pitfall> {
    let (rules, generators) = expectation(entry);
    let category = match place {
        Place::Header => Category::Header,
        Place::Body => Category::Body,
        Place::Metadata => Category::Metadata,
        _ => return None,
    };
    let steps = if category == Category::Body { steps_of(path) } else { vec![Step::Key(path.to_owned())] };
    let is_here = |placed: &PlacedGenerator| {
        let is_named = placed.path.first_field().is_some_and(|name| name.eq_ignore_ascii_case(path));
        placed.category == category
            && matches!(placed.generator, Generator::ProviderState { .. })
            && (placed.path.weight(&steps).is_some() || (category == Category::Header && is_named))
    };
    if generators.iter().any(|placed| is_here(placed)) {
        Some(STATE_VALUES)
    } else if is_left_to_chance(&rules, category, &steps) {
        Some(CHANCE)
    } else {
        None
    }
}

/// The rules and generators on what is expected.
fn expectation(entry: &Entry) -> (Vec<Rule>, Vec<&PlacedGenerator>) {
    match &entry.interaction().exchange {
        Exchange::Http { response, .. } => (response.rules.clone(), response.generators.iter().collect()),
        Exchange::Message(contents) => (contents.rules.clone(), contents.generators.iter().collect()),
        Exchange::SyncMessage { responses, .. } => (
            responses.iter().flat_map(|response| response.rules.clone()).collect(),
            responses.iter().flat_map(|response| &response.generators).collect(),
        ),
    }
}

fn why_only_they_object(entry: &Entry, theirs: &Theirs) -> Option<BTreeSet<Pitfall>> {
    theirs.places.iter().map(|(place, path)| of_their_place(entry, *place, path)).collect()
}

/// Why the reference sees a difference at a place where there is none.
fn of_their_place(entry: &Entry, place: Place, path: &str) -> Option<Pitfall> {
    if let Some(pitfall) = of_place(entry, place, path) {
        return Some(pitfall);
    }
    match &entry.interaction().exchange {
        // It has asked for something else, so that anything in the answer may differ.
        Exchange::Http { request, .. } if has_repaired_query(request) => {
            Some((19, "it drops and regroups query parameters"))
        }
        Exchange::Http { response, .. } if place == Place::Body && has_repeated_part(&response.body) => {
            Some((13, "it compares all parts of one name with the first"))
        }
        Exchange::SyncMessage { responses, .. } if place == Place::Body => {
            let steps = steps_of(path);
            let apply = |rule: &&Rule| rule.category == Category::Body && rule.path.weight(&steps).is_some();
            let is_chosen = responses.iter().any(|one| one.rules.iter().filter(apply).count() > 1);
            is_chosen.then_some((27, "it takes the rules of message contents in no particular order"))
        }
        Exchange::Http { .. } | Exchange::Message(_) | Exchange::SyncMessage { .. } => None,
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
