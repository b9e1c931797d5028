//! `pactwright check`: do the contracts fit the provider's specification?

use std::path::{Path, PathBuf};

use clap::Args;

use super::drawn::{Drawn, DrawnArguments};
use super::rendering::{self, Format, FormatArguments};
use super::{Failure, stdio};
use crate::openapi::{Outcome, Spec, check};
use crate::outcome::Answer;
use crate::report::Colour;
use crate::report::check as report;
use crate::report::check::{CheckedContract, Checks};

/// Compare contracts with an OpenAPI specification of the provider, without starting anything
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright check --openapi faq.yaml                     all pacts of the provider, from ./pacts
  pactwright check --openapi faq.json pacts/support-faq.json
  pactwright check --openapi faq.yaml --format github      annotations in a GitHub workflow

OpenAPI 3.0, 3.1 and Swagger 2.0, JSON or YAML, with references inside the file. It compares what a
contract allows, not only its examples: all that a consumer may send must be allowed, and some of what
it expects must be possible. A request whose refusal is expected (a status from 400 to 499) may break
the specification. Every interaction ends as covered, violated or undecidable.

Exit status:
  0  the specification covers every interaction
  1  at least one is violated
  2  the specification or a pact cannot be read
  3  none is violated and at least one is undecidable, or there is no pact")]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    drawn: DrawnArguments,
    /// The specification
    #[arg(long, value_name = "FILE")]
    openapi: PathBuf,
    /// Let undecidable interactions pass, such as messages
    #[arg(long)]
    allow_undecidable: bool,
    #[command(flatten)]
    answer: FormatArguments<Format>,
}

/// Compares all contracts about one provider with its specification.
pub(crate) fn run(arguments: &CheckArguments) -> Result<Answer, Failure> {
    let spec = read(&arguments.openapi)?;
    let drawn = Drawn::read(&arguments.drawn)?;
    let name = spec.name();
    let checks = Checks {
        spec: &name,
        unsupported: spec.unsupported(),
        contracts: drawn
            .contracts()
            .map(|contract| CheckedContract {
                consumer: contract.consumer.clone(),
                provider: contract.provider.clone(),
                file: contract.file().to_owned(),
                interactions: check(contract, &spec),
            })
            .collect(),
    };
    if checks.contracts.iter().all(|contract| contract.interactions.is_empty()) {
        drawn.complete()?;
        return Err(Failure::could_not_find_out("the pacts have no interactions, so nothing was compared"));
    }
    let text = rendering::to_text(|out| match arguments.answer.format {
        Format::Text => report::text(&checks, Colour::Always, out),
        Format::Json => report::json(&checks, out),
        Format::Markdown => report::markdown(&checks, out),
        Format::Github => report::github(&checks, out),
    })?;
    stdio::say(&text)?;
    if checks.number(Outcome::Violated) > 0 {
        return Ok(Answer::No);
    }
    drawn.complete()?;
    let decided = checks.number(Outcome::Undecidable) == 0 || arguments.allow_undecidable;
    Ok(if decided { Answer::Yes } else { Answer::CouldNotFindOut })
}

/// Reads a specification.
///
/// # Errors
/// Asked wrongly, when it cannot be read.
pub(crate) fn read(path: &Path) -> Result<Spec, Failure> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::asked_wrongly(format!("the specification {name} cannot be read")).because(&error)
    })?;
    Spec::read(&name, bytes).map_err(|error| Failure::asked_wrongly(error.to_string()))
}
