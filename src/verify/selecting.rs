//! Which interactions are verified. Without a filter, all of them.

use super::error::VerifierError;
use super::verifier::Verifier;
use crate::replay::{Selection, TextFilter};

/// What was asked for, as it was written.
#[derive(Debug, Clone, Default)]
pub(super) struct Selecting {
    descriptions: Vec<String>,
    states: Vec<String>,
    without_states: bool,
    consumers: Vec<String>,
    keys: Vec<String>,
    partition: Option<String>,
}

/// Which interactions are verified.
///
/// Different kinds of filter must all agree; of several filters of one kind, one is enough. A
/// consumer or a key that was asked for and is not there is never a yes.
impl Verifier {
    /// Only interactions whose description contains this text, or matches it when it stands between
    /// slashes: `/^create/`.
    pub fn only_description(mut self, text: impl Into<String>) -> Self {
        self.selecting.descriptions.push(text.into());
        self
    }

    /// Only interactions with a provider state whose name contains this text, or matches it when it
    /// stands between slashes.
    pub fn only_state(mut self, text: impl Into<String>) -> Self {
        self.selecting.states.push(text.into());
        self
    }

    /// Only interactions without provider states.
    pub fn only_without_states(mut self) -> Self {
        self.selecting.without_states = true;
        self
    }

    /// Only pacts of this consumer.
    pub fn only_consumer(mut self, name: impl Into<String>) -> Self {
        self.selecting.consumers.push(name.into());
        self
    }

    /// Only the interaction with this key, as reports and test names show it.
    pub fn only_interaction(mut self, key: impl Into<String>) -> Self {
        self.selecting.keys.push(key.into());
        self
    }

    /// Only one part of several: `hash:1/4` stays stable when interactions come and go, `slice:1/4`
    /// gives parts of equal size.
    pub fn partition(mut self, part: impl Into<String>) -> Self {
        self.selecting.partition = Some(part.into());
        self
    }
}

impl Selecting {
    /// Which consumers are asked for, and whether only some of the interactions are.
    pub(super) fn asked(&self) -> (&[String], bool) {
        let in_part = !self.descriptions.is_empty()
            || !self.states.is_empty()
            || self.without_states
            || !self.keys.is_empty()
            || self.partition.is_some();
        (&self.consumers, in_part)
    }

    /// The selection that was meant.
    pub(super) fn selection(&self) -> Result<Selection, VerifierError> {
        let filters = |texts: &[String]| texts.iter().map(|text| filter(text)).collect::<Result<Vec<_>, _>>();
        let partition = self.partition.as_ref().map(|text| {
            text.parse()
                .map_err(|why: String| VerifierError::Filter { text: text.clone(), source: why.into() })
        });
        Ok(Selection {
            descriptions: filters(&self.descriptions)?,
            states: filters(&self.states)?,
            without_states: self.without_states,
            consumers: self.consumers.clone(),
            keys: self.keys.clone(),
            passed_before: None,
            partition: partition.transpose()?,
        })
    }
}

fn filter(text: &str) -> Result<TextFilter, VerifierError> {
    text.parse().map_err(|error| VerifierError::Filter { text: text.to_owned(), source: Box::new(error) })
}
