//! Generators: what is put into a request before it is sent.
//!
//! Only generators of what is sent to the provider run when a pact is replayed; the others are
//! read for their shape, and their patterns, which another language may have written in its own
//! dialect, are left alone.

use super::cursor::Cursor;
use super::expression::{self, Unusable};
use super::format::{self, Moment};
use super::keys;
use super::pattern::{LONGEST, Ungenerable, generable};
use super::place::{category_of, is_named, is_single, path_of};
use crate::contract::path::RulePath;
use crate::contract::rule::{Category, Generator, PlacedGenerator};
use crate::finding::Code;

/// Who sends what the generators belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The consumer, so they run when the pact is replayed.
    Sent,
    /// The provider, so they play no part in verification.
    Received,
}

/// The words for the generators, for telling which one was meant.
const WORDS: [&str; 12] = [
    "RandomInt",
    "RandomDecimal",
    "RandomHexadecimal",
    "RandomString",
    "RandomBoolean",
    "Regex",
    "Uuid",
    "Date",
    "Time",
    "DateTime",
    "ProviderState",
    "MockServerURL",
];

/// The words for the forms of a UUID.
const UUID_FORMS: [&str; 4] = ["simple", "lower-case-hyphenated", "upper-case-hyphenated", "URN"];

/// Reads `generators` of a part.
pub(super) fn generators(part: &Cursor<'_>, side: Side) -> Vec<PlacedGenerator> {
    let Some(generators) = part.filled("generators") else {
        return Vec::new();
    };
    if !generators.value.is_object() {
        generators.refuse_type("an object");
        return Vec::new();
    }
    let placed = |(word, group): (&str, Cursor<'_>)| {
        category_of(word, &group).map(|category| of_category(category, &group, side)).unwrap_or_default()
    };
    generators.entries().flat_map(placed).collect()
}

/// Reads the generators of one category, by path, or the only one that it can have.
pub(super) fn of_category(category: Category, group: &Cursor<'_>, side: Side) -> Vec<PlacedGenerator> {
    if !group.value.is_object() {
        group.refuse_type("an object");
        return Vec::new();
    }
    let place = |path: RulePath, cursor: &Cursor<'_>| {
        let generator = generator(cursor, side)?;
        Some(PlacedGenerator { category, path, generator, pointer: cursor.pointer.clone() })
    };
    let single = is_single(category);
    if single && group.deciding("type", &["type"]).is_some_and(|kind| kind.value.is_string()) {
        return place(RulePath::empty(), group).into_iter().collect();
    }
    let placed = |(key, cursor): (&str, Cursor<'_>)| {
        let path = if is_named(category) { RulePath::name(key) } else { path_of(key, &cursor)? };
        place(if single { RulePath::empty() } else { path }, &cursor)
    };
    group.entries().filter_map(placed).collect()
}

/// Reads one generator.
fn generator(cursor: &Cursor<'_>, side: Side) -> Option<Generator> {
    if !cursor.value.is_object() {
        cursor.refuse_type("an object");
        return None;
    }
    let Some(kind) = cursor.deciding("type", keys::GENERATOR) else {
        cursor.check_keys(keys::GENERATOR);
        cursor.lacks("type", " in a generator");
        return None;
    };
    let word = kind.text()?;
    if !WORDS.contains(&word) {
        return unknown(&kind, word);
    }
    cursor.check_keys(keys::GENERATOR);
    match word {
        "RandomInt" => random_int(cursor),
        "RandomDecimal" => size(cursor, "digits").map(|digits| Generator::RandomDecimal { digits }),
        "RandomHexadecimal" => size(cursor, "digits").map(|digits| Generator::RandomHexadecimal { digits }),
        "RandomString" => size(cursor, "size").map(|size| Generator::RandomString { size }),
        "RandomBoolean" => Some(Generator::RandomBoolean),
        "Regex" => regex(cursor, side),
        "Uuid" => uuid(cursor),
        "Date" => moment(cursor, Moment::Date, side),
        "Time" => moment(cursor, Moment::Time, side),
        "DateTime" => moment(cursor, Moment::DateTime, side),
        "ProviderState" => provider_state(cursor),
        _ => Some(Generator::MockServerUrl {
            example: optional_text(cursor, "example").unwrap_or_default(),
            regex: optional_text(cursor, "regex").unwrap_or_default(),
        }),
    }
}

fn unknown(kind: &Cursor<'_>, word: &str) -> Option<Generator> {
    if !kind.context().plugin_names().is_empty() && !word.is_empty() {
        return Some(Generator::Plugin { name: word.to_owned() });
    }
    let meant = keys::probably_meant(word, WORDS.iter().copied());
    let help = meant.map_or_else(
        || format!("known are {}", WORDS.join(", ")),
        |meant| format!("did you mean `{meant}`?"),
    );
    kind.value_says(Code::UnknownGenerator, format!("`{word}` is not a generator"), help);
    None
}

/// A text that may be missing; anything else under the key is a defect.
fn optional_text(cursor: &Cursor<'_>, key: &str) -> Option<String> {
    cursor.filled(key).and_then(|text| text.text().map(str::to_owned))
}

fn random_int(cursor: &Cursor<'_>) -> Option<Generator> {
    let bound = |key: &str, default: i64| {
        let bounds = (i64::from(i32::MIN), i64::from(i32::MAX));
        let found =
            cursor.filled(key).map_or(Some(default), |number| number.whole_number(bounds.0, bounds.1));
        found.and_then(|number| i32::try_from(number).ok())
    };
    let (min, max) = (bound("min", 0), bound("max", 10));
    let (min, max) = (min?, max?);
    // The reference draws from `min` up to but not including `max + 1`, which must exist.
    if min > max || min == i32::MAX {
        let message = format!("no number lies between `min` {min} and `max` {max}");
        cursor.say(Code::OutOfRange, message, "");
        return None;
    }
    Some(Generator::RandomInt { min, max })
}

fn size(cursor: &Cursor<'_>, key: &str) -> Option<u16> {
    let most = i64::try_from(LONGEST).unwrap_or(i64::MAX);
    let found = cursor.filled(key).map_or(Some(10), |number| number.whole_number(0, most))?;
    u16::try_from(found).ok()
}

fn regex(cursor: &Cursor<'_>, side: Side) -> Option<Generator> {
    let Some(regex) = cursor.filled("regex") else {
        cursor.lacks("regex", " in a generator of type `Regex`");
        return None;
    };
    let pattern = regex.text()?;
    match generable(pattern) {
        Err(Ungenerable::Invalid(why)) if side == Side::Sent => {
            regex.value_says(Code::BadRegex, format!("no text can be generated from /{pattern}/: {why}"), "");
            None
        }
        Err(Ungenerable::TooLong(length)) => {
            let message = format!("/{pattern}/ can generate {length} bytes, more than {LONGEST}");
            regex.value_says(Code::OutOfRange, message, "");
            None
        }
        _ => Some(Generator::Regex(pattern.to_owned())),
    }
}

fn uuid(cursor: &Cursor<'_>) -> Option<Generator> {
    let Some(form) = cursor.filled("format") else {
        return Some(Generator::Uuid(None));
    };
    let word = form.text()?;
    if !UUID_FORMS.contains(&word) {
        let help = format!("known are {}", UUID_FORMS.join(", "));
        form.value_says(Code::UnknownWord, format!("`{word}` is not a form of a UUID"), help);
        return None;
    }
    Some(Generator::Uuid(Some(word.to_owned())))
}

fn moment(cursor: &Cursor<'_>, moment: Moment, side: Side) -> Option<Generator> {
    let format = optional_text(cursor, "format");
    let expression = optional_text(cursor, "expression");
    if side == Side::Sent {
        check_format(cursor, format.as_deref(), moment)?;
    }
    check_expression(cursor, expression.as_deref().unwrap_or_default(), moment)?;
    Some(match moment {
        Moment::Date => Generator::Date { format, expression },
        Moment::Time => Generator::Time { format, expression },
        Moment::DateTime => Generator::DateTime { format, expression },
    })
}

fn check_format(cursor: &Cursor<'_>, format: Option<&str>, moment: Moment) -> Option<()> {
    let Some(text) = format else {
        return Some(());
    };
    let checked = format::check_generated(text, moment);
    let at = cursor.key("format").unwrap_or_else(|| cursor.clone());
    checked.map_err(|why| at.value_says(Code::BadFormat, format!("`{text}` is not a format: {why}"), "")).ok()
}

fn check_expression(cursor: &Cursor<'_>, text: &str, moment: Moment) -> Option<()> {
    let at = || cursor.key("expression").unwrap_or_else(|| cursor.clone());
    match expression::check(text, moment) {
        Ok(()) => Some(()),
        Err(Unusable::TooFar) => {
            at().value_says(Code::OutOfRange, format!("`{text}` leads out of the calendar"), "");
            None
        }
        Err(Unusable::Invalid) => {
            let message = format!("`{text}` is not a date or time expression");
            at().value_says(Code::BadFormat, message, "such as `+ 1 day` or `tomorrow @ noon`");
            None
        }
    }
}

fn provider_state(cursor: &Cursor<'_>) -> Option<Generator> {
    let Some(expression) = cursor.filled("expression") else {
        cursor.lacks("expression", " in a generator of type `ProviderState`");
        return None;
    };
    let expression = expression.text()?.to_owned();
    Some(Generator::ProviderState { expression, data_type: optional_text(cursor, "dataType") })
}
