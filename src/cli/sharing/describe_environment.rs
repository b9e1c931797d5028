//! `pactwright describe-environment`: one environment and what runs in it.

use clap::Args;

use super::answer::AnswerArguments;
use super::environments;
use super::list_environments::Listed;
use super::place::StoreArguments;
use crate::cli::Failure;
use crate::name::Environment;
use crate::outcome::Answer;

/// Show an environment and what runs in it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright describe-environment --name production
  pactwright describe-environment --name production -o json

Exit status:
  0  it was shown
  2  there is no such environment
  3  the store could not be read")]
pub(crate) struct DescribeEnvironment {
    /// Its name
    #[arg(long, alias = "environment", value_name = "NAME")]
    name: Environment,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &DescribeEnvironment) -> Result<Answer, Failure> {
    let place = arguments.store.open()?;
    let state = place.state()?;
    let described = Listed::of(&state, environments::known(&state, &arguments.name, &place.flag)?);
    arguments.answer.say(&described, || described.to_string())?;
    Ok(Answer::Yes)
}
