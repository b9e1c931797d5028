//! Numbers as they are written, where a double would not tell them apart.
//!
//! The reference matcher reads every number into 64 bits: 9007199254740993.0 and
//! 9007199254740992.0 are one to it. Here the text of a number is what counts, so that two numbers
//! are equal only when they are; `1.0` and `1.00` are.

use jsonc_parser::ast;
use serde_json::Value;

use crate::contract::Decimal;

/// A value, together with the text it was read from where that may say more.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    /// The value.
    pub(super) value: &'a Value,
    source: Option<&'a ast::Value<'a>>,
}

impl<'a> Written<'a> {
    /// A value and its whole text, parsed by [`source`].
    pub(super) fn new(value: &'a Value, source: Option<&'a ast::Value<'a>>) -> Self {
        Self { value, source }
    }

    /// The value under a key.
    pub(super) fn key(self, key: &str) -> Option<Self> {
        let value = self.value.as_object()?.get(key)?;
        let source = self.source.and_then(|source| {
            // The last one of a key counts, as in the value.
            let mut entries = source.as_object()?.properties.iter().rev();
            entries.find(|entry| entry.name.as_str() == key).map(|entry| &entry.value)
        });
        Some(Self { value, source })
    }

    /// The value under a key, or the one that stands for keys the example does not have: the first
    /// in the order of the keys, as the reference takes it.
    pub(super) fn key_or_any(self, key: &str) -> Option<Self> {
        self.key(key).or_else(|| self.key(self.value.as_object()?.keys().min()?))
    }

    /// The item at a position.
    pub(super) fn item(self, index: usize) -> Option<Self> {
        let value = self.value.as_array()?.get(index)?;
        let source = self.source.and_then(|source| source.as_array()?.elements.get(index));
        Some(Self { value, source })
    }

    /// The item at a position, or the first one for positions beyond.
    pub(super) fn item_or_first(self, index: usize) -> Option<Self> {
        self.item(index).or_else(|| self.item(0))
    }

    /// The text of a number, where it may say more than its value.
    pub(super) fn number(self) -> Option<&'a str> {
        match self.source? {
            ast::Value::NumberLit(number) => Some(number.value),
            _ => None,
        }
    }

    /// True for two numbers that are not the same and are one to a double.
    pub(super) fn differs_when_written(self, other: Self) -> bool {
        let text = |one: Self| one.number().map_or_else(|| one.value.to_string(), str::to_owned);
        let is_known = self.number().is_some() || other.number().is_some();
        is_known
            && self.value.is_number()
            && self.value == other.value
            && Decimal::read(&text(self)) != Decimal::read(&text(other))
    }
}

/// The text of a JSON document in parts, when there may be a number in it that is rounded.
pub(super) fn source(bytes: &[u8]) -> Option<ast::Value<'_>> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| may_be_rounded(text.as_bytes()))?;
    let collect = jsonc_parser::CollectOptions::default();
    jsonc_parser::parse_to_ast(text, &collect, &jsonc_parser::ParseOptions::default()).ok()?.value
}

/// True when a JSON text may hold a number that a double cannot: one with more than 15 digits, or
/// with an exponent.
pub(super) fn may_be_rounded(json: &[u8]) -> bool {
    const SAFE: usize = 15;
    let (mut digits, mut in_string, mut escaped) = (0, false, false);
    json.iter().any(|byte| {
        if in_string {
            (escaped, in_string) = (*byte == b'\\' && !escaped, escaped || *byte != b'"');
            return false;
        }
        match byte {
            b'0'..=b'9' => digits += 1,
            b'.' => {}
            b'e' | b'E' if digits > 0 => return true,
            _ => (digits, in_string) = (0, *byte == b'"'),
        }
        digits > SAFE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_double_may_round_is_read_again() {
        for rounded in ["[9007199254740993.0]", "{\"a\": 0.1000000000000000001}", "[1e-400]"] {
            assert!(may_be_rounded(rounded.as_bytes()), "{rounded}");
        }
        for safe in ["[1, 2.5, 123456789012345]", "{\"size\": 1}", "[\"12e\\\"4e5-1234567890123456\"]"] {
            assert!(!may_be_rounded(safe.as_bytes()), "{safe}");
        }
    }
}
