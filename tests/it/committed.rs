//! Files that are generated and committed are what would be generated now.
//!
//! After a change that is meant: `PACTWRIGHT_COMMIT=1 cargo test committed`.

use std::path::Path;

use serde_json::Value;

#[expect(clippy::disallowed_methods, reason = "a switch for developers, read in a test")]
fn check(path: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("PACTWRIGHT_COMMIT").is_some() {
        std::fs::write(&path, generated).expect("the file can be written");
    }
    let committed = std::fs::read_to_string(&path).expect("the file is committed");
    assert!(committed == generated, "{} is out of date; PACTWRIGHT_COMMIT=1 writes it again", path.display());
}

fn pretty(schema: &Value) -> String {
    format!("{schema:#}\n")
}

#[test]
fn committed_schemas_are_those_of_the_types() {
    check("docs/schema/report.schema.json", &pretty(&pactwright::report::json::schema()));
    check("docs/schema/event.schema.json", &pretty(&pactwright::report::jsonl::schema()));
    check("docs/schema/interactions.schema.json", &pretty(&pactwright::record::schema()));
    for (command, schema) in answers() {
        check(&format!("docs/schema/{command}.schema.json"), &pretty(&schema));
    }
}

/// The commands that answer with a document of their own, and its form.
pub(crate) fn answers() -> [(&'static str, Value); 6] {
    use pactwright::report::{check, deprecated, diff, removal, usage, what_if};
    [
        ("can-i-remove", removal::schema()),
        ("check", check::schema()),
        ("deprecate", deprecated::schema()),
        ("diff", diff::schema()),
        ("usage", usage::schema()),
        ("what-if", what_if::schema()),
    ]
}

#[test]
fn committed_codes_page_is_that_of_the_codes() {
    check("docs/codes.md", &pactwright::finding::codes_page());
}

#[test]
fn output_satisfies_its_schema() {
    let log = include_str!("../fixtures/report/sample.jsonl");
    let events = pactwright::report::jsonl::read(log).expect("the sample can be read");
    let event_schema = jsonschema::validator_for(&pactwright::report::jsonl::schema()).expect("a schema");
    for line in log.lines() {
        let value = serde_json::from_str(line).expect("JSON");
        assert!(event_schema.is_valid(&value), "{line}");
    }
    let mut out = Vec::new();
    pactwright::report::json::write(&pactwright::report::fold(events), &mut out)
        .expect("a vector takes everything");
    let report = serde_json::from_slice(&out).expect("JSON");
    let report_schema = jsonschema::validator_for(&pactwright::report::json::schema()).expect("a schema");
    if let Err(error) = report_schema.validate(&report) {
        panic!("{error} at {}", error.instance_path());
    }
    assert!(
        !report_schema.is_valid(&serde_json::json!({"schema_version": 1})),
        "the schema asks for something"
    );
}
