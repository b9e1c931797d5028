//! The commands that share: they read and append facts in the store that `--store` names.
//!
//! Names and flags are those of the Pact Broker's command line where it has them. Each command is one
//! file; this one lists and dispatches them.

mod answer;
mod create_environment;
mod environments;
mod list_environments;
mod place;
mod record_deployment;
mod record_release;
mod record_support_ended;
mod record_undeployment;
mod recording;

use clap::Subcommand;

use crate::cli::Failure;
use crate::outcome::Answer;

/// The commands that share.
#[derive(Debug, Subcommand)]
pub(crate) enum Sharing {
    RecordDeployment(record_deployment::RecordDeployment),
    RecordUndeployment(record_undeployment::RecordUndeployment),
    RecordRelease(record_release::RecordRelease),
    RecordSupportEnded(record_support_ended::RecordSupportEnded),
    CreateEnvironment(create_environment::CreateEnvironment),
    ListEnvironments(list_environments::ListEnvironments),
}

/// Runs one of them.
pub(crate) fn run(command: &Sharing) -> Result<Answer, Failure> {
    match command {
        Sharing::RecordDeployment(arguments) => record_deployment::run(arguments),
        Sharing::RecordUndeployment(arguments) => record_undeployment::run(arguments),
        Sharing::RecordRelease(arguments) => record_release::run(arguments),
        Sharing::RecordSupportEnded(arguments) => record_support_ended::run(arguments),
        Sharing::CreateEnvironment(arguments) => create_environment::run(arguments),
        Sharing::ListEnvironments(arguments) => list_environments::run(arguments),
    }
}
