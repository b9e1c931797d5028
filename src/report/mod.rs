//! Says what a run has found out, in every format.
//!
//! A format is a function from a [`Report`] to a writer; it opens nothing, asks nothing and decides
//! nothing. All formats carry the same verdicts and the same answer. Secrets are gone before a result
//! is made (see [`crate::redact`]), so nothing here needs to know about them; what came from outside
//! is still untrusted text, and each format escapes it in its own way.

mod block;
#[doc(hidden)]
pub mod check;
mod curl;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod deprecated;
#[doc(hidden)]
pub mod diff;
mod excerpt;
mod fold;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod gate;
#[doc(hidden)]
pub mod github;
#[doc(hidden)]
pub mod html;
#[doc(hidden)]
pub mod json;
pub mod jsonl;
#[doc(hidden)]
pub mod junit;
#[doc(hidden)]
pub mod lint;
#[doc(hidden)]
pub mod live;
#[doc(hidden)]
pub mod markdown;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod removal;
mod shared;
mod style;
#[doc(hidden)]
pub mod terminal;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod usage;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod what_if;
mod words;

use std::io;
use std::io::Write;

#[doc(hidden)]
pub use self::block::write as write_failure;
#[doc(hidden)]
pub use self::curl::command as curl;
pub use self::fold::{fold, note};
pub use self::style::Colour;
use crate::outcome::Report;

/// A format in which a report can be written from its value alone.
///
/// The event log is not among them: it is written from the events, by [`jsonl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people, at a terminal or in a log.
    Terminal(Colour),
    /// For programs.
    Json,
    /// For continuous integration servers.
    Junit,
    /// Workflow commands that GitHub shows beside the changed lines.
    Github,
    /// A comment on a pull request or a job summary.
    Markdown,
    /// One page for a browser.
    Html,
}

/// Writes a report.
///
/// # Errors
/// What the writer answers; nothing else can fail.
pub fn write(report: &Report, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal(colour) => terminal::write(report, colour, out),
        Format::Json => json::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Github => github::write(report, out),
        Format::Markdown => markdown::write(report, out),
        Format::Html => html::write(report, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;
    use crate::finding::{Code, Finding, Location, Place};
    use crate::outcome::{
        Answer, Earlier, InteractionResult, PactInfo, RunInfo, SharedInfo, SkipReason, Verdict, Waiver,
    };

    /// One run with every verdict, every kind of section and characters that formats stumble over.
    fn sample() -> Report {
        fold(
            jsonl::read(include_str!("../../tests/fixtures/report/sample.jsonl"))
                .expect("the sample can be read"),
        )
    }

    fn empty() -> Report {
        let mut run = sample().run;
        run.pacts.clear();
        run.planned = 0;
        fold([
            Event::RunStarted(run),
            Event::RunFinished { duration_ms: 3, judged: crate::outcome::Judged::default() },
        ])
    }

    fn load_failure() -> Report {
        let at = Location { file: "pacts/support-faq.json".to_owned(), line: 12, column: 3 };
        let finding = Finding::new(Code::InvalidJson, Place::Pact, "a comma is missing").with_location(at);
        let run = RunInfo { pacts: Vec::new(), planned: 0, ..sample().run };
        fold([
            Event::RunStarted(run),
            Event::Noted(finding),
            Event::RunFinished { duration_ms: 3, judged: crate::outcome::Judged::default() },
        ])
    }

    fn formats() -> [(&'static str, Format); 6] {
        [
            ("terminal", Format::Terminal(Colour::Never)),
            ("json", Format::Json),
            ("junit", Format::Junit),
            ("github", Format::Github),
            ("markdown", Format::Markdown),
            ("html", Format::Html),
        ]
    }

    fn written(report: &Report, format: Format) -> String {
        let mut out = Vec::new();
        write(report, format, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("every format is text")
    }

    #[test]
    fn every_format_renders_the_sample() {
        for (name, format) in formats() {
            insta::assert_snapshot!(name, written(&sample(), format));
        }
    }

    #[test]
    fn every_format_says_why_a_shared_pact_was_chosen_and_what_was_verified_before() {
        let earlier = || Earlier { fact: "01KAW3D0V8".to_owned(), at: "2026-05-03T10:00:00Z".to_owned() };
        let Report { mut run, mut interactions, .. } = sample();
        run.shared = Some(SharedInfo {
            store: "../contracts".to_owned(),
            provider_version: Some("2.0".to_owned()),
            dirty: true,
            provider_branch: Some("main".to_owned()),
            selected: vec!["head of the main branch".to_owned()],
            by_default: false,
        });
        run.planned = 0;
        run.pacts.truncate(1);
        run.pacts[0].why = vec!["head of the main branch".to_owned(), "0.9: deployed in <x>".to_owned()];
        run.pacts[0].pending = true;
        let settled = PactInfo { already: Some(earlier()), interactions: 7, ..run.pacts[0].clone() };
        run.pacts.push(PactInfo { consumer: "support".to_owned(), ..settled });
        let waiver = Waiver {
            fact: "01KAW3D0V9".to_owned(),
            reason: "v1 is switched off <for partners>".to_owned(),
            owner: "Ada".to_owned(),
            expires: "2026-07-31".to_owned(),
        };
        let accepted = PactInfo { pending: false, waived: Some(waiver.clone()), ..run.pacts[0].clone() };
        run.pacts.push(PactInfo { consumer: "billing".to_owned(), ..accepted });
        let is_failed = |result: &InteractionResult| result.verdict == Verdict::Failed;
        let mut broken = interactions.iter().find(|result| is_failed(result)).expect("one is broken").clone();
        broken.index = 1;
        broken.verdict = Verdict::Pending;
        broken.waived = Some(waiver);
        let mut result = interactions.swap_remove(0);
        result.verdict = Verdict::Skipped;
        result.skipped = Some(SkipReason::AlreadyVerified);
        result.already = Some(earlier());
        let report = fold([
            Event::RunStarted(run),
            Event::InteractionFinished(result),
            Event::InteractionFinished(broken),
            Event::RunFinished { duration_ms: 3, judged: crate::outcome::Judged::default() },
        ]);
        assert_eq!(report.answer, Answer::Yes);
        let mut live = Vec::new();
        live::Live::new(Colour::Never)
            .write(&Event::RunStarted(report.run.clone()), &mut live)
            .expect("a vector takes everything");
        insta::assert_snapshot!(String::from_utf8(live).expect("text"));
        for (name, format) in formats()
            .into_iter()
            .filter(|(name, _)| matches!(*name, "terminal" | "junit" | "github" | "markdown"))
        {
            insta::assert_snapshot!(format!("shared_{name}"), written(&report, format));
        }
        let html = written(&report, Format::Html);
        assert!(
            html.contains("already verified by 01KAW3D0V8")
                && html.contains("0.9: deployed in &#60;x&#62;")
                && html.contains("waived until 2026-07-31 by Ada: v1 is switched off &#60;for partners&#62;")
        );
    }

    #[test]
    fn a_run_without_interactions_says_so_in_every_format() {
        assert_eq!(empty().answer, Answer::CouldNotFindOut);
        for (name, format) in formats() {
            let text = written(&empty(), format);
            assert!(text.contains("nothing was verified") || text.contains("could-not-find-out"), "{name}");
            assert!(text.contains("nothing-verified") || name == "junit", "{name}");
        }
        insta::assert_snapshot!(written(&empty(), Format::Terminal(Colour::Never)), @"
        error[nothing-verified]: there was no interaction to verify

        Verified 0 of 0 interactions in 0 pacts
        0 passed in 0.003s
        Answer: could not find out, nothing was verified
        ");
    }

    #[test]
    fn pitfall_26_a_pact_that_cannot_be_read_is_named_in_every_format() {
        assert_eq!(load_failure().answer, Answer::AskedWrongly);
        for (name, format) in formats() {
            let text = written(&load_failure(), format);
            assert!(text.contains("invalid-json") && text.contains("pacts/support-faq.json"), "{name}");
        }
    }

    #[test]
    fn pitfall_26_different_causes_are_told_in_different_words() {
        let codes = [Code::ConnectionRefused, Code::RequestTimedOut, Code::TlsFailed, Code::UnknownHost];
        let told = codes.map(|code| {
            let mut report = sample();
            report.interactions[5].findings = vec![Finding::new(code, Place::Provider, "no answer")];
            written(&report, Format::Terminal(Colour::Never))
        });
        for (position, text) in told.iter().enumerate() {
            assert!(text.contains(codes[position].summary()) && text.contains(codes[position].slug()));
            assert!(!told[..position].contains(text));
        }
    }

    #[test]
    fn pitfall_28_a_load_failure_is_an_error_in_junit_and_never_an_empty_success() {
        insta::assert_snapshot!(written(&load_failure(), Format::Junit), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="pactwright" tests="1" skipped="0" failures="0" errors="1" timestamp="2026-05-04T08:30:00.000+00:00" time="0.003">
            <testsuite name="pactwright" tests="1" skipped="0" errors="1" failures="0" time="0.000">
                <properties>
                    <property name="provider" value="faq"/>
                    <property name="answer" value="asked-wrongly"/>
                </properties>
                <testcase name="invalid-json (pacts/support-faq.json:12:3)" classname="pactwright">
                    <error message="a comma is missing" type="invalid-json"/>
                </testcase>
            </testsuite>
        </testsuites>
        "#);
        let mut silent = empty();
        silent.findings.clear();
        assert!(written(&silent, Format::Junit).contains("errors=\"1\""));
    }

    #[test]
    fn pitfall_27_the_order_and_the_difference_do_not_depend_on_the_order_of_findings() {
        let mut events =
            jsonl::read(include_str!("../../tests/fixtures/report/sample.jsonl")).expect("the sample");
        for event in &mut events {
            if let Event::InteractionFinished(result) = event {
                result.findings.reverse();
            }
        }
        let (first, last) = (5, events.len() - 1);
        events[first..last].reverse();
        let shuffled = fold(events);
        for (name, format) in formats() {
            assert_eq!(written(&shuffled, format), written(&sample(), format), "{name}");
        }
        assert!(
            written(&sample(), Format::Terminal(Colour::Never))
                .contains("    +   \"source\": \"ticket 17\",")
        );
    }

    #[test]
    fn pitfall_27_colour_adds_escapes_and_changes_no_other_character() {
        let coloured = written(&sample(), Format::Terminal(Colour::Always));
        let plain = written(&sample(), Format::Terminal(Colour::Never));
        assert!(coloured.contains('\u{1b}') && !plain.contains('\u{1b}'));
        let mut without = String::new();
        let mut parts = coloured.split('\u{1b}');
        without.push_str(parts.next().unwrap_or_default());
        parts.for_each(|part| without.push_str(part.split_once('m').map_or("", |(_, text)| text)));
        assert_eq!(without, plain);
    }

    #[test]
    fn no_format_lets_markup_through() {
        let html = written(&sample(), Format::Html);
        assert_eq!((html.matches("<script>").count(), html.matches("</script>").count()), (1, 1));
        assert!(!html.contains("<img") && !html.contains("href=\"javascript:"));
        let markdown = written(&sample(), Format::Markdown);
        let outside: String = markdown.split("```").step_by(2).collect();
        assert!(!outside.contains("<img") && !outside.contains("@faq-team"));
        let github = written(&sample(), Format::Github);
        assert!(github.lines().all(|line| line.starts_with("::")), "{github}");
    }
}
