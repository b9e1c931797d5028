//! `pactwright delete-branch`: a branch is no more; its versions stay.

use clap::{ArgAction, Args};

use super::environments;
use super::recording::RecordArguments;
use crate::cli::Failure;
use crate::fact::{BranchDeleted, State, What};
use crate::name::{Application, Branch, did_you_mean};
use crate::outcome::Answer;

/// Record that there is no such branch any more
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright delete-branch -a faq --branch feat/x
  pactwright delete-branch -a faq --branch feat/x --error-when-not-found false

Its versions stay, with all that is known about them; they are on this branch no more.

Exit status:
  0  it is recorded
  2  there is no such branch, or it is the main branch
  3  nobody has ever heard of the application, or the store could not be read or written")]
pub(crate) struct DeleteBranch {
    /// The application
    #[arg(short = 'a', long, alias = "pacticipant", value_name = "NAME")]
    application: Application,
    /// The branch
    #[arg(long, value_name = "NAME")]
    branch: Branch,
    /// Whether it is an error that there is no such application or branch
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_value_t = true, default_missing_value = "true", action = ArgAction::Set)]
    error_when_not_found: bool,
    #[command(flatten)]
    record: RecordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &DeleteBranch) -> Result<Answer, Failure> {
    let mut place = arguments.record.store.open()?;
    let state = place.state()?;
    let DeleteBranch { application, branch, .. } = arguments;
    if let Err(failure) = check(&state, application, branch) {
        if arguments.error_when_not_found {
            return Err(failure);
        }
        let message = format!("{application} has no branch {branch}");
        return arguments.record.record(&mut place, None, message);
    }
    // Nothing would be at the head of the main branch, and questions about it would be easier to answer.
    if state.main_branch(application) == Some(branch) {
        return Err(Failure::asked_wrongly(format!("{branch} is the main branch of {application}")).hint(
            format!(
                "`pactwright create-or-update-pacticipant --name {application} --main-branch NAME{}` names another",
                place.flag
            ),
        ));
    }
    let deleted = BranchDeleted { application: application.clone(), branch: branch.clone() };
    let message = format!("{application} has no branch {branch} any more; its versions stay");
    arguments.record.record(&mut place, Some(What::BranchDeleted(deleted)), message)
}

fn check(state: &State, application: &Application, branch: &Branch) -> Result<(), Failure> {
    environments::known_application(state, application)?;
    if state.branches(application).any(|known| known == branch) {
        return Ok(());
    }
    let near = did_you_mean(branch.as_str(), state.branches(application).map(Branch::as_str));
    let failure = Failure::asked_wrongly(format!("{application} has no branch {branch}"));
    Err(near.into_iter().fold(failure, Failure::hint))
}
