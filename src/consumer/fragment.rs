//! Fragments: one file for each interaction that a test has recorded.
//!
//! A fragment is written beside its place and renamed into it, so it is there whole or not at all,
//! and no two tests ever write the same file: neither threads nor processes can lose anything of each
//! other. Nothing is synced to disk here; assembling does that.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::expectation::Expectation;
use super::failure::Failure;
use super::surroundings::surroundings;
use crate::contract::digest;

/// Where fragments are kept in a repository, which git ignores as it does all that cargo makes.
pub const FOLDER: &str = "target/pactwright";

/// One recorded interaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fragment {
    /// The application that expects it.
    pub consumer: String,
    /// The application that has to keep it.
    pub provider: String,
    /// The version of the specification: `4.0`.
    pub version: String,
    /// The list of the pact it belongs to: `interactions` or `messages`.
    pub list: String,
    /// The test that has recorded it, and where.
    pub recorded_by: String,
    /// The run of the tests it belongs to.
    pub run: String,
    /// The process of the test.
    pub process: u32,
    /// The interaction as it stands in a pact.
    pub interaction: Value,
}

/// Writes the interactions of one scenario.
///
/// # Errors
/// One cannot be written, or another test of this run has recorded it differently.
pub(super) fn write_all(expectations: &[Expectation]) -> Result<(), Failure> {
    expectations.iter().try_for_each(|expectation| {
        let fragment = Fragment::of(expectation);
        let folder = expectation.pact.fragments();
        let path = fragment.path(&folder);
        let unwritable = |source| Failure::Unwritable { path: path.clone(), source };
        let before = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        write(&path, &fragment).map_err(unwritable)?;
        // Only after it was written: of two tests that do this at once, at least one sees the other.
        let others = siblings(&path).map_err(unwritable)?;
        let is_rival = |other: &Fragment| other.run == fragment.run && !other.says_the_same(&fragment);
        let again = before.filter(|before: &Fragment| before.process == fragment.process);
        match others.into_iter().chain(again).find(is_rival) {
            Some(other) => Err(Failure::Conflict {
                description: expectation.interaction().description.clone(),
                first: other.recorded_by,
                second: fragment.recorded_by,
            }),
            None => Ok(()),
        }
    })
}

impl Fragment {
    fn of(expectation: &Expectation) -> Self {
        let list = if expectation.document.get("messages").is_some() { "messages" } else { "interactions" };
        let test = expectation.source.test.as_deref().unwrap_or("a test without a name");
        Self {
            consumer: expectation.contract.consumer.clone(),
            provider: expectation.contract.provider.clone(),
            version: expectation.contract.version.number().to_owned(),
            list: list.to_owned(),
            recorded_by: format!("{test} ({})", expectation.source),
            run: surroundings().run.clone(),
            process: std::process::id(),
            interaction: expectation.document[list][0].clone(),
        }
    }

    /// What tells its interaction from the others of the same pact.
    #[must_use]
    pub fn identity(&self) -> String {
        identity(&self.interaction)
    }

    /// True when both describe the same, whoever has recorded it.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.version == other.version && same_content(&self.interaction, &other.interaction)
    }

    /// A folder for each interaction, and in it a file for each test that has recorded it.
    fn path(&self, folder: &Path) -> PathBuf {
        let pair = short(&format!("{}\0{}", self.consumer, self.provider));
        // The line of a test is no part of its name: it moves.
        let test = self.recorded_by.rsplit_once(':').map_or(self.recorded_by.as_str(), |(test, _)| test);
        folder
            .join("fragments")
            .join(pair)
            .join(short(&self.identity()))
            .join(format!("{}.json", short(test)))
    }
}

/// What tells an interaction from the others of the same pact.
#[must_use]
pub fn identity(interaction: &Value) -> String {
    let states = interaction.get("providerStates").or_else(|| interaction.get("providerState"));
    let parts = [interaction.get("type"), interaction.get("description"), states];
    parts.map(|part| part.unwrap_or(&Value::Null).to_string()).join("\0")
}

/// True when two interactions say the same; what is written beside them does not count.
#[must_use]
pub fn same_content(left: &Value, right: &Value) -> bool {
    let said = |value: &Value| {
        let mut value = value.clone();
        if let Some(map) = value.as_object_mut() {
            map.remove("comments");
            map.remove("key");
        }
        value
    };
    said(left) == said(right)
}

fn short(text: &str) -> String {
    let mut digest = digest(text);
    digest.truncate(20);
    digest
}

fn write(path: &Path, fragment: &Fragment) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let text = serde_json::to_vec(fragment)?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_extension(format!("{}-{number}.tmp", std::process::id()));
    match fs::write(&beside, &text) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(&beside, &text)?;
        }
        written => written?,
    }
    fs::rename(&beside, path)
}

/// What other tests have recorded of the same interaction.
fn siblings(path: &Path) -> io::Result<Vec<Fragment>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut others = Vec::new();
    for entry in fs::read_dir(folder)? {
        let other = entry?.path();
        if other != path && other.extension().is_some_and(|extension| extension == "json") {
            others.extend(fs::read(&other).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()));
        }
    }
    Ok(others)
}
