//! Numbers that would become others.

use jsonc_parser::ast;
use serde_json::Number;

use crate::contract::Decimal;

/// True for the text of a number that is still the same when 64 bits have held it.
fn is_kept(text: &str) -> bool {
    let kept = serde_json::from_str::<Number>(text);
    kept.is_ok_and(|number| Decimal::read(&number.to_string()) == Decimal::read(text))
}

/// Where in a JSON text the first number stands that 64 bits do not hold.
pub(super) fn rounded(json: &str) -> Option<String> {
    let collect = jsonc_parser::CollectOptions::default();
    let parsed = jsonc_parser::parse_to_ast(json, &collect, &jsonc_parser::ParseOptions::default());
    below(&parsed.ok()?.value?, "$")
}

/// The numbers in a JSON text that 64 bits do not hold, as what they become.
pub(super) fn rounded_numbers(json: &str) -> Vec<Number> {
    let collect = jsonc_parser::CollectOptions::default();
    let parsed = jsonc_parser::parse_to_ast(json, &collect, &jsonc_parser::ParseOptions::default());
    let mut found = Vec::new();
    if let Some(value) = parsed.ok().and_then(|parsed| parsed.value) {
        collect_into(&mut found, &value);
    }
    found
}

fn collect_into(found: &mut Vec<Number>, value: &ast::Value<'_>) {
    match value {
        ast::Value::NumberLit(number) if !is_kept(number.value) => {
            found.extend(serde_json::from_str::<Number>(number.value).ok());
        }
        ast::Value::Array(array) => array.elements.iter().for_each(|item| collect_into(found, item)),
        ast::Value::Object(object) => {
            object.properties.iter().for_each(|field| collect_into(found, &field.value));
        }
        _ => {}
    }
}

fn below(value: &ast::Value<'_>, path: &str) -> Option<String> {
    match value {
        ast::Value::NumberLit(number) => (!is_kept(number.value)).then(|| path.to_owned()),
        ast::Value::Array(array) => {
            let mut items = array.elements.iter().enumerate();
            items.find_map(|(index, item)| below(item, &format!("{path}[{index}]")))
        }
        ast::Value::Object(object) => object.properties.iter().find_map(|field| {
            let name = field.name.as_str();
            below(&field.value, &format!("{path}.{name}"))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_64_bits_do_not_hold_is_found() {
        for kept in ["[1, 1.50, 1e3, 18446744073709551615, -0, 0.1]", r#"{"a": "12345678901234567890123"}"#] {
            assert_eq!(super::rounded(kept), None, "{kept}");
        }
        for rounded in ["12345678901234567890123", "0.1234567890123456789", "1e400"] {
            let json = format!(r#"{{"a": [1, {rounded}]}}"#);
            assert_eq!(super::rounded(&json).as_deref(), Some("$.a[1]"), "{rounded}");
        }
    }
}
