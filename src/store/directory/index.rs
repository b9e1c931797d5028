//! What was read from the facts before, kept outside the store so that it need not be read again.
//!
//! It makes reading faster and can change no answer. The names in each directory are listed each time,
//! and no name ever stands for two texts: a file with one fact is written once, under an id that nobody else has, and
//! a file with many is named by its content. So the names say which facts there are, and a file is
//! read when its name is new. A file that goes takes its facts with it.
//!
//! Somebody may break that law with an editor, or a disk may lose the end of a file that was just copied. Therefore
//! the newest files are looked at as well, and read again unless their size, times and number on the disk are
//! those that were noted. To look at all of them would take most of the time; [`Directory::problems`]
//! reads all of them, and names a file that no longer says what it said.
//!
//! An index that is damaged, or that another version has written, is as good as none.
//!
//! [`Directory::problems`]: super::Directory::problems

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::listing::{self, Month};
use super::packed::Packed;
use super::reading;
use super::remembered::{Entry, Remembered, Stamp, since_epoch};
use super::side_by_side::side_by_side;
use crate::contract::Digest;
use crate::fact::SCHEMA;
use crate::store::StoreError;

/// Grows when the form of the index changes.
const FORMAT: u32 = 4;

/// How many of the newest files are looked at even when their names are known.
const WATCHED: usize = 10_000;

/// File systems note times to two seconds or finer.
const GRANULARITY: Duration = Duration::from_secs(2);

/// Where the index of a store is kept, when there is a place.
#[derive(Debug)]
pub(super) struct Index {
    folder: Option<PathBuf>,
}

/// A month with the names of its files.
struct Listed {
    month: Month,
    names: Vec<OsString>,
    /// How many of the last names are looked at.
    watched: usize,
}

impl Index {
    pub(super) fn new(root: &Path, cache: Option<&Path>) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let identity = Digest::of(root.as_os_str().as_encoded_bytes()).to_string();
        let version = format!("index-{}-{SCHEMA}-{FORMAT}", env!("CARGO_PKG_VERSION"));
        Self { folder: cache.map(|cache| cache.join(version).join(identity)) }
    }

    /// The facts of these months, without details, each month in the order of ids.
    pub(super) fn months(&self, months: Vec<Month>) -> Result<Vec<Packed>, StoreError> {
        let listed = side_by_side(months, |month| {
            let names = listing::names(&month.path)?;
            Ok(Listed { month, names, watched: 0 })
        })?;
        side_by_side(with_watched(listed), |listed| self.month(&listed))
    }

    /// What is remembered of a month, whether it is still so or not.
    pub(super) fn remembered(&self, month: &Month) -> Remembered {
        self.load(month).map(|(remembered, _)| remembered).unwrap_or_default()
    }

    fn month(&self, listed: &Listed) -> Result<Packed, StoreError> {
        let Some((remembered, written)) = self.load(&listed.month) else {
            return self.read(listed, BTreeMap::new());
        };
        // What changed so shortly before it was noted that its time could not tell is not settled.
        let is_same = |path: &Path, stamp: &Stamp| {
            stamp.changed + GRANULARITY <= written
                && fs::metadata(path).is_ok_and(|metadata| Stamp::of(&metadata) == *stamp)
        };
        let unwatched = listed.names.len() - listed.watched;
        if remembered.names().eq(listed.names.iter().map(|name| name.as_encoded_bytes())) {
            let watched = listed.names.iter().zip(remembered.stamps()).skip(unwatched);
            if watched.into_iter().all(|(name, stamp)| is_same(&listed.month.path.join(name), stamp)) {
                return Ok(remembered.packed);
            }
        }
        let mut known = remembered.into_entries();
        for name in &listed.names[unwatched..] {
            if known.get(name).is_some_and(|entry| !is_same(&listed.month.path.join(name), &entry.stamp)) {
                known.remove(name);
            }
        }
        self.read(listed, known)
    }

    /// Takes from `known` what it has, reads the rest, and remembers both.
    fn read(&self, listed: &Listed, mut known: BTreeMap<OsString, Entry>) -> Result<Packed, StoreError> {
        let month = &listed.month;
        let files: Vec<_> = listed.names.iter().map(|name| (name, known.remove(name))).collect();
        let entries = side_by_side(files, |(name, entry)| match entry {
            Some(entry) => Ok((name, entry)),
            None => reading::stamped(month, &listing::file(month, name)?).map(|entry| (name, entry)),
        })?;
        let remembered = Remembered::of(entries)?;
        self.keep(month, &remembered);
        Ok(remembered.packed)
    }

    /// What is remembered of a month, and when it was written down.
    fn load(&self, month: &Month) -> Option<(Remembered, Duration)> {
        let path = self.path(month)?;
        let written = since_epoch(&fs::metadata(&path).ok()?);
        let bytes = fs::read(path).ok()?;
        let (digest, payload) = bytes.split_at_checked(32)?;
        if postcard::from_bytes::<Digest>(digest).ok()? != Digest::of(payload) {
            return None;
        }
        Some((postcard::from_bytes(payload).ok()?, written))
    }

    /// Writes down what was read. Not being able to costs time next time, and nothing else.
    fn keep(&self, month: &Month, remembered: &Remembered) {
        let Some(path) = self.path(month) else { return };
        let Ok(payload) = postcard::to_stdvec(remembered) else { return };
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

/// The newest files are watched: those that come last in the newest months.
fn with_watched(mut months: Vec<Listed>) -> Vec<Listed> {
    let mut left = WATCHED;
    for month in months.iter_mut().rev() {
        month.watched = month.names.len().min(left);
        left -= month.watched;
    }
    months
}
