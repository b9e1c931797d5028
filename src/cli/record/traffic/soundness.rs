//! A draft accepts what it was drafted from, whatever that was.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::*;
use crate::contract::Exchange;
use crate::matching::{Actual, Answer, Incoming, judge, judge_request};
use crate::mock;
use crate::record::{self, Source, Wanted};

const URL: &str = "http://faq.example:8080";

fn json_value() -> impl Strategy<Value = Value> {
    let text = select(vec![
        "",
        "a",
        "true",
        "# x",
        "it's \"so\": {yes}\n",
        "${x}",
        "2026-11-25",
        "2026-11-26",
        "x=y&z",
        "password=hidden",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "http://faq.example:8080/faqs?page=2",
        "http://faq.example:8080/faqs/7",
        "http://faq.example:8080",
        " ä ",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..40).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        select(vec![1.0, -2.5, 0.1, 1e300, 1e-7]).prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    let keys = select(vec!["id", "$ref", "$$like", "a b", "token", "it's", "", "x]", "n", "true", "ä"]);
    leaf.prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..4).prop_map(|fields| {
                fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>().into()
            }),
        ]
    })
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = select(vec!["page", "a b", "a[]", "a.b", "$x", "token", "ä", "it's", "id"]);
    let text = select(vec!["1", "22", "", "a b", "x&y=z", "Ö", "it's", "0"]);
    prop::collection::vec((name, text).prop_map(|(name, text)| (name.to_owned(), text.to_owned())), 0..4)
}

fn body() -> impl Strategy<Value = (Option<&'static str>, Vec<u8>)> {
    let json =
        select(vec!["application/json", "application/json; charset=utf-8", "application/problem+json"]);
    let text =
        select(vec!["", "hello", "hello, you\n", "a=1&b=2", "password: s3cr3t", "12345678901234567890123"]);
    let kind = select(vec![
        None,
        Some("text/plain"),
        Some("text/html; charset=utf-8"),
        Some("application/json"),
        Some("application/xml"),
        Some("application/octet-stream"),
    ]);
    let long = select(vec![
        "12345678901234567890123",
        "[1, 0.1234567890123456789]",
        "{\"x]\": 12345678901234567890123, \"id\": 1}",
        "1e400",
        "7",
    ]);
    let form = |pairs: Vec<(String, String)>| {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
    };
    prop_oneof![
        Just((None, Vec::new())),
        (json.clone(), json_value()).prop_map(|(kind, value)| (Some(kind), value.to_string().into_bytes())),
        (json, json_value(), long).prop_map(|(kind, value, long)| {
            (Some(kind), format!("{{\"a\": {long}, \"b\": {value}}}").into_bytes())
        }),
        pairs().prop_map(move |pairs| (Some("application/x-www-form-urlencoded"), form(pairs))),
        (kind, text).prop_map(|(kind, text)| (kind, text.as_bytes().to_vec())),
        select(vec!["<a>1</a>", "<a>2</a>", "<b><c/></b>"])
            .prop_map(|xml| (Some("application/xml"), xml.as_bytes().to_vec())),
        prop::collection::vec(any::<u8>(), 1..6).prop_map(|bytes| (Some("image/png"), bytes)),
    ]
}

fn said() -> impl Strategy<Value = Said> {
    let header = (
        select(vec![
            "x-tenant",
            "accept-language",
            "authorization",
            "location",
            "x-api-key",
            "user-agent",
            "allow",
            "accept",
            "cache-control",
            "etag",
            "idempotency-key",
            "if-none-match",
            "last-modified",
            "link",
            "prefer",
        ]),
        select(vec![
            "a",
            "7",
            "8",
            "Bearer abc",
            "a, b",
            "",
            "http://faq.example:8080/faqs/7",
            "/faqs/9",
            "http://faq.example:8080/faqs/8",
            "application/vnd.faq.v2+json",
            "\"v7\"",
            "Wed, 21 Oct 2015 07:28:00 GMT",
            "<http://faq.example:8080/faqs?page=2>; rel=\"next\", </faqs>; rel=\"prev\"",
        ]),
    );
    (prop::collection::vec(header, 0..3), body()).prop_map(|(headers, (kind, body))| {
        let kind = kind.map(|kind| ("Content-Type", kind));
        let all = headers.into_iter().chain(kind);
        Said { headers: all.map(|(name, text)| (name.to_owned(), text.to_owned())).collect(), body }
    })
}

fn call() -> impl Strategy<Value = Seen> {
    let path = select(vec!["/faqs", "/faqs/7", "/faqs/8", "/a%20b", "/a.b", "/v1/create/", "/a%3Fb", "/"]);
    let query = prop_oneof![
        Just(None),
        Just(Some("all".to_owned())),
        pairs().prop_map(|pairs| Some(
            form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
        )),
    ];
    let line = (select(vec!["GET", "POST"]), path, query, select(vec![200_u16, 404]));
    (line, said(), said()).prop_map(|((method, path, query, status), request, response)| Seen {
        method: method.to_owned(),
        path: path.to_owned(),
        query,
        request,
        status,
        response,
    })
}

fn incoming(call: &Seen) -> Incoming {
    Incoming {
        method: call.method.clone(),
        path: call.path.clone(),
        query: call.query.clone(),
        headers: call.request.headers.clone(),
        body: call.request.body.clone(),
    }
}

/// Why the draft is not about a call.
fn unlike(contract: &Arc<crate::contract::Contract>, call: &Seen) -> Option<String> {
    let incoming = incoming(call);
    if let Err(miss) = mock::which(std::slice::from_ref(contract), &incoming) {
        return Some(mock::explained(&miss));
    }
    let answer = Actual::Http(Answer {
        status: call.status,
        headers: call.response.headers.clone(),
        body: call.response.body.clone(),
    });
    let mut reasons = Vec::new();
    for interaction in &contract.interactions {
        let Exchange::Http { request, .. } = &interaction.exchange else { continue };
        match judge_request(contract, interaction, request, &incoming) {
            Ok(judgement) if judgement.judged.is_empty() => {}
            _ => continue,
        }
        match judge(contract, interaction, &answer, &Map::new(), &BTreeSet::new()) {
            Ok(judgement) if judgement.judged.is_empty() => return None,
            Ok(judgement) => reasons.extend(
                judgement.judged.iter().map(|one| format!("{}: {:?}", interaction.description, one.finding)),
            ),
            Err(finding) => reasons.push(format!("{finding:?}")),
        }
    }
    Some(format!("no interaction has an answer like this one: {reasons:#?}"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_draft_accepts_each_call_and_each_answer_that_it_was_drafted_from(
        calls in prop::collection::vec(call(), 1..6),
    ) {
        let between = Between { consumer: "support", provider: "faq", env: "FAQ_API", url: URL };
        let text = draft(between, &calls, &Redactor::default());
        prop_assert!(!text.contains("abc") && !text.contains("s3cr3t"), "{text}");
        let read = record::read(Source { name: "draft.yaml", text: &text }, &Wanted::default());
        let recording = match read {
            Ok(recording) => recording,
            Err(findings) => return Err(TestCaseError::fail(format!("{text}\n{findings:#?}"))),
        };
        let contract = Arc::new(recording.contract);
        for call in &calls {
            if let Some(why) = unlike(&contract, call) {
                return Err(TestCaseError::fail(format!("{text}\n{call:?}\n{why}")));
            }
        }
    }
}

#[test]
fn a_body_of_several_parts_is_drafted_once_and_taken_with_any_boundary() {
    let call = |boundary: &str, content: &[u8]| {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let kind = format!("multipart/form-data; boundary={boundary}");
        let tail = format!("\r\n--{boundary}--\r\n");
        Seen {
            method: "POST".to_owned(),
            path: "/files".to_owned(),
            query: None,
            request: Said {
                headers: vec![("content-type".to_owned(), kind)],
                body: [head.as_bytes(), content, tail.as_bytes()].concat(),
            },
            status: 201,
            response: Said { headers: Vec::new(), body: Vec::new() },
        }
    };
    for content in [&b"some text"[..], b"\xff\x00\xfe"] {
        let calls = ["ZZ", "another-one-7"].map(|boundary| call(boundary, content));
        let between = Between { consumer: "support", provider: "faq", env: "FAQ_API", url: URL };
        let text = draft(between, &calls, &Redactor::default());
        let read = record::read(Source { name: "draft.yaml", text: &text }, &Wanted::default());
        let contract = Arc::new(read.expect("a sound draft").contract);
        assert_eq!(contract.interactions.len(), 1, "{text}");
        for boundary in ["ZZ", "another-one-7", "that-of-tomorrow"] {
            assert_eq!(unlike(&contract, &call(boundary, content)), None, "{text}");
        }
        assert!(unlike(&contract, &call("ZZ", b"some other content")).is_some(), "{text}");
    }
}

#[test]
fn a_number_that_cannot_be_written_is_left_open_and_not_shown() {
    let call = Seen {
        method: "GET".to_owned(),
        path: "/a".to_owned(),
        query: None,
        request: Said::default(),
        status: 200,
        response: Said {
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: br#"{"a": 1, "b": [{"id": 12345678901234567890123}]}"#.to_vec(),
        },
    };
    let between = Between { consumer: "support", provider: "faq", env: "FAQ_API", url: URL };
    let text = draft(between, &[call], &Redactor::default());
    let id = "id: { $number: 1 } # guess: what was seen has more digits than 64 bits hold";
    assert!(text.contains(id) && text.contains("a: { $integer: 1 }"), "{text}");
    assert!(!text.contains("12345678901"), "{text}");
}

#[test]
fn what_differs_between_calls_is_a_guess_and_not_the_first_one() {
    let call = |path: &str, query: &str, body: Value, answer: Value| Seen {
        method: "POST".to_owned(),
        path: path.to_owned(),
        query: Some(query.to_owned()),
        request: Said {
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: body.to_string().into_bytes(),
        },
        status: 201,
        response: Said {
            headers: vec![
                ("Content-Type".to_owned(), "application/json".to_owned()),
                ("location".to_owned(), format!("{URL}{path}")),
            ],
            body: answer.to_string().into_bytes(),
        },
    };
    let calls = [
        call("/faqs/1", "page=2", json!({ "q": "a", "s": "x", "r": [1, 2] }), json!({ "id": 1, "t": [] })),
        call(
            "/faqs/2",
            "page=3",
            json!({ "q": "b", "s": "x", "r": [3] }),
            json!({ "id": 2.5, "t": ["x"], "n": null }),
        ),
        call("/faqs/2", "page=3", json!({ "q": "b" }), json!({ "$ref": ["$x"] })),
    ];
    let between = Between { consumer: "support", provider: "faq", env: "FAQ_API", url: URL };
    insta::assert_snapshot!(draft(between, &calls, &Redactor::default()));
}
