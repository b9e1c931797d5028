//! A progress bar on standard error, while somebody is looking.

use indicatif::{ProgressBar, ProgressStyle};

use crate::event::Event;

/// How far a run has come. Without a terminal it is not shown.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar, when standard error is a terminal.
    pub(crate) fn on_stderr() -> Self {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} {wide_msg}");
        let style = style.expect("the template is a constant that a test parses");
        Self { bar: ProgressBar::no_length().with_style(style) }
    }

    /// No bar.
    pub(crate) fn hidden() -> Self {
        Self { bar: ProgressBar::hidden() }
    }

    /// Follows the run.
    pub(crate) fn event(&self, event: &Event) {
        match event {
            Event::RunStarted(run) => self.bar.set_length(run.planned as u64),
            Event::InteractionFinished(result) if result.skipped.is_none() => self.bar.inc(1),
            Event::ProviderStarting { .. } => self.bar.set_message("starting the provider"),
            Event::ProviderReady { .. } => self.bar.set_message(""),
            Event::RunFinished { .. } => self.finish(),
            Event::InteractionFinished(_) | Event::InteractionStarted { .. } | Event::Noted(_) => {}
        }
    }

    /// Lets something else write to the terminal.
    pub(crate) fn suspend(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_can_be_made_and_taken_away() {
        let progress = Progress::on_stderr();
        progress.event(&Event::RunFinished { duration_ms: 1 });
        assert!(progress.bar.is_finished());
    }
}
