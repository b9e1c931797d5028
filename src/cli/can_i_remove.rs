//! `pactwright can-i-remove`: does anybody still rely on this?

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use super::drawn::{Drawn, DrawnArguments};
use super::removable::WhatArguments;
use super::rendering::{self, Format, FormatArguments};
use super::usage::templates;
use super::{Failure, clock, stdio};
use crate::compat::{
    Endpoint, Part, Relied, Removal, Usage, Wanted, What, blockers, is_mentioned, mentions, usage,
};
use crate::deprecation::concerned;
use crate::name::nearest;
use crate::outcome::Answer;
use crate::report::Colour;
use crate::report::removal as report;
use crate::report::removal::Asked;

/// Say whether an endpoint, an answer, a field, a header or a parameter can go, and who needs it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright can-i-remove 'POST /v1/create' --provider faq
  pactwright can-i-remove 'GET /faqs/{id}' --field '$.source'
  pactwright can-i-remove 'GET /faqs/{id}' --status 404
  pactwright can-i-remove 'GET /faqs' --query lang
  pactwright can-i-remove '*' --header X-Request-Id      wherever it is used
  pactwright can-i-remove 'message a FAQ was published' --field '$.faq.id'

A field or a header counts whether it is sent or received. With --store, what `pactwright deprecate` has
recorded is shown as well, and those who are late come first.

Exit status:
  0  no contract that was read needs it
  1  somebody needs it
  2  asked wrongly, or a pact cannot be read
  3  no contract is about the provider, or none has an interaction")]
pub(crate) struct CanIRemove {
    /// A method with a path, a path, `message` with a description, or `*` for everything
    #[arg(value_name = "OPERATION", value_parser = Wanted::parse)]
    operation: Wanted,
    #[command(flatten)]
    drawn: DrawnArguments,
    #[command(flatten)]
    what: WhatArguments,
    /// An OpenAPI specification, whose paths say what belongs together: /faqs/7 to /faqs/{id}
    #[arg(long, value_name = "FILE")]
    openapi: Option<PathBuf>,
    #[command(flatten)]
    answer: FormatArguments<Format>,
}

/// Looks for everybody who relies on what is to go.
pub(crate) fn run(arguments: &CanIRemove) -> Result<Answer, Failure> {
    let drawn = Drawn::read(&arguments.drawn)?;
    drawn.has_interactions()?;
    let relied = drawn.relied();
    let removal = Removal { operation: arguments.operation.clone(), what: arguments.what.what() };
    let templates = templates(arguments.openapi.as_deref())?;
    let blockers = blockers(&relied, &templates, &removal);
    let deprecations: Vec<_> = drawn.standings.iter().map(|standing| &standing.deprecation).collect();
    let concerned = concerned(&relied, &deprecations, (&removal, &blockers), clock::today());
    let shown = drawn.deprecated.iter().zip(&concerned.deprecations);
    let deprecated: Vec<_> = shown.filter(|(_, concerned)| **concerned).map(|(one, _)| one.clone()).collect();
    let usage = usage(&relied, &templates);
    let subject = removal.to_string();
    let asked = Asked {
        provider: &drawn.provider,
        subject: &subject,
        sources: &usage.sources,
        blockers: &blockers,
        owners: &drawn.owners,
        unreadable: drawn.defects.len(),
        unmentioned: if mentions(&relied, &removal) { None } else { Some(unmentioned(&relied, &removal)) },
        deprecated: &deprecated,
        late: &concerned.late,
        similar: similar(&removal, &relied, &usage),
    };
    let text = rendering::to_text(|out| match arguments.answer.format {
        Format::Text => report::text(&asked, Colour::Always, out),
        Format::Json => report::json(&asked, out),
        Format::Markdown => report::markdown(&asked, out),
        Format::Github => report::github(&asked, out),
    })?;
    stdio::say(&text)?;
    if !blockers.is_empty() {
        return Ok(Answer::No);
    }
    drawn.complete()?;
    Ok(Answer::Yes)
}

/// What nobody mentions of what is to go.
fn unmentioned(relied: &[Relied<'_>], removal: &Removal) -> &'static str {
    if !is_mentioned(relied, &removal.operation) {
        return "operation";
    }
    match removal.what {
        What::Everything => "operation",
        What::Status(_) => "status",
        What::Field(_) => "field",
        What::Query(_) => "parameter",
        What::Header(_) => "header",
    }
}

/// What was perhaps meant by something that no contract mentions: another operation, or another part of
/// this one.
pub(crate) fn similar(removal: &Removal, relied: &[Relied<'_>], usage: &Usage) -> Option<String> {
    let wanted = &removal.operation;
    if !is_mentioned(relied, wanted) {
        let known: Vec<_> = usage.endpoints.iter().map(|endpoint| endpoint.operation.to_string()).collect();
        return nearest(&wanted.to_string(), known.iter().map(String::as_str)).map(str::to_owned);
    }
    let own = usage.endpoints.iter().filter(|endpoint| wanted.is_about(&endpoint.operation));
    let places = own.flat_map(Endpoint::places);
    let (asked, parts): (_, &[Part]) = match &removal.what {
        What::Everything | What::Status(_) => return None,
        What::Field(path) => (path.to_string(), &[Part::RequestBody, Part::ResponseBody]),
        What::Query(name) => (name.clone(), &[Part::Query]),
        What::Header(name) => (name.clone(), &[Part::RequestHeader, Part::ResponseHeader]),
    };
    let known: BTreeSet<&str> =
        places.filter(|place| parts.contains(&place.part)).map(|place| place.path.as_str()).collect();
    nearest(&asked, known.into_iter()).filter(|near| *near != asked).map(str::to_owned)
}
