//! The chosen contracts, read from the store where something of them has to be replayed.

use std::collections::HashMap;
use std::sync::Arc;

use super::nothing;
use super::wish::{Wish, choose};
use crate::contract::{self, Digest};
use crate::fact::{FactId, Judgement, Selected, State, Verification, What};
use crate::finding::Finding;
use crate::name::Application;
use crate::outcome::{Earlier, PactInfo, Waiver};
use crate::replay::Source;
use crate::store::{Store, StoreError};
use crate::verification::Subject;

/// What there is to verify.
#[derive(Debug)]
pub struct Read {
    /// The contracts with everything that a report says about them.
    pub subject: Subject,
    /// Those of which something may be replayed, in the same order as in the subject.
    pub opened: Vec<Opened>,
}

/// A contract of which something may be replayed.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Why it was chosen.
    pub selected: Selected,
    /// The contract.
    pub source: Arc<Source>,
}

/// Chooses contracts, and reads those that have to be replayed; `address` is where the store is, for people.
///
/// # Errors
/// When the store cannot be read. That nothing was chosen, or that a contract has defects, is a finding.
pub fn read(store: &dyn Store, state: &State, wish: &Wish, address: &str) -> Result<Read, StoreError> {
    let selected = choose(state, wish);
    let mut findings = nothing::missing(state, wish, &selected, address);
    let (mut opened, mut settled) = (Vec::new(), Vec::new());
    let mut kept: HashMap<Application, HashMap<Digest, Earlier>> = HashMap::new();
    for one in selected {
        if let Some(result) = wish.settled(state, &one) {
            settled.push(settled_info(one, wish, result, address));
            continue;
        }
        if !kept.contains_key(&one.consumer) {
            kept.insert(one.consumer.clone(), kept_before(store, state, wish, &one.consumer)?);
        }
        let of_consumer = &kept[&one.consumer];
        let file = file(address, one.content);
        let text = store.content(one.content)?;
        let waived = wish.waiver(state, &one);
        match open((one, waived), &file, text, of_consumer) {
            Ok((one, warnings)) => {
                opened.push(one);
                findings.extend(warnings);
            }
            Err(defects) => findings.extend(defects),
        }
    }
    let subject = Subject {
        provider: wish.provider.application.to_string(),
        sources: opened.iter().map(|one| Arc::clone(&one.source)).collect(),
        findings,
        shared: Some(wish.info(address)),
        settled,
    };
    Ok(Read { subject, opened })
}

/// What a report says about a contract that is not even read.
fn settled_info(one: Selected, wish: &Wish, result: &Verification, address: &str) -> PactInfo {
    PactInfo {
        file: file(address, one.content),
        consumer: one.consumer.to_string(),
        provider: wish.provider.application.to_string(),
        specification: String::new(),
        interactions: result.judged,
        already: Some(earlier(result.fact)),
        consumer_version: Some(one.version.to_string()),
        pending: one.pending,
        waived: None,
        why: one.reasons,
    }
}

fn file(address: &str, content: Digest) -> String {
    format!("{address}/{}", content_file(content))
}

/// Where a content lies in every store.
pub(super) fn content_file(content: Digest) -> String {
    format!("ledger/contents/{content}.json")
}

/// The contract with what is worth saying about it, or else its defects.
fn open(
    (selected, waived): (Selected, Option<Waiver>),
    file: &str,
    text: String,
    kept: &HashMap<Digest, Earlier>,
) -> Result<(Opened, Vec<Finding>), Vec<Finding>> {
    let reading = contract::read(file, text.into_bytes());
    let Some(contract) = reading.contract else { return Err(reading.findings) };
    let mut source = Source::from(contract);
    source.consumer_version = Some(selected.version.to_string());
    source.pending = selected.pending;
    source.waived = waived;
    source.why.clone_from(&selected.reasons);
    source.already = source.digests().iter().map(|digest| kept.get(digest).cloned()).collect();
    Ok((Opened { selected, source: Arc::new(source) }, reading.findings))
}

/// The interactions that this version of the provider has kept when it last looked at them.
fn kept_before(
    store: &dyn Store,
    state: &State,
    wish: &Wish,
    consumer: &Application,
) -> Result<HashMap<Digest, Earlier>, StoreError> {
    let mut kept = HashMap::new();
    let Some(version) = wish.known_version() else { return Ok(kept) };
    let found = state.found_by((consumer, &wish.provider.application), version);
    for result in found.into_iter().filter(|result| !result.dirty) {
        let What::Verified(verified) = store.fact(result.fact)?.what else { continue };
        for judged in verified.interactions {
            if judged.verdict == Judgement::Passed {
                // What a doubtful run has not refuted stays as it was before.
                if verified.doubtful {
                    continue;
                }
                kept.insert(judged.interaction, earlier(judged.taken_from.unwrap_or(result.fact)));
            } else {
                kept.remove(&judged.interaction);
            }
        }
    }
    Ok(kept)
}

fn earlier(fact: FactId) -> Earlier {
    Earlier { fact: fact.to_string(), at: fact.moment() }
}
