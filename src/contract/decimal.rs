//! Numbers by what they are worth, however many digits they have.

/// A decimal number: its sign, its digits without zeros around them, and where the point stands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    digits: String,
    exponent: i128,
}

impl Decimal {
    /// Reads the text of a JSON number.
    pub(crate) fn read(text: &str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_end_matches('0');
        let dropped = i128::try_from(all.len() - significant.len()).unwrap_or(i128::MAX);
        let places = i128::try_from(fraction.len()).unwrap_or(i128::MAX);
        // An exponent that does not even fit here leads beyond every double on both sides.
        let exponent = exponent.parse::<i128>().unwrap_or(i128::MAX / 2);
        let digits = significant.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Self { negative: false, digits, exponent: 0 };
        }
        Self { negative, digits, exponent: exponent.saturating_sub(places).saturating_add(dropped) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_equal_when_they_are_however_they_are_written() {
        for (one, other) in
            [("1", "1.0"), ("-0", "0.000"), ("1e2", "100"), ("12.50", "1250E-2"), ("0.001", "1e-3")]
        {
            assert_eq!(Decimal::read(one), Decimal::read(other), "{one} {other}");
        }
        for (one, other) in [
            ("9007199254740993.0", "9007199254740992.0"),
            ("0.1", "0.1000000000000000000000000000001"),
            ("1e-400", "0"),
            ("-1", "1"),
            ("10", "1"),
        ] {
            assert_ne!(Decimal::read(one), Decimal::read(other), "{one} {other}");
        }
    }
}
