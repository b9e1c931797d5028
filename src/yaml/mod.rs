//! YAML 1.2.

use saphyr::{LoadableYamlNode as _, MarkedYaml, Marker, Scalar, ScanError, YamlData};
use serde_json::Number;

use super::Unparsable;
use crate::record::tree::{At, Data, Field, Node};

/// Reads the one document of a YAML file.
pub(super) fn parse(text: &str) -> Result<Node, Unparsable> {
    let documents = MarkedYaml::load_from_str(text).map_err(|error| unparsable(text, &error))?;
    let lines: Vec<&str> = text.lines().collect();
    match documents.as_slice() {
        [] => Err(problem((1, 1), "the file is empty")),
        [document] => node(&lines, document),
        [_, second, ..] => {
            Err(problem(at(&second.span.start), "there is more than one document in the file"))
        }
    }
}

fn node(lines: &[&str], yaml: &MarkedYaml<'_>) -> Result<Node, Unparsable> {
    let at = at(&yaml.span.start);
    let data = match &yaml.data {
        YamlData::Value(Scalar::FloatingPoint(number)) => {
            // What looks like a number here may be a large one that lost its last digits.
            let written = serde_json::from_str(&written(lines, yaml)).ok();
            let number = written.or_else(|| Number::from_f64(number.into_inner()));
            Data::Number(number.ok_or_else(|| problem(at, "JSON has no such number"))?)
        }
        YamlData::Value(Scalar::Null) => Data::Null,
        YamlData::Value(Scalar::Boolean(value)) => Data::Bool(*value),
        YamlData::Value(Scalar::Integer(number)) => Data::Number((*number).into()),
        YamlData::Value(Scalar::String(text)) => Data::Text(text.clone().into_owned()),
        YamlData::Sequence(items) => {
            Data::List(items.iter().map(|item| node(lines, item)).collect::<Result<_, _>>()?)
        }
        YamlData::Mapping(entries) => {
            let fields = entries.iter().map(|(key, value)| field(lines, key, value));
            Data::Map(fields.collect::<Result<_, _>>()?)
        }
        YamlData::Tagged(tag, _) => {
            return Err(problem(at, &format!("the tag `!{}` means nothing here", tag.suffix)));
        }
        YamlData::Representation(..) | YamlData::Alias(_) | YamlData::BadValue => {
            return Err(problem(at, "this value cannot be read"));
        }
    };
    Ok(Node { at, data })
}

fn field(lines: &[&str], key: &MarkedYaml<'_>, value: &MarkedYaml<'_>) -> Result<Field, Unparsable> {
    let read = node(lines, key)?;
    let Some(name) = read.scalar() else {
        return Err(problem(read.at, &format!("a key is a text, and this is {}", read.kind())));
    };
    Ok(Field { at: read.at, key: name, value: node(lines, value)? })
}

/// The text of a scalar that stands on one line.
fn written(lines: &[&str], yaml: &MarkedYaml<'_>) -> String {
    let (start, end) = (&yaml.span.start, &yaml.span.end);
    let line = lines.get(start.line().saturating_sub(1)).copied().unwrap_or_default();
    line.chars().skip(start.col()).take(end.col().saturating_sub(start.col())).collect()
}

fn at(marker: &Marker) -> At {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    (number(marker.line()), number(marker.col() + 1))
}

fn problem(at: At, message: &str) -> Unparsable {
    Unparsable { at, message: message.to_owned(), help: None }
}

fn unparsable(text: &str, error: &ScanError) -> Unparsable {
    let at = at(error.marker());
    let line = text.lines().nth(at.0 as usize - 1).unwrap_or_default();
    let indentation = &line[..line.len() - line.trim_start().len()];
    let help = if indentation.contains('\t') {
        Some("YAML is indented with spaces, never with tabs".to_owned())
    } else if error.info().contains("mapping values") {
        Some("a text with a colon in it needs quotes".to_owned())
    } else {
        None
    };
    Unparsable { at, message: format!("this is not valid YAML: {}", error.info()), help }
}
