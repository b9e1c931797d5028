//! What lies in the directories of a store, before any of it is read.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::contract::Digest;
use crate::fact::FactId;
use crate::store::StoreError;

/// The facts of one month.
#[derive(Debug)]
pub(super) struct Month {
    pub(super) path: PathBuf,
    /// Year and month, as `2026-11`.
    pub(super) name: String,
}

/// What a file with facts is called, in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FileName {
    /// One fact: its id and its kind.
    One(FactId, String),
    /// Several facts, named by the digest of the file.
    Many(Digest),
}

impl FileName {
    fn read(name: &str) -> Option<Self> {
        if let Some(digest) = name.strip_suffix(".jsonl") {
            return digest.parse().ok().map(Self::Many);
        }
        let (id, kind) = name.strip_suffix(".json")?.split_once('-')?;
        Some(Self::One(id.parse().ok()?, kind.to_owned()))
    }

    pub(super) fn path(&self, month: &Path) -> PathBuf {
        month.join(self.name())
    }

    pub(super) fn name(&self) -> OsString {
        OsString::from(match self {
            Self::One(id, kind) => format!("{id}-{kind}.json"),
            Self::Many(digest) => format!("{digest}.jsonl"),
        })
    }
}

/// The names of all contents, in their order.
pub(super) fn contents(path: &Path) -> Result<Vec<Digest>, StoreError> {
    let digest = |name: OsString| {
        let digest = name.to_str().and_then(|name| name.strip_suffix(".json")?.parse().ok());
        digest.ok_or_else(|| misplaced(path, &name, "is not the name of a content"))
    };
    let mut digests: Vec<_> = names(path)?.into_iter().map(digest).collect::<Result<_, _>>()?;
    digests.sort();
    Ok(digests)
}

/// The months for which there are facts, in their order.
pub(super) fn months(path: &Path) -> Result<Vec<Month>, StoreError> {
    let month = |name: OsString| match name.to_str() {
        Some(text) if is_month(text) => Ok(Month { path: path.join(text), name: text.to_owned() }),
        _ => Err(misplaced(path, &name, "is not a year and month")),
    };
    names(path)?.into_iter().map(month).collect()
}

/// The files with the facts of a month, in the order of their names.
pub(super) fn files(month: &Month) -> Result<Vec<FileName>, StoreError> {
    let mut files: Vec<_> = scan(month)?.into_iter().collect::<Result<_, _>>()?;
    files.sort_unstable();
    Ok(files)
}

/// Each thing that lies in a month: a file with facts, or what is wrong with it.
pub(super) fn scan(month: &Month) -> Result<Vec<Result<FileName, StoreError>>, StoreError> {
    Ok(names(&month.path)?.iter().map(|name| file(month, name)).collect())
}

/// A file with facts, by its name.
pub(super) fn file(month: &Month, name: &OsStr) -> Result<FileName, StoreError> {
    match name.to_str().and_then(FileName::read) {
        None => Err(misplaced(&month.path, name, "is not the name of a fact")),
        Some(FileName::One(id, _)) if id.month() != month.name => {
            Err(misplaced(&month.path, name, "lies in another month than its own"))
        }
        Some(file) => Ok(file),
    }
}

/// How often a directory is listed anew when names go meanwhile.
const TRIES: usize = 100;

/// The names of all that lies in a directory but for those that begin with a dot, in the order of their
/// bytes; none when the directory does not exist.
///
/// A list that is made while files are put together may have neither the new name nor the old ones. So it
/// counts when the directory has not changed meanwhile, or when nothing has gone since the list before.
pub(super) fn names(path: &Path) -> Result<Vec<OsString>, StoreError> {
    let changed = || fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let mut before: Option<Vec<OsString>> = None;
    for _ in 0..TRIES {
        let since = changed();
        let names = listed(path)?;
        let has_all = |known: &Vec<OsString>| known.iter().all(|name| names.binary_search(name).is_ok());
        if changed() == since || before.as_ref().is_some_and(has_all) {
            return Ok(names);
        }
        before = Some(names);
    }
    Err(StoreError::Misplaced { path: path.to_owned(), reason: "changes faster than it can be listed" })
}

fn listed(path: &Path) -> Result<Vec<OsString>, StoreError> {
    let unreadable = |source| StoreError::Read { path: path.to_owned(), source };
    let found = match fs::read_dir(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut names = Vec::new();
    for entry in found {
        let name = entry.map_err(unreadable)?.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn is_month(name: &str) -> bool {
    let digits = |range: &str| range.bytes().all(|byte| byte.is_ascii_digit());
    name.split_once('-')
        .is_some_and(|(year, month)| year.len() == 4 && month.len() == 2 && digits(year) && digits(month))
}

fn misplaced(directory: &Path, name: &OsStr, reason: &'static str) -> StoreError {
    StoreError::Misplaced { path: directory.join(name), reason }
}
