//! Matching rules: which part of a message, where in it, and which matchers.
//!
//! Two forms exist. Up to version 2 a rule has one path that starts with `$` and names the part;
//! from version 3 there is an object per part. As in the reference, the first key says which form
//! it is, whatever version the pact claims to have.

use super::cursor::Cursor;
use super::keys;
use super::matcher::matcher;
use crate::contract::path::RulePath;
use crate::contract::rule::{Category, Combine, Matcher, Rule};
use crate::finding::Code;

/// The words for the parts, for telling which one was meant.
const WORDS: [&str; 8] = ["method", "path", "query", "header", "status", "body", "metadata", "content"];

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

/// The part that a word stands for; `None` together with a defect.
pub(super) fn category_of(word: &str, cursor: &Cursor<'_>) -> Option<Category> {
    let category = match word.to_ascii_lowercase().as_str() {
        "method" => Category::Method,
        "path" => Category::Path,
        "query" => Category::Query,
        "header" | "headers" => Category::Header,
        "status" => Category::Status,
        "body" | "content" | "contents" => Category::Body,
        "metadata" => Category::Metadata,
        _ => {
            let meant = keys::probably_meant(word, WORDS.iter().copied());
            let help = meant.map_or_else(
                || format!("known are {}", WORDS.join(", ")),
                |meant| format!("did you mean `{meant}`?"),
            );
            cursor.say(Code::UnknownWord, format!("`{word}` is not a part that rules apply to"), help);
            return None;
        }
    };
    Some(category)
}

/// True for parts whose keys are plain names and not paths.
pub(super) fn is_named(category: Category) -> bool {
    matches!(category, Category::Header | Category::Query)
}

/// True for parts that have one value only.
fn is_single(category: Category) -> bool {
    matches!(category, Category::Method | Category::Path | Category::Status)
}

/// Reads a path; `None` together with a defect.
pub(super) fn path_of(text: &str, cursor: &Cursor<'_>) -> Option<RulePath> {
    match RulePath::parse(text) {
        Ok(path) => Some(path),
        Err(error) => {
            cursor.say(Code::BadPath, format!("the path `{text}` cannot be read: {error}"), "");
            None
        }
    }
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

/// The rules of one part, by path or by name.
pub(super) fn by_path(category: Category, cursor: &Cursor<'_>) -> Vec<Rule> {
    if !cursor.value.is_object() {
        cursor.refuse_type("an object");
        return Vec::new();
    }
    let read = |(key, cursor): (&str, Cursor<'_>)| {
        let path = if is_named(category) { Some(RulePath::name(key)) } else { path_of(key, &cursor) };
        let path = path.map(|path| if is_single(category) { RulePath::empty() } else { path });
        rule(category, path.unwrap_or_else(RulePath::root), &cursor)
    };
    cursor.entries().filter_map(read).collect()
}

/// One rule: `{"matchers": […], "combine": "AND"}`.
fn rule(category: Category, path: RulePath, cursor: &Cursor<'_>) -> Option<Rule> {
    if !cursor.is_object_of(keys::RULE) {
        return None;
    }
    let Some(matchers) = cursor.filled("matchers") else {
        cursor.lacks("matchers", " in a matching rule");
        return None;
    };
    let combine = cursor.filled("combine").map_or(Some(Combine::And), |combine| combination(&combine));
    let items = matchers.items();
    let read: Option<Vec<Matcher>> = items.iter().map(matcher).collect();
    if items.is_empty() && matchers.value.is_array() {
        let message = "the rule has no matchers, so the value is compared exactly";
        matchers.say(Code::UnresolvedRule, message, "");
        return None;
    }
    Some(Rule {
        category,
        path,
        matchers: read.filter(|matchers| !matchers.is_empty())?,
        combine: combine?,
        pointer: cursor.pointer.clone(),
    })
}

fn combination(cursor: &Cursor<'_>) -> Option<Combine> {
    let word = cursor.text()?;
    if word.eq_ignore_ascii_case("and") {
        Some(Combine::And)
    } else if word.eq_ignore_ascii_case("or") {
        Some(Combine::Or)
    } else {
        cursor.value_says(
            Code::UnknownWord,
            format!("`{word}` does not combine rules"),
            "known are AND and OR",
        );
        None
    }
}
