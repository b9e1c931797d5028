//! `pactwright list-environments`: the environments and what runs in them.

use std::fmt;

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::place::StoreArguments;
use super::running::Running;
use crate::cli::Failure;
use crate::fact::{Contact, EnvironmentDescription, State};
use crate::outcome::Answer;

/// List the environments and what runs in them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright list-environments
  pactwright list-environments -o json

Exit status:
  0  they were listed, also when there are none
  3  the store could not be read")]
pub(crate) struct ListEnvironments {
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

/// An environment and what runs there.
#[derive(Debug, Serialize)]
pub(super) struct Listed<'a> {
    #[serde(flatten)]
    environment: &'a EnvironmentDescription,
    versions: Vec<Running<'a>>,
}

/// Runs the command.
pub(crate) fn run(arguments: &ListEnvironments) -> Result<Answer, Failure> {
    let place = arguments.store.open()?;
    let state = place.state()?;
    let listed: Vec<_> = state.environments().map(|environment| Listed::of(&state, environment)).collect();
    arguments.answer.say(&listed, || text(&listed, &place.flag))?;
    Ok(Answer::Yes)
}

fn text(listed: &[Listed<'_>], flag: &str) -> String {
    if listed.is_empty() {
        return format!(
            "there are no environments\n`pactwright create-environment --name NAME{flag}` creates one\n"
        );
    }
    listed.iter().map(ToString::to_string).collect()
}

impl<'a> Listed<'a> {
    pub(super) fn of(state: &'a State, environment: &'a EnvironmentDescription) -> Self {
        Self { environment, versions: Running::all(state, &environment.name) }
    }
}

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EnvironmentDescription { name, display_name, production, contact } = self.environment;
        let called = display_name.as_ref().map(|called| format!("  {called}")).unwrap_or_default();
        writeln!(f, "{name}{called}{}", if *production { "  (production)" } else { "" })?;
        if let Some(Contact { name, email }) = contact {
            let words: Vec<_> = name.iter().chain(email).map(ToString::to_string).collect();
            writeln!(f, "  contact: {}", words.join(", "))?;
        }
        if self.versions.is_empty() {
            writeln!(f, "  nothing runs here")?;
        }
        for running in &self.versions {
            writeln!(f, "  {} {}  {running}", running.application, running.version)?;
        }
        Ok(())
    }
}
