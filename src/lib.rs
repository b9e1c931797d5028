//! Pactwright is the whole workflow of consumer-driven contracts: consumers record what they
//! expect of a provider as pact files, and the provider's build replays them, so that a breaking
//! change fails before it is deployed.
//!
//! Most people use the `pactwright` binary. The library is for Rust teams who want the same gate
//! inside their own test suites.

// Layer 0, vocabulary: plain values and pure functions.
pub mod contract;
pub mod event;
pub mod finding;
pub mod outcome;

// Analyses (pure) and adapters (one kind of I/O each).
pub mod lint;
pub mod source;

// Renderings.
#[cfg(feature = "cli")]
pub mod report;

// Layer 4, the command line.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
