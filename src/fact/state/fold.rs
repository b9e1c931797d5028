//! What each kind of fact changes.

use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::State;
use super::application::ApplicationState;
use super::environment::EnvironmentState;
use super::pair::{Asked, Found, Pair, PairId, Publication};
use crate::fact::FactId;
use crate::fact::kinds::{Fact, Published, Verified, What};
use crate::name::{Application, Branch, Environment, Tag, Version};

/// What a build says about the version that it has made.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) application: Application,
    pub(crate) version: Version,
    pub(crate) branch: Option<Branch>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) build_url: Option<Arc<str>>,
    pub(crate) commit: Option<Arc<str>>,
}

impl State {
    /// Applies the next fact in the order of ids.
    pub(crate) fn apply(&mut self, Fact { id, what }: Fact) {
        self.newest = Some(id);
        match what {
            What::Published(published) => self.publish(published, id),
            What::Verified(verified) => self.verify(verified, id),
            What::Branched(branched) => {
                let application = self.application(&branched.application);
                application.version(&branched.version, id);
                if let Some(branch) = &branched.branch {
                    application.add_branch(&branched.version, branch, id);
                }
            }
            What::BranchDeleted(deleted) => {
                self.application(&deleted.application).remove_branch(&deleted.branch);
            }
            What::Tagged(tagged) => {
                self.application(&tagged.application).add_tag(&tagged.version, &tagged.tag, id);
            }
            What::Untagged(tagged) => {
                self.application(&tagged.application).remove_tag(&tagged.version, &tagged.tag);
            }
            What::Deployed(deployed) => {
                self.application(&deployed.application).version(&deployed.version, id);
                self.surroundings(&deployed.environment).deploy(deployed, id);
            }
            What::Undeployed(gone) => self.surroundings(&gone.environment).undeploy(gone),
            What::Released(released) => {
                self.application(&released.application).version(&released.version, id);
                self.surroundings(&released.environment).release(released, id);
            }
            What::SupportEnded(ended) => self.surroundings(&ended.environment).end_support(ended),
            What::EnvironmentCreated(description) | What::EnvironmentChanged(description) => {
                let environment = self.surroundings(&description.name);
                environment.description = Some(description);
            }
            What::EnvironmentRemoved(removed) => {
                self.environments.remove(&removed.name);
            }
            What::ApplicationDescribed(described) => {
                let application = self.application(&described.application);
                application.about = described.about.or(std::mem::take(&mut application.about));
            }
            What::Waived(waived) => {
                self.waivers.insert(id, waived);
            }
            What::WaiverEnded(ended) => {
                self.waivers.remove(&ended.waiver);
            }
            What::Deprecated(deprecated) => {
                self.application(&deprecated.provider);
                self.deprecated.insert(id, deprecated);
            }
            What::DeprecationEnded(ended) => {
                self.deprecated.remove(&ended.deprecation);
            }
        }
    }

    fn publish(&mut self, published: Published, fact: FactId) {
        let Published { consumer, version, provider, content, replaces, branch, tags, build_url, commit } =
            published;
        let pair = self.pair(&consumer, &provider);
        let publication = Publication { content, fact };
        self.asked(pair, Asked { version: version.clone(), publication, replaces });
        self.built(&Built { application: consumer, version, branch, tags, build_url, commit }, fact);
    }

    fn verify(&mut self, verified: Verified, fact: FactId) {
        let pair = self.pair(&verified.consumer, &verified.provider);
        let found = Found::of(&verified, fact);
        let Verified { provider, version, branch, tags, build_url, commit, .. } = verified;
        if found.makes_a_version() {
            self.built(&Built { application: provider, version, branch, tags, build_url, commit }, fact);
        }
        self.found(pair, found);
    }

    /// Where the facts about a pair are kept, whose provider is known from now on.
    pub(crate) fn pair(&mut self, consumer: &Application, provider: &Application) -> PairId {
        match self.pair_ids.entry(consumer.clone()).or_default().entry(provider.clone()) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                self.applications.entry(provider.clone()).or_default();
                self.pairs.push(Pair::default());
                *new.insert(PairId(self.pairs.len() - 1))
            }
        }
    }

    /// The consumer has published a contract, and nothing that comes before it in the order of ids follows.
    pub(crate) fn asked(&mut self, PairId(pair): PairId, asked: Asked) {
        self.newest = Some(asked.publication.fact);
        self.pairs[pair].publish(asked);
    }

    /// The provider has verified a contract, and nothing that comes before it in the order of ids follows.
    pub(crate) fn found(&mut self, PairId(pair): PairId, found: Found) {
        self.newest = Some(found.verification.fact);
        self.pairs[pair].verify(found);
    }

    /// The version is known from now on, with its branch and tags; the newest build that says so wins.
    pub(crate) fn built(&mut self, built: &Built, id: FactId) {
        let Built { application, version, branch, tags, build_url, commit } = built;
        let application = self.application(application);
        let info = application.version(version, id);
        if let Some(url) = build_url {
            info.build_url = Some(url.clone());
        }
        if let Some(commit) = commit {
            if info.commit.as_ref().is_some_and(|known| known != commit) {
                info.rebuilt = Some(id);
            }
            info.commit = Some(commit.clone());
        }
        if let Some(branch) = branch {
            application.add_branch(version, branch, id);
        }
        for tag in tags {
            application.add_tag(version, tag, id);
        }
    }

    fn application(&mut self, name: &Application) -> &mut ApplicationState {
        self.applications.entry(name.clone()).or_default()
    }

    fn surroundings(&mut self, name: &Environment) -> &mut EnvironmentState {
        self.environments.entry(name.clone()).or_default()
    }
}
