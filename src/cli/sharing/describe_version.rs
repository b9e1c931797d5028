//! `pactwright describe-version`: what is known about versions of an application.

use std::fmt;

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::columns::joined_any;
use super::environments;
use super::place::{Place, StoreArguments};
use super::running::RunningIn;
use super::waived::{InForce, with_waiver};
use crate::cli::{Failure, clock};
use crate::contract::Digest;
use crate::fact::{LiveAs, MatrixRow, State, VersionInfo, matrix};
use crate::name::{Application, Branch, Environment, Tag, Version};
use crate::outcome::Answer;

/// Show what is known about a version: where it is from, where it runs, whom it was verified with
#[derive(Debug, Args)]
#[command(
    disable_version_flag = true,
    after_help = "\
Examples:
  pactwright describe-version -a faq -e 2.0
  pactwright describe-version -a faq --latest               the one that came to be known last
  pactwright describe-version -a faq --latest prod          the last one with the tag prod
  pactwright describe-version -a faq --environment production --deployed

Exit status:
  0  it was shown
  2  it is not said which version, or there is no such environment
  3  there is no such version, or the store could not be read"
)]
pub(crate) struct DescribeVersion {
    /// The application
    #[arg(short = 'a', long, alias = "pacticipant", value_name = "NAME")]
    application: Application,
    #[command(flatten)]
    which: WhichArguments,
    /// With --environment only what was deployed there
    #[arg(long, requires = "environment", conflicts_with = "released")]
    deployed: bool,
    /// With --environment only what was released there
    #[arg(long, requires = "environment")]
    released: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
#[expect(clippy::option_option, reason = "clap tells a flag without a value from no flag in this way")]
struct WhichArguments {
    /// This version
    #[arg(short = 'e', long, value_name = "VERSION")]
    version: Option<Version>,
    /// Its latest version, or the latest one with a tag
    #[arg(short = 'l', long, value_name = "TAG", num_args = 0..=1)]
    latest: Option<Option<Tag>>,
    /// All its versions that run there
    #[arg(long, value_name = "NAME")]
    environment: Option<Environment>,
}

#[derive(Debug, Serialize)]
struct Described<'a> {
    application: &'a Application,
    version: &'a Version,
    since: String,
    branches: &'a [Branch],
    tags: &'a [Tag],
    build_url: Option<&'a str>,
    commit: Option<&'a str>,
    runs: Vec<RunningIn<'a>>,
    /// Its contracts, and whether anybody keeps them.
    as_consumer: Vec<Row<'a>>,
    /// The contracts that it has verified.
    as_provider: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    consumer: &'a Application,
    consumer_version: &'a Version,
    provider: &'a Application,
    provider_version: Option<&'a Version>,
    content: Digest,
    /// `null` when it was not verified.
    success: Option<bool>,
    /// Why it is accepted today that it is not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<InForce<'a>>,
}

/// Runs the command.
pub(crate) fn run(arguments: &DescribeVersion) -> Result<Answer, Failure> {
    let place = arguments.store.open()?;
    let state = place.state()?;
    environments::known_application(&state, &arguments.application)?;
    let infos = wanted(&state, arguments, &place)?;
    let described: Vec<_> =
        infos.into_iter().map(|info| described(&state, &arguments.application, info)).collect();
    arguments.answer.say(&described, || described.iter().map(ToString::to_string).collect())?;
    Ok(Answer::Yes)
}

fn wanted<'a>(
    state: &'a State,
    arguments: &DescribeVersion,
    place: &Place,
) -> Result<Vec<&'a VersionInfo>, Failure> {
    let name = &arguments.application;
    let nothing = |what: String| Failure::could_not_find_out(format!("{name} has no version {what}"));
    let WhichArguments { version, latest, environment } = &arguments.which;
    if let Some(version) = version {
        return Ok(vec![environments::known_version(state, name, version)?]);
    }
    if let Some(environment) = environment {
        environments::known(state, environment, &place.flag)?;
        let live = state.live(name, environment).into_iter();
        let live = live.filter(|live| {
            let is_released = live.how == LiveAs::Released;
            !(arguments.deployed && is_released || arguments.released && !is_released)
        });
        let infos: Vec<_> = live.filter_map(|live| state.version(name, &live.version)).collect();
        return if infos.is_empty() { Err(nothing(format!("in {environment}"))) } else { Ok(infos) };
    }
    let found = match latest {
        Some(Some(tag)) => {
            state.tagged(name, tag).pop().ok_or_else(|| nothing(format!("with the tag {tag}")))
        }
        Some(None) | None => state.latest(name).ok_or_else(|| nothing("at all".to_owned())),
    };
    found.map(|info| vec![info])
}

fn described<'a>(state: &'a State, application: &'a Application, info: &'a VersionInfo) -> Described<'a> {
    let rows = matrix(state, &[(application, Some(vec![&info.version]))]);
    let (as_consumer, others): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|row| row.consumer == application && *row.consumer_version == info.version);
    // Contracts of others that this version has not verified say nothing about it.
    let as_provider = others.into_iter().filter(|row| row.provider == application && row.result.is_some());
    let mut runs = RunningIn::of(state, application);
    runs.retain(|there| *there.running.version == info.version);
    Described {
        application,
        version: &info.version,
        since: info.created.moment(),
        branches: &info.branches,
        tags: &info.tags,
        build_url: info.build_url.as_deref(),
        commit: info.commit.as_deref(),
        runs,
        as_consumer: as_consumer.iter().map(|row| Row::of(state, row)).collect(),
        as_provider: as_provider.map(|row| Row::of(state, &row)).collect(),
    }
}

impl<'a> Row<'a> {
    fn of(state: &'a State, row: &MatrixRow<'a>) -> Self {
        let success = row.result.map(|(_, result)| result.has_passed());
        let consumer = (row.consumer, Some(row.consumer_version));
        let provider = (row.provider, row.result.map(|(version, _)| version));
        let waiver = || InForce::between(state, clock::today(), consumer, provider);
        Self {
            consumer: row.consumer,
            consumer_version: row.consumer_version,
            provider: row.provider,
            provider_version: row.result.map(|(version, _)| version),
            content: row.content,
            success,
            waiver: if success == Some(true) { None } else { waiver() },
        }
    }
}

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.application, self.version)?;
        let said = [
            ("since", Some(self.since.clone())),
            ("branches", joined_any(self.branches)),
            ("tags", joined_any(self.tags)),
            ("build", self.build_url.map(str::to_owned)),
            ("commit", self.commit.map(str::to_owned)),
        ];
        for (word, value) in said {
            if let Some(value) = value {
                writeln!(f, "  {word:<9} {value}")?;
            }
        }
        for RunningIn { environment, running } in &self.runs {
            writeln!(f, "  {:<9} {environment}: {running}", "runs in")?;
        }
        for row in &self.as_consumer {
            let result = match (row.success, row.provider_version) {
                (Some(true), Some(version)) => format!("kept by {version}"),
                (Some(false), Some(version)) => format!("broken by {version}"),
                _ => "not verified".to_owned(),
            };
            writeln!(f, "  {:<9} {}: {}", "needs", row.provider, with_waiver(&result, row.waiver.as_ref()))?;
        }
        for row in &self.as_provider {
            let word = if row.success == Some(true) { "keeps" } else { "breaks" };
            let kept = format!("the contract of {} {}", row.consumer, row.consumer_version);
            writeln!(f, "  {word:<9} {}", with_waiver(&kept, row.waiver.as_ref()))?;
        }
        Ok(())
    }
}
