//! What was asked for besides the contracts, and the only place that says whether it makes sense.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::environment;
use crate::connect::objection;
use crate::redact::Redactor;
use crate::replay::{
    Connection, Hooks, Limits, Options, Quirk, Running, Start, StateHandler, StateHandlers, States, Target,
    Trust,
};
use crate::source::{Access, Credentials};

/// What was asked for, as it was asked: nothing here is checked yet, and what was not said is missing.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub struct Setup {
    /// The provider's address, when it runs already.
    pub provider_url: Option<String>,
    /// A command that builds the provider.
    pub build: Option<String>,
    /// A command that starts it.
    pub start: Option<String>,
    /// Asked until it answers 2xx.
    pub ready_url: Option<String>,
    /// How long a started provider may take to become ready; 30 seconds otherwise.
    pub ready_timeout: Option<Duration>,
    /// How many copies of it to start; one otherwise.
    pub instances: Option<usize>,
    /// Put in front of every path.
    pub base_path: Option<String>,
    /// Where the commands run.
    pub directory: PathBuf,
    /// The addresses of transports, by name.
    pub transports: Vec<(String, String)>,
    /// An address that sets up states.
    pub state_url: Option<String>,
    /// Whether the state travels in the query.
    pub state_as_query: bool,
    /// A command that sets up states.
    pub state_command: Option<String>,
    /// Closures that set up states.
    pub state_closures: Option<StateHandlers>,
    /// Whether states are torn down as well.
    pub state_teardown: bool,
    /// How often a failed set-up is tried again.
    pub state_retries: u32,
    /// Answers with messages.
    pub message_url: Option<String>,
    /// Sent with each request, all of them, in the place of the pact's own of the same names.
    pub headers: Vec<(String, String)>,
    /// Which certificates are trusted, and which one is presented.
    pub trust: Trust,
    /// Whether HTTP/2 is spoken from the first byte.
    pub http2: bool,
    /// Whether redirects are followed.
    pub follow_redirects: bool,
    /// How long one request may take; see [`Limits`] for what holds otherwise, here and below.
    pub request_timeout: Option<Duration>,
    /// How long one comparison may take.
    pub matching_timeout: Option<Duration>,
    /// How long the replay of all interactions may take.
    pub run_timeout: Option<Duration>,
    /// The largest answer that is read, in bytes.
    pub max_answer_bytes: Option<usize>,
    /// How the interactions are run.
    pub running: Running,
    /// Where to do as the reference verifier does.
    pub reference_behaviour: BTreeSet<Quirk>,
    /// Whether to ask the reference verifier as well.
    pub second_opinion: bool,
    /// Whether requests and answers are kept for passed interactions as well.
    pub keep_exchanges: bool,
    /// Names whose values are secret.
    pub redact: Vec<String>,
    /// Where the contracts were looked for; credentials in these are secret.
    pub paths: Vec<String>,
    /// How to authenticate where contracts are fetched from.
    pub credentials: Credentials,
    /// The closures of a test that take part.
    pub hooks: Hooks,
}

/// Why a setup makes no sense. Whoever took the wishes knows by which names they go.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// It was not said where the provider is.
    #[error("where the provider is, was not said")]
    NoProvider,
    /// The provider has an address and is to be started.
    #[error("the provider cannot both run already and be started")]
    TwoProviders,
    /// A text is no address.
    #[error("`{url}` is no address: {why}")]
    NoAddress {
        /// Whose address it should be.
        of: AddressOf,
        /// What was given, without its secrets.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// Requests would not fit behind the address.
    #[error("the provider's address has a query or a fragment")]
    AddressWithQuery,
    /// Requests would not fit behind the base path.
    #[error("the base path `{path}` has a query or a fragment")]
    BasePathWithQuery {
        /// What was given.
        path: String,
    },
    /// A command does nothing at all.
    #[error("a command that is to be run is empty")]
    EmptyCommand,
    /// What runs already cannot be started several times.
    #[error("only a provider that is started can have several instances, and this one runs already")]
    InstancesOfRunning,
    /// Nothing would be started.
    #[error("a provider with no instances is not started at all")]
    NoInstances,
    /// One handler would change the states of all instances at once.
    #[error("several instances cannot share one state handler")]
    SharedStateHandler,
    /// States are to be set up by an address, a command or closures, and by another of these.
    #[error("states cannot be set up in two ways")]
    TwoStateHandlers,
    /// A file with certificates cannot be read.
    #[error("the certificate file {} cannot be read", path.display())]
    ReadCertificates {
        /// The file.
        path: PathBuf,
        /// What the system answered.
        source: std::io::Error,
    },
    /// A file with certificates does not hold what it has to.
    #[error("the file {} has no part `{part}` in PEM", path.display())]
    NoCertificates {
        /// The file.
        path: PathBuf,
        /// What is not in it.
        part: &'static str,
    },
    /// The environment would change verdicts.
    #[error("PACT_MATCHING_ENGINE={value} would change verdicts")]
    OtherEngine {
        /// The value of the variable.
        value: String,
    },
    /// The reference verifier would talk to somebody else than the provider.
    #[error("{name} is set, and the reference verifier would send its requests there")]
    Proxy {
        /// The variable.
        name: &'static str,
    },
}

/// Whose address something should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressOf {
    /// The provider's.
    Provider,
    /// Whom to ask whether a started provider is ready.
    Readiness,
    /// Who sets up states.
    States,
    /// Who makes messages.
    Messages,
    /// Where interactions of a transport go.
    Transport,
}

impl Setup {
    /// The options of a run. Without anything to verify, no provider is needed.
    ///
    /// # Errors
    /// For wishes that contradict each other or say too little, and for an environment that would
    /// change verdicts.
    pub fn options(self, needs_provider: bool) -> Result<Options, SetupError> {
        environment::refuse_other_engine()?;
        if self.second_opinion {
            environment::refuse_proxies()?;
        }
        check_trust(&self.trust)?;
        self.check_commands()?;
        self.check_places()?;
        let target = self.target(needs_provider)?;
        let redactor = self.redactor();
        let limits = self.limits();
        Ok(Options {
            target,
            states: States {
                teardown: self.state_teardown,
                retries: self.state_retries,
                handler: state_handler(
                    self.state_url,
                    self.state_command,
                    self.state_closures,
                    self.state_as_query,
                )?,
            },
            connection: Connection {
                headers: self.headers,
                trust: self.trust,
                http2: self.http2,
                follow_redirects: self.follow_redirects,
            },
            message_url: self.message_url,
            transports: self.transports,
            limits,
            running: self.running,
            reference_behaviour: self.reference_behaviour,
            second_opinion: self.second_opinion,
            redactor,
            hooks: self.hooks,
            keep_exchanges: self.keep_exchanges,
        }
        .knowing_secrets())
    }

    /// How contracts are fetched: as the provider is talked to, but with more patience unless told
    /// otherwise.
    ///
    /// # Errors
    /// For a file that holds no certificate.
    pub fn access(&self) -> Result<Access, SetupError> {
        check_trust(&self.trust)?;
        let usual = Access::default();
        Ok(Access {
            credentials: self.credentials.clone(),
            trust: self.trust.clone(),
            limit: self.request_timeout.unwrap_or(usual.limit),
            answer_bytes: self.max_answer_bytes.unwrap_or(usual.answer_bytes),
        })
    }

    /// Knows what is secret of all that was given for reading contracts.
    #[must_use]
    pub fn redactor(&self) -> Redactor {
        let redactor = self.credentials.hidden_by(Redactor::new(&self.redact));
        self.paths.iter().fold(redactor, |redactor, path| redactor.knowing_address(path))
    }

    fn limits(&self) -> Limits {
        let usual = Limits::default();
        Limits {
            request: self.request_timeout.unwrap_or(usual.request),
            matching: self.matching_timeout.unwrap_or(usual.matching),
            run: self.run_timeout,
            answer_bytes: self.max_answer_bytes.unwrap_or(usual.answer_bytes),
        }
    }

    fn target(&self, needs_provider: bool) -> Result<Target, SetupError> {
        let base_path = self.base_path.as_deref().unwrap_or_default().trim_matches('/');
        if base_path.contains(['?', '#']) {
            return Err(SetupError::BasePathWithQuery { path: self.base_path.clone().unwrap_or_default() });
        }
        let base_path = if base_path.is_empty() { String::new() } else { format!("/{base_path}") };
        match (&self.provider_url, &self.start) {
            (Some(_), Some(_)) => Err(SetupError::TwoProviders),
            (Some(url), None) => {
                self.check_running(url)?;
                Ok(Target::Running(format!("{}{base_path}", url.trim_end_matches('/'))))
            }
            (None, Some(command)) => {
                self.check_started()?;
                Ok(Target::Started(Start {
                    build: self.build.clone(),
                    command: command.clone(),
                    instances: self.instances.unwrap_or(1),
                    ready_url: self.ready_url.clone(),
                    ready_timeout: self.ready_timeout.unwrap_or(Duration::from_secs(30)),
                    base_path,
                    directory: self.directory.clone(),
                }))
            }
            (None, None) if needs_provider => Err(SetupError::NoProvider),
            (None, None) => Ok(Target::Running(String::new())),
        }
    }

    fn check_running(&self, url: &str) -> Result<(), SetupError> {
        if url.contains(['?', '#']) {
            Err(SetupError::AddressWithQuery)
        } else if self.instances.is_some_and(|instances| instances > 1) {
            Err(SetupError::InstancesOfRunning)
        } else {
            check_address(AddressOf::Provider, url)
        }
    }

    /// The shell would take an empty command for one that has done its work.
    fn check_commands(&self) -> Result<(), SetupError> {
        let commands = [&self.build, &self.start, &self.state_command];
        let is_empty = |command: &String| command.trim().is_empty();
        if commands.into_iter().flatten().any(is_empty) { Err(SetupError::EmptyCommand) } else { Ok(()) }
    }

    /// Refuses addresses that are none; a path alone starts at the provider's.
    fn check_places(&self) -> Result<(), SetupError> {
        // The port is not known yet; any number will do to look at the rest.
        let ready_url = self.ready_url.as_ref().map(|url| url.replace("{port}", "1"));
        let transports = self.transports.iter().map(|(_, url)| (AddressOf::Transport, Some(url)));
        [
            (AddressOf::Readiness, ready_url.as_ref()),
            (AddressOf::States, self.state_url.as_ref()),
            (AddressOf::Messages, self.message_url.as_ref()),
        ]
        .into_iter()
        .chain(transports)
        .filter_map(|(of, url)| Some((of, url.filter(|url| !url.starts_with('/'))?)))
        .try_for_each(|(of, url)| check_address(of, url))
    }

    fn check_started(&self) -> Result<(), SetupError> {
        let is_elsewhere = self.state_url.as_ref().is_some_and(|url| !url.starts_with('/'));
        match self.instances {
            Some(0) => Err(SetupError::NoInstances),
            Some(2..) if is_elsewhere => Err(SetupError::SharedStateHandler),
            _ => Ok(()),
        }
    }
}

fn check_address(of: AddressOf, url: &str) -> Result<(), SetupError> {
    match objection(url) {
        None => Ok(()),
        Some(why) => Err(SetupError::NoAddress { of, url: Redactor::default().text(url), why }),
    }
}

fn state_handler(
    url: Option<String>,
    command: Option<String>,
    closures: Option<StateHandlers>,
    as_query: bool,
) -> Result<StateHandler, SetupError> {
    match (url, command, closures) {
        (None, None, None) => Ok(StateHandler::Nobody),
        (Some(url), None, None) => Ok(StateHandler::Url { url, as_query }),
        (None, Some(command), None) => Ok(StateHandler::Command(command)),
        (None, None, Some(closures)) => Ok(StateHandler::InProcess(closures)),
        _ => Err(SetupError::TwoStateHandlers),
    }
}

/// Refuses files that do not hold what they have to, long before anybody is asked anything.
fn check_trust(trust: &Trust) -> Result<(), SetupError> {
    trust.ca_file.as_deref().map_or(Ok(()), |path| pem_file(path, &["CERTIFICATE"]))?;
    let client = trust.client_certificate.as_deref();
    client.map_or(Ok(()), |path| pem_file(path, &["CERTIFICATE", "PRIVATE KEY"]))
}

fn pem_file(path: &Path, parts: &[&'static str]) -> Result<(), SetupError> {
    let text = std::fs::read(path)
        .map_err(|source| SetupError::ReadCertificates { path: path.to_owned(), source })?;
    let text = String::from_utf8_lossy(&text);
    match parts.iter().find(|part| !text.contains(&format!("{part}-----"))) {
        None => Ok(()),
        Some(part) => Err(SetupError::NoCertificates { path: path.to_owned(), part }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "the fields are optional")]
    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn refused(setup: Setup) -> String {
        setup.options(true).err().map(|error| error.to_string()).unwrap_or_default()
    }

    fn running() -> Setup {
        Setup { provider_url: text("http://a"), ..Setup::default() }
    }

    fn started() -> Setup {
        Setup { start: text("run"), ..Setup::default() }
    }

    #[test]
    fn a_provider_is_named_once_and_by_an_address() {
        insta::assert_snapshot!(refused(Setup::default()), @"where the provider is, was not said");
        insta::assert_snapshot!(refused(Setup { start: text("run"), ..running() }), @"the provider cannot both run already and be started");
        insta::assert_snapshot!(refused(Setup { provider_url: text("localhost:1"), ..running() }), @"`localhost:1` is no address: an address starts with http:// or https://");
        insta::assert_snapshot!(refused(Setup { provider_url: text("http://a?b"), ..running() }), @"the provider's address has a query or a fragment");
        assert!(Setup::default().options(false).is_ok(), "nothing to verify needs no provider");
    }

    #[test]
    fn every_address_is_looked_at_before_anybody_is_asked() {
        let bad = || text("localhost:1/x");
        let transport = |url: &str| vec![("ws".to_owned(), url.to_owned())];
        for setup in [
            Setup { state_url: bad(), ..running() },
            Setup { message_url: bad(), ..running() },
            Setup { ready_url: bad(), ..started() },
            Setup { transports: transport("localhost:1"), ..running() },
        ] {
            assert!(refused(setup).contains("is no address"));
        }
        let ready = Setup { ready_url: text("http://localhost:{port}/up"), ..started() };
        assert_eq!(refused(ready), "");
        assert_eq!(refused(Setup { transports: transport("/ws"), ..running() }), "");
    }

    #[test]
    fn a_base_path_stands_between_the_address_and_the_path() {
        let setup = Setup { provider_url: text("http://a/"), base_path: text("/v1/"), ..Setup::default() };
        let target = setup.options(true).expect("a setup").target;
        assert!(matches!(target, Target::Running(base) if base == "http://a/v1"));
    }

    #[test]
    fn instances_are_started_and_share_nothing() {
        insta::assert_snapshot!(refused(Setup { instances: Some(2), ..running() }), @"only a provider that is started can have several instances, and this one runs already");
        insta::assert_snapshot!(refused(Setup { instances: Some(0), ..started() }), @"a provider with no instances is not started at all");
        let shared = Setup { instances: Some(2), state_url: text("http://elsewhere"), ..started() };
        insta::assert_snapshot!(refused(shared), @"several instances cannot share one state handler");
        let own = Setup { instances: Some(2), state_url: text("/states"), ..started() };
        assert_eq!(refused(own), "");
    }

    #[test]
    fn states_are_set_up_in_one_way() {
        let two = Setup { state_url: text("/states"), state_command: text("set-up"), ..running() };
        insta::assert_snapshot!(refused(two), @"states cannot be set up in two ways");
        let closures = Some(StateHandlers::default());
        let two = Setup { state_url: text("/states"), state_closures: closures, ..running() };
        insta::assert_snapshot!(refused(two), @"states cannot be set up in two ways");
    }

    #[test]
    fn an_empty_command_is_no_command() {
        let empty = || text("  ");
        for setup in [
            Setup { start: empty(), ..Setup::default() },
            Setup { build: empty(), ..started() },
            Setup { state_command: text(""), ..running() },
        ] {
            assert_eq!(refused(setup), "a command that is to be run is empty");
        }
    }

    #[test]
    fn a_base_path_is_a_path_alone() {
        for path in ["/v1?a=1", "v1#top"] {
            let why = refused(Setup { base_path: text(path), ..running() });
            assert_eq!(why, format!("the base path `{path}` has a query or a fragment"));
            let why = refused(Setup { base_path: text(path), ..started() });
            assert!(why.starts_with("the base path"), "{why}");
        }
    }
}
