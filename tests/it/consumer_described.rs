//! What is written for what a test describes, in each version of the specification.

use pact_consumer::prelude::*;
use pact_consumer::{each_like, json_pattern, like, term};
use pactwright::consumer::generators::{DataType, UuidForm, mock_server_url, provider_state, uuid};
use pactwright::consumer::matchers::{
    Status, array_contains, boolean, each_key, each_value, equality, include, like as same_type, not_empty,
    one_of_statuses, regex, semver, status, values,
};
use pactwright::consumer::{FormPart, matching};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::consumer::{Repository, ask, get};

#[derive(Debug, Serialize, Deserialize)]
struct Faq {
    id: u32,
    question: String,
    tags: Vec<String>,
}

#[test]
fn an_answer_is_recorded_with_the_types_of_its_example() {
    let repository = Repository::new();
    let (head, body) = repository
        .faq()
        .http("a request for one FAQ")
        .given_with("a FAQ exists", json!({"id": 7}))
        .get(matching("/faqs/7", regex(r"^/faqs/\d+$")).from_state("/faqs/${id}"))
        .query("lang", "en")
        .query("tag", "a b")
        .query("tag", "c")
        .header("Accept", "application/json")
        .replies(200)
        .json(Faq { id: 7, question: "Why?".to_owned(), tags: vec!["a".to_owned()] })
        .rule("$.question", not_empty().and(include("?")))
        .generate("$.id", provider_state("${id}", DataType::Integer))
        .run(|server| {
            let head = "GET /faqs/8?lang=en&tag=a%20b&tag=c HTTP/1.1\r\nAccept: application/json\r\n";
            Ok::<_, String>(ask(server, head, ""))
        });
    assert_eq!(
        (head.as_str(), body.as_str()),
        ("HTTP/1.1 200 OK", r#"{"id":7,"question":"Why?","tags":["a"]}"#)
    );
    insta::assert_snapshot!(repository.only());
}

#[test]
fn version_2_and_3_have_forms_of_their_own() {
    let (second, third) = (Repository::new(), Repository::new());
    for pact in [second.faq().v2(), third.faq().v3()] {
        pact.http("a new FAQ")
            .given("no FAQ exists")
            .post("/faqs")
            .query("dry run", "yes")
            .json_like(json!({"question": "Why?", "related": [3]}))
            .replies(201)
            .header("Location", matching("/faqs/7", regex(r"^/faqs/\d+$")))
            .json(json!({"id": 7, "open": true}))
            .run(|server| {
                let head = "POST /faqs?dry+run=yes HTTP/1.1\r\nContent-Type: application/json\r\n";
                let (status, _) = ask(server, head, r#"{"question": "How?", "related": [1, 2]}"#);
                assert_eq!(status, "HTTP/1.1 201 Created");
            });
    }
    insta::assert_snapshot!("version_2", second.only());
    insta::assert_snapshot!("version_3", third.only());
}

#[test]
fn every_matcher_and_the_patterns_of_pact_consumer_can_be_written() {
    let repository = Repository::new();
    repository
        .faq()
        .http("everything")
        .post(term!(r"^/all/\d+$", "/all/7"))
        .json_pattern(json_pattern!({
            "name": like!("a"),
            "ids": each_like!(7, min = 2),
            "code": term!("^[a-z]+$", "abc"),
        }))
        .replies(200)
        .status_rule(status(Status::Success).or(one_of_statuses(&[404])))
        .json(json!({
            "version": "1.2.3",
            "by_name": {"one": {"size": 1}},
            "by_id": {"a1": 1, "b2": 2},
            "links": [{"rel": "self", "new": true}, {"rel": "next", "new": false}],
            "url": "http://faq/7",
            "uuid": "936DA01F-9ABD-4D9D-80C7-02AF85C822A8",
        }))
        .rule("$.version", semver())
        .rule("$.by_name", values())
        .rule("$.by_id", each_key(regex("^[a-z][0-9]$")).and(each_value(same_type())))
        .rule("$.links", array_contains([(0, vec![("$.rel", equality())]), (1, vec![("$.new", boolean())])]))
        .generate("$.url", mock_server_url("http://faq/7", ".*(/\\d+)$"))
        .generate("$.uuid", uuid(UuidForm::UpperCase))
        .run(|server| {
            let head = "POST /all/8 HTTP/1.1\r\nContent-Type: application/json\r\n";
            let (status, body) = ask(server, head, r#"{"name": "b", "ids": [1, 2, 3], "code": "z"}"#);
            let body: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(
                (status.as_str(), body["url"].as_str()),
                ("HTTP/1.1 200 OK", Some(format!("{}/7", server.url()).as_str()))
            );
            assert_ne!(body["uuid"], "936DA01F-9ABD-4D9D-80C7-02AF85C822A8", "it is made anew");
        });
    insta::assert_snapshot!(repository.only());
}

#[test]
fn bodies_may_be_forms_text_xml_bytes_or_of_several_parts() {
    let repository = Repository::new();
    let faq = repository.faq();
    let send = |server: &pactwright::consumer::Server, content_type: &str, body: &str| {
        let head = format!("POST /{} HTTP/1.1\r\nContent-Type: {content_type}\r\n", content_type.len());
        let (status, body) = ask(server, &head, body);
        assert_eq!(status, "HTTP/1.1 200 OK", "{body}");
        body
    };
    let form = "application/x-www-form-urlencoded";
    let answer = faq
        .http("form")
        .post(format!("/{}", form.len()))
        .form([("question", "Why & how?"), ("source", "é")])
        .replies(200)
        .text("done")
        .run(|server| Ok::<_, String>(send(server, form, "question=Why+%26+how%3F&source=%C3%A9")));
    assert_eq!(answer, "done");
    let answer = faq
        .http("xml")
        .post("/15")
        .xml("<faq><id>7</id></faq>")
        .replies(200)
        .xml("<ok/>")
        .run(|server| Ok::<_, String>(send(server, "application/xml", "<faq> <id>7</id> </faq>")));
    assert_eq!(answer, "<ok/>");
    faq.http("upload")
        .post("/33")
        .multipart([FormPart::field("title", "a"), FormPart::file("note", "n.txt", "text/plain", b"hello")])
        .replies(200)
        .binary("application/octet-stream", b"PK\x03\x04")
        .run(|server| {
            let body = "--own\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na\r\n--own\r\n\
                        Content-Disposition: form-data; name=\"note\"; filename=\"n.txt\"\r\n\
                        Content-Type: text/plain\r\n\r\nhello\r\n--own--\r\n";
            send(server, "multipart/form-data; boundary=own", body);
        });
    assert_eq!(repository.descriptions(), ["form", "upload", "xml"]);
}

#[test]
fn only_what_the_consumer_reads_is_asked_for() {
    #[derive(Debug, Deserialize)]
    struct Short {
        id: u32,
    }
    let repository = Repository::new();
    let interaction = repository
        .faq()
        .http("a request for one FAQ")
        .get("/faqs/7")
        .replies(200)
        .json(json!({"id": 7, "question": "Why?", "tags": [], "author": {"name": "A", "mail": null}}))
        .rule("$.tags", equality())
        .rule("$.author.mail", same_type())
        .reads::<Short>();
    assert_eq!(interaction.left_out(), ["$.question", "$.tags", "$.author"]);
    let body = interaction.run(|server| Ok::<_, String>(get(server, "/faqs/7").1));
    assert_eq!(serde_json::from_str::<Short>(&body).expect("what is left is enough").id, 7);
    assert_eq!(body, r#"{"id":7}"#);
    let recorded = repository.recorded().remove(0);
    assert_eq!(
        recorded["comments"]["text"],
        json!(["Not read by the consumer, so not asked for: $.question, $.tags, $.author."])
    );
    assert_eq!(recorded["response"]["matchingRules"]["body"].as_object().map(serde_json::Map::len), Some(1));
}

#[test]
fn a_contract_names_the_test_and_the_line_that_recorded_it() {
    let repository = Repository::new();
    let line = line!() + 3;
    repository
        .faq()
        .http("a request for one FAQ")
        .pending()
        .comment("soon")
        .reference("openapi", "operationId", "readFaq")
        .get("/faqs/7")
        .replies(204)
        .run(|server| assert_eq!(get(server, "/faqs/7").0, "HTTP/1.1 204 No Content"));
    let recorded = repository.recorded().remove(0);
    let comments = json!({
        "source": format!("tests/it/consumer_described.rs:{line}"),
        "testname": "consumer_described::a_contract_names_the_test_and_the_line_that_recorded_it",
        "text": ["soon"],
        "references": {"openapi": {"operationId": "readFaq"}},
    });
    assert_eq!((&recorded["comments"], &recorded["pending"]), (&comments, &json!(true)));
}
