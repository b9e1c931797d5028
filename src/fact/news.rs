//! What is worth recording about a version because nobody has recorded it yet.

use super::kinds::{Branched, Tagged, What};
use super::state::VersionInfo;
use crate::name::{Application, Branch, Tag, Version};

/// The tags of a version that are not known yet.
#[must_use]
pub fn new_tags(
    known: Option<&VersionInfo>,
    (application, version): (&Application, &Version),
    tags: &[Tag],
) -> Vec<What> {
    let is_new = |tag: &&Tag| !known.is_some_and(|info| info.tags.contains(tag));
    let tagged =
        |tag: &Tag| Tagged { application: application.clone(), version: version.clone(), tag: tag.clone() };
    tags.iter().filter(is_new).map(|tag| What::Tagged(tagged(tag))).collect()
}

/// What is not known yet about a version: that there is one, its branch and its tags.
#[must_use]
pub fn new_about(
    known: Option<&VersionInfo>,
    (application, version): (&Application, &Version),
    branch: Option<&Branch>,
    tags: &[Tag],
) -> Vec<What> {
    let is_on = |branch: &Branch| known.is_some_and(|info| info.branches.contains(branch));
    let mut new = Vec::new();
    if known.is_none() || branch.is_some_and(|branch| !is_on(branch)) {
        let (application, version) = (application.clone(), version.clone());
        new.push(What::Branched(Branched { application, version, branch: branch.cloned() }));
    }
    new.extend(new_tags(known, (application, version), tags));
    new
}
