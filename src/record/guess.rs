//! JSON as lines of YAML, with the rules that are probably meant, each marked as a guess.

use std::fmt::Write as _;

use regex::Regex;
use serde_json::Value;

use crate::redact::{REDACTED, Redactor};

/// The formats that are recognised, as a pattern and a matcher.
const FORMATS: [(&str, &str); 4] = [
    (r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "$uuid: {}"),
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

/// Writes one body.
pub(super) struct Lines<'a> {
    pub(super) text: &'a mut String,
    pub(super) redactor: &'a Redactor,
    /// Rules are guessed for answers only: a request says exactly what the consumer sends.
    pub(super) is_answer: bool,
    /// What the consumer sent; what comes back from it is compared exactly.
    pub(super) asked: String,
}

impl Lines<'_> {
    /// Writes a value behind its key. `is_exact` where a rule would be lost.
    pub(super) fn value(&mut self, label: &str, value: &Value, depth: usize, is_secret: bool) {
        let indent = "  ".repeat(depth);
        match value {
            _ if is_secret && !value.is_null() => {
                let _ = writeln!(self.text, "{indent}{label}{{ $like: {REDACTED} }} # a secret, not written");
            }
            Value::Object(fields) if !fields.is_empty() => {
                self.line(&indent, label.trim_end(), "");
                for (key, value) in fields {
                    let shown = if key.starts_with('$') { format!("${key}") } else { key.clone() };
                    let label = format!("{}: ", scalar(&shown));
                    self.value(&label, value, depth + 1, self.redactor.is_secret(key));
                }
            }
            Value::Array(items) if items.is_empty() => {
                self.line(&indent, label, "[] # guess: nothing is known of its items");
            }
            Value::Array(items) if self.is_answer => {
                self.line(&indent, label.trim_end(), "");
                let _ = writeln!(self.text, "{indent}  # guess: at least one, and all like the first");
                self.value("$eachLike: ", &items[0], depth + 1, false);
            }
            Value::Array(items) => {
                self.line(&indent, label.trim_end(), "");
                for item in items {
                    // Flow style keeps an item on its line, whatever is in it.
                    let _ = writeln!(self.text, "{indent}  - {}", self.redactor.text(&item.to_string()));
                }
            }
            _ => {
                let shown = self.guessed(value);
                self.line(&indent, label, &shown);
            }
        }
    }

    fn line(&mut self, indent: &str, label: &str, rest: &str) {
        let _ = writeln!(self.text, "{indent}{label}{rest}");
    }

    /// A value on one line, with the matcher that is probably meant.
    fn guessed(&self, value: &Value) -> String {
        let plain = match value {
            Value::String(text) => scalar(&self.redactor.text(text)),
            other => other.to_string(),
        };
        let is_echo = || {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let sent = percent_encoding::percent_decode_str(&self.asked).decode_utf8_lossy();
            text.len() > 2 && sent.contains(&text)
        };
        if !self.is_answer || matches!(value, Value::Null | Value::Object(_)) {
            return plain;
        }
        if is_echo() {
            return format!("{plain} # guess: it is what was sent");
        }
        let matcher = match value {
            Value::Number(number) if number.is_f64() => format!("$decimal: {plain}"),
            Value::Number(_) => format!("$integer: {plain}"),
            Value::String(text) => {
                let known = FORMATS
                    .iter()
                    .find(|(pattern, _)| Regex::new(pattern).is_ok_and(|one| one.is_match(text)));
                known.map_or_else(|| format!("$like: {plain}"), |(_, matcher)| matcher.replace("{}", &plain))
            }
            _ => format!("$like: {plain}"),
        };
        format!("{{ {matcher} }} # guess")
    }
}

/// A text as YAML has it: bare where nothing can be mistaken, otherwise in quotes.
pub(super) fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " _./-".contains(c))
        && !text.ends_with(' ')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_lowercase().as_str());
    if is_plain { text.to_owned() } else { Value::from(text).to_string() }
}
