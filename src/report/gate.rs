//! The answer of the gate as text for people.

use std::io::{self, Write};

use super::excerpt::one_line;
use super::style::{Colour, Meaning};
use super::words::count;
use crate::finding::Finding;
use crate::gate::{Cause, Explanation, Row, Side, Word};
use crate::outcome::Answer;

/// Findings that are shown of one interaction; the rest are counted.
const FINDINGS: usize = 5;
/// Characters of one line.
const LONGEST: usize = 300;
/// Where the text behind a verdict begins.
const INDENT: &str = "                 ";

/// Writes what is wrong, what holds, and the answer last.
///
/// # Errors
/// Those of the writer.
pub fn text(explanation: &Explanation, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    for row in &explanation.matrix {
        write_row(row, colour, out)?;
    }
    for notice in &explanation.notices {
        writeln!(out, "{}: {}", colour.paint(Meaning::Warning, notice.kind), notice.text)?;
    }
    let summary = &explanation.summary;
    if !(explanation.matrix.is_empty() && explanation.notices.is_empty()) {
        writeln!(out)?;
    }
    let (meaning, answer) = match (summary.answer, summary.deployable) {
        (Answer::Yes, _) => (Meaning::Passed, "yes"),
        (Answer::No, Some(false)) => (Meaning::Failed, "no"),
        (Answer::CouldNotFindOut, _) => (Meaning::Error, "unknown"),
        _ => (Meaning::Failed, "not yet"),
    };
    writeln!(out, "{}: {}", colour.paint(meaning, answer), summary.reason)?;
    let counts = [
        (summary.failed, "breaks"),
        (summary.unknown, "unverified"),
        (summary.waived, "waived"),
        (summary.success, "safe"),
        (summary.ignored, "ignored"),
    ];
    let counts: Vec<_> = counts.iter().filter(|(number, _)| *number > 0).collect();
    if counts.is_empty() {
        return Ok(());
    }
    let counts: Vec<_> = counts.iter().map(|(number, word)| format!("{number} {word}")).collect();
    writeln!(out, "{}", counts.join(", "))
}

fn write_row(row: &Row, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let (meaning, word) = match row.verdict {
        Word::Safe => (Meaning::Passed, "SAFE"),
        Word::Breaks => (Meaning::Failed, "BREAKS"),
        Word::Unverified => (Meaning::Error, "UNVERIFIED"),
        Word::UnknownVersion => (Meaning::Error, "UNKNOWN VERSION"),
        Word::Waived => (Meaning::Warning, "WAIVED"),
        Word::Ignored => (Meaning::Faint, "IGNORED"),
    };
    writeln!(out, "{}  {}", colour.paint(meaning, format_args!("{word:<15}")), row.reason)?;
    if row.verdict == Word::Safe {
        return Ok(());
    }
    for cause in &row.causes {
        write_cause(cause, colour, out)?;
    }
    if let Some(waiver) = &row.waiver {
        let instead_of = match waiver.instead_of {
            Word::Breaks => "a break",
            _ => "an unverified contract",
        };
        let expires = &waiver.expires;
        writeln!(out, "{INDENT}{} accepts {instead_of} until {expires}: {}", waiver.owner, waiver.reason)?;
    }
    for side in row.about.iter().chain(&row.consumer).chain(&row.provider) {
        if let Some(call) = whom_to_call(side) {
            writeln!(out, "{INDENT}{}", colour.paint(Meaning::Faint, call))?;
        }
    }
    if let Some(hint) = &row.hint {
        writeln!(out, "{INDENT}hint: {hint}")?;
    }
    match &row.next {
        Some(next) => writeln!(out, "{INDENT}next: {next}"),
        None => Ok(()),
    }
}

fn write_cause(cause: &Cause, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let states =
        if cause.states.is_empty() { String::new() } else { format!(" (given {})", cause.states.join(", ")) };
    let title = one_line(&format!("{}{states}", cause.interaction), LONGEST);
    writeln!(out, "{INDENT}{}", colour.paint(Meaning::Strong, title))?;
    let findings: Vec<_> = cause.findings.iter().filter(|finding| !finding.derived).collect();
    for finding in findings.iter().take(FINDINGS) {
        writeln!(out, "{INDENT}  {}", one_line(&sentence(finding), LONGEST))?;
    }
    let rest = findings.len().saturating_sub(FINDINGS) + (cause.findings.len() - findings.len());
    if rest > 0 { writeln!(out, "{INDENT}  and {} more", count(rest, "finding")) } else { Ok(()) }
}

fn sentence(finding: &Finding) -> String {
    let path = if finding.path.is_empty() { String::new() } else { format!("{}  ", finding.path) };
    format!("{path}{}  [{}]", finding.message, finding.code.slug())
}

fn whom_to_call(side: &Side) -> Option<String> {
    let known: Vec<&str> = side.team.iter().chain(&side.contact).map(String::as_str).collect();
    (!known.is_empty()).then(|| format!("{}: {}", side.name, known.join(", ")))
}
