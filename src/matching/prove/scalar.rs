//! Values that hold no others: what the reference's matcher and our stricter checks ask of them.

use onig::{MatchParam, Regex, SearchOptions};
use pact_models::time_utils::validate_datetime;
use serde_json::Number;

use super::example::Example;
use super::rules::Check;

/// Steps after which a pattern is left to the matcher.
const RETRIES: u32 = 100_000;

/// A received value that holds no others.
#[derive(Debug)]
pub(super) enum Scalar<'v> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'v str),
}

impl Scalar<'_> {
    /// True when it is the very value of the example.
    pub(super) fn equals(&self, example: &Example<'_>) -> bool {
        match (self, example) {
            (Self::Null, Example::Null) => true,
            (Self::Bool(value), Example::Bool(wanted)) => value == wanted,
            (Self::Number(value), Example::Number(wanted)) => value == wanted,
            (Self::Text(value), Example::Text(wanted)) => *value == wanted.as_ref(),
            _ => false,
        }
    }

    /// True for a number that was read into a double.
    pub(super) fn is_float(&self) -> bool {
        matches!(self, Self::Number(number) if number.is_f64())
    }

    fn is_like(&self, example: &Example<'_>) -> bool {
        matches!(
            (self, example),
            (Self::Null, Example::Null)
                | (Self::Bool(_), Example::Bool(_))
                | (Self::Number(_), Example::Number(_))
                | (Self::Text(_), Example::Text(_))
        )
    }

    /// True when every check surely holds. The example holds no other values either.
    pub(super) fn satisfies(&self, checks: &[Check<'_>], example: &Example<'_>) -> bool {
        checks.iter().all(|check| self.satisfies_one(check, example))
    }

    fn satisfies_one(&self, check: &Check<'_>, example: &Example<'_>) -> bool {
        match (check, self) {
            (Check::Equality | Check::Values, _) => self.equals(example),
            // What is asked of keys is no matter of a value below them.
            (Check::Type { .. } | Check::EachKey(_), _) => self.is_like(example),
            (Check::Regex(regex), Self::Text(text)) => matches(regex, text),
            (Check::Include(part), Self::Text(text)) => text.contains(part),
            (Check::Date(format), Self::Text(text)) => is_in_format(text, format, "yyyy-MM-dd"),
            (Check::Time(format), Self::Text(text)) => is_in_format(text, format, "HH:mm:ss"),
            (Check::DateTime(format), Self::Text(text)) => {
                is_in_format(text, format, "yyyy-MM-dd'T'HH:mm:ssXXX")
            }
            (Check::Semver, Self::Text(text)) => semver::Version::parse(text).is_ok(),
            (Check::NotEmpty, Self::Text(text)) => !text.is_empty(),
            (Check::Number, Self::Number(_))
            | (Check::NotEmpty, Self::Number(_) | Self::Bool(_))
            | (Check::Boolean, Self::Bool(_))
            | (Check::Null, Self::Null) => true,
            (Check::Integer, Self::Number(number)) => number.is_i64() || number.is_u64(),
            (Check::Decimal, Self::Number(number)) => number.is_f64(),
            _ => false,
        }
    }
}

/// Whether the whole text surely matches, asked as the reference asks.
pub(super) fn matches(regex: &Regex, text: &str) -> bool {
    let mut limits = MatchParam::default();
    limits.set_retry_limit_in_match(RETRIES);
    let found = regex.match_with_param(text, 0, SearchOptions::SEARCH_OPTION_WHOLE_STRING, None, limits);
    matches!(found, Ok(Some(length)) if length == text.len())
}

/// The reference's own reader of dates decides; an empty format stands for the usual one.
fn is_in_format(text: &str, format: &str, usual: &str) -> bool {
    let format = if format.is_empty() { usual } else { format };
    validate_datetime(text, format).is_ok()
}
