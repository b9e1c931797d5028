//! What was read from the facts before, kept outside the store so that it need not be read again.
//!
//! It makes reading faster and can change no answer. The directory is listed each time, and
//! a file is read again unless its name, size, times and number on the disk are those that were noted when
//! it was read. A file that was changed so shortly before that its time could not tell is read again, too. An index
//! that is damaged, or that another version has written, is as good as none.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::listing::{self, FactFile, FileName, Month};
use super::reading;
use super::side_by_side::side_by_side;
use crate::contract::Digest;
use crate::fact::{Fact, SCHEMA};
use crate::store::StoreError;

/// Grows when the form of the index changes.
const FORMAT: u32 = 2;

/// File systems note times to two seconds or finer.
const GRANULARITY: Duration = Duration::from_secs(2);

/// Where the index of a store is kept, when there is a place.
#[derive(Debug)]
pub(super) struct Index {
    folder: Option<PathBuf>,
}

/// By what a change of a file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    bytes: u64,
    modified: Duration,
    /// When its name, its place or its bytes changed last; nobody can set it.
    changed: Duration,
    number: u64,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    name: FileName,
    stamp: Stamp,
    facts: Vec<Fact>,
}

impl Index {
    pub(super) fn new(root: &Path, cache: Option<&Path>) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let identity = Digest::of(root.as_os_str().as_encoded_bytes()).to_string();
        let version = format!("index-{}-{SCHEMA}-{FORMAT}", env!("CARGO_PKG_VERSION"));
        Self { folder: cache.map(|cache| cache.join(version).join(identity)) }
    }

    /// The facts of a month, without details, in no stated order.
    pub(super) fn facts(&self, month: &Month) -> Result<Vec<Fact>, StoreError> {
        let files = listing::files(month)?;
        let (mut entries, unknown) = self.known(month, files);
        if !unknown.is_empty() {
            entries.extend(read(month, unknown)?);
            self.keep(month, &entries);
        }
        Ok(entries.into_iter().flat_map(|entry| entry.facts).collect())
    }

    /// What is known of these files, and those of which nothing is.
    fn known(&self, month: &Month, files: Vec<FactFile>) -> (Vec<Entry>, Vec<FactFile>) {
        let Some((entries, written)) = self.load(month) else { return (Vec::new(), files) };
        let mut entries = entries.into_iter().peekable();
        let (mut known, mut unknown) = (Vec::with_capacity(files.len()), Vec::new());
        for file in files {
            while entries.next_if(|entry| entry.name < file.name).is_some() {}
            let is_same = |entry: &Entry| entry.name == file.name && entry.stamp == file.stamp;
            match entries.next_if(is_same) {
                Some(entry) if entry.stamp.changed + GRANULARITY <= written => known.push(entry),
                _ => unknown.push(file),
            }
        }
        (known, unknown)
    }

    /// The entries for a month, sorted by name, and when they were written.
    fn load(&self, month: &Month) -> Option<(Vec<Entry>, Duration)> {
        let path = self.path(month)?;
        let written = since_epoch(&fs::metadata(&path).ok()?);
        let bytes = fs::read(path).ok()?;
        let (digest, payload) = bytes.split_at_checked(32)?;
        if postcard::from_bytes::<Digest>(digest).ok()? != Digest::of(payload) {
            return None;
        }
        Some((postcard::from_bytes(payload).ok()?, written))
    }

    /// Keeps what was read. Not being able to costs time next time, and nothing else.
    fn keep(&self, month: &Month, entries: &[Entry]) {
        let Some(path) = self.path(month) else { return };
        let mut sorted: Vec<&Entry> = entries.iter().collect();
        sorted.sort_by(|one, other| one.name.cmp(&other.name));
        let Ok(payload) = postcard::to_stdvec(&sorted) else { return };
        let Ok(mut bytes) = postcard::to_stdvec(&Digest::of(&payload)) else { return };
        bytes.extend(payload);
        let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
        let _ = fs::create_dir_all(path.parent().unwrap_or(&path))
            .and_then(|()| fs::write(&temporary, bytes))
            .and_then(|()| fs::rename(&temporary, &path));
    }

    fn path(&self, month: &Month) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{}.index", month.name)))
    }
}

/// Reads files, as many side by side as the machine has cores.
fn read(month: &Month, files: Vec<FactFile>) -> Result<Vec<Entry>, StoreError> {
    side_by_side(files, |file| {
        let facts = reading::file(month, &file.name)?;
        let facts = facts.into_iter().map(Fact::without_details).collect();
        Ok(Entry { name: file.name, stamp: file.stamp, facts })
    })
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
fn since_epoch(metadata: &Metadata) -> Duration {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    modified.unwrap_or_default()
}
