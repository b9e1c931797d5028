//! What lies in the directories of a store, before any of it is read.

use std::fs::{self, DirEntry};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::index::Stamp;
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

/// A file with facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FactFile {
    pub(super) name: FileName,
    pub(super) stamp: Stamp,
}

/// What a file with facts is called, in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
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
        month.join(match self {
            Self::One(id, kind) => format!("{id}-{kind}.json"),
            Self::Many(digest) => format!("{digest}.jsonl"),
        })
    }
}

/// The names of all contents, in their order.
pub(super) fn contents(path: &Path) -> Result<Vec<Digest>, StoreError> {
    let name = |entry: DirEntry| {
        let name = entry.file_name();
        let digest = name.to_str().and_then(|name| name.strip_suffix(".json")?.parse().ok());
        digest.ok_or_else(|| misplaced(&entry, "is not the name of a content"))
    };
    let mut digests: Vec<_> = entries(path)?.into_iter().map(name).collect::<Result<_, _>>()?;
    digests.sort();
    Ok(digests)
}

/// The months for which there are facts, in their order.
pub(super) fn months(path: &Path) -> Result<Vec<Month>, StoreError> {
    let month = |entry: DirEntry| match entry.file_name().to_str() {
        Some(name) if is_month(name) => Ok(Month { path: entry.path(), name: name.to_owned() }),
        _ => Err(misplaced(&entry, "is not a year and month")),
    };
    let mut months: Vec<_> = entries(path)?.into_iter().map(month).collect::<Result<_, _>>()?;
    months.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(months)
}

/// The files with the facts of a month, in the order of their names.
pub(super) fn files(month: &Month) -> Result<Vec<FactFile>, StoreError> {
    let mut files: Vec<_> = scan(month)?.into_iter().collect::<Result<_, _>>()?;
    files.sort_unstable_by(|one: &FactFile, other| one.name.cmp(&other.name));
    Ok(files)
}

/// Each thing that lies in a month: a file with facts, or what is wrong with it.
pub(super) fn scan(month: &Month) -> Result<Vec<Result<FactFile, StoreError>>, StoreError> {
    let file = |entry: DirEntry| {
        let name = entry.file_name().to_str().and_then(FileName::read);
        let name = name.ok_or_else(|| misplaced(&entry, "is not the name of a fact"))?;
        match &name {
            FileName::One(id, _) if id.month() != month.name => {
                return Err(misplaced(&entry, "lies in another month than its own"));
            }
            _ => {}
        }
        let metadata = entry.metadata().map_err(|source| StoreError::Read { path: entry.path(), source })?;
        Ok(FactFile { name, stamp: Stamp::of(&metadata) })
    };
    Ok(entries(&month.path)?.into_iter().map(file).collect())
}

/// What lies in a directory, without what begins with a dot; nothing when it does not exist.
fn entries(path: &Path) -> Result<Vec<DirEntry>, StoreError> {
    let unreadable = |source| StoreError::Read { path: path.to_owned(), source };
    let found = match fs::read_dir(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut entries = Vec::new();
    for entry in found {
        let entry = entry.map_err(unreadable)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            entries.push(entry);
        }
    }
    Ok(entries)
}

fn is_month(name: &str) -> bool {
    let digits = |range: &str| range.bytes().all(|byte| byte.is_ascii_digit());
    name.split_once('-')
        .is_some_and(|(year, month)| year.len() == 4 && month.len() == 2 && digits(year) && digits(month))
}

fn misplaced(entry: &DirEntry, reason: &'static str) -> StoreError {
    StoreError::Misplaced { path: entry.path(), reason }
}
