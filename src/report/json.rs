//! The report for programs: versioned, with a schema that is kept under `docs/schema`.
//!
//! Fields are added and never renamed; the version grows with each change that a reader could notice.

use std::io;
use std::io::Write;

use schemars::JsonSchema;
use serde::Serialize;

use crate::outcome::{Report, SCHEMA_VERSION};

/// The JSON report: the report with its version.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Pactwright report")]
struct Document<'a> {
    /// Version of this format.
    schema_version: u32,
    #[serde(flatten)]
    report: &'a Report,
}

/// Writes the report as indented JSON.
///
/// # Errors
/// What the writer answers.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let document = Document { schema_version: SCHEMA_VERSION, report };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The JSON Schema of the report.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Document<'_>).to_value()
}
