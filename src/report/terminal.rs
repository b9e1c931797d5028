//! The report for people: what went wrong in full, what is pending in short, then the answer.
//!
//! Success is quiet. With colour off the text is the same characters without escapes. Lines that
//! appear during the run are written by [`super::live`].

use std::io;
use std::io::Write;

use super::block;
use super::excerpt::one_line;
use super::style::{Colour, Meaning};
use super::words;
use crate::finding::{Finding, Weight};
use crate::outcome::{Answer, InteractionResult, Report, Verdict};

/// Pending interactions and disagreements that are listed one by one.
const LISTED: usize = 20;
/// The width of the line between two blocks.
const RULE: usize = 80;

/// Writes the report.
///
/// # Errors
/// What the writer answers.
pub fn write(report: &Report, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        run_finding(finding, colour, out)?;
    }
    warnings(report, colour, out)?;
    let wrong = |verdict| report.interactions.iter().filter(move |result| result.verdict == verdict);
    for result in wrong(Verdict::Failed).chain(wrong(Verdict::Error)) {
        writeln!(out, "{}", colour.paint(Meaning::Faint, "─".repeat(RULE)))?;
        block::write(&report.run, result, colour, out)?;
    }
    disagreements(report, colour, out)?;
    let pending: Vec<_> = wrong(Verdict::Pending).collect();
    list(&pending, colour, out)?;
    closing(report, colour, out)
}

fn run_finding(finding: &Finding, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let (word, meaning) = match finding.weight() {
        Weight::Warning => ("warning", Meaning::Warning),
        Weight::Defect | Weight::Error => ("error", Meaning::Error),
        Weight::Broken => ("broken", Meaning::Failed),
    };
    let label = colour.paint(meaning, format!("{word}[{}]", finding.code));
    writeln!(out, "{label}: {}", block::sentence(finding))?;
    if let Some(location) = &finding.location {
        writeln!(out, "  {}", colour.paint(Meaning::Path, one_line(&location.to_string(), 400)))?;
    }
    if let Some(values) = block::values(finding) {
        writeln!(out, "  {values}")?;
    }
    if let Some(help) = &finding.help {
        writeln!(out, "  help: {}", one_line(help, 300))?;
    }
    writeln!(out)
}

/// Warnings about interactions that otherwise have no block.
fn warnings(report: &Report, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let blockless = |result: &&InteractionResult| !matches!(result.verdict, Verdict::Failed | Verdict::Error);
    for result in report.interactions.iter().filter(blockless) {
        for finding in result.findings.iter().filter(|finding| is_aside(result, finding)) {
            let mut finding = finding.clone();
            finding.message = format!("{} ({})", finding.message, words::title(result));
            run_finding(&finding, colour, out)?;
        }
    }
    Ok(())
}

/// True for what does not belong to the verdict: warnings, and errors of an interaction that passed.
fn is_aside(result: &InteractionResult, finding: &Finding) -> bool {
    finding.weight() == Weight::Warning || result.verdict == Verdict::Passed
}

fn disagreements(report: &Report, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let differing =
        |result: &&InteractionResult| result.second_opinion.as_ref().is_some_and(|second| !second.agrees);
    let results: Vec<_> = report.interactions.iter().filter(differing).collect();
    if results.is_empty() {
        return Ok(());
    }
    let number = words::count(results.len(), "interaction");
    writeln!(
        out,
        "{}",
        colour.paint(Meaning::Strong, format_args!("The reference verifier differs on {number}"))
    )?;
    for result in results {
        let Some(second) = &result.second_opinion else { continue };
        let ours = words::verdict(result.verdict);
        writeln!(out, "  {}", words::title(result))?;
        writeln!(out, "    here      {ours}")?;
        writeln!(out, "    reference {}", block::opinion(second))?;
        for mismatch in second.mismatches.iter().take(LISTED) {
            writeln!(out, "              {}", one_line(mismatch, 200))?;
        }
    }
    writeln!(out)
}

/// Pending interactions, one line each: they change nothing and so take no room.
fn list(pending: &[&InteractionResult], colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    if pending.is_empty() {
        return Ok(());
    }
    let number = words::count(pending.len(), "pending interaction");
    let verb = if pending.len() == 1 { "does" } else { "do" };
    let heading = colour.paint(Meaning::Pending, format!("{number} {verb} not hold yet, which fails no run"));
    writeln!(out, "{heading}")?;
    for result in pending.iter().take(LISTED) {
        write!(out, "  {}", words::title(result))?;
        match block::causes(&result.findings).0.first() {
            Some(first) => {
                let more = result.findings.len() - 1;
                let more = if more == 0 { String::new() } else { format!(" and {more} more") };
                writeln!(out, "  {}", colour.paint(Meaning::Faint, format_args!("[{}{more}]", first.code)))?;
            }
            None => writeln!(out)?,
        }
    }
    if pending.len() > LISTED {
        writeln!(out, "  … and {} more", pending.len() - LISTED)?;
    }
    writeln!(out)
}

fn closing(report: &Report, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", words::verified(report))?;
    if let Some(opinions) = words::opinions(report) {
        writeln!(out, "{opinions}")?;
    }
    writeln!(out, "{} in {}", words::tally(&report.counts), words::seconds(report.duration_ms))?;
    let meaning = match report.answer {
        Answer::Yes => Meaning::Passed,
        Answer::No => Meaning::Failed,
        Answer::AskedWrongly | Answer::CouldNotFindOut => Meaning::Error,
    };
    writeln!(
        out,
        "{} {}",
        colour.paint(Meaning::Strong, "Answer:"),
        colour.paint(meaning, words::answer(report))
    )?;
    match words::rerun(report) {
        Some(command) => writeln!(out, "{} {command}", colour.paint(Meaning::Strong, "Again: ")),
        None => Ok(()),
    }
}
