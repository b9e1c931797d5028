//! Decides whether an answer keeps the contract.
//!
//! Pure, apart from what it costs: everything here runs through [`super::guarded`], for the matcher
//! may panic or run long.

use std::collections::{BTreeSet, HashSet};

use pact_models::matchingrules::{Category as ReferenceCategory, MatchingRules};
use serde_json::{Map, Value};

use super::actual::Answer;
use super::actual::Message;
use super::compare;
use super::depth::{DEEPEST_JSON, DEEPEST_XML, is_json_too_deep, is_too_deep};
use super::diff::diff;
use super::guard::quietly;
use super::inject::with_state_values;
use super::mismatch::Mismatch;
use super::multipart::rounds;
use super::prove::is_proven;
use super::quirk::Quirk;
use super::reference::Reference;
use super::reference_rules::category_of;
use super::settled::settled;
use super::stricter::{unseen, unseen_metadata};
use super::values::steps_of;
use super::wording::{Expected, Judged, worded};
use crate::contract::{
    Body, Category, Content, Contents, Contract, Exchange, Interaction, Response, Rule, Step,
};
use crate::finding::{Code, Finding, Place};
use crate::outcome::DiffLine;

/// What came back from the provider.
#[derive(Debug, Clone)]
pub(crate) enum Actual {
    /// An HTTP answer.
    Http(Answer),
    /// A message, or the answer to one.
    Message(Message),
}

/// What was found out about an answer.
#[derive(Debug, Clone)]
pub(crate) struct Judgement {
    /// Every difference; none means that the contract holds.
    pub(crate) judged: Vec<Judged>,
    /// The part of the body that differs.
    pub(crate) diff: Vec<DiffLine>,
    /// Whether one pass over the answer proved that it keeps the contract; the reference matcher
    /// was then not asked.
    pub(crate) proven: bool,
}

impl Judgement {
    fn proven() -> Self {
        Self { judged: Vec::new(), diff: Vec::new(), proven: true }
    }
}

/// The largest answer that is worth proving where it arrived: to hand it over would take longer.
const SMALL: usize = 64 * 1024;

/// The judgement on a small answer that can be proven to keep the contract; `None` says nothing:
/// [`compare_thoroughly`] has to be asked about a small one, and [`judge`] about another. It takes no longer than reading the answer does.
pub(crate) fn judge_small(interaction: &Interaction, actual: &Actual) -> Option<Judgement> {
    let is_proven = is_small(actual) && quietly(|| is_proven(interaction, actual)).unwrap_or_default();
    is_proven.then(Judgement::proven)
}

/// True for an answer that [`judge_small`] looks at: what it has not proven, nothing will.
pub(crate) fn is_small(actual: &Actual) -> bool {
    let size = match actual {
        Actual::Http(answer) => answer.body.len(),
        Actual::Message(message) => message.contents.len(),
    };
    size <= SMALL
}

/// Judges an answer. `values` are those of the provider states.
///
/// # Errors
/// The finding says why there is no verdict.
pub(crate) fn judge(
    contract: &Contract,
    interaction: &Interaction,
    actual: &Actual,
    values: &Map<String, Value>,
    allowed: &BTreeSet<Quirk>,
) -> Result<Judgement, Box<Finding>> {
    if is_proven(interaction, actual) {
        return Ok(Judgement::proven());
    }
    compare_thoroughly(contract, interaction, actual, values, allowed)
}

/// Has the reference matcher and our stricter checks look at everything.
pub(crate) fn compare_thoroughly(
    contract: &Contract,
    interaction: &Interaction,
    actual: &Actual,
    values: &Map<String, Value>,
    allowed: &BTreeSet<Quirk>,
) -> Result<Judgement, Box<Finding>> {
    let reference = Reference::load(contract, interaction).map_err(crashed)?;
    match (&interaction.exchange, reference, actual) {
        (Exchange::Http { response, .. }, Reference::Http(mut expected), Actual::Http(answer)) => {
            refuse_deep(&response.body, &answer.body, "answer")?;
            let body = with_state_values(response, &mut expected.response, values);
            let body = body.as_ref().unwrap_or(&response.body);
            let example = body.content().and_then(Content::json);
            let example = example.as_ref();
            settle_body(&mut expected.response.matching_rules, &response.rules, example, &answer.body);
            let mut mismatches = compare_http(&expected, response, answer, allowed)?;
            let part = Expected { body, example, rules: &response.rules, pointer: &response.pointer };
            add_unseen(&mut mismatches, unseen(part, &answer.body, allowed));
            Ok(judgement(part, &answer.body, &mismatches))
        }
        (Exchange::Message(contents), Reference::Message(mut expected), Actual::Message(message)) => {
            judge_contents(contents, &mut expected, message, (values, allowed))
        }
        (
            Exchange::SyncMessage { responses, .. },
            Reference::SyncMessage(expected),
            Actual::Message(message),
        ) => {
            // The endpoint protocol of the reference verifier carries one answer; the others would
            // pass unseen.
            if responses.len() > 1 {
                let message = format!("the contract expects {} answers to one message", responses.len());
                return Err(Box::new(Finding::new(Code::UnverifiableAnswers, Place::Body, message)));
            }
            let (Some(contents), Some(mut first)) = (responses.first(), expected.response.into_iter().next())
            else {
                return Err(crashed("the contract names no answer to this message".to_owned()));
            };
            judge_contents(contents, &mut first, message, (values, allowed))
        }
        _ => Err(crashed("the answer is of another kind than the interaction".to_owned())),
    }
}

fn judge_contents(
    contents: &Contents,
    expected: &mut pact_models::v4::message_parts::MessageContents,
    message: &Message,
    (values, allowed): (&Map<String, Value>, &BTreeSet<Quirk>),
) -> Result<Judgement, Box<Finding>> {
    refuse_deep(&contents.body, &message.contents, "answer")?;
    let body = super::inject::into_message(contents, expected, values);
    let body = body.as_ref().unwrap_or(&contents.body);
    let example = body.content().and_then(Content::json);
    let example = example.as_ref();
    let part = Expected { body, example, rules: &contents.rules, pointer: &contents.pointer };
    settle_body(&mut expected.matching_rules, &contents.rules, example, &message.contents);
    settle_metadata(&mut expected.matching_rules, contents, message);
    let mut mismatches = compare::message(expected, message).map_err(crashed)?;
    if contents.body == Body::Empty && !message.contents.is_empty() {
        let why = "expected no contents, got some".to_owned();
        let pitfall = (15, "it takes contents that must be empty for contents that may be anything");
        mismatches.push(Mismatch::known(Code::UnexpectedBody, Place::Body, "", why).closing(pitfall));
    }
    add_unseen(&mut mismatches, unseen(part, &message.contents, allowed));
    let metadata = unseen_metadata(&contents.rules, &contents.metadata, &message.metadata, allowed);
    add_unseen(&mut mismatches, metadata);
    Ok(judgement(part, &message.contents, &mismatches))
}

/// Takes the choice between rules on a JSON body from the reference, where it would make one.
fn settle_body(reference: &mut MatchingRules, rules: &[Rule], example: Option<&Value>, actual: &[u8]) {
    let Some(example) = example else { return };
    let actual: Option<Value> = serde_json::from_slice(actual).ok();
    if let Some(rules) = settled(rules, Category::Body, &[], (example, actual.as_ref())) {
        // The rules of a message stand under one of several names, the first of which counts.
        reference.rules.remove(&ReferenceCategory::CONTENTS);
        let category = category_of(ReferenceCategory::BODY, &rules);
        reference.rules.insert(ReferenceCategory::BODY, category);
    }
}

/// As [`settle_body`], for the metadata of a message.
fn settle_metadata(reference: &mut MatchingRules, contents: &Contents, message: &Message) {
    let (example, actual) = (Value::from(contents.metadata.clone()), Value::from(message.metadata.clone()));
    if let Some(rules) = settled(&contents.rules, Category::Metadata, &[], (&example, Some(&actual))) {
        let category = category_of(ReferenceCategory::METADATA, &rules);
        reference.rules.insert(ReferenceCategory::METADATA, category);
    }
}

/// Adds what the reference matcher does not see; where it says something itself, that is enough.
pub(crate) fn add_unseen(seen: &mut Vec<Mismatch>, unseen: Vec<Mismatch>) {
    let place = |one: &Mismatch| match one.place {
        Place::Body => (Place::Body, steps_of(&one.path)),
        other => (other, vec![Step::Key(one.path.clone())]),
    };
    let known: HashSet<_> = seen.iter().map(place).collect();
    seen.extend(unseen.into_iter().filter(|one| !known.contains(&place(one))));
}

/// All differences in words.
pub(crate) fn judgement(part: Expected<'_>, actual: &[u8], mismatches: &[Mismatch]) -> Judgement {
    if mismatches.is_empty() {
        return Judgement { judged: Vec::new(), diff: Vec::new(), proven: false };
    }
    let judged = worded(part, actual, mismatches);
    let findings: Vec<&Finding> = judged.iter().map(|one| &one.finding).collect();
    let diff = match (part.example, serde_json::from_slice::<Value>(actual)) {
        (Some(example), Ok(actual)) if !findings.is_empty() => diff(example, &actual, &findings),
        _ => Vec::new(),
    };
    Judgement { judged, diff, proven: false }
}

/// Compares the answer, part by part where a multipart name stands more than once.
fn compare_http(
    expected: &pact_models::v4::synch_http::SynchronousHttp,
    response: &Response,
    answer: &Answer,
    allowed: &BTreeSet<Quirk>,
) -> Result<Vec<Mismatch>, Box<Finding>> {
    let seen = compare::http(expected, answer).map_err(crashed)?;
    if allowed.contains(&Quirk::MultipartNames) {
        return Ok(seen);
    }
    let received = (answer.body.as_slice(), answer.header("content-type"));
    part_by_part(seen, &response.body, received, |wanted, received| {
        let mut round = expected.clone();
        let content_type = round.response.content_type();
        round.response.body = pact_models::bodies::OptionalBody::Present(wanted.into(), content_type, None);
        compare::http(&round, &Answer { body: received, ..answer.clone() })
    })
}

/// What is seen when the parts of a multipart body are compared one by one, where a name stands
/// more than once; otherwise what was seen already.
pub(crate) fn part_by_part(
    seen: Vec<Mismatch>,
    expected: &Body,
    received: (&[u8], Option<&str>),
    compare: impl Fn(Vec<u8>, Vec<u8>) -> Result<Vec<Mismatch>, String>,
) -> Result<Vec<Mismatch>, Box<Finding>> {
    let dealt = expected
        .content()
        .and_then(|content| rounds((content.bytes.as_slice(), content.content_type.as_deref()), received));
    let Some(dealt) = dealt else { return Ok(seen) };
    let pitfall = (13, "it compares all parts of one name with the first");
    let mut found = Vec::new();
    for (wanted, received) in dealt {
        for mismatch in compare(wanted, received).map_err(crashed)? {
            let mismatch = if seen.contains(&mismatch) { mismatch } else { mismatch.closing(pitfall) };
            if !found.contains(&mismatch) {
                found.push(mismatch);
            }
        }
    }
    Ok(found)
}

/// Refuses what the matcher, which walks XML recursively, could not survive, and JSON that it would take
/// for broken.
pub(crate) fn refuse_deep(expected: &Body, actual: &[u8], what: &str) -> Result<(), Box<Finding>> {
    let expects_json = expected.content().is_some_and(|content| content.is_json);
    let expected = expected.content().map(|content| content.bytes.as_slice()).unwrap_or_default();
    for (whose, bytes) in [("example", expected), (what, actual)] {
        if looks_like_xml(bytes) && is_too_deep(bytes) {
            let message = format!("the XML of the {whose} is nested more than {DEEPEST_XML} levels deep");
            return Err(Box::new(Finding::new(Code::TooDeep, Place::Body, message)));
        }
    }
    if expects_json && is_json_too_deep(actual) {
        let message = format!("the JSON of the {what} is nested more than {DEEPEST_JSON} levels deep");
        return Err(Box::new(Finding::new(Code::TooDeep, Place::Body, message)));
    }
    Ok(())
}

fn looks_like_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"<")
}

/// The matcher could not come to a verdict.
pub(crate) fn crashed(why: String) -> Box<Finding> {
    Box::new(Finding::new(Code::MatchingCrashed, Place::Body, why))
}
