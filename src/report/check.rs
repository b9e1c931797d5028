//! Contracts against a specification: as text, as JSON, as Markdown and as annotations on GitHub.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::excerpt::one_line;
use super::github;
use super::markdown::escaped;
use super::style::{Colour, Meaning};
use super::words::count;
use crate::finding::Location;
use crate::openapi::{Checked, Finding, Outcome, Unsupported};

/// Version of the JSON form.
const SCHEMA_VERSION: u32 = 1;
/// Characters of a sentence that are shown.
const LONGEST: usize = 400;

const OUTCOMES: [Outcome; 3] = [Outcome::Covered, Outcome::Violated, Outcome::Undecidable];

/// Everything that was compared with one specification.
#[derive(Debug)]
pub struct Checks<'a> {
    /// The specification's file.
    pub spec: &'a str,
    /// What is not understood in it.
    pub unsupported: &'a [Unsupported],
    /// The contracts, with what came of each interaction.
    pub contracts: Vec<CheckedContract>,
}

/// One contract with what came of each interaction.
#[derive(Debug)]
pub struct CheckedContract {
    /// The consumer.
    pub consumer: String,
    /// The provider.
    pub provider: String,
    /// Its file or address.
    pub file: String,
    /// What came of each interaction.
    pub interactions: Vec<Checked>,
}

impl Checks<'_> {
    /// How many interactions ended in one way.
    #[must_use]
    pub fn number(&self, outcome: Outcome) -> usize {
        let all = self.contracts.iter().flat_map(|contract| &contract.interactions);
        all.filter(|one| one.outcome == outcome).count()
    }

    fn summary(&self) -> String {
        let all: usize = self.contracts.iter().map(|contract| contract.interactions.len()).sum();
        let told = OUTCOMES.map(|outcome| (self.number(outcome), outcome.word()));
        let told: Vec<_> = told
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
        let (contracts, interactions) = (count(self.contracts.len(), "contract"), count(all, "interaction"));
        format!("{contracts}, {interactions} against {}: {}", one_line(self.spec, LONGEST), told.join(", "))
    }
}

/// Writes what does not fit, what could not be decided, and a line that sums up.
///
/// # Errors
/// Those of the writer.
pub fn text(checks: &Checks<'_>, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    for contract in &checks.contracts {
        let mut told = contract.interactions.iter().filter(|one| one.outcome != Outcome::Covered).peekable();
        if told.peek().is_none() {
            continue;
        }
        let title = format!("{} -> {}", one_line(&contract.consumer, 80), one_line(&contract.provider, 80));
        writeln!(out, "{}", colour.paint(Meaning::Strong, title))?;
        for one in told {
            let operation =
                one.operation.as_ref().map(|name| format!("  {}", one_line(name, 160))).unwrap_or_default();
            let word = colour.paint(meaning(one.outcome), one.outcome.word());
            writeln!(
                out,
                "  {word} {}{}",
                one_line(&one.interaction, 200),
                colour.paint(Meaning::Faint, operation)
            )?;
            for finding in &one.findings {
                writeln!(
                    out,
                    "    {}: {}",
                    colour.paint(meaning_of(finding), label(finding)),
                    sentence(finding)
                )?;
                let (pact, spec) =
                    (one_line(&finding.pact.to_string(), 200), one_line(&finding.spec.to_string(), 200));
                writeln!(out, "      {}", colour.paint(Meaning::Faint, format!("{pact} | {spec}")))?;
            }
        }
        writeln!(out)?;
    }
    for one in checks.unsupported {
        writeln!(out, "{}", not_understood(one))?;
    }
    writeln!(out, "{}", checks.summary())
}

/// Writes a comment for a pull request.
///
/// # Errors
/// Those of the writer.
pub fn markdown(checks: &Checks<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {}\n", escaped(&checks.summary()))?;
    if checks.number(Outcome::Covered) < checks.contracts.iter().map(|one| one.interactions.len()).sum() {
        writeln!(
            out,
            "| Consumer | Interaction | Outcome | Finding | Pact | Specification |\n|---|---|---|---|---|---|"
        )?;
    }
    for contract in &checks.contracts {
        for one in &contract.interactions {
            for finding in &one.findings {
                let told = format!("{}: {}", label(finding), sentence(finding));
                let (pact, spec) = (finding.pact.to_string(), finding.spec.to_string());
                let cells = [&contract.consumer, &one.interaction, one.outcome.word(), &told, &pact, &spec];
                let cells = cells.map(|cell| escaped(&one_line(cell, LONGEST)));
                writeln!(out, "| {} |", cells.join(" | "))?;
            }
        }
    }
    for one in checks.unsupported {
        writeln!(out, "\n{}", escaped(&not_understood(one)))?;
    }
    Ok(())
}

/// Writes one annotation for each finding, in the form that GitHub Actions reads.
///
/// # Errors
/// Those of the writer.
pub fn github(checks: &Checks<'_>, out: &mut dyn Write) -> io::Result<()> {
    for contract in &checks.contracts {
        for one in &contract.interactions {
            for finding in &one.findings {
                let level = if finding.is_doubt { "warning" } else { "error" };
                let message =
                    format!("{}: {}\nspecification: {}", one.interaction, sentence(finding), finding.spec);
                github::command(level, Some(&finding.pact), &label(finding), &message, out)?;
            }
        }
    }
    for one in checks.unsupported {
        github::command("notice", Some(&one.location), "not understood", &not_understood(one), out)?;
    }
    writeln!(out, "{}", checks.summary())
}

/// Writes one JSON document.
///
/// # Errors
/// Those of the writer.
pub fn json(checks: &Checks<'_>, out: &mut dyn Write) -> io::Result<()> {
    let finding = |finding: &Finding| JsonFinding {
        rule: finding.rule.slug(),
        undecidable: finding.is_doubt,
        path: finding.path.clone(),
        message: finding.message.clone(),
        pact: finding.pact.clone(),
        specification: finding.spec.clone(),
    };
    let interaction = |one: &Checked| JsonInteraction {
        interaction: one.interaction.clone(),
        location: one.location.clone(),
        operation: one.operation.clone(),
        outcome: one.outcome.word(),
        findings: one.findings.iter().map(finding).collect(),
    };
    let document = JsonChecks {
        schema_version: SCHEMA_VERSION,
        specification: checks.spec,
        covered: checks.number(Outcome::Covered),
        violated: checks.number(Outcome::Violated),
        undecidable: checks.number(Outcome::Undecidable),
        unsupported: checks
            .unsupported
            .iter()
            .map(|one| JsonUnsupported { keyword: &one.keyword, times: one.times, location: &one.location })
            .collect(),
        contracts: checks
            .contracts
            .iter()
            .map(|contract| JsonContract {
                consumer: &contract.consumer,
                provider: &contract.provider,
                file: &contract.file,
                interactions: contract.interactions.iter().map(interaction).collect(),
            })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn label(finding: &Finding) -> String {
    let word = if finding.is_doubt { "undecidable" } else { "error" };
    format!("{word}[{}]", finding.rule.slug())
}

fn sentence(finding: &Finding) -> String {
    let path = if finding.path.is_empty() { String::new() } else { format!("`{}`: ", finding.path) };
    one_line(&format!("{path}{}", finding.message), LONGEST)
}

fn not_understood(one: &Unsupported) -> String {
    let times = if one.times == 1 { String::new() } else { format!(" and {} more", one.times - 1) };
    format!(
        "not understood: {} at {}{times}",
        one_line(&one.keyword, 160),
        one_line(&one.location.to_string(), 200)
    )
}

fn meaning(outcome: Outcome) -> Meaning {
    match outcome {
        Outcome::Covered => Meaning::Passed,
        Outcome::Violated => Meaning::Failed,
        Outcome::Undecidable => Meaning::Warning,
    }
}

fn meaning_of(finding: &Finding) -> Meaning {
    if finding.is_doubt { Meaning::Warning } else { Meaning::Failed }
}

/// The JSON Schema of what `check` says.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(JsonChecks<'_>).to_value()
}

#[derive(Serialize, JsonSchema)]
#[schemars(title = "Pactwright check")]
struct JsonChecks<'a> {
    schema_version: u32,
    specification: &'a str,
    covered: usize,
    violated: usize,
    undecidable: usize,
    unsupported: Vec<JsonUnsupported<'a>>,
    contracts: Vec<JsonContract<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonUnsupported<'a> {
    keyword: &'a str,
    times: usize,
    location: &'a Location,
}

#[derive(Serialize, JsonSchema)]
struct JsonContract<'a> {
    consumer: &'a str,
    provider: &'a str,
    file: &'a str,
    interactions: Vec<JsonInteraction>,
}

#[derive(Serialize, JsonSchema)]
struct JsonInteraction {
    interaction: String,
    location: Location,
    operation: Option<String>,
    outcome: &'static str,
    findings: Vec<JsonFinding>,
}

#[derive(Serialize, JsonSchema)]
struct JsonFinding {
    rule: &'static str,
    undecidable: bool,
    path: String,
    message: String,
    pact: Location,
    specification: Location,
}
