//! `owners.toml`: whom to call about an application.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::toml_file::{TomlError, parse_toml};
use crate::name::{Application, Branch, Line};
use crate::outcome::Owner;

/// The file that is looked for beside the pacts.
const FILE_NAME: &str = "owners.toml";

/// Why it is not known whom to call.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OwnersError {
    /// The file is there and cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system answered.
        source: std::io::Error,
    },
    /// The file says something else.
    #[error(transparent)]
    Parse(#[from] TomlError),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Entry {
    team: Option<Line>,
    contact: Option<Line>,
    repository: Option<Line>,
    #[expect(dead_code, reason = "read by the commands that share pacts")]
    main_branch: Option<Branch>,
    #[expect(dead_code, reason = "read by the commands that share pacts")]
    display_name: Option<Line>,
}

/// Reads the owners beside the pacts at `paths`, and those in `root/pacts`, by application.
///
/// # Errors
/// When a file cannot be read or understood: a failure that names nobody helps nobody.
pub fn owners(paths: &[String], root: &Path) -> Result<BTreeMap<String, Owner>, OwnersError> {
    let mut owners = BTreeMap::new();
    for path in owner_files(paths, root) {
        for (name, entry) in entries(path)? {
            owners.entry(name.into()).or_insert_with(|| owner(entry));
        }
    }
    Ok(owners)
}

fn entries(path: PathBuf) -> Result<BTreeMap<Application, Entry>, OwnersError> {
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(parse_toml(&path, &text)?),
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(source) => Err(OwnersError::Read { path, source }),
    }
}

fn owner(entry: Entry) -> Owner {
    let text = |line: Option<Line>| line.map(String::from);
    Owner { team: text(entry.team), contact: text(entry.contact), repository: text(entry.repository) }
}

/// Where owners are looked for, whether or not there are any.
#[must_use]
pub fn owner_files(paths: &[String], root: &Path) -> Vec<PathBuf> {
    let beside = paths.iter().filter(|path| !path.contains("://")).map(|path| {
        let path = Path::new(path);
        let directory = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        directory.join(FILE_NAME)
    });
    let mut candidates: Vec<PathBuf> = beside.chain([root.join("pacts").join(FILE_NAME)]).collect();
    candidates.dedup();
    candidates
}
