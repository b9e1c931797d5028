//! `pactwright list-branches`: the branches of an application.

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::columns::columns;
use super::environments;
use super::place::StoreArguments;
use crate::cli::Failure;
use crate::fact::State;
use crate::name::{Application, Branch, Version};
use crate::outcome::Answer;

/// List the branches of an application, with the version at the head of each
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright list-branches -a faq

Exit status:
  0  they were listed, also when there are none
  3  nobody has ever heard of the application, or the store could not be read")]
pub(crate) struct ListBranches {
    /// The application
    #[arg(short = 'a', long, alias = "pacticipant", value_name = "NAME")]
    application: Application,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

#[derive(Debug, Serialize)]
struct Listed<'a> {
    branch: &'a Branch,
    main: bool,
    head: &'a Version,
    /// When the head came to be known.
    since: String,
    versions: usize,
}

/// Runs the command.
pub(crate) fn run(arguments: &ListBranches) -> Result<Answer, Failure> {
    let state = arguments.store.open()?.state()?;
    let name = &arguments.application;
    environments::known_application(&state, name)?;
    let listed: Vec<_> = state.branches(name).filter_map(|branch| listed(&state, name, branch)).collect();
    arguments.answer.say(&listed, || text(name, &listed))?;
    Ok(Answer::Yes)
}

fn listed<'a>(state: &'a State, name: &Application, branch: &'a Branch) -> Option<Listed<'a>> {
    let head = state.branch_head(name, branch)?;
    Some(Listed {
        branch,
        main: state.main_branch(name) == Some(branch),
        head: &head.version,
        since: head.created.moment(),
        versions: state.on_branch(name, branch).len(),
    })
}

fn text(name: &Application, listed: &[Listed<'_>]) -> String {
    if listed.is_empty() {
        return format!("{name} has no branches\n");
    }
    let row = |one: &Listed<'_>| {
        let main = if one.main { " (main)" } else { "" };
        [format!("{}{main}", one.branch), one.head.to_string(), one.since.clone(), one.versions.to_string()]
    };
    columns(["BRANCH", "HEAD", "SINCE", "VERSIONS"], &listed.iter().map(row).collect::<Vec<_>>())
}
