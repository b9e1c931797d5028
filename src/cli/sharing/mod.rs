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
mod copying;
mod create_environment;
mod create_or_update_pacticipant;
mod create_or_update_version;
mod create_version_tag;
mod delete_branch;
mod delete_environment;
mod delete_version_tag;
mod deprecate;
mod deprecated;
mod describe_environment;
mod describe_pacticipant;
mod describe_version;
mod environments;
mod fsck;
mod get_pacts;
mod list_branches;
mod list_environments;
mod list_latest_pact_versions;
mod list_pacticipants;
mod list_versions;
mod matrix;
mod owed;
mod place;
mod prune;
mod publish;
mod record_deployment;
mod record_release;
mod record_support_ended;
mod record_undeployment;
mod recording;
mod running;
mod selectors;
mod status;
mod update_environment;
mod waive;
mod waived;

use clap::Subcommand;

pub(crate) use self::answer::Form;
pub(crate) use self::built::{BuildArguments, Built, branch_of_this_build};
pub(crate) use self::deprecated::{
    known as known_deprecations, shown as shown_deprecations, standings, uses,
};
pub(crate) use self::environments::{
    application, known as known_environment, known_application, known_version,
};
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
    UpdateEnvironment(update_environment::UpdateEnvironment),
    DescribeEnvironment(describe_environment::DescribeEnvironment),
    DeleteEnvironment(delete_environment::DeleteEnvironment),
    ListEnvironments(list_environments::ListEnvironments),
    CreateOrUpdatePacticipant(create_or_update_pacticipant::CreateOrUpdatePacticipant),
    DescribePacticipant(describe_pacticipant::DescribePacticipant),
    ListPacticipants(list_pacticipants::ListPacticipants),
    CreateOrUpdateVersion(create_or_update_version::CreateOrUpdateVersion),
    DescribeVersion(describe_version::DescribeVersion),
    ListVersions(list_versions::ListVersions),
    ListBranches(list_branches::ListBranches),
    DeleteBranch(delete_branch::DeleteBranch),
    CreateVersionTag(create_version_tag::CreateVersionTag),
    DeleteVersionTag(delete_version_tag::DeleteVersionTag),
    ListLatestPactVersions(list_latest_pact_versions::ListLatestPactVersions),
    GetPacts(get_pacts::GetPacts),
    Owed(owed::Owed),
    Waive(waive::Waive),
    EndWaiver(waive::EndWaiver),
    Deprecate(Box<deprecate::Deprecate>),
    EndDeprecation(deprecate::EndDeprecation),
    Export(copying::Export),
    Import(copying::Import),
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
        Sharing::UpdateEnvironment(arguments) => update_environment::run(arguments),
        Sharing::DescribeEnvironment(arguments) => describe_environment::run(arguments),
        Sharing::DeleteEnvironment(arguments) => delete_environment::run(arguments),
        Sharing::ListEnvironments(arguments) => list_environments::run(arguments),
        Sharing::CreateOrUpdatePacticipant(arguments) => create_or_update_pacticipant::run(arguments),
        Sharing::DescribePacticipant(arguments) => describe_pacticipant::run(arguments),
        Sharing::ListPacticipants(arguments) => list_pacticipants::run(arguments),
        Sharing::CreateOrUpdateVersion(arguments) => create_or_update_version::run(arguments),
        Sharing::DescribeVersion(arguments) => describe_version::run(arguments),
        Sharing::ListVersions(arguments) => list_versions::run(arguments),
        Sharing::ListBranches(arguments) => list_branches::run(arguments),
        Sharing::DeleteBranch(arguments) => delete_branch::run(arguments),
        Sharing::CreateVersionTag(arguments) => create_version_tag::run(arguments),
        Sharing::DeleteVersionTag(arguments) => delete_version_tag::run(arguments),
        Sharing::ListLatestPactVersions(arguments) => list_latest_pact_versions::run(arguments),
        Sharing::GetPacts(arguments) => get_pacts::run(arguments),
        Sharing::Owed(arguments) => owed::run(arguments),
        Sharing::Waive(arguments) => waive::waive(arguments),
        Sharing::EndWaiver(arguments) => waive::end(arguments),
        Sharing::Deprecate(arguments) => deprecate::deprecate(arguments),
        Sharing::EndDeprecation(arguments) => deprecate::end(arguments),
        Sharing::Export(arguments) => copying::export(arguments),
        Sharing::Import(arguments) => copying::import(arguments),
        Sharing::Prune(arguments) => prune::run(arguments),
        Sharing::Fsck(arguments) => fsck::run(arguments),
    }
}
