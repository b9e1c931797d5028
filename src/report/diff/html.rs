//! The changes between contracts as one page for a browser: no other file, nothing from the network.

use std::io::{self, Write};

use askama::Template;

use super::{CLASSES, LONGEST, name, number, places, presence, sentence, summary};
use crate::compat::{Change, Class, Compared};
use crate::report::excerpt::one_line;

/// Writes the page. Every value is escaped by the template.
///
/// # Errors
/// Those of the writer.
pub fn write(diffs: &[Compared], out: &mut dyn Write) -> io::Result<()> {
    let page = Page {
        summary: summary(diffs),
        tiles: CLASSES.map(|class| (class.slug(), class.words(), number(diffs, class))),
        contracts: diffs.iter().map(contract).collect(),
    };
    let page = page.render().map_err(io::Error::other)?;
    out.write_all(page.as_bytes())?;
    writeln!(out)
}

#[derive(Template)]
#[template(path = "diff.html")]
struct Page {
    summary: String,
    tiles: [(&'static str, &'static str, usize); 3],
    contracts: Vec<Contract>,
}

struct Contract {
    consumer: String,
    provider: String,
    presence: &'static str,
    interactions: Vec<(String, Vec<Row>)>,
}

struct Row {
    class: &'static str,
    words: &'static str,
    sentence: String,
    rule: &'static str,
    places: String,
}

fn contract(diff: &Compared) -> Contract {
    let mut interactions: Vec<(String, Vec<Row>)> = Vec::new();
    for change in &diff.changes {
        let title = one_line(name(change), LONGEST);
        match interactions.last_mut() {
            Some((last, rows)) if *last == title => rows.push(row(change)),
            _ => interactions.push((title, vec![row(change)])),
        }
    }
    Contract {
        consumer: one_line(&diff.consumer, 80),
        provider: one_line(&diff.provider, 80),
        presence: presence(diff),
        interactions,
    }
}

fn row(change: &Change) -> Row {
    let class: Class = change.class();
    Row {
        class: class.slug(),
        words: class.words(),
        sentence: sentence(change),
        rule: change.rule.slug(),
        places: places(change),
    }
}
