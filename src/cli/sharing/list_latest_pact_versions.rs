//! `pactwright list-latest-pact-versions`: the newest contract of each pair.

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::columns::columns;
use super::place::StoreArguments;
use crate::cli::Failure;
use crate::contract::Digest;
use crate::fact::{Publication, State};
use crate::name::{Application, Version};
use crate::outcome::Answer;

/// List the newest contract of each consumer with each provider
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright list-latest-pact-versions
  pactwright list-latest-pact-versions -o json

Exit status:
  0  they were listed
  3  there are no contracts, or the store could not be read")]
pub(crate) struct ListLatestPactVersions {
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

/// A contract of a version.
#[derive(Debug, Serialize)]
pub(super) struct Listed<'a> {
    pub(super) consumer: &'a Application,
    pub(super) consumer_version: &'a Version,
    pub(super) provider: &'a Application,
    pub(super) content: Digest,
    published_at: String,
}

/// Runs the command.
pub(crate) fn run(arguments: &ListLatestPactVersions) -> Result<Answer, Failure> {
    let place = arguments.store.open()?;
    let state = place.state()?;
    let mut listed = Vec::new();
    for consumer in state.applications() {
        let versions = state.versions(consumer);
        for provider in state.providers_of(consumer) {
            let all = versions.iter().rev();
            let mut contracts = all.map(|info| Listed::of(&state, (consumer, provider), &info.version));
            listed.extend(contracts.find(|contracts| !contracts.is_empty()));
        }
    }
    let listed: Vec<_> = listed.into_iter().flatten().collect();
    if listed.is_empty() {
        return Err(Failure::could_not_find_out("there are no contracts in this store")
            .hint(format!("`pactwright publish PACTS{}` publishes some", place.flag)));
    }
    arguments.answer.say(&listed, || text(&listed))?;
    Ok(Answer::Yes)
}

impl<'a> Listed<'a> {
    /// What a version of a consumer asks of a provider.
    pub(super) fn of(
        state: &'a State,
        (consumer, provider): (&'a Application, &'a Application),
        consumer_version: &'a Version,
    ) -> Vec<Self> {
        let contents = state.contents(consumer, consumer_version, provider).iter();
        let listed = |publication: &Publication| Self {
            consumer,
            consumer_version,
            provider,
            content: publication.content,
            published_at: publication.fact.moment(),
        };
        contents.map(listed).collect()
    }
}

/// Contracts as a table.
pub(super) fn text(listed: &[Listed<'_>]) -> String {
    let row = |one: &Listed<'_>| {
        [
            one.consumer.to_string(),
            one.consumer_version.to_string(),
            one.provider.to_string(),
            one.published_at.clone(),
            one.content.short(),
        ]
    };
    let rows: Vec<_> = listed.iter().map(row).collect();
    columns(["CONSUMER", "VERSION", "PROVIDER", "PUBLISHED", "CONTENT"], &rows)
}
