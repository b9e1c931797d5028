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
use crate::finding::{Code, Finding, Weight};
use crate::outcome::{Answer, InteractionResult, Report, SecondOpinion, Verdict};

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
    for result in wrong(Verdict::Failed) {
        rule(colour, out)?;
        block::write(&report.run, result, colour, out)?;
    }
    for alike in by_code(wrong(Verdict::Error)) {
        if is_explained(&alike, report) {
            let number = words::count(alike.len(), "interaction");
            writeln!(
                out,
                "{}",
                colour.paint(Meaning::Error, format!("{number} not verified because of this"))
            )?;
            writeln!(out)?;
        } else {
            errors(&alike, report, colour, out)?;
        }
    }
    disagreements(report, colour, out)?;
    let (waived, pending): (Vec<_>, Vec<_>) =
        wrong(Verdict::Pending).partition(|result| result.waived.is_some());
    for (kind, results) in [("waived", waived), ("pending", pending)] {
        let (broken, unknown): (Vec<_>, Vec<_>) =
            results.into_iter().partition(|result| result.is_verified());
        let (one, several) = if kind == "waived" {
            ("is broken", "are broken")
        } else {
            ("does not hold yet", "do not hold yet")
        };
        list(&broken, kind, [one, several], colour, out)?;
        list(&unknown, kind, ["could not be verified", "could not be verified"], colour, out)?;
    }
    closing(report, colour, out)
}

fn rule(colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", colour.paint(Meaning::Faint, "─".repeat(RULE)))
}

/// Errors grouped by the code of their first finding, in the order in which the codes first occur.
fn by_code<'a>(errors: impl Iterator<Item = &'a InteractionResult>) -> Vec<Vec<&'a InteractionResult>> {
    let code = |result: &InteractionResult| result.findings.first().map(|finding| finding.code);
    let mut groups: Vec<Vec<&InteractionResult>> = Vec::new();
    for result in errors {
        match groups.iter_mut().find(|group| code(group[0]) == code(result)) {
            Some(group) => group.push(result),
            None => groups.push(vec![result]),
        }
    }
    groups
}

/// True when these interactions were only not reached, and the report says why at its beginning.
fn is_explained(alike: &[&InteractionResult], report: &Report) -> bool {
    let is_unreached =
        |result: &&InteractionResult| result.findings.iter().all(|finding| finding.code == Code::RunStopped);
    alike.iter().all(is_unreached) && report.findings.iter().any(|finding| finding.weight() == Weight::Error)
}

/// Errors of one code mostly have one cause: the first is shown in full, each other one in a line.
fn errors(
    alike: &[&InteractionResult],
    report: &Report,
    colour: Colour,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some((first, others)) = alike.split_first() else { return Ok(()) };
    rule(colour, out)?;
    block::write(&report.run, first, colour, out)?;
    if others.is_empty() {
        return Ok(());
    }
    let code = first.findings.first().map(|finding| finding.code.slug()).unwrap_or_default();
    let heading = format!("{} with the same code, {code}", words::count(others.len(), "more interaction"));
    writeln!(out, "{}", colour.paint(Meaning::Error, heading))?;
    for result in others.iter().take(LISTED) {
        writeln!(out, "  {}  [{}]", words::title(result), result.key)?;
        for finding in result.findings.iter().take(1).filter(|finding| !alike_in(first, finding)) {
            writeln!(out, "    {}", block::sentence(finding))?;
        }
    }
    if others.len() > LISTED {
        writeln!(out, "  … and {} more", others.len() - LISTED)?;
    }
    writeln!(out)
}

/// True when the result says the same already.
fn alike_in(result: &InteractionResult, finding: &Finding) -> bool {
    result.findings.first().is_some_and(|first| first.message == finding.message)
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
    let speech = block::speech(finding);
    if let Some(values) = block::values(finding).filter(|_| speech.is_empty()) {
        writeln!(out, "  {values}")?;
    }
    for line in speech {
        writeln!(out, "  {} {line}", colour.paint(Meaning::Faint, "|"))?;
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
        |result: &&InteractionResult| result.second_opinion.as_ref().is_some_and(SecondOpinion::differs);
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

/// Pending or waived interactions, one line each: they change nothing and so take no room.
fn list(
    pending: &[&InteractionResult],
    kind: &str,
    [one, several]: [&str; 2],
    colour: Colour,
    out: &mut dyn Write,
) -> io::Result<()> {
    if pending.is_empty() {
        return Ok(());
    }
    let number = words::count(pending.len(), &format!("{kind} interaction"));
    let what = if pending.len() == 1 { one } else { several };
    let heading = colour.paint(Meaning::Pending, format!("{number} {what}, which fails no run"));
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
        if let Some(waiver) = result.waiver() {
            writeln!(out, "    {}", words::waived(waiver))?;
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
