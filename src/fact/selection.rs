//! Which contracts a provider verifies, and why each of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::pending;
use super::selector::{ConsumerSelector, Wanted};
use super::state::{Live, LiveAs, Publication, State, VersionInfo};
use crate::contract::Digest;
use crate::name::{Application, Branch, Environment, Tag, Version};

/// The version of the provider that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderBuild {
    /// The provider.
    pub application: Application,
    /// The branch that it is built from.
    pub branch: Option<Branch>,
    /// Tags that its version is going to have.
    pub tags: Vec<Tag>,
}

/// A contract to verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// The consumer.
    pub consumer: Application,
    /// Its newest version that was selected and has this content.
    pub version: Version,
    /// All its versions that were selected and have this content.
    pub versions: BTreeSet<Version>,
    /// The content.
    pub content: Digest,
    /// Why it was selected: one reason for each version and selector, in the order of the selectors.
    pub reasons: Vec<String>,
    /// Whether no version of the provider that matters has ever kept it, so that a failure is no
    /// break.
    pub pending: bool,
    /// Whether it was selected only because it is new.
    pub wip: bool,
}

/// The contracts that selectors mean, or those that matter most when there are none: those at the head of
/// each consumer's main branch and those that run somewhere.
///
/// A content is verified once, whichever versions have it. The order is that of the consumers'
/// names and of their versions.
#[must_use]
pub fn select(state: &State, provider: &ProviderBuild, selectors: &[ConsumerSelector]) -> Vec<Selected> {
    Found::of(state, provider, selectors).finish()
}

/// These contents of the provider's contracts, whichever versions have them.
#[must_use]
pub fn selected_contents(state: &State, provider: &ProviderBuild, contents: &[Digest]) -> Vec<Selected> {
    let mut found = Found { state, provider, by_content: BTreeMap::new() };
    for consumer in state.consumers_of(&provider.application) {
        let versions = state.versions(consumer);
        for content in contents {
            let has_it = |publication: &Publication| publication.content == *content;
            let newest = versions.iter().rev().find(|info| {
                state.contents(consumer, &info.version, &provider.application).iter().any(has_it)
            });
            if let Some(newest) = newest {
                found.add(consumer, &newest.version, "asked for by its content", &has_it);
            }
        }
    }
    found.finish()
}

/// The versions that selectors mean, or those that matter most when there are none, each with one of its contents: a
/// content that several versions have is there once for each of them. In the order of the consumers'
/// names and of their versions.
#[must_use]
pub fn selected_versions<'a>(
    state: &'a State,
    provider: &'a ProviderBuild,
    selectors: &[ConsumerSelector],
) -> Vec<(&'a Application, &'a VersionInfo, Digest)> {
    let mut versions = Vec::new();
    for ((consumer, content), reasons) in Found::of(state, provider, selectors).by_content {
        let names: BTreeSet<_> = reasons.iter().map(|(version, _)| *version).collect();
        let infos = names.into_iter().filter_map(|version| state.version(consumer, version));
        versions.extend(infos.map(|info| (consumer, info, content)));
    }
    versions.sort_by_key(|(consumer, info, content)| {
        (consumer.as_str().to_lowercase(), *consumer, info.created, *content)
    });
    versions
}

/// The contracts that are new since a time and not among the `selected`: at the head of any branch or tag, and
/// kept by no version of the provider that matters.
#[must_use]
pub fn work_in_progress(
    state: &State,
    provider: &ProviderBuild,
    since: Timestamp,
    selected: &[Selected],
) -> Vec<Selected> {
    let mut found = Found { state, provider, by_content: BTreeMap::new() };
    for consumer in state.consumers_of(&provider.application) {
        let branches = state.branches(consumer);
        let heads = branches.filter_map(|name| {
            Some((state.branch_head(consumer, name)?, format!("new at the head of branch {name}")))
        });
        let tags = state.tags(consumer);
        let tagged =
            tags.filter_map(|tag| Some((state.tagged(consumer, tag).pop()?, format!("new with tag {tag}"))));
        for (head, reason) in heads.chain(tagged) {
            found.add(consumer, &head.version, &reason, &|publication| publication.fact.at() > since);
        }
    }
    let is_selected = |one: &Selected| selected.iter().any(|other| other.content == one.content);
    let mut new = found.finish();
    new.retain(|one| !is_selected(one) && pending::is_work_in_progress(state, provider, one));
    for one in &mut new {
        (one.pending, one.wip) = (true, true);
    }
    new
}

/// What was found so far.
struct Found<'a> {
    state: &'a State,
    provider: &'a ProviderBuild,
    /// The versions that have a content, and why each was selected.
    by_content: BTreeMap<(&'a Application, Digest), Vec<(&'a Version, String)>>,
}

impl<'a> Found<'a> {
    /// What selectors mean, or the defaults when there are none.
    fn of(state: &'a State, provider: &'a ProviderBuild, selectors: &[ConsumerSelector]) -> Self {
        let mut found = Self { state, provider, by_content: BTreeMap::new() };
        if selectors.is_empty() {
            found.defaults();
        }
        for selector in selectors {
            found.add_selected(selector);
        }
        found
    }

    /// Adds what a selector means, or else what its fallback means.
    fn add_selected(&mut self, selector: &ConsumerSelector) {
        let fallback = match &selector.wanted {
            Wanted::Branch { fallback: Some(name), .. } => {
                Some(Wanted::Branch { name: name.clone(), fallback: None })
            }
            Wanted::LatestTagged { fallback: Some(tag), .. } => {
                Some(Wanted::LatestTagged { tag: tag.clone(), fallback: None })
            }
            _ => None,
        };
        if self.add_all(selector, &selector.wanted, "") {
            return;
        }
        if let Some(fallback) = fallback {
            self.add_all(selector, &fallback, &format!(", for want of a {}", selector.wanted));
        }
    }

    /// Adds all contracts of the versions that are wanted, and says whether there were any.
    fn add_all(&mut self, selector: &ConsumerSelector, wanted: &Wanted, because: &str) -> bool {
        let mut has_any = false;
        for consumer in self.state.consumers_of(&self.provider.application) {
            if selector.consumer.as_ref().is_some_and(|only| only != consumer) {
                continue;
            }
            for (version, reason) in self.versions(consumer, wanted) {
                has_any |= self.add(consumer, version, &format!("{reason}{because}"), &|_| true);
            }
        }
        has_any
    }

    /// The head of the main branch, or what stands for it, and all that runs somewhere.
    fn defaults(&mut self) {
        for consumer in self.state.consumers_of(&self.provider.application) {
            let main = self.state.main_branch(consumer);
            let as_tag = || self.state.tagged(consumer, &Tag::new(main?.as_str()).ok()?).pop();
            let head = match self.state.main_head(consumer) {
                Some(head) => Some((&head.version, Wanted::MainBranch.to_string())),
                None => {
                    as_tag().map(|info| (&info.version, "latest with the tag of the main branch".to_owned()))
                }
            };
            let latest = || self.versions(consumer, &Wanted::Latest);
            let versions = head.map_or_else(latest, |head| vec![head]);
            let live = self.versions(consumer, &Wanted::Live(None));
            for (version, reason) in versions.into_iter().chain(live) {
                self.add(consumer, version, &reason, &|_| true);
            }
        }
    }

    /// The versions of a consumer that are wanted, each with the reason.
    fn versions(&self, consumer: &'a Application, wanted: &Wanted) -> Vec<(&'a Version, String)> {
        let state = self.state;
        let head = |branch: &Branch| state.branch_head(consumer, branch);
        let infos = match wanted {
            Wanted::MainBranch => state.main_head(consumer).into_iter().collect(),
            Wanted::MatchingBranch => self.provider.branch.as_ref().and_then(head).into_iter().collect(),
            Wanted::Branch { name, .. } => head(name).into_iter().collect(),
            Wanted::EveryBranch => {
                let heads = state.branches(consumer).filter_map(|name| Some((name, head(name)?)));
                return heads.map(|(name, head)| (&head.version, format!("head of branch {name}"))).collect();
            }
            Wanted::LatestTagged { tag, .. } => state.tagged(consumer, tag).pop().into_iter().collect(),
            Wanted::AllTagged(tag) => state.tagged(consumer, tag),
            Wanted::Latest => {
                let mut versions = state.versions(consumer);
                let provider = &self.provider.application;
                versions.retain(|info| !state.contents(consumer, &info.version, provider).is_empty());
                versions.pop().into_iter().collect()
            }
            Wanted::Deployed(environment) => return self.live(consumer, environment.as_ref(), is_deployed),
            Wanted::Released(environment) => return self.live(consumer, environment.as_ref(), is_released),
            Wanted::Live(environment) => return self.live(consumer, environment.as_ref(), |_| true),
        };
        infos.into_iter().map(|info| (&info.version, wanted.to_string())).collect()
    }

    fn live(
        &self,
        consumer: &Application,
        only: Option<&Environment>,
        is_wanted: impl Fn(&Live) -> bool,
    ) -> Vec<(&'a Version, String)> {
        let mut versions = Vec::new();
        for environment in self.state.environments().map(|environment| &environment.name) {
            if only.is_some_and(|only| only != environment) {
                continue;
            }
            for live in self.state.live(consumer, environment).into_iter().filter(|live| is_wanted(live)) {
                let how = if is_deployed(live) { "deployed" } else { "released" };
                versions.push((&live.version, format!("{how} in {environment}")));
            }
        }
        versions
    }

    /// Adds the contracts of a version, and says whether it had any.
    fn add(
        &mut self,
        consumer: &'a Application,
        version: &'a Version,
        reason: &str,
        is_wanted: &dyn Fn(&Publication) -> bool,
    ) -> bool {
        let contents = self.state.contents(consumer, version, &self.provider.application);
        let wanted: Vec<_> = contents.iter().filter(|publication| is_wanted(publication)).collect();
        for publication in &wanted {
            let reasons = self.by_content.entry((consumer, publication.content)).or_default();
            reasons.push((version, format!("{version}: {reason}")));
        }
        !wanted.is_empty()
    }

    /// One contract for each content, with the newest version that has it.
    fn finish(self) -> Vec<Selected> {
        let created = |consumer: &Application, version: &Version| {
            self.state.version(consumer, version).map(|info| info.created)
        };
        let mut selected = Vec::new();
        for ((consumer, content), reasons) in &self.by_content {
            let newest =
                reasons.iter().map(|(version, _)| *version).max_by_key(|version| created(consumer, version));
            let Some(version) = newest else { continue };
            let mut texts: Vec<String> = Vec::new();
            for (_, reason) in reasons {
                if !texts.contains(reason) {
                    texts.push(reason.clone());
                }
            }
            selected.push(Selected {
                consumer: (*consumer).clone(),
                version: version.clone(),
                versions: reasons.iter().map(|(version, _)| (*version).clone()).collect(),
                content: *content,
                reasons: texts,
                pending: pending::is_pending(self.state, self.provider, consumer, *content),
                wip: false,
            });
        }
        selected.sort_by_cached_key(|one| {
            (one.consumer.as_str().to_lowercase(), one.consumer.clone(), created(&one.consumer, &one.version))
        });
        selected
    }
}

fn is_deployed(live: &Live) -> bool {
    matches!(live.how, LiveAs::Deployed(_))
}

fn is_released(live: &Live) -> bool {
    live.how == LiveAs::Released
}
