//! Random examples, rules and answers: with every behaviour of the reference asked for, the verdict
//! of the whole engine is that of the reference matcher; without, it is never milder.

use std::path::Path;
use std::sync::Arc;

use pact_matching::match_response;
use pact_models::bodies::OptionalBody;
use pact_models::content_types::JSON;
use pact_models::pact::load_pact_from_json;
use pact_models::v4::http_parts::HttpResponse;
use pactwright::contract::{self, Contract, Exchange, Step};
use pactwright::outcome::Verdict;
use pactwright::replay::{Quirk, Selection};
use proptest::collection::vec;
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_assume, prop_oneof, proptest,
};
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use crate::support::case::verify;
use crate::support::case_options::CaseOptions;
use crate::support::provider::{Answer, Provider};

/// A rule on a value of the example: which one, whether for all like it, and what it asks for.
#[derive(Debug, Clone)]
struct RandomRule {
    at: Index,
    for_all: bool,
    matchers: Vec<Value>,
    any_of: bool,
}

/// A change to the example that makes it the answer.
#[derive(Debug, Clone)]
enum Change {
    Replace(Index, Value),
    Remove(Index),
    Add(Index, Value),
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..30_i64).prop_map(Value::from),
        select(vec![0.5, 1.0, 2.25, -1.5]).prop_map(Value::from),
        select(vec!["", "a", "ab", "12", "true", "2026-01-02", "1.0.0", "é"]).prop_map(Value::from),
    ]
}

fn document() -> impl Strategy<Value = Value> {
    let key = || select(vec!["a", "b", "id", "x y", "7"]);
    leaf().prop_recursive(3, 20, 4, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((key(), inner), 0..4).prop_map(|entries| {
                let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), value));
                Value::Object(entries.collect::<Map<_, _>>())
            }),
        ]
    })
}

fn matcher() -> impl Strategy<Value = Value> {
    let plain = [
        "equality", "type", "number", "integer", "decimal", "null", "boolean", "notEmpty", "semver", "values",
    ];
    prop_oneof![
        4 => select(plain.to_vec()).prop_map(|word| json!({ "match": word })),
        2 => Just(json!({ "match": "type" })),
        1 => (0..3_usize).prop_map(|min| json!({ "match": "type", "min": min })),
        1 => (0..3_usize).prop_map(|max| json!({ "match": "type", "max": max })),
        1 => (0..2_usize, 2..4_usize).prop_map(|(min, max)| json!({ "match": "type", "min": min, "max": max })),
        1 => select(vec!["\\d+", "[a-z]*", ".*", "^1"]).prop_map(|regex| json!({ "match": "regex", "regex": regex })),
        1 => select(vec!["a", "1"]).prop_map(|value| json!({ "match": "include", "value": value })),
        1 => Just(json!({ "match": "date", "format": "yyyy-MM-dd" })),
        1 => Just(json!({ "match": "eachValue", "rules": [{ "match": "type" }] })),
        1 => Just(json!({ "match": "eachKey", "rules": [{ "match": "regex", "regex": "[a-z]+" }] })),
    ]
}

fn rule() -> impl Strategy<Value = RandomRule> {
    (any::<Index>(), any::<bool>(), vec(matcher(), 1..3), any::<bool>())
        .prop_map(|(at, for_all, matchers, any_of)| RandomRule { at, for_all, matchers, any_of })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), leaf()).prop_map(|(at, value)| Change::Replace(at, value)),
        any::<Index>().prop_map(Change::Remove),
        (any::<Index>(), leaf()).prop_map(|(at, value)| Change::Add(at, value)),
    ]
}

/// JSON pointers to all values, the root first.
fn pointers(value: &Value) -> Vec<String> {
    let inside = |key: String, child: &Value| {
        pointers(child).into_iter().map(move |rest| format!("/{key}{rest}")).collect::<Vec<_>>()
    };
    let mut found = vec![String::new()];
    match value {
        Value::Object(map) => found.extend(map.iter().flat_map(|(key, child)| inside(key.clone(), child))),
        Value::Array(items) => {
            found.extend(items.iter().enumerate().flat_map(|(at, child)| inside(at.to_string(), child)));
        }
        _ => {}
    }
    found
}

/// The path of a rule for the value at `pointer`, or for all values beside it.
fn path_of(example: &Value, pointer: &str, for_all: bool) -> String {
    let (mut path, mut here) = ("$".to_owned(), example);
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    for (depth, step) in steps.iter().enumerate() {
        let is_last = depth + 1 == steps.len();
        let (part, child) = match here {
            Value::Array(items) => {
                let part = if for_all { "[*]".to_owned() } else { format!("[{step}]") };
                (part, step.parse::<usize>().ok().and_then(|at| items.get(at)))
            }
            _ if for_all && is_last => (".*".to_owned(), here.get(step)),
            _ => (format!("['{step}']"), here.get(step)),
        };
        path.push_str(&part);
        here = child.unwrap_or(&Value::Null);
    }
    path
}

fn rules_of(example: &Value, rules: &[RandomRule]) -> Value {
    let pointers = pointers(example);
    let mut all = Map::new();
    for rule in rules {
        let path = path_of(example, &pointers[rule.at.index(pointers.len())], rule.for_all);
        let combine = if rule.any_of { "OR" } else { "AND" };
        all.insert(path, json!({ "matchers": rule.matchers, "combine": combine }));
    }
    Value::Object(all)
}

fn changed(mut document: Value, changes: &[Change]) -> Value {
    for change in changes {
        let pointers = pointers(&document);
        let (at, new) = match change {
            Change::Replace(at, value) | Change::Add(at, value) => (at, Some(value)),
            Change::Remove(at) => (at, None),
        };
        let pointer = at.get(&pointers).clone();
        let Some(target) = document.pointer_mut(&pointer) else { continue };
        match (change, target, new) {
            (Change::Add(..), Value::Object(map), Some(value)) => {
                map.insert("new".to_owned(), value.clone());
            }
            (Change::Add(..), Value::Array(items), Some(value)) => items.push(value.clone()),
            (Change::Replace(..), target, Some(value)) => *target = value.clone(),
            (Change::Remove(_), Value::Object(map), _) => {
                let last = map.keys().next_back().cloned();
                last.and_then(|key| map.shift_remove(&key));
            }
            (Change::Remove(_), Value::Array(items), _) => drop(items.pop()),
            _ => {}
        }
    }
    document
}

fn pact(example: &Value, rules: &Value) -> Value {
    let response = json!({
        "status": 200,
        "headers": { "Content-Type": ["application/json"] },
        "body": { "content": example, "contentType": "application/json", "encoded": false },
        "matchingRules": { "body": rules },
    });
    json!({
        "consumer": { "name": "c" },
        "provider": { "name": "p" },
        "interactions": [{
            "type": "Synchronous/HTTP",
            "description": "random",
            "request": { "method": "GET", "path": "/" },
            "response": response,
        }],
        "metadata": { "pactSpecification": { "version": "4.0" } },
    })
}

/// True when two rules fit some value equally well: the reference then takes either, by chance.
fn has_a_tie(contract: &Contract, documents: [&Value; 2]) -> bool {
    let Exchange::Http { response, .. } = &contract.interactions[0].exchange else { return false };
    let ties = |document: &Value, pointer: &String| {
        let steps = steps_of(document, pointer);
        let mut weights: Vec<usize> =
            response.rules.iter().filter_map(|rule| rule.path.weight(&steps)).collect();
        weights.sort_unstable_by(|left, right| right.cmp(left));
        weights.len() > 1 && weights[0] == weights[1]
    };
    documents.iter().any(|document| pointers(document).iter().any(|pointer| ties(document, pointer)))
}

fn steps_of(document: &Value, pointer: &str) -> Vec<Step> {
    let (mut steps, mut here) = (Vec::new(), document);
    for part in pointer.split('/').skip(1) {
        let index = part.parse::<usize>().ok().filter(|_| here.is_array());
        steps.push(index.map_or_else(|| Step::Key(part.to_owned()), Step::Index));
        here = index.map_or_else(|| &here[part], |index| &here[index]);
    }
    steps
}

/// What the reference matcher says, asked directly.
fn reference_passes(pact: &Value, actual: &[u8]) -> bool {
    let pact = load_pact_from_json("random", pact).expect("the reference reads the pact");
    let interaction = pact.interactions()[0].boxed();
    let expected = interaction.as_v4_http().expect("an HTTP interaction").response;
    let response = HttpResponse {
        status: 200,
        headers: Some([("Content-Type".to_owned(), vec!["application/json".to_owned()])].into()),
        body: OptionalBody::Present(actual.to_vec().into(), Some(JSON.clone()), None),
        ..HttpResponse::default()
    };
    let matched = match_response(expected, response, &pact, &interaction);
    let matched = futures_util::FutureExt::now_or_never(matched).expect("it waits for nothing");
    matched.expect("it can be compared").is_empty()
}

/// The verdict of the engine, with all behaviours of the reference or with none.
fn ours(contract: &Arc<Contract>, actual: &[u8], as_the_reference: bool) -> Verdict {
    let answer = Answer::with(200, &[("Content-Type", "application/json")], actual);
    let provider = Provider::answering(move |_| answer.clone());
    let (mut options, _) = CaseOptions::default().options(&provider, Path::new("."));
    if as_the_reference {
        options.reference_behaviour = Quirk::ALL.iter().copied().collect();
    }
    let report = verify(&[Arc::clone(contract)], &Selection::default(), options);
    report.interactions[0].verdict
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_verdict_is_that_of_the_reference_matcher_or_stricter(
        example in document(),
        rules in vec(rule(), 0..5),
        changes in vec(change(), 0..4),
    ) {
        let pact = pact(&example, &rules_of(&example, &rules));
        let answered = changed(example.clone(), &changes);
        let actual = answered.to_string().into_bytes();
        let reading = contract::read("random", pact.to_string().into_bytes());
        let contract = Arc::new(reading.contract.expect("a pact without defects"));
        prop_assume!(!has_a_tie(&contract, [&example, &answered]));
        let theirs = reference_passes(&pact, &actual);
        let same = ours(&contract, &actual, true);
        prop_assert_eq!(same == Verdict::Passed, theirs, "{:#} answered {}", pact, answered);
        prop_assert!(same != Verdict::Error);
        prop_assert!(ours(&contract, &actual, false) != Verdict::Passed || theirs);
    }
}
