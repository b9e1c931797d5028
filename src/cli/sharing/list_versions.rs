//! `pactwright list-versions`: the versions of an application.

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::columns::{columns, joined};
use super::environments;
use super::place::StoreArguments;
use super::running::RunningIn;
use crate::cli::Failure;
use crate::fact::VersionInfo;
use crate::name::{Application, Branch, Environment, Tag, Version};
use crate::outcome::Answer;

/// List the versions of an application, the newest first
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright list-versions -a faq
  pactwright list-versions -a faq --branch main --limit 0

Exit status:
  0  they were listed, also when there are none
  3  nobody has ever heard of the application, or the store could not be read")]
pub(crate) struct ListVersions {
    /// The application
    #[arg(short = 'a', long, alias = "pacticipant", value_name = "NAME")]
    application: Application,
    /// Only those on this branch
    #[arg(long, value_name = "NAME")]
    branch: Option<Branch>,
    /// Only those with this tag
    #[arg(short, long, value_name = "TAG")]
    tag: Option<Tag>,
    /// Versions to show at most; 0 for all
    #[arg(long, value_name = "VERSIONS", default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    versions: Vec<Listed<'a>>,
    /// How many there are, shown or not.
    total: usize,
}

#[derive(Debug, Serialize)]
struct Listed<'a> {
    version: &'a Version,
    since: String,
    branches: &'a [Branch],
    tags: &'a [Tag],
    /// The environments in which it runs.
    runs_in: Vec<&'a Environment>,
}

/// Runs the command.
pub(crate) fn run(arguments: &ListVersions) -> Result<Answer, Failure> {
    let state = arguments.store.open()?.state()?;
    let name = &arguments.application;
    environments::known_application(&state, name)?;
    let mut versions = state.versions(name);
    versions.retain(|info| {
        arguments.branch.iter().all(|branch| info.branches.contains(branch))
            && arguments.tag.iter().all(|tag| info.tags.contains(tag))
    });
    let limit = if arguments.limit == 0 { versions.len() } else { arguments.limit };
    let running = RunningIn::of(&state, name);
    let newest = versions.iter().rev().take(limit);
    let shown =
        Shown { total: versions.len(), versions: newest.map(|info| listed(info, &running)).collect() };
    arguments.answer.say(&shown, || text(name, &shown))?;
    Ok(Answer::Yes)
}

fn listed<'a>(info: &'a VersionInfo, running: &[RunningIn<'a>]) -> Listed<'a> {
    let there = running.iter().filter(|there| *there.running.version == info.version);
    let mut runs_in: Vec<_> = there.map(|there| there.environment).collect();
    runs_in.dedup();
    Listed {
        version: &info.version,
        since: info.created.moment(),
        branches: &info.branches,
        tags: &info.tags,
        runs_in,
    }
}

fn text(name: &Application, shown: &Shown<'_>) -> String {
    if shown.versions.is_empty() {
        return format!("there are no such versions of {name}\n");
    }
    let row = |one: &Listed<'_>| {
        [
            one.version.to_string(),
            one.since.clone(),
            joined(one.branches),
            joined(one.tags),
            joined(&one.runs_in),
        ]
    };
    let rows: Vec<_> = shown.versions.iter().map(row).collect();
    let table = columns(["VERSION", "SINCE", "BRANCHES", "TAGS", "RUNS IN"], &rows);
    let hidden = shown.total - shown.versions.len();
    if hidden > 0 { format!("{table}and {hidden} more: --limit 0 shows all\n") } else { table }
}
