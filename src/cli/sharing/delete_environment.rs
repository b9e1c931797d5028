//! `pactwright delete-environment`: an environment is no more.

use clap::Args;

use super::environments;
use super::recording::RecordArguments;
use crate::cli::Failure;
use crate::fact::{EnvironmentRemoved, What};
use crate::name::Environment;
use crate::outcome::Answer;

/// Record that there is no such environment any more
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright delete-environment --name test

Nothing runs there from then on, and no question about it can be asked. What has happened stays in the
ledger; an environment that is created again under this name is a new one.

Exit status:
  0  it is recorded
  2  there is no such environment
  3  the store could not be read or written")]
pub(crate) struct DeleteEnvironment {
    /// Its name
    #[arg(long, value_name = "NAME")]
    name: Environment,
    #[command(flatten)]
    record: RecordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &DeleteEnvironment) -> Result<Answer, Failure> {
    let mut place = arguments.record.store.open()?;
    let state = place.state()?;
    let name = &arguments.name;
    environments::known(&state, name, &place.flag)?;
    let ran: Vec<_> =
        state.live_in(name).iter().map(|live| format!("{} {}", live.application, live.version)).collect();
    let message = if ran.is_empty() {
        format!("there is no environment {name} any more; nothing ran there")
    } else {
        format!("there is no environment {name} any more; there ran {}", ran.join(", "))
    };
    let removed = What::EnvironmentRemoved(EnvironmentRemoved { name: name.clone() });
    arguments.record.record(&mut place, Some(removed), message)
}
