//! Names for meanings. The only file that knows a colour.
//!
//! Whether there is colour is told by the caller; without it the characters are the same.

use std::fmt;

use anstyle::{AnsiColor, Style};

/// Whether a text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// With escape codes.
    Always,
    /// Without.
    Never,
}

/// What a piece of text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Passed,
    Failed,
    Error,
    Pending,
    Warning,
    Strong,
    Faint,
    Path,
    Expected,
    Received,
}

/// A text with its meaning.
pub(super) struct Painted<T> {
    text: T,
    style: Style,
}

impl Colour {
    /// Gives a text the look of its meaning.
    pub(super) fn paint<T: fmt::Display>(self, meaning: Meaning, text: T) -> Painted<T> {
        let style = match self {
            Self::Always => meaning.style(),
            Self::Never => Style::new(),
        };
        Painted { text, style }
    }
}

impl Meaning {
    fn style(self) -> Style {
        match self {
            Self::Passed => AnsiColor::Green.on_default().bold(),
            Self::Failed => AnsiColor::Red.on_default().bold(),
            Self::Error => AnsiColor::Magenta.on_default().bold(),
            Self::Pending | Self::Warning => AnsiColor::Yellow.on_default().bold(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Path => AnsiColor::Cyan.on_default(),
            // In a difference, minus is the contract and plus the answer; only the answer is wrong.
            Self::Expected => AnsiColor::Green.on_default(),
            Self::Received => AnsiColor::Red.on_default(),
        }
    }
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{:#}", self.style, self.text, self.style)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_has_the_colour_of_a_pass_and_the_answer_that_of_a_failure_here_and_on_the_page() {
        let colour = |meaning: Meaning| meaning.style().get_fg_color();
        assert_eq!(colour(Meaning::Expected), colour(Meaning::Passed));
        assert_eq!(colour(Meaning::Received), colour(Meaning::Failed));
        let page = include_str!("../../templates/report.html");
        assert!(
            page.contains(".difference .expected { background: var(--passed-bg); color: var(--passed); }")
        );
        assert!(
            page.contains(".difference .received { background: var(--failed-bg); color: var(--failed); }")
        );
    }
}
