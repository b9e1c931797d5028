//! One difference between an answer and the contract, before it is put into words.

use crate::finding::{Code, Place};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// The part of the answer.
    pub(crate) place: Place,
    /// Where in that part.
    pub(crate) path: String,
    /// What was expected, when it is known as text.
    pub(crate) expected: Option<String>,
    /// What was found.
    pub(crate) actual: Option<String>,
    /// How we know.
    pub(crate) why: Why,
    /// The pitfall of the reference matcher that is closed here: it does not see the difference.
    pub(crate) closes: Option<Pitfall>,
}

/// A documented weakness of the reference verifier: its number and what it does.
pub(crate) type Pitfall = (u8, &'static str);

/// How a difference is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// The reference matcher said this sentence.
    Said(String),
    /// We found it ourselves: its code and a sentence.
    Known(Code, String),
}

impl Mismatch {
    /// A difference that the reference matcher has put into a sentence.
    pub(crate) fn said(place: Place, path: impl Into<String>, sentence: String) -> Self {
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
    pub(crate) fn known(code: Code, place: Place, path: impl Into<String>, sentence: String) -> Self {
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
    pub(crate) fn closing(mut self, pitfall: Pitfall) -> Self {
        self.closes = Some(pitfall);
        self
    }

    /// Adds both values.
    pub(crate) fn with(mut self, expected: String, actual: String) -> Self {
        self.expected = Some(expected);
        self.actual = Some(actual);
        self
    }
}
