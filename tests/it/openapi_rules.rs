//! Every rule of the check against a specification: a directory in `tests/fixtures/openapi` with a
//! specification and a pact that breaks the rule.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pactwright::contract;
use pactwright::openapi::{Checked, Finding, Rule, Spec, check};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/openapi")
}

fn cases() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the cases are there");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("readable").file_name().into_string().expect("a plain name"))
        .collect();
    names.sort();
    names
}

fn checked(case: &str) -> Vec<Checked> {
    let bytes = |name: &str| fs::read(folder().join(case).join(name)).expect("the file is there");
    let spec = Spec::read("faq.yaml", bytes("faq.yaml")).expect("a specification");
    let reading = contract::read("pact.json", bytes("pact.json"));
    check(&reading.contract.unwrap_or_else(|| panic!("{case}: {:?}", reading.findings)), &spec)
}

#[test]
fn every_rule_has_a_case_and_every_case_shows_its_rule() {
    let rules: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.slug().to_owned()).collect();
    assert_eq!(rules, cases().into_iter().collect());
    for rule in Rule::ALL {
        let shows = |one: &Checked| one.findings.iter().any(|finding| finding.rule == *rule);
        assert!(checked(rule.slug()).iter().any(shows), "{} is not found", rule.slug());
    }
}

#[test]
fn what_every_rule_says_about_every_case() {
    let told = |finding: &Finding| {
        let doubt = if finding.is_doubt { "undecidable: " } else { "" };
        let (rule, path) = (finding.rule.slug(), &finding.path);
        let (pact, spec) = (&finding.pact, &finding.spec);
        format!("    {doubt}{rule} `{path}`: {}\n      {pact} | {spec}\n", finding.message)
    };
    let interaction = |one: &Checked| {
        let operation = one.operation.as_deref().unwrap_or("-");
        let findings: Vec<_> = one.findings.iter().map(told).collect();
        format!("  {}: {} ({operation})\n{}", one.outcome.word(), one.interaction, findings.concat())
    };
    let case = |name: &String| {
        let interactions: Vec<_> = checked(name).iter().map(interaction).collect();
        format!("{name}\n{}", interactions.concat())
    };
    let told: Vec<_> = cases().iter().map(case).collect();
    insta::assert_snapshot!(told.concat());
}

/// What was once taken for covered, or for violated, and is neither: one file each in
/// `tests/fixtures/openapi-cases`, with a `specification` and a `pact`.
#[test]
fn nothing_is_covered_that_was_not_looked_at_and_digits_are_digits() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/openapi-cases");
    let entries = fs::read_dir(folder).expect("the cases are there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    let told = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("the file can be read");
        let case: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let spec = Spec::read("spec.json", case["specification"].to_string().into_bytes());
        let reading = contract::read("pact.json", case["pact"].to_string().into_bytes());
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let pact = reading.contract.unwrap_or_else(|| panic!("{name}: {:?}", reading.findings));
        let checked = check(&pact, &spec.expect("a specification"));
        let lines = checked.iter().flat_map(|one| {
            let outcome = format!("{name}: {}", one.outcome.word());
            std::iter::once(outcome).chain(one.findings.iter().map(|it| format!("  {}", it.message)))
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(files.iter().map(told).collect::<Vec<_>>().join("\n"));
}
