//! What keeps a directory in order: finding everything that is wrong, removing what is no longer
//! needed, and putting the facts of a month into one file.
//!
//! Each step can be the last one: what is put together is written before the single files go, and a
//! fact that lies in two files counts once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::listing::{self, FileName, Month};
use super::settled::{has_gone, settled};
use super::write::{Made, UNFINISHED};
use super::{Directory, reading};
use crate::contract::Digest;
use crate::fact::{Fact, FactId};
use crate::store::{Store, StoreError};

/// How many files there are before and after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Files that went.
    pub removed: usize,
    /// Files that were written for them.
    pub written: usize,
}

/// What is said of a file that somebody has edited.
const CHANGED: &str =
    "was changed after it had been read: a fact is never changed, only another one recorded";

impl Directory {
    /// Everything that is wrong with the files of the store, one error each.
    ///
    /// # Errors
    /// When there is no store, or its directories cannot be listed.
    pub fn problems(&self) -> Result<Vec<StoreError>, StoreError> {
        self.check()?;
        let (mut problems, facts) = self.looked_at()?;
        problems.extend(reading::in_order(facts).err());
        for digest in self.contents()? {
            problems.extend(self.content(digest).err());
        }
        problems.extend(self.owners().err());
        Ok(problems)
    }

    /// All facts that can be read, in no order, and what is wrong with the others.
    ///
    /// # Errors
    /// When the directories cannot be listed.
    pub fn looked_at(&self) -> Result<(Vec<StoreError>, Vec<Fact>), StoreError> {
        settled(|| {
            let (mut problems, facts) = self.look()?;
            match problems.iter().position(has_gone) {
                Some(gone) => Err(problems.swap_remove(gone)),
                None => Ok((problems, facts)),
            }
        })
    }

    fn look(&self) -> Result<(Vec<StoreError>, Vec<Fact>), StoreError> {
        let (mut problems, mut facts) = (Vec::new(), Vec::new());
        for month in listing::months(&self.facts_path())? {
            let remembered = self.index.remembered(&month);
            for file in listing::scan(&month)? {
                let read = file.and_then(|file| {
                    let found = reading::file(&month, &file)?;
                    if remembered.get(&file.name()).is_some_and(|entry| !entry.is_of(&found)) {
                        let path = file.path(&month.path);
                        return Err(StoreError::Misplaced { path, reason: CHANGED });
                    }
                    Ok(found)
                });
                match read {
                    Ok(found) => facts.extend(found),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        Ok((problems, facts))
    }

    /// Files that a writer has left unfinished. They are no facts, and nobody reads them.
    ///
    /// # Errors
    /// When a directory cannot be listed.
    pub fn unfinished(&self) -> Result<Vec<PathBuf>, StoreError> {
        let months = listing::months(&self.facts_path())?;
        let folders = months.into_iter().map(|month| month.path).chain([self.contents_path()]);
        let mut found = Vec::new();
        for folder in folders.filter(|folder| folder.is_dir()) {
            let unreadable = |source| StoreError::Read { path: folder.clone(), source };
            for entry in fs::read_dir(&folder).map_err(unreadable)? {
                let entry = entry.map_err(unreadable)?;
                if entry.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes()) {
                    found.push(entry.path());
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// The contents whose files have not changed since `before`: a publisher writes them first, and what names
    /// a younger one may still come.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub fn contents_before(&self, before: SystemTime) -> Result<Vec<Digest>, StoreError> {
        let is_older = |digest: &Digest| {
            let modified = fs::metadata(self.content_path(*digest)).and_then(|metadata| metadata.modified());
            modified.is_ok_and(|modified| modified < before)
        };
        Ok(self.contents()?.into_iter().filter(is_older).collect())
    }

    /// Removes facts, and contents that no other fact needs.
    ///
    /// # Errors
    /// When a file cannot be read, written or removed; what was removed until then stays removed.
    pub fn remove(&self, facts: &BTreeSet<FactId>, contents: &BTreeSet<Digest>) -> Result<(), StoreError> {
        for month in listing::months(&self.facts_path())? {
            for file in listing::files(&month)? {
                match &file {
                    FileName::One(id, _) if facts.contains(id) => remove(&file.path(&month.path))?,
                    FileName::One(..) => {}
                    FileName::Many(_) => Self::without(&month, &file, facts)?,
                }
            }
        }
        contents.iter().try_for_each(|digest| remove(&self.content_path(*digest)))
    }

    /// Puts the facts of each month before `month` (as `2026-11`) into one file, which is named by its
    /// content.
    ///
    /// # Errors
    /// When a file cannot be read, written or removed.
    pub fn compact(&self, month: &str) -> Result<Compacted, StoreError> {
        let mut compacted = Compacted::default();
        for (month, files) in self.scattered(month)? {
            let facts: Vec<_> =
                files.iter().map(|file| reading::file(&month, file)).collect::<Result<_, _>>()?;
            let facts = reading::in_order(facts.into_iter().flatten().collect())?;
            let name = Self::write_together(&month, &facts)?;
            for file in files.iter().filter(|file| **file != name) {
                remove(&file.path(&month.path))?;
                compacted.removed += 1;
            }
            compacted.written += 1;
        }
        Ok(compacted)
    }

    /// What [`compact`](Self::compact) would do as the files are now, at most.
    ///
    /// # Errors
    /// When the directories cannot be listed.
    pub fn compactable(&self, month: &str) -> Result<Compacted, StoreError> {
        let months = self.scattered(month)?;
        let removed = months.iter().map(|(_, files)| files.len()).sum();
        Ok(Compacted { removed, written: months.len() })
    }

    /// The months before `month` whose facts lie in several files.
    fn scattered(&self, month: &str) -> Result<Vec<(Month, Vec<FileName>)>, StoreError> {
        let mut scattered = Vec::new();
        for known in listing::months(&self.facts_path())? {
            if known.name.as_str() < month {
                let files = listing::files(&known)?;
                scattered.extend((files.len() > 1).then_some((known, files)));
            }
        }
        Ok(scattered)
    }

    /// Replaces a file of many facts by one without some of them.
    fn without(month: &Month, file: &FileName, facts: &BTreeSet<FactId>) -> Result<(), StoreError> {
        let all = reading::file(month, file)?;
        let kept: Vec<_> = all.iter().filter(|fact| !facts.contains(&fact.id)).cloned().collect();
        if kept.len() == all.len() {
            return Ok(());
        }
        if !kept.is_empty() {
            Self::write_together(month, &kept)?;
        }
        remove(&file.path(&month.path))
    }

    fn write_together(month: &Month, facts: &[Fact]) -> Result<FileName, StoreError> {
        let mut text = String::new();
        for fact in facts {
            text.push_str(&fact.to_line());
            text.push('\n');
        }
        let name = FileName::Many(Digest::of(&text));
        let path = name.path(&month.path);
        match Self::write(&path, &text)? {
            Made::Now | Made::Already => Ok(name),
            Made::Otherwise => Err(StoreError::Damaged { path }),
        }
    }
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::Write { path: path.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}
