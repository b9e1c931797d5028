//! All that is known about one interaction that did not hold, for people.
//!
//! What is wrong comes first, then where it is written and whom to ask, then the proof: the
//! difference, the request and the answer. The last lines can be pasted into a shell.

use std::io;
use std::io::Write;

use super::curl;
use super::excerpt;
use super::excerpt::{last_lines, one_line};
use super::style::{Colour, Meaning};
use super::words;
use crate::finding::{Finding, Place, Weight};
use crate::outcome::{DiffLine, InteractionResult, Payload, RunInfo, SecondOpinion, Side};

/// Findings of one interaction that are shown.
const FINDINGS: usize = 20;
/// Lines of a difference that are shown.
const DIFF_LINES: usize = 60;
/// Characters of a value that are shown.
const VALUE: usize = 120;
/// The width up to which a command stays on one line.
const COMMAND: usize = 86;

/// Writes the block of one interaction.
///
/// # Errors
/// What the writer answers.
pub fn write(
    run: &RunInfo,
    result: &InteractionResult,
    colour: Colour,
    out: &mut dyn Write,
) -> io::Result<()> {
    heading(result, colour, out)?;
    facts(result, colour, out)?;
    findings(&result.findings, colour, out)?;
    difference(&result.diff, colour, out)?;
    exchange(result, colour, out)?;
    commands(run, result, colour, out)
}

/// What stands for a finding in one line: where it is and what is wrong.
pub(super) fn sentence(finding: &Finding) -> String {
    let message = one_line(&finding.message, 300);
    if finding.path.is_empty() || finding.message.contains(&finding.path) {
        message
    } else {
        format!("{}: {message}", one_line(&finding.path, VALUE))
    }
}

/// What was expected and what was found, unless the sentence says it already.
pub(super) fn values(finding: &Finding) -> Option<String> {
    if is_speech(finding) {
        return finding.actual.as_ref().map(|said| format!("it said {}", one_line(said, VALUE)));
    }
    let said = |value: &String| finding.message.contains(value.as_str());
    let mut parts = Vec::new();
    if finding.expected.as_ref().is_some_and(|value| !said(value))
        || finding.actual.as_ref().is_some_and(|value| !said(value))
    {
        parts.extend(finding.expected.iter().map(|value| format!("expected {}", one_line(value, VALUE))));
        parts.extend(finding.actual.iter().map(|value| format!("received {}", one_line(value, VALUE))));
    }
    parts.extend(finding.rule.iter().map(|rule| format!("rule: {}", one_line(rule, VALUE))));
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// True when what was found is what somebody else said: a process, a state handler, an endpoint.
fn is_speech(finding: &Finding) -> bool {
    matches!(finding.place, Place::Provider | Place::State) && finding.weight() == Weight::Error
}

/// What a process, a state handler or an endpoint said about a problem, line by line.
pub(super) fn speech(finding: &Finding) -> Vec<String> {
    let said = finding.actual.as_deref().filter(|_| is_speech(finding)).unwrap_or_default();
    last_lines(said)
}

/// The findings that explain the others, and how many follow from them.
pub(super) fn causes(findings: &[Finding]) -> (Vec<&Finding>, usize) {
    let (derived, mut causes): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.derived);
    if causes.is_empty() {
        return (derived, 0);
    }
    causes.sort_by_key(|finding| finding.weight() == Weight::Warning);
    (causes, derived.len())
}

/// Says how many findings are folded.
pub(super) fn folded(number: usize) -> String {
    let verb = if number == 1 { "follows" } else { "follow" };
    format!("… and {number} more that {verb} from this")
}

/// The part of an interaction as a word.
pub(super) fn place(place: Place) -> &'static str {
    match place {
        Place::Run => "run",
        Place::Pact => "pact",
        Place::Provider => "provider",
        Place::State => "state",
        Place::Request => "request",
        Place::Status => "status",
        Place::Header => "headers",
        Place::Metadata => "metadata",
        Place::Body => "body",
    }
}

fn heading(result: &InteractionResult, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let (label, meaning) = words::label(result);
    write!(out, "{} ", colour.paint(meaning, label))?;
    let (causes, _) = causes(&result.findings);
    if let Some(first) = causes.first() {
        write!(out, "{} ", colour.paint(meaning, format_args!("[{}]", first.code)))?;
    }
    writeln!(out, "{}", colour.paint(Meaning::Strong, words::title(result)))?;
    if let Some(first) = causes.first() {
        writeln!(out, "  {}", first.code.summary())?;
    }
    writeln!(out)
}

fn facts(result: &InteractionResult, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let mut fact = |name: &str, value: &dyn std::fmt::Display| {
        writeln!(out, "  {} {value}", colour.paint(Meaning::Faint, format_args!("{name:<9}")))
    };
    fact("pact", &colour.paint(Meaning::Path, one_line(&result.location.to_string(), 400)))?;
    fact("consumer", &words::consumer(result))?;
    if let Some(owner) = words::owner(result) {
        fact("ask", &owner)?;
    }
    if let Some(repository) = words::repository(result) {
        fact("code", &repository)?;
    }
    for state in result.states.iter().filter(|state| !state.params.is_empty()) {
        fact("given", &words::state(state))?;
    }
    if result.attempts > 1 {
        fact("tried", &format_args!("{} times", result.attempts))?;
    }
    if let Some(other) = &result.same_as {
        fact("replayed", &format_args!("once, together with {}", one_line(other, VALUE)))?;
    }
    if let Some(second) = &result.second_opinion {
        fact("reference", &opinion(second))?;
    }
    writeln!(out)
}

/// What the reference verifier says, in a few words.
pub(super) fn opinion(second: &SecondOpinion) -> String {
    if let Some(why) = &second.not_asked {
        return format!("not asked: {}", one_line(why, VALUE));
    }
    let verdict = words::verdict(second.verdict);
    match (&second.explained_by, second.agrees) {
        (_, true) => format!("{verdict}, agrees"),
        (Some(reason), false) => format!("{verdict}, differs: {}", one_line(reason, VALUE)),
        (None, false) => format!("{verdict}, differs for no reason that is known"),
    }
}

fn findings(findings: &[Finding], colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let (causes, derived) = causes(findings);
    let shown = &causes[..causes.len().min(FINDINGS)];
    let width = shown.iter().map(|finding| finding.code.slug().len()).max().unwrap_or(0);
    let mut last = None;
    for finding in shown {
        if last != Some(finding.place) {
            last = Some(finding.place);
            writeln!(out, "  {}", colour.paint(Meaning::Strong, group(finding.place, &causes)))?;
        }
        one_finding(finding, width, colour, out)?;
    }
    if causes.len() > shown.len() {
        writeln!(out, "    … and {} more", causes.len() - shown.len())?;
    }
    if derived > 0 {
        writeln!(out, "    {}", colour.paint(Meaning::Faint, folded(derived)))?;
    }
    if findings.is_empty() { Ok(()) } else { writeln!(out) }
}

/// The heading of the findings in one place: `body: 7 mismatches`.
pub(super) fn group(here: Place, findings: &[&Finding]) -> String {
    let findings: Vec<_> = findings.iter().filter(|finding| finding.place == here).collect();
    let broken = findings.iter().all(|finding| finding.weight() == Weight::Broken);
    let noun = if broken { "mismatch" } else { "problem" };
    format!("{}: {}", place(here), words::count(findings.len(), noun))
}

fn one_finding(finding: &Finding, width: usize, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let code = finding.code.slug();
    let meaning = match finding.weight() {
        Weight::Warning => Meaning::Warning,
        Weight::Defect | Weight::Broken => Meaning::Failed,
        Weight::Error => Meaning::Error,
    };
    writeln!(out, "    {}  {}", colour.paint(meaning, format_args!("{code:<width$}")), sentence(finding))?;
    let indent = " ".repeat(width + 6);
    let speech = speech(finding);
    if let Some(values) = values(finding).filter(|_| speech.is_empty()) {
        writeln!(out, "{indent}{values}")?;
    }
    for line in speech {
        writeln!(out, "{indent}{} {line}", colour.paint(Meaning::Faint, "|"))?;
    }
    if let Some(help) = &finding.help {
        writeln!(out, "{indent}help: {}", one_line(help, 300))?;
    }
    if let Some(location) = &finding.location {
        writeln!(out, "{indent}{}", colour.paint(Meaning::Path, one_line(&location.to_string(), 400)))?;
    }
    Ok(())
}

fn difference(lines: &[DiffLine], colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let legend = colour.paint(Meaning::Faint, "(- the contract, + the answer)");
    writeln!(out, "  {} {legend}", colour.paint(Meaning::Strong, "difference"))?;
    for line in lines.iter().take(DIFF_LINES) {
        let text = one_line(&line.text, 160);
        match line.side {
            Side::Expected => {
                write!(out, "    {}", colour.paint(Meaning::Expected, format_args!("- {text}")))?;
            }
            Side::Received => {
                write!(out, "    {}", colour.paint(Meaning::Received, format_args!("+ {text}")))?;
            }
            Side::Both => write!(out, "      {text}")?,
            Side::Gap => write!(out, "    {}", colour.paint(Meaning::Faint, gap(&text)))?,
        }
        if let Some(note) = &line.note {
            write!(out, "  {}", colour.paint(Meaning::Faint, format_args!("<- {}", one_line(note, VALUE))))?;
        }
        writeln!(out)?;
    }
    if lines.len() > DIFF_LINES {
        writeln!(out, "    … {} more", words::count(lines.len() - DIFF_LINES, "line"))?;
    }
    writeln!(out)
}

fn gap(text: &str) -> String {
    if text.is_empty() { "  …".to_owned() } else { format!("  {text}") }
}

/// What was sent and what came back, as far as it is known.
pub(super) fn exchange(result: &InteractionResult, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    if let Some(sent) = &result.request {
        let line = format!("{} {}", one_line(&sent.method, 40), one_line(&sent.url, 400));
        writeln!(out, "  {} {line}", colour.paint(Meaning::Strong, "sent    "))?;
        message(&sent.headers, sent.body.as_ref(), colour, out)?;
    }
    if let Some(received) = &result.response {
        writeln!(out, "  {} {}", colour.paint(Meaning::Strong, "received"), status(received.status))?;
        message(&received.headers, received.body.as_ref(), colour, out)?;
    }
    Ok(())
}

/// A status with its usual name.
pub(super) fn status(status: u16) -> String {
    let name = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    name.map_or_else(|| status.to_string(), |name| format!("{status} {name}"))
}

fn message(
    headers: &[(String, String)],
    body: Option<&Payload>,
    colour: Colour,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (name, value) in headers {
        let name = colour.paint(Meaning::Faint, format!("{}:", one_line(name, 80)));
        writeln!(out, "    {name} {}", one_line(value, 200))?;
    }
    let lines = body.map(excerpt::body).unwrap_or_default();
    if !lines.is_empty() && !headers.is_empty() {
        writeln!(out)?;
    }
    for line in lines {
        writeln!(out, "{}", format!("    {line}").trim_end())?;
    }
    writeln!(out)
}

fn commands(
    run: &RunInfo,
    result: &InteractionResult,
    colour: Colour,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = |name: &str| format!("  {}", colour.paint(Meaning::Faint, format!("{name:<8}")));
    if let Some(sent) = &result.request {
        let words: Vec<_> = curl::words(sent);
        let separator = if words.join(" ").chars().count() > COMMAND { " \\\n             " } else { " " };
        writeln!(out, "{} {}", name("by hand"), words.join(separator))?;
    }
    writeln!(out, "{} {}", name("again"), rerun(run, result))?;
    if let Some(first) = causes(&result.findings).0.first() {
        writeln!(out, "{} pactwright explain {}", name("more"), first.code)?;
    }
    writeln!(out)
}

/// The command that runs just this interaction again.
pub(super) fn rerun(run: &RunInfo, result: &InteractionResult) -> String {
    match &run.again {
        Some(again) => again.replace("{key}", &result.key),
        None => format!("{} --interaction {}", run.command, curl::quote(&result.key)),
    }
}
