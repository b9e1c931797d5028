//! `pactwright record-deployment`: a version has replaced what ran in an environment.

use clap::Args;

use super::recording::{InstanceArguments, RecordArguments, VersionInPlace};
use crate::cli::Failure;
use crate::fact::{Deployed, Live, LiveAs, State, What};
use crate::outcome::Answer;

/// Record that a version was deployed and has replaced what ran there
#[derive(Debug, Args)]
#[command(
    disable_version_flag = true,
    after_help = "\
Examples:
  pactwright record-deployment -a faq -e 2.0 --environment production
  pactwright record-deployment -a faq -e 2.0 --environment production --application-instance blue

It replaces the version that was deployed to the same instance; no instance is a place of its own.

Exit status:
  0  it is recorded, or was already
  2  there is no such environment
  3  nobody has ever seen this version (--create), or the store could not be read or written"
)]
pub(crate) struct RecordDeployment {
    #[command(flatten)]
    version: VersionInPlace,
    #[command(flatten)]
    instance: InstanceArguments,
    /// Record it although nobody has seen this version before
    #[arg(long)]
    create: bool,
    #[command(flatten)]
    record: RecordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &RecordDeployment) -> Result<Answer, Failure> {
    let mut place = arguments.record.store.open()?;
    let state = place.state()?;
    arguments.version.check(&state, &place, arguments.create)?;
    let VersionInPlace { application, version, environment } = &arguments.version;
    let instance = arguments.instance.named();
    let before = deployed(&state, arguments);
    let is_there = before.is_some_and(|live| live.version == *version);
    let where_to = match instance {
        Some(instance) => format!("{environment} ({instance})"),
        None => environment.to_string(),
    };
    let message = match before {
        Some(_) if is_there => format!("{application} {version} was already deployed to {where_to}"),
        Some(live) => {
            format!("{application} {version} is deployed to {where_to} in place of {}", live.version)
        }
        None => format!("{application} {version} is deployed to {where_to}"),
    };
    let deployed = Deployed {
        application: application.clone(),
        version: version.clone(),
        environment: environment.clone(),
        instance: instance.cloned(),
    };
    arguments.record.record(&mut place, (!is_there).then_some(What::Deployed(deployed)), message)
}

/// What is deployed to the same instance.
fn deployed<'a>(state: &'a State, arguments: &RecordDeployment) -> Option<&'a Live> {
    let there = state.live(&arguments.version.application, &arguments.version.environment);
    let how = LiveAs::Deployed(arguments.instance.named().cloned());
    there.into_iter().find(|live| live.how == how)
}
