//! What comes of a verification.

use std::ops::Deref;

use crate::outcome::{Answer, Report};
use crate::report;

/// The report of a verification.
#[derive(Debug, Clone)]
#[must_use = "a report that nobody looks at proves nothing; call `assert_yes`"]
pub struct Verified(Report);

impl Verified {
    pub(super) fn of(report: Report) -> Self {
        Self(report)
    }

    /// Fails the test unless everything was verified and holds. Nothing verified is no yes.
    ///
    /// # Panics
    /// With the explanation that the command line would give, at the caller's line.
    #[track_caller]
    pub fn assert_yes(&self) {
        assert!(self.0.answer == Answer::Yes, "\n{}", self.explanation());
    }

    /// The whole report as text, without colour.
    #[must_use]
    pub fn explanation(&self) -> String {
        let mut text = Vec::new();
        let format = report::Format::Terminal(report::Colour::Never);
        match report::write(&self.0, format, &mut text) {
            Ok(()) => String::from_utf8_lossy(&text).into_owned(),
            Err(error) => error.to_string(),
        }
    }

    /// The report itself, which [`report::write`] writes in any format.
    #[must_use]
    pub fn into_report(self) -> Report {
        self.0
    }
}

impl Deref for Verified {
    type Target = Report;

    fn deref(&self) -> &Report {
        &self.0
    }
}
