//! `pactwright list-pacticipants`: the applications that the store knows.

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::columns::columns;
use super::place::StoreArguments;
use crate::cli::Failure;
use crate::fact::State;
use crate::name::{Application, Branch, Line, Version};
use crate::outcome::Answer;

/// List the applications, with their newest version and their team
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright list-pacticipants
  pactwright list-pacticipants -o json

Exit status:
  0  they were listed, also when there are none
  3  the store could not be read")]
pub(crate) struct ListPacticipants {
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

#[derive(Debug, Serialize)]
struct Listed<'a> {
    name: &'a Application,
    display_name: Option<Line>,
    versions: usize,
    latest_version: Option<&'a Version>,
    main_branch: Option<Branch>,
    team: Option<Line>,
    contact: Option<Line>,
}

/// Runs the command.
pub(crate) fn run(arguments: &ListPacticipants) -> Result<Answer, Failure> {
    let state = arguments.store.open()?.state()?;
    let listed: Vec<_> = state.applications().map(|name| listed(&state, name)).collect();
    arguments.answer.say(&listed, || text(&listed))?;
    Ok(Answer::Yes)
}

fn listed<'a>(state: &'a State, name: &'a Application) -> Listed<'a> {
    let about = state.about(name);
    Listed {
        name,
        display_name: about.display_name,
        versions: state.versions(name).len(),
        latest_version: state.latest(name).map(|info| &info.version),
        main_branch: about.main_branch,
        team: about.team,
        contact: about.contact,
    }
}

fn text(listed: &[Listed<'_>]) -> String {
    fn or_dash<T: ToString>(value: Option<&T>) -> String {
        value.map_or_else(|| "-".to_owned(), T::to_string)
    }
    if listed.is_empty() {
        return "there are no applications\n".to_owned();
    }
    let row = |one: &Listed<'_>| {
        [
            one.name.to_string(),
            or_dash(one.latest_version),
            or_dash(one.main_branch.as_ref()),
            or_dash(one.team.as_ref()),
            or_dash(one.contact.as_ref()),
        ]
    };
    let rows: Vec<_> = listed.iter().map(row).collect();
    columns(["APPLICATION", "LATEST", "MAIN BRANCH", "TEAM", "CONTACT"], &rows)
}
