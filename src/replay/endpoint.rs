//! The protocol of message endpoints, which is the reference verifier's: what they are asked, and
//! the message in their answer.

use serde_json::{Map, json};

use super::hooks::{MessageRequest, OutgoingRequest};
use crate::contract::{Contract, Exchange, Interaction};
use crate::finding::{Code, Finding, Place};
use crate::matching::{Answer, Message, Reference, metadata_in};

/// What a contract asks a message endpoint for.
pub(super) fn message_request(
    contract: &Contract,
    interaction: &Interaction,
) -> Result<MessageRequest, Box<Finding>> {
    let request = match &interaction.exchange {
        Exchange::SyncMessage { .. } => match Reference::load(contract, interaction) {
            Ok(Reference::SyncMessage(message)) => Some(message.request.to_json()),
            Ok(_) => None,
            Err(why) => return Err(Box::new(Finding::new(Code::MatchingCrashed, Place::Request, why))),
        },
        Exchange::Http { .. } | Exchange::Message(_) => None,
    };
    Ok(MessageRequest {
        description: interaction.description.clone(),
        states: interaction.states.clone(),
        request,
    })
}

/// What the reference verifier sends to a message endpoint.
pub(super) fn endpoint_request(target: &str, request: &MessageRequest) -> OutgoingRequest {
    let mut body = json!({ "description": request.description });
    if let Some(message) = &request.request {
        body["request"] = message.clone();
    }
    if !request.states.is_empty() {
        let state = |state: &crate::contract::ProviderState| {
            if state.params.is_empty() {
                json!({ "name": state.name })
            } else {
                json!({ "name": state.name, "params": state.params })
            }
        };
        body["providerStates"] = request.states.iter().map(state).collect();
    }
    OutgoingRequest {
        method: "POST".to_owned(),
        target: target.to_owned(),
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: body.to_string().into_bytes(),
    }
}

/// The message in the answer of an endpoint.
pub(crate) fn message_in(answer: &Answer) -> Result<Message, Box<Finding>> {
    let metadata = match answer.header("pact-message-metadata") {
        Some(header) => metadata_in(header).map_err(|why| {
            let message = format!("the header Pact-Message-Metadata cannot be read: {why}");
            Box::new(Finding::new(Code::MessageMetadataUnreadable, Place::Metadata, message))
        })?,
        None => Map::new(),
    };
    let content_type = answer.header("content-type").unwrap_or_default().to_owned();
    Ok(Message { contents: answer.body.clone(), content_type, metadata })
}
