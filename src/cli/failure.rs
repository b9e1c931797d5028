//! Why a command could not do what it was asked, for people.

use crate::outcome::Answer;

/// A failure of a command: what could not be done, why, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit status, [`Answer::AskedWrongly`] or [`Answer::CouldNotFindOut`].
    pub(crate) answer: Answer,
    /// What could not be done, in a lower-case fragment without a final period.
    pub(crate) message: String,
    /// Why, from the outermost to the innermost cause.
    pub(crate) causes: Vec<String>,
    /// What to type or change next.
    pub(crate) hints: Vec<String>,
}

impl Failure {
    /// The question was put wrongly: usage, configuration, an unreadable file.
    pub(crate) fn asked_wrongly(message: impl Into<String>) -> Self {
        Self { answer: Answer::AskedWrongly, message: message.into(), causes: Vec::new(), hints: Vec::new() }
    }

    /// The question was right and the answer could not be found out.
    pub(crate) fn could_not_find_out(message: impl Into<String>) -> Self {
        Self { answer: Answer::CouldNotFindOut, ..Self::asked_wrongly(message) }
    }

    /// Adds the chain of causes.
    #[must_use]
    pub(crate) fn because(mut self, error: &dyn std::error::Error) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            self.causes.push(error.to_string());
            next = error.source();
        }
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}
