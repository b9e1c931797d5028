//! Regression tests for what other consumer libraries get silently wrong, by their number in
//! `docs/pitfalls.md`.

use pactwright::consumer::Failure;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::consumer::{Repository, get, one_faq};

#[derive(Debug, Serialize, Deserialize)]
struct Event {
    id: u32,
}

#[test]
fn pitfall_20_a_failing_test_records_nothing() {
    let repository = Repository::new();
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        one_faq(&repository.faq(), "a request for one FAQ").run(|server| {
            let (_, body) = get(server, "/faqs/7");
            assert_eq!(body, "something else");
        });
    }));
    assert!(outcome.is_err());
    let outcome = one_faq(&repository.faq(), "another").try_run(|server| {
        get(server, "/faqs/7");
        Err::<(), _>("the client cannot read it")
    });
    assert!(matches!(outcome, Err(Failure::NotKept { .. })));
    assert_eq!(repository.descriptions(), Vec::<String>::new());
}

#[test]
fn pitfall_21_each_interaction_has_to_be_used_and_twins_are_refused() {
    let repository = Repository::new();
    let faq = repository.faq();
    let there = || one_faq(&faq, "a FAQ that is there").given("a FAQ exists");
    let gone = || faq.http("a FAQ that is gone").given("no FAQ exists").get("/faqs/7").replies(404);
    let twins =
        there().and(gone()).try_run(|server| drop(get(server, "/faqs/7"))).expect_err("they are twins");
    assert!(matches!(twins, Failure::Indistinguishable { .. }), "{twins}");

    let list = || faq.http("all FAQs").get("/faqs").replies(200).json(json!([{"id": 7}]));
    let half = there().and(list()).try_run(|server| drop(get(server, "/faqs/7"))).expect_err("one is unused");
    assert!(half.to_string().contains("never asked for: \"all FAQs\""), "{half}");
    assert_eq!(repository.descriptions(), Vec::<String>::new(), "neither of the two");

    there().and(list()).run(|server| {
        get(server, "/faqs/7");
        get(server, "/faqs");
    });
    gone().run(|server| drop(get(server, "/faqs/7")));
    assert_eq!(repository.descriptions(), ["a FAQ that is gone", "a FAQ that is there", "all FAQs"]);
}

#[tokio::test]
async fn pitfall_22_messages_never_hang_on_any_executor() {
    let repository = Repository::new();
    let call =
        || repository.faq().call("a price").json(json!({"article": 7})).replies().json(json!({"price": 3}));
    call().run(|channel| channel.send(r#"{"article": 7}"#).map(drop));
    call().run_async(async |channel| channel.send(r#"{"article": 7}"#).map(drop)).await;
    let message = || repository.faq().message("published").json(Event { id: 7 });
    message().handled_by(|event: Event, _| assert_eq!(event.id, 7));
    message().handled_by_async(async |event: Event, _: &_| assert_eq!(event.id, 7)).await;
    assert_eq!(repository.descriptions(), ["a price", "published"]);
}

#[tokio::test]
async fn pitfall_22_a_mock_answers_on_a_runtime_with_one_thread() {
    let repository = Repository::new();
    let interaction = || one_faq(&repository.faq(), "a request for one FAQ");
    // The code blocks the only thread of the runtime, and the mock still answers.
    interaction().run(|server| assert_eq!(get(server, "/faqs/7").1, r#"{"id":7}"#));
    interaction().run_async(async |server| assert_eq!(get(server, "/faqs/7").1, r#"{"id":7}"#)).await;
    assert_eq!(repository.descriptions().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_22_and_on_one_with_several() {
    let repository = Repository::new();
    let interaction = || one_faq(&repository.faq(), "a request for one FAQ");
    interaction().run(|server| assert_eq!(get(server, "/faqs/7").1, r#"{"id":7}"#));
    interaction().run_async(async |server| assert_eq!(get(server, "/faqs/7").1, r#"{"id":7}"#)).await;
    assert_eq!(repository.descriptions().len(), 1);
}

#[test]
fn pitfall_23_an_empty_or_broken_pact_is_never_taken_for_none() {
    let repository = Repository::new();
    one_faq(&repository.faq(), "a request for one FAQ").run(|server| drop(get(server, "/faqs/7")));
    let sandbox = repository.sandbox();
    for broken in ["", "{\"consumer\": {\"name\": \"bil", "{}"] {
        sandbox.write("pacts/billing-faq.json", broken);
        let output = sandbox.run(&["assemble"]);
        assert_eq!(output.status, 2, "{output}");
        assert!(output.stderr.contains("pacts/billing-faq.json is no sound pact"), "{output}");
        assert!(output.stderr.contains("restore it from version control"), "{output}");
        assert_eq!(sandbox.read("pacts/billing-faq.json"), broken);
    }
}

#[test]
fn pitfall_24_the_same_interaction_with_another_content_names_both_tests() {
    let repository = Repository::new();
    let faq = repository.faq();
    one_faq(&faq, "a request for one FAQ").run(|server| drop(get(server, "/faqs/7")));
    let other = faq.http("a request for one FAQ").get("/faqs/7").replies(200).json(json!({"number": 7}));
    let conflict =
        other.try_run(|server| drop(get(server, "/faqs/7"))).expect_err("they contradict each other");
    assert!(matches!(conflict, Failure::Conflict { .. }));
    assert_eq!(conflict.to_string().matches("pitfall_24_the_same_interaction").count(), 2, "{conflict}");
}

#[test]
fn pitfall_24_only_a_complete_run_removes_what_no_test_records() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    for description in ["kept", "dropped"] {
        one_faq(&repository.faq(), description).run(|server| drop(get(server, "/faqs/7")));
    }
    assert_eq!(sandbox.run(&["assemble"]).status, 0);
    assert_eq!(sandbox.run(&["accept"]).status, 0);
    let fragments = pactwright::recording::Fragments::of(sandbox.path(pactwright::recording::FOLDER));
    let kept: Vec<_> = fragments
        .read()
        .expect("fragments")
        .into_iter()
        .filter(|one| one.interaction["description"] == "kept")
        .collect();
    fragments.forget("billing", "faq").expect("forgotten");
    fragments.write(&kept[0]).expect("written");

    let partial = sandbox.run(&["assemble"]);
    assert!(partial.stdout.contains("2 interactions, unchanged"), "{partial}");

    // A run of the tests that succeeds, and records only one of the two.
    sandbox.write("fragment.json", &serde_json::to_string(&kept[0]).expect("JSON"));
    let test = "d=$PACTWRIGHT_FRAGMENTS/a/b; mkdir -p $d; cp fragment.json $d/c.json";
    let failed = sandbox.run(&["assemble", "--complete", "--", "sh", "-c", &format!("{test}; exit 1")]);
    assert_eq!(failed.status, 1, "{failed}");
    let silent = sandbox.run(&["assemble", "--complete", "--", "sh", "-c", "exit 0"]);
    assert_eq!(silent.status, 3, "nothing was recorded, which is no reason to remove anything: {silent}");
    let complete = sandbox.run(&["assemble", "--complete", "--", "sh", "-c", test]);
    insta::assert_snapshot!(complete);
    assert!(!sandbox.read("pacts/billing-faq.json.new").contains("dropped"));
    assert!(sandbox.read("pacts/billing-faq.json").contains("dropped"), "nobody has accepted it yet");
}

#[test]
fn pitfall_35_of_pact_consumer_only_what_describes_is_used() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("readable").into_path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let text: String = files.map(|path| std::fs::read_to_string(path).expect("readable")).collect();
    // What starts, stops or writes there reports its use to a third party.
    let uses: Vec<_> = text.split("pact_consumer::").skip(1).collect();
    let describes = |after: &&&str| {
        ["patterns::", "{each_like, json_pattern, like, prelude::*}"]
            .iter()
            .any(|start| after.starts_with(start))
    };
    assert!(uses.len() > 2 && uses.iter().filter(describes).count() == uses.len());
    assert!(!text.contains("pact_mock_server::"));
    // The guide says what a doctest compiles.
    let taken = "use pactwright::consumer::pact_consumer::{each_like, json_pattern, like, prelude::*};";
    assert!(text.contains(&format!("/// {taken}\n")));
    assert!(include_str!("../../docs/consumer-rust.md").contains(&format!("`{taken}`")));
}
