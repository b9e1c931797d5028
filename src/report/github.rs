//! Workflow commands that GitHub shows beside the lines of a pact: one line for each interaction or
//! problem, and a last one with the answer.
//!
//! Nothing in a pact or an answer can begin a command of its own or leave its property.

use std::io;
use std::io::Write;

use super::block;
use super::excerpt::one_line;
use super::shared;
use super::words;
use crate::finding::{Finding, Location, Weight};
use crate::outcome::{Answer, InteractionResult, Report, Verdict};

/// Findings that are told in one annotation.
const FINDINGS: usize = 10;

/// Writes the report as workflow commands.
///
/// # Errors
/// What the writer answers.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        note(finding, "", out)?;
    }
    for result in &report.interactions {
        match result.verdict {
            Verdict::Failed | Verdict::Error => annotate("error", result, out)?,
            Verdict::Pending => annotate("notice", result, out)?,
            Verdict::Passed => asides(result, out)?,
            Verdict::Skipped => {}
        }
        disagreement(result, out)?;
    }
    let chosen: Vec<String> =
        shared::selected(&report.run).into_iter().chain(shared::pacts(&report.run)).collect();
    if !chosen.is_empty() {
        command("notice", None, "Pacts that were chosen", &chosen.join("\n"), out)?;
    }
    let level = if report.answer == Answer::Yes { "notice" } else { "error" };
    let mut lines = vec![words::answer(report), words::verified(report), words::tally(&report.counts)];
    lines.extend(words::opinions(report));
    command(level, None, "Pactwright", &lines.join("\n"), out)
}

/// Writes one finding that belongs to no interaction, with the subject in front of its sentence.
///
/// # Errors
/// What the writer answers.
pub fn note(finding: &Finding, subject: &str, out: &mut dyn Write) -> io::Result<()> {
    let level = if finding.weight() == Weight::Warning { "warning" } else { "error" };
    let mut message = format!("{subject}{}", block::sentence(finding));
    if let Some(help) = &finding.help {
        message = format!("{message}\nhelp: {}", one_line(help, 300));
    }
    command(level, finding.location.as_ref(), finding.code.slug(), &message, out)
}

fn annotate(level: &str, result: &InteractionResult, out: &mut dyn Write) -> io::Result<()> {
    let (causes, derived) = block::causes(&result.findings);
    let title = format!("{} {}", words::label(result).0, words::title(result));
    let mut lines: Vec<_> = causes.iter().take(FINDINGS).map(|finding| told(finding)).collect();
    if causes.len() > FINDINGS {
        lines.push(format!("… and {} more", causes.len() - FINDINGS));
    }
    if derived > 0 {
        lines.push(block::folded(derived));
    }
    lines.extend(words::owner(result).map(|owner| format!("ask: {owner}")));
    lines.extend(result.waiver().map(words::waived));
    lines.push(format!("consumer: {}", words::consumer(result)));
    command(level, Some(&result.location), &title, &lines.join("\n"), out)
}

fn told(finding: &Finding) -> String {
    let values = block::values(finding).map_or_else(String::new, |values| format!(" ({values})"));
    format!("[{}] {}{values}", finding.code, block::sentence(finding))
}

/// What is worth saying about an interaction that passed.
fn asides(result: &InteractionResult, out: &mut dyn Write) -> io::Result<()> {
    if result.flaky {
        let first = words::first_failure(result).map(|first| format!("; failed first: {first}"));
        let message = format!("passed only at attempt {}{}", result.attempts, first.unwrap_or_default());
        command(
            "warning",
            Some(&result.location),
            &format!("FLAKY {}", words::title(result)),
            &message,
            out,
        )?;
    }
    let subject = format!("{}: ", words::title(result));
    result.findings.iter().try_for_each(|finding| note(finding, &subject, out))
}

fn disagreement(result: &InteractionResult, out: &mut dyn Write) -> io::Result<()> {
    let Some(second) = result.second_opinion.as_ref().filter(|second| !second.agrees) else {
        return Ok(());
    };
    let level = if result.is_disputed() { "error" } else { "notice" };
    let ours = words::verdict(result.verdict);
    let message = format!("{ours} here; reference verifier: {}", block::opinion(second));
    command(level, Some(&result.location), &words::title(result), &message, out)
}

/// Writes one command.
pub(super) fn command(
    level: &str,
    location: Option<&Location>,
    title: &str,
    message: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "::{level} ")?;
    // A pact that came from an address is no file of the repository.
    if let Some(at) = location.filter(|at| !at.file.contains("://")) {
        write!(out, "file={},line={},col={},", property(&at.file), at.line, at.column)?;
    }
    writeln!(out, "title={}::{}", property(title), data(message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
