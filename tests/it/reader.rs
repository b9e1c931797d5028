//! The strict reader, on pacts that real writers have written and on pacts that somebody broke.

use std::collections::BTreeMap;

use pactwright::contract::{self, Reading};

use crate::support::data;

fn real_pacts() -> Vec<(String, Vec<u8>)> {
    data::files("real-pacts").into_iter().filter(|(name, _)| name != "INDEX.json").collect()
}

fn said(reading: &Reading) -> String {
    let line = |finding: &pactwright::finding::Finding| {
        let at = finding.location.as_ref().expect("each finding of the reader has a position");
        let help = finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}:{} {}: {}{help}", at.line, at.column, finding.code, finding.message)
    };
    reading.findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_real_pact_is_accepted_and_the_warnings_are_known() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (name, bytes) in real_pacts() {
        let reading = contract::read(&name, bytes);
        assert!(reading.contract.is_some(), "{name}:\n{}", said(&reading));
        let mut codes: Vec<_> = reading.findings.iter().map(|finding| finding.code.slug()).collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            println!("{name} {code}\n{}", said(&reading));
            *kinds.entry(code.to_owned()).or_default() += 1;
        }
    }
    let kinds: Vec<_> = kinds.iter().map(|(code, files)| format!("{code} in {files} files")).collect();
    insta::assert_snapshot!(kinds.join("\n"), @"");
}
