//! All that follows from the facts of a store, and the questions that can be asked of it.
//!
//! It says what is known and passes no judgement. What it lists is in a stated order, so that equal
//! facts give equal answers in every format.

mod application;
mod environment;
mod fold;
mod pair;

use std::collections::BTreeMap;

use jiff::civil::Date;

use self::application::ApplicationState;
pub use self::application::VersionInfo;
use self::environment::EnvironmentState;
pub use self::environment::{Live, LiveAs};
pub(crate) use self::fold::Built;
pub(crate) use self::pair::{Asked, Found};
use self::pair::{Pair, PairId};
pub use self::pair::{Publication, Verification};
use super::deprecated::Deprecated;
use super::kinds::{About, EnvironmentDescription, Waived};
use super::{Fact, FactId};
use crate::contract::Digest;
use crate::name::{Application, Branch, Environment, Tag, Version};

/// What people have written down about applications beside the facts, in `owners.toml`.
pub type Owners = BTreeMap<Application, About>;

/// What is known, after all facts.
#[derive(Debug, Default)]
pub struct State {
    applications: BTreeMap<Application, ApplicationState>,
    /// By consumer, then by provider.
    pair_ids: BTreeMap<Application, BTreeMap<Application, PairId>>,
    pairs: Vec<Pair>,
    environments: BTreeMap<Environment, EnvironmentState>,
    waivers: BTreeMap<FactId, Waived>,
    deprecated: BTreeMap<FactId, Deprecated>,
    owners: Owners,
    newest: Option<FactId>,
}

impl State {
    /// Folds facts, in whatever order they come and however often one of them comes.
    #[must_use]
    pub fn of(mut facts: Vec<Fact>, owners: Owners) -> Self {
        facts.sort_by_key(|fact| fact.id);
        facts.dedup_by_key(|fact| fact.id);
        let mut state = Self::new(owners);
        state.extend(facts);
        state
    }

    /// What is known before the first fact.
    pub(crate) fn new(owners: Owners) -> Self {
        Self { owners, ..Self::default() }
    }

    /// Folds facts that come in the order of their ids, each once and after all that are known.
    pub(crate) fn extend(&mut self, facts: impl IntoIterator<Item = Fact>) {
        facts.into_iter().for_each(|fact| self.apply(fact));
    }

    /// The newest fact of all.
    #[must_use]
    pub fn newest(&self) -> Option<FactId> {
        self.newest
    }

    /// Every application that a fact names, by name.
    pub fn applications(&self) -> impl Iterator<Item = &Application> {
        self.applications.keys()
    }

    /// Whether a fact names the application.
    #[must_use]
    pub fn knows(&self, application: &Application) -> bool {
        self.applications.contains_key(application)
    }

    /// A version of an application.
    #[must_use]
    pub fn version(&self, application: &Application, version: &Version) -> Option<&VersionInfo> {
        self.applications.get(application)?.versions.get(version)
    }

    /// All versions, in the order in which they came to be known.
    #[must_use]
    pub fn versions(&self, application: &Application) -> Vec<&VersionInfo> {
        let known = self.applications.get(application);
        let mut versions: Vec<_> = known.iter().flat_map(|known| known.versions.values()).collect();
        versions.sort_by_key(|version| version.created);
        versions
    }

    /// The version that came to be known last.
    #[must_use]
    pub fn latest(&self, application: &Application) -> Option<&VersionInfo> {
        let known = self.applications.get(application)?;
        known.versions.get(known.latest.as_ref()?)
    }

    /// The branches, by name.
    pub fn branches(&self, application: &Application) -> impl Iterator<Item = &Branch> {
        self.applications.get(application).into_iter().flat_map(|known| known.branches.keys())
    }

    /// The version that was added to a branch last; adding it again does not count.
    #[must_use]
    pub fn branch_head(&self, application: &Application, branch: &Branch) -> Option<&VersionInfo> {
        let known = self.applications.get(application)?;
        known.versions.get(&known.branches.get(branch)?.head)
    }

    /// The first fact that added a version to a branch.
    #[must_use]
    pub fn branch_created(&self, application: &Application, branch: &Branch) -> Option<FactId> {
        Some(self.applications.get(application)?.branches.get(branch)?.created)
    }

    /// The versions on a branch, in their order.
    #[must_use]
    pub fn on_branch(&self, application: &Application, branch: &Branch) -> Vec<&VersionInfo> {
        let mut versions = self.versions(application);
        versions.retain(|version| version.branches.contains(branch));
        versions
    }

    /// The tags, by name.
    pub fn tags(&self, application: &Application) -> impl Iterator<Item = &Tag> {
        self.applications.get(application).into_iter().flat_map(|known| known.tags.keys())
    }

    /// The versions with a tag, in their order.
    #[must_use]
    pub fn tagged(&self, application: &Application, tag: &Tag) -> Vec<&VersionInfo> {
        let Some(known) = self.applications.get(application) else { return Vec::new() };
        let members = known.tags.get(tag).into_iter().flatten();
        let mut versions: Vec<_> = members.filter_map(|(version, _)| known.versions.get(version)).collect();
        versions.sort_by_key(|version| version.created);
        versions
    }

    /// The first fact that put a tag on any version that still has it.
    #[must_use]
    pub fn tag_created(&self, application: &Application, tag: &Tag) -> Option<FactId> {
        self.applications.get(application)?.tags.get(tag)?.values().min().copied()
    }

    /// The branch that an application is deployed from: what people say, or else the first of
    /// `develop`, `main` and `master` that was seen as a branch or tag.
    #[must_use]
    pub fn main_branch(&self, application: &Application) -> Option<&Branch> {
        let said = self.owners.get(application).and_then(|about| about.main_branch.as_ref());
        let known = self.applications.get(application);
        said.or_else(|| known?.about.main_branch.as_ref()).or_else(|| known?.likely_main.as_ref())
    }

    /// The head of the main branch.
    #[must_use]
    pub fn main_head(&self, application: &Application) -> Option<&VersionInfo> {
        self.branch_head(application, self.main_branch(application)?)
    }

    /// Whom to call and what else is known; `owners.toml` wins over facts.
    #[must_use]
    pub fn about(&self, application: &Application) -> About {
        let known = self.written_about(application).or(self.recorded_about(application));
        About { main_branch: self.main_branch(application).cloned(), ..known }
    }

    /// What `owners.toml` says.
    #[must_use]
    pub fn written_about(&self, application: &Application) -> About {
        self.owners.get(application).cloned().unwrap_or_default()
    }

    /// What facts say.
    #[must_use]
    pub fn recorded_about(&self, application: &Application) -> About {
        self.applications.get(application).map(|known| known.about.clone()).unwrap_or_default()
    }

    /// The providers that a consumer has ever had a contract with, by name.
    pub fn providers_of(&self, consumer: &Application) -> impl Iterator<Item = &Application> {
        self.pair_ids.get(consumer).into_iter().flat_map(BTreeMap::keys)
    }

    /// The consumers that have ever had a contract with a provider, by name.
    pub fn consumers_of(&self, provider: &Application) -> impl Iterator<Item = &Application> {
        let has_pact =
            |(_, providers): &(_, &BTreeMap<Application, PairId>)| providers.contains_key(provider);
        self.pair_ids.iter().filter(has_pact).map(|(consumer, _)| consumer)
    }

    /// What a version of a consumer asks of a provider. It is one content, unless several builds of
    /// one version have published without knowing of each other: then all of them count.
    #[must_use]
    pub fn contents(
        &self,
        consumer: &Application,
        version: &Version,
        provider: &Application,
    ) -> &[Publication] {
        self.known_pair(consumer, provider).map_or(&[], |pair| pair.contents(version))
    }

    /// The newest older version of a consumer that has published a contract, where this one has published none at
    /// all; nothing for a version that has, and for an application that never had.
    #[must_use]
    pub fn fell_silent(&self, application: &Application, version: &Version) -> Option<&VersionInfo> {
        self.providers_of(application).next()?;
        let has_contract = |info: &&VersionInfo| {
            let mut providers = self.providers_of(application);
            providers.any(|provider| !self.contents(application, &info.version, provider).is_empty())
        };
        let own = self.version(application, version).filter(|info| !has_contract(info))?;
        let versions = self.versions(application).into_iter();
        versions.filter(|info| info.created < own.created).rfind(has_contract)
    }

    /// The newest result that counts, of a provider version on a content: what was found out about another commit
    /// says nothing about what the version is built from now.
    #[must_use]
    pub fn result(
        &self,
        (consumer, provider): (&Application, &Application),
        content: Digest,
        version: &Version,
    ) -> Option<&Verification> {
        let results = self.known_pair(consumer, provider)?.results().get(&content)?.get(version)?;
        let info = self.version(provider, version);
        let is_about = |fact| info.is_none_or(|info| info.is_about(fact));
        results.iter().rev().find(|result| result.counts() && is_about(result.fact))
    }

    /// Everything that a provider version has ever found out about a content, oldest first.
    #[must_use]
    pub fn attempts(
        &self,
        (consumer, provider): (&Application, &Application),
        content: Digest,
        version: &Version,
    ) -> &[Verification] {
        let pair = self.known_pair(consumer, provider);
        pair.and_then(|pair| pair.results().get(&content)?.get(version)).map_or(&[], Vec::as_slice)
    }

    /// Everything that was ever found out about a content, with the provider version, oldest first.
    #[must_use]
    pub fn results(
        &self,
        (consumer, provider): (&Application, &Application),
        content: Digest,
    ) -> Vec<(&Version, &Verification)> {
        let by_version = self.known_pair(consumer, provider).and_then(|pair| pair.results().get(&content));
        let all = by_version.into_iter().flatten();
        let mut results: Vec<_> =
            all.flat_map(|(version, list)| list.iter().map(move |result| (version, result))).collect();
        results.sort_by_key(|(_, result)| result.fact);
        results
    }

    /// Whether all that is known of a version are verifications of changes that no commit holds.
    #[must_use]
    pub fn was_only_tried(&self, provider: &Application, version: &Version) -> bool {
        let was_tried = |consumer| !self.found_by((consumer, provider), version).is_empty();
        self.version(provider, version).is_none() && self.consumers_of(provider).any(was_tried)
    }

    /// Everything that a provider version has ever found out about any content of a consumer, oldest first.
    #[must_use]
    pub fn found_by(
        &self,
        (consumer, provider): (&Application, &Application),
        version: &Version,
    ) -> Vec<&Verification> {
        let by_content =
            self.known_pair(consumer, provider).into_iter().flat_map(|pair| pair.results().values());
        let mut found: Vec<_> = by_content.filter_map(|results| results.get(version)).flatten().collect();
        found.sort_by_key(|result| result.fact);
        found
    }

    /// The environments that were created and not removed, by name.
    pub fn environments(&self) -> impl Iterator<Item = &EnvironmentDescription> {
        self.environments.values().filter_map(|environment| environment.description.as_ref())
    }

    /// An environment, when it was created and not removed.
    #[must_use]
    pub fn environment(&self, name: &Environment) -> Option<&EnvironmentDescription> {
        self.environments.get(name)?.description.as_ref()
    }

    /// What runs in an environment, deployed or released, by application and then by time.
    #[must_use]
    pub fn live_in(&self, environment: &Environment) -> Vec<&Live> {
        self.environments.get(environment).map_or_else(Vec::new, EnvironmentState::live)
    }

    /// What runs in any environment, also in one that nobody has created.
    #[must_use]
    pub fn everything_live(&self) -> Vec<&Live> {
        self.environments.values().flat_map(EnvironmentState::live).collect()
    }

    /// The versions of an application that run in an environment, the one that came first first.
    #[must_use]
    pub fn live(&self, application: &Application, environment: &Environment) -> Vec<&Live> {
        let mut live = self.live_in(environment);
        live.retain(|live| live.application == *application);
        live
    }

    /// The waivers that were not taken back, oldest first; whether one still holds depends on the day.
    pub fn waivers(&self) -> impl Iterator<Item = (FactId, &Waived)> {
        self.waivers.iter().map(|(id, waived)| (*id, waived))
    }

    /// The waiver that holds on a day for two versions that meet, and longest of several.
    #[must_use]
    pub fn waiver(
        &self,
        today: Date,
        consumer: (&Application, Option<&Version>),
        provider: (&Application, Option<&Version>),
    ) -> Option<(FactId, &Waived)> {
        let holding = self.waivers().filter(|(_, waived)| waived.holds(today, consumer, provider));
        holding.max_by_key(|(_, waived)| waived.expires)
    }

    /// What providers mean to take away, as long as nobody has said that it is gone or stays; oldest first.
    pub fn deprecated(&self) -> impl Iterator<Item = (FactId, &Deprecated)> {
        self.deprecated.iter().map(|(id, deprecated)| (*id, deprecated))
    }

    fn known_pair(&self, consumer: &Application, provider: &Application) -> Option<&Pair> {
        let PairId(pair) = *self.pair_ids.get(consumer)?.get(provider)?;
        self.pairs.get(pair)
    }
}

impl About {
    /// This, completed by what `other` knows.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            display_name: self.display_name.or(other.display_name),
            team: self.team.or(other.team),
            contact: self.contact.or(other.contact),
            repository: self.repository.or(other.repository),
            main_branch: self.main_branch.or(other.main_branch),
        }
    }
}
