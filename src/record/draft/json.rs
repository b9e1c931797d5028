//! JSON that was seen, as lines of YAML, with the rules that are probably meant, each marked as a guess.

use std::fmt::Write as _;

use regex::Regex;
use serde_json::{Number, Value};

use super::groups::{UUID, has_path};
use super::shape::{are_equal, is_sayable_under, items, keys, under};
use super::texts::scalar;
use crate::redact::{REDACTED, Redactor};

/// The formats that are recognised, as a pattern and a matcher.
const FORMATS: [(&str, &str); 4] = [
    (UUID, "$uuid: {}"),
    (r"^\d{4}-\d\d-\d\d$", "$date: yyyy-MM-dd, example: {}"),
    (
        r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d(:?\d\d)?)$",
        "$datetime: \"yyyy-MM-dd'T'HH:mm:ssX\", example: {}",
    ),
    (
        r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d(:?\d\d)?)$",
        "$datetime: \"yyyy-MM-dd'T'HH:mm:ss.SSSX\", example: {}",
    ),
];

/// Writes one body. All values that were seen at a place are written as one.
pub(super) struct Lines<'a> {
    pub(super) text: &'a mut String,
    pub(super) redactor: &'a Redactor,
    /// What the consumer sent, for answers: what comes back from it is compared exactly. In a request
    /// rules are guessed only where calls differ: it says exactly what the consumer sends.
    pub(super) asked: Option<Vec<String>>,
    /// The address of the real provider.
    pub(super) url: &'a str,
    /// What the numbers have become that 64 bits do not hold.
    pub(super) long: Vec<Number>,
}

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    depth: usize,
    is_secret: bool,
    below_list: bool,
    has_path: bool,
}

impl Spot {
    /// A body as a whole.
    pub(super) const BODY: Self = Self { depth: 3, is_secret: false, below_list: false, has_path: true };

    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

impl Lines<'_> {
    /// Writes a value behind its label.
    pub(super) fn value(&mut self, label: &str, seen: &[&Value], spot: Spot) {
        let Some(first) = seen.first() else { return };
        let is_empty = items(seen).is_empty();
        match first {
            Value::Object(fields) if !fields.is_empty() || !keys(seen).is_empty() => {
                self.line(spot, label.trim_end(), "");
                self.fields(seen, spot);
            }
            Value::Array(_) if is_empty => {
                self.line(spot, label, "[] # guess: nothing is known of its items");
            }
            Value::Array(_) if self.asked.is_some() || !are_equal(seen) && is_open(seen) => {
                self.line(spot, label.trim_end(), "");
                let may_be_empty = seen.iter().any(|value| value.as_array().is_some_and(Vec::is_empty));
                let least = if may_be_empty { "any number" } else { "at least one" };
                self.line(spot.deeper(), "", &format!("# guess: {least}, and all of one kind"));
                self.value("$eachLike: ", &items(seen), Spot { below_list: true, ..spot.deeper() });
                if may_be_empty {
                    self.line(spot.deeper(), "min: ", "0");
                }
            }
            Value::Array(list) => {
                self.line(spot, label.trim_end(), "");
                for index in 0..list.len() {
                    let there: Vec<&Value> = seen.iter().filter_map(|value| value.get(index)).collect();
                    self.value("- ", &there, spot.deeper());
                }
            }
            _ => {
                let shown = self.guessed(seen, spot);
                self.line(spot, label, &shown);
            }
        }
    }

    fn fields(&mut self, seen: &[&Value], spot: Spot) {
        let mut left_out = Vec::new();
        for key in keys(seen) {
            let Some(there) = under(seen, key)
                .filter(|_| self.asked.is_none() || is_sayable_under(seen, key, spot.below_list))
            else {
                left_out.push(scalar(key));
                continue;
            };
            let doubled = if key.starts_with('$') { format!("${key}") } else { key.clone() };
            let inner = Spot {
                is_secret: spot.is_secret || self.redactor.is_secret(key),
                has_path: spot.has_path && has_path(key),
                ..spot.deeper()
            };
            self.value(&format!("{}: ", scalar(&doubled)), &there, inner);
        }
        if !left_out.is_empty() {
            let names = left_out.join(", ");
            self.line(
                spot.deeper(),
                "",
                &format!("# left out, for it was not always there or alike: {names}"),
            );
        }
    }

    fn line(&mut self, spot: Spot, label: &str, rest: &str) {
        let _ = writeln!(self.text, "{}{label}{rest}", "  ".repeat(spot.depth));
    }

    /// A value on one line, with the matcher that is probably meant.
    fn guessed(&self, seen: &[&Value], spot: Spot) -> String {
        let value = seen[0];
        let shown = match value {
            Value::String(text) => self.redactor.text(text),
            _ => String::new(),
        };
        if spot.is_secret && !matches!(value, Value::Null | Value::Object(_))
            || value.as_str().is_some_and(|text| text != shown)
        {
            return secret(value, spot.is_secret, &shown);
        }
        if spot.has_path && seen.iter().any(|value| is_long(&self.long, value)) {
            return "{ $number: 1 } # guess: what was seen has more digits than 64 bits hold".to_owned();
        }
        if let Some(address) = self.address(seen, spot) {
            return address;
        }
        let plain = match value {
            Value::String(text) => scalar(text),
            other => other.to_string(),
        };
        let is_exact = self.asked.is_none() && are_equal(seen);
        if is_exact || !spot.has_path || matches!(value, Value::Null | Value::Object(_)) {
            return plain;
        }
        if are_equal(seen) && self.is_echo(value) {
            return format!("{plain} # guess: it is what was sent");
        }
        let matcher = match value {
            Value::Number(_) => format!("{}: {plain}", number(seen)),
            Value::String(_) => format_of(seen)
                .map_or_else(|| format!("$like: {plain}"), |matcher| matcher.replace("{}", &plain)),
            _ => format!("$like: {plain}"),
        };
        format!("{{ {matcher} }} # guess")
    }

    /// An address of the provider itself in an answer: whoever follows it must not leave the mock.
    fn address(&self, seen: &[&Value], spot: Spot) -> Option<String> {
        let path = |value: &Value| -> Option<String> {
            let path = value.as_str()?.strip_prefix(self.url)?;
            (path.is_empty() || path.starts_with(['/', '?', '#'])).then(|| path.to_owned())
        };
        let first = path(seen[0]).filter(|_| self.asked.is_some() && spot.has_path)?;
        let is_same = seen.iter().all(|value| path(value).as_ref() == Some(&first));
        if is_same && first.starts_with('/') {
            return Some(format!("{{ $mockUrl: {} }} # guess", scalar(&first)));
        }
        let shown = if first.starts_with('/') { first } else { format!("/{first}") };
        Some(format!("{{ $like: {} }} # guess: the address of the provider is left out", scalar(&shown)))
    }

    /// True when every request had this value in it.
    fn is_echo(&self, value: &Value) -> bool {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let has = |sent: &String| {
            percent_encoding::percent_decode_str(&sent.replace('+', " ")).decode_utf8_lossy().contains(&text)
        };
        text.len() > 2 && self.asked.as_ref().is_some_and(|asked| asked.iter().all(has))
    }
}

/// True when there is a secret where no matcher can stand, so that it can neither be written nor left open.
pub(super) fn hides(redactor: &Redactor, value: &Value) -> bool {
    is_hidden(redactor, value, Spot::BODY)
}

fn is_hidden(redactor: &Redactor, value: &Value, spot: Spot) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(key, value)| {
            let is_secret = spot.is_secret || redactor.is_secret(key);
            let has_path = spot.has_path && has_path(key);
            is_hidden(redactor, value, Spot { is_secret, has_path, ..spot })
        }),
        Value::Array(items) => items.iter().any(|item| is_hidden(redactor, item, spot)),
        _ if spot.has_path => false,
        Value::String(text) => spot.is_secret || redactor.text(text) != *text,
        scalar => spot.is_secret && !scalar.is_null(),
    }
}

/// True for what a number has become that 64 bits do not hold.
fn is_long(long: &[Number], value: &Value) -> bool {
    matches!(value, Value::Number(number) if long.contains(number))
}

/// True when there is such a number where no matcher can stand.
pub(super) fn keeps(long: &[Number], value: &Value) -> bool {
    let below = |has_path: bool, value: &Value| {
        if has_path { keeps(long, value) } else { has_long(long, value) }
    };
    match value {
        Value::Object(fields) => fields.iter().any(|(key, value)| below(has_path(key), value)),
        Value::Array(items) => items.iter().any(|item| keeps(long, item)),
        _ => false,
    }
}

fn has_long(long: &[Number], value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.values().any(|value| has_long(long, value)),
        Value::Array(items) => items.iter().any(|item| has_long(long, item)),
        scalar => is_long(long, scalar),
    }
}

/// True when a list may have any length: its items are of one kind in all calls.
fn is_open(seen: &[&Value]) -> bool {
    super::shape::shape(seen[0]).is_array()
}

/// A value that may not be written, and one of its kind in its place.
fn secret(value: &Value, is_secret: bool, shown: &str) -> String {
    let instead = match value {
        Value::Number(_) => "0",
        Value::Bool(_) => "true",
        Value::String(_) if !is_secret => &scalar(shown),
        _ => REDACTED,
    };
    let matcher = if value.is_number() { "$number" } else { "$like" };
    format!("{{ {matcher}: {instead} }} # a secret, not written")
}

fn number(seen: &[&Value]) -> &'static str {
    match seen.iter().filter(|value| value.is_f64()).count() {
        0 => "$integer",
        decimals if decimals == seen.len() => "$decimal",
        _ => "$number",
    }
}

/// The matcher for a format that all texts have.
fn format_of(seen: &[&Value]) -> Option<&'static str> {
    let has = |pattern: &str| {
        let pattern = Regex::new(pattern).ok();
        pattern
            .is_some_and(|one| seen.iter().all(|value| value.as_str().is_some_and(|text| one.is_match(text))))
    };
    FORMATS.iter().find(|(pattern, _)| has(pattern)).map(|(_, matcher)| *matcher)
}
