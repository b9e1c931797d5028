//! What each kind of fact changes.

use super::State;
use super::application::ApplicationState;
use super::environment::EnvironmentState;
use super::pair::Pair;
use crate::fact::FactId;
use crate::fact::kinds::{Fact, Published, Verified, What};
use crate::name::{Application, Branch, Environment, Tag, Version};

/// What a build says about the version that it has made.
struct Built<'a> {
    branch: Option<&'a Branch>,
    tags: &'a [Tag],
    build_url: Option<&'a String>,
    commit: Option<&'a String>,
}

impl State {
    /// Applies the next fact in the order of ids.
    pub(super) fn apply(&mut self, Fact { id, what }: Fact) {
        self.newest = Some(id);
        match what {
            What::Published(published) => self.publish(&published, id),
            What::Verified(verified) => self.verify(&verified, id),
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

    fn publish(&mut self, published: &Published, id: FactId) {
        self.application(&published.provider);
        let built = Built {
            branch: published.branch.as_ref(),
            tags: &published.tags,
            build_url: published.build_url.as_ref(),
            commit: published.commit.as_ref(),
        };
        self.built(&published.consumer, &published.version, &built, id);
        self.pair_of(&published.consumer, &published.provider).publish(published, id);
    }

    /// What was built from changes that no commit holds is no version, and the head of no branch: nobody else can
    /// build it again.
    fn verify(&mut self, verified: &Verified, id: FactId) {
        if verified.dirty {
            self.application(&verified.provider);
            self.pair_of(&verified.consumer, &verified.provider).verify(verified, id);
            return;
        }
        let built = Built {
            branch: verified.branch.as_ref(),
            tags: &verified.tags,
            build_url: verified.build_url.as_ref(),
            commit: verified.commit.as_ref(),
        };
        self.built(&verified.provider, &verified.version, &built, id);
        self.pair_of(&verified.consumer, &verified.provider).verify(verified, id);
    }

    /// The version is known from now on, with its branch and tags; the newest build that says so wins.
    fn built(&mut self, application: &Application, version: &Version, built: &Built<'_>, id: FactId) {
        let application = self.application(application);
        let info = application.version(version, id);
        if let Some(url) = built.build_url {
            info.build_url = Some(url.clone());
        }
        if let Some(commit) = built.commit {
            info.commit = Some(commit.clone());
        }
        if let Some(branch) = built.branch {
            application.add_branch(version, branch, id);
        }
        for tag in built.tags {
            application.add_tag(version, tag, id);
        }
    }

    fn application(&mut self, name: &Application) -> &mut ApplicationState {
        self.applications.entry(name.clone()).or_default()
    }

    fn pair_of(&mut self, consumer: &Application, provider: &Application) -> &mut Pair {
        self.pairs.entry(consumer.clone()).or_default().entry(provider.clone()).or_default()
    }

    fn surroundings(&mut self, name: &Environment) -> &mut EnvironmentState {
        self.environments.entry(name.clone()).or_default()
    }
}
