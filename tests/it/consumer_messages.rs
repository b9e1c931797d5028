//! Messages: handled, sent, answered, and never waited for.

use pactwright::consumer::matchers::regex;
use pactwright::consumer::{Metadata, matching};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::consumer::Repository;

#[derive(Debug, Serialize, Deserialize)]
struct Event {
    id: u32,
}

#[test]
fn a_message_is_recorded_when_its_handler_succeeded() {
    let repository = Repository::new();
    let id = repository
        .faq()
        .message("a FAQ was published")
        .given("a FAQ exists")
        .metadata("topic", "faqs")
        .metadata("key", matching("7", regex(r"^\d+$")))
        .json(json!({"id": 7, "unread": true}))
        .handled_by(|event: Event, metadata: &Metadata| {
            assert_eq!(
                (&metadata["topic"], &metadata["contentType"]),
                (&json!("faqs"), &json!("application/json"))
            );
            Ok::<_, String>(event.id)
        });
    assert_eq!(id, 7);
    insta::assert_snapshot!(repository.only());
}

#[test]
fn a_message_of_version_3_and_one_of_bytes() {
    let repository = Repository::new();
    repository
        .faq()
        .v3()
        .message("json")
        .json(Event { id: 7 })
        .handled_by(|event: Event, _| assert_eq!(event.id, 7));
    repository
        .faq()
        .message("bytes")
        .binary("image/png", b"\x89PNG\r\n\x1a\n")
        .handled_as_bytes(|bytes, _| assert!(bytes.starts_with(b"\x89PNG")));
    assert_eq!(repository.descriptions(), ["bytes", "json"]);
}

#[test]
fn a_handler_that_fails_records_nothing() {
    let repository = Repository::new();
    let message = || repository.faq().message("a FAQ was published").json(Event { id: 7 });
    let failed = message().try_handled_by(|_: Event, _| Err::<(), _>("the index is full"));
    let panicked = message().try_handled_by(|event: Event, _| assert_eq!(event.id, 8));
    let unreadable = message().try_handled_by(|_: String, _| ());
    let all = [failed, panicked, unreadable].map(|outcome| outcome.expect_err("it failed").to_string());
    assert!(all[0].ends_with("the code failed: the index is full"), "{}", all[0]);
    assert!(all[1].contains("the code failed: it panicked: assertion"), "{}", all[1]);
    assert!(all[2].contains("`alloc::string::String` cannot be read from the example"), "{}", all[2]);
    assert_eq!(repository.descriptions(), Vec::<String>::new());
}

#[test]
fn a_call_is_recorded_when_it_was_sent_as_described() {
    let repository = Repository::new();
    let replies = repository
        .faq()
        .call("a price is asked for")
        .metadata("queue", "prices")
        .json(json!({"article": 7}))
        .replies()
        .json(json!({"price": 3, "currency": "EUR"}))
        .replies()
        .text("bye")
        .run(|channel| {
            channel.send_with(r#"{"article": 7}"#, json!({"queue": "prices"}).as_object().expect("an object"))
        });
    assert_eq!(replies.len(), 2);
    assert_eq!(replies[0].json::<serde_json::Value>().expect("JSON")["price"], 3);
    insta::assert_snapshot!(repository.only());
}

#[test]
fn a_call_that_was_never_sent_or_differs_records_nothing() {
    let repository = Repository::new();
    let call =
        || repository.faq().call("a price").json(json!({"article": 7})).replies().json(json!({"price": 3}));
    let unsent = call().try_run(|_| ()).expect_err("nothing was sent").to_string();
    assert!(unsent.contains("never asked for: \"a price\""), "{unsent}");
    let differs =
        call().try_run(|channel| drop(channel.send(r#"{"article": "7"}"#))).expect_err("it differs");
    let told = differs.to_string();
    assert!(told.contains("body $.article"), "{told}");
    assert_eq!(repository.descriptions(), Vec::<String>::new());
}
