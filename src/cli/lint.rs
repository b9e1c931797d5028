//! `pactwright lint`: what is wrong with pact files, without a provider.

use clap::{Args, ValueEnum};

use super::fetching::Fetching;
use super::settings::read_file;
use super::verify::{found, pacts_of};
use super::{Failure, rendering, stdio};
use crate::contract::Contract;
use crate::finding::Weight;
use crate::lint;
use crate::outcome::Answer;
use crate::report;
use crate::report::Colour;
use crate::report::lint::Lint;
use crate::source::{self, Loaded};

/// What to lint, and how to say it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright lint                             the pacts of pactwright.toml, or ./pacts
  pactwright lint pacts                       every .json file in a directory and below
  pactwright lint 'pacts/support-*.json'      files that match a pattern
  pactwright lint pacts --strict              warnings count as errors
  pactwright lint pacts --format github       annotations in a GitHub workflow

Exit status:
  0  no errors; there may be warnings
  2  at least one error, or a warning under --strict
  3  no pact was found, so nothing was linted")]
pub(crate) struct LintArguments {
    /// Pact files, directories, globs or URLs; a directory called `ledger` is never entered
    /// [default: `pacts` in pactwright.toml, or ./pacts]
    #[arg(value_name = "PATH")]
    paths: Vec<String>,

    #[command(flatten)]
    fetching: Fetching,

    /// How to say what was found
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Count warnings as errors
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// One line for each finding
    Text,
    /// One JSON document
    Json,
    /// Annotations for GitHub Actions
    Github,
}

/// Reads all pacts, says what is wrong with them, and answers whether they can be used.
pub(crate) fn run(arguments: &LintArguments) -> Result<Answer, Failure> {
    let (file, root) = read_file(&super::working_directory()?)?;
    let paths = pacts_of(&arguments.paths, &file, &root);
    let found = found(&paths)?;
    let loaded = source::load(&found, &arguments.fetching.access()?);
    let skipped = loaded.skipped;
    let lint = linted(loaded, arguments.strict);
    stdio::say(&rendered(&lint, arguments.format)?)?;
    let has_defect = lint.findings.iter().any(|finding| finding.weight() != Weight::Warning);
    if lint.pacts == 0 && !has_defect {
        return Err(nothing_found(skipped));
    }
    Ok(if lint.errors() > 0 { Answer::AskedWrongly } else { Answer::Yes })
}

fn linted(loaded: Loaded, strict: bool) -> Lint {
    let mut findings = loaded.findings;
    findings.extend(lint::check(&loaded.contracts));
    findings.sort_by_cached_key(|finding| {
        finding.location.as_ref().map(|at| (at.file.clone(), at.line, at.column))
    });
    let interactions = |contract: &Contract| contract.interactions.len();
    Lint {
        pacts: loaded.pacts,
        interactions: loaded.contracts.iter().map(interactions).sum(),
        strict,
        findings,
    }
}

fn rendered(lint: &Lint, format: Format) -> Result<String, Failure> {
    rendering::to_text(|out| match format {
        Format::Text => report::lint::text(lint, Colour::Always, out),
        Format::Json => report::lint::json(lint, out),
        Format::Github => report::lint::github(lint, out),
    })
}

fn nothing_found(skipped: usize) -> Failure {
    let failure = Failure::could_not_find_out("no pact was found, so nothing was linted");
    match skipped {
        0 => failure.hint("in a directory, only files ending in .json are read"),
        _ => failure.hint("the files that were skipped have nothing of a pact in them"),
    }
}
