//! The three formats, each read by its own library into one tree.

mod json;
mod toml;

use crate::contract::Decimal;
use crate::finding::Finding;
use crate::yaml::{self, At, Data, Node, Unparsable};

/// A format of interactions files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Yaml,
    Toml,
    Json,
}

impl Format {
    /// The format that a file's name stands for.
    pub(super) fn of(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// Reads a text.
    ///
    /// # Errors
    /// The one place where the text is not of this format.
    pub(super) fn parse(self, name: &str, text: &str) -> Result<Node, Unparsable> {
        let root = match self {
            Self::Yaml => yaml::parse(text)?,
            Self::Toml => toml::parse(text)?,
            Self::Json => json::parse(name, text).map_err(|finding| unparsable(*finding))?,
        };
        refuse_rounded(&text.lines().collect::<Vec<_>>(), &root)?;
        Ok(root)
    }
}

/// A number that 64 bits do not hold would become another one.
fn refuse_rounded(lines: &[&str], node: &Node) -> Result<(), Unparsable> {
    match &node.data {
        Data::List(items) => items.iter().try_for_each(|item| refuse_rounded(lines, item)),
        Data::Map(fields) => fields.iter().try_for_each(|field| refuse_rounded(lines, &field.value)),
        Data::Number(number) => match written(lines, node.at) {
            Some(text) if Decimal::read(&text) != Decimal::read(&number.to_string()) => Err(Unparsable {
                at: node.at,
                message: format!("{text} has more digits than a number can keep here"),
                help: Some("an example with fewer digits and `$integer` or `$number` accepts it".to_owned()),
            }),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The digits of a decimal number at a place; nothing where it is written in another way.
fn written(lines: &[&str], (line, column): At) -> Option<String> {
    let text = lines.get(line.checked_sub(1)? as usize)?;
    let rest: String = text.chars().skip(column.checked_sub(1)? as usize).filter(|c| *c != '_').collect();
    let is_part = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let is_whole = !rest[end..].starts_with(|c: char| c.is_alphanumeric());
    let number = rest[..end].trim_start_matches('+');
    (is_whole && number.contains(|c: char| c.is_ascii_digit())).then(|| number.to_owned())
}

/// What the reader of pacts says, in this form.
fn unparsable(finding: Finding) -> Unparsable {
    let at = finding.location.map_or((1, 1), |location| (location.line, location.column));
    Unparsable { at, message: finding.message, help: finding.help }
}
