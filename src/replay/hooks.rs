//! Closures with which a Rust test takes part in a run.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use serde_json::{Map, Value};

use crate::finding::{Code, Finding, Place};
use crate::matching::Message;
use crate::matching::message_of;
use crate::name::did_you_mean;

/// What went wrong inside a closure of the test.
pub type HookError = Box<dyn std::error::Error + Send + Sync>;

type Async<T> = Pin<Box<dyn Future<Output = Result<T, HookError>> + Send>>;
type StateHook = Arc<dyn Fn(StateChange) -> Async<Map<String, Value>> + Send + Sync>;
type MessageHook = Arc<dyn Fn(MessageRequest) -> Async<Message> + Send + Sync>;
type RequestHook = Arc<dyn Fn(&mut OutgoingRequest) + Send + Sync>;

/// A provider state that has to be set up or torn down.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StateChange {
    /// The state's name.
    pub name: String,
    /// Its parameters.
    pub params: Map<String, Value>,
    /// What has to be done.
    pub action: StateAction,
    /// The address of the provider, or of the one of its instances that is meant.
    pub provider_url: String,
}

/// What has to be done about a provider state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateAction {
    /// Bring the provider into the state.
    Setup,
    /// Undo it.
    Teardown,
}

/// A message that the contract asks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MessageRequest {
    /// The description in the contract, by which both teams know the message.
    pub description: String,
    /// The provider states that were set up for it.
    pub states: Vec<crate::contract::ProviderState>,
    /// The message the consumer sends, for a synchronous message: contents and metadata as JSON.
    pub request: Option<Value>,
}

/// A request that is about to be sent; a request filter may change anything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingRequest {
    /// The method.
    pub method: String,
    /// The path, and the query behind a `?`, as they travel.
    pub target: String,
    /// The headers in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl OutgoingRequest {
    /// Sets a header, instead of any that has the same name in whatever case.
    pub fn set_header(&mut self, name: &str, value: impl Into<String>) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
    }
}

/// The closures of a test that take part while requests are sent.
#[derive(Debug, Clone, Default)]
pub struct Hooks {
    /// Changes every request before it is sent.
    pub(super) request_filter: RequestFilter,
    /// Makes the messages that the contracts ask for.
    pub(super) messages: MessageHandlers,
}

/// State handlers by name, with one for all other names.
#[derive(Clone, Default)]
pub struct StateHandlers {
    by_name: HashMap<String, StateHook>,
    otherwise: Option<StateHook>,
}

/// Message handlers by description.
#[derive(Clone, Default)]
pub(super) struct MessageHandlers {
    by_description: HashMap<String, MessageHook>,
}

/// A change to every request before it is sent.
#[derive(Clone, Default)]
pub(super) struct RequestFilter(Option<RequestHook>);

impl StateHandlers {
    /// Registers a handler, for one state or for all that have none of their own.
    pub(crate) fn insert<F, R>(&mut self, name: Option<String>, handler: F)
    where
        F: Fn(StateChange) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Map<String, Value>, HookError>> + Send + 'static,
    {
        let hook: StateHook = Arc::new(move |change| Box::pin(handler(change)));
        match name {
            Some(name) => {
                self.by_name.insert(name, hook);
            }
            None => self.otherwise = Some(hook),
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<StateHook> {
        self.by_name.get(name).or(self.otherwise.as_ref()).cloned()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }
}

impl MessageHandlers {
    pub(super) fn insert<F, R>(&mut self, description: String, handler: F)
    where
        F: Fn(MessageRequest) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Message, HookError>> + Send + 'static,
    {
        let hook: MessageHook = Arc::new(move |request| Box::pin(handler(request)));
        self.by_description.insert(description, hook);
    }

    fn missing(&self, description: &str) -> Box<Finding> {
        let message = format!("no message handler is registered for \"{description}\"");
        let mut finding = Finding::new(Code::MessageHandlerMissing, Place::Provider, message);
        finding.help = did_you_mean(description, self.by_description.keys().map(String::as_str));
        Box::new(finding)
    }
}

impl Hooks {
    /// Registers the handler that makes a message.
    pub(crate) fn insert_message<F, R>(&mut self, description: String, handler: F)
    where
        F: Fn(MessageRequest) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Message, HookError>> + Send + 'static,
    {
        self.messages.insert(description, handler);
    }

    /// Registers the filter that changes every request.
    pub(crate) fn set_request_filter(
        &mut self,
        filter: impl Fn(&mut OutgoingRequest) + Send + Sync + 'static,
    ) {
        self.request_filter = RequestFilter::new(filter);
    }

    /// True when the test makes the messages itself.
    pub(super) fn makes_messages(&self) -> bool {
        !self.messages.by_description.is_empty()
    }

    /// True when the test changes requests.
    pub(super) fn filters_requests(&self) -> bool {
        self.request_filter.0.is_some()
    }

    /// The message that the test makes, or `None` when it makes no messages at all.
    pub(super) async fn message(
        &self,
        request: &MessageRequest,
        limit: Duration,
    ) -> Option<Result<Message, Box<Finding>>> {
        if !self.makes_messages() {
            return None;
        }
        Some(match self.messages.by_description.get(&request.description) {
            Some(handler) => make(handler, request.clone(), limit).await,
            None => Err(self.messages.missing(&request.description)),
        })
    }
}

async fn make(
    handler: &MessageHook,
    request: MessageRequest,
    limit: Duration,
) -> Result<Message, Box<Finding>> {
    let fail = |why: String| Box::new(Finding::new(Code::HookFailed, Place::Provider, why));
    let making = AssertUnwindSafe(async { handler(request).await }).catch_unwind();
    match tokio::time::timeout(limit, making).await {
        Ok(Ok(Ok(message))) => Ok(message),
        Ok(Ok(Err(error))) => Err(fail(format!("the message handler failed: {error}"))),
        Ok(Err(panic)) => Err(fail(format!("the message handler panicked: {}", message_of(panic.as_ref())))),
        Err(_) => Err(fail(format!("the message handler did not end within {} ms", limit.as_millis()))),
    }
}

impl RequestFilter {
    pub(super) fn new(filter: impl Fn(&mut OutgoingRequest) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(filter)))
    }

    pub(super) fn apply(&self, request: &mut OutgoingRequest) {
        if let Some(filter) = &self.0 {
            filter(request);
        }
    }
}

impl StateAction {
    /// The word that travels to a state handler.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Teardown => "teardown",
        }
    }
}

impl fmt::Debug for StateHandlers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.by_name.keys()).finish()
    }
}

impl fmt::Debug for MessageHandlers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.by_description.keys()).finish()
    }
}

impl fmt::Debug for RequestFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "a request filter" } else { "no request filter" })
    }
}
