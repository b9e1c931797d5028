//! `pactwright record-support-ended`: a released version is supported no more.

use clap::Args;

use super::recording::{RecordArguments, VersionInPlace};
use crate::cli::Failure;
use crate::fact::{LiveAs, Released, What};
use crate::outcome::Answer;

/// Record that a released version is no longer supported
#[derive(Debug, Args)]
#[command(
    disable_version_flag = true,
    after_help = "\
Examples:
  pactwright record-support-ended -a support-app -e 3.1 --environment production

Exit status:
  0  it is recorded
  2  there is no such environment, or the version is not released there
  3  the store could not be read or written"
)]
pub(crate) struct RecordSupportEnded {
    #[command(flatten)]
    version: VersionInPlace,
    #[command(flatten)]
    record: RecordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &RecordSupportEnded) -> Result<Answer, Failure> {
    let mut place = arguments.record.store.open()?;
    let state = place.state()?;
    // A version that is not released there is not known there either, whether it exists or not.
    arguments.version.check(&state, &place, true)?;
    let VersionInPlace { application, version, environment } = &arguments.version;
    let there = state.live(application, environment);
    let mut released = there.iter().filter(|live| live.how == LiveAs::Released);
    if !released.any(|live| live.version == *version) {
        let failure =
            Failure::asked_wrongly(format!("{application} {version} is not released to {environment}"));
        let released = there.iter().filter(|live| live.how == LiveAs::Released);
        return Err(released.fold(failure, |failure, live| failure.hint(format!("{} is", live.version))));
    }
    let ended = Released {
        application: application.clone(),
        version: version.clone(),
        environment: environment.clone(),
    };
    let message = format!("{application} {version} is no longer supported in {environment}");
    arguments.record.record(&mut place, Some(What::SupportEnded(ended)), message)
}
