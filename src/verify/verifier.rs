//! The builder, and what comes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::trials;
use crate::contract::Contract;
use crate::event::Event;
use crate::finding::{Code, Finding, Place};
use crate::outcome::{Answer, PactInfo, Report, RunInfo, SCHEMA_VERSION};
use crate::redact::Redactor;
use crate::replay::{
    self, Connection, HookError, Hooks, Job, Limits, Message, MessageRequest, Options, OutgoingRequest, Plan,
    Quirk, Running, Selection, Start, StateChange, StateHandler, StateHandlers, States, Stop, Target,
};
use crate::report;
use crate::source::{self, Access, FindError};

/// Verifies a provider against what its consumers expect.
///
/// Nothing is read, started or sent before [`verify`](Self::verify),
/// [`verify_async`](Self::verify_async) or [`run_tests`](Self::run_tests) is called.
#[derive(Debug, Clone)]
#[must_use = "a verifier does nothing until it is run"]
pub struct Verifier {
    provider: String,
    paths: Vec<String>,
    target: Option<Target>,
    connection: Connection,
    states: StateHandlers,
    state_url: Option<String>,
    teardown: bool,
    message_url: Option<String>,
    hooks: Hooks,
    limits: Limits,
    reference_behaviour: BTreeSet<Quirk>,
}

/// Why a verification could not even be tried.
#[derive(Debug, thiserror::Error)]
pub enum VerifierError {
    /// The pacts could not be found.
    #[error("the pacts could not be found")]
    Find(#[from] FindError),
    /// It was not said where the provider is.
    #[error("it was not said where the provider is: call `at` or `start`")]
    NoProvider,
    /// The environment would change verdicts.
    #[error("PACT_MATCHING_ENGINE={value} would change verdicts; unset it")]
    OtherEngine {
        /// The value of the variable.
        value: String,
    },
    /// The run could not be carried out.
    #[error("the run could not be carried out")]
    Run(#[from] std::io::Error),
}

/// The report of a verification.
#[derive(Debug, Clone)]
#[must_use = "a report that nobody looks at proves nothing; call `assert_yes`"]
pub struct Verified(Report);

impl Verifier {
    /// A verifier for the provider with this name in the pacts.
    pub fn of(provider: impl Into<String>) -> Self {
        Self {
            provider: provider.into(),
            paths: Vec::new(),
            target: None,
            connection: Connection::default(),
            states: StateHandlers::default(),
            state_url: None,
            teardown: false,
            message_url: None,
            hooks: Hooks::default(),
            limits: Limits::default(),
            reference_behaviour: BTreeSet::new(),
        }
    }

    /// Adds a pact file or a directory of pacts; without one, `pacts` is read.
    pub fn pacts(mut self, path: impl AsRef<Path>) -> Self {
        self.paths.push(path.as_ref().display().to_string());
        self
    }

    /// Says where the provider runs, such as `http://127.0.0.1:8080`.
    pub fn at(mut self, url: impl Into<String>) -> Self {
        self.target = Some(Target::Running(url.into()));
        self
    }

    /// Starts the provider with a command, in which `{port}` stands for a free port that is also
    /// given as `PORT`, and stops it afterwards.
    pub fn start(mut self, command: impl Into<String>) -> Self {
        self.target = Some(Target::Started(Start {
            build: None,
            command: command.into(),
            instances: 1,
            ready_url: None,
            ready_timeout: Duration::from_secs(30),
            base_path: String::new(),
            directory: PathBuf::from("."),
        }));
        self
    }

    /// Sets up and tears down a provider state with a closure; what it returns can be used by the
    /// contract.
    pub fn state<F, R>(mut self, name: impl Into<String>, handler: F) -> Self
    where
        F: Fn(StateChange) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Map<String, Value>, HookError>> + Send + 'static,
    {
        self.states.insert(Some(name.into()), handler);
        self
    }

    /// Sets up and tears down every provider state that has no handler of its own.
    pub fn other_states<F, R>(mut self, handler: F) -> Self
    where
        F: Fn(StateChange) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Map<String, Value>, HookError>> + Send + 'static,
    {
        self.states.insert(None, handler);
        self
    }

    /// Sets up provider states through an address instead of closures.
    pub fn state_url(mut self, url: impl Into<String>) -> Self {
        self.state_url = Some(url.into());
        self
    }

    /// Also tears provider states down after each interaction.
    pub fn teardown(mut self) -> Self {
        self.teardown = true;
        self
    }

    /// Makes the message with this description.
    pub fn message<F, R>(mut self, description: impl Into<String>, handler: F) -> Self
    where
        F: Fn(MessageRequest) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Message, HookError>> + Send + 'static,
    {
        self.hooks.insert_message(description.into(), handler);
        self
    }

    /// Asks an address for messages instead of closures.
    pub fn message_url(mut self, url: impl Into<String>) -> Self {
        self.message_url = Some(url.into());
        self
    }

    /// Changes every request before it is sent, for example to put a valid token into it.
    pub fn request_filter(mut self, filter: impl Fn(&mut OutgoingRequest) + Send + Sync + 'static) -> Self {
        self.hooks.set_request_filter(filter);
        self
    }

    /// Sends a header with every request, instead of the pact's own of the same name.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.connection.headers.push((name.into(), value.into()));
        self
    }

    /// Limits the time that one request or one closure may take; five seconds otherwise.
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.limits.request = limit;
        self
    }

    /// Does as the reference verifier does where that can hide a broken contract.
    pub fn reference_behaviour(mut self, quirk: Quirk) -> Self {
        self.reference_behaviour.insert(quirk);
        self
    }

    /// Verifies everything.
    ///
    /// # Errors
    /// A [`VerifierError`] when the verification could not be tried. What was found out, also that
    /// nothing could be found out, is in the report.
    pub fn verify(self) -> Result<Verified, VerifierError> {
        let (job, options, findings) = self.prepare(&Selection::default())?;
        carry_out(job, options, &findings).map(Verified)
    }

    /// Verifies everything, without blocking the thread of an asynchronous test.
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify).
    pub async fn verify_async(self) -> Result<Verified, VerifierError> {
        let work = tokio::task::spawn_blocking(move || self.verify());
        work.await.map_err(std::io::Error::other)?
    }

    /// Verifies each interaction as a test case of its own, from the `main` of a test with
    /// `harness = false`; understands the arguments of `cargo test` and nextest.
    ///
    /// ```no_run
    /// use pactwright::verify::Verifier;
    ///
    /// fn main() -> std::process::ExitCode {
    ///     Verifier::of("faq").pacts("pacts").start("target/debug/faq --port {port}").run_tests()
    /// }
    /// ```
    #[must_use]
    pub fn run_tests(self) -> ExitCode {
        trials::run(&self)
    }

    /// What is going to happen, and what the reader noticed.
    pub(super) fn prepare(
        &self,
        selection: &Selection,
    ) -> Result<(Job, Options, Vec<Finding>), VerifierError> {
        refuse_other_engine()?;
        let paths = if self.paths.is_empty() { vec!["pacts".to_owned()] } else { self.paths.clone() };
        let loaded = source::load(&source::find(&paths)?, &Access::default());
        let mut findings = loaded.findings;
        let contracts = loaded.contracts.into_iter().filter(|contract| contract.provider == self.provider);
        let contracts: Vec<Arc<Contract>> = contracts.map(Arc::new).collect();
        let plan = replay::plan(&contracts, selection, false);
        if plan.selected() == 0 {
            let message = format!("no interaction of a pact about \"{}\" was selected", self.provider);
            findings.push(Finding::new(Code::NothingVerified, Place::Run, message));
        }
        let job = Job { info: self.info(&contracts, &plan), plan, owners: BTreeMap::default() };
        Ok((job, self.options()?, findings))
    }

    fn info(&self, contracts: &[Arc<Contract>], plan: &Plan) -> RunInfo {
        RunInfo {
            schema_version: SCHEMA_VERSION,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            provider: self.provider.clone(),
            // A test has no use for the time, and a library does not look at the clock.
            started_at: String::new(),
            pacts: contracts.iter().map(|contract| PactInfo::of(contract)).collect(),
            planned: plan.selected(),
            strict: false,
            command: "cargo test".to_owned(),
        }
    }

    fn options(&self) -> Result<Options, VerifierError> {
        let handler = match &self.state_url {
            Some(url) => StateHandler::Url { url: url.clone(), as_query: false },
            None => StateHandler::InProcess(self.states.clone()),
        };
        Ok(Options {
            target: self.target.clone().ok_or(VerifierError::NoProvider)?,
            connection: self.connection.clone(),
            states: States { handler, teardown: self.teardown, retries: 0 },
            message_url: self.message_url.clone(),
            transports: Vec::new(),
            limits: self.limits,
            running: Running::default(),
            reference_behaviour: self.reference_behaviour.clone(),
            second_opinion: false,
            redactor: Redactor::new::<&str>([]),
            hooks: self.hooks.clone(),
            keep_exchanges: false,
        })
    }
}

/// Runs a job and folds its events; what the reader noticed comes right behind the start.
pub(super) fn carry_out(job: Job, options: Options, findings: &[Finding]) -> Result<Report, VerifierError> {
    let mut events = Vec::new();
    replay::run(job, options, &Stop::new(), |event| {
        let is_start = matches!(event, Event::RunStarted(_));
        events.push(event);
        if is_start {
            events.extend(findings.iter().cloned().map(Event::Noted));
        }
    })?;
    Ok(report::fold(events))
}

impl Verified {
    /// Fails the test unless everything was verified and holds.
    ///
    /// # Panics
    /// With the explanation that the command line would give, at the caller's line.
    #[track_caller]
    pub fn assert_yes(&self) {
        assert!(self.0.answer == Answer::Yes, "\n{}", self.explanation());
    }

    /// The whole report as text, without colour.
    #[must_use]
    pub fn explanation(&self) -> String {
        let mut text = Vec::new();
        let format = report::Format::Terminal(report::Colour::Never);
        match report::write(&self.0, format, &mut text) {
            Ok(()) => String::from_utf8_lossy(&text).into_owned(),
            Err(error) => error.to_string(),
        }
    }

    /// The report itself.
    #[must_use]
    pub fn into_report(self) -> Report {
        self.0
    }
}

impl Deref for Verified {
    type Target = Report;

    fn deref(&self) -> &Report {
        &self.0
    }
}

/// The reference matcher looks into the environment at each call; so do we, once, to refuse.
#[expect(clippy::disallowed_methods, reason = "a library has nobody else to look for it")]
fn refuse_other_engine() -> Result<(), VerifierError> {
    match std::env::var("PACT_MATCHING_ENGINE") {
        Ok(value) if value.eq_ignore_ascii_case("v2") => Err(VerifierError::OtherEngine { value }),
        _ => Ok(()),
    }
}
