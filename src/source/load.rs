//! Reading the files that were found.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};

use super::files::{Found, FoundFile, Origin};
use super::remote::{self, Access};
use crate::contract::Contract;
use crate::contract::Digest;
use crate::contract::Document;
use crate::contract::Likeness;
use crate::contract::is_event_log;
use crate::contract::looks_like_a_pact;
use crate::contract::read_document;
use crate::cores::side_by_side;
use crate::finding::Code;
use crate::finding::Finding;
use crate::finding::Location;
use crate::finding::Place;

/// What came of reading a number of files.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The pacts without defects, in the order of the files.
    pub contracts: Vec<Contract>,
    /// What the reader and the search had to say, file by file.
    pub findings: Vec<Finding>,
    /// How many files were taken for pacts, those with defects included.
    pub pacts: usize,
    /// How many files were plainly no pacts and were passed over.
    pub skipped: usize,
    /// Directories that were not entered, and in which somebody may believe to have pacts.
    pub left_out: Vec<PathBuf>,
}

/// Reads all files that were found, and fetches what has an address. The same pact in two files is
/// kept once and said.
#[must_use]
pub fn load(found: &Found, access: &Access) -> Loaded {
    let mut loaded = Loaded { left_out: found.left_out.clone(), ..Loaded::default() };
    for (path, why) in &found.unreadable {
        loaded.findings.push(of_file(Code::Unreadable, path, format!("this cannot be read: {why}")));
    }
    for of_file in side_by_side(found.files.iter().collect(), |file| one(file, access)) {
        loaded.contracts.extend(of_file.contracts);
        loaded.findings.extend(of_file.findings);
        loaded.pacts += of_file.pacts;
        loaded.skipped += of_file.skipped;
    }
    for path in &found.repeated {
        let message = "this file was given more than once and counts once";
        loaded.findings.push(of_file(Code::DuplicatePact, path, message));
    }
    without_copies(&mut loaded);
    loaded
}

fn one(file: &FoundFile, access: &Access) -> Loaded {
    let mut loaded = Loaded::default();
    let bytes = match bytes(file, access) {
        Ok(bytes) if file.origin == Origin::Met && is_event_log(&bytes) => {
            loaded.skip(&file.path, "this is an event log and not a pact, and was skipped");
            return loaded;
        }
        bytes => bytes,
    };
    let document = match bytes.and_then(|bytes| Document::parse(&shown(file), bytes)) {
        Ok(document) => document,
        Err(finding) => {
            loaded.pacts += 1;
            loaded.findings.push(*finding);
            return loaded;
        }
    };
    if file.origin == Origin::Met && looks_like_a_pact(&document) == Likeness::PlainlyNot {
        loaded.skip(&file.path, "this is JSON but plainly not a pact, and was skipped");
        return loaded;
    }
    loaded.pacts += 1;
    let reading = read_document(document);
    loaded.findings.extend(reading.findings);
    loaded.contracts.extend(reading.contract);
    loaded
}

impl Loaded {
    /// Passes a file over, and says so.
    fn skip(&mut self, path: &Path, message: &str) {
        self.skipped += 1;
        self.findings.push(of_file(Code::SkippedFile, path, message));
    }
}

fn bytes(file: &FoundFile, access: &Access) -> Result<Vec<u8>, Box<Finding>> {
    if file.origin == Origin::Address {
        return remote::fetch(&file.path.display().to_string(), access);
    }
    fs::read(&file.path).map_err(|error| {
        Box::new(of_file(Code::Unreadable, &file.path, format!("this file cannot be read: {error}")))
    })
}

/// How findings call a file: an address without its credentials.
fn shown(file: &FoundFile) -> String {
    let name = file.path.display().to_string();
    if file.origin == Origin::Address { remote::shown(&name) } else { name }
}

fn of_file(code: Code, path: &Path, message: impl Into<String>) -> Finding {
    let location = Location { file: path.display().to_string(), line: 1, column: 1 };
    Finding::new(code, Place::Pact, message).with_location(location)
}

/// Drops contracts whose document says the same as an earlier one. Most pacts are the only one of
/// their pair, and only the others are read again to be compared.
fn without_copies(loaded: &mut Loaded) {
    let mut pairs: HashMap<(String, String), usize> = HashMap::new();
    for contract in &loaded.contracts {
        *pairs.entry(pair(contract)).or_default() += 1;
    }
    let mut seen: HashMap<Digest, String> = HashMap::new();
    let mut kept = Vec::with_capacity(loaded.contracts.len());
    for contract in std::mem::take(&mut loaded.contracts) {
        if pairs.get(&pair(&contract)).is_some_and(|count| *count > 1) {
            match seen.entry(contract.document.digest()) {
                Entry::Vacant(place) => drop(place.insert(contract.file().to_owned())),
                Entry::Occupied(first) => {
                    let message = format!("this is the same pact as {} and counts once", first.get());
                    loaded.findings.push(of_file(Code::DuplicatePact, Path::new(contract.file()), message));
                    continue;
                }
            }
        }
        kept.push(contract);
    }
    loaded.contracts = kept;
}

fn pair(contract: &Contract) -> (String, String) {
    (contract.consumer.clone(), contract.provider.clone())
}
