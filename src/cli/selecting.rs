//! The options that leave interactions out.

use clap::Args;

use super::last_run::LastRun;
use super::{Failure, stdio};
use crate::replay::{Partition, Selection, TextFilter};

/// Which interactions are verified.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selecting")]
pub(crate) struct Selecting {
    /// Only interactions whose description contains this, or matches it between slashes
    #[arg(
        long,
        alias = "description",
        env = "PACT_DESCRIPTION",
        hide_env = true,
        value_name = "TEXT|/REGEX/"
    )]
    filter_description: Vec<TextFilter>,
    /// Only interactions with a provider state like this
    #[arg(long, alias = "state", env = "PACT_PROVIDER_STATE", hide_env = true, value_name = "TEXT|/REGEX/")]
    filter_state: Vec<TextFilter>,
    /// Only interactions without provider states
    #[arg(
        long,
        alias = "no-state",
        env = "PACT_PROVIDER_NO_STATE",
        hide_env = true,
        conflicts_with = "filter_state"
    )]
    filter_no_state: bool,
    /// Only pacts of this consumer
    #[arg(short = 'c', long = "consumer", alias = "filter-consumer", value_name = "NAME")]
    consumers: Vec<String>,
    /// Only the interaction with this key, as reports show it
    #[arg(short, long = "interaction", value_name = "KEY")]
    interactions: Vec<String>,
    /// Only what did not pass in the last run
    #[arg(long)]
    last_failed: bool,
    /// Only one part of several: hash:1/4 stays stable, slice:1/4 gives equal parts
    #[arg(long, value_name = "PART")]
    partition: Option<Partition>,
}

impl Selecting {
    /// Only these consumers; none for all.
    pub(crate) fn consumers(&self) -> &[String] {
        &self.consumers
    }

    /// Whether interactions of one contract may be left out.
    pub(crate) fn is_in_part(&self) -> bool {
        !self.filter_description.is_empty()
            || !self.filter_state.is_empty()
            || self.filter_no_state
            || !self.interactions.is_empty()
            || self.last_failed
            || self.partition.is_some()
    }

    /// The selection, with what is known of the last run. Contracts may be those of the wanted consumers
    /// already.
    ///
    /// # Errors
    /// Asked wrongly, when the last run is asked for and there is none.
    pub(crate) fn selection(&self, last: &LastRun, are_of_consumers: bool) -> Result<Selection, Failure> {
        let passed_before = match (self.last_failed, last.passed()) {
            (false, _) => None,
            (true, Some(keys)) => Some(keys),
            (true, None) => {
                return Err(Failure::asked_wrongly("no earlier run is known here")
                    .hint("run once without --last-failed; what did not pass is remembered"));
            }
        };
        for text in self.filter_description.iter().chain(&self.filter_state).filter_map(unfinished) {
            stdio::note(&format!(
                "`{text}` is taken as it stands; a regular expression ends with a slash too"
            ));
        }
        Ok(Selection {
            descriptions: self.filter_description.clone(),
            states: self.filter_state.clone(),
            without_states: self.filter_no_state,
            consumers: if are_of_consumers { Vec::new() } else { self.consumers.clone() },
            keys: self.interactions.clone(),
            passed_before,
            partition: self.partition,
        })
    }
}

/// The text of a filter that begins like a regular expression and does not end like one.
fn unfinished(filter: &TextFilter) -> Option<&str> {
    match filter {
        TextFilter::Contains(text) | TextFilter::Either(text, _) => text.starts_with('/').then_some(text),
        TextFilter::Matches(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regular_expression_without_an_end_is_noticed() {
        let is_noticed = |text: &str| unfinished(&text.parse().expect("a filter")).is_some();
        assert!(is_noticed("/abc") && is_noticed("/(") && is_noticed("/a.*b") && is_noticed("/abc/i"));
        assert!(!is_noticed("abc") && !is_noticed("/abc/") && !is_noticed("a/b"));
    }
}
