//! The versions of one application, and the branches and tags that they are on.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::fact::FactId;
use crate::fact::kinds::About;
use crate::name::{Branch, Tag, Version};

/// Branches that are taken for the main branch when nobody says which it is.
const LIKELY_MAIN: [&str; 3] = ["develop", "main", "master"];

#[derive(Debug, Default)]
pub(super) struct ApplicationState {
    pub(super) versions: HashMap<Version, VersionInfo>,
    pub(super) latest: Option<Version>,
    pub(super) branches: BTreeMap<Branch, BranchState>,
    /// For each tag the versions that have it, with the fact that put it there.
    pub(super) tags: BTreeMap<Tag, BTreeMap<Version, FactId>>,
    pub(super) about: About,
    pub(super) likely_main: Option<Branch>,
}

/// What is known about a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionInfo {
    /// Its name.
    pub version: Version,
    /// The first fact that named it. The order of these is the order of versions: that in which they came to be
    /// known, whatever their names look like.
    pub created: FactId,
    /// The branches it is on, the last one added last.
    pub branches: Vec<Branch>,
    /// Its tags, the last one added last.
    pub tags: Vec<Tag>,
    /// The build that made it.
    pub build_url: Option<Arc<str>>,
    /// The commit it was made from.
    pub commit: Option<Arc<str>>,
    /// The first fact about that commit, where an earlier one was about another: then nothing before it says
    /// anything about what is built now.
    pub rebuilt: Option<FactId>,
}

impl VersionInfo {
    /// Whether a fact about the version is about what it is built from now.
    #[must_use]
    pub fn is_about(&self, fact: FactId) -> bool {
        self.rebuilt.is_none_or(|rebuilt| rebuilt <= fact)
    }
}

#[derive(Debug)]
pub(super) struct BranchState {
    /// The first fact that added a version.
    pub(super) created: FactId,
    /// The version that was added last.
    pub(super) head: Version,
}

impl ApplicationState {
    /// The version, which from now on is known.
    pub(super) fn version(&mut self, version: &Version, fact: FactId) -> &mut VersionInfo {
        self.versions.entry(version.clone()).or_insert_with(|| {
            self.latest = Some(version.clone());
            VersionInfo {
                version: version.clone(),
                created: fact,
                branches: Vec::new(),
                tags: Vec::new(),
                build_url: None,
                commit: None,
                rebuilt: None,
            }
        })
    }

    pub(super) fn add_branch(&mut self, version: &Version, branch: &Branch, fact: FactId) {
        let info = self.version(version, fact);
        if info.branches.contains(branch) {
            return;
        }
        info.branches.push(branch.clone());
        self.branches
            .entry(branch.clone())
            .and_modify(|state| state.head = version.clone())
            .or_insert_with(|| BranchState { created: fact, head: version.clone() });
        self.notice_main(branch.as_str());
    }

    pub(super) fn add_tag(&mut self, version: &Version, tag: &Tag, fact: FactId) {
        let info = self.version(version, fact);
        if !info.tags.contains(tag) {
            info.tags.push(tag.clone());
        }
        self.tags.entry(tag.clone()).or_default().entry(version.clone()).or_insert(fact);
        self.notice_main(tag.as_str());
    }

    pub(super) fn remove_tag(&mut self, version: &Version, tag: &Tag) {
        if let Some(info) = self.versions.get_mut(version) {
            info.tags.retain(|known| known != tag);
        }
        if let Some(members) = self.tags.get_mut(tag) {
            members.remove(version);
            if members.is_empty() {
                self.tags.remove(tag);
            }
        }
    }

    pub(super) fn remove_branch(&mut self, branch: &Branch) {
        self.branches.remove(branch);
        for info in self.versions.values_mut() {
            info.branches.retain(|known| known != branch);
        }
    }

    fn notice_main(&mut self, name: &str) {
        if self.likely_main.is_none() && LIKELY_MAIN.contains(&name) {
            self.likely_main = Branch::new(name).ok();
        }
    }
}
