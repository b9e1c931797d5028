//! YAML 1.2, the one reader of it: everything has its place, numbers keep their digits, and `<<`
//! brings in other maps.
//!
//! A key that stands twice, a tag, more than one document and too much nesting are refused.

mod node;

use saphyr::{LoadableYamlNode as _, MarkedYaml, Marker, Scalar, ScanError, YamlData};
use saphyr_parser::{Event, Parser};
use serde_json::Number;

pub(crate) use self::node::{At, Data, Field, Node};

/// The nesting that is still read; JSON is read as deep.
const DEEPEST: usize = 127;

/// Why and where a text is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unparsable {
    pub(crate) at: At,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// Reads the one document of a YAML file.
///
/// # Errors
/// The first place where the text cannot be read.
pub(crate) fn parse(text: &str) -> Result<Node, Unparsable> {
    refuse_depth(text)?;
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

/// The library descends as deep as the text does, so it is asked only where that is not too deep.
fn refuse_depth(text: &str) -> Result<(), Unparsable> {
    let mut depth = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| unparsable(text, &error))?;
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) if depth == DEEPEST => {
                let message = format!("this is nested more than {DEEPEST} levels deep");
                return Err(problem(at(&span.start), &message));
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth -= 1,
            _ => {}
        }
    }
    Ok(())
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
            Data::Map(merged(fields.collect::<Result<_, _>>()?)?)
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

/// Brings in what stands under the merge key `<<`: one map or several, of which the first wins. What
/// stands beside it wins over all of them.
fn merged(mut fields: Vec<Field>) -> Result<Vec<Field>, Unparsable> {
    let Some(index) = fields.iter().position(|field| field.key == "<<") else { return Ok(fields) };
    let merge = fields.remove(index);
    let sources = match merge.value.data {
        Data::List(several) => several,
        _ => vec![merge.value],
    };
    for source in sources {
        let Data::Map(others) = source.data else {
            return Err(problem(merge.at, "`<<` brings in a map, or a list of maps"));
        };
        for other in others {
            if !fields.iter().any(|field| field.key == other.key) {
                fields.push(other);
            }
        }
    }
    Ok(fields)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        match parse(text) {
            Ok(node) => node.plain().to_string(),
            Err(Unparsable { at, message, .. }) => format!("{}:{}: {message}", at.0, at.1),
        }
    }

    #[test]
    fn yaml_is_read_as_the_json_it_stands_for() {
        let table = [
            "a: [1, 2.50, 1e3, 18446744073709551615, yes, true, ~, '1']\n200: {b: x}",
            "x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}",
            "x: &x {a: 1}\ny: &y {a: 2, c: 3}\nz: {<<: [*x, *y]}",
            "a: |\n  two\n  lines\n",
        ];
        insta::assert_snapshot!(table.map(said).join("\n"), @r#"
        {"a":[1,2.5,1000.0,18446744073709551615,"yes",true,null,"1"],"200":{"b":"x"}}
        {"x":{"a":1,"b":2},"y":{"b":3,"a":1}}
        {"x":{"a":1},"y":{"a":2,"c":3},"z":{"a":1,"c":3}}
        {"a":"two\nlines\n"}
        "#);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_place() {
        let table = ["", "a: [1", "a: 1\na: 2", "- 1\n---\n- 2", "? [a]\n: 1", "a: !x 1", "a: .inf", "<<: 1"];
        insta::assert_snapshot!(table.map(said).join("\n"), @"
        1:1: the file is empty
        2:1: this is not valid YAML: while parsing a flow sequence, expected ',' or ']'
        2:1: this is not valid YAML: duplicated key in mapping
        3:1: there is more than one document in the file
        1:3: a key is a text, and this is a list
        1:4: the tag `!x` means nothing here
        1:4: JSON has no such number
        1:1: `<<` brings in a map, or a list of maps
        ");
    }

    #[test]
    fn nesting_ends_where_that_of_json_does() {
        let deep = |open: &str, close: &str, levels| {
            said(&format!("{}{}", open.repeat(levels), close.repeat(levels)))
        };
        assert!(deep("[", "]", 127).starts_with("[[["));
        for (open, close) in [("[", "]"), ("- ", ""), ("{a: ", "}"), ("? ", "")] {
            for levels in [200, 50_000] {
                let said = deep(open, close, levels);
                assert!(said.contains("deep") || said.contains("not valid"), "{open}: {said}");
            }
        }
    }

    #[test]
    fn an_anchor_that_multiplies_itself_is_refused() {
        let level = |level: usize| {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            format!("a{level}: &a{level} [{items}]\n")
        };
        let text = format!("a0: &a0 [1]\n{}", (1..12).map(level).collect::<String>());
        assert!(said(&text).contains("not valid YAML"), "{}", said(&text));
    }
}
