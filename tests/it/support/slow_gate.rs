//! The gate once more, as slow and as plain as can be: each question is answered by going through the
//! whole list of facts again. It shares no code with the real one.

use std::collections::BTreeSet;

use jiff::civil::Date;
use pactwright::contract::Digest;
use pactwright::fact::{Fact, Outcome, What};
use pactwright::gate::{Ignore, Selector, Target, Which};
use pactwright::name::{Application, Branch, Environment, Tag, Version};

/// The facts in the order of their ids.
pub(crate) struct SlowGate<'a> {
    pub(crate) facts: &'a [Fact],
    pub(crate) today: Date,
}

type Name = Application;

/// Nobody has heard of the target.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NobodyKnows;

impl SlowGate<'_> {
    /// What may be deployed.
    pub(crate) fn answer(
        &self,
        selectors: &[Selector],
        target: &Target,
        ignored: &[Ignore],
    ) -> Result<Option<bool>, NobodyKnows> {
        if !self.is_known(selectors, target) {
            return Err(NobodyKnows);
        }
        let asked: Vec<(Name, Vec<Version>)> = selectors
            .iter()
            .map(|selector| {
                (selector.application.clone(), self.which(&selector.application, &selector.which))
            })
            .collect();
        let is_ignored = |name: &Name, version: Option<&Version>| {
            ignored.iter().any(|ignore| {
                ignore.application == *name
                    && (ignore.version.is_none() || ignore.version.as_ref() == version)
            })
        };
        let is_missing = |selector: &&Selector| {
            let version = if let Which::Version(version) = &selector.which { Some(version) } else { None };
            self.which(&selector.application, &selector.which).is_empty()
                && !is_ignored(&selector.application, version)
        };
        if selectors.iter().any(|selector| is_missing(&selector))
            || asked.iter().all(|(_, versions)| versions.is_empty())
        {
            return Ok(Some(false));
        }
        let (mut has_unknown, mut has_failed) = (false, false);
        for consumer in self.names() {
            for provider in self.names() {
                for row in self.rows(&consumer, &provider, &asked, target) {
                    let (consumer_version, provider_version, verdict) = row;
                    let ignored = is_ignored(&consumer, Some(&consumer_version))
                        || is_ignored(&provider, provider_version.as_ref());
                    let sides = ((&consumer, &consumer_version), (&provider, provider_version.as_ref()));
                    if ignored || self.is_waived(sides.0, sides.1) {
                        continue;
                    }
                    has_unknown |= verdict.is_none();
                    has_failed |= verdict == Some(false);
                }
            }
        }
        let is_asked = |name: &Name| asked.iter().any(|(known, _)| known == name);
        let counts = |name: &Name, version: &Version| !is_ignored(name, Some(version));
        let mut is_silent = asked.iter().any(|(name, versions)| {
            let fell = |version: &&Version| self.before_silence(name, version).is_some();
            versions.iter().filter(fell).any(|version| counts(name, version))
        });
        for consumer in self.names().into_iter().filter(|name| !is_asked(name)) {
            for version in self.in_target(&consumer, target).unwrap_or_default() {
                let before = self.before_silence(&consumer, &version);
                let met = before.is_some_and(|before| {
                    let asks = |provider: &Name| !self.contents(&consumer, &before, provider).is_empty();
                    asked.iter().any(|(provider, versions)| !versions.is_empty() && asks(provider))
                });
                is_silent |= met && counts(&consumer, &version);
            }
        }
        Ok(if has_unknown || is_silent { None } else { Some(!has_failed) })
    }

    /// The last version before this one that has published anything, where this one has not.
    fn before_silence(&self, name: &Name, version: &Version) -> Option<Version> {
        let has_any = |version: &Version| {
            self.names().iter().any(|provider| !self.contents(name, version, provider).is_empty())
        };
        let before: Vec<Version> =
            self.versions(name).into_iter().take_while(|known| known != version).collect();
        if has_any(version) { None } else { before.into_iter().rfind(has_any) }
    }

    /// Consumer version, provider version and verdict of every pair of versions that matters.
    fn rows(
        &self,
        consumer: &Name,
        provider: &Name,
        asked: &[(Name, Vec<Version>)],
        target: &Target,
    ) -> Vec<(Version, Option<Version>, Option<bool>)> {
        let of =
            |name: &Name| asked.iter().find(|(known, _)| known == name).map(|(_, versions)| versions.clone());
        let (asked_consumer, asked_provider) = (of(consumer), of(provider));
        if asked_consumer.is_none() && asked_provider.is_none() {
            return Vec::new();
        }
        let is_required = asked_consumer.is_some();
        let provider_is_asked = asked_provider.is_some();
        let Some(consumers) = asked_consumer.or_else(|| self.in_target(consumer, target)) else {
            return Vec::new();
        };
        let Some(providers) = asked_provider.or_else(|| self.in_target(provider, target)) else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        for version in consumers {
            let contents = self.contents(consumer, &version, provider);
            if !contents.is_empty() && providers.is_empty() && is_required && !provider_is_asked {
                rows.push((version.clone(), None, None));
            }
            for content in contents {
                for other in &providers {
                    let verdict = self.result(consumer, provider, content, other);
                    rows.push((version.clone(), Some(other.clone()), verdict));
                }
            }
        }
        rows
    }

    fn is_known(&self, selectors: &[Selector], target: &Target) -> bool {
        let asked = selectors.iter().all(|selector| match &selector.which {
            Which::Environment(environment) => self.has_environment(environment),
            _ => true,
        });
        asked
            && match target {
                Target::Environment(environment) => self.has_environment(environment),
                Target::Tagged(tag) => self.names().iter().any(|name| !self.tagged(name, tag).is_empty()),
                Target::Branch(branch) => {
                    self.names().iter().any(|name| !self.on_branch(name, branch).is_empty())
                }
                Target::MainBranches | Target::Latest | Target::EachOther => true,
            }
    }

    fn has_environment(&self, wanted: &Environment) -> bool {
        let change = |fact: &Fact| match &fact.what {
            What::EnvironmentCreated(made) if made.name == *wanted => Some(true),
            What::EnvironmentRemoved(gone) if gone.name == *wanted => Some(false),
            _ => None,
        };
        self.facts.iter().rev().find_map(change).unwrap_or(false)
    }

    fn which(&self, name: &Name, which: &Which) -> Vec<Version> {
        match which {
            Which::Version(version) => {
                self.versions(name).into_iter().filter(|known| known == version).collect()
            }
            Which::Latest => self.versions(name).pop().into_iter().collect(),
            Which::Tagged(tag) => self.tag_head(name, tag).into_iter().collect(),
            Which::Branch(branch) => self.on_branch(name, branch).pop().into_iter().collect(),
            Which::MainBranch => self.main_head(name).into_iter().collect(),
            Which::Environment(environment) => self.live(name, environment),
        }
    }

    fn in_target(&self, name: &Name, target: &Target) -> Option<Vec<Version>> {
        match target {
            Target::Environment(environment) => Some(self.live(name, environment)),
            Target::Tagged(tag) => Some(self.tag_head(name, tag).into_iter().collect()),
            Target::Branch(branch) => Some(self.on_branch(name, branch).pop().into_iter().collect()),
            Target::MainBranches => Some(self.main_head(name).into_iter().collect()),
            Target::Latest => Some(self.versions(name).pop().into_iter().collect()),
            Target::EachOther => None,
        }
    }

    fn names(&self) -> BTreeSet<Name> {
        let mut names = BTreeSet::new();
        for fact in self.facts {
            names.extend(mentioned(fact).map(|(name, _, _, _)| name.clone()));
            if let What::Published(published) = &fact.what {
                names.insert(published.provider.clone());
            }
            if let What::Verified(verified) = &fact.what {
                names.extend([verified.consumer.clone(), verified.provider.clone()]);
            }
        }
        names
    }

    /// The versions in the order in which they were first mentioned.
    fn versions(&self, wanted: &Name) -> Vec<Version> {
        let mut versions = Vec::new();
        for (name, version, _, _) in self.facts.iter().filter_map(mentioned) {
            if name == wanted && !versions.contains(version) {
                versions.push(version.clone());
            }
        }
        versions
    }

    /// The versions on a branch in the order in which they were first added since it was last deleted.
    fn on_branch(&self, wanted: &Name, branch: &Branch) -> Vec<Version> {
        let mut versions: Vec<Version> = Vec::new();
        for fact in self.facts {
            match (&fact.what, mentioned(fact)) {
                (What::BranchDeleted(deleted), _)
                    if deleted.application == *wanted && deleted.branch == *branch =>
                {
                    versions.clear();
                }
                (_, Some((name, version, Some(on), _)))
                    if name == wanted && on == branch && !versions.contains(version) =>
                {
                    versions.push(version.clone());
                }
                _ => {}
            }
        }
        versions
    }

    fn main_head(&self, wanted: &Name) -> Option<Version> {
        let described = self.facts.iter().rev().find_map(|fact| match &fact.what {
            What::ApplicationDescribed(described) if described.application == *wanted => {
                described.about.main_branch.clone()
            }
            _ => None,
        });
        let likely = || {
            let seen = self.facts.iter().filter_map(mentioned).filter(|(name, ..)| *name == wanted).flat_map(
                |(_, _, branch, tags)| {
                    let branch = branch.map(|branch| branch.as_str().to_owned());
                    branch
                        .into_iter()
                        .chain(tags.iter().map(|tag| tag.as_str().to_owned()))
                        .collect::<Vec<_>>()
                },
            );
            let mut likely = seen.filter(|name| ["develop", "main", "master"].contains(&name.as_str()));
            likely.next().map(|name| name.parse().expect("a branch"))
        };
        self.on_branch(wanted, &described.or_else(likely)?).pop()
    }

    fn tagged(&self, wanted: &Name, tag: &Tag) -> BTreeSet<Version> {
        let mut versions = BTreeSet::new();
        for fact in self.facts {
            match (&fact.what, mentioned(fact)) {
                (What::Untagged(gone), _) if gone.application == *wanted && gone.tag == *tag => {
                    versions.remove(&gone.version);
                }
                (_, Some((name, version, _, tags))) if name == wanted && tags.contains(tag) => {
                    versions.insert(version.clone());
                }
                _ => {}
            }
        }
        versions
    }

    fn tag_head(&self, name: &Name, tag: &Tag) -> Option<Version> {
        let tagged = self.tagged(name, tag);
        self.versions(name).into_iter().rfind(|version| tagged.contains(version))
    }

    fn live(&self, wanted: &Name, place: &Environment) -> Vec<Version> {
        let mut deployed = Vec::new();
        let mut released = Vec::new();
        for fact in self.facts {
            match &fact.what {
                What::Deployed(here) if here.application == *wanted && here.environment == *place => {
                    deployed.retain(|(instance, _)| *instance != here.instance);
                    deployed.push((here.instance.clone(), here.version.clone()));
                }
                What::Undeployed(gone) if gone.application == *wanted && gone.environment == *place => {
                    deployed.retain(|known| *known != (gone.instance.clone(), gone.version.clone()));
                }
                What::Released(here) if here.application == *wanted && here.environment == *place => {
                    released.push(here.version.clone());
                }
                What::SupportEnded(gone) if gone.application == *wanted && gone.environment == *place => {
                    released.retain(|version| *version != gone.version);
                }
                What::EnvironmentRemoved(gone) if gone.name == *place => {
                    deployed.clear();
                    released.clear();
                }
                _ => {}
            }
        }
        let all: BTreeSet<Version> =
            deployed.into_iter().map(|(_, version)| version).chain(released).collect();
        all.into_iter().collect()
    }

    fn contents(&self, consumer: &Name, version: &Version, provider: &Name) -> Vec<Digest> {
        let (mut current, mut replaced): (Vec<Digest>, Vec<Digest>) = (Vec::new(), Vec::new());
        for fact in self.facts {
            let What::Published(published) = &fact.what else { continue };
            let is_it = published.consumer == *consumer
                && published.version == *version
                && published.provider == *provider;
            if is_it && !replaced.contains(&published.content) {
                replaced.extend(published.replaces.iter().filter(|digest| **digest != published.content));
                current.push(published.content);
                current.retain(|content| !replaced.contains(content));
            }
        }
        current.sort();
        current.dedup();
        current
    }

    fn result(&self, consumer: &Name, provider: &Name, content: Digest, version: &Version) -> Option<bool> {
        let of_this_commit = &self.facts[self.since_rebuilt(provider, version)..];
        of_this_commit.iter().rev().find_map(|fact| match &fact.what {
            What::Verified(verified)
                if verified.consumer == *consumer
                    && verified.provider == *provider
                    && verified.content == content
                    && verified.version == *version
                    && !verified.dirty =>
            {
                match verified.outcome {
                    Outcome::Passed => Some(true),
                    Outcome::Failed => Some(false),
                    Outcome::Unfinished => None,
                }
            }
            _ => None,
        })
    }

    /// The place of the first fact about the commit that a version is built from now.
    fn since_rebuilt(&self, name: &Name, version: &Version) -> usize {
        let (mut commit, mut since) = (None, 0);
        for (place, fact) in self.facts.iter().enumerate() {
            let built = match &fact.what {
                What::Published(made) if made.consumer == *name && made.version == *version => &made.commit,
                What::Verified(made) if made.provider == *name && made.version == *version && !made.dirty => {
                    &made.commit
                }
                _ => continue,
            };
            if built.is_some() {
                if commit.is_some_and(|known| known != built) {
                    since = place;
                }
                commit = Some(built);
            }
        }
        since
    }

    fn is_waived(&self, consumer: (&Name, &Version), provider: (&Name, Option<&Version>)) -> bool {
        let ended = |fact: &Fact| {
            self.facts
                .iter()
                .any(|other| matches!(&other.what, What::WaiverEnded(ended) if ended.waiver == fact.id))
        };
        // Nobody can accept for a provider that it is not there.
        provider.1.is_some()
            && self.facts.iter().any(|fact| match &fact.what {
                What::Waived(waived) => {
                    !ended(fact)
                        && self.today < waived.expires
                        && (&waived.consumer, &waived.provider) == (consumer.0, provider.0)
                        && waived.consumer_version.as_ref().is_none_or(|version| version == consumer.1)
                        && waived.provider_version.as_ref().is_none_or(|version| Some(version) == provider.1)
                }
                _ => false,
            })
    }
}

/// The version that a fact makes known, with the branch and tags that it puts it on.
fn mentioned(fact: &Fact) -> Option<(&Name, &Version, Option<&Branch>, &[Tag])> {
    match &fact.what {
        What::Published(it) => Some((&it.consumer, &it.version, it.branch.as_ref(), &it.tags)),
        What::Verified(it) if it.dirty => None,
        What::Verified(it) => Some((&it.provider, &it.version, it.branch.as_ref(), &it.tags)),
        What::Branched(it) => Some((&it.application, &it.version, it.branch.as_ref(), &[])),
        What::Tagged(it) => Some((&it.application, &it.version, None, std::slice::from_ref(&it.tag))),
        What::Deployed(it) => Some((&it.application, &it.version, None, &[])),
        What::Released(it) => Some((&it.application, &it.version, None, &[])),
        _ => None,
    }
}
