//! `pactwright report`: renders the log of an earlier run again.
//!
//! The answer, and with it the exit status, is that of the run.

use std::path::PathBuf;

use super::Failure;
use super::output::{Outputs, ReportArguments, refuse_read};
use crate::outcome::Answer;
use crate::report::{fold, jsonl};

/// Render the stored event log of a run in any format
#[derive(Debug, clap::Args)]
pub(crate) struct ReportCommand {
    /// The event log, written with `--report jsonl=FILE`
    file: PathBuf,
    #[command(flatten)]
    output: ReportArguments,
}

/// Runs the command.
pub(crate) fn run(command: &ReportCommand) -> Result<Answer, Failure> {
    // Read before anything is opened: the log may be replaced by the same log.
    let bytes = std::fs::read(&command.file).map_err(|error| unreadable(command).because(&error))?;
    let log = String::from_utf8_lossy(&bytes);
    let events = jsonl::read(&log).map_err(|error| {
        unreadable(command).because(&error).hint("an event log is written with `--report jsonl=FILE`")
    })?;
    let specs: Vec<_> = command.output.specs().collect();
    let others: Vec<_> = specs.iter().filter(|report| !report.is_log()).cloned().collect();
    refuse_read(&others, std::slice::from_ref(&command.file))?;
    let mut outputs = Outputs::open(&specs, &[])?;
    for event in &events {
        outputs.event(event);
    }
    let report = fold(events);
    outputs.finish(&report)?;
    Ok(report.answer)
}

fn unreadable(command: &ReportCommand) -> Failure {
    Failure::asked_wrongly(format!("{} cannot be read as an event log", command.file.display()))
}
