//! Puts pacts together from all fragments there are. Reads, and writes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::assembly::{Assembly, Conflict};
use super::folder::{Folder, Pending};
use super::fragment::{Fragment, Fragments};
use crate::contract;
use crate::finding::{Finding, Weight};

/// Whether the fragments are all that the tests have to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// There may be tests that did not run, so what they have recorded before stays.
    Partial,
    /// All tests have run, so what none of them has recorded is gone.
    Complete,
}

/// A pact as it would be.
#[derive(Debug, Clone)]
pub struct Assembled {
    /// The consumer.
    pub consumer: String,
    /// The provider.
    pub provider: String,
    /// The committed file, which need not exist.
    pub file: PathBuf,
    /// What is in it.
    pub before: Option<String>,
    /// What should be in it.
    pub after: String,
    /// How many interactions there are.
    pub interactions: usize,
    /// The descriptions of those that no test has recorded any more.
    pub dropped: Vec<String>,
}

impl Assembled {
    /// True when the committed file would change.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.before.as_ref() != Some(&self.after)
    }
}

/// Why there is no pact.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// Fragments or a committed pact cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A committed pact has a defect, so nothing is put in its place.
    #[error("{} is no sound pact, so nothing was made of it: {}", path.display(), finding.message)]
    Unsound {
        /// The file.
        path: PathBuf,
        /// The first defect.
        finding: Box<Finding>,
    },
    /// Two pairs of applications would be written to one file.
    #[error(
        "{} is the pact of {} and {}, and that of {} and {} would be written to the same file",
        path.display(), one.0, one.1, other.0, other.1
    )]
    SameFile {
        /// The file.
        path: PathBuf,
        /// The consumer and the provider whose pact it is.
        one: (String, String),
        /// Those whose pact it cannot be as well.
        other: (String, String),
    },
    /// Two tests describe the same interaction differently.
    #[error(
        "two tests record \"{}\" with the same provider states and a different content: {} and {}",
        .0.description, .0.first, .0.second
    )]
    Conflict(Conflict),
    /// The interactions of one pact are written in several versions.
    #[error("the pact between {consumer} and {provider} would be in two versions: {differs}")]
    Versions {
        /// The consumer.
        consumer: String,
        /// The provider.
        provider: String,
        /// What differs from what.
        differs: String,
    },
}

/// Every pact that fragments belong to, by consumer and provider.
///
/// # Errors
/// The first problem; then nothing is to be written.
pub fn assemble(
    fragments: &Fragments,
    folder: &Folder,
    completeness: Completeness,
) -> Result<Vec<Assembled>, Problem> {
    let unreadable = |source| Problem::Unreadable { path: fragments.path().to_owned(), source };
    let mut pairs: BTreeMap<(String, String), Vec<Fragment>> = BTreeMap::new();
    for fragment in fragments.read().map_err(unreadable)? {
        pairs.entry((fragment.consumer.clone(), fragment.provider.clone())).or_default().push(fragment);
    }
    refuse_one_file_for_two(pairs.keys(), folder)?;
    pairs.into_iter().map(|(pair, fragments)| assembled(pair, fragments, folder, completeness)).collect()
}

/// Every pact that would be another one if what tests have recorded were put together, as far as no pact
/// that waits says so already.
///
/// # Errors
/// As [`assemble`].
pub fn not_assembled(fragments: &Fragments, folder: &Folder) -> Result<Vec<Assembled>, Problem> {
    let mut pacts = assemble(fragments, folder, Completeness::Partial)?;
    pacts.retain(|pact| {
        let Ok(after) = serde_json::from_str(&pact.after) else { return true };
        let after = Assembly::of(&after);
        let says_so = |file: &Path| {
            let there = committed(file, (&pact.consumer, &pact.provider));
            there.is_ok_and(|there| there.is_some_and(|(_, pact)| Assembly::of(&pact).says_the_same(&after)))
        };
        let waiting = Pending::of(&pact.file).path;
        !says_so(if waiting.exists() { &waiting } else { &pact.file })
    });
    Ok(pacts)
}

/// A committed pact of which no test has recorded anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abandoned {
    /// The file.
    pub file: PathBuf,
    /// The consumer.
    pub consumer: String,
    /// The provider.
    pub provider: String,
}

/// The committed pacts of the same consumers that were recorded by tests as well, and of which no test has
/// recorded anything. Only after a complete run are they known.
///
/// # Errors
/// When the folder or one of its pacts cannot be read.
pub fn abandoned(folder: &Folder, assembled: &[Assembled]) -> Result<Vec<Abandoned>, Problem> {
    let mut found = Vec::new();
    for path in
        folder.pacts().map_err(|source| Problem::Unreadable { path: folder.path().to_owned(), source })?
    {
        let bytes = fs::read(&path).map_err(|source| Problem::Unreadable { path: path.clone(), source })?;
        let Some(pact) = contract::read(&path.to_string_lossy(), bytes).contract else { continue };
        let own = assembled.iter().any(|one| one.consumer == pact.consumer);
        let is_recorded = assembled.iter().any(|one| one.file == path);
        let has_source = |one: &contract::Interaction| pact.json(one)["comments"]["source"].is_string();
        if own && !is_recorded && pact.interactions.iter().any(has_source) {
            found.push(Abandoned { file: path, consumer: pact.consumer, provider: pact.provider });
        }
    }
    Ok(found)
}

/// Names that differ can make the same name of a file: `a-b` and `c`, `a` and `b-c`.
fn refuse_one_file_for_two<'a>(
    pairs: impl Iterator<Item = &'a (String, String)>,
    folder: &Folder,
) -> Result<(), Problem> {
    let mut files = BTreeMap::new();
    for pair in pairs {
        let path = folder.committed(&pair.0, &pair.1);
        if let Some(one) = files.insert(path.clone(), pair) {
            return Err(Problem::SameFile { path, one: one.clone(), other: pair.clone() });
        }
    }
    Ok(())
}

fn assembled(
    (consumer, provider): (String, String),
    fragments: Vec<Fragment>,
    folder: &Folder,
    completeness: Completeness,
) -> Result<Assembled, Problem> {
    let file = folder.committed(&consumer, &provider);
    let before = committed(&file, (&consumer, &provider))?;
    let mut assembly = match &before {
        Some((_, pact)) => Assembly::of(pact),
        None => Assembly::new(&consumer, &provider),
    };
    // What tests of an earlier run said against each other was told there, and the later is right.
    let last = fragments.last().map(|fragment| fragment.run.clone());
    for fragment in fragments {
        match assembly.take(fragment.clone()) {
            Err(conflict) if last.as_ref() == Some(&fragment.run) => {
                return Err(Problem::Conflict(*conflict));
            }
            Err(_) => assembly.replace(fragment),
            Ok(_) => {}
        }
    }
    let dropped = match completeness {
        Completeness::Partial => Vec::new(),
        Completeness::Complete => assembly.drop_what_was_not_recorded(),
    };
    if let Some(differs) = assembly.versions_differ() {
        return Err(Problem::Versions { consumer, provider, differs });
    }
    Ok(Assembled {
        consumer,
        provider,
        file,
        before: before.map(|(text, _)| text),
        after: assembly.text(),
        interactions: assembly.len(),
        dropped,
    })
}

/// The text of a committed pact, and its JSON.
pub(crate) type Committed = (String, serde_json::Value);

/// The committed pact of a consumer and a provider. One that cannot be understood, or is that of others, is
/// never taken for none.
pub(crate) fn committed(file: &Path, pair: (&str, &str)) -> Result<Option<Committed>, Problem> {
    let Some(bytes) = bytes_of(file)? else { return Ok(None) };
    refuse_unsound(file, pair, bytes.clone())?;
    parsed(file, bytes).map(Some)
}

/// The committed pact of a consumer and a provider that is known to be sound.
pub(crate) fn committed_and_sound(file: &Path) -> Result<Option<Committed>, Problem> {
    bytes_of(file)?.map(|bytes| parsed(file, bytes)).transpose()
}

fn bytes_of(file: &Path) -> Result<Option<Vec<u8>>, Problem> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Problem::Unreadable { path: file.to_owned(), source }),
    }
}

fn parsed(file: &Path, bytes: Vec<u8>) -> Result<Committed, Problem> {
    let unreadable = |source: io::Error| Problem::Unreadable { path: file.to_owned(), source };
    let text = String::from_utf8(bytes).map_err(|error| unreadable(io::Error::other(error)))?;
    let pact = serde_json::from_str(&text).map_err(|error| unreadable(error.into()))?;
    Ok((text, pact))
}

fn refuse_unsound(file: &Path, (consumer, provider): (&str, &str), bytes: Vec<u8>) -> Result<(), Problem> {
    let reading = contract::read(&file.to_string_lossy(), bytes);
    let defect = reading.findings.into_iter().find(|finding| finding.weight() != Weight::Warning);
    if let Some(finding) = defect {
        return Err(Problem::Unsound { path: file.to_owned(), finding: Box::new(finding) });
    }
    if let Some(there) =
        reading.contract.filter(|there| (&*there.consumer, &*there.provider) != (consumer, provider))
    {
        return Err(Problem::SameFile {
            path: file.to_owned(),
            one: (there.consumer, there.provider),
            other: (consumer.to_owned(), provider.to_owned()),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fragment(run: &str, test: &str, status: u16) -> Fragment {
        Fragment {
            consumer: "billing".to_owned(),
            provider: "faq".to_owned(),
            version: "4.0".to_owned(),
            list: "interactions".to_owned(),
            test: test.to_owned(),
            source: "tests/contracts.rs:7".to_owned(),
            run: run.to_owned(),
            process: 7,
            interaction: json!({
                "type": "Synchronous/HTTP",
                "description": "one",
                "request": {"method": "GET", "path": "/"},
                "response": {"status": status},
            }),
        }
    }

    #[test]
    fn only_tests_of_the_last_run_can_contradict_each_other() {
        let folder = Folder::of(PathBuf::from("no/such/folder"));
        let of = |fragments: &[Fragment]| {
            let pair = ("billing".to_owned(), "faq".to_owned());
            assembled(pair, fragments.to_vec(), &folder, Completeness::Partial)
        };
        let contradiction = [fragment("1", "a", 200), fragment("1", "b", 201)];
        assert!(matches!(of(&contradiction), Err(Problem::Conflict(_))));
        let [a, b] = contradiction;
        let later = of(&[a, b, fragment("2", "a", 202)]).expect("the later run is right");
        assert!(later.after.contains("202"), "{}", later.after);
    }
}
