//! The changes between contracts: as text, as JSON, as Markdown, as annotations on GitHub, for JUnit and as a
//! page.
//!
//! All say the same. What a change means for the provider was decided where it was found.

pub mod html;
pub mod junit;

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::excerpt::one_line;
use super::github;
use super::markdown::escaped;
use super::style::{Colour, Meaning};
use super::words::count;
use crate::compat::{Change, Class, Compared};
use crate::finding::Location;

/// Version of the JSON form.
const SCHEMA_VERSION: u32 = 1;
/// Characters of a sentence that are shown.
const LONGEST: usize = 300;

const CLASSES: [Class; 3] = [Class::DemandsMore, Class::DemandsLess, Class::SameDemand];

/// Writes one block for each consumer and a line that sums up.
///
/// # Errors
/// Those of the writer.
pub fn text(diffs: &[Compared], colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    for diff in diffs.iter().filter(|diff| !diff.changes.is_empty()) {
        writeln!(out, "{}{}", colour.paint(Meaning::Strong, title(diff)), presence(diff))?;
        let mut interaction = None;
        for change in &diff.changes {
            if interaction != Some(&change.interaction) {
                writeln!(out, "  {}", colour.paint(Meaning::Path, one_line(name(change), LONGEST)))?;
                interaction = Some(&change.interaction);
            }
            let label = format!("{}[{}]", change.class().words(), change.rule.slug());
            writeln!(out, "    {}: {}", colour.paint(meaning(change.class()), label), sentence(change))?;
            writeln!(out, "      {}", colour.paint(Meaning::Faint, places(change)))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(diffs))
}

/// Writes one JSON document.
///
/// # Errors
/// Those of the writer.
pub fn json(diffs: &[Compared], out: &mut dyn Write) -> io::Result<()> {
    let document = JsonDiff {
        schema_version: SCHEMA_VERSION,
        demands_more: number(diffs, Class::DemandsMore),
        demands_less: number(diffs, Class::DemandsLess),
        same_demand: number(diffs, Class::SameDemand),
        contracts: diffs.iter().map(JsonContract::of).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The JSON Schema of what `diff` says.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(JsonDiff<'_>).to_value()
}

/// Writes a comment for a pull request.
///
/// # Errors
/// Those of the writer.
pub fn markdown(diffs: &[Compared], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {}\n", summary(diffs))?;
    for diff in diffs.iter().filter(|diff| !diff.changes.is_empty()) {
        writeln!(out, "**{} -> {}**{}\n", escaped(&diff.consumer), escaped(&diff.provider), presence(diff))?;
        writeln!(out, "| Means | Interaction | Change | Rule |\n|---|---|---|---|")?;
        for change in &diff.changes {
            let (name, sentence) = (escaped(&one_line(name(change), LONGEST)), escaped(&sentence(change)));
            let (class, rule) = (change.class().words(), change.rule.slug());
            writeln!(out, "| {class} | {name} | {sentence} | `{rule}` |")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Writes one annotation for each change, in the form that GitHub Actions reads.
///
/// # Errors
/// Those of the writer.
pub fn github(diffs: &[Compared], are_files: bool, out: &mut dyn Write) -> io::Result<()> {
    for change in diffs.iter().flat_map(|diff| &diff.changes) {
        let level = match change.class() {
            Class::DemandsMore => "warning",
            Class::DemandsLess | Class::SameDemand => "notice",
        };
        let message = format!("{}: {}", one_line(name(change), LONGEST), sentence(change));
        let title = format!("{}: {}", change.class().words(), change.rule.slug());
        let place = change.new.as_ref().filter(|_| are_files);
        github::command(level, place, &title, &message, out)?;
    }
    writeln!(out, "{}", summary(diffs))
}

/// `2 changes demand more, 1 demands less`.
fn summary(diffs: &[Compared]) -> String {
    let contracts = count(diffs.len(), "contract");
    let said = |class: Class| match (class, number(diffs, class)) {
        (_, 0) => None,
        (class, number) => Some(format!("{} {}", count(number, "change"), verb(class, number))),
    };
    let said: Vec<_> = CLASSES.into_iter().filter_map(said).collect();
    if said.is_empty() {
        return format!("{contracts} compared: nothing has changed for the provider");
    }
    format!("{contracts} compared: {}", said.join(", "))
}

fn verb(class: Class, number: usize) -> &'static str {
    match (class, number) {
        (Class::DemandsMore, 1) => "demands more",
        (Class::DemandsMore, _) => "demand more",
        (Class::DemandsLess, 1) => "demands less",
        (Class::DemandsLess, _) => "demand less",
        (Class::SameDemand, 1) => "demands the same",
        (Class::SameDemand, _) => "demand the same",
    }
}

fn number(diffs: &[Compared], class: Class) -> usize {
    diffs.iter().flat_map(|diff| &diff.changes).filter(|change| change.class() == class).count()
}

fn meaning(class: Class) -> Meaning {
    match class {
        Class::DemandsMore => Meaning::Warning,
        Class::DemandsLess => Meaning::Passed,
        Class::SameDemand => Meaning::Faint,
    }
}

/// What is to be said when one side has no contract of this consumer.
fn presence(diff: &Compared) -> &'static str {
    match (diff.old.is_empty(), diff.new.is_empty()) {
        (true, _) => " (new)",
        (_, true) => " (gone)",
        _ => "",
    }
}

/// Between whom the contract is.
fn title(diff: &Compared) -> String {
    format!("{} -> {}", one_line(&diff.consumer, 80), one_line(&diff.provider, 80))
}

/// The interaction that has changed.
fn name(change: &Change) -> &str {
    change.interaction.as_deref().unwrap_or("the whole contract")
}

fn sentence(change: &Change) -> String {
    let part = change.part.words();
    let subject = if part.is_empty() { String::new() } else { format!("{part}: ") };
    one_line(&format!("{subject}{}", change.sentence), LONGEST)
}

fn places(change: &Change) -> String {
    let known = [&change.old, &change.new].into_iter().flatten();
    let known: Vec<_> = known.map(|at| one_line(&at.to_string(), LONGEST)).collect();
    known.join(" -> ")
}

#[derive(Serialize, JsonSchema)]
#[schemars(title = "Pactwright diff")]
struct JsonDiff<'a> {
    schema_version: u32,
    demands_more: usize,
    demands_less: usize,
    same_demand: usize,
    contracts: Vec<JsonContract<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonContract<'a> {
    consumer: &'a str,
    provider: &'a str,
    old: &'a [String],
    new: &'a [String],
    changes: Vec<JsonChange<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonChange<'a> {
    rule: &'static str,
    class: &'static str,
    interaction: Option<&'a str>,
    part: &'static str,
    path: &'a str,
    message: &'a str,
    old: Option<&'a Location>,
    new: Option<&'a Location>,
}

impl<'a> JsonContract<'a> {
    fn of(diff: &'a Compared) -> Self {
        let change = |change: &'a Change| JsonChange {
            rule: change.rule.slug(),
            class: change.class().slug(),
            interaction: change.interaction.as_deref(),
            part: change.part.slug(),
            path: &change.path,
            message: &change.sentence,
            old: change.old.as_ref(),
            new: change.new.as_ref(),
        };
        Self {
            consumer: &diff.consumer,
            provider: &diff.provider,
            old: &diff.old,
            new: &diff.new,
            changes: diff.changes.iter().map(change).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::{Part, Rule};

    fn sample() -> Vec<Compared> {
        let at = |file: &str, line| Some(Location { file: file.to_owned(), line, column: 3 });
        let change = |rule, interaction: Option<&str>, part, path: &str, sentence: &str| Change {
            rule,
            interaction: interaction.map(str::to_owned),
            part,
            path: path.to_owned(),
            sentence: sentence.to_owned(),
            old: at("old.json", 7),
            new: at("new.json", 9),
        };
        let read = Some("read a <FAQ> (given FAQ 7 exists)");
        let changes = vec![
            change(Rule::SpecificationChanged, None, Part::Contract, "", "the version was V2 and is V3"),
            change(Rule::ResponseFieldAdded, read, Part::ResponseBody, "$.id", "`$.id` is new: any number"),
            change(
                Rule::ResponseHeaderRemoved,
                read,
                Part::ResponseHeader,
                "ETag",
                "`ETag` is gone: \u{1b}[1m|",
            ),
        ];
        let one = Compared {
            consumer: "support".to_owned(),
            provider: "faq".to_owned(),
            old: vec!["old.json".to_owned()],
            new: vec!["new.json".to_owned()],
            changes,
        };
        let same = Compared { consumer: "billing".to_owned(), changes: Vec::new(), ..one.clone() };
        vec![one, same]
    }

    fn rendered(render: impl Fn(&[Compared], &mut dyn Write) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        render(&sample(), &mut bytes).expect("writing to memory");
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn text_names_consumer_interaction_change_and_places() {
        insta::assert_snapshot!(rendered(|diffs, out| text(diffs, Colour::Never, out)));
    }

    #[test]
    fn markdown_is_a_table_in_which_nothing_from_a_pact_is_markup() {
        insta::assert_snapshot!(rendered(markdown));
    }

    #[test]
    fn annotations_stand_at_the_new_contract() {
        insta::assert_snapshot!(rendered(|diffs, out| github(diffs, true, out)));
        assert!(!rendered(|diffs, out| github(diffs, false, out)).contains("file="), "there is no file");
    }

    #[test]
    fn what_demands_more_is_a_failure_of_the_build() {
        insta::assert_snapshot!(rendered(junit::write));
    }

    #[test]
    fn the_page_names_every_change_and_nothing_from_a_pact_is_markup() {
        let page = rendered(html::write);
        for said in [
            "1 demands more",
            "read a &#60;FAQ&#62; (given FAQ 7 exists)",
            "old.json:7:3 -&#62; new.json:9:3",
        ] {
            assert!(page.contains(said), "{said}\n{page}");
        }
        assert!(!page.contains('\u{1b}') && !page.contains("<FAQ>"), "{page}");
    }

    #[test]
    fn json_counts_by_class() {
        let json: serde_json::Value = serde_json::from_str(&rendered(json)).expect("JSON");
        assert_eq!([&json["demands_more"], &json["demands_less"], &json["same_demand"]], [1, 1, 1]);
        assert_eq!(json["contracts"][0]["changes"][1]["part"], "response-body");
        assert_eq!(json["contracts"][0]["changes"][1]["class"], "demands-more");
    }
}
