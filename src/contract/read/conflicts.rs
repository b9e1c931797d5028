//! Interactions of one pact that nobody could tell apart.

use std::collections::HashMap;

use serde_json::Value;

use super::cursor::Cursor;
use crate::contract::identity;
use crate::finding::Code;

/// Compares all interactions that have the same description and states.
pub(super) fn check(interactions: &[Cursor<'_>]) {
    let mut seen: HashMap<String, &Cursor<'_>> = HashMap::new();
    for cursor in interactions {
        if cursor.value.get("description").is_none() {
            continue;
        }
        // A key is what a tool has given to tell them apart.
        let key = cursor.value.get("key").unwrap_or(&Value::Null);
        let identity = format!("{}\0{key}", identity(cursor.value));
        match seen.get(&identity) {
            None => drop(seen.insert(identity, cursor)),
            Some(first) => compare(first, cursor),
        }
    }
}

fn compare(first: &Cursor<'_>, again: &Cursor<'_>) {
    let description = again.value.get("description").and_then(Value::as_str).unwrap_or_default();
    let help = format!("the first one stands in line {}", first.line());
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

/// What must be equal for two interactions to be the same.
fn content(value: &Value) -> Vec<(&String, &Value)> {
    let aside = |key: &str| matches!(key, "key" | "comments" | "pending") || key.starts_with('_');
    let mut entries: Vec<_> =
        value.as_object().into_iter().flatten().filter(|(key, _)| !aside(key)).collect();
    entries.sort_by_key(|(key, _)| key.as_str());
    entries
}
