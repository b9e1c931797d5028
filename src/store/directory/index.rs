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
//! What is remembered of a month lies in two files: the facts, and by which files they came. The second is long and
//! is only read when something has changed, or for the newest files.
//!
//! An index that is damaged, or that another version has written, is as good as none.
//!
//! [`Directory::problems`]: super::Directory::problems

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::listing::{self, Month};
use super::packed::Packed;
use super::reading;
use super::remembered::{Entry, Files, Remembered, Stamp, since_epoch};
use crate::contract::Digest;
use crate::cores::{in_turn, side_by_side};
use crate::fact::SCHEMA;
use crate::store::StoreError;

/// Grows when the form of the index changes.
const FORMAT: u32 = 7;

/// The ends of the names under which the facts of a month and their files are remembered.
const FACTS: &str = "facts";
const FILES: &str = "files";

/// How many of the newest files of a month are looked at even when their names are known, in so many of the newest
/// months.
const WATCHED: usize = 500;
const WATCHED_MONTHS: usize = 2;

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
    /// The names of its files; none when its directory has not changed since.
    names: Option<Vec<OsString>>,
}

impl Index {
    pub(super) fn new(root: &Path, cache: Option<&Path>) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let identity = Digest::of(root.as_os_str().as_encoded_bytes()).to_string();
        let version = format!("index-{}-{SCHEMA}-{FORMAT}", env!("CARGO_PKG_VERSION"));
        Self { folder: cache.map(|cache| cache.join(version).join(identity)) }
    }

    /// Hands on the facts of these months, without details, in the order of months and of ids.
    pub(super) fn months(&self, months: Vec<Month>, mut take: impl FnMut(Packed)) -> Result<(), StoreError> {
        let newest = months.len().saturating_sub(WATCHED_MONTHS);
        let months = months.into_iter().enumerate();
        let months: Vec<_> =
            months.map(|(place, month)| (month, if place < newest { 0 } else { WATCHED })).collect();
        let read = |(month, watched)| self.month(self.listed(month)?, watched);
        in_turn(months, read, |month| month.map(&mut take))
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
        Ok(Listed { month, folder, remembered, names })
    }

    /// What is remembered of each file of a month, whether it is still so or not.
    pub(super) fn remembered(&self, month: &Month) -> BTreeMap<OsString, Entry> {
        let remembered =
            self.load(month).and_then(|(known, _)| Some((self.files(month, &known)?, known.packed)));
        remembered.map(|(files, packed)| files.with(&packed)).unwrap_or_default()
    }

    /// The facts of a month, so many of whose last files are looked at.
    fn month(&self, listed: Listed, watched: usize) -> Result<Packed, StoreError> {
        let Listed { month, folder, remembered, names } = listed;
        let (remembered, written) = match (remembered, &names) {
            (Some((remembered, _)), None) if watched == 0 => return Ok(remembered.packed),
            (Some(known), _) => known,
            (None, _) => return self.read_all((&month, folder), names),
        };
        let Some(files) = self.files(&month, &remembered) else {
            return self.read_all((&month, folder), names);
        };
        // What changed so shortly before it was noted that its time could not tell is not settled.
        let is_same = |path: &Path, stamp: &Stamp| {
            stamp.changed + GRANULARITY <= written
                && fs::metadata(path).is_ok_and(|metadata| Stamp::of(&metadata) == *stamp)
        };
        let is_named = |names: &Vec<OsString>| files.names().eq(names.iter().map(OsString::as_os_str));
        let length = names.as_ref().map_or(files.length(), Vec::len);
        let unwatched = length.saturating_sub(watched);
        let is_still = |(name, stamp): (&OsStr, &Stamp)| is_same(&month.path.join(name), stamp);
        let newest = || files.names().zip(files.stamps()).skip(unwatched);
        if names.as_ref().is_none_or(is_named) && newest().all(is_still) {
            return Ok(remembered.packed);
        }
        let names = names.unwrap_or_else(|| files.names().map(OsStr::to_owned).collect());
        let mut known = files.with(&remembered.packed);
        for name in names.iter().skip(unwatched) {
            if known.get(name).is_some_and(|entry| !is_same(&month.path.join(name), &entry.stamp)) {
                known.remove(name);
            }
        }
        self.read((&month, folder), &names, known)
    }

    /// Reads a month of which nothing is remembered.
    fn read_all(
        &self,
        (month, folder): (&Month, Option<Stamp>),
        names: Option<Vec<OsString>>,
    ) -> Result<Packed, StoreError> {
        let names = names.map_or_else(|| listing::names(&month.path), Ok)?;
        self.read((month, folder), &names, BTreeMap::new())
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
        });
        let (files, packed) = Files::of(entries.into_iter().collect::<Result<_, _>>()?)?;
        Ok(self.keep(month, folder, &files, packed))
    }

    /// What is remembered of a month, and when it was written down.
    fn load(&self, month: &Month) -> Option<(Remembered, Duration)> {
        let path = self.path(month, FACTS)?;
        let written = since_epoch(&fs::metadata(&path).ok()?);
        let bytes = fs::read(path).ok()?;
        let (digest, payload) = bytes.split_at_checked(32)?;
        if postcard::from_bytes::<Digest>(digest).ok()? != Digest::of(payload) {
            return None;
        }
        Some((postcard::from_bytes(payload).ok()?, written))
    }

    /// The files that what is remembered of a month was read from.
    fn files(&self, month: &Month, remembered: &Remembered) -> Option<Files> {
        let payload = fs::read(self.path(month, FILES)?).ok()?;
        if Digest::of(&payload) != remembered.files {
            return None;
        }
        postcard::from_bytes(&payload).ok()
    }

    /// Writes down what was read, and gives it back. Not being able to write it costs time next time, and nothing
    /// else.
    fn keep(&self, month: &Month, folder: Option<Stamp>, files: &Files, packed: Packed) -> Packed {
        let payload = postcard::to_stdvec(files).unwrap_or_default();
        let digest = Digest::of(&payload);
        let remembered = Remembered { folder, files: digest, packed };
        // In this order: facts that were read from other files than those beside them are as good as none.
        let _ = self.write(month, FILES, &payload).and_then(|()| {
            let payload = postcard::to_stdvec(&remembered).map_err(io::Error::other)?;
            let mut bytes = postcard::to_stdvec(&Digest::of(&payload)).map_err(io::Error::other)?;
            bytes.extend(payload);
            self.write(month, FACTS, &bytes)
        });
        remembered.packed
    }

    fn write(&self, month: &Month, kind: &str, bytes: &[u8]) -> io::Result<()> {
        let Some(path) = self.path(month, kind) else { return Ok(()) };
        let temporary = path.with_extension(format!("{kind}.{}.tmp", std::process::id()));
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(&temporary, bytes)?;
        fs::rename(&temporary, &path)
    }

    fn path(&self, month: &Month, kind: &str) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{}.{kind}", month.name)))
    }
}
