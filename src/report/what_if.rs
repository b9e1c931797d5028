//! What a change would break: as text, as JSON, as Markdown and as annotations.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::block;
use super::excerpt::one_line;
use super::github;
use super::markdown::escaped;
use super::style::{Colour, Meaning};
use super::usage::contact;
use super::words::count;
use crate::finding::{Finding, Location};
use crate::outcome::Owner;
use crate::what_if::{Fate, Foreseen, NOT_KEPT};

/// Version of the JSON form.
const SCHEMA_VERSION: u32 = 1;
/// Characters of a sentence that are shown.
const LONGEST: usize = 300;

/// What was asked and what is foreseen.
#[derive(Debug)]
pub struct Forecast<'a> {
    /// The change, in words.
    pub change: &'a str,
    /// The provider.
    pub provider: &'a str,
    /// What would come of each interaction.
    pub foreseen: &'a [Foreseen],
    /// Whom to call, by application.
    pub owners: &'a BTreeMap<String, Owner>,
    /// When the answers were given, as RFC 3339.
    pub answered_at: &'a str,
}

impl Forecast<'_> {
    /// How many interactions would break.
    #[must_use]
    pub fn breaks(&self) -> usize {
        self.number(|fate| matches!(fate, Fate::Breaks(_)))
    }

    /// Of how many it cannot be told.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.number(|fate| matches!(fate, Fate::Unknown(_) | Fate::BrokenAlready))
    }

    /// How many answers the change touches.
    #[must_use]
    pub fn touched(&self) -> usize {
        self.foreseen.len() - self.number(|fate| *fate == Fate::Untouched)
    }

    fn number(&self, is_meant: impl Fn(&Fate) -> bool) -> usize {
        self.foreseen.iter().filter(|one| is_meant(&one.fate)).count()
    }

    /// The interactions of which there is something to say.
    fn told(&self) -> impl Iterator<Item = &Foreseen> {
        self.foreseen.iter().filter(|one| !matches!(one.fate, Fate::Untouched | Fate::Holds))
    }

    fn hint(&self) -> Option<&'static str> {
        let is_unkept = |one: &Foreseen| matches!(&one.fate, Fate::Unknown(why) if why == NOT_KEPT);
        self.foreseen.iter().any(is_unkept).then_some(
            "`pactwright verify --keep-answers` keeps answers; with --force also those of what a store has as verified",
        )
    }

    fn answer(&self) -> String {
        let change = one_line(self.change, LONGEST);
        let consumers: BTreeSet<_> = self
            .foreseen
            .iter()
            .filter(|one| matches!(one.fate, Fate::Breaks(_)))
            .map(|one| &one.consumer)
            .collect();
        let consumers: Vec<_> = consumers.into_iter().map(|name| one_line(name, 80)).collect();
        match (self.breaks(), self.unknown()) {
            (0, 0) if self.touched() == 0 => format!("not known: no answer changes {change}"),
            (0, 0) => format!("yes, {} would hold {change}", count(self.touched(), "interaction")),
            (0, unknown) => {
                format!("not known: of {} it cannot be told {change}", count(unknown, "interaction"))
            }
            (breaks, _) => {
                let verb = if breaks == 1 { "breaks" } else { "break" };
                format!("no, {} of {} {verb} {change}", count(breaks, "interaction"), consumers.join(", "))
            }
        }
    }
}

/// Writes what would break, and what cannot be told.
///
/// # Errors
/// Those of the writer.
pub fn text(forecast: &Forecast<'_>, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    for one in forecast.told() {
        let (word, is_broken) = (word(&one.fate), matches!(one.fate, Fate::Breaks(_)));
        let meaning = if is_broken { Meaning::Failed } else { Meaning::Warning };
        let pending = if one.is_pending { " (pending)" } else { "" };
        let owner =
            contact(forecast.owners.get(&one.consumer)).map(|owner| format!("  {owner}")).unwrap_or_default();
        let name = format!("{} > {}{pending}", one_line(&one.consumer, 80), one_line(&one.interaction, 200));
        writeln!(out, "{} {name}{}", colour.paint(meaning, word), colour.paint(Meaning::Faint, owner))?;
        for line in reasons(&one.fate) {
            writeln!(out, "  {line}")?;
        }
        writeln!(out, "  {}", colour.paint(Meaning::Path, one_line(&one.location.to_string(), LONGEST)))?;
    }
    if let Some(hint) = forecast.hint() {
        writeln!(out, "note: {hint}")?;
    }
    let meaning = if forecast.breaks() > 0 { Meaning::Failed } else { Meaning::Strong };
    writeln!(
        out,
        "Judged with the answers of {} from {}",
        one_line(forecast.provider, 80),
        one_line(forecast.answered_at, 40)
    )?;
    writeln!(out, "Answer: {}", colour.paint(meaning, forecast.answer()))
}

/// Writes a comment for a pull request.
///
/// # Errors
/// Those of the writer.
pub fn markdown(forecast: &Forecast<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### Answer: {}\n", escaped(&forecast.answer()))?;
    let told: Vec<_> = forecast.told().collect();
    if !told.is_empty() {
        writeln!(
            out,
            "| Consumer | Whom to call | Interaction | What becomes of it | Why |\n|---|---|---|---|---|"
        )?;
    }
    for one in &told {
        let owner = contact(forecast.owners.get(&one.consumer)).unwrap_or_default();
        let why = reasons(&one.fate).join("; ");
        let cells = [&one.consumer, &owner, &one.interaction, &word(&one.fate).to_owned(), &why];
        let cells = cells.map(|cell| escaped(&one_line(cell, LONGEST)));
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    if !told.is_empty() {
        writeln!(out)?;
    }
    let (provider, when) = (one_line(forecast.provider, 80), one_line(forecast.answered_at, 40));
    writeln!(out, "Judged with the answers of {} from {}", escaped(&provider), escaped(&when))
}

/// Writes annotations for GitHub Actions.
///
/// # Errors
/// Those of the writer.
pub fn github(forecast: &Forecast<'_>, out: &mut dyn Write) -> io::Result<()> {
    for one in forecast.told() {
        let level = if matches!(one.fate, Fate::Breaks(_)) { "error" } else { "warning" };
        let name = format!("{} > {}", one_line(&one.consumer, 80), one_line(&one.interaction, 200));
        let message = std::iter::once(name).chain(reasons(&one.fate)).collect::<Vec<_>>().join("\n");
        github::command(level, Some(&one.location), word(&one.fate), &message, out)?;
    }
    writeln!(out, "Answer: {}", forecast.answer())
}

const fn word(fate: &Fate) -> &'static str {
    match fate {
        Fate::Untouched => "untouched",
        Fate::Holds => "holds",
        Fate::Breaks(_) => "breaks",
        Fate::BrokenAlready => "broken already",
        Fate::Unknown(_) => "not known",
    }
}

fn reasons(fate: &Fate) -> Vec<String> {
    match fate {
        Fate::Untouched | Fate::Holds | Fate::BrokenAlready => Vec::new(),
        Fate::Breaks(findings) => findings.iter().map(told).collect(),
        Fate::Unknown(why) => vec![one_line(why, LONGEST)],
    }
}

fn told(finding: &Finding) -> String {
    format!("[{}] {}", finding.code, block::sentence(finding))
}

/// Writes one JSON document.
///
/// # Errors
/// Those of the writer.
pub fn json(forecast: &Forecast<'_>, out: &mut dyn Write) -> io::Result<()> {
    let interaction = |one: &Foreseen| JsonForeseen {
        consumer: one.consumer.clone(),
        interaction: one.interaction.clone(),
        location: one.location.clone(),
        pending: one.is_pending,
        owner: forecast.owners.get(&one.consumer).cloned(),
        fate: match &one.fate {
            Fate::Untouched => "untouched",
            Fate::Holds => "holds",
            Fate::Breaks(_) => "breaks",
            Fate::BrokenAlready => "broken-already",
            Fate::Unknown(_) => "unknown",
        },
        why: match &one.fate {
            Fate::Unknown(why) => Some(why.clone()),
            _ => None,
        },
        findings: match &one.fate {
            Fate::Breaks(findings) => findings.clone(),
            _ => Vec::new(),
        },
    };
    let document = JsonForecast {
        schema_version: SCHEMA_VERSION,
        provider: forecast.provider,
        change: forecast.change,
        answered_at: forecast.answered_at,
        breaks: forecast.breaks(),
        unknown: forecast.unknown(),
        answer: forecast.answer(),
        interactions: forecast.foreseen.iter().map(interaction).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The JSON Schema of what `what-if` says.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(JsonForecast<'_>).to_value()
}

#[derive(Serialize, JsonSchema)]
#[schemars(title = "Pactwright what-if")]
struct JsonForecast<'a> {
    schema_version: u32,
    provider: &'a str,
    change: &'a str,
    answered_at: &'a str,
    breaks: usize,
    unknown: usize,
    answer: String,
    interactions: Vec<JsonForeseen>,
}

#[derive(Serialize, JsonSchema)]
struct JsonForeseen {
    consumer: String,
    interaction: String,
    location: Location,
    pending: bool,
    owner: Option<Owner>,
    fate: &'static str,
    why: Option<String>,
    findings: Vec<Finding>,
}
