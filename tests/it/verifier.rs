//! The gate as a library: what the builder does that a command line cannot, and what it refuses.

use std::time::Duration;

use pactwright::outcome::{Answer, Verdict};
use pactwright::verify::{Message, Verified, Verifier, VerifierError};
use serde_json::{Map, json};

use crate::support::gate::{Gate, get, given, http, nobody_listens, status};

/// A verifier for the pacts and the provider of a gate.
fn verifier(gate: &Gate) -> Verifier {
    Verifier::of("faq").pacts(gate.sandbox.path("pacts")).at(gate.provider.url())
}

fn refused(verifier: Verifier) -> String {
    verifier.verify().map_or_else(|error| format!("{error:?}"), |verified| verified.explanation())
}

/// One line per interaction: description, verdict and the message of its first finding.
fn verdicts(verified: &Verified) -> String {
    let line = |result: &pactwright::outcome::InteractionResult| {
        let said = result.findings.first().map(|finding| format!(": {}", finding.message));
        format!("{} {:?}{}", result.description, result.verdict, said.unwrap_or_default())
    };
    verified.interactions.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_verified_provider_is_a_yes_and_a_broken_contract_fails_the_test() {
    let gate = Gate::one_good_one_bad();
    let good = verifier(&gate).only_description("/good$/").verify().expect("it can be tried");
    good.assert_yes();
    let bad = verifier(&gate).verify().expect("it can be tried");
    assert_eq!(bad.answer, Answer::No);
    assert!(bad.explanation().contains("add .only_interaction(\""), "{}", bad.explanation());
    let panic = std::panic::catch_unwind(|| bad.assert_yes()).expect_err("the test fails");
    let said = panic.downcast_ref::<String>().expect("a text");
    assert!(said.contains("FAIL [status-mismatch] web > get /bad"), "{said}");
}

#[test]
fn nothing_verified_is_never_a_yes() {
    let gate = Gate::one_good_one_bad();
    let nothing: [(&str, Verifier); 5] = [
        ("another provider", Verifier::of("fqa").pacts(gate.sandbox.path("pacts")).at(gate.provider.url())),
        ("a consumer without pacts", verifier(&gate).only_consumer("wbe")),
        ("a description that nothing has", verifier(&gate).only_description("other")),
        ("a state that nothing needs", verifier(&gate).only_state("a state").only_without_states()),
        ("a provider that is not there", verifier(&gate).at(nobody_listens())),
    ];
    for (what, verifier) in nothing {
        let verified = verifier.verify().expect("it can be tried");
        assert_eq!(verified.answer, Answer::CouldNotFindOut, "{what}: {}", verified.explanation());
        assert!(std::panic::catch_unwind(|| verified.assert_yes()).is_err(), "{what}");
    }
    assert!(gate.asked().is_empty());
}

#[test]
fn what_was_asked_for_by_name_and_is_not_there_is_no_yes_beside_what_is() {
    let gate = Gate::new(&[get("/good")], &[("GET /good", &[status(200)])]);
    let verified = verifier(&gate).only_consumer("web").only_consumer("billing").verify().expect("tried");
    assert_eq!(verified.answer, Answer::CouldNotFindOut, "{}", verified.explanation());
}

#[test]
fn contradictions_are_refused_in_the_words_of_the_methods() {
    let gate = Gate::one_good_one_bad();
    let pacts = gate.sandbox.path("pacts");
    let nowhere = Verifier::of("faq").pacts(&pacts);
    insta::assert_snapshot!(refused(nowhere.clone()), @"call `at` or `start`: where the provider is, was not said");
    insta::assert_snapshot!(refused(verifier(&gate).start("faq")), @"call either `at` or `start`: the provider cannot both run already and be started");
    insta::assert_snapshot!(refused(nowhere.clone().at("localhost")), @"give `at` an address: `localhost` is no address: an address starts with http:// or https://");
    insta::assert_snapshot!(refused(verifier(&gate).instances(2)), @"call `instances` with `start` only: only a provider that is started can have several instances, and this one runs already");
    let two = verifier(&gate).state_url("/states").state_command("set-up");
    insta::assert_snapshot!(refused(two), @"call only one of `state`, `state_url` and `state_command`: states cannot be set up in two ways");
    let two = verifier(&gate).state_url("/states").state("a", |_| async { Ok(Map::new()) });
    insta::assert_snapshot!(refused(two), @"call only one of `state`, `state_url` and `state_command`: states cannot be set up in two ways");
    insta::assert_snapshot!(refused(verifier(&gate).partition("hash:5/4")), @"`hash:5/4` is no filter: there is no part 5 of 4; parts are counted from 1");
    let bad = verifier(&gate).only_state("/(/");
    assert!(refused(bad).starts_with("`/(/` is no filter: regex parse error"));
    let certificate = verifier(&gate).ca_file(pacts.join("web-faq.json")).verify();
    assert!(matches!(certificate, Err(VerifierError::Setup(_))), "{certificate:?}");
    gate.sandbox.write("pacts/owners.toml", "faq = 1");
    assert!(matches!(verifier(&gate).verify(), Err(VerifierError::Owners(_))));
    assert!(gate.asked().is_empty());
}

#[test]
fn closures_take_part_and_what_goes_wrong_in_one_is_an_error_of_its_interaction() {
    let states = ["fine", "panics", "fails", "hangs", "is unknown"];
    let interactions: Vec<_> = states.iter().map(|name| given(named(name), &[name])).collect();
    let gate = Gate::new(&interactions, &[("GET /good", &[status(200)])]);
    let url = gate.provider.url();
    let verified = verifier(&gate)
        .state("fine", move |change| {
            let is_provider = change.provider_url == url;
            async move { if is_provider { Ok(Map::new()) } else { Err("another provider".into()) } }
        })
        .state("panics", |_| async { panic!("oh no") })
        .state("fails", |_| async { Err("no database".into()) })
        .state("hangs", |_| std::future::pending())
        .request_timeout(Duration::from_millis(200))
        .verify()
        .expect("it can be tried");
    insta::assert_snapshot!(verdicts(&verified));
    assert_eq!(verified.answer, Answer::CouldNotFindOut);
}

fn named(description: &str) -> serde_json::Value {
    http(description, &json!({ "method": "GET", "path": "/good" }), &json!({ "status": 200 }))
}

#[test]
fn messages_and_request_filters_are_closures() {
    let message = json!({
        "type": "Asynchronous/Messages",
        "description": "a FAQ was published",
        "contents": { "contentType": "application/json", "content": { "id": 7 } },
    });
    let gate = Gate::new(&[message, get("/good")], &[("GET /good?by=test", &[status(200)])]);
    let messages = |verifier: Verifier| {
        verifier.message("a FAQ was published", |_| async { Ok(Message::json(&json!({ "id": 7 }))) })
    };
    let filtered = messages(verifier(&gate)).request_filter(|request| request.target.push_str("?by=test"));
    filtered.verify().expect("it can be tried").assert_yes();
    let panicking = messages(verifier(&gate)).request_filter(|_| panic!("oh no"));
    let verified = panicking.verify().expect("it can be tried");
    insta::assert_snapshot!(verdicts(&verified), @"
    a FAQ was published Passed
    get /good Error: the request filter panicked: oh no
    ");
}

#[test]
fn every_setting_of_the_command_is_there() {
    let gate = Gate::new(
        &[given(get("/good"), &["a state"]), get("/other")],
        &[
            ("GET /v1/good", &[status(500), status(200)]),
            ("POST /v1/states?state=a%20state&action=setup", &[status(200)]),
            ("POST /v1/states?state=a%20state&action=teardown", &[status(200)]),
        ],
    );
    let report = verifier(&gate)
        .base_path("v1")
        .state_url_with_query("/states")
        .teardown()
        .header("X-By", "first")
        .header("x-by", "second")
        .redact("X-By")
        .retries(1)
        .keep_exchanges()
        .in_order()
        .side_by_side(1)
        .run_timeout(Duration::from_mins(1))
        .matching_timeout(Duration::from_secs(5))
        .max_answer_bytes(1024)
        .partition("slice:1/2")
        .verify()
        .expect("it can be tried");
    report.assert_yes();
    assert_eq!((report.counts.passed, report.counts.flaky, report.counts.skipped), (1, 1, 1));
    let sent = report.interactions[0].request.as_ref().expect("it was kept");
    let ours: Vec<_> = sent.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("x-by")).collect();
    let hidden = |name: &str| (name.to_owned(), "REDACTED".to_owned());
    assert_eq!(ours, [&hidden("X-By"), &hidden("x-by")]);
    let tried = [
        "POST /v1/states?state=a%20state&action=setup",
        "GET /v1/good",
        "POST /v1/states?state=a%20state&action=teardown",
    ];
    assert_eq!(gate.asked(), [tried, tried].concat());
    assert_eq!(gate.provider.asked()[1].header("x-by"), ["first", "second"]);
}

#[test]
fn strict_makes_a_warning_no_pass() {
    let mut pact = crate::support::gate::pact(&[get("/good")]);
    pact["unheard"] = json!(1);
    let gate = Gate::with_pact(&pact, &[("GET /good", &[status(200)])]);
    verifier(&gate).verify().expect("it can be tried").assert_yes();
    let strict = verifier(&gate).strict().verify().expect("it can be tried");
    assert_eq!(strict.answer, Answer::AskedWrongly, "{}", strict.explanation());
    assert_eq!(strict.interactions[0].verdict, Verdict::Passed);
}

#[test]
fn after_enough_failures_the_rest_is_left_out_and_that_is_no_pass() {
    let gate = Gate::new(&[get("/bad"), get("/good")], &[("GET /good", &[status(200)])]);
    let limited = verifier(&gate).max_failures(1).in_order().verify().expect("it can be tried");
    assert_eq!((limited.answer, limited.counts.skipped), (Answer::No, 1));
}

#[test]
fn a_test_with_one_thread_awaits_and_is_never_blocked() {
    let gate = Gate::new(&[get("/good")], &[("GET /good", &[status(200)])]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let verified = runtime.block_on(verifier(&gate).verify_async()).expect("it can be tried");
    verified.assert_yes();
    let refused = runtime.block_on(async { verifier(&gate).verify() });
    assert!(matches!(refused, Err(VerifierError::WouldBlock)), "{refused:?}");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(async { verifier(&gate).verify() }).expect("it can be tried").assert_yes();
    runtime.block_on(verifier(&gate).verify_async()).expect("it can be tried").assert_yes();
}

/// Runs one test of this binary again, with a variable that it must not have.
#[test]
fn pitfall_34_another_matching_engine_is_refused_in_the_library_too() {
    const ENGINE: &str = "PACT_MATCHING_ENGINE";
    #[expect(clippy::disallowed_methods, reason = "this test is about the environment")]
    if std::env::var(ENGINE).is_ok() {
        let gate = Gate::new(&[get("/good")], &[("GET /good", &[status(200)])]);
        assert_eq!(
            refused(verifier(&gate)),
            "unset PACT_MATCHING_ENGINE: PACT_MATCHING_ENGINE=v2 would change verdicts"
        );
        assert!(gate.asked().is_empty());
        return;
    }
    let binary = std::env::current_exe().expect("the test binary");
    let name = "verifier::pitfall_34_another_matching_engine_is_refused_in_the_library_too";
    let run = std::process::Command::new(binary).args(["--exact", name]).env(ENGINE, "v2").output();
    let run = run.expect("it can be run");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}
