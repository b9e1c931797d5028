//! What was read from the facts before, kept outside the store so that it need not be read again.
//!
//! It makes reading faster and can change no answer. The names in each directory that has changed are listed,
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
use std::ffi::{OsStr, OsString};
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
const FORMAT: u32 = 5;

/// How many of the newest files are looked at even when their names are known.
const WATCHED: usize = 1_000;

/// File systems note times to two seconds or finer.
const GRANULARITY: Duration = Duration::from_secs(2);

/// Where the index of a store is kept, when there is a place.
#[derive(Debug)]
pub(super) struct Index {
    folder: Option<PathBuf>,
}

/// A month, with what is remembered of it and what has been noticed since.
struct Listed {
    month: Month,
    /// What its directory looked like, before the names in it were listed.
    folder: Option<Stamp>,
    /// What is remembered, and when it was written down.
    remembered: Option<(Remembered, Duration)>,
    /// The names of its files; none when they are those that are remembered.
    names: Option<Vec<OsString>>,
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
        let listed = side_by_side(months, |month| self.listed(month))?;
        side_by_side(with_watched(listed), |listed| self.month(listed))
    }

    /// The names of a month; a directory that has not changed has the same names.
    fn listed(&self, month: Month) -> Result<Listed, StoreError> {
        let folder = fs::metadata(&month.path).ok().map(|metadata| Stamp::of(&metadata));
        let remembered = self.load(&month);
        let is_same = remembered.as_ref().is_some_and(|(remembered, written)| {
            let settled = |stamp: &Stamp| stamp.changed + GRANULARITY <= *written;
            folder == remembered.folder && folder.as_ref().is_some_and(settled)
        });
        let names = if is_same { None } else { Some(listing::names(&month.path)?) };
        Ok(Listed { month, folder, remembered, names, watched: 0 })
    }

    /// What is remembered of a month, whether it is still so or not.
    pub(super) fn remembered(&self, month: &Month) -> Remembered {
        self.load(month).map(|(remembered, _)| remembered).unwrap_or_default()
    }

    fn month(&self, listed: Listed) -> Result<Packed, StoreError> {
        let unwatched = listed.length() - listed.watched;
        let Listed { month, folder, remembered, names, .. } = listed;
        let Some((remembered, written)) = remembered else {
            return self.read((&month, folder), &names.unwrap_or_default(), BTreeMap::new());
        };
        // What changed so shortly before it was noted that its time could not tell is not settled.
        let is_same = |path: &Path, stamp: &Stamp| {
            stamp.changed + GRANULARITY <= written
                && fs::metadata(path).is_ok_and(|metadata| Stamp::of(&metadata) == *stamp)
        };
        let is_named = |names: &Vec<OsString>| remembered.names().eq(names.iter().map(OsString::as_os_str));
        let is_still = |(name, stamp): (&OsStr, &Stamp)| is_same(&month.path.join(name), stamp);
        let watched = || remembered.names().zip(remembered.stamps()).skip(unwatched);
        if names.as_ref().is_none_or(is_named) && watched().all(is_still) {
            return Ok(remembered.packed);
        }
        let names = names.unwrap_or_else(|| remembered.names().map(OsStr::to_owned).collect());
        let mut known = remembered.into_entries();
        for name in &names[unwatched..] {
            if known.get(name).is_some_and(|entry| !is_same(&month.path.join(name), &entry.stamp)) {
                known.remove(name);
            }
        }
        self.read((&month, folder), &names, known)
    }

    /// Takes from `known` what it has, reads the rest, and remembers both.
    fn read(
        &self,
        (month, folder): (&Month, Option<Stamp>),
        names: &[OsString],
        mut known: BTreeMap<OsString, Entry>,
    ) -> Result<Packed, StoreError> {
        let files: Vec<_> = names.iter().map(|name| (name, known.remove(name))).collect();
        let entries = side_by_side(files, |(name, entry)| match entry {
            Some(entry) => Ok((name, entry)),
            None => reading::stamped(month, &listing::file(month, name)?).map(|entry| (name, entry)),
        })?;
        let remembered = Remembered::of(folder, entries)?;
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

impl Listed {
    /// How many files there are.
    fn length(&self) -> usize {
        let remembered = || self.remembered.as_ref().map_or(0, |(remembered, _)| remembered.stamps().count());
        self.names.as_ref().map_or_else(remembered, Vec::len)
    }
}

/// The newest files are watched: those that come last in the newest months.
fn with_watched(mut months: Vec<Listed>) -> Vec<Listed> {
    let mut left = WATCHED;
    for month in months.iter_mut().rev() {
        month.watched = month.length().min(left);
        left -= month.watched;
    }
    months
}
