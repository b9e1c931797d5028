//! `pactwright create-or-update-pacticipant`: what is known about an application.

use clap::Args;

use super::recording::RecordArguments;
use crate::cli::Failure;
use crate::fact::{About, ApplicationDescribed, What};
use crate::name::{Application, Branch, Line};
use crate::outcome::Answer;

/// Record what is known about an application: main branch, team, contact, repository
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright create-or-update-pacticipant --name faq --main-branch main
  pactwright create-or-update-pacticipant --name faq --team Knowledge --contact '#team-knowledge'

What is not given stays as it is. What people write into owners.toml wins over what is recorded here.

Exit status:
  0  it is recorded, or was known already
  2  owners.toml says something else
  3  the store could not be read or written")]
pub(crate) struct CreateOrUpdatePacticipant {
    /// The application
    #[arg(short = 'a', long, alias = "application", value_name = "NAME")]
    name: Application,
    /// What people call it
    #[arg(long, value_name = "NAME")]
    display_name: Option<Line>,
    /// The branch that is deployed from
    #[arg(long, value_name = "NAME")]
    main_branch: Option<Branch>,
    /// Where its code is
    #[arg(long, value_name = "URL")]
    repository_url: Option<Line>,
    /// The team that owns it
    #[arg(long, value_name = "NAME")]
    team: Option<Line>,
    /// How to reach the team
    #[arg(long, value_name = "ADDRESS")]
    contact: Option<Line>,
    #[command(flatten)]
    record: RecordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &CreateOrUpdatePacticipant) -> Result<Answer, Failure> {
    let mut place = arguments.record.store.open()?;
    let state = place.state_or_new()?;
    let name = &arguments.name;
    let said = About {
        display_name: arguments.display_name.clone(),
        team: arguments.team.clone(),
        contact: arguments.contact.clone(),
        repository: arguments.repository_url.clone(),
        main_branch: arguments.main_branch.clone(),
    };
    // What `owners.toml` says would win, and the change would change nothing.
    let written = state.written_about(name);
    if written.clone().or(said.clone()) != said.clone().or(written) {
        return Err(Failure::asked_wrongly(format!("owners.toml says something else about {name}"))
            .hint("change it there: what it says wins over what is recorded"));
    }
    let known = state.recorded_about(name);
    if state.knows(name) && said.clone().or(known.clone()) == known {
        return arguments.record.record(&mut place, None, format!("all this was known about {name}"));
    }
    let message =
        if state.knows(name) { format!("{name} has changed") } else { format!("{name} is known now") };
    let described = ApplicationDescribed { application: name.clone(), about: said };
    arguments.record.record(&mut place, Some(What::ApplicationDescribed(described)), message)
}
