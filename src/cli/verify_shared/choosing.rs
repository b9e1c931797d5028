//! Which versions of the consumers are meant: in the Pact Broker's JSON, or in words.

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::cli::Failure;
use crate::cli::drawn::selectors;
use crate::fact::{ConsumerSelector, Wanted};
use crate::name::{Branch, Environment, Tag};

/// Which versions of the consumers are meant.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Sharing")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Choosing {
    /// These versions of consumers: the Pact Broker's selectors, as JSON; may be repeated
    #[arg(long, value_name = "JSON", alias = "consumer-version-selector", value_parser = selectors)]
    consumer_version_selectors: Vec<Vec<ConsumerSelector>>,
    /// The heads of the consumers' main branches
    #[arg(long)]
    main_branch: bool,
    /// The heads of the branches that are called like the provider's
    #[arg(long)]
    matching_branch: bool,
    /// The heads of a branch of the consumers; may be repeated
    #[arg(long, value_name = "NAME")]
    consumer_branch: Vec<Branch>,
    /// The branch to take where a --consumer-branch leads to no contract
    #[arg(long, value_name = "NAME", requires = "consumer_branch")]
    fallback_branch: Option<Branch>,
    /// The latest versions with a tag; may be repeated or separated by commas
    #[arg(long, value_name = "TAG", alias = "consumer-version-tags", value_delimiter = ',')]
    consumer_version_tag: Vec<Tag>,
    /// The tag to take where a --consumer-version-tag leads to no contract
    #[arg(long, value_name = "TAG", requires = "consumer_version_tag")]
    fallback_tag: Option<Tag>,
    /// The latest versions that have a contract
    #[arg(long)]
    latest: bool,
    /// What is deployed, anywhere
    #[arg(long)]
    deployed: bool,
    /// What is released and still supported, anywhere
    #[arg(long)]
    released: bool,
    /// What is deployed or released, anywhere
    #[arg(long)]
    deployed_or_released: bool,
    /// What is deployed or released in an environment; may be repeated
    #[arg(long, value_name = "NAME")]
    environment: Vec<Environment>,
}

impl Choosing {
    /// What was asked for in JSON and in words.
    pub(crate) fn selectors(&self) -> Vec<ConsumerSelector> {
        let flags = [
            (self.main_branch, Wanted::MainBranch),
            (self.matching_branch, Wanted::MatchingBranch),
            (self.latest, Wanted::Latest),
            (self.deployed, Wanted::Deployed(None)),
            (self.released, Wanted::Released(None)),
            (self.deployed_or_released, Wanted::Live(None)),
        ];
        let mut wanted: Vec<Wanted> =
            flags.into_iter().filter_map(|(is_wanted, what)| is_wanted.then_some(what)).collect();
        let fallback = &self.fallback_branch;
        let branch = |name: &Branch| Wanted::Branch { name: name.clone(), fallback: fallback.clone() };
        wanted.extend(self.consumer_branch.iter().map(branch));
        let fallback = &self.fallback_tag;
        let tagged = |tag: &Tag| Wanted::LatestTagged { tag: tag.clone(), fallback: fallback.clone() };
        wanted.extend(self.consumer_version_tag.iter().map(tagged));
        wanted.extend(self.environment.iter().map(|name| Wanted::Live(Some(name.clone()))));
        let written = self.consumer_version_selectors.iter().flatten().cloned();
        written.chain(wanted.into_iter().map(ConsumerSelector::all)).collect()
    }
}

/// When a day begins, in UTC.
pub(super) fn start_of(day: Date) -> Result<Timestamp, Failure> {
    TimeZone::UTC
        .to_timestamp(day.at(0, 0, 0, 0))
        .map_err(|error| Failure::asked_wrongly(format!("{day} is no day")).because(&error))
}
