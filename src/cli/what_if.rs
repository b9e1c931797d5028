//! `pactwright what-if`: whom would this change of the provider break?

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::drawn::{Drawn, DrawnArguments};
use super::removable::field;
use super::rendering::{self, Format, FormatArguments};
use super::{Failure, answers, stdio};
use crate::compat::{Alteration, Altered, JsonType, Wanted};
use crate::contract::RulePath;
use crate::outcome::Answer;
use crate::report::Colour;
use crate::report::what_if as report;
use crate::report::what_if::Forecast;
use crate::what_if::foresee;

/// Change the answers of the last run and say whom that would break, without a provider
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright verify --keep-answers                                    first, once
  pactwright what-if --drop 'GET /faqs/{id}' --field '$.source'
  pactwright what-if --drop 'POST /v1/create'                         the whole endpoint
  pactwright what-if --drop 'GET /faqs' --header ETag
  pactwright what-if --rename 'GET /faqs/{id}' --field '$.id' --to number
  pactwright what-if --retype 'GET /faqs/{id}' --field '$.id' --to string
  pactwright what-if --nullable '*' --field '$.source'
  pactwright what-if --drop 'message a FAQ was published' --field '$.faq.id'

Exit status:
  0  every interaction whose answer changes would hold
  1  at least one would break
  2  asked wrongly, or a pact cannot be read
  3  no answers are known, the change touches none, or of some it cannot be told")]
pub(crate) struct WhatIf {
    #[command(flatten)]
    drawn: DrawnArguments,
    #[command(flatten)]
    change: ChangeArguments,
    /// The field that changes, such as $.related or $.items[*].id
    #[arg(long, value_name = "PATH", value_parser = field, conflicts_with = "header")]
    field: Option<RulePath>,
    /// The header that goes
    #[arg(long, value_name = "NAME", requires = "drop")]
    header: Option<String>,
    /// The new name, or the new type: string, number, integer, boolean, array or object
    #[arg(long, value_name = "NAME|TYPE", requires = "field")]
    to: Option<String>,
    /// A JSON report with answers, instead of those that were kept
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    #[command(flatten)]
    answer: FormatArguments<Format>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct ChangeArguments {
    /// Take away an endpoint, or a field or header of its answers
    #[arg(long, value_name = "OPERATION", value_parser = Wanted::parse)]
    drop: Option<Wanted>,
    /// Give a field another name
    #[arg(long, value_name = "OPERATION", value_parser = Wanted::parse, requires_all = ["field", "to"])]
    rename: Option<Wanted>,
    /// Give a field another type
    #[arg(long, value_name = "OPERATION", value_parser = Wanted::parse, requires_all = ["field", "to"])]
    retype: Option<Wanted>,
    /// Let a field be null
    #[arg(long, value_name = "OPERATION", value_parser = Wanted::parse, requires = "field")]
    nullable: Option<Wanted>,
}

/// Judges all answers that are known once more, changed.
pub(crate) fn run(arguments: &WhatIf) -> Result<Answer, Failure> {
    let alteration = arguments.alteration()?;
    let drawn = Drawn::read(&arguments.drawn)?;
    let known = answers::read(arguments.answers.as_deref(), &drawn.root, &drawn.provider)?;
    let contracts: Vec<_> = drawn.contracts().cloned().map(Arc::new).collect();
    let allowed: BTreeSet<_> = drawn.file.verify.reference_behaviour.iter().copied().collect();
    let foreseen = foresee(&contracts, &known, &alteration, &allowed)
        .map_err(|error| Failure::could_not_find_out("the answers could not be judged").because(&error))?;
    let change = alteration.to_string();
    let forecast = Forecast {
        change: &change,
        provider: &drawn.provider,
        foreseen: &foreseen,
        owners: &drawn.owners,
        answered_at: &known.run.started_at,
    };
    stdio::say(&rendering::to_text(|out| match arguments.answer.format {
        Format::Text => report::text(&forecast, Colour::Always, out),
        Format::Json => report::json(&forecast, out),
        Format::Markdown => report::markdown(&forecast, out),
        Format::Github => report::github(&forecast, out),
    })?)?;
    if forecast.breaks() > 0 {
        return Ok(Answer::No);
    }
    drawn.complete()?;
    let is_known = forecast.unknown() == 0 && forecast.touched() > 0;
    Ok(if is_known { Answer::Yes } else { Answer::CouldNotFindOut })
}

impl WhatIf {
    fn alteration(&self) -> Result<Alteration, Failure> {
        let change = &self.change;
        let field = || self.field.clone().ok_or_else(|| Failure::asked_wrongly("--field is missing"));
        let to = || self.to.clone().ok_or_else(|| Failure::asked_wrongly("--to is missing"));
        let (operation, change) = match (&change.drop, &change.rename, &change.retype, &change.nullable) {
            (Some(operation), ..) => (operation, self.dropped()),
            (_, Some(operation), ..) => (operation, Altered::RenamedField(field()?, to()?)),
            (_, _, Some(operation), _) => (operation, Altered::RetypedField(field()?, json_type(&to()?)?)),
            (_, _, _, Some(operation)) => (operation, Altered::NullField(field()?)),
            _ => return Err(Failure::asked_wrongly("nothing is to be changed")),
        };
        Ok(Alteration { operation: operation.clone(), change })
    }

    fn dropped(&self) -> Altered {
        match (&self.field, &self.header) {
            (Some(path), _) => Altered::WithoutField(path.clone()),
            (None, Some(name)) => Altered::WithoutHeader(name.clone()),
            (None, None) => Altered::Gone,
        }
    }
}

fn json_type(name: &str) -> Result<JsonType, Failure> {
    match name {
        "string" => Ok(JsonType::String),
        "number" => Ok(JsonType::Number),
        "integer" => Ok(JsonType::Integer),
        "boolean" => Ok(JsonType::Boolean),
        "array" => Ok(JsonType::Array),
        "object" => Ok(JsonType::Object),
        _ => Err(Failure::asked_wrongly(format!("`{name}` is not a type"))
            .hint("the types are string, number, integer, boolean, array and object")),
    }
}
