//! Pactwright is the whole workflow of consumer-driven contracts: consumers record what they
//! expect of a provider as pact files, and the provider's build replays them, so that a breaking
//! change fails before it is deployed.
//!
//! Most people use the `pactwright` binary. The library is for Rust teams who want the same gate
//! inside their own test suites: begin with `verify::Verifier` for a provider. A crate that verifies
//! depends on it with `default-features = false, features = ["verify"]` and compiles no command line;
//! `trials` adds each interaction as a test case of its own.
//!
//! # What is promised
//! The modules that this page lists follow semantic versioning. So do the exit statuses of the binary,
//! the [codes](finding::Code) of findings, and the JSON forms of a [report](outcome::Report) and of an
//! [event](event::Event), whose version is [`outcome::SCHEMA_VERSION`]. Everything else that can be
//! reached is there for the binary, is hidden here, and may change with any version.

mod cores;

// Layer 0, vocabulary: plain values and pure functions.
#[doc(hidden)]
pub mod contract;
pub mod event;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod fact;
pub mod finding;
#[doc(hidden)]
pub mod name;
pub mod outcome;
#[doc(hidden)]
pub mod redact;
#[cfg(feature = "verify")]
#[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only a recording asks for single fields"))]
mod yaml;

// Layer 1, analyses and adapters.
#[doc(hidden)]
pub mod compat;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod connect;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod deprecation;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod gate;
#[doc(hidden)]
pub mod lint;
#[cfg(any(feature = "consumer", feature = "verify"))]
#[cfg_attr(
    not(feature = "verify"),
    expect(dead_code, unused_imports, reason = "only a replay judges answers")
)]
#[doc(hidden)]
pub mod matching;
#[cfg(feature = "consumer")]
#[cfg_attr(not(feature = "cli"), expect(unused_imports, reason = "only a relay answers in its own way"))]
pub mod mock;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod openapi;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod record;
#[cfg(feature = "cli")]
mod relay;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod replay;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod source;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod store;

#[cfg(feature = "consumer")]
pub mod consumer;
#[cfg(feature = "consumer")]
#[doc(hidden)]
pub mod recording;

// What builds on the engine and is still no command.
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod what_if;

// Layer 2, reporting.
#[cfg(feature = "verify")]
pub mod report;

// Layer 3, one verification as both faces share it.
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod verification;

// Layer 4, what Rust teams use.
#[cfg(feature = "verify")]
pub mod verify;

// Layer 5, the command line.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
