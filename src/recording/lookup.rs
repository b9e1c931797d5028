//! Looks one interaction up in a committed pact without reading the rest of it.
//!
//! A test in CI has to know of its own interaction only. So whoever reads a committed pact whole, and finds
//! it sound and written as this crate writes pacts, leaves a note of it beside the fragments. As long as the
//! file is the one of the note, its interactions are known to be in order, and one of them is found by
//! bisection. The note never says that an interaction is committed: that is read from the file each time.

use std::cmp::Ordering;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::assembly::Assembly;
use super::folder::Stamp;
use super::fragment::{Fragment, Fragments, put, same_content};
use crate::contract::identity;

/// The lines between which an interaction stands in a pact that this crate has written, and the one with
/// its description.
const BEGINS: &[u8] = b"    {\n";
const ENDS: &[u8] = b"    }";
const DESCRIPTION: &[u8] = b"      \"description\": ";

/// What was found out about a committed pact.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    consumer: String,
    provider: String,
    version: String,
    list: String,
    file: Stamp,
}

impl Note {
    /// The note about a committed pact that is sound, when it is in the form in which it can be looked into.
    pub(crate) fn of((text, pact): (&str, &Assembly), file: Stamp) -> Option<Self> {
        let (list, version) = pact.only_list()?;
        let (consumer, provider) = pact.between();
        let (consumer, provider) = (consumer.to_owned(), provider.to_owned());
        (pact.text() == text).then_some(Self { consumer, provider, version, list, file })
    }

    /// Leaves it for other tests. One that cannot be written is done without.
    pub(crate) fn leave(&self, fragments: &Fragments) {
        let path = place(fragments, &self.consumer, &self.provider);
        let _ = serde_json::to_vec(self).map(|text| put(&path, &text));
    }
}

/// True when a committed pact is known to be sound, as the file that it is now.
pub(crate) fn is_sound(file: &Path, fragments: &Fragments, fragment: &Fragment) -> bool {
    noted(file, fragments, fragment).is_some()
}

/// True when a committed pact that is known to be sound says what a test has recorded. Otherwise it has to
/// be read.
pub(crate) fn says(file: &Path, fragments: &Fragments, fragment: &Fragment) -> bool {
    let Some(note) = noted(file, fragments, fragment) else { return false };
    let is_in_it = note.version == fragment.version && note.list == fragment.list;
    is_in_it && File::open(file).is_ok_and(|file| find(file, &fragment.interaction).unwrap_or(false))
}

fn noted(file: &Path, fragments: &Fragments, of: &Fragment) -> Option<Note> {
    let text = fs::read(place(fragments, &of.consumer, &of.provider)).ok()?;
    let note: Note = serde_json::from_slice(&text).ok()?;
    let is_theirs = note.consumer == of.consumer && note.provider == of.provider;
    (is_theirs && Stamp::of(file).as_ref() == Some(&note.file)).then_some(note)
}

fn place(fragments: &Fragments, consumer: &str, provider: &str) -> PathBuf {
    fragments.of_pair(consumer, provider).join("sound")
}

/// True when one of the interactions of a pact, which are sorted by their description, is this one.
fn find(file: impl Read + Seek, interaction: &Value) -> io::Result<bool> {
    let wanted = interaction["description"].to_string();
    let mut pact = BufReader::new(file);
    let (mut low, mut high) = (0, pact.seek(SeekFrom::End(0))?);
    while low < high {
        let middle = low + (high - low) / 2;
        match next(&mut pact, middle)? {
            Some(start) if start < high && compared(&mut pact, &wanted)? == Ordering::Less => low = start + 1,
            _ => high = middle,
        }
    }
    let mut at = next(&mut pact, low)?;
    while let Some(start) = at {
        pact.seek(SeekFrom::Start(start))?;
        let found = read(&mut pact)?;
        if found["description"] != interaction["description"] {
            return Ok(false);
        }
        if identity(&found) == identity(interaction) {
            return Ok(same_content(&found, interaction));
        }
        at = next(&mut pact, start + 1)?;
    }
    Ok(false)
}

/// Where the first interaction begins at or behind a place; the reader then stands in it.
fn next(pact: &mut (impl BufRead + Seek), place: u64) -> io::Result<Option<u64>> {
    let mut line = Vec::new();
    let mut at = place.saturating_sub(1);
    pact.seek(SeekFrom::Start(at))?;
    if place > 0 {
        at += pact.read_until(b'\n', &mut line)? as u64;
    }
    loop {
        line.clear();
        let length = pact.read_until(b'\n', &mut line)? as u64;
        if line == BEGINS {
            return Ok(Some(at));
        }
        if length == 0 {
            return Ok(None);
        }
        at += length;
    }
}

/// How the description of the interaction in which the reader stands is to the wanted one.
fn compared(pact: &mut impl BufRead, wanted: &str) -> io::Result<Ordering> {
    let mut line = Vec::new();
    while pact.read_until(b'\n', &mut line)? > 0 {
        if let Some(description) = line.strip_prefix(DESCRIPTION) {
            let description = description.trim_ascii_end();
            return Ok(description.strip_suffix(b",").unwrap_or(description).cmp(wanted.as_bytes()));
        }
        line.clear();
    }
    Ok(Ordering::Greater)
}

/// The interaction that begins here.
fn read(pact: &mut impl BufRead) -> io::Result<Value> {
    let mut text = Vec::new();
    loop {
        let before = text.len();
        if pact.read_until(b'\n', &mut text)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if text[before..].starts_with(ENDS) {
            text.truncate(before + ENDS.len());
            return Ok(serde_json::from_slice(&text)?);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use serde_json::json;

    use super::*;

    fn interaction(description: &str, state: &str, status: u16) -> Value {
        json!({
            "description": description,
            "providerStates": [{"name": state}],
            "request": {"method": "GET", "path": "/"},
            "response": {"status": status, "body": {"content": [{"a\n    {\n": "    }\n"}]}},
            "type": "Synchronous/HTTP",
        })
    }

    #[test]
    fn every_interaction_is_found_and_no_other() {
        let words = ["", "a", "a ", "a\"", "a\n    {\n", "b", "c's", "ü", "Z", "zz"];
        for count in 0..words.len() {
            let of = |word: &&str| ["s", "t"].map(|state| interaction(word, state, 200));
            let all: Vec<Value> = words[..count].iter().flat_map(of).collect();
            let pact = json!({
                "consumer": {"name": "billing"},
                "provider": {"name": "faq"},
                "interactions": all,
                "metadata": {"pactSpecification": {"version": "4.0"}},
            });
            let text = Assembly::of(&pact).text();
            let says = |one: &Value| find(Cursor::new(text.as_bytes()), one).expect("it is read");
            assert!(all.iter().all(says), "{text}");
            for word in words {
                assert!(!says(&interaction(word, "u", 200)), "another state of {word:?}");
                assert!(!says(&interaction(word, "s", 201)), "another content of {word:?}");
                let is_there = all.iter().any(|one| one["description"] == word);
                assert_eq!(says(&interaction(word, "s", 200)), is_there, "{word:?} in {text}");
            }
        }
    }
}
