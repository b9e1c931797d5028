//! The only place where bytes become a contract, and the only place that says what is wrong with
//! a pact file.
//!
//! It is strict where the reference implementation guesses: what that one drops, truncates or
//! replaces by a default is a defect here, with its position and what was probably meant. What it
//! accepts from the known writers is accepted, and means the same bytes and rules. Every defect of
//! a file is reported at once; a contract comes out only when there is none. No input makes it
//! panic.

mod ambiguous;
mod body;
mod conflicts;
mod cursor;
mod evaluate;
mod examples;
mod expression;
mod format;
mod generator;
mod http;
mod interaction;
mod keys;
mod likeness;
mod matcher;
mod message;
mod pact;
mod pattern;
mod place;
mod query;
mod rules;
mod xml;

use std::sync::Arc;

use self::cursor::Context;
pub use self::evaluate::{admits, admits_text};
pub use self::likeness::{Likeness, is_event_log, looks_like_a_pact};
use super::document::Document;
use super::model::Contract;
use crate::finding::{Code, Finding, Weight};

/// What came of reading one file.
#[derive(Debug)]
pub struct Reading {
    /// The contract, unless a defect was found.
    pub contract: Option<Contract>,
    /// Every defect and every warning, in the order of the file.
    pub findings: Vec<Finding>,
}

/// Reads a pact from the bytes of a file; `name` is how findings call it.
#[must_use]
pub fn read(name: &str, bytes: Vec<u8>) -> Reading {
    match Document::parse(name, bytes) {
        Ok(document) => read_document(document),
        Err(finding) => Reading { contract: None, findings: vec![*finding] },
    }
}

/// Reads a pact from a document that is parsed already.
#[must_use]
pub fn read_document(mut document: Document) -> Reading {
    let (parts, findings) = examine(&document);
    let sound = findings.iter().all(|finding| finding.weight() == Weight::Warning);
    document.forget_value();
    let contract = parts.filter(|_| sound).map(|parts| Contract {
        consumer: parts.consumer,
        provider: parts.provider,
        version: parts.version,
        interactions: parts.interactions,
        document: Arc::new(document),
    });
    Reading { contract, findings }
}

fn examine(document: &Document) -> (Option<pact::Parts>, Vec<Finding>) {
    let context = Context::new(document);
    let parts = pact::pact(&context.root());
    if parts.is_none() && context.defects() == 0 {
        // Cannot happen; and if it does, a pact that was not understood is not a clean one.
        context.root().say(Code::NotAPact, "this pact could not be understood", "");
    }
    (parts, context.findings())
}
