//! `pactwright record`: when a pact is written, when it is not, and what is said about it.

use crate::support::asking::{prepared, record};
use crate::support::command::{Output, Sandbox};
use crate::support::provider::{Answer, Provider};

const FILE: &str = "\
consumer: support
provider: faq
env: FAQ_API
interactions:
  - description: a FAQ
    given: a FAQ exists
    request: GET /faqs/7
    response:
      json: { id: 7, question: { $like: Why? } }
  - description: no FAQ
    given: no FAQ exists
    request: GET /faqs/8
    response: 404
";
const PACT: &str = "pacts/support-faq.json";

fn sandbox(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("interactions.yaml", text);
    sandbox
}

/// What people read, without what the command itself has printed.
fn said(output: &Output) -> String {
    let ours = |line: &&str| line.starts_with("Recorded") || line.starts_with("Drafted");
    let stdout: Vec<&str> = output.stdout.lines().filter(ours).collect();
    let is_noise = |line: &&str| {
        line.starts_with("thread '") || line.starts_with("note: ") || line.contains("own test fails")
    };
    let stderr: Vec<&str> =
        output.stderr.lines().filter(|line| !is_noise(line) && !line.is_empty()).collect();
    format!("status {}\n{}\n{}", output.status, stdout.join("\n"), stderr.join("\n"))
}

#[test]
fn a_pact_is_written_when_everything_was_used_and_it_is_the_same_each_time() {
    let sandbox = sandbox(FILE);
    let output = record(&sandbox, &["record", "interactions.yaml"], &["GET /faqs/7", "GET /faqs/8"]);
    insta::assert_snapshot!(said(&output), @"
    status 0
    Recorded 2 interactions of support with faq: pacts/support-faq.json is new
    ");
    let pact = sandbox.read(PACT);
    insta::assert_snapshot!(pact);
    let output =
        record(&sandbox, &["record", "interactions.yaml"], &["GET /faqs/8", "GET /faqs/7", "GET /faqs/7"]);
    insta::assert_snapshot!(said(&output), @"
    status 0
    Recorded 2 interactions of support with faq: pacts/support-faq.json is up to date
    ");
    assert_eq!(sandbox.read(PACT), pact);
    insta::assert_snapshot!(sandbox.run(&["lint", "pacts", "--strict"]), @"
    status 0
    --- stdout
    1 pact, 2 interactions: no problems found
    ");
}

#[test]
fn pitfall_20_a_failing_consumer_test_writes_no_pact() {
    let sandbox = sandbox(FILE);
    let mut command = prepared(&sandbox, &["record", "interactions.yaml"], &["GET /faqs/7", "GET /faqs/8"]);
    command.env("FAILS", "yes");
    let output = sandbox.finish(command);
    insta::assert_snapshot!(said(&output), @"
    status 1

    nothing was recorded
      the command failed: exit status: 101
    ");
    assert!(!sandbox.path("pacts").exists());
}

#[test]
fn pitfall_21_what_nobody_used_and_what_nobody_expects_writes_no_pact() {
    let sandbox = sandbox(FILE);
    sandbox.write(PACT, "as it was");
    let output = record(&sandbox, &["record", "interactions.yaml"], &["GET /faqs/7"]);
    insta::assert_snapshot!(said(&output), @r#"
    status 1

    nothing was recorded
      interactions.yaml:11:5: "no FAQ" was not used
    "#);
    let output = record(
        &sandbox,
        &["record", "interactions.yaml"],
        &["GET /faqs/7", "GET /faqs/8", "GET /faqs/9?a=b"],
    );
    insta::assert_snapshot!(said(&output), @r#"
    status 1

    faq: unexpected request: GET /faqs/9?a=b
    nearest expectation: "a FAQ" (interactions.yaml:6:5)
      path: expected "/faqs/7", got "/faqs/9" [path-mismatch]
      query.a: the parameter is not expected; got "b" [query-mismatch]
    nothing was recorded
      faq was asked for what is not expected: 1 request
    "#);
    assert_eq!(sandbox.read(PACT), "as it was");
}

#[test]
fn pitfall_21_the_same_request_in_two_states_has_to_be_asked_twice() {
    let sandbox = sandbox(&FILE.replace("/faqs/8", "/faqs/7"));
    assert_eq!(record(&sandbox, &["record", "interactions.yaml"], &["GET /faqs/7"]).status, 1);
    assert!(!sandbox.path("pacts").exists());
    assert_eq!(record(&sandbox, &["record", "interactions.yaml"], &["GET /faqs/7", "GET /faqs/7"]).status, 0);
}

#[test]
fn a_check_writes_nothing_and_shows_what_would_change() {
    let sandbox = sandbox(FILE);
    let asks = ["GET /faqs/7", "GET /faqs/8"];
    let check = ["record", "interactions.yaml", "--check"];
    assert_eq!(record(&sandbox, &check, &asks).status, 1);
    assert!(!sandbox.path("pacts").exists());
    assert_eq!(record(&sandbox, &check[..2], &asks).status, 0);
    assert_eq!(record(&sandbox, &check, &asks).status, 0);
    sandbox.write("interactions.yaml", &FILE.replace("404", "410"));
    let output = record(&sandbox, &check, &asks);
    assert_eq!(output.status, 1);
    let changed = output.stdout.lines().find(|line| line.contains("status"));
    insta::assert_snapshot!(changed.unwrap_or_default().trim(), @"demands more[response-status-changed]: status: the status was 404 and is 410");
}

#[test]
fn in_ci_a_changed_pact_is_shown_and_not_written() {
    let sandbox = sandbox(FILE);
    let asked = ["GET /faqs/7", "GET /faqs/8"];
    let in_ci = |sandbox: &Sandbox| {
        let mut command = prepared(sandbox, &["record", "interactions.yaml"], &asked);
        command.env("CI", "true");
        sandbox.finish(command)
    };
    assert_eq!(in_ci(&sandbox).status, 1, "it is not committed");
    assert!(!sandbox.path(PACT).exists());
    assert_eq!(record(&sandbox, &["record", "interactions.yaml"], &asked).status, 0);
    let committed = sandbox.read(PACT);
    assert_eq!(in_ci(&sandbox).status, 0);
    sandbox.write("interactions.yaml", &FILE.replace("no FAQ\n", "no such FAQ\n"));
    let output = in_ci(&sandbox);
    assert_eq!(output.status, 1, "{output}");
    assert!(output.stdout.contains("is not what was recorded"), "{output}");
    assert_eq!(sandbox.read(PACT), committed);
}

#[test]
fn a_changed_pact_waits_for_a_review_and_one_that_waits_is_a_no_in_ci() {
    let sandbox = sandbox(FILE);
    let asked = ["GET /faqs/7", "GET /faqs/8"];
    let run = |check: bool| {
        let arguments =
            [&["record", "interactions.yaml"][..], if check { &["--check"] } else { &[] }].concat();
        record(&sandbox, &arguments, &asked)
    };
    let waiting = format!("{PACT}.new");
    assert_eq!(run(false).status, 0);
    let committed = sandbox.read(PACT);
    sandbox.write("interactions.yaml", &FILE.replace("response: 404", "response: 410"));
    let output = run(false);
    assert_eq!(output.status, 0, "{output}");
    assert!(output.stdout.contains("has changed, and waits for a review"), "{output}");
    assert!(output.stdout.contains("demands more"), "{output}");
    assert!(output.stderr.contains("next: pactwright review\n"), "{output}");
    assert_eq!(sandbox.read(PACT), committed);
    // What waits is a no, also when the tests record what is committed.
    sandbox.write("interactions.yaml", FILE);
    let output = run(true);
    assert_eq!(output.status, 1, "{output}");
    assert!(output.stdout.contains("is up to date") && output.stdout.contains("a pact waits for a review"));
    assert!(output.stdout.contains("the status was 404 and is 410"), "{output}");
    // Recorded once more where it may be written, the review has nothing left to decide.
    assert_eq!(run(false).status, 0);
    assert!(!sandbox.path(&waiting).exists());
    sandbox.write("interactions.yaml", &FILE.replace("response: 404", "response: 410"));
    assert_eq!(run(false).status, 0);
    assert_eq!(sandbox.run(&["accept"]).status, 0);
    assert_eq!(run(true).status, 0);
    assert!(sandbox.read(PACT).contains("410") && !sandbox.path(&waiting).exists());
    sandbox.write("interactions.yaml", FILE);
    let elsewhere = record(&sandbox, &["record", "interactions.yaml", "-o", "other"], &asked);
    assert_eq!(elsewhere.status, 0, "{elsewhere}");
    sandbox.write("interactions.yaml", &FILE.replace("response: 404", "response: 410"));
    let elsewhere = record(&sandbox, &["record", "interactions.yaml", "-o", "other"], &asked);
    assert!(elsewhere.stderr.contains("next: pactwright review --pacts other\n"), "{elsewhere}");
    // What waits already is not committed past its review.
    std::fs::remove_file(sandbox.path("other/support-faq.json")).expect("it is there");
    let again = record(&sandbox, &["record", "interactions.yaml", "-o", "other"], &asked);
    assert!(again.stdout.contains("is new, and waits for a review"), "{again}");
    assert!(!sandbox.path("other/support-faq.json").exists());
}

#[test]
fn two_pairs_that_would_be_written_to_one_file_are_refused() {
    let sandbox = Sandbox::new();
    let file = |consumer: &str, provider: &str| {
        FILE.replace("support", consumer).replace("provider: faq", &format!("provider: {provider}"))
    };
    sandbox.write("one.yaml", &file("billing", "web-faq"));
    sandbox.write("two.yaml", &file("billing-web", "faq"));
    let output = sandbox.run(&["record", "one.yaml", "two.yaml", "--", "true"]);
    assert_eq!(output.status, 2, "{output}");
    assert!(output.stderr.contains("billing with web-faq and billing-web with faq"), "{output}");
    sandbox.write("pacts/billing-web-faq.json", &pact_of_others());
    let output = record(&sandbox, &["record", "two.yaml"], &["GET /faqs/7", "GET /faqs/8"]);
    assert_eq!(output.status, 2, "{output}");
    assert!(output.stderr.contains("is the pact of billing and web-faq"), "{output}");
}

/// The pact of another pair.
fn pact_of_others() -> String {
    let pact = r#"{"consumer": {"name": "billing"}, "provider": {"name": "web-faq"}, "interactions": [],
        "metadata": {"pactSpecification": {"version": "4.0"}}}"#;
    pact.to_owned()
}

#[test]
fn several_providers_are_stood_in_for_at_once() {
    let sandbox = sandbox(FILE);
    sandbox.write("search.toml", "[[interactions]]\ndescription = 'a'\nrequest = 'GET /s'\nresponse = 204\n");
    let arguments = [
        "record",
        "--consumer",
        "support",
        "--provider",
        "faq",
        "--provider",
        "search",
        "--env",
        "FAQ_API",
        "--env",
        "SEARCH={host}:{port}/x",
        "interactions.yaml",
        "search.toml",
        "-o",
        "out",
    ];
    let output = record(&sandbox, &arguments, &["GET /faqs/7", "GET /faqs/8"]);
    insta::assert_snapshot!(said(&output), @r#"
    status 1

    nothing was recorded
      search.toml:1:1: "a" was not used
    "#);
    assert!(!sandbox.path("out").exists());
    sandbox.write(
        "script.sh",
        "[ \"${SEARCH#127.0.0.1:}\" != \"$SEARCH\" ] && [ \"${SEARCH%/x}\" != \"$SEARCH\" ]",
    );
    let mut command = sandbox.command(&[&arguments[..], &["--", "sh", "script.sh"]].concat());
    command.env("ASKS", "");
    let output = sandbox.finish(command);
    assert!(!output.stderr.contains("the command failed"), "{output}");
}

#[test]
fn what_cannot_be_run_is_said_and_nothing_is_written() {
    let sandbox = sandbox(FILE);
    let run = |arguments: &[&str]| sandbox.run(&[&["record"], arguments].concat());
    insta::assert_snapshot!(run(&["interactions.yaml", "--", "no-such-command"]), @"
    status 2
    --- stderr
    error: the command `no-such-command` cannot be started
      because No such file or directory (os error 2)
      hint: what stands behind `--` is started as it is, without a shell: sh -c '…' has one
    ");
    insta::assert_snapshot!(run(&["missing.yaml", "--", "true"]), @"
    status 2
    --- stderr
    error: missing.yaml cannot be read
      because No such file or directory (os error 2)
    ");
    insta::assert_snapshot!(run(&["interactions.yaml", "interactions.yaml", "--", "true"]), @"
    status 2
    --- stderr
    error: two files are about support and faq
      hint: put their interactions into one file
    ");
    insta::assert_snapshot!(run(&["interactions.yaml", "--env", "A", "--env", "B", "--", "true"]), @"
    status 2
    --- stderr
    error: files: 1, --env: 2
      hint: give --env once for each file, in their order, or say it in the files
    ");
    sandbox.write("nameless.yaml", &FILE.replace("env: FAQ_API\n", ""));
    insta::assert_snapshot!(run(&["nameless.yaml", "--", "true"]), @"
    status 2
    --- stderr
    error: the command is not told where the mock of faq is
      hint: --env NAME puts its address into a variable, or `env: NAME` in the file
      hint: --port PORT has it listen where the tests look already
    ");
    sandbox.write("bad.yaml", &FILE.replace("given: no", "givne: no").replace("$like", "$lkie"));
    insta::assert_snapshot!(run(&["bad.yaml", "--", "true"]), @r#"
    status 2
    --- stderr
    bad.yaml:9:34: error[unknown-matcher]: there is no matcher `$lkie`
        help: did you mean "$like"?
    bad.yaml:11:5: error[misspelt-key]: an interaction has no `givne`
        help: did you mean "given"?

    nothing was run and nothing was recorded
    "#);
    assert!(!sandbox.path("pacts").exists());
}

#[cfg(unix)]
#[test]
fn a_command_that_is_killed_has_not_succeeded() {
    let sandbox = sandbox(FILE);
    let output = sandbox.run(&["record", "interactions.yaml", "--", "sh", "-c", "kill -9 $$"]);
    insta::assert_snapshot!(said(&output), @r#"
    status 1

    nothing was recorded
      the command failed: signal: 9 (SIGKILL)
      interactions.yaml:6:5: "a FAQ" was not used
      interactions.yaml:11:5: "no FAQ" was not used
    "#);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken.local_addr().expect("it has an address").port().to_string();
    let sandbox = sandbox(FILE);
    let output = sandbox.run(&["record", "interactions.yaml", "--port", &port, "--", "true"]);
    assert_eq!(output.status, 3, "{output}");
    assert!(output.stderr.contains(&format!("the mock of faq cannot listen on port {port}")), "{output}");
}

#[test]
fn a_draft_is_written_from_what_a_real_provider_was_asked() {
    let faq = |id: u32| {
        Answer::json(
            200,
            &serde_json::json!({
                "id": id, "question": "Why?", "score": 1.5, "open": true, "token": "s3cr3t",
                "at": "2026-11-25T12:00:00Z", "tags": [{ "name": "a" }], "none": [], "nothing": null, "$ref": "x",
            }),
        )
    };
    let created = Answer::json(201, &serde_json::json!({ "id": 9, "source": "ticket-4711" }));
    let (seven, eight) = ([faq(7)], [faq(8)]);
    let created = [created];
    let provider = Provider::start(&[
        ("GET /faqs/7", &seven),
        ("GET /faqs/8", &eight),
        ("POST /v1/create", &created),
        ("GET /faqs?page=2&api_key=k", &created),
    ]);
    let sandbox = Sandbox::new();
    let arguments = [
        "record",
        "--consumer",
        "support",
        "--provider",
        "faq",
        "--env",
        "FAQ_API",
        "--from-traffic",
        &provider.url(),
        "draft.yaml",
    ];
    let asks = [
        "GET /faqs/7",
        "GET /faqs/8",
        "POST /v1/create source=ticket-4711&password=pw",
        "GET /faqs?page=2&api_key=k",
    ];
    let output = record(&sandbox, &arguments, &asks);
    insta::assert_snapshot!(said(&output), @"
    status 0
    Drafted draft.yaml from 4 calls: review it before it is used
    ");
    let draft = sandbox.read("draft.yaml");
    insta::assert_snapshot!(draft);
    assert!(!draft.contains("s3cr3t") && !draft.contains("pw"), "{draft}");
    // What was drafted is valid and is what the same tests ask for.
    let output = record(&sandbox, &["record", "draft.yaml"], &asks);
    insta::assert_snapshot!(said(&output), @"
    status 0
    Recorded 3 interactions of support with faq: pacts/support-faq.json is new
    ");
    let again = record(&sandbox, &arguments, &asks);
    assert_eq!(again.status, 2, "{again}");
}

#[test]
fn an_answer_that_the_mock_cannot_give_is_no_use_of_an_interaction() {
    let text = "\
consumer: support
provider: faq
env: FAQ_API
interactions:
  - description: a FAQ
    request: GET /faqs/7
    response:
      json: { id: { $like: a, generate: { regex: '(?=x)x' } } }
";
    let sandbox = sandbox(text);
    let output = record(&sandbox, &["record", "interactions.yaml"], &["GET /faqs/7"]);
    insta::assert_snapshot!(said(&output), @r#"
    status 1

    nothing was recorded
      interactions.yaml:5:5: "a FAQ" cannot be answered: the Regex generator for body $.id failed: '(?=x)x' is not a valid regular expression - regex parse error:
        (?=x)x
        ^^^
    error: look-around, including look-ahead and look-behind, is not supported
    "#);
    assert!(!sandbox.path(PACT).exists());
}
