//! Each name, digest, text, build and pair of a month once, and numbers in its place: so reading facts back makes a few
//! hundred names, not a few hundred thousand.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::contract::Digest;
use crate::fact::{
    Asked, Built, Deployed, FactId, Found, Outcome, Publication, Published, Verification, Verified, What,
};
use crate::name::{Application, Branch, Environment, Instance, Tag, Version};

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Words {
    applications: Table<Application>,
    versions: Table<Version>,
    branches: Table<Branch>,
    tags: Table<Tag>,
    environments: Table<Environment>,
    instances: Table<Instance>,
    contents: Table<Digest>,
    texts: Table<Arc<str>>,
    builds: Table<PackedBuild>,
    pairs: Table<PackedPair>,
}

/// Things, each of which is known by its place.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent, bound(deserialize = "T: Deserialize<'de>"))]
struct Table<T> {
    things: Vec<T>,
    #[serde(skip)]
    places: HashMap<T, u32>,
}

/// What a build says about its version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct PackedBuild {
    application: u32,
    version: u32,
    branch: Option<u32>,
    tags: Vec<u32>,
    build_url: Option<u32>,
    commit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct PackedPair {
    consumer: u32,
    provider: u32,
}

/// The kinds of which there are many, and the others as they are.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum PackedWhat {
    Published(PackedPublished),
    Verified(PackedVerified),
    Deployed(PackedDeployed),
    Other(Box<What>),
}

/// The build is one of the consumer.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PackedPublished {
    pub(super) pair: u32,
    pub(super) build: u32,
    content: u32,
    replaces: Vec<u32>,
}

/// The build is one of the provider.
#[derive(Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "as in what is packed")]
pub(super) struct PackedVerified {
    pub(super) pair: u32,
    pub(super) build: u32,
    content: u32,
    outcome: Outcome,
    complete: bool,
    judged: usize,
    dirty: bool,
    doubtful: bool,
    wip: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PackedDeployed {
    application: u32,
    version: u32,
    environment: u32,
    instance: Option<u32>,
}

impl Words {
    // Fields are taken apart by name, so that a new one cannot be forgotten here.
    pub(super) fn pack(&mut self, what: What) -> PackedWhat {
        match what {
            What::Published(published) => PackedWhat::Published(self.published(published)),
            What::Verified(verified) => PackedWhat::Verified(self.verified(verified)),
            What::Deployed(Deployed { application, version, environment, instance }) => {
                PackedWhat::Deployed(PackedDeployed {
                    application: self.applications.place(application),
                    version: self.versions.place(version),
                    environment: self.environments.place(environment),
                    instance: instance.map(|instance| self.instances.place(instance)),
                })
            }
            other => PackedWhat::Other(Box::new(other)),
        }
    }

    fn published(&mut self, published: Published) -> PackedPublished {
        let Published { consumer, version, provider, content, replaces, branch, tags, build_url, commit } =
            published;
        PackedPublished {
            pair: self.place_of_pair(consumer.clone(), provider),
            build: self.place_of_build(Built {
                application: consumer,
                version,
                branch,
                tags,
                build_url,
                commit,
            }),
            content: self.contents.place(content),
            replaces: self.contents.all(replaces),
        }
    }

    fn verified(&mut self, verified: Verified) -> PackedVerified {
        let Verified {
            provider,
            version,
            branch,
            tags,
            consumer,
            content,
            outcome,
            complete,
            judged,
            dirty,
            doubtful,
            wip,
            build_url,
            commit,
            interactions: _,
        } = verified;
        PackedVerified {
            pair: self.place_of_pair(consumer, provider.clone()),
            build: self.place_of_build(Built {
                application: provider,
                version,
                branch,
                tags,
                build_url,
                commit,
            }),
            content: self.contents.place(content),
            outcome,
            complete,
            judged,
            dirty,
            doubtful,
            wip,
        }
    }

    fn place_of_pair(&mut self, consumer: Application, provider: Application) -> u32 {
        let pair = PackedPair {
            consumer: self.applications.place(consumer),
            provider: self.applications.place(provider),
        };
        self.pairs.place(pair)
    }

    fn place_of_build(&mut self, built: Built) -> u32 {
        let Built { application, version, branch, tags, build_url, commit } = built;
        let packed = PackedBuild {
            application: self.applications.place(application),
            version: self.versions.place(version),
            branch: branch.map(|branch| self.branches.place(branch)),
            tags: self.tags.all(tags),
            build_url: build_url.map(|url| self.texts.place(url)),
            commit: commit.map(|commit| self.texts.place(commit)),
        };
        self.builds.place(packed)
    }

    pub(super) fn unpack(&self, what: &PackedWhat) -> What {
        match what {
            PackedWhat::Published(packed) => {
                let (consumer, provider) = self.pair(&self.pairs.things[packed.pair as usize]);
                let Built { application: _, version, branch, tags, build_url, commit } =
                    self.build(&self.builds.things[packed.build as usize]);
                let content = self.contents.at(packed.content);
                let replaces = self.contents.at_all(&packed.replaces);
                What::Published(Published {
                    consumer,
                    version,
                    provider,
                    content,
                    replaces,
                    branch,
                    tags,
                    build_url,
                    commit,
                })
            }
            PackedWhat::Verified(packed) => {
                let (consumer, provider) = self.pair(&self.pairs.things[packed.pair as usize]);
                let Built { application: _, version, branch, tags, build_url, commit } =
                    self.build(&self.builds.things[packed.build as usize]);
                What::Verified(Verified {
                    provider,
                    version,
                    branch,
                    tags,
                    consumer,
                    content: self.contents.at(packed.content),
                    outcome: packed.outcome,
                    complete: packed.complete,
                    judged: packed.judged,
                    dirty: packed.dirty,
                    doubtful: packed.doubtful,
                    wip: packed.wip,
                    build_url,
                    commit,
                    interactions: Vec::new(),
                })
            }
            PackedWhat::Deployed(packed) => What::Deployed(Deployed {
                application: self.applications.at(packed.application),
                version: self.versions.at(packed.version),
                environment: self.environments.at(packed.environment),
                instance: packed.instance.map(|place| self.instances.at(place)),
            }),
            PackedWhat::Other(what) => (**what).clone(),
        }
    }

    fn pair(&self, pair: &PackedPair) -> (Application, Application) {
        (self.applications.at(pair.consumer), self.applications.at(pair.provider))
    }

    fn build(&self, build: &PackedBuild) -> Built {
        Built {
            application: self.applications.at(build.application),
            version: self.versions.at(build.version),
            branch: build.branch.map(|place| self.branches.at(place)),
            tags: self.tags.at_all(&build.tags),
            build_url: build.build_url.map(|place| self.texts.at(place)),
            commit: build.commit.map(|place| self.texts.at(place)),
        }
    }

    /// The consumers and providers, in the order of their places.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (Application, Application)> {
        self.pairs.things.iter().map(|pair| self.pair(pair))
    }

    /// The builds, in the order of their places.
    pub(super) fn builds(&self) -> impl Iterator<Item = Built> {
        self.builds.things.iter().map(|build| self.build(build))
    }

    /// The places of the application and the version that a build has made.
    pub(super) fn version_of(&self, build: u32) -> (u32, u32) {
        let PackedBuild { application, version, .. } = self.builds.things[build as usize];
        (application, version)
    }

    fn version(&self, build: u32) -> Version {
        self.versions.at(self.version_of(build).1)
    }

    pub(super) fn asked(&self, packed: &PackedPublished, fact: FactId) -> Asked {
        let publication = Publication { content: self.contents.at(packed.content), fact };
        let replaces = self.contents.at_all(&packed.replaces);
        Asked { version: self.version(packed.build), publication, replaces }
    }

    pub(super) fn found(&self, packed: &PackedVerified, fact: FactId) -> Found {
        let PackedVerified { outcome, complete, judged, dirty, wip, .. } = *packed;
        Found {
            version: self.version(packed.build),
            content: self.contents.at(packed.content),
            verification: Verification { fact, outcome, complete, judged, dirty, wip },
        }
    }
}

impl<T: Clone + Eq + Hash> Table<T> {
    fn place(&mut self, thing: T) -> u32 {
        if let Some(place) = self.places.get(&thing) {
            return *place;
        }
        // A month with four thousand million names has filled the disk before.
        let place = u32::try_from(self.things.len()).unwrap_or(u32::MAX);
        self.things.push(thing.clone());
        self.places.insert(thing, place);
        place
    }

    fn all(&mut self, things: Vec<T>) -> Vec<u32> {
        things.into_iter().map(|thing| self.place(thing)).collect()
    }

    fn at(&self, place: u32) -> T {
        self.things[place as usize].clone()
    }

    fn at_all(&self, places: &[u32]) -> Vec<T> {
        places.iter().map(|place| self.at(*place)).collect()
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { things: Vec::new(), places: HashMap::new() }
    }
}
