//! Date and time formats, as the reference implementation reads them.

use pact_models::time_utils::{DateTimePatternToken as Token, parse_pattern, validate_datetime};

/// What a date or time generator makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// Both.
    DateTime,
}

/// Longer formats than this are no formats.
const LONGEST: usize = 200;

/// Says what is wrong with a format, for matching.
pub(super) fn check(format: &str) -> Result<(), String> {
    tokens(format).map(drop)
}

/// Says what is wrong with a format, for generating a value.
///
/// Besides the grammar this refuses what the reference's generator would crash on: a time in a
/// date, and fractions of a second of an odd length.
pub(super) fn check_generated(format: &str, moment: Moment) -> Result<(), String> {
    let tokens = tokens(format)?;
    if moment == Moment::Date && tokens.iter().any(is_of_time) {
        return Err("a date has no time in it".to_owned());
    }
    let odd = |token: &Token| matches!(token, Token::Millisecond(digits) if *digits > 3 && !matches!(digits, 6 | 9));
    if tokens.iter().any(odd) {
        return Err("fractions of a second have 3, 6 or 9 digits".to_owned());
    }
    Ok(())
}

/// Whether a text is in a format; `None` when that cannot be told safely.
pub(super) fn fits(text: &str, format: &str) -> Option<bool> {
    let tokens = tokens(format).ok()?;
    // The reference reads a year into 16 bits and a month's name by its first letters.
    let risky = |token: &Token| matches!(token, Token::Year(5..) | Token::Month(5..) | Token::Era(_));
    if tokens.iter().any(risky) {
        return None;
    }
    Some(validate_datetime(text, format).is_ok())
}

fn tokens(format: &str) -> Result<Vec<Token>, String> {
    if format.is_empty() || format.len() > LONGEST {
        return Err("it is empty or too long".to_owned());
    }
    parse_pattern(format).map_err(|_| "it is not a format of Java's DateTimeFormatter".to_owned())
}

fn is_of_time(token: &Token) -> bool {
    matches!(
        token,
        Token::Hour24
            | Token::Hour24ZeroBased
            | Token::Hour12
            | Token::Hour12ZeroBased
            | Token::Minute
            | Token::Second
            | Token::Millisecond(_)
            | Token::Nanosecond(_)
            | Token::AmPm
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_those_of_the_reference() {
        for good in ["yyyy-MM-dd", "HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "EEE, d MMM yyyy"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "MMMMMMM", "'unclosed"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_the_generator_would_crash_on_is_refused() {
        assert!(check_generated("yyyy-MM-dd HH:mm", Moment::Date).is_err());
        assert!(check_generated("yyyy-MM-dd HH:mm", Moment::DateTime).is_ok());
        assert!(check_generated("HH:mm:ss.SSSS", Moment::Time).is_err());
        assert!(check_generated("HH:mm:ss.SSS", Moment::Time).is_ok());
    }

    #[test]
    fn a_text_fits_its_format_or_does_not() {
        assert_eq!(fits("2000-01-31", "yyyy-MM-dd"), Some(true));
        assert_eq!(fits("2000-02-31", "yyyy-MM-dd"), Some(false));
        assert_eq!(fits("99999-01-01", "yyyyy-MM-dd"), None);
    }
}
