//! What runs in one environment.

use std::collections::BTreeMap;

use crate::fact::FactId;
use crate::fact::kinds::{Deployed, EnvironmentDescription, Released};
use crate::name::{Application, Instance, Version};

#[derive(Debug, Default)]
pub(super) struct EnvironmentState {
    /// `None` when nobody has created it, or somebody has removed it.
    pub(super) description: Option<EnvironmentDescription>,
    deployed: BTreeMap<(Application, Option<Instance>), Live>,
    released: BTreeMap<(Application, Version), Live>,
}

/// A version that runs in an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// The application.
    pub application: Application,
    /// The version.
    pub version: Version,
    /// How it came there.
    pub how: LiveAs,
    /// The fact that said so.
    pub fact: FactId,
}

/// How a version came to run in an environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LiveAs {
    /// It was deployed, to this instance, and has replaced what was deployed there.
    Deployed(Option<Instance>),
    /// It was released, and stands beside other versions.
    Released,
}

impl EnvironmentState {
    /// A version takes the place of what was deployed to the same instance; none is an instance of its own.
    pub(super) fn deploy(&mut self, deployed: Deployed, fact: FactId) {
        let key = (deployed.application.clone(), deployed.instance.clone());
        let is_there = self.deployed.get(&key).is_some_and(|live| live.version == deployed.version);
        if !is_there {
            let how = LiveAs::Deployed(deployed.instance);
            let live = Live { application: deployed.application, version: deployed.version, how, fact };
            self.deployed.insert(key, live);
        }
    }

    /// A version is gone; another one that has taken its place in the meantime stays.
    pub(super) fn undeploy(&mut self, gone: Deployed) {
        let key = (gone.application, gone.instance);
        if self.deployed.get(&key).is_some_and(|live| live.version == gone.version) {
            self.deployed.remove(&key);
        }
    }

    pub(super) fn release(&mut self, released: Released, fact: FactId) {
        let key = (released.application.clone(), released.version.clone());
        let Released { application, version, .. } = released;
        self.released.entry(key).or_insert(Live { application, version, how: LiveAs::Released, fact });
    }

    pub(super) fn end_support(&mut self, ended: Released) {
        self.released.remove(&(ended.application, ended.version));
    }

    pub(super) fn live(&self) -> Vec<&Live> {
        let mut live: Vec<_> = self.deployed.values().chain(self.released.values()).collect();
        live.sort_by_key(|live| (&live.application, live.fact));
        live
    }
}
