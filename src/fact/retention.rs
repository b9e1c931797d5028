//! Which facts are still needed.
//!
//! A version is kept while it is the newest on a branch or with a tag, the latest of all, while it
//! runs somewhere, while it is on the main branch, or while something young is known about it. Kept as well are the versions with which
//! a branch or tag began, and the newest on each branch that keeps a kept contract. All facts about a kept version
//! are kept, so that its place among the versions stays, except for deployments that are over.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::FactId;
use super::kinds::{Fact, Outcome, What};
use super::state::{Owners, State};
use crate::contract::Digest;
use crate::name::{Application, Branch, Environment, Instance, Version};

/// What is no longer needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Obsolete {
    /// Facts, in their order.
    pub facts: BTreeSet<FactId>,
    /// Contents that nothing names any more, also none of the facts that go now: another branch of a repository
    /// may publish such a content again before it hears that they are gone, so it goes a round later.
    pub contents: BTreeSet<Digest>,
    /// Versions that are no longer known.
    pub versions: usize,
}

/// What is kept of what no answer needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spared {
    /// Everything since then.
    pub young: Timestamp,
    /// Every version on a main branch.
    pub main_branches: bool,
}

/// What is no longer needed of these facts and contents, and not spared.
#[must_use]
pub fn obsolete(facts: &[Fact], owners: &Owners, contents: &[Digest], spared: Spared) -> Obsolete {
    let state = State::of(facts.to_vec(), owners.clone());
    let needed = Needed::of(&state, facts, spared);
    let is_needed = |fact: &&Fact| fact.id.at() >= spared.young || needed.has(fact);
    let (kept, dropped): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(is_needed);
    let published = facts.iter().filter(|fact| matches!(fact.what, What::Published(_)));
    let named: BTreeSet<Digest> = published.filter_map(content).collect();
    let known = |facts: &[&Fact]| -> BTreeSet<(Application, Version)> {
        facts
            .iter()
            .filter_map(|fact| subject(fact))
            .map(|(name, version)| (name.clone(), version.clone()))
            .collect()
    };
    Obsolete {
        versions: known(&dropped).difference(&known(&kept)).count(),
        facts: dropped.iter().map(|fact| fact.id).collect(),
        contents: contents.iter().copied().filter(|content| !named.contains(content)).collect(),
    }
}

/// What answers rest on.
struct Needed<'a> {
    state: &'a State,
    versions: BTreeSet<(Application, Version)>,
    /// Deployments that are not over.
    live: BTreeSet<FactId>,
    /// Deployments that are over and still kept, because a kept version came to be known by one of them.
    over: BTreeSet<FactId>,
}

impl<'a> Needed<'a> {
    fn of(state: &'a State, facts: &[Fact], spared: Spared) -> Self {
        let live = state.everything_live();
        let mut needed = Self {
            state,
            versions: live.iter().map(|live| (live.application.clone(), live.version.clone())).collect(),
            live: live.iter().map(|live| live.fact).collect(),
            over: BTreeSet::new(),
        };
        needed.keep_heads();
        if spared.main_branches {
            needed.keep_main_branches();
        }
        needed.keep_subjects(facts.iter().filter(|fact| fact.id.at() >= spared.young));
        let began = needed.beginnings();
        needed.keep_subjects(facts.iter().filter(|fact| began.contains(&fact.id)));
        needed.keep_newest_passes(facts);
        needed.keep_places(facts);
        needed.keep_last_words();
        needed
    }

    fn keep_heads(&mut self) {
        let state = self.state;
        for application in state.applications() {
            let heads =
                state.branches(application).filter_map(|branch| state.branch_head(application, branch));
            let tagged = state.tags(application).filter_map(|tag| state.tagged(application, tag).pop());
            let infos = heads.chain(tagged).chain(state.latest(application));
            self.versions.extend(infos.map(|info| (application.clone(), info.version.clone())));
        }
    }

    /// That a kept version has published nothing is only seen beside an older one that has.
    fn keep_last_words(&mut self) {
        let state = self.state;
        let before = |(name, version): &(Application, Version)| {
            Some((name.clone(), state.fell_silent(name, version)?))
        };
        let spoke: Vec<_> = self.versions.iter().filter_map(before).collect();
        self.versions.extend(spoke.into_iter().map(|(name, info)| (name, info.version.clone())));
    }

    fn keep_main_branches(&mut self) {
        let state = self.state;
        for application in state.applications() {
            let on_main = state.main_branch(application).map(|branch| state.on_branch(application, branch));
            let infos = on_main.into_iter().flatten();
            self.versions.extend(infos.map(|info| (application.clone(), info.version.clone())));
        }
    }

    /// The facts with which branches and tags began.
    fn beginnings(&self) -> BTreeSet<FactId> {
        let state = self.state;
        let of = |name| {
            let branches = state.branches(name).filter_map(move |branch| state.branch_created(name, branch));
            branches.chain(state.tags(name).filter_map(move |tag| state.tag_created(name, tag)))
        };
        state.applications().flat_map(of).collect()
    }

    /// One pass on each branch shows that a contract is not pending there.
    fn keep_newest_passes(&mut self, facts: &[Fact]) {
        let published = facts.iter().filter(|fact| matches!(fact.what, What::Published(_)));
        let contents: BTreeSet<Digest> =
            published.filter(|fact| self.has_version(fact)).filter_map(content).collect();
        let mut newest: BTreeMap<(Digest, Option<&Branch>), &Fact> = BTreeMap::new();
        for fact in facts {
            let What::Verified(verified) = &fact.what else { continue };
            let has_passed = verified.outcome == Outcome::Passed && !verified.dirty;
            if has_passed && contents.contains(&verified.content) {
                let info = self.state.version(&verified.provider, &verified.version);
                let branches = info.into_iter().flat_map(|info| &info.branches);
                for branch in branches.map(Some).chain([None]) {
                    newest.insert((verified.content, branch), fact);
                }
            }
        }
        self.keep_subjects(newest.into_values());
    }

    /// Keeps deployments that are over where the place of a kept version rests on one of them; then all
    /// that happened in that place is kept, or something would seem to run there again.
    fn keep_places(&mut self, facts: &[Fact]) {
        let mut places: BTreeMap<_, Vec<&Fact>> = BTreeMap::new();
        for fact in facts {
            if let Some(place) = place(fact) {
                places.entry(place).or_default().push(fact);
            }
        }
        loop {
            let is_over = |fact: &Fact| !self.live.contains(&fact.id);
            let rests_on =
                |facts: &Vec<&Fact>| facts.iter().any(|fact| is_over(fact) && self.is_first_of_kept(fact));
            let Some(key) = places.iter().find(|(_, facts)| rests_on(facts)).map(|(key, _)| *key) else {
                return;
            };
            let kept = places.remove(&key).unwrap_or_default();
            self.over.extend(kept.iter().map(|fact| fact.id));
            self.keep_subjects(kept.into_iter());
        }
    }

    fn is_first_of_kept(&self, fact: &Fact) -> bool {
        let created = |(name, version)| self.state.version(name, version).map(|info| info.created);
        self.has_version(fact) && subject(fact).and_then(created) == Some(fact.id)
    }

    fn keep_subjects<'b>(&mut self, facts: impl Iterator<Item = &'b Fact>) {
        let versions = facts.filter_map(subject);
        self.versions.extend(versions.map(|(name, version)| (name.clone(), version.clone())));
    }

    fn has_version(&self, fact: &Fact) -> bool {
        subject(fact).is_some_and(|(name, version)| self.versions.contains(&(name.clone(), version.clone())))
    }

    /// Whether an old fact is needed.
    fn has(&self, fact: &Fact) -> bool {
        match &fact.what {
            What::Published(_)
            | What::Verified(_)
            | What::Branched(_)
            | What::Tagged(_)
            | What::Untagged(_) => self.has_version(fact),
            What::Deployed(_) | What::Undeployed(_) | What::Released(_) | What::SupportEnded(_) => {
                self.live.contains(&fact.id) || self.over.contains(&fact.id) || self.is_first_of_kept(fact)
            }
            What::BranchDeleted(_)
            | What::EnvironmentCreated(_)
            | What::EnvironmentChanged(_)
            | What::EnvironmentRemoved(_)
            | What::ApplicationDescribed(_)
            | What::Waived(_)
            | What::WaiverEnded(_)
            | What::Deprecated(_)
            | What::DeprecationEnded(_) => true,
        }
    }
}

/// Where a deployment or release takes the place of another, or ends.
type Place<'a> = (&'a Application, &'a Environment, Option<&'a Instance>, Option<&'a Version>);

fn place(fact: &Fact) -> Option<Place<'_>> {
    match &fact.what {
        What::Deployed(here) | What::Undeployed(here) => {
            Some((&here.application, &here.environment, here.instance.as_ref(), None))
        }
        What::Released(here) | What::SupportEnded(here) => {
            Some((&here.application, &here.environment, None, Some(&here.version)))
        }
        _ => None,
    }
}

/// The version that a fact is about.
fn subject(fact: &Fact) -> Option<(&Application, &Version)> {
    match &fact.what {
        What::Published(published) => Some((&published.consumer, &published.version)),
        What::Verified(verified) => Some((&verified.provider, &verified.version)),
        What::Branched(branched) => Some((&branched.application, &branched.version)),
        What::Tagged(tagged) | What::Untagged(tagged) => Some((&tagged.application, &tagged.version)),
        What::Deployed(deployed) | What::Undeployed(deployed) => {
            Some((&deployed.application, &deployed.version))
        }
        What::Released(released) | What::SupportEnded(released) => {
            Some((&released.application, &released.version))
        }
        What::BranchDeleted(_)
        | What::EnvironmentCreated(_)
        | What::EnvironmentChanged(_)
        | What::EnvironmentRemoved(_)
        | What::ApplicationDescribed(_)
        | What::Waived(_)
        | What::WaiverEnded(_)
        | What::Deprecated(_)
        | What::DeprecationEnded(_) => None,
    }
}

fn content(fact: &Fact) -> Option<Digest> {
    match &fact.what {
        What::Published(published) => Some(published.content),
        What::Verified(verified) => Some(verified.content),
        _ => None,
    }
}
