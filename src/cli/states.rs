//! `pactwright states`: the provider states that consumers rely on, and whether they can be set up.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;
use serde_json::{Map, Value};

use super::fetching::UrlCredentials;
use super::settings::{Settings, read_file};
use super::verify::{gathered, pacts_of};
use super::{Failure, environment, options, signals, stdio, without_effect};
use crate::contract::{Contract, ProviderState};
use crate::finding::Weight;
use crate::outcome::Answer;
use crate::redact::Redactor;
use crate::replay::{Options, Source, StateHandler, Stop, TriedState, try_states};
use crate::verification::{self, Setup};

/// List the provider states of all pacts with their consumers, and try each once
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct States {
    /// Pact files, directories, globs or URLs [default: `pacts` in pactwright.toml, or ./pacts]
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// Only pacts about this provider
    #[arg(short = 'n', long, alias = "provider-name", value_name = "NAME", env = "PACTWRIGHT_PROVIDER")]
    provider: Option<String>,
    /// Set each state up once on the provider, and tear it down again
    #[arg(long = "try")]
    exercise: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    credentials: UrlCredentials,
    #[command(flatten)]
    settings: Settings,
}

const EXAMPLES: &str = "\
Examples:
  Which states do the consumers of faq rely on?
    pactwright states --provider faq

  Can each of them be set up?
    pactwright states --try --provider-url http://localhost:8080 --state-url /_pact/states

Exit status:
  0  the states were listed, and with --try all of them could be set up
  2  a pact cannot be read
  3  there are no pacts, or with --try a state could not be set up";

/// One state with its parameters, and who relies on it.
#[derive(Debug, Serialize)]
struct Listed {
    provider: String,
    state: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    params: Map<String, Value>,
    consumers: BTreeMap<String, usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tried: Option<Tried>,
}

#[derive(Debug, Serialize)]
struct Tried {
    works: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<String>,
    values: Vec<String>,
    duration_ms: u64,
}

/// Runs the command.
pub(crate) fn run(arguments: &States) -> Result<Answer, Failure> {
    let (file, root) = read_file(&super::working_directory()?)?;
    let paths = pacts_of(&arguments.paths, &file, &root);
    let given = arguments.settings.clone();
    if !arguments.exercise {
        without_effect::refuse_provider(&given)?;
    }
    let settings = given.or(environment::settings(environment::variable)?).or(file.verify);
    if arguments.exercise {
        without_effect::refuse(&settings, &paths)?;
    }
    let setup = options::setup(settings, &root)?;
    let setup = Setup { paths, credentials: arguments.credentials.credentials(), ..setup };
    let gathered = gathered(&setup)?;
    let familiar = environment::variable("PACT_PROVIDER_NAME");
    let named = arguments.provider.as_ref().or(familiar.as_ref()).or(file.provider.as_ref());
    let is_asked = |contract: &&Contract| named.is_none_or(|name| *name == contract.provider);
    let contracts = gathered.sources.iter().map(|source| &*source.contract);
    let contracts: Vec<&Contract> = contracts.filter(is_asked).collect();
    let defects = gathered.findings.iter().filter(|finding| finding.weight() == Weight::Defect).count();
    if contracts.is_empty() && defects == 0 {
        return Err(no_states(&gathered.sources, named));
    }
    let redactor = setup.redactor();
    let mut states = listed(&contracts);
    if arguments.exercise && !states.is_empty() {
        exercise(&mut states, setup.options(true).map_err(|error| options::refused(&error))?)?;
    }
    for state in &mut states {
        redactor.params(&mut state.params);
    }
    stdio::say(&if arguments.json { json(&states)? } else { text(&states) })?;
    if defects > 0 {
        return Err(Failure::asked_wrongly("not all pacts could be read, so states may be missing")
            .hint("`pactwright lint` says what is wrong with them"));
    }
    let has_failed = states.iter().any(|state| state.tried.as_ref().is_some_and(|tried| !tried.works));
    Ok(if has_failed { Answer::CouldNotFindOut } else { Answer::Yes })
}

/// Why no state is known, with the provider that was probably meant.
fn no_states(sources: &[Source], named: Option<&String>) -> Failure {
    let providers = sources.iter().map(|source| source.contract.provider.as_str()).collect();
    let problem = verification::no_pacts(named.map_or("", String::as_str), &providers);
    let failure = Failure::could_not_find_out(format!("{}, so no state is known", problem.message));
    problem.help.iter().fold(failure, |failure, help| failure.hint(help.clone()))
}

/// Every state with each set of parameters once, in the order of their names.
fn listed(contracts: &[&Contract]) -> Vec<Listed> {
    let mut states: BTreeMap<(String, String, String), Listed> = BTreeMap::new();
    for contract in contracts {
        for state in contract.interactions.iter().flat_map(|interaction| &interaction.states) {
            let params = Value::Object(state.params.clone()).to_string();
            let entry =
                states.entry((contract.provider.clone(), state.name.clone(), params)).or_insert(Listed {
                    provider: contract.provider.clone(),
                    state: state.name.clone(),
                    params: state.params.clone(),
                    consumers: BTreeMap::new(),
                    tried: None,
                });
            *entry.consumers.entry(contract.consumer.clone()).or_insert(0) += 1;
        }
    }
    states.into_values().collect()
}

fn exercise(states: &mut [Listed], options: Options) -> Result<(), Failure> {
    if matches!(options.states.handler, StateHandler::Nobody) {
        return Err(Failure::asked_wrongly("nobody sets the states up, so none can be tried")
            .hint("--state-url URL or --state-cmd 'COMMAND' says who does"));
    }
    let redactor = options.redactor.clone();
    let wanted: Vec<ProviderState> = states
        .iter()
        .map(|state| ProviderState { name: state.state.clone(), params: state.params.clone() })
        .collect();
    let stop = Stop::new();
    signals::stop_on_signal(&stop)?;
    let outcome = try_states(&wanted, options, &stop, |index, tried| {
        states[index].tried = Some(shown(&redactor, tried));
    });
    outcome.map_err(|problem| {
        let problem = redactor.finding(*problem);
        let failure = Failure::could_not_find_out(problem.message);
        let said = problem.actual.iter().flat_map(|said| said.lines()).map(|line| format!("it said: {line}"));
        said.chain(problem.help.clone()).fold(failure, Failure::hint)
    })
}

fn shown(redactor: &Redactor, tried: TriedState) -> Tried {
    let problem = tried.problem.map(|problem| redactor.finding(problem));
    Tried {
        works: problem.is_none(),
        said: problem.as_ref().and_then(|problem| problem.actual.clone()),
        problem: problem.map(|problem| problem.message),
        values: tried.values,
        duration_ms: tried.duration_ms,
    }
}

fn json(states: &[Listed]) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(states)
        .map_err(|error| Failure::could_not_find_out("the states could not be written").because(&error))?;
    Ok(format!("{text}\n"))
}

fn text(states: &[Listed]) -> String {
    let mut text = String::new();
    let mut last = "";
    for state in states {
        if state.provider != last {
            last = &state.provider;
            let _ = writeln!(text, "{last}");
        }
        let mark = match &state.tried {
            None => String::new(),
            Some(tried) if tried.works => "  ok    ".to_owned(),
            Some(_) => "  FAILED".to_owned(),
        };
        let params = if state.params.is_empty() {
            String::new()
        } else {
            format!(" {}", Value::Object(state.params.clone()))
        };
        let users: Vec<String> =
            state.consumers.iter().map(|(name, count)| format!("{name} ({count})")).collect();
        let _ = writeln!(text, "{mark}  {}{params}  <- {}", state.state, users.join(", "));
        let Some(tried) = &state.tried else { continue };
        if !tried.values.is_empty() {
            let _ = writeln!(text, "            returned {}", tried.values.join(", "));
        }
        for line in tried.problem.iter().chain(&tried.said).flat_map(|said| said.lines()) {
            let _ = writeln!(text, "            {line}");
        }
    }
    if states.is_empty() {
        return "no pact needs a provider state\n".to_owned();
    }
    let count = states.len();
    let failed = states.iter().filter(|state| state.tried.as_ref().is_some_and(|tried| !tried.works)).count();
    let but = if failed == 0 { String::new() } else { format!(", {failed} of which could not be set up") };
    let _ = writeln!(text, "{count} state{}{but}", if count == 1 { "" } else { "s" });
    text
}
