//! What the test does for the provider: its states, and the messages that it would publish.

use std::future::Future;

use serde_json::{Map, Value};

use super::verifier::Verifier;
use crate::replay::{HookError, Message, MessageRequest, StateChange};

/// Provider states. They are set up by closures, by an address or by a command, and a state that
/// nobody sets up is an error of its interaction.
impl Verifier {
    /// Sets up and tears down a provider state with a closure; what it returns can be used by the
    /// contract.
    ///
    /// ```
    /// # use pactwright::verify::Verifier;
    /// use pactwright::verify::StateAction;
    /// use serde_json::{Map, Value};
    ///
    /// let verifier = Verifier::of("faq").state("a FAQ exists", |change| async move {
    ///     // What the closure does, it does with its own means: a pool, a handle to the router's data.
    ///     if change.action == StateAction::Setup {
    ///         let id = change.params.get("id").cloned().unwrap_or(Value::from(7));
    ///         return Ok(Map::from_iter([("id".to_owned(), id)]));
    ///     }
    ///     Ok(Map::new())
    /// });
    /// ```
    pub fn state<F, R>(mut self, name: impl Into<String>, handler: F) -> Self
    where
        F: Fn(StateChange) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Map<String, Value>, HookError>> + Send + 'static,
    {
        self.setup.state_closures.get_or_insert_default().insert(Some(name.into()), handler);
        self
    }

    /// Sets up and tears down every provider state that has no closure of its own.
    pub fn other_states<F, R>(mut self, handler: F) -> Self
    where
        F: Fn(StateChange) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Map<String, Value>, HookError>> + Send + 'static,
    {
        self.setup.state_closures.get_or_insert_default().insert(None, handler);
        self
    }

    /// Sets up provider states through an address; a path alone is at the provider. It gets
    /// `{state, params, action}` as JSON.
    pub fn state_url(mut self, url: impl Into<String>) -> Self {
        (self.setup.state_url, self.setup.state_as_query) = (Some(url.into()), false);
        self
    }

    /// Sets up provider states through an address, with the state in the query instead of the body.
    pub fn state_url_with_query(mut self, url: impl Into<String>) -> Self {
        (self.setup.state_url, self.setup.state_as_query) = (Some(url.into()), true);
        self
    }

    /// Sets up provider states with a command, which gets the state as JSON on standard input and
    /// the provider's address as `PACTWRIGHT_PROVIDER_URL`.
    pub fn state_command(mut self, command: impl Into<String>) -> Self {
        self.setup.state_command = Some(command.into());
        self
    }

    /// Also tears provider states down after each interaction.
    pub fn teardown(mut self) -> Self {
        self.setup.state_teardown = true;
        self
    }

    /// Tries a failed set-up again, up to this many times; not at all otherwise.
    pub fn state_retries(mut self, times: u32) -> Self {
        self.setup.state_retries = times;
        self
    }
}

/// Messages that the provider would publish.
impl Verifier {
    /// Makes the message with this description.
    ///
    /// ```
    /// # use pactwright::verify::Verifier;
    /// use pactwright::verify::Message;
    /// use serde_json::json;
    ///
    /// let verifier = Verifier::of("faq").message("a FAQ was published", |_request| async {
    ///     // In a real test, the code that publishes makes these contents.
    ///     Ok(Message::json(&json!({ "id": 7 })).with("topic", "faqs"))
    /// });
    /// ```
    pub fn message<F, R>(mut self, description: impl Into<String>, handler: F) -> Self
    where
        F: Fn(MessageRequest) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Message, HookError>> + Send + 'static,
    {
        self.setup.hooks.insert_message(description.into(), handler);
        self
    }

    /// Asks an address for messages instead of closures; a path alone is at the provider.
    pub fn message_url(mut self, url: impl Into<String>) -> Self {
        self.setup.message_url = Some(url.into());
        self
    }
}
