//! A progress bar on standard error, while somebody is looking and has had to wait.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::event::Event;

/// How long a run goes on before the bar appears.
const PATIENCE: Duration = Duration::from_millis(300);

/// How far a run has come. Without a terminal, and in short runs, it is never shown.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
}

impl Progress {
    /// A bar that is not shown yet.
    pub(crate) fn new() -> Self {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} {wide_msg}");
        let style = style.expect("the template is a constant that a test parses");
        Self { bar: ProgressBar::hidden().with_style(style), started: Instant::now() }
    }

    /// Follows the run.
    pub(crate) fn event(&self, event: &Event) {
        if self.bar.is_hidden() && !self.bar.is_finished() && self.started.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        match event {
            Event::RunStarted(run) => self.bar.set_length(run.planned as u64),
            Event::InteractionFinished(result) if result.skipped.is_none() => self.bar.inc(1),
            Event::ProviderBuilding { .. } => self.bar.set_message("building the provider"),
            Event::ProviderStarting { .. } => self.bar.set_message("starting the provider"),
            Event::ProviderReady { .. } => self.bar.set_message(""),
            Event::RunFinished { .. } => self.finish(),
            Event::InteractionFinished(_)
            | Event::InteractionStarted { .. }
            | Event::ProviderSaid { .. }
            | Event::Noted(_) => {}
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
    fn a_short_run_shows_no_bar_and_its_end_takes_it_away() {
        let progress = Progress::new();
        progress.event(&Event::ProviderReady { urls: Vec::new() });
        assert!(progress.bar.is_hidden());
        progress.event(&Event::RunFinished { duration_ms: 1, judged: crate::outcome::Judged::default() });
        assert!(progress.bar.is_finished());
    }
}
