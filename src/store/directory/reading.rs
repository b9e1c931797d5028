//! Facts from files. What cannot be read is named and refused, never left out.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::listing::{self, FileName, Month};
use super::remembered::{Entry, Stamp};
use crate::contract::Digest;
use crate::fact::{Fact, FactId};
use crate::store::StoreError;

/// The facts of one file, whole.
pub(super) fn file(month: &Month, name: &FileName) -> Result<Vec<Fact>, StoreError> {
    stamped_file(month, name).map(|(_, facts)| facts)
}

/// The facts of one file, without details, and what the file looked like before it was read.
pub(super) fn stamped(month: &Month, name: &FileName) -> Result<Entry, StoreError> {
    let (stamp, facts) = stamped_file(month, name)?;
    Ok(Entry { stamp, facts: facts.into_iter().map(Fact::without_details).collect() })
}

fn stamped_file(month: &Month, name: &FileName) -> Result<(Stamp, Vec<Fact>), StoreError> {
    let path = name.path(&month.path);
    let (stamp, text) = text(&path).map_err(|source| StoreError::Read { path: path.clone(), source })?;
    Ok((stamp, facts(month, name, &text, path)?))
}

fn text(path: &Path) -> io::Result<(Stamp, String)> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    let mut text = String::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    file.read_to_string(&mut text)?;
    Ok((Stamp::of(&metadata), text))
}

fn facts(month: &Month, name: &FileName, text: &str, path: PathBuf) -> Result<Vec<Fact>, StoreError> {
    match name {
        FileName::One(id, kind) => {
            let fact = fact(text, || path.display().to_string())?;
            if fact.id != *id || fact.what.kind() != kind {
                return Err(StoreError::Misplaced { path, reason: "holds another fact than its name says" });
            }
            Ok(vec![fact])
        }
        FileName::Many(digest) if Digest::of(text) != *digest => Err(StoreError::Damaged { path }),
        FileName::Many(_) => {
            let line = |(index, line)| fact(line, || format!("{}:{}", path.display(), index + 1));
            let facts: Vec<Fact> = text.lines().enumerate().map(line).collect::<Result<_, _>>()?;
            if facts.iter().any(|fact| fact.id.month() != month.name) {
                return Err(StoreError::Misplaced { path, reason: "holds facts of another month" });
            }
            Ok(facts)
        }
    }
}

/// One fact with everything that it says.
pub(super) fn one(month: &Month, id: FactId) -> Result<Fact, StoreError> {
    // Whoever asks for one fact mostly wants the verdicts of a verification: no list is needed for these.
    let verified = FileName::One(id, "verified".to_owned());
    if verified.path(&month.path).is_file() {
        return file(month, &verified)?.into_iter().next().ok_or(StoreError::NoFact { id });
    }
    let files = listing::files(month)?;
    let single = files.iter().find(|name| matches!(name, FileName::One(known, _) if *known == id));
    let many = files.iter().filter(|name| matches!(name, FileName::Many(_)));
    for candidate in single.into_iter().chain(many) {
        let facts = file(month, candidate)?;
        if let Some(fact) = facts.into_iter().find(|fact| fact.id == id) {
            return Ok(fact);
        }
    }
    Err(StoreError::NoFact { id })
}

/// Facts in the order of their ids, each once: one that was put together with others may also lie
/// there alone.
pub(super) fn in_order(mut facts: Vec<Fact>) -> Result<Vec<Fact>, StoreError> {
    facts.sort_by_key(|fact| fact.id);
    let differs = |pair: &&[Fact]| pair[0].id == pair[1].id && pair[0] != pair[1];
    if let Some(pair) = facts.windows(2).find(differs) {
        return Err(StoreError::TwoFacts { id: pair[0].id });
    }
    facts.dedup_by_key(|fact| fact.id);
    Ok(facts)
}

fn fact(text: &str, place: impl Fn() -> String) -> Result<Fact, StoreError> {
    Fact::from_text(text).map_err(|source| StoreError::NotAFact { place: place(), source })
}
