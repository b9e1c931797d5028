//! The outer parts of a pact: who, with whom, in which version, and the lists of interactions.

use super::conflicts;
use super::cursor::Cursor;
use super::interaction;
use super::keys;
use super::likeness::{Likeness, likeness};
use crate::contract::model::{Interaction, SpecVersion};
use crate::finding::Code;

/// What a document says, before it is known whether it is free of defects.
pub(super) struct Parts {
    pub(super) consumer: String,
    pub(super) provider: String,
    pub(super) version: SpecVersion,
    pub(super) interactions: Vec<Interaction>,
}

/// Reads the whole document; `None` only together with a defect.
pub(super) fn pact(root: &Cursor<'_>) -> Option<Parts> {
    duplicates(root);
    if likeness(root.value) == Likeness::PlainlyNot
        || root.value.as_object().is_none_or(serde_json::Map::is_empty)
    {
        root.say(
            Code::NotAPact,
            "this is JSON but not a pact",
            "a pact has a consumer, a provider and interactions",
        );
        return None;
    }
    root.check_keys(keys::PACT);
    let consumer = participant(root, "consumer");
    let provider = participant(root, "provider");
    let version = metadata(root);
    let interactions = interactions(root, version.unwrap_or_else(|| likely_version(root)));
    Some(Parts { consumer: consumer?, provider: provider?, version: version?, interactions })
}

/// Keys that stand twice in one object: one of the two values would be lost.
fn duplicates(root: &Cursor<'_>) {
    for pointer in root.context().duplicates() {
        let twice = root.speaking_of(pointer);
        twice.say(Code::DuplicateKey, format!("`{}` stands twice in one object", twice.name()), "");
    }
}

fn participant(root: &Cursor<'_>, role: &str) -> Option<String> {
    let Some(participant) = root.key(role) else {
        root.lacks(role, "");
        return None;
    };
    if !participant.is_object_of(keys::PARTICIPANT) {
        return None;
    }
    let Some(name) = participant.key("name") else {
        participant.lacks("name", &format!(" in `{role}`"));
        return None;
    };
    let text = name.text()?;
    if text.trim().is_empty() {
        name.value_says(Code::OutOfRange, format!("the name of the {role} is empty"), "");
        return None;
    }
    Some(text.to_owned())
}

/// The version of the specification, which is V3 when nothing is said, as in the reference.
fn metadata(root: &Cursor<'_>) -> Option<SpecVersion> {
    let Some(metadata) = root.filled("metadata") else {
        return Some(SpecVersion::V3);
    };
    if !metadata.value.is_object() {
        metadata.refuse_type("an object");
        return None;
    }
    if has_misspelt_key(&metadata) {
        return None;
    }
    if let Some(plugins) = metadata.filled("plugins") {
        plugins.items().iter().for_each(plugin);
        root.context().set_plugins(plugins.value.as_array().map(Vec::as_slice).unwrap_or_default());
    }
    if let Some(specification) = metadata.first_of(&["pact-specification", "pactSpecification"]) {
        if !specification.is_object_of(keys::SPECIFICATION) {
            return None;
        }
        return match specification.filled("version") {
            Some(version) => spec_version(&version),
            None => Some(SpecVersion::V3),
        };
    }
    metadata
        .filled("pactSpecificationVersion")
        .map_or(Some(SpecVersion::V3), |version| spec_version(&version))
}

/// Metadata is free, so only a key that resembles a known one is an error.
fn has_misspelt_key(metadata: &Cursor<'_>) -> bool {
    let before = metadata.context().defects();
    metadata.check_free_keys(keys::METADATA);
    metadata.context().defects() > before
}

/// Only its name is needed here; writers put more into it.
fn plugin(cursor: &Cursor<'_>) {
    if !cursor.value.is_object() {
        cursor.refuse_type("an object");
        return;
    }
    cursor.check_free_keys(keys::PLUGIN);
    match cursor.key("name") {
        Some(name) => drop(name.text()),
        None => cursor.lacks("name", " in a plugin"),
    }
}

/// What to read the rest as when the version has a defect, so that the other defects show.
fn likely_version(root: &Cursor<'_>) -> SpecVersion {
    let first = root.filled("interactions").and_then(|list| list.value.get(0)?.as_object());
    let is_kind = |key: &String| keys::probably_meant(key, std::iter::once("type")).is_some();
    if first.is_some_and(|first| first.keys().any(is_kind)) { SpecVersion::V4 } else { SpecVersion::V3 }
}

fn spec_version(version: &Cursor<'_>) -> Option<SpecVersion> {
    let text = version.scalar()?;
    let mut numbers = text.trim().trim_start_matches('v').split('.');
    let major = numbers.next().unwrap_or_default();
    let minor = numbers.next().unwrap_or("0");
    match (major, minor) {
        ("1", "0") => Some(SpecVersion::V1),
        ("1", "1") => Some(SpecVersion::V1_1),
        ("2", _) => Some(SpecVersion::V2),
        ("3", _) => Some(SpecVersion::V3),
        ("4", _) => Some(SpecVersion::V4),
        _ => {
            let message = format!("version {text} of the Pact specification is not known");
            version.value_says(Code::UnknownVersion, message, "known are 1.0, 1.1, 2.0, 3.0 and 4.0");
            None
        }
    }
}

fn interactions(root: &Cursor<'_>, version: SpecVersion) -> Vec<Interaction> {
    let (requests, messages) = (root.filled("interactions"), root.filled("messages"));
    if requests.is_none() && messages.is_none() {
        root.lacks("interactions", "");
        return Vec::new();
    }
    let requests = requests.map(|list| list.items()).unwrap_or_default();
    let messages = messages.map(|list| list.items()).unwrap_or_default();
    let are_lists = |key: &str| root.filled(key).is_none_or(|list| list.value.is_array());
    if requests.is_empty() && messages.is_empty() && are_lists("interactions") && are_lists("messages") {
        root.first_of(&["interactions", "messages"]).unwrap_or_else(|| root.clone()).say(
            Code::NoInteractions,
            "the pact has no interactions, so there is nothing to verify",
            "",
        );
    }
    conflicts::check(&requests);
    conflicts::check(&messages);
    let read_request = |cursor: &Cursor<'_>| interaction::interaction(cursor, version);
    // Interactions are large and kept for the whole run: room for none that is not there.
    let mut read = Vec::with_capacity(requests.len() + messages.len());
    read.extend(requests.iter().filter_map(read_request));
    read.extend(messages.iter().filter_map(interaction::message));
    read
}
