//! What a client is told that asked for something nobody expects, and what people read afterwards.

use std::fmt::Write as _;

use super::outcome::Miss;
use crate::finding::{Finding, Place};
use crate::outcome::{DiffLine, Side};

/// How many expectations are listed when none is near.
const LISTED: usize = 10;

/// A miss in plain text: what was asked, the nearest expectation and what differs.
#[must_use]
pub fn explained(miss: &Miss) -> String {
    let mut text = String::new();
    let request = &miss.request;
    // Writing to a string cannot fail.
    let _ = writeln!(text, "unexpected request: {} {}", request.method, request.target());
    if let Some(problem) = &miss.problem {
        let _ = writeln!(text, "  {} [{}]", problem.message, problem.code);
    }
    match &miss.nearest {
        Some((expectation, near)) => {
            let interaction = expectation.interaction();
            let place = miss.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
            let _ = writeln!(text, "nearest expectation: \"{}\"{place}", interaction.description);
            for finding in &near.findings {
                let _ = writeln!(text, "  {}", line(finding));
            }
            near.diff.iter().for_each(|line| diff_line(&mut text, line));
        }
        None if miss.problem.is_some() => {}
        None if miss.expected.is_empty() => text.push_str("nothing is expected here\n"),
        None => {
            text.push_str("no expectation is near it; these are expected:\n");
            for line in miss.expected.iter().take(LISTED) {
                let _ = writeln!(text, "  {line}");
            }
            if let Some(more) = miss.expected.len().checked_sub(LISTED).filter(|more| *more > 0) {
                let _ = writeln!(text, "  and {more} more");
            }
        }
    }
    text
}

/// A difference in a line: where it is, what it is, and its code.
fn line(finding: &Finding) -> String {
    let place = match finding.place {
        Place::Header => format!("header {}", finding.path),
        Place::Body => format!("body {}", finding.path),
        _ => finding.path.clone(),
    };
    format!("{}: {} [{}]", place.trim_end(), finding.message, finding.code)
}

fn diff_line(text: &mut String, line: &DiffLine) {
    let sign = match line.side {
        Side::Expected => '-',
        Side::Received => '+',
        Side::Both | Side::Gap => ' ',
    };
    let note = line.note.as_deref().map(|note| format!("   ({note})")).unwrap_or_default();
    let _ = writeln!(text, "    {sign} {}{note}", line.text);
}
