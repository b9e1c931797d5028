//! Interactions of one pact that nobody could tell apart.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::cursor::Cursor;
use crate::finding::Code;

/// The keys by which an interaction is told from others.
const IDENTITY: [&str; 6] =
    ["type", "description", "providerStates", "providerState", "provider_state", "key"];

/// Compares all interactions that have the same description and states.
pub(super) fn check(interactions: &[Cursor<'_>]) {
    let mut seen: HashMap<String, &Cursor<'_>> = HashMap::new();
    for cursor in interactions {
        let Some(map) = cursor.value.as_object().filter(|map| map.contains_key("description")) else {
            continue;
        };
        match seen.get(&identity(map)) {
            None => drop(seen.insert(identity(map), cursor)),
            Some(first) => compare(first, cursor),
        }
    }
}

fn compare(first: &Cursor<'_>, again: &Cursor<'_>) {
    let description = again.value.get("description").and_then(Value::as_str).unwrap_or_default();
    let help =
        format!("the first one is number {} of the list", first.name().parse().map_or(0, |n: usize| n + 1));
    if content(first.value) == content(again.value) {
        let message = format!("the interaction `{description}` stands in the pact twice");
        again.say(Code::DuplicateInteraction, message, help);
    } else {
        let message = format!(
            "`{description}` has the same description and states as another interaction, but differs"
        );
        again.say(Code::ConflictingInteractions, message, help);
    }
}

fn identity(map: &Map<String, Value>) -> String {
    let shown = |key: &&str| map.get(*key).unwrap_or(&Value::Null).to_string();
    IDENTITY.iter().map(shown).collect::<Vec<_>>().join("\u{0}")
}

/// What must be equal for two interactions to be the same.
fn content(value: &Value) -> Vec<(&String, &Value)> {
    let aside = |key: &str| matches!(key, "key" | "comments" | "pending") || key.starts_with('_');
    let mut entries: Vec<_> =
        value.as_object().into_iter().flatten().filter(|(key, _)| !aside(key)).collect();
    entries.sort_by_key(|(key, _)| key.as_str());
    entries
}
