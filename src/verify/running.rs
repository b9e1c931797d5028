//! How the interactions are run, and what is kept of them.

use std::time::Duration;

use super::verifier::Verifier;
use crate::replay::Quirk;

/// How the interactions are run.
impl Verifier {
    /// Runs this many interactions without states and with safe methods side by side; 8 otherwise.
    pub fn side_by_side(mut self, width: usize) -> Self {
        self.setup.running.side_by_side = width;
        self
    }

    /// Runs everything one at a time and in the order of the pacts.
    pub fn in_order(mut self) -> Self {
        self.in_order = true;
        self
    }

    /// Tries a failed interaction again, up to this many times; one that then passes is called flaky.
    pub fn retries(mut self, times: u32) -> Self {
        self.setup.running.retries = times;
        self
    }

    /// Leaves the rest out after this many failures.
    pub fn max_failures(mut self, failures: usize) -> Self {
        self.setup.running.max_failures = Some(failures);
        self
    }

    /// Asks the reference verifier as well and reports where it disagrees; sends every request twice.
    pub fn second_opinion(mut self) -> Self {
        self.setup.second_opinion = true;
        self
    }

    /// Does as the reference verifier does where that can hide a broken contract.
    pub fn reference_behaviour(mut self, quirk: Quirk) -> Self {
        self.setup.reference_behaviour.insert(quirk);
        self
    }
}

/// How long and how large things may be.
impl Verifier {
    /// Limits the time that one request or one closure may take; five seconds otherwise.
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.setup.request_timeout = Some(limit);
        self
    }

    /// Limits the time that one comparison may take; ten seconds otherwise.
    pub fn matching_timeout(mut self, limit: Duration) -> Self {
        self.setup.matching_timeout = Some(limit);
        self
    }

    /// Limits the time that the replay of all interactions may take. What has no verdict by then
    /// could not be found out.
    pub fn run_timeout(mut self, limit: Duration) -> Self {
        self.setup.run_timeout = Some(limit);
        self
    }

    /// Limits the size of an answer, in bytes; 256 MiB otherwise.
    pub fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.setup.max_answer_bytes = Some(bytes);
        self
    }
}

/// What a report keeps.
impl Verifier {
    /// Hides the values of headers, parameters and fields with this name, as those of the usual
    /// secrets are hidden.
    pub fn redact(mut self, name: impl Into<String>) -> Self {
        self.setup.redact.push(name.into());
        self
    }

    /// Keeps requests and answers of passed interactions in the report as well.
    pub fn keep_exchanges(mut self) -> Self {
        self.setup.keep_exchanges = true;
        self
    }
}
