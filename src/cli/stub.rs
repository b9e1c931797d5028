//! `pactwright stub`: pacts served as a stand-in provider for local development.

mod state;

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use clap::Args;
use notify::{RecursiveMode, Watcher};

use self::state::{Known, State, state};
use super::fetching::Fetching;
use super::options::refuse_other_engine;
use super::settings::read_file;
use super::verify::{found, pacts_of};
use super::{Failure, rendering, stdio, working_directory};
use crate::contract::{Contract, Exchange, Interaction};
use crate::finding::{Finding, Weight};
use crate::mock::{self, Cors, Incoming, Mock, Order, Outcome, Served, difference};
use crate::name::did_you_mean;
use crate::outcome::Answer;
use crate::redact::Redactor;
use crate::report::{self, Colour};
use crate::source::{self, Found};

/// How long files must have been left alone before they are read again.
const QUIET: Duration = Duration::from_millis(100);

/// Serve pacts as a stand-in provider
///
/// Answers every request from the interaction that fits best, and a request that fits none with the
/// nearest interaction and what differs (status 500). Stops on Ctrl-C.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright stub                                      the configured pacts, or ./pacts, on a free port
  pactwright stub pacts --port 8080 --cors --watch     for a web page that is being written
  pactwright stub --provider faq --consumer support    only what support expects of faq
  pactwright stub --provider-state 'no FAQ exists'     only interactions in this state
  pactwright stub --provider-state-header-name X-State each request names its state

Exit status:
  0  it was stopped
  2  a pact cannot be used
  3  there is nothing to serve, or the port is taken")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct StubArguments {
    /// Pact files, directories, globs or URLs [default: `pacts` in pactwright.toml, or ./pacts]
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// Another pact file, for those who are used to it
    #[arg(short, long = "file", value_name = "FILE", hide_short_help = true)]
    files: Vec<String>,
    /// Another directory of pacts, for those who are used to it
    #[arg(short, long = "dir", value_name = "DIR", hide_short_help = true)]
    directories: Vec<String>,
    /// Another pact by its address, for those who are used to it
    #[arg(short, long = "url", value_name = "URL", hide_short_help = true)]
    urls: Vec<String>,
    #[command(flatten)]
    fetching: Fetching,

    /// Serve only what is expected of this provider; may be repeated
    #[arg(short = 'n', long, alias = "provider-name", value_name = "NAME")]
    provider: Vec<String>,
    /// Serve only what this consumer expects; may be repeated
    #[arg(long, alias = "consumer-name", value_name = "NAME")]
    consumer: Vec<String>,

    /// The port [default: a free one]
    #[arg(short, long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// The address to listen on; 0.0.0.0 is all of them
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,
    /// Let web pages of any origin call it, and answer their preflight requests
    #[arg(short = 'o', long, visible_alias = "cors-preflight")]
    cors: bool,
    /// The same, and tell each page that it in particular may, with its credentials
    #[arg(long)]
    cors_referer: bool,

    /// Serve only interactions in the state of this name, or in those whose whole name this pattern matches
    #[arg(short = 's', long, value_name = "STATE", value_parser = state)]
    provider_state: Option<State>,
    /// The header in which a request names the state, which wins over --provider-state
    #[arg(long, value_name = "NAME")]
    provider_state_header_name: Option<String>,
    /// Serve interactions without any state as well when a state is asked for
    #[arg(long)]
    empty_provider_state: bool,

    /// Read the pacts again when they change
    #[arg(short, long)]
    watch: bool,
}

/// What makes the stub do something while it serves.
enum Event {
    Changed,
    Stop,
}

/// Serves until it is told to stop.
pub(crate) fn run(arguments: &StubArguments) -> Result<Answer, Failure> {
    refuse_other_engine()?;
    let (file, root) = read_file(&working_directory()?)?;
    let named = [&arguments.paths, &arguments.files, &arguments.directories, &arguments.urls];
    let paths = pacts_of(&named.into_iter().flatten().cloned().collect::<Vec<_>>(), &file, &root);
    let known = Known::default();
    let Some(contracts) = arguments.contracts(&paths, &known)? else { return Ok(Answer::AskedWrongly) };
    let (events, changes) = mpsc::channel();
    stop_on_signal(events.clone())?;
    let mock = Mock::start(&contracts, arguments.options(&known)).map_err(|error| {
        let at = SocketAddr::from((arguments.host, arguments.port));
        Failure::could_not_find_out(format!("nothing can listen on {at}"))
            .because(&error)
            .hint("without --port, any free one is taken")
    })?;
    let _watcher = if arguments.watch { Some(watcher(&paths, &events)?) } else { None };
    stdio::say(&format!("{} at {}\n", arguments.said(&contracts, &known), mock.url()))?;
    arguments.serve(&mock, (&paths, &known), contracts, &changes);
    let _ = mock.stop();
    Ok(Answer::Yes)
}

impl StubArguments {
    /// Everything that is to be served; nothing when a pact cannot be used, which has then been
    /// said.
    fn contracts(&self, paths: &[String], known: &Known) -> Result<Option<Vec<Arc<Contract>>>, Failure> {
        let found: Found = found(paths)?;
        let loaded = source::load(&found, &self.fetching.access()?);
        let is_defect = |finding: &Finding| finding.weight() != Weight::Warning;
        let defects: Vec<_> = loaded.findings.into_iter().filter(is_defect).collect();
        if !defects.is_empty() {
            let lint = report::lint::Lint { pacts: 0, interactions: 0, strict: false, findings: defects };
            stdio::tell(&rendering::to_text(|out| report::lint::findings(&lint, Colour::Always, out))?);
            return Ok(None);
        }
        let is_wanted = |names: &[String], name: &String| names.is_empty() || names.contains(name);
        self.refuse_unknown(&loaded.contracts)?;
        let contracts: Vec<Arc<Contract>> = loaded
            .contracts
            .into_iter()
            .filter(|contract| is_wanted(&self.provider, &contract.provider))
            .filter(|contract| is_wanted(&self.consumer, &contract.consumer))
            .map(Arc::new)
            .collect();
        if !contracts.iter().flat_map(|contract| &contract.interactions).any(is_http) {
            return Err(Failure::could_not_find_out("there is no HTTP interaction to serve")
                .hint("name files, directories, globs or URLs that hold pacts")
                .hint("--provider and --consumer leave out what is about others"));
        }
        known.replace(&contracts);
        match &self.provider_state {
            Some(state) if self.admitted(&contracts, known) == 0 => Err(state.unknown(known)),
            _ => Ok(Some(contracts)),
        }
    }

    /// A misspelt name would leave out everything, or one of several without a word.
    fn refuse_unknown(&self, contracts: &[Contract]) -> Result<(), Failure> {
        let consumers = contracts.iter().map(|contract| contract.consumer.as_str());
        let providers = contracts.iter().map(|contract| contract.provider.as_str());
        refuse_unknown("consumer", &self.consumer, consumers.collect())?;
        refuse_unknown("provider", &self.provider, providers.collect())
    }

    /// True for an interaction that is served unless a request names a state.
    fn admits(&self, interaction: &Interaction, known: &Known) -> bool {
        let is_of = |state: &State| state.is_of(interaction, known);
        let is_empty = self.empty_provider_state && interaction.states.is_empty();
        self.provider_state.as_ref().is_none_or(is_of) || is_empty
    }

    /// How many interactions are served unless a request names a state.
    fn admitted(&self, contracts: &[Arc<Contract>], known: &Known) -> usize {
        let all = contracts.iter().flat_map(|contract| &contract.interactions);
        all.filter(|one| is_http(one) && self.admits(one, known)).count()
    }

    fn said(&self, contracts: &[Arc<Contract>], known: &Known) -> String {
        let plural =
            |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let interactions = plural(self.admitted(contracts, known), "interaction");
        format!("serving {interactions} of {}", plural(contracts.len(), "pact"))
    }

    fn options(&self, known: &Known) -> mock::Options {
        let (flag, header) = (self.provider_state.clone(), self.provider_state_header_name.clone());
        let (empty, known) = (self.empty_provider_state, known.clone());
        let (state_header, states) = (header.clone(), known.clone());
        let remark = move |incoming: &Incoming| {
            let asked = state_header.as_ref().and_then(|name| incoming.header(name))?;
            let asked = state(asked).ok().filter(|asked| !asked.is_any_of(&states))?;
            let Failure { message, hints, .. } = asked.unknown(&states);
            Some([vec![message], hints].concat().join("; "))
        };
        let admits = move |incoming: &Incoming, interaction: &Interaction| {
            let asked = header.as_ref().and_then(|name| incoming.header(name));
            let asked = asked.and_then(|text| state(text).ok());
            match asked.as_ref().or(flag.as_ref()) {
                Some(state) => state.is_of(interaction, &known) || empty && interaction.states.is_empty(),
                None => true,
            }
        };
        mock::Options {
            listen: SocketAddr::from((self.host, self.port)),
            cors: match (self.cors_referer, self.cors) {
                (true, _) => Cors::Caller,
                (false, true) => Cors::Any,
                (false, false) => Cors::Off,
            },
            order: Order::First,
            keep_misses: false,
            admits: Some(Arc::new(admits)),
            remark: Some(Arc::new(remark)),
            observe: Some(Arc::new(|served| {
                // A closed pipe is no reason to stop serving.
                let _ = stdio::say(&line(served));
            })),
            ..mock::Options::default()
        }
    }

    fn serve(
        &self,
        mock: &Mock,
        (paths, known): (&[String], &Known),
        mut served: Vec<Arc<Contract>>,
        changes: &Receiver<Event>,
    ) {
        while let Ok(Event::Changed) = changes.recv() {
            loop {
                match changes.recv_timeout(QUIET) {
                    Ok(Event::Changed) => {}
                    Ok(Event::Stop) => return,
                    Err(_) => break,
                }
            }
            match self.contracts(paths, known) {
                Ok(Some(contracts)) => {
                    mock.replace(&contracts);
                    if !are_same(&served, &contracts) {
                        let _ = stdio::say(&format!("changed: {}\n", self.said(&contracts, known)));
                    }
                    served = contracts;
                }
                Ok(None) => stdio::note("the pacts as they were are still served"),
                Err(failure) => {
                    stdio::complain(&failure);
                    stdio::note("the pacts as they were are still served");
                }
            }
        }
    }
}

/// True when the files say what they have said.
fn are_same(served: &[Arc<Contract>], read: &[Arc<Contract>]) -> bool {
    let texts = |all: &[Arc<Contract>]| all.iter().map(|one| one.document.digest()).collect::<Vec<_>>();
    texts(served) == texts(read)
}

fn is_http(interaction: &Interaction) -> bool {
    matches!(interaction.exchange, Exchange::Http { .. })
}

fn refuse_unknown(role: &str, wanted: &[String], known: BTreeSet<&str>) -> Result<(), Failure> {
    let Some(unknown) = wanted.iter().find(|name| !known.contains(name.as_str())) else { return Ok(()) };
    let failure = Failure::could_not_find_out(format!("no pact has the {role} \"{unknown}\""));
    Err(match did_you_mean(unknown, known.iter().copied()) {
        Some(meant) => failure.hint(meant),
        None if known.is_empty() => failure,
        None => failure.hint(format!("there is {}", Vec::from_iter(known).join(", "))),
    })
}

/// One request in a line.
fn line(served: &Served<'_>) -> String {
    let met = match served.outcome {
        Outcome::Hit(expectation) => {
            format!("{}: \"{}\"", expectation.contract.consumer, expectation.interaction().description)
        }
        Outcome::Unanswered(unanswered) => unanswered.to_string(),
        Outcome::Preflight => "preflight".to_owned(),
        Outcome::Miss(miss) => match &miss.nearest {
            Some((expectation, near)) => {
                let first = near.findings.first().map(|finding| format!(": {}", difference(finding)));
                let nearest = &expectation.interaction().description;
                format!("not expected; nearest is \"{nearest}\"{}", first.unwrap_or_default())
            }
            None => match &miss.remark {
                Some(remark) => format!("not expected; {remark}"),
                None => "not expected".to_owned(),
            },
        },
    };
    let target = Redactor::default().text(&served.request.target());
    format!("{} {} {target} {met}\n", served.status, served.request.method)
}

fn stop_on_signal(events: Sender<Event>) -> Result<(), Failure> {
    ctrlc::set_handler(move || {
        let _ = events.send(Event::Stop);
    })
    .map_err(|error| Failure::could_not_find_out("signals cannot be watched for").because(&error))
}

/// Whether what has changed can be one of the pacts. What lies beside them is not: a log, into which the
/// stub itself writes, would make it read for ever.
fn concerns(named: &[String], changed: &Path) -> bool {
    named.iter().map(Path::new).any(|one| {
        if one.is_dir() {
            let is_json = changed.extension().is_some_and(|extension| extension == "json");
            // A folder can come and go with all that is in it.
            return is_json || changed.is_dir() || changed.extension().is_none() && !changed.exists();
        }
        let is_pattern = one.to_string_lossy().contains(['*', '?', '[', '{']);
        if is_pattern {
            one.extension() == changed.extension()
        } else {
            one.file_name() == changed.file_name()
        }
    })
}

/// Watches what the paths lead to; an address cannot be watched.
fn watcher(paths: &[String], events: &Sender<Event>) -> Result<notify::RecommendedWatcher, Failure> {
    let failed =
        |error: notify::Error| Failure::could_not_find_out("the pacts cannot be watched").because(&error);
    let events = events.clone();
    let named = paths.to_vec();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let is_change = |event: &notify::Event| {
            let kind = event.kind;
            kind.is_create() || kind.is_modify() || kind.is_remove()
        };
        let is_ours = |event: &notify::Event| event.paths.iter().any(|path| concerns(&named, path));
        if event.is_ok_and(|event| is_change(&event) && is_ours(&event)) {
            let _ = events.send(Event::Changed);
        }
    })
    .map_err(failed)?;
    for path in paths.iter().filter(|path| !path.contains("://")) {
        // A file is often replaced by another of its name, so its directory is watched.
        let path = Path::new(path);
        let directory = path.ancestors().find(|above| above.is_dir()).unwrap_or(Path::new("."));
        let mode = if directory == path { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        watcher.watch(directory, mode).map_err(failed)?;
    }
    Ok(watcher)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beside_the_pacts_concerns_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let text = |path: std::path::PathBuf| path.display().to_string();
        std::fs::write(at("log"), "").expect("written");
        let (all, one, some) = (text(at("")), text(at("a.json")), text(at("*.pact")));
        let all = std::slice::from_ref(&all);
        for (named, ours, others) in [
            (all, vec!["a.json", "gone"], vec!["s.log", "log"]),
            (&[one][..], vec!["a.json"], vec!["s.log", "b.json"]),
            (&[some][..], vec!["b.pact"], vec!["s.log", "b.json"]),
        ] {
            assert!(ours.iter().all(|name| concerns(named, &at(name))), "{named:?}");
            assert!(!others.iter().any(|name| concerns(named, &at(name))), "{named:?}");
        }
    }
}
