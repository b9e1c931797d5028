//! `owners.toml`: whom to call about an application.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Failure, toml_file};
use crate::fact::{About, Owners};
use crate::name::Line;
use crate::outcome::Owner;

/// The file that is looked for beside the pacts.
const FILE_NAME: &str = "owners.toml";

/// Reads the owners beside the pacts at `paths`, and those in `root/pacts`.
///
/// # Errors
/// Asked wrongly, when a file cannot be read: a failure that names nobody helps nobody.
pub(crate) fn read(paths: &[String], root: &Path) -> Result<BTreeMap<String, Owner>, Failure> {
    let mut owners = BTreeMap::new();
    for path in candidates(paths, root) {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => {
                let message = format!("{} cannot be read", path.display());
                return Err(Failure::asked_wrongly(message).because(&error));
            }
        };
        let entries: Owners = toml_file::parse(&path, &text)?;
        for (name, about) in entries {
            owners.entry(name.into()).or_insert_with(|| owner(about));
        }
    }
    Ok(owners)
}

fn owner(about: About) -> Owner {
    let text = |line: Option<Line>| line.map(String::from);
    Owner { team: text(about.team), contact: text(about.contact), repository: text(about.repository) }
}

fn candidates(paths: &[String], root: &Path) -> Vec<PathBuf> {
    let beside = paths.iter().filter(|path| !path.contains("://")).map(|path| {
        let path = Path::new(path);
        let directory = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        directory.join(FILE_NAME)
    });
    let mut candidates: Vec<PathBuf> = beside.chain([root.join("pacts").join(FILE_NAME)]).collect();
    candidates.dedup();
    candidates
}
