//! Lines that appear while a run goes on.
//!
//! One line for each interaction, in plan order whatever finishes first: a line waits until those
//! before it are known. Losing these lines changes no verdict and no report.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use super::block;
use super::excerpt::one_line;
use super::shared;
use super::style::{Colour, Meaning};
use super::words;
use crate::event::Event;
use crate::outcome::{InteractionResult, RunInfo, Verdict};

/// The most of a line of the provider that is shown.
const SAID: usize = 400;

/// Which lines were written and which are waiting for their turn.
#[derive(Debug)]
pub struct Live {
    colour: Colour,
    next: usize,
    waiting: BTreeMap<usize, String>,
}

impl Live {
    /// Nothing has been written.
    #[must_use]
    pub fn new(colour: Colour) -> Self {
        Self { colour, next: 0, waiting: BTreeMap::new() }
    }

    fn command(&self, label: &str, command: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{} {}", self.colour.paint(Meaning::Strong, label), one_line(command, 200))
    }

    fn said(&self, instance: usize, line: &str, out: &mut dyn Write) -> io::Result<()> {
        let who = match instance {
            0 => "build".to_owned(),
            1 => "provider".to_owned(),
            _ => format!("provider {instance}"),
        };
        writeln!(out, "{} {}", self.colour.paint(Meaning::Faint, format!("{who} |")), one_line(line, SAID))
    }

    /// Writes the lines that can be written now that this has happened.
    ///
    /// # Errors
    /// What the writer answers.
    pub fn write(&mut self, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        match event {
            Event::RunStarted(run) => opening(run, self.colour, out),
            Event::ProviderBuilding { command } => self.command("Building", command, out),
            Event::ProviderStarting { command } => self.command("Starting", command, out),
            Event::ProviderSaid { instance, line } => self.said(*instance, line, out),
            Event::InteractionFinished(result) => {
                let previous = self.waiting.insert(result.index, line(result, self.colour));
                // A second result for one place is not expected; losing it would be worse.
                self.flush(out, previous.as_deref())
            }
            Event::RunFinished { .. } => self.finish(out),
            Event::Noted(_) | Event::ProviderReady { .. } | Event::InteractionStarted { .. } => Ok(()),
        }
    }

    /// Writes whatever still waits, for a run that stopped early.
    ///
    /// # Errors
    /// What the writer answers.
    pub fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        for line in std::mem::take(&mut self.waiting).into_values() {
            out.write_all(line.as_bytes())?;
        }
        out.flush()
    }

    fn flush(&mut self, out: &mut dyn Write, previous: Option<&str>) -> io::Result<()> {
        out.write_all(previous.unwrap_or_default().as_bytes())?;
        while let Some(line) = self.waiting.remove(&self.next) {
            out.write_all(line.as_bytes())?;
            self.next += 1;
        }
        out.flush()
    }
}

fn opening(run: &RunInfo, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let label = colour.paint(Meaning::Strong, "Verifying");
    let interactions = words::count(run.planned, "interaction");
    let pacts = words::count(run.pacts.len(), "pact");
    writeln!(out, "{label} {}: {interactions} in {pacts}", shared::provider(run))?;
    if let Some(selected) = shared::selected(run) {
        writeln!(out, "  {}", colour.paint(Meaning::Faint, selected))?;
    }
    shared::pacts(run).iter().try_for_each(|pact| writeln!(out, "  {pact}"))
}

/// One finished interaction; what was left out has no line.
fn line(result: &InteractionResult, colour: Colour) -> String {
    if result.verdict == Verdict::Skipped {
        return String::new();
    }
    let (label, meaning) = words::label(result);
    let label = colour.paint(meaning, format!("{label:>5}"));
    let time = colour.paint(Meaning::Faint, format!("[{}]", words::seconds(result.duration_ms)));
    let first = words::first_failure(result).map(|first| format!("      failed first: {first}\n"));
    let first = first.unwrap_or_default();
    format!("{label} {time} {}\n{first}{}", words::title(result), details(result, colour))
}

/// What was exchanged with a provider that did as it should; it is known only when asked for.
fn details(result: &InteractionResult, colour: Colour) -> String {
    let mut out = Vec::new();
    let written = match result.verdict {
        Verdict::Passed => block::exchange(result, colour, &mut out),
        // Their details stand in a block of their own.
        Verdict::Failed | Verdict::Error | Verdict::Pending | Verdict::Skipped => Ok(()),
    };
    // A vector takes everything.
    written.map_or_else(|error| error.to_string(), |()| String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::jsonl;

    fn written(events: &[Event]) -> String {
        let mut live = Live::new(Colour::Never);
        let mut out = Vec::new();
        for event in events {
            live.write(event, &mut out).expect("a vector takes everything");
        }
        live.finish(&mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("text")
    }

    fn sample() -> Vec<Event> {
        jsonl::read(include_str!("../../tests/fixtures/report/sample.jsonl")).expect("the sample can be read")
    }

    #[test]
    fn each_interaction_has_one_line_in_plan_order() {
        insta::assert_snapshot!(written(&sample()));
    }

    #[test]
    fn the_order_in_which_interactions_finish_does_not_show() {
        let events = sample();
        let mut reversed = events.clone();
        let is_result = |event: &Event| matches!(event, Event::InteractionFinished(_));
        let first = reversed.iter().position(is_result).expect("a result");
        let last = reversed.iter().rposition(is_result).expect("a result");
        reversed[first..=last].reverse();
        assert_eq!(written(&reversed), written(&events));
    }

    #[test]
    fn pitfall_27_a_line_appears_as_soon_as_its_interaction_is_known() {
        let mut live = Live::new(Colour::Never);
        let mut lengths = Vec::new();
        let mut out = Vec::new();
        for event in sample() {
            live.write(&event, &mut out).expect("a vector takes everything");
            if matches!(&event, Event::InteractionFinished(result) if result.verdict != Verdict::Skipped) {
                lengths.push(out.len());
            }
        }
        assert!(lengths.windows(2).all(|pair| pair[0] < pair[1]), "{lengths:?}");
    }
}
