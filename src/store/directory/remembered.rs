//! What is remembered of the files of one month.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::packed::Packed;
use crate::contract::Digest;
use crate::fact::{Fact, FactId};
use crate::store::StoreError;

/// The facts of a month, and by what to tell whether they still are.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Remembered {
    /// What the directory looked like before its names were listed.
    pub(super) folder: Option<Stamp>,
    /// The digest of the files, as they are written down beside this.
    pub(super) files: Digest,
    /// The facts in the order of their ids; one that lies in two files is there twice.
    pub(super) packed: Packed,
}

/// The files of a month. Most readers need none of this: a directory that has not changed still has the same.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Files {
    /// The names in the order of their bytes, with a slash between two.
    names: String,
    /// For each name what its file looked like.
    stamps: Vec<Stamp>,
    /// For each fact the place of its file.
    places: Vec<u32>,
}

/// A file, and the facts that it held.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) stamp: Stamp,
    /// Without details.
    pub(super) facts: Vec<Fact>,
}

/// By what a change of a file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    bytes: u64,
    modified: Duration,
    /// When its name, its place or its bytes changed last; nobody can set it.
    pub(super) changed: Duration,
    number: u64,
}

impl Entry {
    /// Whether these facts say the same, but for details.
    pub(super) fn is_of(&self, facts: &[Fact]) -> bool {
        self.facts.iter().cloned().eq(facts.iter().cloned().map(Fact::without_details))
    }
}

impl Files {
    /// Files in the order of their names, and the facts that they held.
    ///
    /// # Errors
    /// When two of the facts are different and have the same id.
    pub(super) fn of(entries: Vec<(&OsString, Entry)>) -> Result<(Self, Packed), StoreError> {
        let names: Vec<_> = entries.iter().map(|(name, _)| name.to_string_lossy()).collect();
        let names = names.join("/");
        let stamps = entries.iter().map(|(_, entry)| entry.stamp).collect();
        let mut facts: Vec<(u32, Fact)> = Vec::new();
        for (place, (_, entry)) in (0..).zip(entries) {
            facts.extend(entry.facts.into_iter().map(|fact| (place, fact)));
        }
        facts.sort_by_key(|(_, fact)| fact.id);
        if let Some(id) = contradiction(&facts) {
            return Err(StoreError::TwoFacts { id });
        }
        let (mut files, mut packed) = (Self { names, stamps, places: Vec::new() }, Packed::default());
        for (place, fact) in facts {
            files.places.push(place);
            packed.add(fact);
        }
        Ok((files, packed))
    }

    /// How many there are.
    pub(super) fn length(&self) -> usize {
        self.stamps.len()
    }

    /// Their names.
    pub(super) fn names(&self) -> impl Iterator<Item = &OsStr> {
        self.names.split_terminator('/').map(OsStr::new)
    }

    /// What they looked like, in the order of their names.
    pub(super) fn stamps(&self) -> impl Iterator<Item = &Stamp> {
        self.stamps.iter()
    }

    /// Each by its name, with the facts that it held.
    pub(super) fn with(self, packed: &Packed) -> BTreeMap<OsString, Entry> {
        let mut entries: Vec<_> =
            self.stamps.iter().map(|stamp| Entry { stamp: *stamp, facts: Vec::new() }).collect();
        for (place, fact) in self.places.iter().zip(packed.all()) {
            if let Some(entry) = entries.get_mut(*place as usize) {
                entry.facts.push(fact);
            }
        }
        self.names.split_terminator('/').map(OsString::from).zip(entries).collect()
    }
}

impl Stamp {
    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let seconds = u64::try_from(metadata.ctime()).unwrap_or_default();
        let nanos = u32::try_from(metadata.ctime_nsec()).unwrap_or_default();
        Self {
            bytes: metadata.len(),
            modified: since_epoch(metadata),
            changed: Duration::new(seconds, nanos),
            number: metadata.ino(),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn of(metadata: &Metadata) -> Self {
        let modified = since_epoch(metadata);
        Self { bytes: metadata.len(), modified, changed: modified, number: 0 }
    }
}

/// When a file was modified, as time since 1970.
pub(super) fn since_epoch(metadata: &Metadata) -> Duration {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    modified.unwrap_or_default()
}

/// The id of two facts that differ, among facts in the order of their ids.
fn contradiction(facts: &[(u32, Fact)]) -> Option<FactId> {
    let differs = |pair: &&[(u32, Fact)]| pair[0].1.id == pair[1].1.id && pair[0].1 != pair[1].1;
    facts.windows(2).find(differs).map(|pair| pair[0].1.id)
}
