//! What would break if the provider answered otherwise: the answers of an earlier run are changed and
//! judged again, without a provider.
//!
//! Only what was judged to hold before can be said to break. Where no whole answer to the very same
//! interaction is known, nothing is said to hold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use serde_json::{Map, Value};

use crate::compat::{Alteration, Altered};
use crate::contract::{Contract, Exchange, Interaction};
use crate::finding::{Code, Finding, Location, Place};
use crate::matching::{Actual, Answer, Message, Quirk, STACK_BYTES, guarded, judge};
use crate::outcome::{InteractionResult, Payload, Report, Verdict};
use crate::replay::{Entry, Selection, Source, message_in, plan};

/// How long one comparison may take.
const LIMIT: Duration = Duration::from_secs(10);
/// What is said of an interaction of which no answer is known.
pub const NOT_KEPT: &str = "no answer to it was kept";
/// Statuses with which a server says that it has no such endpoint.
const NOT_THERE: [u16; 3] = [404, 405, 501];
/// The content type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// What a change would do to one interaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// The consumer.
    pub consumer: String,
    /// The interaction, with the states it is given.
    pub interaction: String,
    /// Where it stands.
    pub location: Location,
    /// True when it is marked as pending, so that breaking it fails no run.
    pub is_pending: bool,
    /// What would come of it.
    pub fate: Fate,
}

/// What would come of an interaction.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// The change does not touch its answer.
    Untouched,
    /// It holds all the same.
    Holds,
    /// It breaks.
    Breaks(Vec<Finding>),
    /// It did not hold before.
    BrokenAlready,
    /// It cannot be told, and why.
    Unknown(String),
}

/// Judges the answers of an earlier run once more, changed.
///
/// # Errors
/// When no thread can be had for judging.
pub fn foresee(
    contracts: &[Arc<Contract>],
    known: &Report,
    alteration: &Alteration,
    allowed: &BTreeSet<Quirk>,
) -> std::io::Result<Vec<Foreseen>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_stack_size(STACK_BYTES)
        .enable_time()
        .build()?;
    // By what is expected: an interaction that was changed since is another one.
    let answers: BTreeMap<_, _> = known
        .interactions
        .iter()
        .filter_map(|result| Some(((result.consumer.as_str(), result.content.as_deref()?), result)))
        .collect();
    let sources: Vec<_> = contracts.iter().map(|one| Arc::new(Source::from(Arc::clone(one)))).collect();
    let entries = plan(&sources, &Selection::default(), true).entries;
    let foreseen = |entry: &Entry| {
        let interaction = entry.interaction();
        let fate = if alteration.concerns(interaction) {
            let judge = |answer: Actual| runtime.block_on(judged(entry, answer, allowed.clone()));
            let digest = entry.source.digest(entry.position).map(|digest| digest.to_string());
            let consumer = entry.contract().consumer.as_str();
            let known = digest.and_then(|digest| answers.get(&(consumer, digest.as_str())).copied());
            fate(interaction, known, alteration, judge)
        } else {
            Fate::Untouched
        };
        Foreseen {
            consumer: entry.contract().consumer.clone(),
            interaction: crate::compat::title(interaction),
            location: entry.contract().location(&interaction.pointer),
            is_pending: interaction.pending,
            fate,
        }
    };
    Ok(entries.iter().map(foreseen).collect())
}

/// What is wrong with an answer, or why that cannot be told.
type Judged = Result<Vec<Finding>, String>;

fn fate(
    interaction: &Interaction,
    known: Option<&InteractionResult>,
    alteration: &Alteration,
    judge: impl Fn(Actual) -> Judged,
) -> Fate {
    if matches!(alteration.change, Altered::Gone) {
        return of_gone(interaction, known);
    }
    let is_message = !matches!(interaction.exchange, Exchange::Http { .. });
    let before = answer(known).and_then(|answer| {
        if !is_message {
            return Ok(Actual::Http(answer));
        }
        message_in(&answer).map(Actual::Message).map_err(|finding| finding.message)
    });
    let before = match before {
        Ok(before) => before,
        Err(why) => return Fate::Unknown(why),
    };
    let after = match changed(&before, alteration) {
        Ok(Some(after)) => after,
        Ok(None) => return Fate::Untouched,
        Err(why) => return Fate::Unknown(why),
    };
    match judge(before) {
        Ok(wrong) if wrong.is_empty() => {}
        Ok(_) if known.is_some_and(|result| !result.findings.is_empty()) => return Fate::BrokenAlready,
        Ok(_) => {
            return Fate::Unknown(
                "the kept answer is not the one that passed: secrets are taken out".to_owned(),
            );
        }
        Err(why) => return Fate::Unknown(why),
    }
    match judge(after) {
        Ok(wrong) if wrong.is_empty() => Fate::Holds,
        Ok(wrong) => Fate::Breaks(wrong),
        Err(why) => Fate::Unknown(why),
    }
}

/// What becomes of an interaction without its endpoint. Only what held before can break, and who expects that
/// nothing is there may get just that.
fn of_gone(interaction: &Interaction, known: Option<&InteractionResult>) -> Fate {
    let Some(known) = known else { return Fate::Unknown(NOT_KEPT.to_owned()) };
    let expects_nothing = match &interaction.exchange {
        Exchange::Http { response, .. } => {
            let accepted = crate::compat::parts::statuses(response.status, &response.rules);
            accepted.is_none_or(|accepted| NOT_THERE.iter().any(|status| accepted.contains(status)))
        }
        Exchange::Message(_) | Exchange::SyncMessage { .. } => false,
    };
    match known.verdict {
        Verdict::Failed | Verdict::Pending => Fate::BrokenAlready,
        Verdict::Error | Verdict::Skipped => {
            Fate::Unknown("it is not known whether it held before".to_owned())
        }
        Verdict::Passed if expects_nothing => {
            Fate::Unknown("it expects an answer that also says that nothing is there".to_owned())
        }
        Verdict::Passed => {
            let message = "the endpoint is gone";
            Fate::Breaks(vec![Finding::new(Code::StatusMismatch, Place::Status, message)])
        }
    }
}

/// The answer that was kept, when it is whole.
fn answer(known: Option<&InteractionResult>) -> Result<Answer, String> {
    let Some(response) = known.and_then(|result| result.response.as_ref()) else {
        return Err(NOT_KEPT.to_owned());
    };
    let body = match &response.body {
        None => Vec::new(),
        Some(Payload { cut: true, .. }) => return Err("only the beginning of its answer was kept".to_owned()),
        Some(Payload { text, base64: true, .. }) => base64::engine::general_purpose::STANDARD
            .decode(text)
            .map_err(|_| "the kept answer cannot be read".to_owned())?,
        Some(Payload { text, .. }) => text.clone().into_bytes(),
    };
    Ok(Answer { status: response.status, headers: response.headers.clone(), body })
}

/// The answer with the change; nothing when there is nothing in it to change.
fn changed(before: &Actual, alteration: &Alteration) -> Result<Option<Actual>, String> {
    match before {
        Actual::Http(before) => {
            let mut after = before.clone();
            if alteration.change_headers(&mut after.headers) > 0 {
                return Ok(Some(Actual::Http(after)));
            }
            let kind = before.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            let is_form = kind.is_some_and(|(_, kind)| kind.starts_with(FORM));
            let body = if is_form {
                changed_form(&before.body, alteration)
            } else {
                changed_body(&before.body, alteration)?
            };
            Ok(body.map(|body| Actual::Http(Answer { body, ..after })))
        }
        Actual::Message(before) => {
            let mut after = before.clone();
            if alteration.change_metadata(&mut after.metadata) > 0 {
                return Ok(Some(Actual::Message(after)));
            }
            let contents = changed_body(&before.contents, alteration)?;
            Ok(contents.map(|contents| Actual::Message(Message { contents, ..after })))
        }
    }
}

fn changed_body(before: &[u8], alteration: &Alteration) -> Result<Option<Vec<u8>>, String> {
    if matches!(alteration.change, Altered::WithoutHeader(_)) || before.is_empty() {
        return Ok(None);
    }
    let mut body: Value = serde_json::from_slice(before)
        .map_err(|_| "its answer is not JSON, so that no field of it can be changed".to_owned())?;
    let times = alteration.change_body(&mut body);
    Ok((times > 0).then(|| body.to_string().into_bytes()))
}

/// The same for a form, whose fields are texts.
fn changed_form(before: &[u8], alteration: &Alteration) -> Option<Vec<u8>> {
    let mut changed = Vec::new();
    let mut times = 0;
    for (name, value) in form_urlencoded::parse(before) {
        let mut field = serde_json::json!({ name.as_ref(): value });
        times += alteration.change_body(&mut field);
        let fields = field.as_object().into_iter().flatten();
        changed.extend(fields.map(|(name, value)| {
            (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        }));
    }
    let mut body = form_urlencoded::Serializer::new(String::new());
    (times > 0).then(|| body.extend_pairs(changed).finish().into_bytes())
}

async fn judged(entry: &Entry, answer: Actual, allowed: BTreeSet<Quirk>) -> Judged {
    let (contract, position) = (Arc::clone(entry.contract()), entry.position);
    let work = move || {
        let interaction = &contract.interactions[position];
        judge(&contract, interaction, &answer, &Map::new(), &allowed)
    };
    match guarded(LIMIT, work).await {
        Ok(Ok(judgement)) => Ok(judgement.judged.into_iter().map(|judged| judged.finding).collect()),
        Ok(Err(finding)) => Err(finding.message),
        Err(_) => Err("the comparison crashed or took too long".to_owned()),
    }
}
