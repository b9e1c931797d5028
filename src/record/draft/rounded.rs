//! Numbers that would become others.

use jsonc_parser::ast;
use serde_json::Number;

use crate::contract::Decimal;

/// True for the text of a number that is still the same when 64 bits have held it.
fn is_kept(text: &str) -> bool {
    let kept = serde_json::from_str::<Number>(text);
    kept.is_ok_and(|number| Decimal::read(&number.to_string()) == Decimal::read(text))
}

/// True when there is a number in a JSON text that 64 bits do not hold.
pub(super) fn is_rounded(json: &str) -> bool {
    let collect = jsonc_parser::CollectOptions::default();
    let parsed = jsonc_parser::parse_to_ast(json, &collect, &jsonc_parser::ParseOptions::default());
    parsed.ok().and_then(|parsed| parsed.value).is_some_and(|value| has_rounded(&value))
}

fn has_rounded(value: &ast::Value<'_>) -> bool {
    match value {
        ast::Value::NumberLit(number) => !is_kept(number.value),
        ast::Value::Array(array) => array.elements.iter().any(has_rounded),
        ast::Value::Object(object) => object.properties.iter().any(|field| has_rounded(&field.value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_64_bits_do_not_hold_is_found() {
        for kept in ["[1, 1.50, 1e3, 18446744073709551615, -0, 0.1]", r#"{"a": "12345678901234567890123"}"#] {
            assert!(!is_rounded(kept), "{kept}");
        }
        for rounded in ["12345678901234567890123", "0.1234567890123456789", "1e400"] {
            assert!(is_rounded(&format!("[1, {rounded}]")), "{rounded}");
        }
    }
}
