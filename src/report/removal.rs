//! The answer to `can-i-remove`: as text, as JSON, as Markdown and as annotations.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::deprecated;
use super::deprecated::Deprecated;
use super::excerpt::one_line;
use super::github;
use super::markdown::escaped;
use super::style::{Colour, Meaning};
use super::usage::{contact, standing};
use super::words::count;
use crate::compat::{Blocker, Source};
use crate::finding::Location;
use crate::outcome::Owner;

/// Version of the JSON form.
const SCHEMA_VERSION: u32 = 1;
/// Characters of a sentence that are shown.
const LONGEST: usize = 300;

/// What was asked and what was found.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The provider.
    pub provider: &'a str,
    /// What is to go, in words.
    pub subject: &'a str,
    /// The contracts that were looked at.
    pub sources: &'a [Source],
    /// Who relies on it.
    pub blockers: &'a [Blocker],
    /// Whom to call, by application.
    pub owners: &'a BTreeMap<String, Owner>,
    /// How many pacts could not be read.
    pub unreadable: usize,
    /// What no contract mentions, in a word: the operation, or the part of it that is to go.
    pub unmentioned: Option<&'static str>,
    /// What of it is to go anyway, and by when.
    pub deprecated: &'a [Deprecated],
    /// For each of the blockers by how many days it is late.
    pub late: &'a [Option<u32>],
    /// What was perhaps meant, when it is not mentioned.
    pub similar: Option<String>,
}

impl Asked<'_> {
    fn answer(&self) -> String {
        let subject = one_line(self.subject, LONGEST);
        let contracts = count(self.sources.len(), "contract");
        if self.blockers.is_empty() && self.unreadable > 0 {
            let unread = count(self.unreadable, "pact");
            return format!("not known: none of {contracts} needs {subject}, but {unread} could not be read");
        }
        if self.blockers.is_empty() {
            let how = if self.unmentioned.is_none() { "needs" } else { "mentions" };
            return format!("yes, none of {contracts} {how} {subject}");
        }
        let blocked: BTreeSet<_> = self.blockers.iter().filter_map(|one| self.consumer(one)).collect();
        let blocked: Vec<_> = blocked.into_iter().map(|name| one_line(name, 80)).collect();
        let verb = if blocked.len() == 1 { "relies" } else { "rely" };
        format!("no, {} still {verb} on {subject}", blocked.join(", "))
    }

    fn consumer(&self, blocker: &Blocker) -> Option<&str> {
        self.sources.get(blocker.source).map(|source| source.consumer.as_str())
    }

    fn late(&self, index: usize) -> Option<u32> {
        self.late.get(index).copied().flatten()
    }

    /// Positions of blockers: those that are late first, the latest before all.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.blockers.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse(self.late(*index)));
        order
    }

    /// The contracts with blockers, and theirs; those that are late first.
    fn groups(&self) -> Vec<(&Source, Option<u32>, Vec<&Blocker>)> {
        let mut groups: Vec<(usize, Option<u32>, Vec<&Blocker>)> = Vec::new();
        for index in self.order() {
            let blocker = &self.blockers[index];
            match groups.iter_mut().find(|(source, ..)| *source == blocker.source) {
                Some((.., own)) => own.push(blocker),
                None => groups.push((blocker.source, self.late(index), vec![blocker])),
            }
        }
        let known = |(source, late, own)| Some((self.sources.get(source)?, late, own));
        groups.into_iter().filter_map(known).collect()
    }

    fn hint(&self) -> Option<String> {
        let (missing, similar) = (self.unmentioned?, self.similar.as_ref()?);
        let similar = one_line(similar, LONGEST);
        Some(format!("no contract mentions the {missing}; one that resembles it is {similar}"))
    }
}

/// Writes who relies on it, whom to call, and what would free them.
///
/// # Errors
/// Those of the writer.
pub fn text(asked: &Asked<'_>, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    for (source, late, blockers) in asked.groups() {
        let mut heading = colour.paint(Meaning::Strong, one_line(&source.consumer, 80)).to_string();
        for part in [standing(source), contact(asked.owners.get(&source.consumer)).unwrap_or_default()] {
            if !part.is_empty() {
                heading = format!("{heading}  {part}");
            }
        }
        if let Some(days) = late {
            heading = format!("{heading}  {}", colour.paint(Meaning::Failed, lateness(days)));
        }
        writeln!(out, "{heading}")?;
        for one in blockers {
            let pending = if one.is_pending { " (pending)" } else { "" };
            let operation = one_line(&one.operation.to_string(), LONGEST);
            writeln!(out, "  {}{pending}", one_line(&one.interaction, LONGEST))?;
            writeln!(out, "    relies on  {operation}, {}", one_line(&one.relies_on, LONGEST))?;
            writeln!(
                out,
                "    at         {}",
                colour.paint(Meaning::Path, one_line(&one.location.to_string(), LONGEST))
            )?;
            writeln!(out, "    way out    {}", one_line(&one.way_out, LONGEST))?;
        }
        writeln!(out)?;
    }
    if !asked.deprecated.is_empty() {
        deprecated::text(asked.deprecated, colour, out)?;
        writeln!(out)?;
    }
    if let Some(hint) = asked.hint() {
        writeln!(out, "note: {hint}")?;
    }
    let meaning = if asked.blockers.is_empty() { Meaning::Passed } else { Meaning::Failed };
    writeln!(out, "Answer: {}", colour.paint(meaning, asked.answer()))
}

/// Writes a comment for a pull request.
///
/// # Errors
/// Those of the writer.
pub fn markdown(asked: &Asked<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### Answer: {}\n", escaped(&asked.answer()))?;
    if !asked.blockers.is_empty() {
        writeln!(
            out,
            "| Consumer | Version | Whom to call | Interaction | Relies on | Way out |\n|---|---|---|---|---|---|"
        )?;
    }
    for (source, late, blockers) in asked.groups() {
        for one in blockers {
            let owner = contact(asked.owners.get(&source.consumer)).unwrap_or_default();
            let relies_on = format!("{}, {}", one.operation, one.relies_on);
            let consumer = late.map_or_else(
                || source.consumer.clone(),
                |days| format!("{} ({})", source.consumer, lateness(days)),
            );
            let cells = [&consumer, &standing(source), &owner, &one.interaction, &relies_on, &one.way_out];
            let cells = cells.map(|cell| escaped(&one_line(cell, LONGEST)));
            writeln!(out, "| {} |", cells.join(" | "))?;
        }
    }
    if !(asked.blockers.is_empty() || asked.deprecated.is_empty()) {
        writeln!(out)?;
    }
    deprecated::markdown(asked.deprecated, out)?;
    asked.hint().map_or(Ok(()), |hint| writeln!(out, "{}", escaped(&hint)))
}

/// Writes annotations for GitHub Actions. What a store holds is in no file that GitHub could show one in.
///
/// # Errors
/// Those of the writer.
pub fn github(asked: &Asked<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (source, late, blockers) in asked.groups() {
        for one in blockers {
            let consumer = [one_line(&source.consumer, 80), standing(source)].join(" ");
            let mut lines = vec![
                format!("{}: {}", consumer.trim_end(), one_line(&one.interaction, LONGEST)),
                format!("relies on {}, {}", one.operation, one_line(&one.relies_on, LONGEST)),
                format!("way out: {}", one_line(&one.way_out, LONGEST)),
            ];
            lines.extend(contact(asked.owners.get(&source.consumer)).map(|owner| format!("call {owner}")));
            lines.extend(late.map(lateness));
            let location = source.version.is_none().then_some(&one.location);
            github::command("error", location, "still needed", &lines.join("\n"), out)?;
        }
    }
    for one in asked.deprecated {
        github::command("notice", None, "deprecated", &one.headline(), out)?;
    }
    asked.hint().map_or(Ok(()), |hint| github::command("warning", None, "not mentioned", &hint, out))?;
    writeln!(out, "Answer: {}", asked.answer())
}

/// Writes one JSON document.
///
/// # Errors
/// Those of the writer.
pub fn json(asked: &Asked<'_>, out: &mut dyn Write) -> io::Result<()> {
    let blocker = |(one, late_days): (&Blocker, Option<u32>)| JsonBlocker {
        consumer: asked.consumer(one).unwrap_or_default().to_owned(),
        version: asked.sources.get(one.source).and_then(|source| source.version.clone()),
        branches: asked.sources.get(one.source).map(|source| source.branches.clone()).unwrap_or_default(),
        environments: asked
            .sources
            .get(one.source)
            .map(|source| source.environments.clone())
            .unwrap_or_default(),
        owner: asked.consumer(one).and_then(|name| asked.owners.get(name)).cloned(),
        operation: one.operation.to_string(),
        interaction: one.interaction.clone(),
        relies_on: one.relies_on.clone(),
        strength: one.strength.word(),
        pending: one.is_pending,
        way_out: one.way_out.clone(),
        location: one.location.clone(),
        late_days,
    };
    let document = JsonAnswer {
        schema_version: SCHEMA_VERSION,
        provider: asked.provider,
        subject: asked.subject,
        removable: asked.blockers.is_empty() && asked.unreadable == 0,
        answer: asked.answer(),
        contracts: asked.sources.iter().map(|source| source.file.as_str()).collect(),
        unreadable: asked.unreadable,
        mentioned: asked.unmentioned.is_none(),
        deprecated: asked.deprecated,
        blockers: asked
            .order()
            .into_iter()
            .map(|index| (&asked.blockers[index], asked.late(index)))
            .map(blocker)
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The JSON Schema of what `can-i-remove` says.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(JsonAnswer<'_>).to_value()
}

#[derive(Serialize, JsonSchema)]
#[schemars(title = "Pactwright can-i-remove")]
struct JsonAnswer<'a> {
    schema_version: u32,
    provider: &'a str,
    subject: &'a str,
    removable: bool,
    answer: String,
    contracts: Vec<&'a str>,
    unreadable: usize,
    mentioned: bool,
    /// What of it is to go anyway, and by when.
    deprecated: &'a [Deprecated],
    /// Those that are late first.
    blockers: Vec<JsonBlocker>,
}

#[derive(Serialize, JsonSchema)]
struct JsonBlocker {
    consumer: String,
    version: Option<String>,
    branches: Vec<String>,
    environments: Vec<String>,
    owner: Option<Owner>,
    operation: String,
    interaction: String,
    relies_on: String,
    strength: &'static str,
    pending: bool,
    way_out: String,
    location: Location,
    /// By how many days it is late, when it uses what should be gone already.
    late_days: Option<u32>,
}

fn lateness(days: u32) -> String {
    match days {
        0 => "late since today".to_owned(),
        1 => "late by 1 day".to_owned(),
        days => format!("late by {days} days"),
    }
}
