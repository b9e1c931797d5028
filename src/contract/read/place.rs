//! What a rule or generator is about: the part of a message, and the way to a value in it.

use super::cursor::Cursor;
use super::keys;
use crate::contract::path::RulePath;
use crate::contract::rule::Category;
use crate::finding::Code;

/// The words for the parts, for telling which one was meant.
const WORDS: [&str; 8] = ["method", "path", "query", "header", "status", "body", "metadata", "content"];

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
pub(super) fn is_single(category: Category) -> bool {
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
