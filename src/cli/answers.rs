//! The answers of a provider, kept by `verify --keep-answers` for `what-if`.
//!
//! They are a JSON report in the user's cache directory, by project and provider. A run that verified
//! only a part replaces only that part.

use std::path::{Path, PathBuf};

use super::{Failure, stdio};
use crate::contract::digest;
use crate::outcome::{InteractionResult, Report, Verdict};
use crate::report::json;

/// Keeps the answers of a run. One that replayed nothing has none, and those of an earlier one stay.
///
/// # Errors
/// Could not find out, when they cannot be written: somebody is going to ask for them.
pub(crate) fn keep(root: &Path, report: &Report) -> Result<(), Failure> {
    let path = path(root, &report.run.provider)?;
    let mut kept = report.clone();
    let earlier = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Report>(&bytes).ok());
    kept.interactions.retain(|result| result.verdict != Verdict::Skipped);
    if kept.interactions.is_empty() {
        stdio::note(
            "no answers were kept, for nothing was replayed; --force replays what is verified already",
        );
        return Ok(());
    }
    let is_new = |old: &InteractionResult| {
        kept.interactions.iter().any(|new| (&new.consumer, &new.content) == (&old.consumer, &old.content))
    };
    let others: Vec<_> =
        earlier.into_iter().flat_map(|report| report.interactions).filter(|old| !is_new(old)).collect();
    kept.interactions.extend(others);
    let mut bytes = Vec::new();
    let written = json::write(&kept, &mut bytes).and_then(|()| {
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(&path, bytes)
    });
    written.map_err(|error| {
        Failure::could_not_find_out(format!("the answers could not be kept in {}", path.display()))
            .because(&error)
    })
}

/// Reads answers: those in a file, or those that were kept.
///
/// # Errors
/// Could not find out, when there are none; asked wrongly, when the file is no JSON report.
pub(crate) fn read(named: Option<&Path>, root: &Path, provider: &str) -> Result<Report, Failure> {
    let path = named.map_or_else(|| path(root, provider), |path| Ok(path.to_owned()))?;
    let bytes = std::fs::read(&path).map_err(|error| {
        Failure::could_not_find_out(format!("no answers of {provider} are known"))
            .because(&error)
            .hint("keep them with `pactwright verify --keep-answers`")
            .hint("or name a JSON report of such a run with --answers FILE")
    })?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Failure::asked_wrongly(format!("{} is not a JSON report", path.display())).because(&error)
    })
}

fn path(root: &Path, provider: &str) -> Result<PathBuf, Failure> {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let name = format!("{}.json", digest(format!("{}\n{provider}", root.display())));
    let cache = dirs::cache_dir().ok_or_else(|| {
        Failure::could_not_find_out("there is no cache directory").hint("name a file with --answers")
    })?;
    Ok(cache.join("pactwright").join("answers").join(name))
}
