//! Provider states: setting them up before an interaction and tearing them down after it.
//!
//! Teardown runs whenever set-up was attempted, and neither its success nor its failure touches
//! the verdict. A set-up is tried once unless more was asked for, and its failure shows at once
//! what the handler said.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::process::Command;

use super::client::Client;
use super::hooks::{OutgoingRequest, StateAction, StateChange, StateHandlers};
use super::options::{StateHandler, States};
use super::process::shell;
use crate::connect::{absolute, split};
use crate::contract::ProviderState;
use crate::finding::{Code, Finding, Place};
use crate::matching::Answer;

/// The variable in which a command finds the address of the provider.
const ADDRESS: &str = "PACTWRIGHT_PROVIDER_URL";
/// How many lines of a handler's answer are shown when it failed.
const SHOWN_LINES: usize = 20;

/// Sets states up and tears them down on one instance of the provider.
#[derive(Debug, Clone)]
pub(super) struct StateChanger {
    client: Client,
    states: States,
    /// The address of this instance.
    base: String,
    limit: Duration,
    /// Whether a missing handler is passed over as the reference verifier does.
    tolerate_nobody: bool,
}

/// What the handlers returned.
#[derive(Debug, Clone, Default)]
pub(super) struct StateValues {
    /// The parameters of the states, and over them the values that were returned.
    pub(super) values: Map<String, Value>,
    /// The names of the values that were returned.
    pub(super) returned: Vec<String>,
    /// Why an answer held no values although there was one.
    pub(super) unusable: Option<String>,
}

impl StateChanger {
    /// A changer for the instance at `base`.
    pub(super) fn new(
        client: Client,
        states: States,
        base: &str,
        limit: Duration,
        tolerate_nobody: bool,
    ) -> Self {
        Self { client, states, base: base.to_owned(), limit, tolerate_nobody }
    }

    /// Brings the provider into all `states`, in order.
    pub(super) async fn set_up(&self, states: &[ProviderState]) -> Result<StateValues, Box<Finding>> {
        let mut all = StateValues::default();
        for state in states {
            all.values.extend(state.params.clone());
        }
        for state in states {
            let returned = self.try_set_up(state).await?;
            all.returned.extend(returned.values.keys().cloned());
            all.values.extend(returned.values);
            all.unusable = all.unusable.or(returned.unusable);
        }
        Ok(all)
    }

    /// Undoes all `states`, the last one first, when teardown was asked for. Every one is tried.
    pub(super) async fn tear_down(&self, states: &[ProviderState]) -> Vec<Finding> {
        let mut problems = Vec::new();
        if self.states.teardown {
            for state in states.iter().rev() {
                if let Err(problem) = self.change(state, StateAction::Teardown).await {
                    problems.push(*problem);
                }
            }
        }
        problems
    }

    async fn try_set_up(&self, state: &ProviderState) -> Result<StateValues, Box<Finding>> {
        let mut outcome = self.change(state, StateAction::Setup).await;
        for _ in 0..self.states.retries {
            if outcome.is_ok() {
                break;
            }
            outcome = self.change(state, StateAction::Setup).await;
        }
        outcome
    }

    async fn change(&self, state: &ProviderState, action: StateAction) -> Result<StateValues, Box<Finding>> {
        let change = StateChange {
            name: state.name.clone(),
            params: state.params.clone(),
            action,
            provider_url: self.base.clone(),
        };
        match &self.states.handler {
            StateHandler::Nobody if self.tolerate_nobody => Ok(StateValues::default()),
            StateHandler::Nobody => Err(nobody(&state.name)),
            StateHandler::Url { url, as_query } => {
                self.ask_url(&absolute(&self.base, url), &change, *as_query).await
            }
            StateHandler::Command(command) => {
                let mut process = shell(command);
                // With several instances, only this says which of them is meant.
                process.env(ADDRESS, &self.base);
                run_command((command, process), &change, self.limit).await
            }
            StateHandler::InProcess(handlers) => call(handlers, change, self.limit).await,
        }
    }

    async fn ask_url(
        &self,
        url: &str,
        change: &StateChange,
        as_query: bool,
    ) -> Result<StateValues, Box<Finding>> {
        let (base, target) = split(url);
        let request = if as_query { query_request(target, change) } else { body_request(target, change) };
        let answer = self.client.send(base, request).await.map_err(|problem| {
            let message = format!("{}: {}", what_failed(change), problem.message);
            Box::new(Finding { help: problem.help, ..failed(change, message) })
        })?;
        if answer.is_success() {
            return Ok(values_in(&answer));
        }
        let said = beginning(&String::from_utf8_lossy(&answer.body));
        let message = format!("{}: {url} answered {}", what_failed(change), answer.status);
        Err(Box::new(Finding { actual: (!said.is_empty()).then_some(said), ..failed(change, message) }))
    }
}

/// The body that the reference verifier sends.
fn body_of(change: &StateChange) -> Value {
    json!({ "state": change.name, "params": change.params, "action": change.action.word() })
}

fn body_request(target: &str, change: &StateChange) -> OutgoingRequest {
    OutgoingRequest {
        method: "POST".to_owned(),
        target: target.to_owned(),
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: body_of(change).to_string().into_bytes(),
    }
}

fn query_request(target: &str, change: &StateChange) -> OutgoingRequest {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut params = vec![
        ("state".to_owned(), Some(change.name.clone())),
        ("action".to_owned(), Some(change.action.word().to_owned())),
    ];
    params.extend(change.params.iter().map(|(name, value)| (name.clone(), Some(text(value)))));
    let query =
        super::outgoing::query_text(&crate::contract::Query { raw: None, params }).unwrap_or_default();
    let joint = if target.contains('?') { '&' } else { '?' };
    OutgoingRequest {
        method: "POST".to_owned(),
        target: format!("{target}{joint}{query}"),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

/// The values in a handler's answer. An answer without values is fine; one that cannot be read is
/// remembered, for it matters as soon as a value is needed.
fn values_in(answer: &Answer) -> StateValues {
    let unusable = |why: &str| {
        let said = beginning(&String::from_utf8_lossy(&answer.body));
        StateValues {
            unusable: Some(format!("the state handler's answer is {why}: {said}")),
            ..StateValues::default()
        }
    };
    if answer.body.iter().all(u8::is_ascii_whitespace) {
        return StateValues::default();
    }
    match serde_json::from_slice(&answer.body) {
        Ok(Value::Object(values)) => StateValues { values, ..StateValues::default() },
        Ok(Value::Null) => StateValues::default(),
        Ok(_) => unusable("not a JSON object"),
        Err(_) => unusable("not JSON"),
    }
}

async fn run_command(
    (command, mut process): (&str, Command),
    change: &StateChange,
    limit: Duration,
) -> Result<StateValues, Box<Finding>> {
    let fail = |why: String| Box::new(failed(change, format!("{}: {why}", what_failed(change))));
    process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let input = body_of(change).to_string();
    let work = super::process::run(process, input.as_bytes());
    let output = match tokio::time::timeout(limit, work).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(fail(format!("`{command}` cannot be run: {error}"))),
        Err(_) => return Err(fail(format!("`{command}` did not end within {} ms", limit.as_millis()))),
    };
    if output.status.success() {
        return Ok(values_in(&Answer { status: 200, headers: Vec::new(), body: output.stdout }));
    }
    let said = beginning(&String::from_utf8_lossy(if output.stderr.is_empty() {
        &output.stdout
    } else {
        &output.stderr
    }));
    let mut finding = fail(format!("`{command}` ended with {}", output.status));
    finding.actual = (!said.is_empty()).then_some(said);
    Err(finding)
}

async fn call(
    handlers: &StateHandlers,
    change: StateChange,
    limit: Duration,
) -> Result<StateValues, Box<Finding>> {
    let Some(handler) = handlers.find(&change.name) else {
        // Nothing has to be undone where nobody can do anything.
        return if change.action == StateAction::Teardown {
            Ok(StateValues::default())
        } else {
            let mut finding = nobody(&change.name);
            finding.help = crate::name::did_you_mean(&change.name, handlers.names());
            Err(finding)
        };
    };
    let fail = |why: String| Box::new(failed(&change, format!("{}: {why}", what_failed(&change))));
    let running =
        futures_util::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(handler(change.clone())));
    match tokio::time::timeout(limit, running).await {
        Ok(Ok(Ok(values))) => Ok(StateValues { values, ..StateValues::default() }),
        Ok(Ok(Err(error))) => Err(fail(error.to_string())),
        Ok(Err(panic)) => {
            Err(fail(format!("the handler panicked: {}", crate::matching::message_of(panic.as_ref()))))
        }
        Err(_) => Err(fail(format!("the handler did not end within {} ms", limit.as_millis()))),
    }
}

fn nobody(state: &str) -> Box<Finding> {
    let message = format!("the state \"{state}\" is needed and nobody sets it up");
    Box::new(
        Finding::new(Code::StateHandlerMissing, Place::State, message)
            .at(state)
            .with_help("--state-url URL or --state-cmd 'COMMAND' says who does"),
    )
}

fn failed(change: &StateChange, message: String) -> Finding {
    let code = match change.action {
        StateAction::Setup => Code::StateSetupFailed,
        StateAction::Teardown => Code::StateTeardownFailed,
    };
    Finding::new(code, Place::State, message).at(&change.name)
}

fn what_failed(change: &StateChange) -> String {
    match change.action {
        StateAction::Setup => format!("the state \"{}\" could not be set up", change.name),
        StateAction::Teardown => format!("the state \"{}\" could not be torn down", change.name),
    }
}

fn beginning(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().take(SHOWN_LINES).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Answer {
        Answer { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    #[test]
    fn an_answer_that_holds_no_values_is_fine_until_one_is_needed() {
        assert_eq!(values_in(&answer("")).unusable, None);
        assert_eq!(values_in(&answer(r#"{"id": 7}"#)).values["id"], 7);
        let text = values_in(&answer("done"));
        assert_eq!(text.unusable.as_deref(), Some("the state handler's answer is not JSON: done"));
        let list = values_in(&answer("[1]"));
        assert_eq!(list.unusable.as_deref(), Some("the state handler's answer is not a JSON object: [1]"));
    }

    #[test]
    fn a_state_travels_in_the_query_when_asked_to() {
        let params = json!({"id": 7, "name": "a b"}).as_object().cloned().expect("an object");
        let change = StateChange {
            name: "a FAQ exists".into(),
            params,
            action: StateAction::Setup,
            provider_url: String::new(),
        };
        let request = query_request("/states?x=1", &change);
        assert_eq!(request.target, "/states?x=1&state=a%20FAQ%20exists&action=setup&id=7&name=a%20b");
    }
}
