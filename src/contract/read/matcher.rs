//! One rule, and its matchers: what must hold for a value.
//!
//! A matcher may hold rules of its own, so that the two are read together.
//! All spellings that the reference implementation reads are read here, the short forms without
//! `match` included. A matcher that lacks what it needs constrains nothing, and is a defect.

use serde_json::Value;

use super::cursor::Cursor;
use super::format;
use super::generator::{Side, of_category};
use super::keys;
use super::pattern::Uncompilable;
use super::place::{is_named, is_single, path_of};
use crate::contract::path::RulePath;
use crate::contract::rule::{Category, Combine, Matcher, Rule, StatusClass, Variant};
use crate::finding::Code;

/// The words for the matchers, for telling which one was meant.
const WORDS: [&str; 30] = [
    "equality",
    "regex",
    "type",
    "min",
    "max",
    "min-type",
    "max-type",
    "timestamp",
    "datetime",
    "date",
    "time",
    "include",
    "number",
    "integer",
    "decimal",
    "real",
    "boolean",
    "null",
    "contentType",
    "content-type",
    "arrayContains",
    "array-contains",
    "values",
    "statusCode",
    "status-code",
    "notEmpty",
    "not-empty",
    "semver",
    "eachKey",
    "eachValue",
];

/// Reads one matcher; `None` together with a defect.
pub(super) fn matcher(cursor: &Cursor<'_>) -> Option<Matcher> {
    if !cursor.value.is_object() {
        cursor.refuse_type("an object");
        return None;
    }
    let name = cursor.first_of(&["match", "pact:matcher:type"]);
    match name.or_else(|| cursor.deciding("match", keys::MATCHER)) {
        Some(word) => named(cursor, &word),
        None => short(cursor),
    }
}

fn named(cursor: &Cursor<'_>, named: &Cursor<'_>) -> Option<Matcher> {
    let word = named.text()?;
    if !is_known(word) {
        return unknown(named, word);
    }
    cursor.check_keys(keys::MATCHER);
    match word {
        // pact-jvm reads `value` and other words that it does not know as equality, and its users
        // write it.
        "equality" | "value" => Some(Matcher::Equality),
        "regex" => regex(cursor),
        "type" => bounds(cursor),
        "min" | "min-type" => needed(cursor, "min").and_then(|_| bounds(cursor)),
        "max" | "max-type" => needed(cursor, "max").and_then(|_| bounds(cursor)),
        "timestamp" | "datetime" => {
            moment(cursor, &["format", "timestamp", "datetime"]).map(Matcher::DateTime)
        }
        "date" => moment(cursor, &["format", "date"]).map(Matcher::Date),
        "time" => moment(cursor, &["format", "time"]).map(Matcher::Time),
        "include" => needed(cursor, "value").and_then(|value| value.scalar()).map(Matcher::Include),
        "number" => Some(Matcher::Number),
        "integer" => Some(Matcher::Integer),
        "decimal" | "real" => Some(Matcher::Decimal),
        "boolean" => Some(Matcher::Boolean),
        "null" => Some(Matcher::Null),
        "contentType" | "content-type" => needed(cursor, "value")
            .and_then(|value| value.text().map(str::to_owned))
            .map(Matcher::ContentType),
        "arrayContains" | "array-contains" => array_contains(cursor),
        "values" => Some(Matcher::Values),
        "statusCode" | "status-code" => status_code(cursor),
        "notEmpty" | "not-empty" => Some(Matcher::NotEmpty),
        "semver" => Some(Matcher::Semver),
        "eachKey" | "each-key" => inner(cursor).map(Matcher::EachKey),
        "eachValue" | "each-value" => inner(cursor).map(Matcher::EachValue),
        _ => unknown(named, word),
    }
}

/// True for the words that are read, in any of their spellings. The keys of a plugin's matcher are
/// its own.
fn is_known(word: &str) -> bool {
    WORDS.contains(&word) || matches!(word, "value" | "each-key" | "each-value")
}

/// A matcher without a name, which says what it is by what it has.
fn short(cursor: &Cursor<'_>) -> Option<Matcher> {
    cursor.check_keys(keys::MATCHER);
    let has = |key: &str| cursor.filled(key).is_some();
    if has("regex") {
        regex(cursor)
    } else if has("min") || has("max") {
        bounds(cursor)
    } else if has("timestamp") || has("datetime") {
        moment(cursor, &["timestamp", "datetime"]).map(Matcher::DateTime)
    } else if has("time") {
        moment(cursor, &["time"]).map(Matcher::Time)
    } else if has("date") {
        moment(cursor, &["date"]).map(Matcher::Date)
    } else {
        cursor.lacks("match", " in a matcher, and nothing else says what kind it is");
        None
    }
}

fn unknown(named: &Cursor<'_>, word: &str) -> Option<Matcher> {
    if !named.context().plugin_names().is_empty() && !word.is_empty() {
        return Some(Matcher::Plugin { name: word.to_owned() });
    }
    let meant = keys::probably_meant(word, WORDS.iter().copied());
    let help = meant.map_or_else(
        || "`type` and `regex` are the most common ones".to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    );
    named.value_says(Code::UnknownMatcher, format!("`{word}` is not a matcher"), help);
    None
}

/// What a matcher cannot do without.
fn needed<'a>(cursor: &Cursor<'a>, key: &str) -> Option<Cursor<'a>> {
    let found = cursor.filled(key);
    if found.is_none() && !cursor.has_misspelt(key) {
        let word = cursor.value.get("match").and_then(Value::as_str).unwrap_or_default();
        cursor.say(Code::EmptyRule, format!("a matcher `{word}` needs `{key}`"), "");
    }
    found
}

fn regex(cursor: &Cursor<'_>) -> Option<Matcher> {
    let regex = needed(cursor, "regex")?;
    let pattern = regex.text()?;
    match cursor.context().patterns().compiled(pattern).as_ref() {
        Ok(_) => Some(Matcher::Regex(pattern.to_owned())),
        Err(Uncompilable::Callout) => {
            let message = format!("/{pattern}/ is read as a callout, so no value will ever match");
            regex.value_says(
                Code::UnusableRegex,
                message,
                "write `\\(\\*` for the two characters themselves",
            );
            Some(Matcher::Regex(pattern.to_owned()))
        }
        Err(Uncompilable::Invalid(why)) => {
            regex.value_says(Code::BadRegex, format!("/{pattern}/ does not compile: {why}"), "");
            None
        }
    }
}

fn bounds(cursor: &Cursor<'_>) -> Option<Matcher> {
    let bound = |key: &str| match cursor.filled(key) {
        None => Some(None),
        Some(number) => {
            number.whole_number(0, i64::MAX).and_then(|number| usize::try_from(number).ok()).map(Some)
        }
    };
    let (min, max) = (bound("min"), bound("max"));
    let (min, max) = (min?, max?);
    if let (Some(least), Some(most)) = (min, max)
        && least > most
    {
        cursor.say(Code::OutOfRange, format!("no list has at least {least} and at most {most} items"), "");
        return None;
    }
    Some(Matcher::Type { min, max })
}

/// The format, which is empty when none is given.
fn moment(cursor: &Cursor<'_>, names: &[&str]) -> Option<String> {
    let Some(format) = names.iter().find_map(|name| cursor.filled(name)) else {
        return Some(String::new());
    };
    let text = format.text()?;
    if text.is_empty() {
        return Some(String::new());
    }
    match format::check(text) {
        Ok(()) => Some(text.to_owned()),
        Err(why) => {
            format.value_says(Code::BadFormat, format!("`{text}` is not a format: {why}"), "");
            None
        }
    }
}

fn status_code(cursor: &Cursor<'_>) -> Option<Matcher> {
    let Some(status) = cursor.filled("status") else {
        return Some(Matcher::StatusCode(StatusClass::Success));
    };
    if status.value.is_array() {
        let codes: Option<Vec<u16>> = status.items().iter().map(status_number).collect();
        let codes = codes?;
        if codes.is_empty() {
            status.value_says(Code::EmptyRule, "no status is allowed by an empty list", "");
            return None;
        }
        return Some(Matcher::StatusCode(StatusClass::Codes(codes)));
    }
    let class = match status.text()? {
        "info" => StatusClass::Information,
        "success" => StatusClass::Success,
        "redirect" => StatusClass::Redirect,
        "clientError" => StatusClass::ClientError,
        "serverError" => StatusClass::ServerError,
        "nonError" => StatusClass::NonError,
        "error" => StatusClass::Error,
        word => {
            let help = "known are info, success, redirect, clientError, serverError, nonError and error";
            status.value_says(Code::UnknownWord, format!("`{word}` is not a class of statuses"), help);
            return None;
        }
    };
    Some(Matcher::StatusCode(class))
}

fn status_number(status: &Cursor<'_>) -> Option<u16> {
    status.whole_number(100, 599).and_then(|number| u16::try_from(number).ok())
}

/// The matchers inside `eachKey` and `eachValue`.
fn inner(cursor: &Cursor<'_>) -> Option<Vec<Matcher>> {
    let rules = needed(cursor, "rules")?;
    if !rules.value.is_array() {
        rules.refuse_type("a list");
        return None;
    }
    let items = rules.items();
    if items.is_empty() {
        rules.value_says(Code::EmptyRule, "without rules inside, this matcher constrains nothing", "");
        return None;
    }
    items.iter().map(matcher).collect()
}

fn array_contains(cursor: &Cursor<'_>) -> Option<Matcher> {
    let variants = needed(cursor, "variants")?;
    if !variants.value.is_array() {
        variants.refuse_type("a list");
        return None;
    }
    let items = variants.items();
    if items.is_empty() {
        variants.value_says(Code::EmptyRule, "without variants, every list contains them all", "");
        return None;
    }
    items.iter().map(variant).collect::<Option<Vec<_>>>().map(Matcher::ArrayContains)
}

fn variant(cursor: &Cursor<'_>) -> Option<Variant> {
    if !cursor.is_object_of(keys::VARIANT) {
        return None;
    }
    let index = cursor.filled("index").map_or(Some(0), |index| index.whole_number(0, i64::MAX))?;
    let rules = cursor.filled("rules").map(|rules| by_path(Category::Body, &rules)).unwrap_or_default();
    let generators = cursor
        .filled("generators")
        .map(|generators| of_category(Category::Body, &generators, Side::Received))
        .unwrap_or_default();
    Some(Variant { index: usize::try_from(index).ok()?, rules, generators })
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
pub(super) fn rule(category: Category, path: RulePath, cursor: &Cursor<'_>) -> Option<Rule> {
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
