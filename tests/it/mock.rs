//! The mock that `record`, `stub` and the consumer library share.

use std::sync::Arc;
use std::time::Duration;

use pactwright::contract::{self, Contract};
use pactwright::mock::{Cors, Mock, Options, Order, Record, explained};
use serde_json::{Value, json};

use crate::support::plain_http::{connection, send};

fn contract(interactions: &Value) -> Arc<Contract> {
    let pact = json!({
        "consumer": { "name": "support" },
        "provider": { "name": "faq" },
        "interactions": interactions,
        "metadata": { "pactSpecification": { "version": "3.0.0" } },
    });
    let reading = contract::read("support-faq.json", format!("{pact:#}").into_bytes());
    Arc::new(reading.contract.unwrap_or_else(|| panic!("{:#?}", reading.findings)))
}

/// Three expectations of one consumer.
fn faqs() -> Arc<Contract> {
    contract(&json!([
        {
            "description": "a FAQ",
            "request": { "method": "GET", "path": "/faqs/7" },
            "response": { "status": 200, "headers": { "Content-Type": "application/json" }, "body": { "id": 7 } },
        },
        {
            "description": "a FAQ from a ticket",
            "request": {
                "method": "POST",
                "path": "/v2/create",
                "headers": { "Content-Type": "application/json" },
                "body": { "question": "Why?", "source": "kb", "related": [7] },
                "matchingRules": {
                    "body": { "$.question": { "matchers": [{ "match": "type" }] },
                              "$.source": { "matchers": [{ "match": "regex", "regex": "[a-z]+" }] },
                              "$.related": { "matchers": [{ "match": "type" }] } },
                },
            },
            "response": { "status": 201 },
        },
        {
            "description": "a page of the list",
            "request": { "method": "GET", "path": "/faqs", "query": { "page": ["2"], "size": ["10"] } },
            "response": { "status": 200, "headers": { "Set-Cookie": ["a=1", "b=2"], "Vary": ["Accept", "Origin"] } },
        },
    ]))
}

fn started(contract: &Arc<Contract>) -> Mock {
    Mock::start(&[Arc::clone(contract)], Options::default()).expect("a loopback port is free")
}

const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];

#[test]
fn a_request_that_is_expected_is_answered_and_counted_and_the_rest_is_named() {
    let contract = faqs();
    let mock = started(&contract);
    let answer = send(mock.url(), "GET", "/faqs/7", &[], b"");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(answer.json(), json!({ "id": 7 }));
    let body = json!({ "question": "How?", "source": "blog", "related": [1, 2] }).to_string();
    assert_eq!(send(mock.url(), "POST", "/v2/create", JSON, body.as_bytes()).status, 201);
    assert_eq!(send(mock.url(), "GET", "/faqs/%37", &[], b"").status, 200);
    let record = mock.stop();
    assert_eq!(record.hits, [vec![2, 1, 0]]);
    assert!(record.misses.is_empty());
    assert_eq!(record.unused(&[contract]), [(0, 2)]);
}

/// The text that the client gets, which is the text that is kept.
fn said(mock: Mock, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
    let answer = send(mock.url(), method, target, headers, body);
    assert_eq!((answer.status, answer.header("content-type")), (500, Some("text/plain; charset=utf-8")));
    let record = mock.stop();
    let texts: Vec<String> = record.misses.iter().map(explained).collect();
    assert_eq!(texts, [answer.text()]);
    answer.text()
}

#[test]
fn a_path_that_nobody_expects_is_explained_by_the_nearest_one() {
    insta::assert_snapshot!(said(started(&faqs()), "GET", "/faqs/8", &[], b""), @r#"
    unexpected request: GET /faqs/8
    nearest expectation: "a FAQ" (support-faq.json:9:5)
      path: expected "/faqs/7", got "/faqs/8" [path-mismatch]
    "#);
    insta::assert_snapshot!(said(started(&faqs()), "PUT", "/faqs/7", &[], b""), @r#"
    unexpected request: PUT /faqs/7
    nearest expectation: "a FAQ" (support-faq.json:9:5)
      method: expected GET, got PUT [method-mismatch]
    "#);
    insta::assert_snapshot!(said(started(&faqs()), "GET", "/completely/other", &[], b""), @"
    unexpected request: GET /completely/other
    no expectation is near it; these are expected:
      GET /faqs/7
      POST /v2/create
      GET /faqs
    ");
}

#[test]
fn every_difference_of_query_header_and_body_is_named() {
    insta::assert_snapshot!(said(started(&faqs()), "GET", "/faqs?page=3&sort=up", &[], b""), @r#"
    unexpected request: GET /faqs?page=3&sort=up
    nearest expectation: "a page of the list" (support-faq.json:71:5)
      query.page: expected "2", got "3" [query-mismatch]
      query.size: the parameter is missing; expected "10" [query-mismatch]
      query.sort: the parameter is not expected; got "up" [query-mismatch]
    "#);
    let body = json!({ "question": 7, "source": 5, "related": [], "more": true }).to_string();
    insta::assert_snapshot!(said(started(&faqs()), "POST", "/v2/create", JSON, body.as_bytes()), @r#"
    unexpected request: POST /v2/create
    nearest expectation: "a FAQ from a ticket" (support-faq.json:25:5)
      body $.more: the field is not expected [unexpected-field]
      body $.question: expected a string, such as "Why?", got the number 7 [wrong-type]
      body $.related: expected at least one item like the example, got an empty list (expected [7], received []) [wrong-length]
      body $.source: the number 5 does not satisfy regex /[a-z]+/ [wrong-pattern]
          {
        -   "question": "Why?"   (type)
        +   "question": 7
        -   "source": "kb"   (regex /[a-z]+/)
        +   "source": 5
        -   "related": [   (type)
        -     7
        -   ]
        +   "related": []
        +   "more": true
          }
    "#);
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    insta::assert_snapshot!(said(started(&faqs()), "POST", "/v2/create", &form, b"question=Why"), @r#"
    unexpected request: POST /v2/create
    nearest expectation: "a FAQ from a ticket" (support-faq.json:25:5)
      header Content-Type: expected "application/json", got "application/x-www-form-urlencoded" [header-mismatch]
      body: expected the content type application/json, got application/x-www-form-urlencoded [content-type-mismatch]
    "#);
}

#[test]
fn headers_go_out_as_http_wants_them() {
    let mock = started(&faqs());
    let answer = send(mock.url(), "GET", "/faqs?size=10&page=2", &[], b"");
    let cookies: Vec<_> = answer.headers.iter().filter(|(name, _)| name == "set-cookie").collect();
    assert_eq!(cookies.len(), 2, "{answer:?}");
    assert_eq!(answer.header("vary"), Some("Accept, Origin"));
    assert_eq!(mock.stop().hits, [vec![0, 0, 1]]);
}

fn twins() -> Arc<Contract> {
    let there = |state: &str, status: u16, path: &str| {
        json!({
            "description": format!("a FAQ, {state}"),
            "providerStates": [{ "name": state }],
            "request": { "method": "GET", "path": path },
            "response": { "status": status },
        })
    };
    let mut any = there("any", 202, "/faqs/1");
    any["request"]["matchingRules"] =
        json!({ "path": { "matchers": [{ "match": "regex", "regex": "/faqs/\\d+" }] } });
    contract(&json!([any, there("it exists", 200, "/faqs/7"), there("it does not", 404, "/faqs/7")]))
}

#[test]
fn a_path_that_is_written_out_goes_first_and_equals_take_turns() {
    let mock = started(&twins());
    let status = |path: &str| send(mock.url(), "GET", path, &[], b"").status;
    assert_eq!([status("/faqs/7"), status("/faqs/7"), status("/faqs/9")], [200, 404, 202]);
    assert_eq!(mock.stop().hits, [vec![1, 1, 1]]);
}

#[test]
fn pitfall_21_the_same_request_in_another_state_is_an_interaction_of_its_own() {
    let contract = twins();
    let mock = started(&contract);
    send(mock.url(), "GET", "/faqs/7", &[], b"");
    assert_eq!(mock.stop().unused(&[contract]), [(0, 0), (0, 2)]);
}

#[test]
fn a_filter_chooses_by_state_and_the_first_can_always_answer() {
    let options = Options {
        order: Order::First,
        admits: Some(Arc::new(|incoming, interaction| {
            incoming
                .header("x-state")
                .is_none_or(|state| interaction.states.iter().any(|one| one.name == state))
        })),
        ..Options::default()
    };
    let mock = Mock::start(&[twins()], options).expect("a loopback port is free");
    let status = |state: &[(&str, &str)]| send(mock.url(), "GET", "/faqs/7", state, b"").status;
    assert_eq!([status(&[]), status(&[]), status(&[("X-State", "it does not")])], [200, 200, 404]);
    assert_eq!(status(&[("X-State", "unheard of")]), 500);
}

#[test]
fn generators_run_and_know_where_the_mock_is() {
    let contract = contract(&json!([{
        "description": "a link",
        "request": { "method": "GET", "path": "/" },
        "response": {
            "status": 200,
            "headers": { "Content-Type": "application/json" },
            "body": { "next": "http://example.com/faqs/7", "token": "0" },
            "generators": { "body": {
                "$.next": { "type": "MockServerURL", "example": "http://example.com/faqs/7", "regex": ".*(/faqs/7)$" },
                "$.token": { "type": "RandomHexadecimal", "digits": 40 },
            } },
        },
    }]));
    let mock = started(&contract);
    let answer = send(mock.url(), "GET", "/", &[], b"").json();
    assert_eq!(answer["next"], format!("{}/faqs/7", mock.url()));
    assert_eq!(answer["token"].as_str().map(str::len), Some(40));
}

#[test]
fn web_pages_may_call_it_when_they_are_let() {
    let options = Options { cors: Cors::Any, ..Options::default() };
    let mock = Mock::start(&[faqs()], options).expect("a loopback port is free");
    let asks = [("Origin", "http://localhost:3000"), ("Access-Control-Request-Method", "PUT")];
    let answer = send(mock.url(), "OPTIONS", "/faqs/7", &asks, b"");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, Some("*")));
    assert_eq!(answer.header("access-control-allow-methods"), Some("PUT"));
    assert_eq!(send(mock.url(), "GET", "/faqs/7", &[], b"").header("access-control-allow-origin"), Some("*"));
    assert!(mock.stop().misses.is_empty());
    assert_eq!(send(started(&faqs()).url(), "OPTIONS", "/faqs/7", &asks, b"").status, 500);
}

#[test]
fn several_contracts_are_answered_from_one_address_and_can_be_replaced() {
    let mock = Mock::start(&[faqs(), twins()], Options::default()).expect("a loopback port is free");
    assert_eq!(send(mock.url(), "GET", "/faqs/9", &[], b"").status, 202);
    mock.replace(&[faqs()]);
    assert_eq!(send(mock.url(), "GET", "/faqs/9", &[], b"").status, 500);
    let Record { hits, misses, .. } = mock.stop();
    assert_eq!((hits, misses.len()), (vec![vec![0, 0, 0]], 1));
}

#[test]
fn a_crash_of_the_matcher_is_a_miss_with_a_reason() {
    let contract = contract(&json!([{
        "description": "a slow pattern",
        "request": {
            "method": "POST", "path": "/", "headers": { "Content-Type": "application/json" }, "body": { "a": "aaa" },
            "matchingRules": { "body": { "$.a": { "matchers": [{ "match": "regex", "regex": "^(a+)+$" }] } } },
        },
        "response": { "status": 200 },
    }]));
    let body = json!({ "a": format!("{}!", "a".repeat(60)) }).to_string();
    let text = said(started(&contract), "POST", "/", JSON, body.as_bytes());
    assert!(text.contains("[matching-crashed]"), "{text}");
}

#[test]
fn stopping_does_not_wait_for_connections_that_are_kept_open() {
    let mock = started(&faqs());
    let _open = connection(mock.url());
    let started = std::time::Instant::now();
    let record = mock.stop();
    assert!(started.elapsed() < Duration::from_millis(400), "{:?}", started.elapsed());
    assert!(record.misses.is_empty());
}

#[tokio::test]
async fn it_can_be_ended_inside_a_future_of_any_runtime() {
    let mock = started(&faqs());
    let url = mock.url().to_owned();
    let asked = tokio::task::spawn_blocking(move || send(&url, "GET", "/faqs/7", &[], b"").status);
    assert_eq!(asked.await.expect("the client does not panic"), 200);
    assert_eq!(mock.stopped().await.hits, [vec![1, 0, 0]]);
}

#[test]
fn an_answer_that_cannot_be_given_is_no_use_of_its_interaction() {
    let answering = |path: &str, body: &Value| {
        json!({
            "description": path,
            "request": { "method": "GET", "path": path },
            "response": {
                "status": 200,
                "headers": { "X-Id": "7", "Content-Type": "application/json" },
                "body": { "id": "7" },
                "generators": body,
            },
        })
    };
    let contract = contract(&json!([
        answering("/body", &json!({ "body": { "$.id": { "type": "Regex", "regex": "(?=x)x" } } })),
        answering("/header", &json!({ "header": { "X-Id": { "type": "Regex", "regex": "\n" } } })),
    ]));
    let mock = started(&contract);
    let said = ["/body", "/header"].map(|path| send(mock.url(), "GET", path, &[], b"").text());
    let record = mock.stop();
    assert_eq!(record.hits, [[0, 0]]);
    let unanswered: Vec<String> = record.unanswered.iter().map(ToString::to_string).collect();
    assert_eq!(unanswered, said.map(|text| text.trim_end().to_owned()));
    insta::assert_snapshot!(unanswered[1], @r#""/header" cannot be answered: the header `X-Id: \n` cannot be sent over HTTP"#);
}
