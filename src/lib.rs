//! Pactwright is the whole workflow of consumer-driven contracts: consumers record what they
//! expect of a provider as pact files, and the provider's build replays them, so that a breaking
//! change fails before it is deployed.
//!
//! Most people use the `pactwright` binary. The library is for Rust teams who want the same gate
//! inside their own test suites.

// Layer 0, vocabulary: plain values and pure functions.
pub mod contract;
pub mod event;
#[cfg(feature = "cli")]
pub mod fact;
pub mod finding;
pub mod name;
pub mod outcome;
pub mod redact;

// Layer 1, analyses and adapters.
#[cfg_attr(
    not(feature = "verify"),
    expect(dead_code, unused_imports, reason = "only a specification is compared value by value")
)]
pub mod compat;
#[cfg(feature = "verify")]
pub mod connect;
#[cfg(feature = "cli")]
pub mod gate;
pub mod lint;
#[cfg(any(feature = "consumer", feature = "verify"))]
#[cfg_attr(
    not(feature = "verify"),
    expect(dead_code, unused_imports, reason = "only a replay judges answers")
)]
pub mod matching;
#[cfg(feature = "consumer")]
#[cfg_attr(not(feature = "cli"), expect(unused_imports, reason = "only a relay answers in its own way"))]
pub mod mock;
#[cfg(feature = "verify")]
pub mod openapi;
#[cfg(feature = "cli")]
pub mod record;
#[cfg(feature = "cli")]
mod relay;
#[cfg(feature = "verify")]
pub mod replay;
#[cfg(feature = "verify")]
pub mod source;
#[cfg(feature = "cli")]
pub mod store;

#[cfg(feature = "consumer")]
pub mod consumer;
#[cfg(feature = "consumer")]
pub mod recording;

// What builds on the engine and is still no command.
#[cfg(feature = "verify")]
pub mod what_if;

// Layer 2, reporting.
#[cfg(feature = "verify")]
pub mod report;

// Layer 3, what Rust teams use.
#[cfg(feature = "verify")]
pub mod verify;

// Layer 4, the command line.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
