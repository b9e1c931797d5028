//! `pactwright matrix`: which versions were verified with which.

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::columns::columns;
use super::environments;
use super::place::StoreArguments;
use super::selectors::SelectorArguments;
use super::waived::{InForce, with_waiver};
use crate::cli::{Failure, clock};
use crate::contract::Digest;
use crate::fact::{MatrixRow, State, matrix};
use crate::gate::{Selector, Which, resolve};
use crate::name::{Application, Version};
use crate::outcome::Answer;

/// List which versions were verified with which, the newest first
#[derive(Debug, Args)]
#[command(
    disable_version_flag = true,
    after_help = "\
Examples:
  pactwright matrix -a faq                         all versions of faq with all others
  pactwright matrix -a faq -e 2.0
  pactwright matrix -a faq -a support --latest     only these two

Exit status:
  0  rows were listed
  2  the question is wrong
  3  there are no rows, or the store could not be read"
)]
pub(crate) struct MatrixCommand {
    #[command(flatten)]
    selectors: SelectorArguments,
    /// Rows to show at most; 0 for all
    #[arg(long, value_name = "ROWS", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    schema_version: u32,
    rows: Vec<Row<'a>>,
    /// How many rows there are, shown or not.
    total: usize,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    consumer: &'a Application,
    consumer_version: &'a Version,
    provider: &'a Application,
    provider_version: Option<&'a Version>,
    content: Digest,
    /// `null` when it was not verified.
    success: Option<bool>,
    verified_at: Option<String>,
    /// Why a break, or what is not verified, is accepted today.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<InForce<'a>>,
}

/// Runs the command.
pub(crate) fn run(arguments: &MatrixCommand) -> Result<Answer, Failure> {
    let place = arguments.store.open()?;
    let state = place.state()?;
    let wanted = arguments.selectors.selectors_or_all()?;
    wanted.iter().try_for_each(|(name, selector)| is_there(&state, name, selector.as_ref()))?;
    let of = |selector| resolve(&state, selector);
    let wanted: Vec<_> = wanted.iter().map(|(name, selector)| (name, selector.as_ref().map(of))).collect();
    let rows = matrix(&state, &wanted);
    if rows.is_empty() {
        let names: Vec<_> = wanted.iter().map(|(name, _)| name.to_string()).collect();
        return Err(Failure::could_not_find_out(format!(
            "there are no contracts of {}",
            names.join(" and ")
        )));
    }
    let limit = if arguments.limit == 0 { rows.len() } else { arguments.limit };
    let shown = Shown {
        schema_version: 1,
        total: rows.len(),
        rows: rows.iter().take(limit).map(|one| row(&state, one)).collect(),
    };
    arguments.answer.say(&shown, || text(&shown))?;
    Ok(Answer::Yes)
}

/// Refuses what nobody has ever heard of: all versions of it would be not verified.
fn is_there(state: &State, name: &Application, selector: Option<&Selector>) -> Result<(), Failure> {
    environments::known_application(state, name)?;
    match selector {
        Some(Selector { which: Which::Version(version), .. }) => {
            environments::known_version(state, name, version).map(drop)
        }
        Some(selector) if resolve(state, selector).is_empty() => {
            Err(Failure::could_not_find_out(format!("there is no such version: {selector}")))
        }
        _ => Ok(()),
    }
}

fn row<'a>(state: &'a State, row: &MatrixRow<'a>) -> Row<'a> {
    let success = row.result.map(|(_, result)| result.has_passed());
    let consumer = (row.consumer, Some(row.consumer_version));
    let provider = (row.provider, row.result.map(|(version, _)| version));
    let waiver = InForce::between(state, clock::today(), consumer, provider);
    Row {
        consumer: row.consumer,
        consumer_version: row.consumer_version,
        provider: row.provider,
        provider_version: row.result.map(|(version, _)| version),
        content: row.content,
        success,
        verified_at: row.result.map(|(_, result)| result.fact.moment()),
        waiver: waiver.filter(|_| success != Some(true)),
    }
}

fn text(shown: &Shown<'_>) -> String {
    let rows: Vec<[String; 6]> = shown
        .rows
        .iter()
        .map(|row| {
            let result = match row.success {
                Some(true) => "passed",
                Some(false) => "failed",
                None => "not verified",
            };
            [
                row.consumer.to_string(),
                row.consumer_version.to_string(),
                row.provider.to_string(),
                row.provider_version.map_or_else(|| "-".to_owned(), ToString::to_string),
                with_waiver(result, row.waiver.as_ref()),
                row.verified_at.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let table = columns(["CONSUMER", "VERSION", "PROVIDER", "VERSION", "RESULT", "VERIFIED"], &rows);
    let hidden = shown.total - shown.rows.len();
    if hidden > 0 { format!("{table}and {hidden} more: --limit 0 shows all\n") } else { table }
}
