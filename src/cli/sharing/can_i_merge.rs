//! `pactwright can-i-merge`: would the main branches still work together?

use clap::Args;

use super::asking::AskArguments;
use super::selectors::SelectorArguments;
use crate::cli::Failure;
use crate::gate::{Question, Target};
use crate::outcome::Answer;

/// Ask whether a version may be merged: whether it was verified with the heads of all main branches
#[derive(Debug, Args)]
#[command(
    disable_version_flag = true,
    after_help = "\
Examples:
  pactwright can-i-merge -a faq -e 3f2a1b9
  pactwright can-i-merge -a faq --branch my-feature -o json

Exit status, in every form of output:
  0  yes
  1  no: something breaks, or nobody has verified it yet
  2  the question is wrong: no version is named
  3  nobody has ever seen this version, or the store could not be read"
)]
pub(crate) struct CanIMerge {
    #[command(flatten)]
    selectors: SelectorArguments,
    #[command(flatten)]
    ask: AskArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &CanIMerge) -> Result<Answer, Failure> {
    let selectors = arguments.selectors.selectors()?;
    let question = Question::new(selectors, Some(Target::MainBranches), arguments.ask.ignore.clone())
        .map_err(|error| Failure::asked_wrongly(error.to_string()))?;
    arguments.ask.ask(&question)
}
