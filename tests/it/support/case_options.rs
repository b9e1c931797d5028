//! The options of a case: the flags of `pactwright verify` by their long names, as far as a case
//! can use them.
//!
//! In addresses and commands `{provider}` is the address of the case's own provider, `{authority}`
//! the same without its scheme, `{nobody}` an address at which nobody listens, and `{dir}` an empty
//! directory.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use pactwright::redact::Redactor;
use pactwright::replay::{
    Connection, Hooks, Limits, Options, Quirk, Running, Selection, Start, StateHandler, States, Target, Trust,
};
use serde::Deserialize;

use super::provider::Provider;

/// What `options.toml` says; times are in milliseconds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "flags, each by its own name")]
pub(crate) struct CaseOptions {
    provider_url: Option<String>,
    base_path: String,
    pub(crate) start: Option<String>,
    build: Option<String>,
    ready_url: Option<String>,
    ready_timeout: Option<u64>,
    state_url: Option<String>,
    state_as_query: bool,
    state_cmd: Option<String>,
    state_teardown: bool,
    state_retries: u32,
    message_url: Option<String>,
    transport: Vec<String>,
    header: Vec<String>,
    request_timeout: Option<u64>,
    matching_timeout: Option<u64>,
    run_timeout: Option<u64>,
    max_answer_bytes: Option<usize>,
    follow_redirects: bool,
    retries: u32,
    max_failures: Option<usize>,
    pub(crate) reference_behaviour: Vec<String>,
    description: Vec<String>,
    state: Vec<String>,
    no_state: bool,
    consumer: Vec<String>,
    interaction: Vec<String>,
    /// The keys that did not pass before.
    passed_before: Option<BTreeSet<String>>,
    partition: Option<String>,
    /// Regular expressions for what differs from run to run, and what stands for it.
    stable: Vec<(String, String)>,
}

impl CaseOptions {
    /// The options for a run against `provider`, and what varies in its output.
    pub(crate) fn options(&self, provider: &Provider, scratch: &Path) -> (Options, Vec<(String, String)>) {
        let names = Names::new(provider, scratch);
        let limits = Limits::default();
        let millis = Duration::from_millis;
        let options = Options {
            target: self.target(&names, scratch),
            connection: Connection {
                headers: self.header.iter().map(|text| split(text, ": ")).collect(),
                follow_redirects: self.follow_redirects,
                // Reading the machine's certificates takes most of a case's time.
                trust: Trust {
                    insecure: self.provider_url.as_ref().is_none_or(|url| !url.starts_with("https")),
                    ..Trust::default()
                },
                ..Connection::default()
            },
            states: States {
                handler: self.handler(&names),
                teardown: self.state_teardown,
                retries: self.state_retries,
            },
            // Where the reference verifier asks when nobody says otherwise.
            message_url: Some(names.filled(self.message_url.as_deref().unwrap_or("/"))),
            transports: self.transport.iter().map(|text| split(&names.filled(text), "=")).collect(),
            limits: Limits {
                request: self.request_timeout.map_or(limits.request, millis),
                matching: self.matching_timeout.map_or(limits.matching, millis),
                run: self.run_timeout.map(millis),
                answer_bytes: self.max_answer_bytes.unwrap_or(limits.answer_bytes),
            },
            running: Running { retries: self.retries, max_failures: self.max_failures, ..Running::default() },
            reference_behaviour: self.quirks(),
            second_opinion: false,
            redactor: Redactor::default(),
            hooks: Hooks::default(),
            keep_exchanges: false,
        };
        (options, names.varying(&self.stable))
    }

    /// What was asked for.
    pub(crate) fn selection(&self) -> Selection {
        let filters = |texts: &[String]| texts.iter().map(|text| text.parse().expect("a filter")).collect();
        Selection {
            descriptions: filters(&self.description),
            states: filters(&self.state),
            without_states: self.no_state,
            consumers: self.consumer.clone(),
            keys: self.interaction.clone(),
            passed_before: self.passed_before.clone(),
            partition: self.partition.as_ref().map(|text| text.parse().expect("a partition")),
        }
    }

    /// Where the case does as the reference verifier does.
    pub(crate) fn quirks(&self) -> BTreeSet<Quirk> {
        let quirk = |word: &String| Quirk::ALL.iter().copied().find(|quirk| quirk.word() == word);
        self.reference_behaviour.iter().map(|word| quirk(word).expect("a known behaviour")).collect()
    }

    fn target(&self, names: &Names, directory: &Path) -> Target {
        let Some(command) = &self.start else {
            let url = self.provider_url.as_deref().unwrap_or("{provider}");
            return Target::Running(format!("{}{}", names.filled(url), self.base_path));
        };
        Target::Started(Start {
            build: self.build.clone(),
            command: names.filled(command),
            instances: 1,
            ready_url: self.ready_url.as_ref().map(|url| names.filled(url)),
            ready_timeout: Duration::from_millis(self.ready_timeout.unwrap_or(30_000)),
            base_path: self.base_path.clone(),
            directory: directory.to_owned(),
        })
    }

    fn handler(&self, names: &Names) -> StateHandler {
        match (&self.state_url, &self.state_cmd) {
            (None, None) => StateHandler::Nobody,
            (Some(url), None) => StateHandler::Url { url: names.filled(url), as_query: self.state_as_query },
            (None, Some(command)) => StateHandler::Command(names.filled(command)),
            (Some(_), Some(_)) => panic!("states cannot be set up in two ways"),
        }
    }
}

/// What the names in braces stand for.
struct Names {
    known: Vec<(&'static str, String)>,
}

impl Names {
    fn new(provider: &Provider, scratch: &Path) -> Self {
        let url = provider.url();
        let authority = url.trim_start_matches("http://").to_owned();
        let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let nobody = format!("http://{}", gone.expect("a loopback port is free"));
        let dir = scratch.display().to_string();
        let known =
            vec![("{provider}", url), ("{authority}", authority), ("{nobody}", nobody), ("{dir}", dir)];
        Self { known }
    }

    fn filled(&self, text: &str) -> String {
        self.known.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    /// Patterns for what the names stood for, and those of the case.
    fn varying(self, stable: &[(String, String)]) -> Vec<(String, String)> {
        let literal = |text: &str| text.replace('.', r"\.");
        let known = self.known.iter().map(|(name, value)| (literal(value), (*name).to_owned()));
        known.chain(stable.iter().cloned()).collect()
    }
}

fn split(text: &str, by: &str) -> (String, String) {
    let (name, value) = text.split_once(by).unwrap_or_else(|| panic!("`{text}` has no `{by}`"));
    (name.to_owned(), value.to_owned())
}
