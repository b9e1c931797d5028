//! A shared directory: plain files that people read in a review and git merges without conflict.
//!
//! ```text
//! owners.toml                              application -> team, contact, repository, main branch
//! ledger/contents/<digest>.json            a published contract, named by its content
//! ledger/facts/<year-month>/<id>-<kind>.json       one fact each
//! ledger/facts/<year-month>/<digest>.jsonl         facts that `prune` has put together, one a line
//! ```
//!
//! No file is ever changed after it has got its name, and no two different files ever want the
//! same one. So there is no lock: two writers cannot meet, and a crash leaves a fact or nothing.
//! Names that begin with a dot are not looked at; everything else that does not belong is refused.

mod index;
mod listing;
mod maintain;
mod owners;
mod packed;
mod reading;
mod remembered;
mod settled;
mod words;
mod write;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use self::index::Index;
use self::listing::Month;
pub use self::maintain::Compacted;
use self::packed::Packed;
use self::settled::settled;
use self::write::Made;
use super::{Store, StoreError};
use crate::contract::Digest;
use crate::cores::side_by_side;
use crate::fact::{Fact, FactId, Owners, State};

/// A store in a directory.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    index: Index,
}

impl Directory {
    /// The store below `root`, which is made when something is first written.
    ///
    /// With a cache directory, what was read from the facts is kept there, and read again as long as
    /// the files have not changed.
    #[must_use]
    pub fn new(root: PathBuf, cache: Option<&Path>) -> Self {
        let index = Index::new(&root, cache);
        Self { root, index }
    }

    /// The directory.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether anything was ever recorded here.
    #[must_use]
    pub fn has_facts(&self) -> bool {
        self.facts_path().is_dir()
    }

    /// The text of `owners.toml`, when there is one and it can be understood.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub fn owners_text(&self) -> Result<Option<String>, StoreError> {
        let path = self.owners_path();
        let text = owners::text(&path)?;
        text.iter().try_for_each(|text| owners::parse(&path, text).map(drop))?;
        Ok(text)
    }

    /// Writes `owners.toml` where there is none.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_owners(&self, text: &str) -> Result<(), StoreError> {
        match Self::write(&self.owners_path(), text)? {
            Made::Now | Made::Already => Ok(()),
            Made::Otherwise => Err(StoreError::Misplaced {
                path: self.owners_path(),
                reason: "is there already and says something else",
            }),
        }
    }

    fn owners_path(&self) -> PathBuf {
        self.root.join("owners.toml")
    }

    fn contents_path(&self) -> PathBuf {
        self.root.join("ledger").join("contents")
    }

    fn facts_path(&self) -> PathBuf {
        self.root.join("ledger").join("facts")
    }

    fn content_path(&self, digest: Digest) -> PathBuf {
        self.contents_path().join(format!("{digest}.json"))
    }

    fn fact_path(&self, fact: &Fact) -> PathBuf {
        self.facts_path().join(fact.id.month()).join(format!("{}-{}.json", fact.id, fact.what.kind()))
    }

    /// Writes a file that is not there yet. One that is there has the same text, or it is damaged.
    fn write(path: &Path, text: &str) -> Result<Made, StoreError> {
        match fs::read(path) {
            Ok(known) if known == text.as_bytes() => Ok(Made::Already),
            Ok(_) => Ok(Made::Otherwise),
            Err(error) if error.kind() == ErrorKind::NotFound => write::write(path, text),
            Err(source) => Err(StoreError::Read { path: path.to_owned(), source }),
        }
    }

    /// What `take` makes of the facts of one month after the other, without details, beginning with `start`.
    fn folded<T>(&self, start: impl Fn() -> T, take: impl Fn(&mut T, &Packed)) -> Result<T, StoreError> {
        settled(|| {
            let mut folded = start();
            let months = listing::months(&self.facts_path())?;
            self.index.months(months, |month| take(&mut folded, &month))?;
            Ok(folded)
        })
    }

    /// A directory that is not there holds no store, which is something else than an empty one.
    fn check(&self) -> Result<(), StoreError> {
        if self.root.is_dir() { Ok(()) } else { Err(StoreError::NoStore { path: self.root.clone() }) }
    }
}

impl Store for Directory {
    fn put(&self, content: &str) -> Result<Digest, StoreError> {
        let digest = Digest::of(content);
        let path = self.content_path(digest);
        match Self::write(&path, content)? {
            Made::Now | Made::Already => Ok(digest),
            Made::Otherwise => Err(StoreError::Damaged { path }),
        }
    }

    fn content(&self, digest: Digest) -> Result<String, StoreError> {
        self.check()?;
        let path = self.content_path(digest);
        match fs::read_to_string(&path) {
            Ok(text) if Digest::of(&text) == digest => Ok(text),
            Ok(_) => Err(StoreError::Damaged { path }),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(StoreError::NoContent { digest }),
            Err(error) if error.kind() == ErrorKind::InvalidData => Err(StoreError::Damaged { path }),
            Err(source) => Err(StoreError::Read { path, source }),
        }
    }

    fn contents(&self) -> Result<Vec<Digest>, StoreError> {
        self.check()?;
        listing::contents(&self.contents_path())
    }

    fn append(&self, fact: &Fact) -> Result<(), StoreError> {
        match Self::write(&self.fact_path(fact), &fact.to_text())? {
            Made::Now | Made::Already => Ok(()),
            Made::Otherwise => Err(StoreError::TwoFacts { id: fact.id }),
        }
    }

    fn facts(&self) -> Result<Vec<Fact>, StoreError> {
        self.check()?;
        self.folded(Vec::new, |facts, month| facts.extend(month.facts()))
    }

    fn state(&self) -> Result<State, StoreError> {
        self.check()?;
        let owners = self.owners()?;
        self.folded(|| State::new(owners.clone()), |state, month| month.apply_to(state))
    }

    fn whole_facts(&self) -> Result<Vec<Fact>, StoreError> {
        self.check()?;
        settled(|| {
            let mut facts = Vec::new();
            for month in listing::months(&self.facts_path())? {
                let files = listing::files(&month)?;
                for read in side_by_side(files, |file| reading::file(&month, &file)) {
                    facts.extend(read?);
                }
            }
            reading::in_order(facts)
        })
    }

    fn fact(&self, id: FactId) -> Result<Fact, StoreError> {
        self.check()?;
        let month = Month { path: self.facts_path().join(id.month()), name: id.month() };
        settled(|| reading::one(&month, id))
    }

    fn owners(&self) -> Result<Owners, StoreError> {
        owners::read(&self.owners_path())
    }
}
