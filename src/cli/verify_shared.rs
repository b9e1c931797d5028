//! `pactwright verify --store`: the contracts come from a shared directory, and what came of them can go
//! back there.

mod choosing;

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;
use jiff::civil::Date;

pub(crate) use self::choosing::Choosing;
use super::drawn::Shared;
use super::settings::{File, Settings};
use super::sharing::{
    BuildArguments, Built, StoreArguments, application, branch_of_this_build, known_deprecations,
    known_environment, uses,
};
use super::{Failure, clock, environment, stdio};
use crate::contract::Digest;
use crate::fact::{Outcome, ProviderBuild, Verified, What};
use crate::name::{Branch, Tag, Version};
use crate::outcome::Owner;
use crate::source::OwnersError;
use crate::verification::shared::{self, Build, Opened, Unanswerable, Wish};
use crate::verification::{self, Subject};

/// Which contracts of a shared directory are verified, for which build of the provider.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sharing")]
pub(crate) struct SharedArguments {
    /// Verify what is shared in a directory; without selectors what is on main branches and what runs
    /// [env: PACTWRIGHT_STORE] [default with any other option of these: `store` in pactwright.toml, or ./pacts]
    #[arg(long, value_name = "ADDRESS")]
    store: Option<String>,
    #[command(flatten)]
    choosing: Choosing,
    /// Just the contract with this content, as `pactwright owed` names it; may be repeated
    #[arg(long, value_name = "DIGEST", conflicts_with = "include_wip_pacts_since")]
    content: Vec<Digest>,
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

/// What else decides about the contracts of a shared directory.
pub(crate) struct Besides<'a> {
    /// The provider, when it is named.
    pub(crate) provider: Option<&'a str>,
    /// Only these consumers; none for all.
    pub(crate) consumers: &'a [String],
    /// Whether only some of the interactions are asked for.
    pub(crate) in_part: bool,
    /// Whether also what was verified before has to be replayed.
    pub(crate) everything: bool,
    /// Whether pacts are named, so that the environment and the file mean no store.
    pub(crate) names_files: bool,
}

/// The contracts that were chosen, and the store that they are from.
pub(crate) struct FromStore {
    shared: Shared,
    /// The build whose results are recorded; nothing when nothing is.
    publishes_for: Option<Build>,
    opened: Vec<Opened>,
}

impl SharedArguments {
    /// Reads what is chosen; `None` when the contracts do not come from a store.
    ///
    /// # Errors
    /// Asked wrongly, when it is not known which build of the provider it is; could not find out, when the store
    /// cannot be read. That nothing is chosen is a finding.
    pub(crate) fn read(
        &self,
        (settings, file): (&Settings, &File),
        besides: &Besides<'_>,
    ) -> Result<Option<(FromStore, Subject)>, Failure> {
        if !self.is_meant(settings, file, besides.names_files)? {
            return Ok(None);
        }
        let address = self.store.clone().or_else(|| environment::variable("PACTWRIGHT_STORE"));
        let shared = Shared::open(&StoreArguments::given(address), besides.provider)?;
        let built = self.built(&shared)?;
        let wish = self.wish(settings, besides, (&shared, built.as_ref()))?;
        let read = shared.place.read(|store, address| shared::read(store, &shared.state, &wish, address))?;
        tell_outgoing(&shared, &read.opened)?;
        let publishes_for = built.filter(|_| self.publish).map(|built| Build {
            provider: wish.provider,
            version: built.version,
            dirty: built.dirty,
            build_url: built.build_url,
            commit: built.commit,
        });
        Ok(Some((FromStore { shared, publishes_for, opened: read.opened }, read.subject)))
    }

    /// Whether what is shared is meant, and not files: something is asked that only a store knows, the
    /// environment names one, or the file names one and no pacts.
    fn is_meant(&self, settings: &Settings, file: &File, names_files: bool) -> Result<bool, Failure> {
        let flags = [
            self.store.is_some(),
            self.publish,
            self.force,
            self.enable_pending,
            self.include_wip_pacts_since.is_some(),
            self.provider_app_version.is_some(),
            self.provider_branch.is_some(),
            !self.provider_tag.is_empty(),
            !self.content.is_empty(),
            !self.choosing.selectors().is_empty(),
        ];
        let is_asked = flags.contains(&true);
        if is_asked && names_files {
            return Err(Failure::asked_wrongly("files are named, and what is shared is asked for as well")
                .hint("leave the files out, or publish them first: pactwright publish"));
        }
        let is_configured = environment::variable("PACTWRIGHT_STORE").is_some()
            || !settings.consumer_version_selectors.is_empty()
            || (file.store.is_some() && file.pacts.is_empty());
        Ok(is_asked || (is_configured && !names_files))
    }

    /// Refuses to publish a run that a specification has a say in.
    ///
    /// # Errors
    /// Asked wrongly, when it is to be published.
    pub(crate) fn publish_no_specification(&self) -> Result<(), Failure> {
        if !self.publish {
            return Ok(());
        }
        let why = "what is published says whether the contracts hold, and a specification has no say in that";
        Err(Failure::asked_wrongly(format!("--openapi and --publish do not go together: {why}"))
            .hint("run `pactwright verify --openapi` for itself, or `pactwright check --openapi`"))
    }

    /// What is known of the build; nothing when its version is not, and nothing is published.
    fn built(&self, shared: &Shared) -> Result<Option<Built>, Failure> {
        let arguments = BuildArguments {
            branch: self.provider_branch.clone(),
            tag: self.provider_tag.clone(),
            build_url: self.build_url.clone(),
            ..BuildArguments::default()
        };
        let built =
            arguments.built_beside(self.provider_app_version.as_ref(), Path::new(&shared.place.address));
        match built {
            Ok(built) => Ok(Some(built)),
            Err(failure) if self.publish && self.provider_app_version.is_some() => Err(failure),
            Err(failure) if self.publish => Err(failure.hint("here it is --provider-app-version VERSION")),
            Err(_) => Ok(None),
        }
    }

    fn wish(
        &self,
        settings: &Settings,
        besides: &Besides<'_>,
        (shared, built): (&Shared, Option<&Built>),
    ) -> Result<Wish, Failure> {
        let branch = match built {
            Some(built) => built.branch.clone(),
            None => self.provider_branch.clone().or_else(branch_of_this_build),
        };
        let mut selectors = self.choosing.selectors();
        if selectors.is_empty() && self.content.is_empty() {
            selectors.clone_from(&settings.consumer_version_selectors);
        }
        let since = self.include_wip_pacts_since.or(settings.include_wip_pacts_since);
        let wish = Wish {
            provider: ProviderBuild {
                application: shared.provider.clone(),
                branch,
                tags: self.provider_tag.clone(),
            },
            version: built.map(|built| built.version.clone()),
            commit: built.and_then(|built| built.commit.clone()),
            dirty: built.is_some_and(|built| built.dirty),
            selectors,
            consumers: besides.consumers.iter().map(|name| application(name)).collect::<Result<_, _>>()?,
            contents: self.content.clone(),
            new_since: since.filter(|_| self.content.is_empty()).map(choosing::start_of).transpose()?,
            today: clock::today(),
            enable_pending: self.enable_pending || settings.enable_pending == Some(true),
            force: self.force || besides.everything,
            in_part: besides.in_part,
        };
        match wish.check(&shared.state) {
            Ok(()) => Ok(wish),
            Err(Unanswerable::NoEnvironment(name)) => {
                known_environment(&shared.state, &name, &shared.place.flag).map(|_| wish)
            }
            Err(error @ Unanswerable::NoBranch) => {
                Err(Failure::asked_wrongly(error.to_string()).hint("--provider-branch names it"))
            }
        }
    }
}

/// Whoever verifies a contract is told what it uses of what is to go; it changes no verdict.
fn tell_outgoing(shared: &Shared, opened: &[Opened]) -> Result<(), Failure> {
    let known = known_deprecations(&shared.state, Some(&shared.provider))?;
    for Opened { selected, source } in opened {
        let who = format!("{} {}", selected.consumer, selected.version);
        for text in uses(&known, &source.contract, &who, clock::today()) {
            stdio::note(&text);
        }
    }
    Ok(())
}

impl FromStore {
    /// The directory of the store.
    pub(crate) fn address(&self) -> &Path {
        Path::new(&self.shared.place.address)
    }

    /// Whom to call, as it is written and recorded in the store.
    ///
    /// # Errors
    /// When `owners.toml` cannot be read.
    pub(crate) fn owners(&self, root: &Path) -> Result<BTreeMap<String, Owner>, OwnersError> {
        self.shared.owners(root)
    }

    /// Records what came of the run, one fact for each contract, when that was asked for, and adds what is to be
    /// said about it to `recorded`.
    ///
    /// # Errors
    /// Could not find out, when something cannot be recorded.
    pub(crate) fn publish(
        &mut self,
        outcome: &verification::Outcome,
        recorded: &mut Vec<String>,
    ) -> Result<(), Failure> {
        let Some(build) = self.publishes_for.clone() else { return Ok(()) };
        for what in shared::to_record(outcome, &self.opened, &build, &self.shared.state) {
            let said = match &what {
                What::Verified(verified) => Some(self.said(verified)),
                _ => None,
            };
            self.shared.place.record(what)?;
            recorded.extend(said);
        }
        Ok(())
    }

    fn said(&self, verified: &Verified) -> String {
        let outcome = match verified.outcome {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Unfinished => "unfinished, which is no pass",
        };
        let partial = if verified.complete { "" } else { " in part" };
        let dirty = if verified.dirty {
            "; the work tree has changes that no commit holds, so it never counts"
        } else {
            ""
        };
        let is_it = |one: &&Opened| one.selected.content == verified.content;
        let number = self.opened.iter().find(is_it).map(|one| one.selected.version.to_string());
        let Verified { provider, version, consumer, .. } = verified;
        format!(
            "recorded: {provider} {version} has verified {consumer} {}{partial}: {outcome}{dirty}",
            number.unwrap_or_default()
        )
    }
}
