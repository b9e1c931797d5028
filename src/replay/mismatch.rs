//! One difference between an answer and the contract, before it is put into words.

use crate::finding::{Code, Place};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mismatch {
    /// The part of the answer.
    pub(super) place: Place,
    /// Where in that part.
    pub(super) path: String,
    /// What was expected, when it is known as text.
    pub(super) expected: Option<String>,
    /// What was found.
    pub(super) actual: Option<String>,
    /// How we know.
    pub(super) why: Why,
    /// The pitfall of the reference matcher that is closed here: it does not see the difference.
    pub(super) closes: Option<Pitfall>,
}

/// A documented weakness of the reference verifier: its number and what it does.
pub(super) type Pitfall = (u8, &'static str);

/// How a difference is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// The reference matcher said this sentence.
    Said(String),
    /// We found it ourselves: its code and a sentence.
    Known(Code, String),
}

impl Mismatch {
    /// A difference that the reference matcher has put into a sentence.
    pub(super) fn said(place: Place, path: impl Into<String>, sentence: String) -> Self {
        Self {
            place,
            path: path.into(),
            expected: None,
            actual: None,
            why: Why::Said(sentence),
            closes: None,
        }
    }

    /// A difference that we found ourselves.
    pub(super) fn known(code: Code, place: Place, path: impl Into<String>, sentence: String) -> Self {
        Self {
            place,
            path: path.into(),
            expected: None,
            actual: None,
            why: Why::Known(code, sentence),
            closes: None,
        }
    }

    /// Says which weakness of the reference matcher hides it.
    pub(super) fn closing(mut self, pitfall: Pitfall) -> Self {
        self.closes = Some(pitfall);
        self
    }

    /// Adds both values.
    pub(super) fn with(mut self, expected: String, actual: String) -> Self {
        self.expected = Some(expected);
        self.actual = Some(actual);
        self
    }
}
