//! Why the reference verifier may come to another verdict than ours.
//!
//! Each reason concerns the very place of a difference. It is a documented behaviour of the
//! reference that we have closed or repaired, named by its number in `docs/pitfalls.md`. That it
//! sends another request can touch any place; so that reason holds only where the difference comes
//! and goes with the request. A disagreement that nothing explains is ours to investigate, and
//! fails the run.

use std::collections::BTreeSet;

use super::coding::{expects_coded, is_known};
use super::plan::Entry;
use super::second_opinion::Theirs;
use super::site::Replayed;
use crate::contract::{Body, Category, Exchange, Generator, PlacedGenerator, Rule, Step};
use crate::finding::{Code, Finding, Place};
use crate::matching::{Judged, Judgement, Pitfall, is_left_to_chance, rounds, steps_of};
use crate::outcome::Verdict;

/// The documented reasons for a disagreement, when there is one for each place at which one side
/// sees a difference and the other does not. `imitated` is what we say about the answer to the
/// request that the reference sends, where that is another one and the provider was asked.
pub(super) fn explanation(
    entry: &Entry,
    ours: &Replayed,
    theirs: &Theirs,
    imitated: Option<&Replayed>,
) -> Option<String> {
    let reasons: BTreeSet<Pitfall> = match theirs.verdict {
        Verdict::Passed => why_only_we_object(entry, ours, imitated)?,
        Verdict::Failed => why_only_they_object(entry, (ours, theirs), imitated)?,
        // What keeps it from a verdict stands in no part of the answer.
        _ if theirs.has_no_client() => BTreeSet::from([NO_CERTIFICATES]),
        _ if !ours.teardown.is_empty() => BTreeSet::from([TEARDOWN]),
        _ => return None,
    };
    let shown: Vec<String> =
        reasons.iter().map(|(number, reason)| format!("pitfall {number}: {reason}")).collect();
    (!shown.is_empty()).then(|| shown.join("; "))
}

const REQUEST: Pitfall = (19, "it sends another request than the one in the pact");
const TEARDOWN: Pitfall = (29, "a failed teardown takes the place of its verdict");
const STATE_VALUES: Pitfall = (18, "it does not put values of provider states into what is expected");
const CHANCE: Pitfall = (38, "it takes one of several equally specific rules at random");

const CODING: Pitfall = (39, "it compares an answer that is compressed as it was sent");
const NO_CERTIFICATES: Pitfall = (36, "it cannot work on a machine without certificates");

fn why_only_we_object(
    entry: &Entry,
    ours: &Replayed,
    imitated: Option<&Replayed>,
) -> Option<BTreeSet<Pitfall>> {
    let again = imitated.and_then(|imitated| imitated.judgement.as_ref().ok());
    match &ours.judgement {
        Err(problem) => {
            let holds = again.is_some_and(|again| again.judged.is_empty());
            let is_coding = problem.code == Code::BadAnswer && has_other_body(entry, ours, problem.place);
            let pitfall = without_verdict(problem.code).or(is_coding.then_some(CODING));
            let pitfall = pitfall.or(holds.then_some(REQUEST));
            pitfall.map(|pitfall| BTreeSet::from([pitfall]))
        }
        // What follows from another finding is explained by what explains that one.
        Ok(judgement) => {
            let causes = judgement.judged.iter().filter(|judged| !judged.finding.derived);
            let reason = |judged: &Judged| {
                let Finding { place, path, .. } = &judged.finding;
                // What is wrong with the answer to their request as well has another reason.
                let is_gone = again.is_some_and(|again| !is_judged(again, *place, path));
                let is_coding = has_other_body(entry, ours, *place);
                of_finding(entry, judged).or(is_coding.then_some(CODING)).or(is_gone.then_some(REQUEST))
            };
            causes.map(reason).collect()
        }
    }
}

/// True when a judgement has something to say about this place, or about what it is in or holds.
fn is_judged(judgement: &Judgement, place: Place, path: &str) -> bool {
    let steps = steps_of(path);
    let is_here = |finding: &Finding| {
        let others = steps_of(&finding.path);
        let is_related = match place {
            Place::Body => others.starts_with(&steps) || steps.starts_with(&others),
            _ => finding.path.eq_ignore_ascii_case(path),
        };
        finding.place == place && is_related
    };
    judgement.judged.iter().any(|judged| is_here(&judged.finding))
}

fn without_verdict(code: Code) -> Option<Pitfall> {
    match code {
        Code::MessageEndpointFailed | Code::MessageMetadataUnreadable => {
            Some((9, "it judges a message although its endpoint reported a failure"))
        }
        Code::StateHandlerMissing | Code::StateValueMissing => {
            Some((18, "it goes on without the provider state or its values"))
        }
        Code::UnsendableRequest => Some(REQUEST),
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

/// True for the body of an answer from which we took, or tried to take, the coding.
fn has_other_body(entry: &Entry, ours: &Replayed, place: Place) -> bool {
    let is_expected = match &entry.interaction().exchange {
        Exchange::Http { response, .. } => expects_coded(&response.body),
        Exchange::Message(_) | Exchange::SyncMessage { .. } => false,
    };
    let answer = ours.response.as_ref().filter(|answer| answer.body.is_some());
    let codings = answer.into_iter().flat_map(|answer| &answer.headers);
    let mut codings = codings.filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    place == Place::Body && !is_expected && codings.any(|(_, coding)| is_known(coding))
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

fn why_only_they_object(
    entry: &Entry,
    (ours, theirs): (&Replayed, &Theirs),
    imitated: Option<&Replayed>,
) -> Option<BTreeSet<Pitfall>> {
    let again = imitated.and_then(|imitated| imitated.judgement.as_ref().ok());
    let reason = |(place, path): &(Place, String)| {
        let is_there = again.is_some_and(|again| is_judged(again, *place, path));
        let is_coding = has_other_body(entry, ours, *place);
        of_their_place(entry, *place, path).or(is_coding.then_some(CODING)).or(is_there.then_some(REQUEST))
    };
    theirs.places.iter().map(reason).collect()
}

/// Why the reference sees a difference at a place where there is none.
fn of_their_place(entry: &Entry, place: Place, path: &str) -> Option<Pitfall> {
    if let Some(pitfall) = of_place(entry, place, path) {
        return Some(pitfall);
    }
    match &entry.interaction().exchange {
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
