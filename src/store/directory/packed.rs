//! Facts of a month in the form in which they are remembered: each name, digest and text once, and
//! numbers in its place. So reading them back makes a few hundred names, not a few hundred thousand.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::contract::Digest;
use crate::fact::{Deployed, Fact, FactId, Outcome, Published, Verified, What};
use crate::name::{Application, Branch, Environment, Instance, Tag, Version};

/// Facts, without details, in the order in which they were added.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Packed {
    words: Words,
    facts: Vec<PackedFact>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Words {
    applications: Table<Application>,
    versions: Table<Version>,
    branches: Table<Branch>,
    tags: Table<Tag>,
    environments: Table<Environment>,
    instances: Table<Instance>,
    contents: Table<Digest>,
    texts: Table<Arc<str>>,
}

/// Things, each of which is known by its place.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent, bound(deserialize = "T: Deserialize<'de>"))]
struct Table<T> {
    things: Vec<T>,
    #[serde(skip)]
    places: HashMap<T, u32>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PackedFact {
    id: FactId,
    what: PackedWhat,
}

/// The kinds of which there are many, and the others as they are.
#[derive(Debug, Serialize, Deserialize)]
enum PackedWhat {
    Published(PackedPublished),
    Verified(PackedVerified),
    Deployed(PackedDeployed),
    Other(Box<What>),
}

#[derive(Debug, Serialize, Deserialize)]
struct PackedPublished {
    consumer: u32,
    version: u32,
    provider: u32,
    content: u32,
    replaces: Vec<u32>,
    branch: Option<u32>,
    tags: Vec<u32>,
    build_url: Option<u32>,
    commit: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "as in what is packed")]
struct PackedVerified {
    provider: u32,
    version: u32,
    branch: Option<u32>,
    tags: Vec<u32>,
    consumer: u32,
    content: u32,
    outcome: Outcome,
    complete: bool,
    judged: usize,
    dirty: bool,
    doubtful: bool,
    wip: bool,
    build_url: Option<u32>,
    commit: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PackedDeployed {
    application: u32,
    version: u32,
    environment: u32,
    instance: Option<u32>,
}

impl Packed {
    /// Adds a fact, but for its details.
    pub(super) fn add(&mut self, fact: Fact) {
        let what = self.words.pack(fact.what);
        self.facts.push(PackedFact { id: fact.id, what });
    }

    /// The facts, as often as they were added.
    pub(super) fn all(&self) -> impl Iterator<Item = Fact> {
        self.facts.iter().map(|fact| self.unpacked(fact))
    }

    /// The facts, one that was added several times running only once.
    pub(super) fn facts(&self) -> impl Iterator<Item = Fact> {
        let mut last = None;
        let is_new = move |fact: &&PackedFact| last.replace(fact.id) != Some(fact.id);
        self.facts.iter().filter(is_new).map(|fact| self.unpacked(fact))
    }

    fn unpacked(&self, fact: &PackedFact) -> Fact {
        Fact { id: fact.id, what: self.words.unpack(&fact.what) }
    }
}

impl Words {
    // Fields are taken apart by name, so that a new one cannot be forgotten here.
    fn pack(&mut self, what: What) -> PackedWhat {
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
            consumer: self.applications.place(consumer),
            version: self.versions.place(version),
            provider: self.applications.place(provider),
            content: self.contents.place(content),
            replaces: self.contents.all(replaces),
            branch: branch.map(|branch| self.branches.place(branch)),
            tags: self.tags.all(tags),
            build_url: build_url.map(|url| self.texts.place(url)),
            commit: commit.map(|commit| self.texts.place(commit)),
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
            provider: self.applications.place(provider),
            version: self.versions.place(version),
            branch: branch.map(|branch| self.branches.place(branch)),
            tags: self.tags.all(tags),
            consumer: self.applications.place(consumer),
            content: self.contents.place(content),
            outcome,
            complete,
            judged,
            dirty,
            doubtful,
            wip,
            build_url: build_url.map(|url| self.texts.place(url)),
            commit: commit.map(|commit| self.texts.place(commit)),
        }
    }

    fn unpack(&self, what: &PackedWhat) -> What {
        match what {
            PackedWhat::Published(packed) => What::Published(Published {
                consumer: self.applications.at(packed.consumer),
                version: self.versions.at(packed.version),
                provider: self.applications.at(packed.provider),
                content: self.contents.at(packed.content),
                replaces: self.contents.at_all(&packed.replaces),
                branch: packed.branch.map(|place| self.branches.at(place)),
                tags: self.tags.at_all(&packed.tags),
                build_url: packed.build_url.map(|place| self.texts.at(place)),
                commit: packed.commit.map(|place| self.texts.at(place)),
            }),
            PackedWhat::Verified(packed) => What::Verified(Verified {
                provider: self.applications.at(packed.provider),
                version: self.versions.at(packed.version),
                branch: packed.branch.map(|place| self.branches.at(place)),
                tags: self.tags.at_all(&packed.tags),
                consumer: self.applications.at(packed.consumer),
                content: self.contents.at(packed.content),
                outcome: packed.outcome,
                complete: packed.complete,
                judged: packed.judged,
                dirty: packed.dirty,
                doubtful: packed.doubtful,
                wip: packed.wip,
                build_url: packed.build_url.map(|place| self.texts.at(place)),
                commit: packed.commit.map(|place| self.texts.at(place)),
                interactions: Vec::new(),
            }),
            PackedWhat::Deployed(packed) => What::Deployed(Deployed {
                application: self.applications.at(packed.application),
                version: self.versions.at(packed.version),
                environment: self.environments.at(packed.environment),
                instance: packed.instance.map(|place| self.instances.at(place)),
            }),
            PackedWhat::Other(what) => (**what).clone(),
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
