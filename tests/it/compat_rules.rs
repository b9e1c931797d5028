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

/// A pact with one request.
fn asking(request: &serde_json::Value) -> Contract {
    let pact = serde_json::json!({
        "consumer": {"name": "support"}, "provider": {"name": "faq"},
        "interactions": [{"description": "one", "request": request, "response": {"status": 200}}],
        "metadata": {"pactSpecification": {"version": "3.0.0"}}
    });
    contract::read("pact.json", pact.to_string().into_bytes()).contract.expect("a sound pact")
}

/// A contract that sends a body, with rules by type and generators at paths of it.
fn posting(body: &str, rules: &[&str], generated: &[&str]) -> Contract {
    let at = |paths: &[&str], what: serde_json::Value| -> serde_json::Map<_, _> {
        paths.iter().map(|path| ((*path).to_owned(), what.clone())).collect()
    };
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    asking(&serde_json::json!({
        "method": "POST", "path": "/faqs", "body": body,
        "matchingRules": {"body": at(rules, serde_json::json!({"matchers": [{"match": "type"}]}))},
        "generators": {"body": at(generated, serde_json::json!({"type": "RandomString", "size": 5}))}
    }))
}

/// A contract that sends a parameter with a rule by type.
fn getting(query: &str, is_generated: bool) -> Contract {
    let mut request = serde_json::json!({
        "method": "GET", "path": "/faqs", "query": {"q": [query]},
        "matchingRules": {"query": {"q": {"matchers": [{"match": "type"}]}}}
    });
    if is_generated {
        request["generators"] = serde_json::json!({"query": {"q": {"type": "RandomString", "size": 5}}});
    }
    asking(&request)
}

fn told(changes: &[Change]) -> String {
    let one = |change: &Change| format!("{} {} {}", change.class().words(), change.rule.slug(), change.path);
    changes.iter().map(one).collect::<Vec<_>>().join("; ")
}

#[test]
fn what_is_sent_is_the_example_unless_it_is_generated() {
    let (any, exact): (&[&str], &[&str]) = (&["$"], &[]);
    let both = |what, (old, new): (&str, &str), rules: [&[&str]; 2], generated: &[&str]| {
        (what, posting(old, rules[0], generated), posting(new, rules[1], generated))
    };
    let (x, y) = (r#"{"a": "x"}"#, r#"{"a": "y"}"#);
    let beside = (r#"{"a": "x", "b": ""}"#, r#"{"a": "y", "b": ""}"#);
    let cases = [
        both("another text", (x, y), [any, any], &[]),
        both("the same text", (x, x), [any, exact], &[]),
        both("another exact text", (x, y), [any, exact], &[]),
        both("generated", (x, y), [any, any], &["$.a"]),
        both("something else is generated", beside, [any, any], &["$.b"]),
        both("more items", (r#"{"l": [1]}"#, r#"{"l": [1, 1]}"#), [any, any], &[]),
        both("generated items", (r#"{"l": ["a"]}"#, r#"{"l": ["b"]}"#), [any, any], &["$.l[*]"]),
        ("a parameter", getting("en", false), getting("de", false)),
        ("a generated parameter", getting("en", true), getting("de", true)),
    ];
    let told = cases.map(|(what, old, new)| {
        format!("{what}\n  -> {}\n  <- {}", told(&diff(&old, &new)), told(&diff(&new, &old)))
    });
    insta::assert_snapshot!(told.join("\n"), @"
    another text
      -> demands more request-sent-changed $.a
      <- demands more request-sent-changed $.a
    the same text
      -> demands less request-value-tightened $.a
      <- demands more request-value-relaxed $.a
    another exact text
      -> demands more request-sent-changed $.a; demands less request-value-tightened $.a
      <- demands more request-value-relaxed $.a; demands more request-sent-changed $.a
    generated
      -> same demand request-example-changed $.a
      <- same demand request-example-changed $.a
    something else is generated
      -> demands more request-sent-changed $.a
      <- demands more request-sent-changed $.a
    more items
      -> demands more request-sent-changed $.l
      <- demands more request-sent-changed $.l
    generated items
      -> same demand request-example-changed $.l[*]
      <- same demand request-example-changed $.l[*]
    a parameter
      -> demands more request-sent-changed q
      <- demands more request-sent-changed q
    a generated parameter
      -> same demand request-example-changed q
      <- same demand request-example-changed q
    ");
}

#[test]
fn a_list_whose_example_has_none_of_the_wanted_items_demands_something_else() {
    let wanting = |list: &str| {
        let pact = format!(
            r#"{{"consumer": {{"name": "support"}}, "provider": {{"name": "faq"}}, "interactions": [{{
                "type": "Synchronous/HTTP", "description": "one",
                "request": {{"method": "GET", "path": "/faqs"}},
                "response": {{"status": 200, "body": {{"content": {list}, "contentType": "application/json"}},
                    "matchingRules": {{"body": {{"$": {{"matchers": [{{"match": "arrayContains",
                        "variants": [{{"index": 0, "rules": {{}}}}]}}]}}}}}}}}}}],
                "metadata": {{"pactSpecification": {{"version": "4.0"}}}}}}"#
        );
        contract::read("pact.json", pact.into_bytes()).contract.expect("a sound pact")
    };
    let (one, none) = (wanting("[1]"), wanting("[]"));
    for changes in [diff(&one, &none), diff(&none, &one)] {
        assert_eq!(
            changes.iter().map(|change| change.rule).collect::<Vec<_>>(),
            [Rule::ResponseValueChanged]
        );
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
