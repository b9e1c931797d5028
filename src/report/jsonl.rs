//! The event log: one JSON object a line, written while the run goes on, and read again.
//!
//! Each line carries the version of the format. Reading is strict, with one exception: a last line
//! that was cut off counts as never written, because a run that is killed ends its log like that.

use std::io;
use std::io::Write;

use schemars::JsonSchema;
use serde_json::Value;

use crate::event::Event;
use crate::outcome::SCHEMA_VERSION;

/// Why an event log cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A line is not an event.
    #[error("line {line} is not an event of a run")]
    NotAnEvent {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A line has no version or one that this program does not know.
    #[error("line {line} is not written in version {SCHEMA_VERSION} of the event log")]
    OtherVersion {
        /// Counted from 1.
        line: usize,
    },
    /// The first event is not the start of a run, or there is none.
    #[error("the log does not begin with the start of a run")]
    NoStart,
    /// Something follows the end of a run, or a second run begins.
    #[error("line {line} belongs to another run than the lines before it")]
    SecondRun {
        /// Counted from 1.
        line: usize,
    },
}

/// One line of the log, for its schema.
#[derive(JsonSchema)]
#[schemars(title = "Pactwright event")]
#[expect(dead_code, reason = "only its schema is used; a line is written as a value")]
struct Line {
    /// Version of this format.
    schema_version: u32,
    #[serde(flatten)]
    event: Event,
}

/// Writes one event as one line.
///
/// # Errors
/// What the writer answers.
pub fn write(event: &Event, out: &mut dyn Write) -> io::Result<()> {
    let mut value = serde_json::to_value(event)?;
    if let Value::Object(fields) = &mut value {
        fields.shift_insert(0, "schema_version".to_owned(), SCHEMA_VERSION.into());
    }
    writeln!(out, "{value}")
}

/// Reads a whole log.
///
/// # Errors
/// A [`LogError`] for the first line that cannot be understood.
pub fn read(log: &str) -> Result<Vec<Event>, LogError> {
    let mut events: Vec<Event> = Vec::new();
    for (line, text) in (1..).zip(log.split_inclusive('\n')) {
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(_) if !text.ends_with('\n') && !events.is_empty() => break,
            Err(source) => return Err(LogError::NotAnEvent { line, source }),
        };
        if value.get("schema_version").and_then(Value::as_u64) != Some(SCHEMA_VERSION.into()) {
            return Err(LogError::OtherVersion { line });
        }
        let event = serde_json::from_value(value).map_err(|source| LogError::NotAnEvent { line, source })?;
        let starts = matches!(event, Event::RunStarted(_));
        let over = matches!(events.last(), Some(Event::RunFinished { .. }));
        match events.is_empty() {
            true if !starts => return Err(LogError::NoStart),
            false if starts || over => return Err(LogError::SecondRun { line }),
            _ => events.push(event),
        }
    }
    if events.is_empty() { Err(LogError::NoStart) } else { Ok(events) }
}

/// The JSON Schema of one line.
#[must_use]
pub fn schema() -> Value {
    schemars::schema_for!(Line).to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../tests/fixtures/report/sample.jsonl");

    fn written(events: &[Event]) -> String {
        let mut out = Vec::new();
        for event in events {
            write(event, &mut out).expect("a vector takes everything");
        }
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_log_that_was_read_is_written_again_byte_for_byte() {
        assert_eq!(written(&read(SAMPLE).expect("the sample can be read")), SAMPLE);
    }

    #[test]
    fn a_last_line_that_was_cut_off_was_never_written() {
        let events = read(SAMPLE).expect("the sample can be read");
        let cut = &SAMPLE[..SAMPLE.trim_end().len() - 1];
        assert_eq!(read(cut).expect("all but the last"), events[..events.len() - 1]);
    }

    #[test]
    fn what_is_no_log_of_one_run_is_refused() {
        let message = |log: &str| read(log).expect_err("refused").to_string();
        let (first, rest) = SAMPLE.split_once('\n').expect("lines");
        insta::assert_snapshot!(message(""), @"the log does not begin with the start of a run");
        insta::assert_snapshot!(message(rest), @"the log does not begin with the start of a run");
        insta::assert_snapshot!(message("no\n"), @"line 1 is not an event of a run");
        insta::assert_snapshot!(message(&format!("{SAMPLE}{first}\n")), @"line 26 belongs to another run than the lines before it");
        insta::assert_snapshot!(message(&first.replacen(":1", ":2", 1)), @"line 1 is not written in version 1 of the event log");
        insta::assert_snapshot!(message(&format!("{first}\n{{\"schema_version\":1,\"event\":\"danced\"}}\n")), @"line 2 is not an event of a run");
    }
}
