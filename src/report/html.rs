//! The report as one page for a browser: no other file, nothing from the network.
//!
//! Every value is escaped by the template. The script only filters what is already there, so the page
//! says the same without it.

use std::io;
use std::io::Write;

use askama::Template;

use super::block;
use super::curl;
use super::excerpt;
use super::excerpt::one_line;
use super::shared;
use super::words;
use crate::finding::{Finding, Weight};
use crate::outcome::{DiffLine, InteractionResult, Payload, Report, RunInfo, SecondOpinion, Side, Verdict};

/// Writes the report as an HTML page.
///
/// # Errors
/// What the writer answers.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let page = page(report).render().map_err(io::Error::other)?;
    out.write_all(page.as_bytes())?;
    writeln!(out)
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    run: &'a RunInfo,
    answer_word: &'static str,
    answer: String,
    verified: String,
    duration: String,
    tiles: Vec<(&'static str, usize)>,
    consumers: Vec<String>,
    problems: Vec<Problem>,
    selected: Option<String>,
    pacts: Vec<String>,
    results: Vec<Card>,
    rerun: Option<String>,
}

/// One finding.
struct Problem {
    code: &'static str,
    class: &'static str,
    summary: &'static str,
    sentence: String,
    values: Option<String>,
    /// What a process, a state handler or an endpoint said, line by line.
    said: Option<String>,
    help: Option<String>,
    location: Option<String>,
}

/// One interaction.
struct Card {
    verdict: &'static str,
    label: &'static str,
    consumer: String,
    subject: String,
    duration: String,
    facts: Vec<(&'static str, String)>,
    /// The address of the consumer's code, and whether a browser may follow it.
    repository: Option<(bool, String)>,
    summary: Option<&'static str>,
    groups: Vec<(String, Vec<Problem>)>,
    folded: Option<String>,
    difference: Vec<Line>,
    messages: Vec<Message>,
    commands: Vec<(&'static str, String)>,
    open: bool,
}

/// One line of a difference.
struct Line {
    class: &'static str,
    sign: &'static str,
    text: String,
    note: Option<String>,
}

/// A request or an answer.
struct Message {
    name: &'static str,
    title: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

fn page(report: &Report) -> Page<'_> {
    let mut consumers: Vec<_> =
        report.interactions.iter().map(|result| one_line(&result.consumer, 80)).collect();
    consumers.sort_unstable();
    consumers.dedup();
    let mut results: Vec<_> = report.interactions.iter().collect();
    // What needs attention comes first; within one verdict the plan decides.
    results.sort_by_key(|result| (rank(result.verdict), !result.flaky && !is_disputed(result)));
    let counts = &report.counts;
    Page {
        run: &report.run,
        answer_word: words::answer_word(report.answer),
        answer: words::answer(report),
        verified: [Some(words::verified(report)), words::opinions(report)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(". "),
        duration: words::seconds(report.duration_ms),
        tiles: vec![
            ("failed", counts.failed),
            ("error", counts.errors),
            ("pending", counts.pending),
            ("passed", counts.passed),
            ("skipped", counts.skipped),
        ],
        consumers,
        problems: report.findings.iter().map(problem).collect(),
        selected: shared::selected(&report.run),
        pacts: shared::pacts(&report.run),
        results: results.into_iter().map(|result| card(&report.run, result)).collect(),
        rerun: words::rerun(report),
    }
}

fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Failed => 0,
        Verdict::Error => 1,
        Verdict::Pending => 2,
        Verdict::Passed => 3,
        Verdict::Skipped => 4,
    }
}

fn is_disputed(result: &InteractionResult) -> bool {
    result.second_opinion.as_ref().is_some_and(SecondOpinion::differs)
}

fn problem(finding: &Finding) -> Problem {
    let speech = block::speech(finding);
    Problem {
        code: finding.code.slug(),
        class: match finding.weight() {
            Weight::Warning => "pending",
            Weight::Defect | Weight::Broken => "failed",
            Weight::Error => "error",
        },
        summary: finding.code.summary(),
        sentence: block::sentence(finding),
        values: block::values(finding).filter(|_| speech.is_empty()),
        said: (!speech.is_empty()).then(|| speech.join("\n")),
        help: finding.help.as_ref().map(|help| one_line(help, 300)),
        location: finding.location.as_ref().map(|at| one_line(&at.to_string(), 400)),
    }
}

fn card(run: &RunInfo, result: &InteractionResult) -> Card {
    let (causes, derived) = block::causes(&result.findings);
    Card {
        verdict: words::verdict(result.verdict),
        label: words::label(result).0,
        consumer: one_line(&result.consumer, 80),
        subject: words::subject(result),
        duration: words::seconds(result.duration_ms),
        facts: facts(result),
        repository: words::repository(result).map(|address| (is_web(&address), address)),
        summary: causes.first().map(|first| first.code.summary()),
        groups: groups(&causes),
        folded: (derived > 0).then(|| block::folded(derived)),
        difference: result.diff.iter().map(line).collect(),
        messages: messages(result),
        commands: commands(run, result, causes.first()),
        open: matches!(result.verdict, Verdict::Failed | Verdict::Error),
    }
}

fn facts(result: &InteractionResult) -> Vec<(&'static str, String)> {
    let mut facts =
        vec![("pact", one_line(&result.location.to_string(), 400)), ("consumer", words::consumer(result))];
    facts.extend(words::owner(result).map(|owner| ("ask", owner)));
    facts.extend(result.waiver().map(|waiver| ("accepted", words::waived(waiver))));
    let with_params = result.states.iter().filter(|state| !state.params.is_empty());
    facts.extend(with_params.map(|state| ("given", words::state(state))));
    facts.extend(result.skipped.map(|reason| match &result.already {
        Some(earlier) => ("skipped", shared::by(earlier)),
        None => ("skipped", words::because(reason, 1).to_owned()),
    }));
    if result.attempts > 1 {
        facts.push(("tried", format!("{} times", result.attempts)));
    }
    facts.extend(
        result
            .same_as
            .as_ref()
            .map(|key| ("replayed", format!("once, together with {}", one_line(key, 120)))),
    );
    if let Some(second) = &result.second_opinion {
        facts.push(("reference", block::opinion(second)));
        facts.extend(second.mismatches.iter().map(|mismatch| ("it says", one_line(mismatch, 300))));
    }
    facts
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

fn groups(causes: &[&Finding]) -> Vec<(String, Vec<Problem>)> {
    let mut groups: Vec<(String, Vec<Problem>)> = Vec::new();
    for finding in causes {
        let heading = block::group(finding.place, causes);
        match groups.last_mut() {
            Some((last, problems)) if *last == heading => problems.push(problem(finding)),
            _ => groups.push((heading, vec![problem(finding)])),
        }
    }
    groups
}

fn line(line: &DiffLine) -> Line {
    let (class, sign) = match line.side {
        Side::Expected => ("expected", "-"),
        Side::Received => ("received", "+"),
        Side::Both => ("both", " "),
        Side::Gap => ("gap", " "),
    };
    let note = line.note.as_ref().map(|note| one_line(note, 120));
    Line { class, sign, text: one_line(&line.text, 200), note }
}

fn messages(result: &InteractionResult) -> Vec<Message> {
    let sent = result.request.as_ref().map(|sent| Message {
        name: "Sent",
        title: format!("{} {}", one_line(&sent.method, 40), one_line(&sent.url, 2000)),
        headers: headers(&sent.headers),
        body: body(sent.body.as_ref()),
    });
    let received = result.response.as_ref().map(|received| Message {
        name: "Received",
        title: block::status(received.status),
        headers: headers(&received.headers),
        body: body(received.body.as_ref()),
    });
    sent.into_iter().chain(received).collect()
}

fn headers(headers: &[(String, String)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (one_line(name, 80), one_line(value, 400))).collect()
}

fn body(payload: Option<&Payload>) -> Option<String> {
    payload.map(|payload| excerpt::body(payload).join("\n")).filter(|text| !text.is_empty())
}

fn commands(
    run: &RunInfo,
    result: &InteractionResult,
    first: Option<&&Finding>,
) -> Vec<(&'static str, String)> {
    let mut commands = Vec::new();
    if result.verdict == Verdict::Skipped {
        return commands;
    }
    commands.extend(result.request.as_ref().map(|sent| ("by hand", curl::command(sent))));
    commands.push(("again", block::rerun(run, result)));
    commands.extend(first.map(|first| ("more", format!("pactwright explain {}", first.code))));
    commands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{fold, jsonl};

    #[test]
    fn the_page_loads_nothing_and_leads_only_to_addresses_of_the_web() {
        let log = include_str!("../../tests/fixtures/report/sample.jsonl");
        let mut out = Vec::new();
        write(&fold(jsonl::read(log).expect("the sample can be read")), &mut out)
            .expect("a vector takes everything");
        let page = String::from_utf8(out).expect("text");
        for loading in ["<link", "src=\"", "@import", "url(", "<iframe", "<base"] {
            assert!(!page.contains(loading), "{loading}");
        }
        let links: Vec<_> = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(links, ["https://git.example.com/support"]);
    }
}
