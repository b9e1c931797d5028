//! The three formats, each read by its own library into one tree.

mod json;
mod toml;

use crate::finding::Finding;
use crate::yaml::{self, Node, Unparsable};

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
        match self {
            Self::Yaml => yaml::parse(text),
            Self::Toml => toml::parse(text),
            Self::Json => json::parse(name, text).map_err(|finding| unparsable(*finding)),
        }
    }
}

/// What the reader of pacts says, in this form.
fn unparsable(finding: Finding) -> Unparsable {
    let at = finding.location.map_or((1, 1), |location| (location.line, location.column));
    Unparsable { at, message: finding.message, help: finding.help }
}
