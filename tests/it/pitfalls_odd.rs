//! Odd input is an error of one interaction or a defect of one pact, and never takes the rest of
//! the run with it (pitfalls 31 to 33).

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::gate::{Gate, Verified, get, http, json_body, pact, pact_of, status, text};
use crate::support::provider::Answer;

/// Verifies an odd interaction `odd` at `/odd` beside a good one.
fn beside_a_good_one(odd: &Value, answer: &Answer) -> Verified {
    let table = [("GET /odd", std::slice::from_ref(answer)), ("GET /good", &[status(200)])];
    let gate = Gate::new(&[odd.clone(), get("/good")], &table);
    gate.verify(&[])
}

fn odd(response: &Value) -> Value {
    http("odd", &json!({ "method": "GET", "path": "/odd" }), response)
}

/// The odd interaction ends with this, and the other one passes all the same.
fn ends_with(verified: &Verified, status: i32, verdict: &str) {
    assert_eq!(verified.verdicts(), format!("odd {verdict}\nget /good passed"), "{}", verified.output);
    assert_eq!(verified.status(), status);
    assert!(verified.output.stderr.is_empty(), "{}", verified.output);
}

#[test]
fn pitfall_31_a_broken_pact_is_refused_and_the_others_are_verified() {
    let interaction = |response: Value| json!({ "description": "odd", "request": { "method": "GET", "path": "/odd" }, "response": response });
    let far = json!({ "$.body[99999999999999999999999]": { "match": "type" } });
    let mut said = Vec::new();
    for response in [
        json!({ "status": "200" }),
        json!({ "status": null }),
        json!({ "status": -1 }),
        // Some writers know floating-point numbers only; none of the known ones writes a status so.
        json!({ "status": 200.0 }),
        json!({ "status": 200, "headers": { "Content-Type": [] } }),
        json!({ "status": 200, "body": [1], "matchingRules": far }),
    ] {
        let gate = Gate::with_pact(&pact(&[get("/good")]), &[("GET /good", &[status(200)])]);
        let broken = pact_of("other", "2.0.0", &[interaction(response.clone())]);
        gate.sandbox.write("pacts/broken.json", &broken.to_string());
        let verified = gate.verify(&[]);
        assert_eq!((verified.status(), verified.verdicts().as_str()), (2, "get /good passed"), "{response}");
        assert!(verified.output.stdout.contains("pacts/broken.json:1:"), "{}", verified.output);
        assert!(verified.output.stderr.is_empty(), "{}", verified.output);
        assert_eq!(gate.asked(), ["GET /good"], "nothing of the broken pact is replayed");
        let findings = verified.report["findings"].as_array().cloned().unwrap_or_default();
        said.extend(
            findings
                .iter()
                .map(|finding| format!("{}: {}", text(&finding["code"]), text(&finding["message"]))),
        );
    }
    insta::assert_snapshot!(said.join("\n"), @"
    bad-type: `status` is a text, not a whole number
    bad-type: `status` is null, not a whole number
    out-of-range: `status` is -1, and must be 100 to 599
    bad-type: `status` is 200.0, not a whole number
    out-of-range: the header `Content-Type` has no value
    bad-path: the path `$.body[99999999999999999999999]` cannot be read: the position 99999999999999999999999 is too large at character 8
    ");
}

#[test]
fn pitfall_32_a_pattern_that_backtracks_for_ever_is_an_error_of_one_interaction() {
    let rules = json!({ "body": { "$.a": { "matchers": [{ "match": "regex", "regex": "^(a+)+$" }] } } });
    let response =
        json!({ "status": 200, "body": json_body(&json!({ "a": "aaa" })), "matchingRules": rules });
    let near_miss = format!("{}!", "a".repeat(5_000));
    let verified = beside_a_good_one(&odd(&response), &Answer::json(200, &json!({ "a": near_miss })));
    insta::assert_snapshot!(verified.verdicts(), @"
    odd error matching-crashed
    get /good passed
    ");
    assert_eq!(verified.status(), 3);
    assert!(verified.output.stderr.is_empty(), "{}", verified.output);
}

/// XML nested so deeply.
fn nested(depth: usize) -> String {
    format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth))
}

#[test]
fn pitfall_32_deep_xml_is_an_error_of_one_interaction() {
    let xml = |depth: usize| json!({ "contentType": "application/xml", "content": nested(depth) });
    let answer =
        |depth: usize| Answer::with(200, &[("Content-Type", "application/xml")], nested(depth).as_bytes());
    let started = Instant::now();
    for (expected, received) in [(1_100, 1_100), (3, 1_100), (1_100, 3), (3, 100_000), (100_000, 100_000)] {
        let response = json!({ "status": 200, "body": xml(expected) });
        let verified = beside_a_good_one(&odd(&response), &answer(received));
        ends_with(&verified, 3, "error too-deep");
    }
    // Five of them, the deepest twice, in less time than the reference needs for one.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    let response = json!({ "status": 200, "body": xml(200) });
    ends_with(&beside_a_good_one(&odd(&response), &answer(200)), 0, "passed");
}

#[test]
fn pitfall_32_json_that_is_too_deep_to_be_read_is_an_error_of_one_interaction() {
    let deep = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let response = json!({ "status": 200, "body": json_body(&json!([[1]])) });
    let answer = Answer::with(200, &[("Content-Type", "application/json")], deep(100_000).as_bytes());
    ends_with(&beside_a_good_one(&odd(&response), &answer), 3, "error too-deep");
    // As deep as is still read, it is compared, in either way.
    let shallow =
        |depth: usize| Answer::with(200, &[("Content-Type", "application/json")], deep(depth).as_bytes());
    ends_with(&beside_a_good_one(&odd(&response), &shallow(2)), 0, "passed");
    let other = beside_a_good_one(&odd(&response), &shallow(100));
    assert_eq!(other.status(), 1, "{}", other.output);
    assert!(other.verdicts().starts_with("odd failed ") && !other.verdicts().contains("body-mismatch"));
}

#[test]
fn pitfall_32_a_comparison_that_takes_too_long_is_an_error_of_one_interaction() {
    let variant = |index: usize| {
        json!({
            "index": index,
            "rules": { "$.id": { "matchers": [{ "match": "equality" }], "combine": "AND" } },
            "generators": {},
        })
    };
    // So many variants against as many items, none of which is among them.
    let verified = |size: usize, limit: &str| {
        let variants: Vec<Value> = (0..size).map(variant).collect();
        let items: Vec<Value> = (0..size).map(|id| json!({ "id": id, "text": "a".repeat(200) })).collect();
        let others = (0..size).map(|id| json!({ "id": 1_000 + id, "text": "b".repeat(200) }));
        let others: Vec<Value> = others.collect();
        let rules =
            json!({ "body": { "$": { "matchers": [{ "match": "arrayContains", "variants": variants }] } } });
        let response = json!({ "status": 200, "body": json_body(&json!(items)), "matchingRules": rules });
        let table = [("GET /odd", &[Answer::json(200, &json!(others))][..]), ("GET /good", &[status(200)])];
        let gate = Gate::new(&[odd(&response), get("/good")], &table);
        gate.verify(&["--matching-timeout", limit])
    };
    ends_with(&verified(400, "20ms"), 3, "error matching-timed-out");
    // It is the size that takes the time: a small one of the same kind is judged.
    let small = verified(3, "10s");
    assert_eq!(small.status(), 1, "{}", small.output);
    assert!(small.verdicts().starts_with("odd failed "), "{}", small.output);
}

/// An interaction whose request has these generators, in a pact beside that of a good one.
fn generating(generators: &Value) -> (Verified, Vec<String>) {
    let request = json!({
        "method": "POST", "path": "/odd", "body": json_body(&json!({ "a": "x" })), "generators": generators,
    });
    let odd = http("odd", &request, &json!({ "status": 200 }));
    let table: [(&str, &[Answer]); 2] = [("POST /odd", &[status(200)]), ("GET /good", &[status(200)])];
    let gate = Gate::with_pact(&pact_of("other", "4.0", &[odd]), &table);
    gate.sandbox.write("pacts/good.json", &pact(&[get("/good")]).to_string());
    let verified = gate.verify(&[]);
    let asked = gate.provider.asked();
    let bodies = asked.iter().filter(|asked| asked.request_line().starts_with("POST"));
    (verified, bodies.map(|asked| String::from_utf8_lossy(&asked.body).into_owned()).collect())
}

#[test]
fn pitfall_33_generators_that_cannot_work_are_defects_of_their_pact() {
    let cases = [
        json!({ "type": "RandomInt", "min": 10, "max": 1 }),
        json!({ "type": "Date", "format": "yyyy-MM-dd", "expression": "+ 2000000000 days" }),
        json!({ "type": "Regex", "regex": "a{100000000}" }),
        json!({ "type": "RandomHexadecimal", "digits": -1 }),
    ];
    let mut said = Vec::new();
    for generator in cases {
        let (verified, sent) = generating(&json!({ "body": { "$.a": generator } }));
        assert_eq!((verified.status(), verified.verdicts().as_str()), (2, "get /good passed"));
        assert!(verified.output.stderr.is_empty(), "{}", verified.output);
        assert!(sent.is_empty(), "{sent:?}");
        said.extend(verified.noted());
    }
    insta::assert_snapshot!(said.join(" "), @"out-of-range out-of-range out-of-range out-of-range");
}

#[test]
fn pitfall_33_hexadecimal_digits_repeat_and_there_are_as_many_as_asked_for() {
    let (verified, sent) =
        generating(&json!({ "body": { "$.a": { "type": "RandomHexadecimal", "digits": 40 } } }));
    assert_eq!(verified.status(), 0, "{}", verified.output);
    let body: Value = serde_json::from_str(&sent[0]).expect("JSON is sent");
    let made = body["a"].as_str().expect("a text");
    assert_eq!(made.len(), 40);
    assert!(made.chars().all(|c| c.is_ascii_hexdigit()), "{made}");
}
