//! The report as a comment on a pull request or as a job summary.
//!
//! It never grows beyond what a comment may hold, and says so when something did not fit. Text from
//! outside is escaped, and stands between code marks where it could call somebody. Writing to a string
//! cannot fail, so those results are dropped.

use std::fmt::Write as _;
use std::io;
use std::io::Write;

use super::block;
use super::excerpt::one_line;
use super::shared;
use super::style::Colour;
use super::words;
use crate::finding::{Finding, Weight};
use crate::outcome::{Answer, Counts, InteractionResult, Report, SecondOpinion, Verdict};

/// Bytes that are written at most. GitHub takes 65,536 characters.
const LIMIT: usize = 60_000;
/// Bytes of one interaction's details.
const DETAILS: usize = 8_000;
/// Rows of a table or a list.
const ROWS: usize = 50;

/// Writes the report as GitHub's Markdown.
///
/// # Errors
/// What the writer answers.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut text = head(report);
    let sections = sections(report);
    let tail = tail(report);
    for (position, section) in sections.iter().enumerate() {
        if text.len() + section.len() + tail.len() + 200 > LIMIT {
            let left = sections.len() - position;
            let verb = if left == 1 { "does" } else { "do" };
            let more = words::count(left, "more section");
            let told = "not fit into a comment; the other reports have everything";
            let _ = writeln!(text, "\n**Cut here:** {more} {verb} {told}.");
            break;
        }
        text.push_str(section);
    }
    text.push_str(&tail);
    out.write_all(text.as_bytes())
}

fn head(report: &Report) -> String {
    let mark = match report.answer {
        Answer::Yes => "✅",
        Answer::No => "❌",
        Answer::AskedWrongly | Answer::CouldNotFindOut => "⚠️",
    };
    // An invisible space behind the sign: nobody is called by a heading.
    let answer = escaped(&words::answer(report)).replace("&#64;", "&#64;&#8203;");
    let mut text = format!("### {mark} Answer: {answer}\n\n{}.\n", words::verified(report));
    if let Some(opinions) = words::opinions(report) {
        let _ = writeln!(text, "{opinions}.");
    }
    if let Some(selected) = shared::selected(&report.run) {
        let _ = writeln!(text, "{}.", code(&selected));
    }
    let consumers = consumers(report);
    if consumers.is_empty() {
        return text;
    }
    text.push_str(
        "\n| Consumer | Passed | Failed | Error | Pending | Skipped |\n|:--|--:|--:|--:|--:|--:|\n",
    );
    for (consumer, counts) in consumers.iter().take(ROWS) {
        push_row(&mut text, &code(&one_line(consumer, 80)), counts);
    }
    if consumers.len() > ROWS {
        push_row(&mut text, &format!("**all {} consumers**", consumers.len()), &report.counts);
    } else if consumers.len() > 1 {
        push_row(&mut text, "**all**", &report.counts);
    }
    text
}

fn push_row(text: &mut String, name: &str, counts: &Counts) {
    let flaky = if counts.flaky > 0 { format!(" ({} flaky)", counts.flaky) } else { String::new() };
    let Counts { passed, failed, errors, pending, skipped, .. } = counts;
    let _ = writeln!(text, "| {name} | {passed}{flaky} | {failed} | {errors} | {pending} | {skipped} |");
}

fn consumers(report: &Report) -> Vec<(&str, Counts)> {
    let mut names: Vec<_> = report.interactions.iter().map(|result| result.consumer.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let of = |name: &str| {
        let results = report.interactions.iter().filter(|result| result.consumer == name);
        Counts::of(&results.cloned().collect::<Vec<_>>())
    };
    names.into_iter().map(|name| (name, of(name))).collect()
}

/// What may be cut, most important first. Each is bounded by itself.
fn sections(report: &Report) -> Vec<String> {
    let having = |verdict| report.interactions.iter().filter(move |result| result.verdict == verdict);
    let (warnings, serious): (Vec<_>, Vec<_>) =
        report.findings.iter().partition(|finding| finding.weight() == Weight::Warning);
    let broken = having(Verdict::Failed).chain(having(Verdict::Error));
    let pacts = shared::pacts(&report.run);
    let mut sections: Vec<String> = Vec::new();
    sections.extend(list("Problems of the run", serious.into_iter().map(line)));
    sections.extend(broken.map(|result| details(report, result)));
    let disputed = report
        .interactions
        .iter()
        .filter(|result| result.second_opinion.as_ref().is_some_and(SecondOpinion::differs));
    sections.extend(list("The pacts, and why they were chosen", pacts.iter().map(|pact| code(pact))));
    sections.extend(list("The reference verifier differs", disputed.map(disagreement)));
    sections.extend(list("Warnings", warnings.into_iter().map(line)));
    let noted = having(Verdict::Passed).filter(|result| !result.findings.is_empty());
    sections.extend(list("Noted about interactions that passed", noted.map(item)));
    sections.extend(list("Flaky", report.interactions.iter().filter(|result| result.flaky).map(item)));
    sections.extend(list("Pending or waived, which fails no run", having(Verdict::Pending).map(item)));
    sections
}

fn list(heading: &str, items: impl Iterator<Item = String>) -> Option<String> {
    let items: Vec<_> = items.collect();
    if items.is_empty() {
        return None;
    }
    let more = items.len().saturating_sub(ROWS);
    let mut text = format!("\n**{heading}**\n\n");
    for item in items.iter().take(ROWS) {
        let _ = writeln!(text, "- {item}");
    }
    if more > 0 {
        let _ = writeln!(text, "- … and {more} more");
    }
    Some(text)
}

fn line(finding: &Finding) -> String {
    let place =
        finding.location.as_ref().map_or_else(String::new, |at| format!(" ({})", code(&at.to_string())));
    format!("`{}` {}{place}", finding.code, code(&block::sentence(finding)))
}

fn item(result: &InteractionResult) -> String {
    let (causes, _) = block::causes(&result.findings);
    let first = causes.first().map_or_else(String::new, |first| format!(" `{}`", first.code));
    let waived =
        result.waiver().map_or_else(String::new, |waiver| format!(": {}", code(&words::waived(waiver))));
    format!("{}{first}{waived}", code(&words::title(result)))
}

fn disagreement(result: &InteractionResult) -> String {
    let opinion = result.second_opinion.as_ref().map_or_else(String::new, block::opinion);
    format!(
        "{}: here {}, reference {}",
        code(&words::title(result)),
        words::verdict(result.verdict),
        code(&opinion)
    )
}

fn details(report: &Report, result: &InteractionResult) -> String {
    let mut block = Vec::new();
    // A vector takes everything.
    let _ = block::write(&report.run, result, Colour::Never, &mut block);
    let block = shortened(&String::from_utf8_lossy(&block));
    let fence = "`".repeat(longest_run(&block, '`').max(2) + 1);
    let summary = format!("<b>{}</b> {}", words::label(result).0, code(&words::title(result)));
    format!("\n<details><summary>{summary}</summary>\n\n{fence}text\n{block}\n{fence}\n\n</details>\n")
}

fn shortened(block: &str) -> String {
    let block = block.trim_end();
    if block.len() <= DETAILS {
        return block.to_owned();
    }
    let end = (0..=DETAILS).rev().find(|end| block.is_char_boundary(*end)).unwrap_or(0);
    let kept = block[..end].rfind('\n').map_or(end, |line| line);
    format!("{}\n… cut here", &block[..kept])
}

fn tail(report: &Report) -> String {
    let rerun = words::rerun(report)
        .map_or_else(String::new, |command| format!(" Again: {}", code(&one_line(&command, 2000))));
    let counts = format!("{} in {}", words::tally(&report.counts), words::seconds(report.duration_ms));
    format!("\n<sub>{counts}.{rerun}</sub>\n")
}

/// Text from outside as HTML code, in which GitHub looks for no names.
fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// Text from outside in which nothing is markup.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, ' ' | ',' | '.' | '/' | '-' | '(' | ')') || !c.is_ascii()
        {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "&#{};", u32::from(c));
        }
    }
    escaped
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fold;
    use crate::report::jsonl;

    #[test]
    fn a_comment_never_grows_beyond_its_limit_and_says_when_it_was_cut() {
        let events =
            jsonl::read(include_str!("../../tests/fixtures/report/sample.jsonl")).expect("the sample");
        let mut report = fold(events);
        let failure = report.interactions[7].clone();
        report.interactions.extend(std::iter::repeat_n(failure, 300));
        report.interactions[3].findings[0].message = "x".repeat(1_000_000);
        report.interactions[3].description = "`".repeat(1_000_000);
        report.interactions[4].consumer = "*".repeat(1_000_000);
        report.run.command = "&".repeat(1_000_000);
        let mut out = Vec::new();
        write(&report, &mut out).expect("a vector takes everything");
        let text = String::from_utf8(out).expect("text");
        assert!(text.len() <= LIMIT, "{}", text.len());
        assert!(text.contains("do not fit into a comment"));
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    }
}
