//! What a run is told: everything that is not in the pacts.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use crate::connect::{ANSWER_BYTES, Trust};
use crate::matching::Quirk;
use crate::redact::Redactor;

/// Everything a run is told besides the plan.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the provider is, or how to start it.
    pub target: Target,
    /// How to talk to it.
    pub connection: Connection,
    /// How provider states are set up.
    pub states: States,
    /// Where messages are asked for; relative addresses start at the provider's. Missing: at the
    /// provider's own address, as the reference verifier does.
    pub message_url: Option<String>,
    /// Addresses of transports by the name the pact uses; relative ones start at the provider's.
    pub transports: Vec<(String, String)>,
    /// How long and how large things may be.
    pub limits: Limits,
    /// How the interactions are run.
    pub running: Running,
    /// Where to do as the reference verifier does although it can hide a broken contract.
    pub reference_behaviour: BTreeSet<Quirk>,
    /// Whether to ask the reference verifier as well.
    pub second_opinion: bool,
    /// What is a secret and must not be shown.
    pub redactor: Redactor,
    /// The closures of a test that take part.
    pub hooks: super::hooks::Hooks,
    /// Whether requests and answers are kept for passed interactions as well.
    pub keep_exchanges: bool,
}

impl Options {
    /// These options with a redactor that knows the secrets in them: those in headers and addresses.
    #[must_use]
    pub fn knowing_secrets(mut self) -> Self {
        let headers = &self.connection.headers;
        let redactor = headers
            .iter()
            .fold(self.redactor, |redactor, (name, value)| redactor.knowing_header(name, value));
        let provider = match &self.target {
            Target::Running(url) => Some(url),
            Target::Started(start) => start.ready_url.as_ref(),
        };
        let states = match &self.states.handler {
            StateHandler::Url { url, .. } => Some(url),
            StateHandler::Nobody | StateHandler::Command(_) | StateHandler::InProcess(_) => None,
        };
        let transports = self.transports.iter().map(|(_, url)| url);
        let addresses = [provider, states, self.message_url.as_ref()].into_iter().flatten().chain(transports);
        self.redactor = addresses.fold(redactor, |redactor, url| redactor.knowing_address(url));
        self
    }
}

/// Where the provider is.
#[derive(Debug, Clone)]
pub enum Target {
    /// It runs already, at this address.
    Running(String),
    /// It has to be started.
    Started(Start),
}

/// How a provider is started.
#[derive(Debug, Clone)]
pub struct Start {
    /// Run first and once, without the readiness deadline.
    pub build: Option<String>,
    /// The command; `{port}` is replaced, and `PORT` is set.
    pub command: String,
    /// How many copies to start.
    pub instances: usize,
    /// Asked until it answers 2xx; without it, the provider is ready when its port accepts.
    pub ready_url: Option<String>,
    /// How long it may take to become ready.
    pub ready_timeout: Duration,
    /// Added to the address of each instance.
    pub base_path: String,
    /// Where the commands run.
    pub directory: PathBuf,
}

/// How to talk to the provider.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// Sent with each request, instead of the pact's own header of the same name.
    pub headers: Vec<(String, String)>,
    /// Which certificates are trusted, and which one is presented.
    pub trust: Trust,
    /// Speak HTTP/2 from the first byte.
    pub http2: bool,
    /// Follow redirects instead of judging them.
    pub follow_redirects: bool,
}

/// How provider states are set up.
#[derive(Debug, Clone, Default)]
pub struct States {
    /// Who sets them up.
    pub handler: StateHandler,
    /// Whether each state is torn down after its interaction.
    pub teardown: bool,
    /// How often a failed set-up is tried again.
    pub retries: u32,
}

/// Who sets up provider states.
#[derive(Debug, Clone, Default)]
pub enum StateHandler {
    /// Nobody: an interaction that needs a state is an error.
    #[default]
    Nobody,
    /// An address that accepts the reference verifier's request.
    Url {
        /// The address; relative ones start at the provider's.
        url: String,
        /// Whether the state travels in the query instead of a JSON body.
        as_query: bool,
    },
    /// A command that reads the state as JSON from standard input.
    Command(String),
    /// Closures of a Rust test.
    InProcess(super::hooks::StateHandlers),
}

/// How long and how large things may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// One request, from connecting to the last byte.
    pub request: Duration,
    /// One comparison.
    pub matching: Duration,
    /// The whole run.
    pub run: Option<Duration>,
    /// One answer, in bytes.
    pub answer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(5),
            matching: Duration::from_secs(10),
            run: None,
            answer_bytes: ANSWER_BYTES,
        }
    }
}

/// How the interactions are run.
#[derive(Debug, Clone, Copy)]
pub struct Running {
    /// How many interactions without states and with safe methods run side by side.
    pub side_by_side: usize,
    /// How often an interaction that failed is tried again.
    pub retries: u32,
    /// After how many failures the rest is left out.
    pub max_failures: Option<usize>,
}

impl Default for Running {
    fn default() -> Self {
        Self { side_by_side: 8, retries: 0, max_failures: None }
    }
}
