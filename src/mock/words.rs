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
    if let Some(remark) = &miss.remark {
        let _ = writeln!(text, "  {remark}");
    }
    if let Some(problem) = &miss.problem {
        let _ = writeln!(text, "  {}", difference(problem));
    }
    match &miss.nearest {
        Some((expectation, near)) => {
            let interaction = expectation.interaction();
            let place = miss.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
            let _ = writeln!(text, "nearest expectation: \"{}\"{place}", interaction.description);
            for finding in &near.findings {
                let _ = writeln!(text, "  {}", difference(finding));
            }
            for shown in &near.diff {
                let _ = writeln!(text, "    {}", diff_line(shown));
            }
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
pub(crate) fn difference(finding: &Finding) -> String {
    let place = match finding.place {
        Place::Header => format!("header {}", finding.path),
        Place::Body => format!("body {}", finding.path),
        Place::Metadata => format!("metadata {}", finding.path),
        _ => finding.path.clone(),
    };
    let place = if place.is_empty() { place } else { format!("{}: ", place.trim_end()) };
    let values = match (&finding.expected, &finding.actual) {
        (Some(expected), Some(actual)) if !finding.message.contains(actual.as_str()) => {
            format!(" (expected {expected}, received {actual})")
        }
        _ => String::new(),
    };
    format!("{place}{}{values} [{}]", finding.message, finding.code)
}

/// A line of a diff, with the sign of its side.
pub(crate) fn diff_line(shown: &DiffLine) -> String {
    let sign = match shown.side {
        Side::Expected => '-',
        Side::Received => '+',
        Side::Both | Side::Gap => ' ',
    };
    let note = shown.note.as_deref().map(|note| format!("   ({note})")).unwrap_or_default();
    format!("{sign} {}{note}", shown.text)
}
