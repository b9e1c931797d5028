//! `pactwright record-undeployment`: an application runs no more in an environment.

use clap::Args;

use super::environments;
use super::recording::{InstanceArguments, RecordArguments};
use crate::cli::Failure;
use crate::fact::{Deployed, Live, LiveAs, What};
use crate::name::{Application, Environment};
use crate::outcome::Answer;

/// Record that an application runs no more in an environment
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright record-undeployment -a faq --environment production
  pactwright record-undeployment -a faq --environment production --application-instance blue

A deployment of another version needs none of this: it replaces what ran there.

Exit status:
  0  it is recorded
  2  there is no such environment, or nothing of the application is deployed there
  3  the store could not be read or written")]
pub(crate) struct RecordUndeployment {
    /// The application
    #[arg(short = 'a', long, alias = "pacticipant", value_name = "NAME")]
    application: Application,
    /// The environment
    #[arg(long, value_name = "NAME")]
    environment: Environment,
    #[command(flatten)]
    instance: InstanceArguments,
    #[command(flatten)]
    record: RecordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &RecordUndeployment) -> Result<Answer, Failure> {
    let mut place = arguments.record.store.open()?;
    let state = place.state()?;
    let RecordUndeployment { application, environment, instance, .. } = arguments;
    environments::known(&state, environment, &place.flag)?;
    let there = state.live(application, environment);
    let how = LiveAs::Deployed(instance.named().cloned());
    let Some(live) = there.iter().find(|live| live.how == how) else {
        return Err(nothing_there(arguments, &there));
    };
    let gone = Deployed {
        application: application.clone(),
        version: live.version.clone(),
        environment: environment.clone(),
        instance: instance.named().cloned(),
    };
    let message = format!("{application} {} is no longer deployed to {environment}", live.version);
    arguments.record.record(&mut place, Some(What::Undeployed(gone)), message)
}

fn nothing_there(arguments: &RecordUndeployment, there: &[&Live]) -> Failure {
    let RecordUndeployment { application, environment, instance, .. } = arguments;
    let wanted = instance.named().map(|instance| format!(" ({instance})")).unwrap_or_default();
    let failure = Failure::asked_wrongly(format!("{application} is not deployed to {environment}{wanted}"));
    there.iter().fold(failure, |failure, live| match &live.how {
        LiveAs::Deployed(Some(instance)) => {
            failure.hint(format!("{} is deployed there: --application-instance {instance}", live.version))
        }
        LiveAs::Deployed(None) => {
            failure.hint(format!("{} is deployed there without an instance", live.version))
        }
        LiveAs::Released => failure.hint(format!("{} is released there: record-support-ended", live.version)),
    })
}
