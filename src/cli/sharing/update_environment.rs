//! `pactwright update-environment`: an environment is described anew.

use clap::Args;

use super::create_environment::DescriptionArguments;
use super::environments;
use super::recording::RecordArguments;
use crate::cli::Failure;
use crate::fact::What;
use crate::name::Environment;
use crate::outcome::Answer;

/// Change what is known about an environment
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright update-environment --name test --display-name 'Shared test'
  pactwright update-environment --name test --no-production --contact-name QA

What is not given stays as it is. An environment is known by its name, which therefore stays, too.

Exit status:
  0  it is recorded, or was so already
  2  there is no such environment
  3  the store could not be read or written")]
pub(crate) struct UpdateEnvironment {
    /// Its name
    #[arg(long, value_name = "NAME")]
    name: Environment,
    #[command(flatten)]
    description: DescriptionArguments,
    #[command(flatten)]
    record: RecordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &UpdateEnvironment) -> Result<Answer, Failure> {
    let mut place = arguments.record.store.open()?;
    let state = place.state()?;
    let name = &arguments.name;
    let known = environments::known(&state, name, &place.flag)?;
    let described = arguments.description.over(known.clone());
    if described == *known {
        return arguments.record.record(&mut place, None, format!("{name} was described so already"));
    }
    let changed = What::EnvironmentChanged(described);
    arguments.record.record(&mut place, Some(changed), format!("{name} is described anew"))
}
