//! `pactwright list-environments`: the environments and what runs in them.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::place::StoreArguments;
use crate::cli::Failure;
use crate::fact::{EnvironmentDescription, Live, LiveAs, State};
use crate::name::{Application, Instance, Version};
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
struct Listed<'a> {
    #[serde(flatten)]
    environment: &'a EnvironmentDescription,
    versions: Vec<Running<'a>>,
}

#[derive(Debug, Serialize)]
struct Running<'a> {
    application: &'a Application,
    version: &'a Version,
    /// `deployed` or `released`.
    how: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<&'a Instance>,
    since: String,
}

/// Runs the command.
pub(crate) fn run(arguments: &ListEnvironments) -> Result<Answer, Failure> {
    let place = arguments.store.open()?;
    let state = place.state()?;
    let listed = listed(&state);
    arguments.answer.say(&listed, || text(&listed, &place.flag))?;
    Ok(Answer::Yes)
}

fn listed(state: &State) -> Vec<Listed<'_>> {
    let versions = |environment: &EnvironmentDescription| {
        state.live_in(&environment.name).into_iter().map(running).collect()
    };
    let environments = state.environments();
    environments.map(|environment| Listed { versions: versions(environment), environment }).collect()
}

fn running(live: &Live) -> Running<'_> {
    let (how, instance) = match &live.how {
        LiveAs::Deployed(instance) => ("deployed", instance.as_ref()),
        LiveAs::Released => ("released", None),
    };
    let since = live.fact.at().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Running { application: &live.application, version: &live.version, how, instance, since }
}

fn text(listed: &[Listed<'_>], flag: &str) -> String {
    if listed.is_empty() {
        return format!(
            "there are no environments\n`pactwright create-environment --name NAME{flag}` creates one\n"
        );
    }
    let mut text = String::new();
    for Listed { environment, versions } in listed {
        let production = if environment.production { "  (production)" } else { "" };
        let called = environment.display_name.as_ref().map(|name| format!("  {name}")).unwrap_or_default();
        let _ = writeln!(text, "{}{called}{production}", environment.name);
        if versions.is_empty() {
            let _ = writeln!(text, "  nothing runs here");
        }
        for Running { application, version, how, instance, since } in versions {
            let instance = instance.map(|instance| format!(" ({instance})")).unwrap_or_default();
            let _ = writeln!(text, "  {application} {version}  {how}{instance} {since}");
        }
    }
    text
}
