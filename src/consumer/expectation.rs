//! A described interaction that was read as a contract and found sound.

use std::sync::Arc;

use serde_json::Value;

use super::document::document;
use super::draft::{Draft, Source};
use super::failure::Failure;
use super::pact::Pact;
use crate::contract::{self, Contract, Interaction};
use crate::finding::Finding;

/// One interaction as a contract of its own.
#[derive(Debug, Clone)]
pub(super) struct Expectation {
    pub(super) pact: Pact,
    pub(super) source: Source,
    pub(super) contract: Arc<Contract>,
    /// The pact of one interaction that the contract was read from.
    pub(super) document: Value,
}

impl Expectation {
    /// Reads a description as strictly as any pact file; a warning is an error here, where it can
    /// still be mended.
    pub(super) fn read(draft: &Draft) -> Result<Self, Failure> {
        let source = draft.about.source.clone();
        let unsound = |problems: Vec<String>| Failure::Unsound {
            description: draft.about.description.clone(),
            at: source.to_string(),
            problems,
        };
        let document = document(draft).map_err(unsound)?;
        let reading = contract::read(&source.file, document.to_string().into_bytes());
        match reading.contract.filter(|_| reading.findings.is_empty()) {
            Some(contract) => {
                Ok(Self { pact: draft.about.pact.clone(), source, contract: Arc::new(contract), document })
            }
            None => Err(unsound(reading.findings.iter().map(sentence).collect())),
        }
    }

    /// Its name and where it is described, for people.
    pub(super) fn named(&self) -> String {
        format!("\"{}\" ({})", self.interaction().description, self.source)
    }

    /// The interaction itself.
    pub(super) fn interaction(&self) -> &Interaction {
        &self.contract.interactions[0]
    }
}

/// A finding without its position, which is in a document that nobody has seen.
fn sentence(finding: &Finding) -> String {
    let help = finding.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{}{help} [{}]", finding.message, finding.code)
}
