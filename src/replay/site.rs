//! One instance of the provider, with everything that is needed to replay an interaction on it.

use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::client::Client;
use super::coding::{decoded, expects_coded};
use super::endpoint::{endpoint_request, message_in, message_request};
use super::exchange::{received, sent};
use super::hooks::{Hooks, OutgoingRequest};
use super::options::Options;
use super::outgoing::outgoing;
use super::plan::Entry;
use super::provider::Instance;
use super::request::generated_request;
use super::state::{StateChanger, StateValues};
use crate::connect::{absolute, split};
use crate::contract::{Exchange, Interaction};
use crate::finding::{Code, Finding, Place};
use crate::matching::Answer;
use crate::matching::Message;
use crate::matching::Quirk;
use crate::matching::message_of;
use crate::matching::unfit_value;
use crate::matching::{Actual, Judgement, compare_thoroughly, is_small, judge, judge_small};
use crate::matching::{Mishap, guarded_in_turn};
use crate::outcome::{Received, Sent};
use crate::redact::Redactor;

/// An instance of the provider.
#[derive(Debug)]
pub(super) struct Site {
    /// Its address, without a slash at the end.
    pub(super) base: String,
    /// The process, when we started it.
    instance: Option<Mutex<Instance>>,
    client: Client,
    states: StateChanger,
    options: Arc<Options>,
}

/// What came of one replay.
#[derive(Debug)]
pub(super) struct Replayed {
    /// The judgement, or why there is none.
    pub(super) judgement: Result<Judgement, Box<Finding>>,
    /// What was sent, when something was.
    pub(super) request: Option<Sent>,
    /// What came back, when something did.
    pub(super) response: Option<Received>,
    /// What went wrong while the states were torn down.
    pub(super) teardown: Vec<Finding>,
}

/// A replay with which the provider has nothing to do any more.
#[derive(Debug)]
pub(super) struct Exchanged {
    /// What has to be judged, or why there is nothing to judge.
    answered: Result<Answered, Box<Finding>>,
    trace: Trace,
    teardown: Vec<Finding>,
}

/// What came back, with the values of the states.
#[derive(Debug)]
struct Answered {
    actual: Actual,
    values: Map<String, Value>,
}

impl Exchanged {
    /// An exchange of which nothing is known but why there was no answer.
    pub(super) fn without_answer(problem: Finding) -> Self {
        Self { answered: Err(Box::new(problem)), trace: Trace::default(), teardown: Vec::new() }
    }
}

impl Replayed {
    /// A redactor that knows the secrets in the headers of this exchange as well.
    /// Most have none there, and then nothing is copied.
    pub(super) fn hidden_by<'a>(&self, redactor: &'a Redactor) -> Cow<'a, Redactor> {
        let sent = self.request.iter().flat_map(|request| &request.headers);
        let received = self.response.iter().flat_map(|response| &response.headers);
        let secret = sent.chain(received).filter(|(name, _)| redactor.is_secret(name));
        secret.fold(Cow::Borrowed(redactor), |known, (name, value)| {
            Cow::Owned(known.into_owned().knowing_exchanged(name, value))
        })
    }

    /// A replay of which nothing is known but why it has no verdict.
    pub(super) fn without_verdict(problem: Finding) -> Self {
        Self { judgement: Err(Box::new(problem)), request: None, response: None, teardown: Vec::new() }
    }
}

/// What was exchanged so far.
#[derive(Debug, Default)]
struct Trace {
    request: Option<Sent>,
    response: Option<Received>,
}

/// Asks the provider so that a crash of ours is an error of this interaction only.
pub(super) async fn isolated(site: &Site, entry: &Entry) -> Exchanged {
    AssertUnwindSafe(site.exchange(entry)).catch_unwind().await.unwrap_or_else(|panic| {
        let message = format!("replaying the interaction crashed: {}", message_of(panic.as_ref()));
        Exchanged::without_answer(Finding::new(Code::MatchingCrashed, Place::Run, message))
    })
}

impl Site {
    /// A site for a provider at `base`, which may be a process of ours.
    pub(super) fn new(
        base: &str,
        instance: Option<Instance>,
        client: &Client,
        options: &Arc<Options>,
    ) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        let states = StateChanger::new(
            client.clone(),
            options.states.clone(),
            &base,
            options.limits.request,
            options.reference_behaviour.contains(&Quirk::MissingStateHandler),
        );
        Self {
            base,
            instance: instance.map(Mutex::new),
            client: client.clone(),
            states,
            options: Arc::clone(options),
        }
    }

    /// The same provider, for whoever tells it something else; a process of ours is none of theirs.
    pub(super) fn with(&self, options: Options) -> Self {
        Self::new(&self.base, None, &self.client, &Arc::new(options))
    }

    /// Everything that needs the provider: states, request, teardown.
    pub(super) async fn exchange(&self, entry: &Entry) -> Exchanged {
        let interaction = entry.interaction();
        let states = self.states_of(interaction);
        let mut trace = Trace::default();
        let mut answered = match self.states.set_up(&states).await {
            Ok(values) => self.ask(entry, values, &mut trace).await,
            Err(problem) => Err(problem),
        };
        let teardown = self.states.tear_down(&states).await;
        match &mut answered {
            Err(problem) => self.blame_the_process(problem).await,
            // Whoever answers in its place is not the provider.
            Ok(_) => {
                if let Some(death) = self.death().await {
                    answered = Err(death);
                }
            }
        }
        Exchanged { answered, trace, teardown }
    }

    /// Judges what came of an exchange; the provider may be asked something else meanwhile.
    pub(super) async fn judge(&self, entry: &Entry, exchanged: Exchanged) -> Replayed {
        let judgement = match exchanged.answered {
            Ok(answered) => self.judgement(entry, answered).await,
            Err(problem) => Err(problem),
        };
        let Trace { request, response } = exchanged.trace;
        Replayed { judgement, request, response, teardown: exchanged.teardown }
    }

    /// What the run was told.
    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    /// Who sets up states on this instance.
    pub(super) fn states(&self) -> &StateChanger {
        &self.states
    }

    /// Says that the provider has ended, when we started it and it has.
    pub(super) async fn death(&self) -> Option<Box<Finding>> {
        self.instance.as_ref()?.lock().await.death().await
    }

    /// Stops the provider, when we started it.
    pub(super) async fn stop(self) {
        if let Some(instance) = self.instance {
            instance.into_inner().stop().await;
        }
    }

    fn states_of(&self, interaction: &Interaction) -> Vec<crate::contract::ProviderState> {
        let calls_for_none = self.options.reference_behaviour.contains(&Quirk::EmptyState);
        if interaction.states.is_empty() && calls_for_none {
            vec![crate::contract::ProviderState { name: String::new(), params: Map::new() }]
        } else {
            interaction.states.clone()
        }
    }

    async fn ask(
        &self,
        entry: &Entry,
        values: StateValues,
        trace: &mut Trace,
    ) -> Result<Answered, Box<Finding>> {
        let interaction = entry.interaction();
        Self::refuse_plugins(interaction)?;
        self.refuse_missing_values(interaction, &values)?;
        let actual = match &interaction.exchange {
            Exchange::Http { request, response } => {
                let mut request = outgoing(request);
                if !interaction.exchange.request_generators().is_empty() {
                    request = generated_request(entry, request, &values, &self.options).await?;
                }
                let answer = self.send(&self.transport(interaction)?, request, trace).await?;
                let is_compared_as_it_is = expects_coded(&response.body);
                let is_looked_at = response.body.content().is_some();
                Actual::Http(if is_compared_as_it_is {
                    answer
                } else {
                    self.without_coding(answer, is_looked_at, trace)?
                })
            }
            Exchange::Message(_) | Exchange::SyncMessage { .. } => {
                Actual::Message(self.message(entry, trace).await?)
            }
        };
        Ok(Answered { actual, values: values.values })
    }

    async fn judgement(&self, entry: &Entry, answered: Answered) -> Result<Judgement, Box<Finding>> {
        let Answered { actual, values } = answered;
        if let Some(judgement) = judge_small(entry.interaction(), &actual) {
            return Ok(judgement);
        }
        let (contract, position) = (Arc::clone(entry.contract()), entry.position);
        let options = Arc::clone(&self.options);
        let work = move || {
            let interaction = &contract.interactions[position];
            let judge = if is_small(&actual) { compare_thoroughly } else { judge };
            judge(&contract, interaction, &actual, &values, &options.reference_behaviour)
        };
        let judged = guarded_in_turn(self.options.limits.matching, work).await;
        judged.unwrap_or_else(|mishap| Err(unjudged(&mishap)))
    }

    /// Sends a request with the headers of this run, after the test's own filter.
    async fn send(
        &self,
        base: &str,
        mut request: OutgoingRequest,
        trace: &mut Trace,
    ) -> Result<Answer, Box<Finding>> {
        for (name, _) in &self.options.connection.headers {
            request.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        }
        request.headers.extend(self.options.connection.headers.iter().cloned());
        self.options.hooks.filter(&mut request)?;
        trace.request = Some(sent(base, &request));
        let answer = self.client.send(base, request).await?;
        trace.response = Some(received(&answer));
        Ok(answer)
    }

    /// The answer as a consumer's client would see it.
    fn without_coding(
        &self,
        answer: Answer,
        is_looked_at: bool,
        trace: &mut Trace,
    ) -> Result<Answer, Box<Finding>> {
        if answer.header("content-encoding").is_none() {
            return Ok(answer);
        }
        let answer = decoded(answer, is_looked_at, self.options.limits.answer_bytes)?;
        trace.response = Some(received(&answer));
        Ok(answer)
    }

    /// The address of the transport that the interaction needs.
    pub(super) fn transport(&self, interaction: &Interaction) -> Result<String, Box<Finding>> {
        let named = |name: &str| self.options.transports.iter().find(|(known, _)| known == name);
        let message_url = || {
            if let Some(url) = &self.options.message_url {
                return Ok(absolute(&self.base, url));
            }
            // Asking somewhere, such as at `/`, would take any page for a message.
            let message = "the contract asks for a message, and no address answers with messages";
            let finding = Finding::new(Code::MessageHandlerMissing, Place::Provider, message);
            Err(Box::new(finding.with_help("--message-url URL or /PATH gives one")))
        };
        match (interaction.transport.as_deref(), &interaction.exchange) {
            (Some(name), _) if named(name).is_some() => {
                let (_, url) = named(name).cloned().unwrap_or_default();
                Ok(absolute(&self.base, &url).trim_end_matches('/').to_owned())
            }
            (None | Some("http" | "https"), Exchange::Http { .. }) => Ok(self.base.clone()),
            (None | Some("http" | "message" | "async-message" | "sync-message"), _) => message_url(),
            (Some(name), _) => {
                let message = format!("the transport \"{name}\" has no address");
                let finding = Finding::new(Code::TransportUnknown, Place::Provider, message);
                Err(Box::new(finding.with_help(format!("--transport {name}=URL gives it one"))))
            }
        }
    }

    async fn message(&self, entry: &Entry, trace: &mut Trace) -> Result<Message, Box<Finding>> {
        let interaction = entry.interaction();
        let request = message_request(entry.contract(), interaction)?;
        if let Some(handled) = self.options.hooks.message(&request, self.options.limits.request).await {
            return handled;
        }
        let url = self.transport(interaction)?;
        let (base, target) = split(&url);
        let answer = self.send(base, endpoint_request(target, &request), trace).await?;
        let answer = self.without_coding(answer, true, trace)?;
        if !answer.is_success() && !self.options.reference_behaviour.contains(&Quirk::MessageStatus) {
            let message = format!("the message endpoint answered {}", answer.status);
            let said = String::from_utf8_lossy(&answer.body).lines().take(20).collect::<Vec<_>>().join("\n");
            let mut finding = Finding::new(Code::MessageEndpointFailed, Place::Provider, message).at(&url);
            finding.actual = (!said.is_empty()).then_some(said);
            return Err(Box::new(finding));
        }
        message_in(&answer)
    }

    fn refuse_plugins(interaction: &Interaction) -> Result<(), Box<Finding>> {
        let Some(plugin) = interaction.plugins.first() else { return Ok(()) };
        let message = format!("the interaction needs the plugin \"{plugin}\", which this build cannot run");
        Err(Box::new(Finding::new(Code::PluginNeeded, Place::Request, message)))
    }

    /// A value that was not returned would be replaced by the example in silence, or by nothing.
    fn refuse_missing_values(
        &self,
        interaction: &Interaction,
        values: &StateValues,
    ) -> Result<(), Box<Finding>> {
        if self.options.reference_behaviour.contains(&Quirk::MissingStateValue) {
            return Ok(());
        }
        let unfit = unfit_value(interaction.exchange.request_generators(), &values.values);
        let Some((name, why)) = unfit else { return Ok(()) };
        let message = format!("the request needs the value \"{name}\", {why}");
        let mut finding = Finding::new(Code::StateValueMissing, Place::State, message).at(&name);
        finding.help.clone_from(&values.unusable);
        Err(Box::new(finding))
    }

    /// When a provider of ours has ended, that explains a lost connection better than anything.
    pub(super) async fn blame_the_process(&self, problem: &mut Finding) {
        let is_lost = matches!(problem.code, Code::ConnectionRefused | Code::ConnectionBroken);
        // A state handler fails for other reasons, which are worth no waiting.
        let may_be_lost = problem.code == Code::StateSetupFailed;
        let Some(instance) = self.instance.as_ref().filter(|_| is_lost || may_be_lost) else { return };
        let mut instance = instance.lock().await;
        let death = if is_lost { instance.death_by_now().await } else { instance.death().await };
        if let Some(death) = death {
            *problem = *death;
        }
    }
}

fn unjudged(mishap: &Mishap) -> Box<Finding> {
    let finding = match mishap {
        Mishap::Crashed(why) => {
            Finding::new(Code::MatchingCrashed, Place::Body, format!("comparing the answer crashed: {why}"))
        }
        Mishap::TimedOut(limit) => {
            let message = format!("comparing the answer took more than {} ms", limit.as_millis());
            Finding::new(Code::MatchingTimedOut, Place::Body, message)
        }
    };
    Box::new(finding)
}

impl Hooks {
    /// Lets the test change the request; a panic in its filter is its failure, not ours.
    fn filter(&self, request: &mut OutgoingRequest) -> Result<(), Box<Finding>> {
        crate::matching::quietly(|| self.request_filter.apply(request)).map_err(|panic| {
            Box::new(Finding::new(
                Code::HookFailed,
                Place::Request,
                format!("the request filter panicked: {panic}"),
            ))
        })
    }
}
