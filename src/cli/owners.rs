//! `owners.toml`: whom to call about an application.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Failure, toml_file};
use crate::outcome::Owner;

/// The file that is looked for beside the pacts.
const FILE_NAME: &str = "owners.toml";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Entry {
    team: Option<String>,
    contact: Option<String>,
    repository: Option<String>,
    #[expect(dead_code, reason = "read by the commands that share pacts")]
    main_branch: Option<String>,
}

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
        let entries: BTreeMap<String, Entry> = toml_file::parse(&path, &text)?;
        for (name, entry) in entries {
            let owner = Owner { team: entry.team, contact: entry.contact, repository: entry.repository };
            owners.entry(name).or_insert(owner);
        }
    }
    Ok(owners)
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
