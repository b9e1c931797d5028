//! Pactwright: the whole workflow of consumer-driven contracts.
pub mod contract;
pub mod event;
pub mod finding;
pub mod outcome;
