//! Renderings of an answer as one text, which the commands without streaming reports print.

use std::io;
use std::io::Write;

use clap::{Args, ValueEnum};

use super::Failure;

/// How a comparison is told.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// For people, at a terminal
    #[value(alias = "table")]
    Text,
    /// One JSON document
    Json,
    /// A comment for a pull request
    Markdown,
    /// Annotations for GitHub Actions
    Github,
}

/// In which form a command answers that has forms of its own; each has `text`, for people.
#[derive(Debug, Args)]
pub(crate) struct FormatArguments<F: ValueEnum + Send + Sync + 'static> {
    /// How to answer
    #[arg(
        short,
        long,
        visible_alias = "output",
        visible_short_alias = 'o',
        value_enum,
        default_value = "text"
    )]
    pub(crate) format: F,
}

/// The text that a format writes, with its colours; the stream takes them away where nobody can see
/// them.
pub(crate) fn to_text(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<String, Failure> {
    let mut out = Vec::new();
    write(&mut out)
        .map_err(|error| Failure::could_not_find_out("the result could not be rendered").because(&error))?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}
