//! What the author of a test is told when nothing was recorded.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pactwright::consumer::generators::{random_int, random_match};
use pactwright::consumer::matchers::{boolean, date, each_key, equality, integer, like, regex};
use pactwright::consumer::{Failure, matching};
use serde_json::json;

use crate::support::consumer::{Repository, ask, get, one_faq};

/// The message without what differs from run to run.
fn told(failure: &Failure) -> String {
    let text = failure.to_string();
    let address = onig::Regex::new(r"127\.0\.0\.1:\d+").expect("a pattern");
    let line = onig::Regex::new(r"(consumer_failures\.rs):\d+").expect("a pattern");
    line.replace_all(&address.replace_all(&text, "[host]"), "$1:[line]").replace("$1", "consumer_failures.rs")
}

#[test]
fn a_request_that_differs_is_shown_beside_the_nearest_expectation() {
    let repository = Repository::new();
    let faq = repository.faq();
    let failure = faq
        .http("a new FAQ")
        .post("/v2/create")
        .header("Accept", "application/json")
        .json(json!({"question": "Why?", "related": [3, 5], "source": "campaign"}))
        .replies(201)
        .json(json!({"id": 6}))
        .try_run(|server| {
            let head = "POST /v2/creat?x=1 HTTP/1.1\r\nContent-Type: application/json\r\n";
            let (status, body) = ask(server, head, r#"{"question": "Why?", "related": [3, "5"]}"#);
            assert!(
                body.contains("nearest expectation: \"a new FAQ\""),
                "the client is told as well: {body}"
            );
            Err::<(), _>(format!("the service answered {status}"))
        })
        .expect_err("it differs");
    insta::assert_snapshot!(told(&failure));
    assert_eq!(repository.descriptions(), Vec::<String>::new());
}

#[test]
fn what_is_no_sound_contract_is_refused_before_anything_runs() {
    let repository = Repository::new();
    let faq = repository.faq();
    let refused = |interaction: pactwright::consumer::Http<pactwright::consumer::Answered>| {
        let ran = interaction.try_run(|_| -> () { panic!("it must not run") });
        told(&ran.expect_err("it is not sound"))
    };
    let answer = |body| faq.http("x").get("/").replies(200).json(body);
    let all = [
        refused(answer(json!({"a": 1})).rule("$.b", integer())),
        refused(answer(json!({"a": "x"})).rule("$.a", regex("^[0-9]+$"))),
        refused(answer(json!({"a": "x"})).rule("$.a", regex("("))),
        refused(answer(json!({"a": "x"})).rule("$a", equality())),
        refused(answer(json!({"a": "x"})).rule("$.a", like()).rule("$['a']", equality())),
        refused(answer(json!({"a": "x"})).rule("$.a", like().and(equality()).or(boolean()))),
        refused(answer(json!({"a": []})).rule("$.a", like())),
        refused(answer(json!({"a": null}))),
        refused(answer(json!({"at": "2026-13-01"})).rule("$.at", date("yyyy-MM-dd"))),
        refused(answer(json!({"a": 1})).generate("$.a", random_int(5, 1))),
        refused(answer(json!({"a": 1})).json(json!({}))),
        refused(answer(json!({"a": 1})).given_with("s", 7)),
        refused(faq.http("x").get("/").header("A", matching("x", regex("y"))).replies(99)),
        refused(faq.http("x").get("/").replies(200).reads::<serde_json::Value>()),
        refused(answer(json!({"a": 1})).reads::<Vec<u8>>()),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn what_an_older_version_cannot_say_is_refused() {
    let repository = Repository::new();
    let second = repository.faq().v2().http("x").given_with("s", json!({"a": 1})).given("t").pending();
    let second = second.get("/").replies(200).json(json!({"a": 1})).rule("$.a", integer().and(like()));
    let third = repository.faq().v3().http("x").comment("c").get("/").replies(200);
    let third = third.json(json!({"a": {"b": 1}})).rule("$.a", each_key(regex("b")));
    let bytes = repository.faq().v3().http("x").get("/").replies(200).binary("image/png", b"\x89PNG");
    let call = repository.faq().v3().call("x").json(json!(1)).replies().json(json!(2));
    let all = [
        told(&second.try_run(|_| ()).expect_err("version 2")),
        told(&third.try_run(|_| ()).expect_err("version 3")),
        told(&bytes.try_run(|_| ()).expect_err("bytes")),
        told(&call.try_run(|_| ()).expect_err("a call")),
        told(
            &repository.faq().v2().message("x").json(json!(1)).try_handled_by(|_: u8, _| ()).expect_err("V2"),
        ),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_failure_is_raised_at_the_line_of_the_test() {
    let repository = Repository::new();
    let here = std::sync::Arc::new(std::sync::Mutex::new(None));
    let seen = std::sync::Arc::clone(&here);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        *seen.lock().expect("no poison") = info.location().map(|at| (at.file().to_owned(), at.line()));
    }));
    let line = line!() + 2;
    let outcome =
        catch_unwind(AssertUnwindSafe(|| one_faq(&repository.faq(), "a request for one FAQ").run(|_| ())));
    std::panic::set_hook(hook);
    assert!(outcome.is_err());
    let at = here.lock().expect("no poison").clone();
    assert_eq!(at, Some((file!().to_owned(), line)));
}

#[tokio::test]
async fn a_failure_inside_a_future_names_the_line_of_the_test() {
    use futures_util::FutureExt as _;

    let repository = Repository::new();
    let line = line!() + 1;
    let run = one_faq(&repository.faq(), "a request for one FAQ").run_async(async |_| ());
    let panic = AssertUnwindSafe(run).catch_unwind().await.expect_err("nothing was asked");
    let message = panic.downcast_ref::<String>().expect("a text");
    assert!(message.starts_with(&format!("{}:{line}: the contract was not kept", file!())), "{message}");
}

#[test]
fn an_unexpected_request_beside_the_expected_one_is_a_failure() {
    let repository = Repository::new();
    let failure = one_faq(&repository.faq(), "a request for one FAQ")
        .try_run(|server| {
            get(server, "/faqs/7");
            get(server, "/elsewhere");
        })
        .expect_err("one request too many");
    insta::assert_snapshot!(told(&failure));
}

#[test]
fn code_that_never_returns_is_code_that_failed() {
    let repository = Repository::new();
    let failure =
        one_faq(&repository.faq(), "a FAQ").try_run(|_| panic!("no client")).expect_err("no client yet");
    assert!(failure.to_string().contains("no client"), "{failure}");
    assert!(repository.recorded().is_empty());
}

#[test]
fn an_answer_that_the_mock_cannot_give_is_a_failure_whatever_the_code_makes_of_it() {
    let repository = Repository::new();
    let answer = repository.faq().http("a FAQ").get("/faqs/7").replies(200).json(json!({"id": "x"}));
    let failure = answer
        .generate("$.id", random_match("(?=x)x"))
        .try_run(|server| drop(get(server, "/faqs/7")))
        .expect_err("there was no answer");
    insta::assert_snapshot!(told(&failure), @r#"
    the contract was not kept, so nothing was recorded
    "a FAQ" cannot be answered: the Regex generator for body $.id failed: '(?=x)x' is not a valid regular expression - regex parse error:
        (?=x)x
        ^^^
    error: look-around, including look-ahead and look-behind, is not supported
    "#);
    assert_eq!(repository.descriptions(), Vec::<String>::new());
}
