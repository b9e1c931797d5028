//! `pactwright diff`: what a provider has to do more or less under a new contract.

mod versions;

use clap::{Args, ValueEnum};

use self::versions::Range;
use super::fetching::Fetching;
use super::rendering::{self, FormatArguments};
use super::sharing::StoreArguments;
use super::verify::found;
use super::{Failure, stdio};
use crate::compat::{Class, Compared, diff_all};
use crate::contract::Contract;
use crate::finding::Weight;
use crate::outcome::Answer;
use crate::report;
use crate::report::Colour;
use crate::source::{self, Access};

/// Compare contracts by what they demand of the provider
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright diff old/support-faq.json pacts/support-faq.json
  pactwright diff pacts-of-last-week pacts            all pacts in two directories, by their names
  pactwright diff old.json new.json --format markdown  a comment for a pull request
  pactwright diff support@1.4..1.5 --store pacts      two versions that were published
  pactwright diff support@1.4..                       1.4 and the newest on the main branch

Each change is classed: it demands more of the provider, demands less, or demands the same. What the
consumer sends counts the other way round: the provider must cope with more when it sends more. What is
replayed of a request is its example, so that another one demands more too, unless it is generated.

Exit status:
  0  nothing demands more: a provider that keeps OLD keeps NEW as well
  1  something demands more, so NEW has to be verified
  2  a pact cannot be read
  3  OLD or NEW holds no pact, or the store does not know a version")]
pub(crate) struct DiffArguments {
    /// The pact before: a file, a directory, a glob pattern or a URL; or CONSUMER@OLD..NEW, two versions
    #[arg(value_name = "OLD")]
    old: String,
    /// The pact after; not needed for versions
    #[arg(value_name = "NEW")]
    new: Option<String>,
    #[command(flatten)]
    answer: FormatArguments<DiffFormat>,
    #[command(flatten)]
    fetching: Fetching,
    #[command(flatten)]
    store: StoreArguments,
}

/// How a difference is told.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum DiffFormat {
    /// For people, at a terminal
    #[value(alias = "table")]
    Text,
    /// One JSON document
    Json,
    /// A comment for a pull request
    Markdown,
    /// Annotations for GitHub Actions
    Github,
    /// A JUnit file, in which what demands more is a failure
    Junit,
    /// A page for a browser
    Html,
}

/// Reads both sides, says what has changed, and answers whether nothing demands more.
pub(crate) fn run(arguments: &DiffArguments) -> Result<Answer, Failure> {
    let (old, new) = match &arguments.new {
        Some(_) if arguments.store.named().is_some() => {
            return Err(Failure::asked_wrongly("two pacts are named, and a store as well")
                .hint("two versions in a store are written CONSUMER@OLD..NEW"));
        }
        Some(new) => {
            let access = arguments.fetching.access()?;
            (side(&arguments.old, &access)?, side(new, &access)?)
        }
        None => Range::parse(&arguments.old)?.sides(&arguments.store.open()?)?,
    };
    let diffs = diff_all(&old, &new);
    let is_shared = arguments.new.is_none();
    stdio::say(&rendered(&diffs, arguments.answer.format, is_shared)?)?;
    let mut changes = diffs.iter().flat_map(|diff| &diff.changes);
    let more = changes.any(|change| change.class() == Class::DemandsMore);
    Ok(if more { Answer::No } else { Answer::Yes })
}

/// The contracts of one side. A pact that cannot be read could demand anything.
fn side(path: &str, access: &Access) -> Result<Vec<Contract>, Failure> {
    let found = found(&[path.to_owned()])?;
    let loaded = source::load(&found, access);
    if let Some(defect) = loaded.findings.iter().find(|finding| finding.weight() == Weight::Defect) {
        let place = defect.location.as_ref().map_or_else(|| path.to_owned(), ToString::to_string);
        return Err(Failure::asked_wrongly(format!("{place}: {}", defect.message))
            .hint(format!("`pactwright lint {path}` says all that is wrong")));
    }
    if loaded.contracts.is_empty() {
        return Err(Failure::could_not_find_out(format!(
            "there is no pact in {path}, so nothing was compared"
        )));
    }
    Ok(loaded.contracts)
}

/// What lies in a store is in no file that GitHub could show a note in.
fn rendered(diffs: &[Compared], format: DiffFormat, is_shared: bool) -> Result<String, Failure> {
    rendering::to_text(|out| match format {
        DiffFormat::Text => report::diff::text(diffs, Colour::Always, out),
        DiffFormat::Json => report::diff::json(diffs, out),
        DiffFormat::Markdown => report::diff::markdown(diffs, out),
        DiffFormat::Github => report::diff::github(diffs, !is_shared, out),
        DiffFormat::Junit => report::diff::junit::write(diffs, out),
        DiffFormat::Html => report::diff::html::write(diffs, out),
    })
}
