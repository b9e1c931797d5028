//! The integration tests, one binary. Each module is one file; `support` is shared.

mod architecture;
mod cli_init;
mod cli_lint;
mod cli_pages;
mod cli_report;
mod committed;
mod reader;
mod reader_reference;
mod reader_vocabulary;
mod repository;
mod same_as_matcher;
mod second_opinion;
mod specification;
mod support;
mod verify_cases;
mod verify_coverage;
