//! `pactwright can-i-deploy`: may these versions go there?

use clap::Args;

use super::asking::AskArguments;
use super::selectors::SelectorArguments;
use crate::cli::Failure;
use crate::gate::{Question, Target};
use crate::name::{Branch, Environment, Tag};
use crate::outcome::Answer;

/// Ask whether versions may be deployed: whether all they will work with was verified
#[derive(Debug, Args)]
#[command(
    disable_version_flag = true,
    after_help = "\
Examples:
  pactwright can-i-deploy -a faq -e 2.0 --to-environment production
  pactwright can-i-deploy -a faq --branch main --to-environment production --retry-while-unknown 6
  pactwright can-i-deploy -a faq -e 2.0 -a support -e 1.1        these two together
  pactwright can-i-deploy -a faq -e 2.0 --to-environment production --ignore billing -o json

Exit status, in every form of output:
  0  yes
  1  no: something breaks, or nobody has verified it yet
  2  the question is wrong: no version is named, or there is no such environment
  3  nobody has ever seen this version, or the store could not be read"
)]
pub(crate) struct CanIDeploy {
    #[command(flatten)]
    selectors: SelectorArguments,
    /// To this environment: all that runs there counts
    #[arg(long, value_name = "NAME", conflicts_with_all = ["to", "to_branch"])]
    to_environment: Option<Environment>,
    /// To where the latest versions with this tag are
    #[arg(long, value_name = "TAG", conflicts_with = "to_branch")]
    to: Option<Tag>,
    /// To where the heads of this branch are
    #[arg(long, value_name = "NAME")]
    to_branch: Option<Branch>,
    #[command(flatten)]
    ask: AskArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &CanIDeploy) -> Result<Answer, Failure> {
    let target = match (&arguments.to_environment, &arguments.to, &arguments.to_branch) {
        (Some(environment), _, _) => Some(Target::Environment(environment.clone())),
        (_, Some(tag), _) => Some(Target::Tagged(tag.clone())),
        (_, _, Some(branch)) => Some(Target::Branch(branch.clone())),
        (None, None, None) => None,
    };
    let selectors = arguments.selectors.selectors()?;
    let question = Question::new(selectors, target, arguments.ask.ignore.clone())
        .map_err(|error| Failure::asked_wrongly(error.to_string()))?;
    arguments.ask.ask(&question)
}
