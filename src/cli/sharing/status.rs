//! `pactwright status`: who works with whom, what was verified, and what runs where, on one screen.

use clap::Args;
use jiff::civil::Date;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::columns::columns;
use super::deprecated;
use super::place::StoreArguments;
use super::waived::{self, InForce, with_waiver};
use crate::cli::{Failure, clock, rendering};
use crate::fact::{State, Verification, VersionInfo};
use crate::name::{Application, Environment, Version};
use crate::outcome::Answer;
use crate::report;
use crate::report::Colour;
use crate::report::deprecated::Deprecated;

/// Show who works with whom, whether the newest versions were verified, what runs where and what is to go
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright status
  pactwright status -o json

Of each application the head of its main branch is shown, or else its latest version.

Exit status:
  0  it was shown, whatever it is
  3  there are no contracts, or the store could not be read")]
pub(crate) struct StatusCommand {
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

#[derive(Debug, Serialize)]
struct Status<'a> {
    schema_version: u32,
    pairs: Vec<Pair<'a>>,
    environments: Vec<InEnvironment<'a>>,
    /// What is accepted today although it is broken or not verified.
    waivers: Vec<InForce<'a>>,
    /// What is to go, and who still uses it.
    deprecations: Vec<Deprecated>,
}

#[derive(Debug, Serialize)]
struct Pair<'a> {
    consumer: &'a Application,
    consumer_version: &'a Version,
    provider: &'a Application,
    provider_version: Option<&'a Version>,
    /// `verified`, `broken`, `unverified`, `no contract` or `no version`.
    result: &'static str,
    /// Why a break, or what is not verified, is accepted today.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<InForce<'a>>,
}

#[derive(Debug, Serialize)]
struct InEnvironment<'a> {
    environment: &'a Environment,
    production: bool,
    versions: Vec<(&'a Application, &'a Version)>,
}

/// Runs the command.
pub(crate) fn run(arguments: &StatusCommand) -> Result<Answer, Failure> {
    let place = arguments.store.open()?;
    let state = place.state()?;
    let today = clock::today();
    let standings = deprecated::standings(&place, &state, None)?;
    let status = Status {
        schema_version: 1,
        pairs: pairs(&state, today),
        environments: environments(&state),
        waivers: InForce::all(&state, today),
        deprecations: deprecated::shown(&state, &standings, today),
    };
    if status.pairs.is_empty() && status.environments.is_empty() {
        return Err(Failure::could_not_find_out("there are no contracts in this store")
            .hint(format!("`pactwright publish PACTS{}` publishes some", place.flag)));
    }
    let deprecations =
        rendering::to_text(|out| report::deprecated::text(&status.deprecations, Colour::Always, out))?;
    arguments.answer.say(&status, || text(&status, &deprecations))?;
    Ok(Answer::Yes)
}

fn newest<'a>(state: &'a State, application: &Application) -> Option<&'a VersionInfo> {
    state.main_head(application).or_else(|| state.latest(application))
}

fn pairs(state: &State, today: Date) -> Vec<Pair<'_>> {
    let mut pairs = Vec::new();
    for consumer in state.applications() {
        let Some(info) = newest(state, consumer) else { continue };
        for provider in state.providers_of(consumer) {
            let head = newest(state, provider);
            let result = result(state, (consumer, provider), &info.version, head);
            let version = head.map(|head| &head.version);
            let waiver = InForce::between(state, today, (consumer, Some(&info.version)), (provider, version));
            pairs.push(Pair {
                consumer,
                consumer_version: &info.version,
                provider,
                provider_version: version,
                result,
                waiver: waiver.filter(|_| matches!(result, "broken" | "unverified" | "no version")),
            });
        }
    }
    pairs
}

/// The worst that is known of what the version asks for.
fn result(
    state: &State,
    pair: (&Application, &Application),
    version: &Version,
    head: Option<&VersionInfo>,
) -> &'static str {
    let contents = state.contents(pair.0, version, pair.1);
    let Some(head) = head else { return "no version" };
    let results = contents.iter().map(|publication| {
        state.result(pair, publication.content, &head.version).map(Verification::has_passed)
    });
    let results: Vec<Option<bool>> = results.collect();
    if results.is_empty() {
        "no contract"
    } else if results.contains(&Some(false)) {
        "broken"
    } else if results.contains(&None) {
        "unverified"
    } else {
        "verified"
    }
}

fn environments(state: &State) -> Vec<InEnvironment<'_>> {
    let of = |name| {
        let mut versions: Vec<_> =
            state.live_in(name).into_iter().map(|live| (&live.application, &live.version)).collect();
        versions.dedup();
        versions
    };
    let environments = state.environments();
    environments
        .map(|environment| InEnvironment {
            environment: &environment.name,
            production: environment.production,
            versions: of(&environment.name),
        })
        .collect()
}

fn text(status: &Status<'_>, deprecations: &str) -> String {
    let rows: Vec<[String; 5]> = status
        .pairs
        .iter()
        .map(|pair| {
            let provider_version = pair.provider_version.map_or_else(|| "-".to_owned(), ToString::to_string);
            [
                pair.consumer.to_string(),
                pair.consumer_version.to_string(),
                pair.provider.to_string(),
                provider_version,
                with_waiver(pair.result, pair.waiver.as_ref()),
            ]
        })
        .collect();
    let mut text = columns(["CONSUMER", "VERSION", "PROVIDER", "VERSION", "RESULT"], &rows);
    let rows: Vec<[String; 2]> = status
        .environments
        .iter()
        .map(|there| {
            let versions: Vec<_> =
                there.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
            let runs = if versions.is_empty() { "nothing".to_owned() } else { versions.join(", ") };
            [there.environment.to_string(), runs]
        })
        .collect();
    let environments = columns(["ENVIRONMENT", "RUNS"], &rows);
    for part in [environments.as_str(), &waived::table(&status.waivers), deprecations] {
        if !(text.is_empty() || part.is_empty()) {
            text.push('\n');
        }
        text += part;
    }
    text
}
