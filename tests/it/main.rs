//! The integration tests, one binary. Each module is one file; `support` is shared.

mod architecture;
mod cli_diff;
mod cli_init;
mod cli_lint;
mod cli_pages;
mod cli_report;
mod cli_verify_output;
mod cli_verify_selecting;
mod cli_verify_sources;
#[cfg(unix)]
mod cli_verify_start;
mod cli_verify_states;
mod cli_verify_wire;
mod committed;
mod compat_laws;
mod compat_rules;
mod pitfalls_green;
mod pitfalls_nothing;
mod pitfalls_odd;
mod pitfalls_said;
mod pitfalls_wire;
mod reader;
mod reader_reference;
mod reader_vocabulary;
mod repository;
mod same_as_matcher;
mod second_opinion;
mod specification;
mod store_directory;
mod store_laws;
mod support;
mod verifier;
mod verify_cases;
mod verify_coverage;
