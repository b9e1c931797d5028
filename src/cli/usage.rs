//! `pactwright usage`: who relies on what of a provider.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::drawn::{Drawn, DrawnArguments};
use super::rendering::{self, FormatArguments};
use super::{Failure, check, stdio};
use crate::compat::{Template, usage};
use crate::outcome::Answer;
use crate::report::Colour;
use crate::report::usage as report;
use crate::report::usage::Map;

/// Say which consumers rely on which endpoint, answer, field, header and parameter
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright usage --provider faq                       who relies on what, from ./pacts
  pactwright usage --provider faq --format html > usage.html
  pactwright usage --provider faq --store pacts         with versions, branches and environments
  pactwright usage pacts --format json | jq '.endpoints[].operation'

How firmly a consumer relies on something: exact (this value), pattern (a format or another rule),
type, or presence. What is not listed is mentioned by no contract that was read, which does not mean
that nobody uses it.

Exit status:
  0  the map was drawn
  2  a pact cannot be read, so that something may be missing
  3  no contract is about the provider, or none has an interaction")]
pub(crate) struct UsageArguments {
    #[command(flatten)]
    drawn: DrawnArguments,
    /// An OpenAPI specification, whose paths say what belongs together: /faqs/7 to /faqs/{id}
    #[arg(long, value_name = "FILE")]
    openapi: Option<PathBuf>,
    #[command(flatten)]
    answer: FormatArguments<Format>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A table for people, at a terminal
    #[value(alias = "table")]
    Text,
    /// One JSON document
    Json,
    /// Tables for a wiki or a pull request
    Markdown,
    /// One page for a browser, without other files
    Html,
}

/// The paths of a specification, when there is one.
pub(crate) fn templates(openapi: Option<&Path>) -> Result<Vec<Template>, Failure> {
    Ok(openapi.map(check::read).transpose()?.map(|spec| spec.templates()).unwrap_or_default())
}

/// Draws the map from the contracts about one provider.
pub(crate) fn run(arguments: &UsageArguments) -> Result<Answer, Failure> {
    let drawn = Drawn::read(&arguments.drawn)?;
    drawn.has_interactions()?;
    let relied = drawn.relied();
    let outgoing: Vec<_> = drawn.standings.iter().map(|one| &one.deprecation.removal).collect();
    let map = Map {
        provider: &drawn.provider,
        usage: &usage(&relied, &templates(arguments.openapi.as_deref())?),
        owners: &drawn.owners,
        deprecated: &drawn.deprecated,
        outgoing: &outgoing,
        unreadable: drawn.defects.len(),
    };
    let text = rendering::to_text(|out| match arguments.answer.format {
        Format::Text => report::text(&map, Colour::Always, out),
        Format::Json => report::json(&map, out),
        Format::Markdown => report::markdown(&map, out),
        Format::Html => report::html(&map, out),
    })?;
    stdio::say(&text)?;
    drawn.complete()?;
    Ok(Answer::Yes)
}
