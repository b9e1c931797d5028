//! Several contents of one version put together. It adds and never drops: what two of them say
//! differently about one interaction is a conflict.

use super::tree::Tree;

/// Why contents cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeConflict {
    /// They are written in different versions of the specification, or for different plugins.
    #[error("they have different metadata")]
    Metadata,
    /// They do not say the same about these interactions.
    #[error("they do not say the same about {}", .0.join(", "))]
    Interactions(Vec<String>),
}

/// One content with all interactions of both, which are canonical and of the same two applications.
///
/// # Errors
/// When they contradict each other.
pub fn merge(one: &str, other: &str) -> Result<String, MergeConflict> {
    let (one, other) = (Tree::read(one), Tree::read(other));
    if one.get("metadata") != other.get("metadata") {
        return Err(MergeConflict::Metadata);
    }
    let mut conflicts = Vec::new();
    let mut entries = Vec::new();
    for key in ["consumer", "interactions", "messages", "metadata", "provider"] {
        let value = match (one.get(key), other.get(key)) {
            (Some(Tree::Array(left)), Some(Tree::Array(right))) => {
                Some(Tree::Array(merged(left, right, &mut conflicts)))
            }
            (left, right) => left.or(right).cloned(),
        };
        entries.extend(value.map(|value| (key.to_owned(), value)));
    }
    if conflicts.is_empty() {
        Ok(Tree::Object(entries).pretty())
    } else {
        Err(MergeConflict::Interactions(conflicts))
    }
}

fn merged(left: &[Tree], right: &[Tree], conflicts: &mut Vec<String>) -> Vec<Tree> {
    let mut items = left.to_vec();
    for item in right.iter().filter(|item| !left.contains(item)) {
        match left.iter().find(|known| identity(known) == identity(item)) {
            Some(_) => conflicts.push(title(item)),
            None => items.push(item.clone()),
        }
    }
    items.sort_by_cached_key(Tree::compact);
    items
}

/// By what two interactions are the same expectation: the description and the states.
fn identity(interaction: &Tree) -> [Option<&Tree>; 2] {
    let states = ["provider_state", "providerState", "providerStates"];
    [interaction.get("description"), states.iter().find_map(|key| interaction.get(key))]
}

fn title(interaction: &Tree) -> String {
    interaction.get("description").map_or_else(|| "an interaction".to_owned(), Tree::compact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(interactions: &[(&str, u16)]) -> String {
        let items: Vec<String> = interactions
            .iter()
            .map(|(name, status)| {
                format!(r#"{{"description": "{name}", "response": {{"status": {status}}}}}"#)
            })
            .collect();
        Tree::read(&format!(r#"{{"interactions": [{}], "metadata": {{}}}}"#, items.join(", ")))
            .sorted()
            .pretty()
    }

    #[test]
    fn what_only_one_of_them_has_is_added_and_nothing_is_dropped() {
        let merged = merge(&content(&[("a", 200), ("b", 200)]), &content(&[("b", 200), ("c", 200)]));
        assert_eq!(merged, Ok(content(&[("a", 200), ("b", 200), ("c", 200)])));
    }

    #[test]
    fn a_contradiction_is_named() {
        let error =
            merge(&content(&[("a", 200), ("b", 200)]), &content(&[("b", 201)])).expect_err("a conflict");
        assert_eq!(error.to_string(), "they do not say the same about \"b\"");
        let other = content(&[]).replace("\"metadata\": {}", "\"metadata\": {\"x\": 1}");
        assert_eq!(merge(&content(&[]), &other), Err(MergeConflict::Metadata));
    }
}
