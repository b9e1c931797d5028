//! A described interaction that was read as a contract and found sound.

use std::sync::Arc;

use serde_json::Value;

use super::automatic;
use super::document::document;
use super::draft::{Draft, Source};
use super::failure::Failure;
use super::pact::Pact;
use super::part::{encoded, encoded_pair};
use super::surroundings::surroundings;
use crate::contract::{self, Contract, Exchange, Interaction, Request};
use crate::finding::Finding;
use crate::matching::{Incoming, judge_request, quietly};
use crate::recording::Fragment;

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
        // It stands at the line of the test, so that a position in it leads there.
        let above = "\n".repeat(source.line.saturating_sub(1) as usize);
        let reading = contract::read(&source.file, format!("{above}{document}").into_bytes());
        let Some(contract) = reading.contract.filter(|_| reading.findings.is_empty()) else {
            return Err(unsound(reading.findings.iter().map(sentence).collect()));
        };
        let impossible = contract::impossible(&contract);
        if !impossible.is_empty() {
            return Err(unsound(impossible.into_iter().map(|one| one.message).collect()));
        }
        Ok(Self { pact: draft.about.pact.clone(), source, contract: Arc::new(contract), document })
    }

    /// True when the request of another interaction is one that this one expects as well, or when
    /// that cannot be found out.
    pub(super) fn is_met_by(&self, other: &Self) -> bool {
        let (Exchange::Http { request, .. }, Exchange::Http { request: sent, .. }) =
            (&self.interaction().exchange, &other.interaction().exchange)
        else {
            return false;
        };
        let incoming = example_of(sent);
        let judge = || judge_request(&self.contract, self.interaction(), request, &incoming);
        match quietly(judge) {
            Ok(Ok(judgement)) => judgement.judged.is_empty(),
            Ok(Err(_)) | Err(_) => true,
        }
    }

    /// Its name and where it is described, for people.
    pub(super) fn named(&self) -> String {
        format!("\"{}\" ({})", self.interaction().description, self.source)
    }

    /// Leaves a fragment.
    ///
    /// # Errors
    /// It cannot be written, or another test of this run has recorded it differently.
    pub(super) fn record(&self) -> Result<(), Failure> {
        let fragment = self.fragment();
        let fragments = self.pact.fragments();
        let unwritable = |source| Failure::Unwritable { path: fragments.path().to_owned(), source };
        if let Some(other) = fragments.write(&fragment).map_err(unwritable)?.first() {
            return Err(Failure::Conflict {
                description: self.interaction().description.clone(),
                first: other.recorded_by(),
                second: fragment.recorded_by(),
            });
        }
        if self.pact.assembles_itself() {
            automatic::take(&self.pact.pacts(), &fragments, &fragment, surroundings().ci)?;
        }
        Ok(())
    }

    fn fragment(&self) -> Fragment {
        let list = if self.document.get("messages").is_some() { "messages" } else { "interactions" };
        Fragment {
            consumer: self.contract.consumer.clone(),
            provider: self.contract.provider.clone(),
            version: self.contract.version.number().to_owned(),
            list: list.to_owned(),
            test: self.source.test.clone().unwrap_or_else(|| "a test without a name".to_owned()),
            source: self.source.to_string(),
            run: surroundings().run.clone(),
            process: std::process::id(),
            interaction: self.document[list][0].clone(),
        }
    }

    /// The interaction itself.
    pub(super) fn interaction(&self) -> &Interaction {
        &self.contract.interactions[0]
    }
}

/// The example of a request, as it would come in.
fn example_of(request: &Request) -> Incoming {
    let pairs = request.query.params.iter();
    let query = pairs.map(|(name, value)| match value {
        Some(value) => encoded_pair(name, value),
        None => encoded(name),
    });
    let query = query.collect::<Vec<_>>().join("&");
    let headers = request.headers.iter();
    let headers = headers.flat_map(|(name, values)| values.iter().map(|value| (name.clone(), value.clone())));
    Incoming {
        method: request.method.clone(),
        path: request.path.clone(),
        query: (!query.is_empty()).then_some(query),
        headers: headers.collect(),
        body: request.body.content().map(|content| content.bytes.clone()).unwrap_or_default(),
    }
}

/// A finding without its position, which is in a document that nobody has seen.
fn sentence(finding: &Finding) -> String {
    let help = finding.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{}{help} [{}]", finding.message, finding.code)
}
