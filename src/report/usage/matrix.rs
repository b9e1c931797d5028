//! The map as one page for a browser: a row for each place, a column for each consumer.
//!
//! Every value is escaped by the template; the page needs no script and no other file.

use std::collections::BTreeSet;
use std::io::{self, Write};

use askama::Template;

use super::{ABSENCE, Map, Mark, contact, heading, standing, telling};
use crate::compat::{Endpoint, Place, Use};
use crate::report::deprecated::Deprecated;
use crate::report::excerpt::one_line;

/// Writes the page.
///
/// # Errors
/// Those of the writer.
pub fn write(map: &Map<'_>, out: &mut dyn Write) -> io::Result<()> {
    let page = page(map).render().map_err(io::Error::other)?;
    out.write_all(page.as_bytes())?;
    writeln!(out)
}

#[derive(Template)]
#[template(path = "usage.html")]
struct Page {
    provider: String,
    headline: String,
    absence: &'static str,
    missing: Option<String>,
    outgoing: Vec<Outgoing>,
    consumers: Vec<Consumer>,
    strengths: [(&'static str, &'static str); 4],
    endpoints: Vec<Section>,
    sources: Vec<Drawn>,
}

/// Something that is to go.
struct Outgoing {
    headline: String,
    is_over: bool,
    details: Vec<(&'static str, String)>,
}

/// A column.
struct Consumer {
    name: String,
    /// Each version with its branches and environments.
    standings: Vec<String>,
    contact: String,
}

/// The rows of one endpoint.
struct Section {
    operation: String,
    written: Option<String>,
    marks: Vec<Mark>,
    rows: Vec<Row>,
}

struct Row {
    /// `status`, `request` or `response`.
    kind: &'static str,
    part: &'static str,
    path: String,
    marks: Vec<Mark>,
    /// One for each consumer.
    cells: Vec<Cell>,
}

/// What one consumer relies on; nothing when the class is empty.
#[derive(Default)]
struct Cell {
    class: &'static str,
    word: String,
    /// Which of several versions of the consumer.
    versions: String,
    title: String,
}

struct Drawn {
    consumer: String,
    standing: String,
    interactions: usize,
    file: String,
    contact: String,
}

const STRENGTHS: [(&str, &str); 4] = [
    ("exact", "this value and no other"),
    ("pattern", "a format, a pattern or another rule"),
    ("type", "any value of its type"),
    ("presence", "that it is there"),
];

fn page(map: &Map<'_>) -> Page {
    let names: BTreeSet<_> = map.usage.sources.iter().map(|source| source.consumer.as_str()).collect();
    let names: Vec<_> = names.into_iter().collect();
    Page {
        provider: one_line(map.provider, 80),
        headline: map.headline(),
        absence: ABSENCE,
        missing: map.unreadable(),
        outgoing: map.deprecated.iter().map(outgoing).collect(),
        consumers: names
            .iter()
            .map(|name| Consumer {
                name: one_line(name, 80),
                standings: standings(map, name),
                contact: contact(map.owners.get(*name)).unwrap_or_default(),
            })
            .collect(),
        strengths: STRENGTHS,
        endpoints: map.usage.endpoints.iter().map(|endpoint| section(map, &names, endpoint)).collect(),
        sources: map
            .usage
            .sources
            .iter()
            .map(|source| Drawn {
                consumer: one_line(&source.consumer, 80),
                standing: standing(source),
                interactions: source.interactions,
                file: one_line(&source.file, 160),
                contact: contact(map.owners.get(&source.consumer)).unwrap_or_default(),
            })
            .collect(),
    }
}

/// The versions of a consumer, and where they are.
fn standings(map: &Map<'_>, name: &str) -> Vec<String> {
    let own = map.usage.sources.iter().filter(|source| source.consumer == name);
    own.map(standing).filter(|words| !words.is_empty()).collect()
}

fn outgoing(one: &Deprecated) -> Outgoing {
    Outgoing { headline: one.headline(), is_over: one.is_over(), details: one.details() }
}

fn section(map: &Map<'_>, names: &[&str], endpoint: &Endpoint) -> Section {
    let (operation, written) = heading(endpoint);
    let row = |kind: &'static str, place: &Place| Row {
        kind,
        part: endpoint.operation.part_words(place.part),
        path: one_line(&place.path, 160),
        marks: map.marks_of_place(endpoint, place),
        cells: cells(map, names, &place.by, true),
    };
    let mut rows: Vec<_> = telling(&endpoint.request).map(|place| row("request", place)).collect();
    for answer in &endpoint.answers {
        let (part, path) =
            if answer.status.is_empty() { ("message", "") } else { ("status", answer.status.as_str()) };
        rows.push(Row {
            kind: "status",
            part,
            path: path.to_owned(),
            marks: map.marks_of_status(endpoint, path),
            cells: cells(map, names, &answer.by, false),
        });
        rows.extend(telling(&answer.response).map(|place| row("response", place)));
    }
    Section { operation, written, marks: map.marks(endpoint), rows }
}

fn cells(map: &Map<'_>, names: &[&str], uses: &[Use], with_strength: bool) -> Vec<Cell> {
    let of = |name: &str| {
        let is_own = |one: &&Use| map.source(one).is_some_and(|source| source.consumer == name);
        cell(map, &uses.iter().filter(is_own).collect::<Vec<_>>(), with_strength)
    };
    names.iter().map(|name| of(name)).collect()
}

/// What one consumer relies on. Several versions of it share a cell: the firmest is shown, and all are
/// named in its title.
fn cell(map: &Map<'_>, uses: &[&Use], with_strength: bool) -> Cell {
    let Some(firmest) = uses.iter().map(|one| one.strength).max() else { return Cell::default() };
    let class = if with_strength { firmest.word() } else { "used" };
    let is_pending = uses.iter().all(|one| one.is_pending);
    let word = if is_pending { format!("{class}, pending") } else { class.to_owned() };
    let title = |one: &&Use| match one_line(&one.words, 200) {
        none if none.is_empty() => map.consumer(one),
        words => format!("{}: {words}", map.consumer(one)),
    };
    let own = uses.first().and_then(|one| map.source(one)).map(|source| &source.consumer);
    let of_several = map.usage.sources.iter().filter(|source| Some(&source.consumer) == own).count() > 1;
    let version = |one: &&Use| map.source(one)?.version.as_deref().map(|version| one_line(version, 40));
    let versions: Vec<_> = uses.iter().filter(|_| of_several).filter_map(version).collect();
    Cell {
        class,
        word,
        versions: versions.join(", "),
        title: uses.iter().map(title).collect::<Vec<_>>().join("; "),
    }
}
