//! Who relies on what of a provider: as a table, as JSON, as Markdown and as a page.
//!
//! Each says which contracts it was drawn from, and that what is not listed is mentioned by no contract.

mod json;
mod matrix;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

pub use self::json::{schema, write as json};
pub use self::matrix::write as html;
use super::deprecated;
use super::deprecated::Deprecated;
use super::excerpt::one_line;
use super::markdown::escaped;
use super::style::{Colour, Meaning};
use super::words::count;
use crate::compat::{Endpoint, Part, Place, Removal, Source, Usage, Use, What};
use crate::outcome::Owner;

/// What absence means.
pub(super) const ABSENCE: &str =
    "What is not listed is mentioned by no contract here, which does not mean that nobody uses it.";
/// Characters of a name that are shown.
const LONGEST: usize = 160;

/// A map with all that a reader needs to know about it.
#[derive(Debug)]
pub struct Map<'a> {
    /// The provider.
    pub provider: &'a str,
    /// Who relies on what.
    pub usage: &'a Usage,
    /// Whom to call, by application.
    pub owners: &'a BTreeMap<String, Owner>,
    /// What is to go of it, and who still uses it.
    pub deprecated: &'a [Deprecated],
    /// The same as operations, in that order.
    pub outgoing: &'a [&'a Removal],
    /// How many pacts could not be read, and are missing.
    pub unreadable: usize,
}

impl Map<'_> {
    fn source(&self, one: &Use) -> Option<&Source> {
        self.usage.sources.get(one.source)
    }

    /// The consumer of a use, with its version where one is known.
    fn consumer(&self, one: &Use) -> String {
        let Some(source) = self.source(one) else { return String::new() };
        let name = one_line(&source.consumer, 80);
        source.version.as_ref().map_or(name.clone(), |version| format!("{name} {}", one_line(version, 40)))
    }

    /// `support (exact), billing (type, pending)`.
    fn users(&self, uses: &[Use], with_strength: bool) -> String {
        let words = |one: &Use| {
            let mut notes = Vec::new();
            if with_strength {
                notes.push(one.strength.word().to_owned());
            }
            if !one.is_required {
                notes.push("may be missing".to_owned());
            }
            if one.is_pending {
                notes.push("pending".to_owned());
            }
            let consumer = self.consumer(one);
            if notes.is_empty() { consumer } else { format!("{consumer} ({})", notes.join(", ")) }
        };
        uses.iter().map(words).collect::<Vec<_>>().join(", ")
    }

    fn headline(&self) -> String {
        let consumers: BTreeSet<_> = self.usage.sources.iter().map(|source| &source.consumer).collect();
        let (contracts, consumers) = (self.usage.sources.len(), consumers.len());
        format!(
            "{}: what {} with {} rely on",
            one_line(self.provider, 80),
            count(contracts, "contract"),
            count(consumers, "consumer")
        )
    }

    /// What of an endpoint is to go.
    fn about(&self, endpoint: &Endpoint) -> impl Iterator<Item = (&What, &Deprecated)> {
        let known = self.outgoing.iter().zip(self.deprecated);
        let about = known.filter(|(removal, _)| removal.operation.is_about(&endpoint.operation));
        about.map(|(removal, shown)| (&removal.what, shown))
    }

    /// What of an endpoint is to go, each with its countdown.
    fn outgoing(&self, endpoint: &Endpoint) -> Vec<String> {
        let words = |(what, shown): (&What, &Deprecated)| match what {
            What::Everything => format!("deprecated: {}", shown.countdown),
            _ => format!("deprecated: {} {}", shown.subject, shown.countdown),
        };
        self.about(endpoint).map(words).map(|text| one_line(&text, LONGEST)).collect()
    }

    /// The marks of the endpoint itself.
    fn marks(&self, endpoint: &Endpoint) -> Vec<Mark> {
        self.marks_where(endpoint, |what| matches!(what, What::Everything))
    }

    /// The marks of an answer.
    fn marks_of_status(&self, endpoint: &Endpoint, status: &str) -> Vec<Mark> {
        self.marks_where(endpoint, |what| matches!(what, What::Status(own) if own.to_string() == status))
    }

    /// The marks of a field, a header or a parameter.
    fn marks_of_place(&self, endpoint: &Endpoint, place: &Place) -> Vec<Mark> {
        let path = place.path.as_str();
        self.marks_where(endpoint, |what| match (what, place.part) {
            (What::Field(own), Part::RequestBody | Part::ResponseBody) => own.to_string() == path,
            (What::Query(own), Part::Query) => own == path,
            (What::Header(own), Part::RequestHeader | Part::ResponseHeader) => own.eq_ignore_ascii_case(path),
            _ => false,
        })
    }

    fn marks_where(&self, endpoint: &Endpoint, is_meant: impl Fn(&What) -> bool) -> Vec<Mark> {
        let own = self.about(endpoint).filter(|(what, _)| is_meant(what));
        let mark = |(_, shown): (&What, &Deprecated)| Mark {
            text: one_line(&format!("deprecated: {}", shown.countdown), LONGEST),
            is_over: shown.is_over(),
        };
        own.map(mark).collect()
    }

    fn unreadable(&self) -> Option<String> {
        (self.unreadable > 0)
            .then(|| format!("Missing here: {} that could not be read.", count(self.unreadable, "pact")))
    }
}

/// Says at a place of the map that it is to go.
#[derive(Debug)]
struct Mark {
    text: String,
    is_over: bool,
}

/// The team and how to reach it, as far as that is known.
pub(super) fn contact(owner: Option<&Owner>) -> Option<String> {
    let owner = owner?;
    let known = [&owner.team, &owner.contact].into_iter().flatten();
    let known: Vec<_> = known.map(|text| one_line(text, 120)).collect();
    (!known.is_empty()).then(|| known.join(", "))
}

/// What is known about a contract beside its consumer: version, branches, environments.
pub(super) fn standing(source: &Source) -> String {
    let mut words: Vec<_> = source.version.iter().map(|version| one_line(version, 40)).collect();
    words.extend(source.branches.iter().map(|name| format!("branch {}", one_line(name, 60))));
    words.extend(source.environments.iter().map(|name| format!("in {}", one_line(name, 60))));
    words.join(", ")
}

/// The operation, and the paths that contracts write for it.
fn heading(endpoint: &Endpoint) -> (String, Option<String>) {
    let paths: Vec<_> = endpoint.written.iter().take(3).map(|path| one_line(path, 60)).collect();
    let more = endpoint.written.len().saturating_sub(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let written = (!paths.is_empty()).then(|| format!("written as {}{more}", paths.join(", ")));
    (one_line(&endpoint.operation.to_string(), LONGEST), written)
}

/// Places without the whole body where its fields say more.
fn telling(places: &[Place]) -> impl Iterator<Item = &Place> {
    let has_fields = |part: Part| places.iter().filter(|place| place.part == part).count() > 1;
    places.iter().filter(move |place| place.path != "$" || !has_fields(place.part))
}

/// Writes a table for each endpoint.
///
/// # Errors
/// Those of the writer.
pub fn text(map: &Map<'_>, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n", colour.paint(Meaning::Strong, map.headline()))?;
    if !map.deprecated.is_empty() {
        deprecated::text(map.deprecated, colour, out)?;
        writeln!(out)?;
    }
    for endpoint in &map.usage.endpoints {
        let (operation, written) = heading(endpoint);
        let written = written.map(|written| format!("  {written}")).unwrap_or_default();
        writeln!(out, "{}{}", colour.paint(Meaning::Path, operation), colour.paint(Meaning::Faint, written))?;
        for outgoing in map.outgoing(endpoint) {
            writeln!(out, "  {}", colour.paint(Meaning::Warning, outgoing))?;
        }
        let rows = rows(map, endpoint);
        let width = rows.iter().map(|(place, _)| place.chars().count()).max().unwrap_or(0).min(48);
        for (place, users) in rows {
            let gap = width.saturating_sub(place.chars().count());
            writeln!(out, "  {place}{:gap$}  {users}", "")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "Drawn from")?;
    for source in &map.usage.sources {
        let parts = [
            one_line(&source.consumer, 80),
            standing(source),
            count(source.interactions, "interaction"),
            one_line(&source.file, LONGEST),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let line = format!("  {}", parts.join("  "));
        let owner = contact(map.owners.get(&source.consumer)).map(|owner| format!("  {owner}"));
        writeln!(out, "{line}{}", colour.paint(Meaning::Faint, owner.unwrap_or_default()))?;
    }
    map.unreadable().map_or(Ok(()), |missing| writeln!(out, "{missing}"))?;
    writeln!(out, "\n{ABSENCE}")
}

/// What stands beside what: answers with what is read of them below, after what is sent.
fn rows(map: &Map<'_>, endpoint: &Endpoint) -> Vec<(String, String)> {
    let row = |indent: &str, place: &Place| {
        let part = endpoint.operation.part_words(place.part);
        let name = format!("{indent}{part} {}", one_line(&place.path, LONGEST));
        (name, map.users(&place.by, true))
    };
    let mut rows: Vec<_> = telling(&endpoint.request).map(|place| row("", place)).collect();
    for answer in &endpoint.answers {
        let status = if answer.status.is_empty() { "message" } else { &answer.status };
        rows.push((status.to_owned(), map.users(&answer.by, false)));
        rows.extend(telling(&answer.response).map(|place| row("  ", place)));
    }
    rows
}

/// Writes a table for each endpoint in Markdown.
///
/// # Errors
/// Those of the writer.
pub fn markdown(map: &Map<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {}\n", escaped(&map.headline()))?;
    deprecated::markdown(map.deprecated, out)?;
    for endpoint in &map.usage.endpoints {
        let (operation, written) = heading(endpoint);
        let written = written.map(|written| format!(" ({})", escaped(&written))).unwrap_or_default();
        writeln!(out, "**{}**{written}\n\n| Place | Relied on by |\n|---|---|", escaped(&operation))?;
        for (place, users) in rows(map, endpoint) {
            writeln!(out, "| {} | {} |", escaped(place.trim_start()), escaped(&users))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "Drawn from:\n\n| Consumer | Version | Contract | Whom to call |\n|---|---|---|---|")?;
    for source in &map.usage.sources {
        let owner = contact(map.owners.get(&source.consumer)).unwrap_or_default();
        let cells = [source.consumer.clone(), standing(source), source.file.clone(), owner];
        let cells = cells.map(|cell| escaped(&one_line(&cell, LONGEST)));
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    map.unreadable().map_or(Ok(()), |missing| writeln!(out, "\n{missing}"))?;
    writeln!(out, "\n{ABSENCE}")
}
