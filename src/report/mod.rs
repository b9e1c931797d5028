//! Says what a run has found out, in every format.
//!
//! A format is a function from a [`Report`] to a writer; it opens nothing, asks nothing and decides
//! nothing. All formats carry the same verdicts and the same answer. Secrets are gone before a result
//! is made (see [`crate::redact`]), so nothing here needs to know about them; what came from outside
//! is still untrusted text, and each format escapes it in its own way.

mod block;
mod curl;
mod excerpt;
mod fold;
pub mod github;
pub mod html;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod live;
pub mod markdown;
mod style;
pub mod terminal;
mod words;

use std::io;
use std::io::Write;

pub use self::block::write as write_failure;
pub use self::curl::command as curl;
pub use self::fold::fold;
pub use self::style::Colour;
use crate::outcome::Report;

/// A format in which a report can be written from its value alone.
///
/// The event log is not among them: it is written from the events, by [`jsonl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people, at a terminal or in a log.
    Terminal(Colour),
    /// For programs.
    Json,
    /// For continuous integration servers.
    Junit,
    /// Workflow commands that GitHub shows beside the changed lines.
    Github,
    /// A comment on a pull request or a job summary.
    Markdown,
    /// One page for a browser.
    Html,
}

/// Writes a report.
///
/// # Errors
/// What the writer answers; nothing else can fail.
pub fn write(report: &Report, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal(colour) => terminal::write(report, colour, out),
        Format::Json => json::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Github => github::write(report, out),
        Format::Markdown => markdown::write(report, out),
        Format::Html => html::write(report, out),
    }
}
