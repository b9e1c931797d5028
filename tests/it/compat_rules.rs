//! Every rule of the semantic difference against every pair of contracts: a row of the table is a
//! directory in `tests/fixtures/compat` with a contract before and after.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pactwright::compat::{Change, Rule, diff};
use pactwright::contract::{self, Contract};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/compat")
}

fn contract(pair: &str, side: &str) -> Contract {
    let path = folder().join(pair).join(side);
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reading = contract::read(side, bytes);
    assert!(reading.findings.is_empty(), "{pair}/{side}: {:?}", reading.findings);
    reading.contract.expect("a sound pact")
}

fn pairs() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the pairs are there");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("readable").file_name().into_string().expect("a plain name"))
        .collect();
    names.sort();
    names
}

fn changes(pair: &str, sides: [&str; 2]) -> Vec<Change> {
    let [old, new] = sides.map(|side| contract(pair, side));
    diff(&old, &new)
}

const FORTH: [&str; 2] = ["before.json", "after.json"];
const BACK: [&str; 2] = ["after.json", "before.json"];

#[test]
fn every_rule_has_a_pair_and_every_pair_a_rule() {
    let rules: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.slug().to_owned()).collect();
    assert_eq!(rules, pairs().into_iter().collect());
}

#[test]
fn every_pair_shows_its_rule_and_the_mirror_from_the_other_side() {
    for rule in Rule::ALL {
        let shows =
            |sides, wanted: Rule| changes(rule.slug(), sides).iter().any(|change| change.rule == wanted);
        assert!(shows(FORTH, *rule), "{} is not found", rule.slug());
        assert!(shows(BACK, rule.mirror()), "the mirror of {} is not found", rule.slug());
    }
}

#[test]
fn what_every_rule_says_about_every_pair() {
    let told = |change: &Change| {
        let at = [&change.old, &change.new]
            .map(|at| at.as_ref().map_or("-".to_owned(), |at| format!("{}:{}", at.line, at.column)));
        let (rule, class) = (change.rule.slug(), change.class().words());
        let interaction = change.interaction.as_deref().unwrap_or("the contract");
        format!("  {class}: {rule} ({})\n    {interaction}: {}\n", at.join(", "), change.sentence)
    };
    let of_pair = |pair: &String| {
        let changes: Vec<_> = changes(pair, FORTH).iter().map(told).collect();
        format!("{pair}\n{}", changes.concat())
    };
    let told: Vec<_> = pairs().iter().map(of_pair).collect();
    insta::assert_snapshot!(told.concat());
}

#[test]
fn an_item_under_a_list_that_was_sent_empty_demands_something_else() {
    let sent = |list: &str| {
        let pact = format!(
            r#"{{"consumer": {{"name": "support"}}, "provider": {{"name": "faq"}}, "interactions": [{{
                "description": "one",
                "request": {{"method": "POST", "path": "/faqs", "body": {{"l": {list}}},
                    "matchingRules": {{"body": {{"$.l": {{"matchers": [{{"match": "type"}}]}}}}}}}},
                "response": {{"status": 200}}}}],
                "metadata": {{"pactSpecification": {{"version": "3.0.0"}}}}}}"#
        );
        contract::read("pact.json", pact.into_bytes()).contract.expect("a sound pact")
    };
    let (empty, one) = (sent("[]"), sent(r#"[{"q": 1}]"#));
    for changes in [diff(&empty, &one), diff(&one, &empty)] {
        let known = changes.iter().any(|change| change.rule == Rule::RequestValueChanged);
        assert!(known, "{changes:?}");
    }
}

#[test]
fn a_field_that_goes_from_an_object_that_may_have_no_other_demands_something_else() {
    let closed = |body: &str| {
        let pact = format!(
            r#"{{"consumer": {{"name": "support"}}, "provider": {{"name": "faq"}}, "interactions": [{{
                "description": "one", "request": {{"method": "GET", "path": "/faqs/7"}},
                "response": {{"status": 200, "body": {body},
                    "matchingRules": {{"body": {{"$": {{"matchers": [{{"match": "equality"}}]}}}}}}}}}}],
                "metadata": {{"pactSpecification": {{"version": "3.0.0"}}}}}}"#
        );
        contract::read("pact.json", pact.into_bytes()).contract.expect("a sound pact")
    };
    let (two, one) = (closed(r#"{"id": 7, "title": "How?"}"#), closed(r#"{"id": 7}"#));
    for changes in [diff(&two, &one), diff(&one, &two)] {
        let rules: Vec<_> = changes.iter().map(|change| (change.rule, change.class())).collect();
        assert_eq!(rules, [(Rule::ResponseValueChanged, pactwright::compat::Class::DemandsMore)]);
    }
}
