//! The commands that share: they read and append facts in the store that `--store` names.
//!
//! Names and flags are those of the Pact Broker's command line where it has them. Each command is one
//! file; this one lists and dispatches them.

mod answer;
mod asking;
mod built;
mod can_i_deploy;
mod can_i_merge;
mod columns;
mod create_environment;
mod environments;
mod fsck;
mod list_environments;
mod matrix;
mod place;
mod prune;
mod publish;
mod record_deployment;
mod record_release;
mod record_support_ended;
mod record_undeployment;
mod recording;
mod selectors;
mod status;

use clap::Subcommand;

pub(crate) use self::environments::known_version;
pub(crate) use self::place::{Place, StoreArguments};
use crate::cli::Failure;
use crate::outcome::Answer;

/// The commands that share.
#[derive(Debug, Subcommand)]
pub(crate) enum Sharing {
    Publish(Box<publish::Publish>),
    CanIDeploy(Box<can_i_deploy::CanIDeploy>),
    CanIMerge(Box<can_i_merge::CanIMerge>),
    Matrix(matrix::MatrixCommand),
    Status(status::StatusCommand),
    RecordDeployment(record_deployment::RecordDeployment),
    RecordUndeployment(record_undeployment::RecordUndeployment),
    RecordRelease(record_release::RecordRelease),
    RecordSupportEnded(record_support_ended::RecordSupportEnded),
    CreateEnvironment(create_environment::CreateEnvironment),
    ListEnvironments(list_environments::ListEnvironments),
    Prune(prune::Prune),
    Fsck(fsck::Fsck),
}

/// Runs one of them.
pub(crate) fn run(command: &Sharing) -> Result<Answer, Failure> {
    match command {
        Sharing::Publish(arguments) => publish::run(arguments),
        Sharing::CanIDeploy(arguments) => can_i_deploy::run(arguments),
        Sharing::CanIMerge(arguments) => can_i_merge::run(arguments),
        Sharing::Matrix(arguments) => matrix::run(arguments),
        Sharing::Status(arguments) => status::run(arguments),
        Sharing::RecordDeployment(arguments) => record_deployment::run(arguments),
        Sharing::RecordUndeployment(arguments) => record_undeployment::run(arguments),
        Sharing::RecordRelease(arguments) => record_release::run(arguments),
        Sharing::RecordSupportEnded(arguments) => record_support_ended::run(arguments),
        Sharing::CreateEnvironment(arguments) => create_environment::run(arguments),
        Sharing::ListEnvironments(arguments) => list_environments::run(arguments),
        Sharing::Prune(arguments) => prune::run(arguments),
        Sharing::Fsck(arguments) => fsck::run(arguments),
    }
}
