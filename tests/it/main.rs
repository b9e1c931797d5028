//! The integration tests, one binary. Each module is one file; `support` is shared.

mod cli_report;
mod committed;
mod support;
