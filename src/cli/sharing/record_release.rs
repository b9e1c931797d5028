//! `pactwright record-release`: a version can be had in an environment, beside others.

use clap::Args;

use super::recording::{RecordArguments, VersionInPlace};
use crate::cli::Failure;
use crate::fact::{LiveAs, Released, What};
use crate::outcome::Answer;

/// Record that a version was released, and is supported beside others until its support ends
#[derive(Debug, Args)]
#[command(
    disable_version_flag = true,
    after_help = "\
Examples:
  pactwright record-release -a support-app -e 3.1 --environment production

For what is installed by others: mobile applications, libraries. What replaces the version before is deployed.

Exit status:
  0  it is recorded, or was already
  2  there is no such environment
  3  nobody has ever seen this version (--create), or the store could not be read or written"
)]
pub(crate) struct RecordRelease {
    #[command(flatten)]
    version: VersionInPlace,
    /// Record it although nobody has seen this version before
    #[arg(long)]
    create: bool,
    #[command(flatten)]
    record: RecordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &RecordRelease) -> Result<Answer, Failure> {
    let mut place = arguments.record.store.open()?;
    let state = place.state()?;
    arguments.version.check(&state, &place, arguments.create)?;
    let VersionInPlace { application, version, environment } = &arguments.version;
    let there = state.live(application, environment);
    let is_there = there.iter().any(|live| live.how == LiveAs::Released && live.version == *version);
    let message = if is_there {
        format!("{application} {version} was already released to {environment}")
    } else {
        format!("{application} {version} is released to {environment}")
    };
    let released = Released {
        application: application.clone(),
        version: version.clone(),
        environment: environment.clone(),
    };
    arguments.record.record(&mut place, (!is_there).then_some(What::Released(released)), message)
}
