//! Matching rules: which part of a message, where in it, and which matchers.
//!
//! Two forms exist. Up to version 2 a rule has one path that starts with `$` and names the part;
//! from version 3 there is an object per part. As in the reference, the first key says which form
//! it is, whatever version the pact claims to have.

use super::cursor::Cursor;
use super::matcher::{by_path, matcher, rule};
use super::place::{category_of, is_single, path_of};
use crate::contract::path::RulePath;
use crate::contract::rule::{Category, Combine, Rule};
use crate::finding::Code;

/// Reads the rules of a part, which early versions kept under another name.
pub(super) fn rules(part: &Cursor<'_>, old_name: &str) -> Vec<Rule> {
    let Some(rules) = ["matchingRules", old_name].iter().find_map(|key| part.filled(key)) else {
        return Vec::new();
    };
    if !rules.value.is_object() {
        rules.refuse_type("an object");
        return Vec::new();
    }
    let by_whole_path = rules.entries().next().is_some_and(|(key, _)| key.starts_with('$'));
    let read = |(key, cursor): (&str, Cursor<'_>)| {
        if by_whole_path {
            with_whole_path(key, &cursor).into_iter().collect()
        } else {
            category_of(key, &cursor).map(|category| in_category(category, &cursor)).unwrap_or_default()
        }
    };
    rules.entries().flat_map(read).collect()
}

/// A rule of the form `"$.body.items[*].id": {"match": "type"}`.
fn with_whole_path(key: &str, cursor: &Cursor<'_>) -> Option<Rule> {
    if !key.starts_with('$') {
        let help =
            "up to version 2 each path starts with `$`; from version 3 rules stand under `body`, `header`, …";
        cursor.say(Code::BadPath, format!("`{key}` mixes two forms of matching rules"), help);
        return None;
    }
    let path = path_of(key, cursor);
    let matcher = matcher(cursor);
    let path = path?;
    let Some((word, rest)) = path.split_first_field() else {
        let help = "such as `$.body.id` or `$.headers.ETag`";
        cursor.say(Code::BadPath, format!("the path `{key}` does not name a part"), help);
        return None;
    };
    let category = category_of(word, cursor)?;
    let path = match category {
        Category::Body => rest,
        _ if is_single(category) => RulePath::empty(),
        _ => rest.first_field().map_or_else(RulePath::root, RulePath::name),
    };
    let pointer = cursor.pointer.clone();
    Some(Rule { category, path, matchers: vec![matcher?], combine: Combine::And, pointer })
}

fn in_category(category: Category, cursor: &Cursor<'_>) -> Vec<Rule> {
    if !cursor.value.is_object() {
        cursor.refuse_type("an object");
        return Vec::new();
    }
    if cursor.value.get("matchers").is_some() {
        let path = if is_single(category) { RulePath::empty() } else { RulePath::root() };
        return rule(category, path, cursor).into_iter().collect();
    }
    by_path(category, cursor)
}
