//! What did not pass in the last run, for `--last-failed`.
//!
//! Kept in the user's cache directory, by project and provider. A run that verified only a part
//! updates only that part: nothing that failed is forgotten because it was not tried again. An
//! interaction is known by what it asks: one that was changed since was never tried.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Failure;
use crate::contract::digest;
use crate::outcome::Verdict;
use crate::verification::Outcome;

/// The verdicts of the last run.
#[derive(Debug)]
pub(crate) struct LastRun {
    path: Option<PathBuf>,
    stored: Option<Stored>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Stored {
    /// By what was asked.
    by_identity: BTreeMap<String, Verdict>,
}

impl LastRun {
    /// Reads what is known of the last run of this project and provider.
    pub(crate) fn read(root: &Path, provider: &str) -> Result<Self, Failure> {
        let Some(path) = path(root, provider) else { return Ok(Self { path: None, stored: None }) };
        let stored = match std::fs::read(&path) {
            // A file that cannot be understood is as good as none: it is a cache, and is replaced.
            Ok(bytes) => serde_json::from_slice(&bytes).ok(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let message = format!("{} cannot be read", path.display());
                return Err(Failure::could_not_find_out(message).because(&error));
            }
        };
        Ok(Self { path: Some(path), stored })
    }

    /// What is known to have passed, by identity, or `None` when no run is known. Everything else,
    /// also what was never tried, has not.
    pub(crate) fn passed(&self) -> Option<BTreeSet<String>> {
        let stored = self.stored.as_ref()?;
        let passed = stored.by_identity.iter().filter(|(_, verdict)| **verdict == Verdict::Passed);
        Some(passed.map(|(identity, _)| identity.clone()).collect())
    }

    /// This run's verdicts over the known ones. Nothing is forgotten: a run of some pacts says
    /// nothing about the others, and what is in no pact any more selects nothing.
    pub(crate) fn updated(mut self, outcome: &Outcome) -> Self {
        let mut known = self.stored.take().unwrap_or_default().by_identity;
        let tried = outcome.results().filter(|(result, _)| result.verdict != Verdict::Skipped);
        let mut now: BTreeMap<String, Verdict> = BTreeMap::new();
        for (result, entry) in tried {
            // The same words may stand in two pacts: it has passed when it has passed in both.
            let verdict = now.entry(entry.identity()).or_insert(result.verdict);
            if *verdict == Verdict::Passed {
                *verdict = result.verdict;
            }
        }
        known.extend(now);
        self.stored = Some(Stored { by_identity: known });
        self
    }

    /// Remembers it. A machine without a writable cache directory verifies all the same.
    pub(crate) fn write(&self) {
        let (Some(path), Some(stored)) = (&self.path, &self.stored) else { return };
        if let (Some(parent), Ok(bytes)) = (path.parent(), serde_json::to_vec(stored)) {
            // Not being able to remember only costs a full run next time.
            let _ = std::fs::create_dir_all(parent).and_then(|()| std::fs::write(path, bytes));
        }
    }
}

fn path(root: &Path, provider: &str) -> Option<PathBuf> {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let identity = format!("{}\n{provider}", root.display());
    let name = format!("{}.json", digest(identity));
    Some(dirs::cache_dir()?.join("pactwright").join("last-run").join(name))
}
