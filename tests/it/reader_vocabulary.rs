//! Every matcher and every generator of the vocabulary can be read, in every spelling.
//!
//! The matches below have no wildcard, so a new variant does not compile until it has a case.

use std::collections::BTreeSet;

use pactwright::contract::{self, Generator, Matcher};
use serde_json::{Value, json};

fn pact(part: &Value) -> Value {
    let mut request = json!({"method": "GET", "path": "/", "body": {"a": "1"}});
    for (key, value) in part.as_object().expect("an object") {
        request[key] = value.clone();
    }
    json!({
        "consumer": {"name": "support"}, "provider": {"name": "faq"},
        "interactions": [{"description": "x", "request": request, "response": {"status": 200}}],
        "metadata": {"pactSpecification": {"version": "3.0.0"}, "plugins": [{"name": "p"}]}
    })
}

fn request(part: &Value) -> contract::Request {
    let reading = contract::read("pact.json", pact(part).to_string().into_bytes());
    let contract = reading.contract.unwrap_or_else(|| panic!("{part}: {:?}", reading.findings));
    match contract.interactions.into_iter().next().expect("one interaction").exchange {
        contract::Exchange::Http { request, .. } => request,
        other => panic!("{other:?}"),
    }
}

fn number_of_matcher(matcher: &Matcher) -> usize {
    match matcher {
        Matcher::Equality => 0,
        Matcher::Regex(_) => 1,
        Matcher::Type { .. } => 2,
        Matcher::DateTime(_) => 3,
        Matcher::Time(_) => 4,
        Matcher::Date(_) => 5,
        Matcher::Include(_) => 6,
        Matcher::Number => 7,
        Matcher::Integer => 8,
        Matcher::Decimal => 9,
        Matcher::Null => 10,
        Matcher::ContentType(_) => 11,
        Matcher::ArrayContains(_) => 12,
        Matcher::Values => 13,
        Matcher::Boolean => 14,
        Matcher::StatusCode(_) => 15,
        Matcher::NotEmpty => 16,
        Matcher::Semver => 17,
        Matcher::EachKey(_) => 18,
        Matcher::EachValue(_) => 19,
        Matcher::Plugin { .. } => 20,
    }
}
const MATCHERS: usize = 21;

fn number_of_generator(generator: &Generator) -> usize {
    match generator {
        Generator::RandomInt { .. } => 0,
        Generator::RandomDecimal { .. } => 1,
        Generator::RandomHexadecimal { .. } => 2,
        Generator::RandomString { .. } => 3,
        Generator::RandomBoolean => 4,
        Generator::Regex(_) => 5,
        Generator::Uuid(_) => 6,
        Generator::Date { .. } => 7,
        Generator::Time { .. } => 8,
        Generator::DateTime { .. } => 9,
        Generator::ProviderState { .. } => 10,
        Generator::MockServerUrl { .. } => 11,
        Generator::Plugin { .. } => 12,
    }
}
const GENERATORS: usize = 13;

#[test]
fn every_matcher_is_read_in_every_spelling() {
    let inner = json!([{"match": "type"}]);
    let variants = json!([{"index": 0, "rules": {"$.a": {"matchers": [{"match": "type"}]}}}]);
    let cases = [
        json!({"match": "equality"}),
        json!({"match": "value"}),
        json!({"match": "regex", "regex": "\\d+"}),
        json!({"regex": "\\d+"}),
        json!({"match": "type"}),
        json!({"match": "type", "min": 1, "max": 2}),
        json!({"pact:matcher:type": "type"}),
        json!({"match": "min", "min": 1}),
        json!({"match": "max-type", "max": 1}),
        json!({"min": 1}),
        json!({"max": 1}),
        json!({"match": "timestamp", "timestamp": "yyyy"}),
        json!({"match": "datetime", "format": "yyyy"}),
        json!({"match": "datetime"}),
        json!({"timestamp": "yyyy"}),
        json!({"match": "date", "date": "yyyy"}),
        json!({"date": "yyyy"}),
        json!({"match": "time", "format": "HH"}),
        json!({"time": "HH"}),
        json!({"match": "include", "value": "x"}),
        json!({"match": "number"}),
        json!({"match": "integer"}),
        json!({"match": "decimal"}),
        json!({"match": "real"}),
        json!({"match": "null"}),
        json!({"match": "boolean"}),
        json!({"match": "contentType", "value": "image/png"}),
        json!({"match": "content-type", "value": "image/png"}),
        json!({"match": "arrayContains", "variants": variants}),
        json!({"match": "array-contains", "variants": variants}),
        json!({"match": "values"}),
        json!({"match": "statusCode", "status": "success"}),
        json!({"match": "status-code", "status": [200, 204]}),
        json!({"match": "statusCode"}),
        json!({"match": "notEmpty"}),
        json!({"match": "not-empty"}),
        json!({"match": "semver"}),
        json!({"match": "eachKey", "rules": inner}),
        json!({"match": "each-value", "rules": inner}),
        json!({"match": "csv"}),
    ];
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for case in cases {
        let from_v3 = request(&json!({"matchingRules": {"body": {"$.a": {"matchers": [case]}}}}));
        let from_v2 = request(&json!({"matchingRules": {"$.body.a": case}}));
        assert_eq!(from_v3.rules[0].to_string(), from_v2.rules[0].to_string());
        assert_eq!(from_v3.rules[0].path, from_v2.rules[0].path);
        seen.insert(number_of_matcher(&from_v3.rules[0].matchers[0]));
        lines.push(format!("{case} -> {}", from_v3.rules[0]));
    }
    assert_eq!(seen.len(), MATCHERS);
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_generator_is_read() {
    let cases = [
        json!({"type": "RandomInt", "min": 1, "max": 2}),
        json!({"type": "RandomInt"}),
        json!({"type": "RandomDecimal", "digits": 4}),
        json!({"type": "RandomHexadecimal", "digits": 4}),
        json!({"type": "RandomString", "size": 4}),
        json!({"type": "RandomBoolean"}),
        json!({"type": "Regex", "regex": "[a-z]{3}"}),
        json!({"type": "Uuid"}),
        json!({"type": "Uuid", "format": "simple"}),
        json!({"type": "Date", "format": "yyyy-MM-dd", "expression": "+ 1 day"}),
        json!({"type": "Time", "format": "HH:mm"}),
        json!({"type": "DateTime", "expression": "tomorrow @ noon"}),
        json!({"type": "ProviderState", "expression": "${id}", "dataType": "INTEGER"}),
        json!({"type": "MockServerURL", "example": "http://x/a", "regex": ".*(/a)"}),
        json!({"type": "csv"}),
    ];
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for case in cases {
        let request =
            request(&json!({"generators": {"body": {"$.a": case}, "path": case, "header": {"X": case}}}));
        assert_eq!(request.generators.len(), 3, "{case}");
        seen.insert(number_of_generator(&request.generators[0].generator));
        lines.push(format!("{case} -> {:?}", request.generators[0].generator));
    }
    assert_eq!(seen.len(), GENERATORS);
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn both_forms_of_rules_mean_the_same_parts() {
    let shown = |rules: Value| {
        let request = request(&json!({
            "matchingRules": rules,
            "headers": {"X-A": "1"}, "query": {"q": ["1"]}
        }));
        let line = |rule: &contract::Rule| format!("{} {} {rule}", rule.category.word(), rule.path);
        request.rules.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let by_type = json!({"match": "type"});
    let list = json!({"matchers": [{"match": "type"}]});
    let old = shown(json!({
        "$.path": by_type, "$.method": by_type, "$.query.q": by_type, "$.headers.X-A": by_type,
        "$.header['X-A']": by_type, "$.body": by_type, "$.body.a": by_type, "$['body']['a']": by_type
    }));
    let new = shown(json!({
        "path": list, "method": list, "query": {"q": list}, "header": {"X-A": list}, "headers": {"X-A": list},
        "body": {"$": list, "$.a": list, "$['a']": list}
    }));
    assert_eq!(old, new);
    insta::assert_snapshot!(new, @"
    path  type
    method  type
    query $.q type
    header $.X-A type
    header $.X-A type
    body $ type
    body $.a type
    body $.a type
    ");
}
