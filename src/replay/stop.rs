//! A way to end a run early, from a signal handler or another thread.

use std::sync::Arc;

use tokio::sync::watch;

/// Ends a run early. Clones end the same run.
#[derive(Debug, Clone)]
pub struct Stop {
    reason: Arc<watch::Sender<Option<String>>>,
}

impl Stop {
    /// A handle that has not been used yet.
    #[must_use]
    pub fn new() -> Self {
        Self { reason: Arc::new(watch::Sender::new(None)) }
    }

    /// Ends the run: what has no verdict yet becomes an error that names this reason, and a
    /// provider that was started is stopped. Only the first reason counts.
    pub fn now(&self, reason: &str) {
        self.reason.send_if_modified(|known| {
            let first = known.is_none();
            if first {
                *known = Some(reason.to_owned());
            }
            first
        });
    }

    /// Why the run has to end, when it has to.
    pub(crate) fn reason(&self) -> Option<String> {
        self.reason.borrow().clone()
    }

    /// Waits until the run has to end.
    pub(crate) async fn stopped(&self) -> String {
        let mut changes = self.reason.subscribe();
        let reason = changes.wait_for(Option::is_some).await.map(|reason| reason.clone());
        // The sender lives as long as `self`, so there is no other way for the wait to end.
        reason.ok().flatten().unwrap_or_default()
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}
