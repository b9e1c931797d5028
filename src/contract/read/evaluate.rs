//! Whether an example satisfies a matcher.
//!
//! This serves warnings and comparisons of contracts and decides no verdict: where it cannot tell, it
//! says so. The answers it gives are those of the reference's matchers.

use std::collections::HashMap;

use serde_json::Value;

use super::format;
use super::pattern;
use super::pattern::{Pattern, Patterns};
use crate::contract::known::all;
use crate::contract::rule::{Matcher, Rule, StatusClass};

/// An example value: a part of a JSON document, or the text of a header or parameter.
#[derive(Clone, Copy)]
pub(super) enum Sample<'a> {
    /// A JSON value.
    Json(&'a Value),
    /// A text in which a number is written as digits.
    Text(&'a str),
}

/// A rule that is going to be compared with many examples: its patterns are compiled once.
pub(super) struct Judge<'r> {
    rule: &'r Rule,
    patterns: Compiled<'r>,
}

/// The patterns of a rule by their text.
type Compiled<'r> = HashMap<&'r str, Pattern>;

impl<'r> Judge<'r> {
    pub(super) fn of(rule: &'r Rule, known: &Patterns) -> Self {
        let mut patterns = Compiled::new();
        collect_patterns(&rule.matchers, known, &mut patterns);
        Self { rule, patterns }
    }

    /// Whether an example satisfies the rule; `None` when that cannot be told.
    pub(super) fn satisfied_by(&self, sample: Sample<'_>) -> Option<bool> {
        let judged = |matcher| satisfies(matcher, sample, &self.patterns);
        self.rule.combine.of(self.rule.matchers.iter().map(judged))
    }
}

fn collect_patterns<'r>(matchers: &'r [Matcher], known: &Patterns, patterns: &mut Compiled<'r>) {
    for matcher in matchers {
        match matcher {
            Matcher::Regex(text) => drop(patterns.insert(text, known.compiled(text))),
            Matcher::EachKey(inner) | Matcher::EachValue(inner) => collect_patterns(inner, known, patterns),
            _ => {}
        }
    }
}

/// Whether a matcher lets a JSON value through, whatever stands below it; `None` when that cannot be
/// told.
#[must_use]
pub fn admits(matcher: &Matcher, value: &Value) -> Option<bool> {
    alone(matcher, Sample::Json(value))
}

/// Whether a matcher lets the text of a header, a parameter or a path through; `None` when that cannot
/// be told.
#[must_use]
pub fn admits_text(matcher: &Matcher, text: &str) -> Option<bool> {
    alone(matcher, Sample::Text(text))
}

fn alone(matcher: &Matcher, sample: Sample<'_>) -> Option<bool> {
    let mut patterns = Compiled::new();
    collect_patterns(std::slice::from_ref(matcher), &Patterns::default(), &mut patterns);
    satisfies(matcher, sample, &patterns)
}

fn satisfies(matcher: &Matcher, sample: Sample<'_>, patterns: &Compiled<'_>) -> Option<bool> {
    match matcher {
        Matcher::Equality | Matcher::Values => Some(true),
        Matcher::Regex(text) => {
            let pattern = patterns.get(text.as_str())?.as_ref().as_ref().ok()?;
            pattern::matches(pattern, &sample.scalar()?)
        }
        Matcher::Type { min, max } => Some(within(sample, *min, *max)),
        Matcher::DateTime(format) => fits(sample, format, "yyyy-MM-dd'T'HH:mm:ssXXX"),
        Matcher::Date(format) => fits(sample, format, "yyyy-MM-dd"),
        Matcher::Time(format) => fits(sample, format, "HH:mm:ss"),
        Matcher::Include(part) => Some(sample.scalar()?.contains(part)),
        Matcher::Number | Matcher::Integer | Matcher::Decimal => Some(is_number(matcher, sample)),
        Matcher::Null => match sample {
            Sample::Json(value) => Some(value.is_null()),
            Sample::Text(_) => None,
        },
        Matcher::Boolean => Some(matches!(sample.scalar().as_deref(), Some("true" | "false"))),
        Matcher::StatusCode(class) => sample.scalar()?.parse().ok().map(|status| class.has(status)),
        Matcher::NotEmpty => Some(!sample.is_empty()),
        Matcher::Semver => Some(sample.text().is_some_and(|text| semver::Version::parse(text).is_ok())),
        Matcher::EachKey(matchers) => each_key(matchers, sample, patterns),
        Matcher::EachValue(matchers) => each_value(matchers, sample, patterns),
        Matcher::ArrayContains(variants) => match sample {
            Sample::Json(Value::Array(items)) => {
                variants.iter().any(|variant| variant.index >= items.len()).then_some(false)
            }
            Sample::Json(_) => Some(false),
            Sample::Text(_) => None,
        },
        Matcher::ContentType(_) | Matcher::Plugin { .. } => None,
    }
}

impl<'a> Sample<'a> {
    /// The text, or how a single JSON value is written; nothing for lists and objects.
    fn scalar(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.to_owned()),
            Self::Json(Value::String(text)) => Some(text.clone()),
            Self::Json(Value::Array(_) | Value::Object(_)) => None,
            Self::Json(value) => Some(value.to_string()),
        }
    }

    fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(value) => value.as_str(),
        }
    }

    fn is_empty(self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Json(Value::Null) => true,
            Self::Json(Value::String(text)) => text.is_empty(),
            Self::Json(Value::Array(items)) => items.is_empty(),
            Self::Json(Value::Object(map)) => map.is_empty(),
            Self::Json(Value::Bool(_) | Value::Number(_)) => false,
        }
    }

    /// As it is shown in a message, cut to a bearable length.
    pub(super) fn shown(self) -> String {
        let whole = match self {
            Self::Text(text) => format!("`{text}`"),
            Self::Json(value) => value.to_string(),
        };
        if whole.chars().count() <= 60 {
            whole
        } else {
            format!("{}…", whole.chars().take(59).collect::<String>())
        }
    }
}

impl StatusClass {
    /// True when a status belongs to the class.
    #[must_use]
    pub fn has(&self, status: u16) -> bool {
        match self {
            Self::Information => (100..200).contains(&status),
            Self::Success => (200..300).contains(&status),
            Self::Redirect => (300..400).contains(&status),
            Self::ClientError => (400..500).contains(&status),
            Self::ServerError => (500..600).contains(&status),
            Self::NonError => status < 400,
            Self::Error => status >= 400,
            Self::Codes(codes) => codes.contains(&status),
        }
    }
}

fn within(sample: Sample<'_>, min: Option<usize>, max: Option<usize>) -> bool {
    let Sample::Json(Value::Array(items)) = sample else {
        return true;
    };
    min.is_none_or(|min| items.len() >= min) && max.is_none_or(|max| items.len() <= max)
}

fn fits(sample: Sample<'_>, format: &str, default: &str) -> Option<bool> {
    format::fits(&sample.scalar()?, if format.is_empty() { default } else { format })
}

fn is_number(matcher: &Matcher, sample: Sample<'_>) -> bool {
    match (matcher, sample) {
        (Matcher::Integer, Sample::Json(value)) => value.is_i64() || value.is_u64(),
        (Matcher::Decimal, Sample::Json(value)) => value.is_f64(),
        (_, Sample::Json(value)) => value.is_number(),
        (Matcher::Integer, Sample::Text(text)) => text.parse::<u64>().is_ok(),
        (_, Sample::Text(text)) => text.parse::<f64>().is_ok(),
    }
}

fn each_key(matchers: &[Matcher], sample: Sample<'_>, patterns: &Compiled<'_>) -> Option<bool> {
    let Sample::Json(Value::Object(map)) = sample else {
        return None;
    };
    all(map
        .keys()
        .flat_map(|key| matchers.iter().map(|matcher| satisfies(matcher, Sample::Text(key), patterns))))
}

fn each_value(matchers: &[Matcher], sample: Sample<'_>, patterns: &Compiled<'_>) -> Option<bool> {
    let values: Vec<&Value> = match sample {
        Sample::Json(Value::Object(map)) => map.values().collect(),
        Sample::Json(Value::Array(items)) => items.iter().collect(),
        _ => return None,
    };
    let judged =
        |value| matchers.iter().map(move |matcher| satisfies(matcher, Sample::Json(value), patterns));
    all(values.into_iter().flat_map(judged))
}
