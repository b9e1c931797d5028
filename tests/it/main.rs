//! The integration tests, one binary. Each module is one file; `support` is shared.

mod reader;
mod support;
