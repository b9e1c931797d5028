//! `pactwright verify --store`: the contracts come from a shared directory, and what came of them can go
//! back there.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Failure;
use super::drawn::Shared;
use super::sharing::{BuildArguments, Built, StoreArguments, branch_of_this_build};
use super::{environment, stdio};
use crate::contract::{Canonical, Contract, canonical, read};
use crate::fact::{
    ConsumerSelector, Judged, Judgement, Outcome, ProviderBuild, Selected, Verified, Wanted, What, select,
    work_in_progress,
};
use crate::name::{Application, Branch, Environment, Tag, Version};
use crate::outcome::{InteractionResult, Owner, Verdict};
use crate::source;
use crate::verification::{self, Gathered, Source};

/// Which contracts of a shared directory are verified, for which build of the provider.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sharing")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct SharedArguments {
    /// Verify what is shared in a directory; without selectors what is on main branches and what runs
    /// [default with any other option of these: `store` in pactwright.toml, or ./pacts]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) store: Option<String>,
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
    /// The latest versions that have a contract
    #[arg(long)]
    latest: bool,
    /// What is deployed or released, anywhere
    #[arg(long)]
    deployed_or_released: bool,
    /// What is deployed or released in an environment; may be repeated
    #[arg(long, value_name = "NAME")]
    environment: Vec<Environment>,
    /// A contract that this branch of the provider has never kept fails no run
    #[arg(long)]
    enable_pending: bool,
    /// Verify as well, as pending, what is new on any branch since a day: 2026-01-31
    #[arg(long, value_name = "DATE")]
    include_wip_pacts_since: Option<Date>,
    /// Record in the store what came of each interaction
    #[arg(long)]
    publish: bool,
    /// Replay what this version of the provider has already kept as well
    #[arg(long)]
    force: bool,
    /// The version of the provider [default: the commit, from the CI system or git]
    #[arg(long, value_name = "VERSION", alias = "provider-version")]
    provider_app_version: Option<Version>,
    /// The branch of the provider [default: from the CI system or git]
    #[arg(long, value_name = "NAME", alias = "branch")]
    provider_branch: Option<Branch>,
    /// A tag on the version of the provider; may be repeated or separated by commas
    #[arg(long, value_name = "TAG", alias = "provider-tags", value_delimiter = ',')]
    provider_tag: Vec<Tag>,
    /// The address of the build [default: from the CI system]
    #[arg(long, value_name = "URL", requires = "publish")]
    build_url: Option<String>,
}

/// The contracts that were selected, and the store that they are from.
pub(crate) struct FromStore {
    shared: Shared,
    /// What is known of the provider's build; nothing when nothing is published.
    built: Option<Built>,
    chosen: Vec<Chosen>,
}

/// A contract that was selected.
struct Chosen {
    selected: Selected,
    contract: Arc<Contract>,
    content: Canonical,
}

impl SharedArguments {
    /// Reads what is selected; `None` when nothing shared is asked for.
    ///
    /// # Errors
    /// Asked wrongly, when it is not known which build of the provider it is; could not find out, when the store
    /// cannot be read or nothing is selected.
    pub(crate) fn read(
        &self,
        provider: Option<&str>,
        names_files: bool,
    ) -> Result<Option<(FromStore, Gathered)>, Failure> {
        if !self.is_asked() {
            return Ok(None);
        }
        if names_files {
            return Err(Failure::asked_wrongly("files are named, and what is shared is asked for as well")
                .hint("leave the files out, or publish them first: pactwright publish"));
        }
        let given = self.store.clone().or_else(|| environment::variable("PACTWRIGHT_STORE"));
        let shared = Shared::open(&StoreArguments::given(given), provider.map(str::to_owned).as_ref())?;
        let built = if self.publish { Some(self.built()?) } else { None };
        let branch = match &built {
            Some(built) => built.branch.clone(),
            None => self.provider_branch.clone().or_else(branch_of_this_build),
        };
        let verifier =
            ProviderBuild { application: shared.provider.clone(), branch, tags: self.provider_tag.clone() };
        let selectors = self.selectors();
        if verifier.branch.is_none() && selectors.iter().any(|one| one.wanted == Wanted::MatchingBranch) {
            return Err(Failure::asked_wrongly("it is not known which branch the provider is built from")
                .hint("--provider-branch names it"));
        }
        let mut selected = select(&shared.state, &verifier, &selectors);
        if let Some(since) = self.include_wip_pacts_since {
            let since = start_of(since)?;
            selected.extend(work_in_progress(&shared.state, &verifier, since, &selected));
        }
        if selected.is_empty() {
            return Err(shared.nothing(&selectors));
        }
        if let (Some(built), false) = (&built, self.force) {
            selected.retain(|one| !is_known(&shared, built, one));
        }
        let chosen =
            selected.into_iter().map(|one| Chosen::read(&shared, one)).collect::<Result<Vec<_>, _>>()?;
        let sources: Vec<_> = chosen.iter().map(|one| one.source(self.enable_pending)).collect();
        let pacts = sources.len();
        let gathered = Gathered { sources, findings: Vec::new(), pacts };
        Ok(Some((FromStore { shared, built, chosen }, gathered)))
    }

    /// Whether what is shared is meant, and not files.
    fn is_asked(&self) -> bool {
        let flags = [
            self.store.is_some(),
            self.publish,
            self.force,
            self.enable_pending,
            self.include_wip_pacts_since.is_some(),
            self.provider_app_version.is_some(),
            self.provider_branch.is_some(),
            !self.provider_tag.is_empty(),
        ];
        flags.contains(&true) || !self.selectors().is_empty()
    }

    fn built(&self) -> Result<Built, Failure> {
        let arguments = BuildArguments {
            branch: self.provider_branch.clone(),
            tag: self.provider_tag.clone(),
            build_url: self.build_url.clone(),
            ..BuildArguments::default()
        };
        arguments
            .built(self.provider_app_version.as_ref())
            .map_err(|failure| failure.hint("here it is --provider-app-version VERSION"))
    }

    /// What was asked for in JSON and in words.
    fn selectors(&self) -> Vec<ConsumerSelector> {
        let mut wanted = Vec::new();
        let flags = [
            (self.main_branch, Wanted::MainBranch),
            (self.matching_branch, Wanted::MatchingBranch),
            (self.latest, Wanted::Latest),
            (self.deployed_or_released, Wanted::Live(None)),
        ];
        wanted.extend(flags.into_iter().filter_map(|(is_wanted, what)| is_wanted.then_some(what)));
        wanted.extend(
            self.consumer_branch
                .iter()
                .map(|name| Wanted::Branch { name: name.clone(), fallback: self.fallback_branch.clone() }),
        );
        wanted.extend(
            self.consumer_version_tag
                .iter()
                .map(|tag| Wanted::LatestTagged { tag: tag.clone(), fallback: None }),
        );
        wanted.extend(self.environment.iter().map(|name| Wanted::Live(Some(name.clone()))));
        let written = self.consumer_version_selectors.iter().flatten().cloned();
        written.chain(wanted.into_iter().map(ConsumerSelector::all)).collect()
    }
}

impl Chosen {
    fn read(shared: &Shared, selected: Selected) -> Result<Self, Failure> {
        let name = format!("{}: {} {}", shared.place.address, selected.consumer, selected.version);
        let reading = read(&name, shared.place.content(selected.content)?.into_bytes());
        let contract = reading.contract.ok_or_else(|| {
            Failure::could_not_find_out(format!("the contract of {name} can no longer be read"))
        })?;
        let content = canonical(&contract);
        Ok(Self { selected, contract: contract.into(), content })
    }

    /// The contract with why it is verified, which is said at once.
    fn source(&self, pending_counts: bool) -> Source {
        let Selected { consumer, version, reasons, pending, wip, .. } = &self.selected;
        let pending = *wip || (pending_counts && *pending);
        let mut why = reasons.clone();
        if pending {
            why.push("pending, because this provider has never kept it: a failure fails no run".to_owned());
        }
        stdio::note(&format!("{consumer} {}", why.join("; ")));
        let (contract, consumer_version) = (Arc::clone(&self.contract), Some(version.to_string()));
        Source { contract, consumer_version, pending, why }
    }

    /// What came of the interactions that were looked at.
    fn judged(&self, outcome: &verification::Outcome) -> Vec<Judged> {
        let of_this =
            outcome.results().filter(|(_, entry)| Arc::ptr_eq(&entry.source.contract, &self.contract));
        let judged = of_this.filter_map(|(result, entry)| {
            let interaction = self.content.interactions.get(entry.position)?;
            let is_marked = self.contract.interactions.get(entry.position).is_some_and(|one| one.pending);
            Some(Judged {
                interaction: interaction.digest,
                description: result.description.clone(),
                states: result.states.iter().map(|state| state.name.clone()).collect(),
                verdict: judgement(result, is_marked)?,
                taken_from: None,
                findings: result.findings.clone(),
            })
        });
        judged.collect()
    }
}

impl FromStore {
    /// Whom to call, as it is written and recorded in the store.
    ///
    /// # Errors
    /// When `owners.toml` cannot be read.
    pub(crate) fn owners(&self, root: &Path) -> Result<BTreeMap<String, Owner>, source::OwnersError> {
        let address = std::slice::from_ref(&self.shared.place.address);
        Ok(self.shared.owners(source::owners(address, root)?))
    }

    /// Records what came of the run, one fact for each contract, when that was asked for.
    ///
    /// # Errors
    /// Could not find out, when something cannot be recorded.
    pub(crate) fn publish(&mut self, outcome: &verification::Outcome) -> Result<(), Failure> {
        let Some(built) = self.built.clone() else { return Ok(()) };
        for chosen in &self.chosen {
            let (one, interactions) = (&chosen.selected, chosen.judged(outcome));
            if interactions.is_empty() {
                continue;
            }
            let complete = interactions.len() == chosen.content.interactions.len();
            let verified = Verified {
                provider: self.shared.provider.clone(),
                version: built.version.clone(),
                branch: built.branch.clone(),
                tags: built.tags.clone(),
                consumer: one.consumer.clone(),
                content: one.content,
                outcome: Outcome::of(complete, &interactions),
                complete,
                dirty: built.dirty,
                wip: one.wip,
                build_url: built.build_url.clone(),
                commit: built.commit.clone(),
                interactions,
            };
            let said = said(&self.shared.provider, one, &verified);
            self.shared.place.record(What::Verified(verified))?;
            stdio::note(&said);
        }
        Ok(())
    }
}

/// Whether this very version has kept a contract before, which is said.
fn is_known(shared: &Shared, built: &Built, one: &Selected) -> bool {
    let results = shared.state.results((&one.consumer, &shared.provider), one.content);
    let mut of_this = results.into_iter().filter(|(version, _)| **version == built.version);
    let Some((version, kept)) = of_this.next_back().filter(|(_, result)| result.has_passed()) else {
        return false;
    };
    if built.dirty {
        return false;
    }
    let (consumer, provider, at) = (&one.consumer, &shared.provider, kept.fact.at());
    let said = format!("{consumer} {} is already verified by {provider} {version}, at {at:.0}", one.version);
    stdio::note(&format!("{said}; --force replays it"));
    true
}

/// The verdict as it is recorded; what was left out has none. Only what the consumer itself has marked is pending
/// for everybody: what is pending for this build alone does not hold, or could not be found out.
fn judgement(result: &InteractionResult, is_marked: bool) -> Option<Judgement> {
    match result.verdict {
        Verdict::Passed => Some(Judgement::Passed),
        Verdict::Failed => Some(Judgement::Failed),
        Verdict::Pending if is_marked => Some(Judgement::Pending),
        Verdict::Pending if result.response.is_some() => Some(Judgement::Failed),
        Verdict::Pending | Verdict::Error => Some(Judgement::Error),
        Verdict::Skipped => None,
    }
}

fn said(provider: &Application, one: &Selected, verified: &Verified) -> String {
    let outcome = match verified.outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::Unfinished => "unfinished, which is no pass",
    };
    let partial = if verified.complete { "" } else { " in part" };
    let dirty = if verified.dirty { "; the work tree has changes, so it never counts" } else { "" };
    let version = &verified.version;
    format!(
        "recorded: {provider} {version} has verified {} {}{partial}: {outcome}{dirty}",
        one.consumer, one.version
    )
}

fn start_of(day: Date) -> Result<Timestamp, Failure> {
    TimeZone::UTC
        .to_timestamp(day.at(0, 0, 0, 0))
        .map_err(|error| Failure::asked_wrongly(format!("{day} is no day")).because(&error))
}

fn selectors(text: &str) -> Result<Vec<ConsumerSelector>, String> {
    let selectors = ConsumerSelector::read(text).map_err(|error| error.to_string())?;
    if selectors.is_empty() { Err("the list of selectors is empty".to_owned()) } else { Ok(selectors) }
}
