//! `pactwright waive` and `pactwright end-waiver`: a team accepts a break, until a day.

use clap::Args;
use jiff::civil::Date;

use super::environments;
use super::place::Place;
use super::recording::RecordArguments;
use crate::cli::{Failure, clock};
use crate::fact::{State, Waived, WaiverEnded, What};
use crate::name::{Application, Line, Version};
use crate::outcome::Answer;

/// Accept, until a day, that a provider does not keep a consumer's contract
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright waive --consumer support --provider faq --expires 2027-01-31 \\
    --reason 'v1 is switched off for partners only' --owner 'Ada, #team-support'
  pactwright waive --consumer support --provider faq --provider-version 2.0 --expires 2027-01-31 \\
    --reason 'hotfix' --owner '#team-knowledge'

Every answer shows it as waived, and a break of it fails no verification of what is shared. On the day it
expires the break blocks again.

Exit status:
  0  it is recorded
  2  the day is over, or the consumer has no contract with the provider
  3  nobody has ever heard of one of them, or the store could not be read or written")]
pub(crate) struct Waive {
    #[command(flatten)]
    pair: Pair,
    /// Only for this version of the consumer
    #[arg(long, value_name = "VERSION")]
    consumer_version: Option<Version>,
    /// Only for this version of the provider
    #[arg(long, value_name = "VERSION")]
    provider_version: Option<Version>,
    /// Why it is acceptable
    #[arg(long, value_name = "TEXT")]
    reason: Line,
    /// Who answers for it
    #[arg(long, value_name = "TEXT")]
    owner: Line,
    /// The first day, in UTC, on which it no longer holds: 2027-01-31
    #[arg(long, value_name = "DATE")]
    expires: Date,
    #[command(flatten)]
    record: RecordArguments,
}

/// Take back every waiver between a consumer and a provider
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright end-waiver --consumer support --provider faq

Exit status:
  0  it is recorded
  2  there is no waiver that still holds
  3  nobody has ever heard of one of them, or the store could not be read or written")]
pub(crate) struct EndWaiver {
    #[command(flatten)]
    pair: Pair,
    #[command(flatten)]
    record: RecordArguments,
}

#[derive(Debug, Args)]
struct Pair {
    /// The consumer
    #[arg(long, value_name = "NAME")]
    consumer: Application,
    /// The provider
    #[arg(long, value_name = "NAME")]
    provider: Application,
}

/// Runs `waive`.
pub(crate) fn waive(arguments: &Waive) -> Result<Answer, Failure> {
    let Pair { consumer, provider } = &arguments.pair;
    let (mut place, state) = arguments.pair.known(&arguments.record)?;
    if !state.consumers_of(provider).any(|known| known == consumer) {
        return Err(Failure::asked_wrongly(format!("{consumer} has no contract with {provider}"))
            .hint("`pactwright matrix` lists who works with whom"));
    }
    for (name, version) in [(consumer, &arguments.consumer_version), (provider, &arguments.provider_version)]
    {
        if let Some(version) = version {
            environments::known_version(&state, name, version)?;
        }
    }
    let expires = arguments.expires;
    if expires <= clock::today() {
        return Err(Failure::asked_wrongly(format!("{expires} is no day to come"))
            .hint("--expires names the first day on which the waiver no longer holds"));
    }
    let waived = Waived {
        consumer: consumer.clone(),
        consumer_version: arguments.consumer_version.clone(),
        provider: provider.clone(),
        provider_version: arguments.provider_version.clone(),
        reason: arguments.reason.clone(),
        owner: arguments.owner.clone(),
        expires,
    };
    let only = |name: &Application, version: &Option<Version>| match version {
        Some(version) => format!("{name} {version}"),
        None => name.to_string(),
    };
    let message = format!(
        "until {expires} {} may break the contract of {}",
        only(provider, &arguments.provider_version),
        only(consumer, &arguments.consumer_version)
    );
    arguments.record.record(&mut place, Some(What::Waived(waived)), message)
}

/// Runs `end-waiver`.
pub(crate) fn end(arguments: &EndWaiver) -> Result<Answer, Failure> {
    let Pair { consumer, provider } = &arguments.pair;
    let (mut place, state) = arguments.pair.known(&arguments.record)?;
    let today = clock::today();
    let of_pair = state.waivers().filter(|(_, waived)| {
        waived.consumer == *consumer && waived.provider == *provider && today < waived.expires
    });
    let ended: Vec<_> = of_pair.map(|(waiver, _)| What::WaiverEnded(WaiverEnded { waiver })).collect();
    if ended.is_empty() {
        return Err(Failure::asked_wrongly(format!(
            "nothing between {consumer} and {provider} is waived today"
        )));
    }
    arguments.record.record(&mut place, ended, format!("a break of {consumer} by {provider} blocks again"))
}

impl Pair {
    fn known(&self, record: &RecordArguments) -> Result<(Place, State), Failure> {
        let place = record.store.open()?;
        let state = place.state()?;
        for name in [&self.consumer, &self.provider] {
            environments::known_application(&state, name)?;
        }
        Ok((place, state))
    }
}
