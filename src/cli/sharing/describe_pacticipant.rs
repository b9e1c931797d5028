//! `pactwright describe-pacticipant`: what is known about one application.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::columns::joined_any;
use super::environments;
use super::place::StoreArguments;
use super::running::RunningIn;
use crate::cli::Failure;
use crate::fact::{About, State};
use crate::name::{Application, Branch, Line, Tag, Version};
use crate::outcome::Answer;

/// Show what is known about an application
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright describe-pacticipant --name faq
  pactwright describe-pacticipant --name faq -o json

Exit status:
  0  it was shown
  3  nobody has ever heard of the application, or the store could not be read")]
pub(crate) struct DescribePacticipant {
    /// The application
    #[arg(short = 'a', long, alias = "application", value_name = "NAME")]
    name: Application,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

#[derive(Debug, Serialize)]
struct Described<'a> {
    name: &'a Application,
    display_name: Option<Line>,
    team: Option<Line>,
    contact: Option<Line>,
    repository: Option<Line>,
    main_branch: Option<Branch>,
    versions: usize,
    latest_version: Option<&'a Version>,
    branches: Vec<&'a Branch>,
    tags: Vec<&'a Tag>,
    /// Those that it has ever had a contract with.
    providers: Vec<&'a Application>,
    consumers: Vec<&'a Application>,
    runs: Vec<RunningIn<'a>>,
}

/// Runs the command.
pub(crate) fn run(arguments: &DescribePacticipant) -> Result<Answer, Failure> {
    let state = arguments.store.open()?.state()?;
    environments::known_application(&state, &arguments.name)?;
    let described = described(&state, &arguments.name);
    arguments.answer.say(&described, || text(&described))?;
    Ok(Answer::Yes)
}

fn described<'a>(state: &'a State, name: &'a Application) -> Described<'a> {
    let About { display_name, team, contact, repository, main_branch } = state.about(name);
    Described {
        name,
        display_name,
        team,
        contact,
        repository,
        main_branch,
        versions: state.versions(name).len(),
        latest_version: state.latest(name).map(|info| &info.version),
        branches: state.branches(name).collect(),
        tags: state.tags(name).collect(),
        providers: state.providers_of(name).collect(),
        consumers: state.consumers_of(name).collect(),
        runs: RunningIn::of(state, name),
    }
}

fn text(described: &Described<'_>) -> String {
    fn word<T: ToString>(value: Option<&T>) -> Option<String> {
        value.map(T::to_string)
    }
    let versions =
        described.latest_version.map(|latest| format!("{}, the latest is {latest}", described.versions));
    let said = [
        ("called", word(described.display_name.as_ref())),
        ("team", word(described.team.as_ref())),
        ("contact", word(described.contact.as_ref())),
        ("repository", word(described.repository.as_ref())),
        ("main branch", word(described.main_branch.as_ref())),
        ("versions", versions),
        ("branches", joined_any(&described.branches)),
        ("tags", joined_any(&described.tags)),
        ("providers", joined_any(&described.providers)),
        ("consumers", joined_any(&described.consumers)),
    ];
    let mut text = format!("{}\n", described.name);
    for (word, value) in said {
        if let Some(value) = value {
            let _ = writeln!(text, "  {word:<12} {value}");
        }
    }
    for RunningIn { environment, running } in &described.runs {
        let _ = writeln!(text, "  {:<12} {environment}: {} {running}", "runs in", running.version);
    }
    text
}
