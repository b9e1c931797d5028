//! The integration tests, one binary. Each module is one file; `support` is shared.

mod cli_lint;
mod reader;
mod reader_reference;
mod reader_vocabulary;
mod support;
