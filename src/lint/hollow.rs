//! Messages of which nothing is expected, so that whatever a provider sends keeps the contract.

use crate::contract::{Body, Contents, Contract, Exchange, Interaction};
use crate::finding::{Code, Finding, Place};

/// Warns of each such message. An HTTP response always expects a status, so it is never one.
pub(super) fn check(contract: &Contract, interaction: &Interaction) -> Vec<Finding> {
    let expected = match &interaction.exchange {
        Exchange::Http { .. } => &[],
        Exchange::Message(contents) => std::slice::from_ref(contents),
        Exchange::SyncMessage { responses, .. } => responses.as_slice(),
    };
    expected.iter().filter(|contents| expects_nothing(contents)).map(|it| finding(contract, it)).collect()
}

/// Contents that are said to be empty or null are compared; those that are not there are not.
fn expects_nothing(contents: &Contents) -> bool {
    contents.body == Body::Missing && contents.metadata.is_empty()
}

fn finding(contract: &Contract, contents: &Contents) -> Finding {
    let message = "the message has neither contents nor metadata, so any message is accepted";
    Finding::new(Code::ExpectsNothing, Place::Body, message)
        .with_help("give it the contents that are read")
        .with_location(contract.location(&contents.pointer))
}
