//! TOML 1.

use serde_json::Number;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Unparsable;
use crate::yaml::{At, Data, Field, Node};

/// Reads a TOML file.
pub(super) fn parse(text: &str) -> Result<Node, Unparsable> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = at(text, error.span().map_or(0, |span| span.start));
        Unparsable { at, message: format!("this is not valid TOML: {}", error.message()), help: None }
    })?;
    Ok(Node { at: (1, 1), data: fields(text, table.get_ref())? })
}

fn fields(text: &str, table: &DeTable<'_>) -> Result<Data, Unparsable> {
    let field = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
        let (at, key) = (at(text, key.span().start), key.get_ref().clone().into_owned());
        Ok(Field { at, key, value: node(text, value)? })
    };
    Ok(Data::Map(table.iter().map(field).collect::<Result<_, Unparsable>>()?))
}

fn node(text: &str, value: &Spanned<DeValue<'_>>) -> Result<Node, Unparsable> {
    let at = at(text, value.span().start);
    let data = match value.get_ref() {
        DeValue::String(text) => Data::Text(text.clone().into_owned()),
        DeValue::Boolean(value) => Data::Bool(*value),
        DeValue::Integer(integer) => {
            let number = i64::from_str_radix(integer.as_str(), integer.radix()).map(Number::from);
            Data::Number(number.map_err(|_| problem(at, "this number is too large for TOML"))?)
        }
        DeValue::Float(float) => {
            let written = serde_json::from_str(float.as_str()).ok();
            let number = written.or_else(|| Number::from_f64(float.as_str().parse().ok()?));
            Data::Number(number.ok_or_else(|| problem(at, "JSON has no such number"))?)
        }
        DeValue::Datetime(_) => return Err(problem(at, "JSON has no dates: write it as a text, in quotes")),
        DeValue::Array(items) => {
            Data::List(items.iter().map(|item| node(text, item)).collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => fields(text, table)?,
    };
    Ok(Node { at, data })
}

fn problem(at: At, message: &str) -> Unparsable {
    Unparsable { at, message: message.to_owned(), help: None }
}

/// The line and column of a byte.
fn at(text: &str, offset: usize) -> At {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    (number(line), number(column))
}
