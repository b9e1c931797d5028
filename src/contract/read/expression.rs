//! Date and time expressions of generators: `+ 1 day`, `tomorrow @ noon`.
//!
//! The reference adds without bounds and crashes outside the calendar, and it walks over months
//! day by day. So the amounts are bounded first; then the reference itself reads the expression.

use std::collections::HashMap;

use pact_models::generators::{GenerateValue, Generator, NoopVariantMatcher, VariantMatcher};
use serde_json::Value;

use super::format::Moment;

/// The most that all amounts of a date may add up to, in whatever unit.
const MOST_OF_DATE: u64 = 100_000;
/// The same for the amounts of a time.
const MOST_OF_TIME: u64 = 100_000_000;
/// Longer expressions than this are no expressions.
const LONGEST: usize = 500;

/// Why an expression cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// It cannot be read.
    Invalid,
    /// It leads out of the calendar.
    TooFar,
}

/// Checks an expression.
pub(super) fn check(expression: &str, moment: Moment) -> Result<(), Unusable> {
    if expression.len() > LONGEST {
        return Err(Unusable::Invalid);
    }
    let (date, time) = match (moment, expression.split_once('@')) {
        (Moment::Time, _) => ("", expression),
        (Moment::DateTime, Some((date, time))) => (date, time),
        (Moment::Date | Moment::DateTime, _) => (expression, ""),
    };
    if sum(date) > MOST_OF_DATE || sum(time) > MOST_OF_TIME {
        return Err(Unusable::TooFar);
    }
    let matcher: Box<dyn VariantMatcher + Send + Sync> = NoopVariantMatcher.boxed();
    let now = Value::from("2000-01-01T10:00:00+00:00");
    let context =
        HashMap::from([("baseDate", now.clone()), ("baseTime", now.clone()), ("baseDateTime", now)]);
    let expression = Some(expression.to_owned());
    let generator = match moment {
        Moment::Date => Generator::Date(None, expression),
        Moment::Time => Generator::Time(None, expression),
        Moment::DateTime => Generator::DateTime(None, expression),
    };
    generator.generate_value(&String::new(), &context, &matcher).map(drop).map_err(|_| Unusable::Invalid)
}

/// The sum of all numbers in a text.
fn sum(text: &str) -> u64 {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    numbers.fold(0, |sum, digits| sum.saturating_add(digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_those_of_the_reference() {
        for (good, moment) in [
            ("", Moment::Date),
            ("+ 1 day", Moment::Date),
            ("next monday", Moment::Date),
            ("@ now + 2 hours", Moment::DateTime),
            ("tomorrow @ noon", Moment::DateTime),
            ("+ 1 hour", Moment::Time),
        ] {
            assert_eq!(check(good, moment), Ok(()), "{good}");
        }
    }

    #[test]
    fn an_expression_out_of_the_calendar_is_refused() {
        for absurd in ["+ 2000000000 days", "+ 99999 years + 99999 years", "- 99999999999999999999 months"] {
            assert_eq!(check(absurd, Moment::Date), Err(Unusable::TooFar), "{absurd}");
        }
        assert_eq!(check("+ 100000 years", Moment::Date), Ok(()));
        assert_eq!(check("- 100000 months", Moment::Date), Ok(()));
        assert_eq!(check("someday", Moment::Date), Err(Unusable::Invalid));
    }
}
