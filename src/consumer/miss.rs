//! What was asked that nobody expected, explained to the author of the test.

use std::fmt::Write as _;
use std::sync::Arc;

use super::expectation::Expectation;
use crate::mock::{Incoming, Miss, diff_line, difference};

/// The longest body that is shown, in characters.
const LONGEST_BODY: usize = 2_000;

/// The request, the nearest expectation with what differs, and what was received.
pub(super) fn explained(miss: &Miss, expectations: &[Expectation]) -> String {
    let mut text = format!("unexpected request: {} {}\n", miss.request.method, miss.request.target());
    if let Some(problem) = &miss.problem {
        line(&mut text, 2, &difference(problem));
    }
    if let Some((near, differences)) = &miss.nearest {
        let known = expectations.iter().find(|one| Arc::ptr_eq(&one.contract, &near.contract));
        let named = known.map_or_else(|| near.interaction().description.clone(), Expectation::named);
        line(&mut text, 2, &format!("nearest expectation: {named}"));
        differences.findings.iter().for_each(|finding| line(&mut text, 4, &difference(finding)));
        differences.diff.iter().for_each(|shown| line(&mut text, 4, &diff_line(shown)));
    } else {
        line(&mut text, 2, "no expectation is near it; these are expected:");
        miss.expected.iter().for_each(|expected| line(&mut text, 4, expected));
    }
    received(&mut text, &miss.request);
    text
}

fn received(text: &mut String, request: &Incoming) {
    line(text, 2, &format!("received: {} {}", request.method, request.target()));
    request.headers.iter().for_each(|(name, value)| line(text, 4, &format!("{name}: {value}")));
    if request.body.is_empty() {
        return;
    }
    text.push('\n');
    match std::str::from_utf8(&request.body) {
        Ok(body) => {
            let shown: String = body.chars().take(LONGEST_BODY).collect();
            shown.lines().for_each(|shown| line(text, 4, shown));
            if shown.len() < body.len() {
                line(text, 4, &format!("… {} bytes in all", body.len()));
            }
        }
        Err(_) => line(text, 4, &format!("{} bytes that are no text", request.body.len())),
    }
}

fn line(text: &mut String, indent: usize, shown: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{:indent$}{shown}", "");
}
