//! Which interactions were asked for.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use regex::Regex;

use super::plan::identity;
use crate::contract::{Contract, Interaction};
use crate::outcome::SkipReason;

/// What was asked for; the empty selection selects everything.
///
/// Different kinds of filter must all agree; of several filters of one kind, one is enough.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// By description.
    pub descriptions: Vec<TextFilter>,
    /// By the name of a provider state.
    pub states: Vec<TextFilter>,
    /// Only interactions without provider states.
    pub without_states: bool,
    /// By the consumer's exact name.
    pub consumers: Vec<String>,
    /// By key, or by the key in a V4 pact.
    pub keys: Vec<String>,
    /// Only what did not pass last time: what did pass, by [`Entry::identity`](super::Entry::identity).
    pub passed_before: Option<BTreeSet<String>>,
    /// Only one of several parts.
    pub partition: Option<Partition>,
}

/// A filter on text: a substring, or a regular expression between slashes.
///
/// A text that can only be meant as a regular expression, as pact_verifier_cli reads it, is tried as
/// one as well.
#[derive(Debug, Clone)]
pub enum TextFilter {
    /// The text contains this.
    Contains(String),
    /// The text contains this, or matches it somewhere.
    Either(String, Regex),
    /// The text matches this somewhere.
    Matches(Regex),
}

/// Characters that a description seldom has and a regular expression mostly.
const REGULAR: [char; 8] = ['*', '^', '$', '|', '\\', '[', '+', '?'];

/// One of several parts of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partition {
    /// By the interaction's key: stays in the same part when others come or go.
    Hash {
        /// Which part, from 1.
        part: usize,
        /// Of how many.
        of: usize,
    },
    /// By its position in the plan: parts of equal size.
    Slice {
        /// Which part, from 1.
        part: usize,
        /// Of how many.
        of: usize,
    },
}

impl Selection {
    /// Why an interaction is left out, or `None` when it was asked for.
    pub(super) fn skip_reason(
        &self,
        contract: &Contract,
        interaction: &Interaction,
        key: &str,
        position: usize,
    ) -> Option<SkipReason> {
        let is_one_of =
            |filters: &[TextFilter], text: &str| filters.iter().any(|filter| filter.accepts(text));
        let has_state =
            |filters: &[TextFilter]| interaction.states.iter().any(|state| is_one_of(filters, &state.name));
        let is_named = |known: &String| known == key || Some(known) == interaction.key.as_ref();
        let is_filtered = (!self.descriptions.is_empty()
            && !is_one_of(&self.descriptions, &interaction.description))
            || (!self.states.is_empty() && !has_state(&self.states))
            || (self.without_states && !interaction.states.is_empty())
            || (!self.consumers.is_empty() && !self.consumers.contains(&contract.consumer))
            || (!self.keys.is_empty() && !self.keys.iter().any(is_named));
        if is_filtered {
            return Some(SkipReason::Filtered);
        }
        if self.passed_before.as_ref().is_some_and(|known| known.contains(&identity(contract, interaction))) {
            return Some(SkipReason::NotFailedBefore);
        }
        if self.partition.is_some_and(|partition| !partition.contains(key, position)) {
            return Some(SkipReason::OtherPartition);
        }
        None
    }

    /// True when something was asked for that leaves interactions out.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        !self.descriptions.is_empty()
            || !self.states.is_empty()
            || self.without_states
            || !self.consumers.is_empty()
            || !self.keys.is_empty()
            || self.passed_before.is_some()
            || self.partition.is_some()
    }
}

impl TextFilter {
    /// True for a text that was asked for.
    #[must_use]
    pub fn accepts(&self, text: &str) -> bool {
        match self {
            Self::Contains(part) => text.contains(part.as_str()),
            Self::Either(part, regex) => text.contains(part.as_str()) || regex.is_match(text),
            Self::Matches(regex) => regex.is_match(text),
        }
    }
}

/// As it was given.
impl fmt::Display for TextFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contains(text) | Self::Either(text, _) => f.write_str(text),
            Self::Matches(regex) => write!(f, "/{regex}/"),
        }
    }
}

impl FromStr for TextFilter {
    type Err = regex::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(pattern) => Regex::new(pattern).map(Self::Matches),
            None if text.contains(REGULAR) => Ok(match Regex::new(text) {
                Ok(regex) => Self::Either(text.to_owned(), regex),
                Err(_) => Self::Contains(text.to_owned()),
            }),
            None => Ok(Self::Contains(text.to_owned())),
        }
    }
}

impl Partition {
    fn contains(self, key: &str, position: usize) -> bool {
        match self {
            Self::Hash { part, of } => {
                let digits = &key[..key.len().min(8)];
                let number = usize::from_str_radix(digits, 16).unwrap_or(position);
                number % of == part - 1
            }
            Self::Slice { part, of } => position % of == part - 1,
        }
    }
}

impl FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let explain = || format!("`{text}` is not of the form `hash:1/4` or `slice:1/4`");
        let (kind, rest) = text.split_once(':').ok_or_else(explain)?;
        let (part, of) = rest.split_once('/').ok_or_else(explain)?;
        let part: usize = part.parse().map_err(|_| explain())?;
        let of: usize = of.parse().map_err(|_| explain())?;
        if part == 0 || part > of {
            return Err(format!("there is no part {part} of {of}; parts are counted from 1"));
        }
        match kind {
            "hash" => Ok(Self::Hash { part, of }),
            "slice" | "count" => Ok(Self::Slice { part, of }),
            _ => Err(explain()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_says_what_it_is_or_why_it_is_none() {
        assert_eq!("hash:1/4".parse(), Ok(Partition::Hash { part: 1, of: 4 }));
        assert_eq!("slice:3/3".parse(), Ok(Partition::Slice { part: 3, of: 3 }));
        for text in ["", "hash", "hash:0/4", "hash:5/4", "slice:a/b", "x:1/2"] {
            assert!(text.parse::<Partition>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_parts_together_are_the_whole_and_none_overlap() {
        let keys: Vec<String> =
            (0..100u32).map(|number| format!("{:08x}ab", number.wrapping_mul(2_654_435_761))).collect();
        for kind in ["hash", "slice"] {
            let parts: Vec<Partition> =
                (1..=3).map(|part| format!("{kind}:{part}/3").parse().expect("a partition")).collect();
            for (position, key) in keys.iter().enumerate() {
                assert_eq!(parts.iter().filter(|part| part.contains(key, position)).count(), 1);
            }
        }
    }

    #[test]
    fn text_between_slashes_is_a_regular_expression() {
        let accepts =
            |filter: &str, text: &str| filter.parse::<TextFilter>().expect("a filter").accepts(text);
        assert!(accepts("create", "a create b"));
        assert!(!accepts("a.b", "axb"));
        assert!(accepts("/^create$/", "create"));
        assert!(
            accepts("^cre.*e$", "create") && accepts("really?", "is it really?") && accepts("[1", "a [1")
        );
        assert!("/(/".parse::<TextFilter>().is_err());
    }
}
