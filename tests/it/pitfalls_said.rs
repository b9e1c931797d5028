//! Failures can be read, at once and in every format (pitfalls 25 to 30).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::Stdio;
use std::thread;

use serde_json::{Value, json};

use crate::support::gate::{Gate, get, given, http, json_body, nobody_listens, status, text};
use crate::support::provider::Answer;

fn stated() -> Value {
    given(get("/good"), &["a FAQ exists"])
}

#[test]
fn pitfall_25_a_state_handler_that_fails_is_shown_at_once_with_what_it_said() {
    let answer = Answer::with(500, &[], b"no such table: faqs\nat store.rs:12");
    let gate = Gate::new(&[stated()], &[("POST /states", &[answer]), ("GET /good", &[status(200)])]);
    let verified = gate.verify(&["--state-url", "/states"]);
    assert_eq!(verified.status(), 3);
    assert_eq!(gate.asked(), ["POST /states"], "one request, and nothing is tried again");
    insta::assert_snapshot!(verified.output.stdout, @r#"
    Verifying faq: 1 interaction in 1 pact
    ERROR [[time]] web > get /good (given a FAQ exists)

    ────────────────────────────────────────────────────────────────────────────────
    ERROR [state-setup-failed] web > get /good (given a FAQ exists)
      A provider state could not be set up.

      pact      pacts/web-faq.json:1:70
      consumer  web

      state: 1 problem
        state-setup-failed  the state "a FAQ exists" could not be set up: http://[host]/states answered 500
                            | no such table: faqs
                            | at store.rs:12
                            pacts/web-faq.json:1:70

      again    pactwright verify --provider-url http://[host] --state-url /states --interaction b60ef9cd5c
      more     pactwright explain state-setup-failed

    Verified 0 of 1 interaction in 1 pact
    0 passed, 1 error in [time]
    Answer: could not find out, nothing was verified
    Again:  pactwright verify --provider-url http://[host] --state-url /states --last-failed
    "#);
}

/// The address of somebody who answers whatever is sent with these bytes.
fn always(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
    let address = listener.local_addr().expect("it has an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            // Whether anybody reads the answer is none of its business.
            let _ = stream.read(&mut [0; 1024]).and_then(|_| stream.write_all(answer));
        }
    });
    address
}

#[test]
fn pitfall_26_refusal_timeout_and_tls_are_told_apart() {
    let gate = Gate::new(&[get("/a")], &[("GET /a", &[Answer::Silence])]);
    let told = |arguments: &[&str]| {
        let mut command = gate.sandbox.command(&["verify", "--report", "json=report.json"]);
        command.args(arguments);
        let verified = gate.finish(command);
        assert_eq!(verified.status(), 3, "{}", verified.output);
        let finding = verified.finding("get /a");
        let host = finding["message"].as_str().unwrap_or_default().replace(char::is_numeric, "");
        format!("{}: {host} ({})", text(&finding["code"]), text(&finding["help"]))
    };
    let silent = gate.provider.url();
    let plain = always(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    let tls = always(&[0x15, 3, 3, 0, 2, 2, 10]);
    let said = [
        told(&["--provider-url", &nobody_listens()]),
        told(&["--provider-url", &silent, "--request-timeout", "50ms"]),
        told(&["--provider-url", &format!("https://{plain}")]),
        told(&["--provider-url", &format!("http://{tls}")]),
        told(&["--provider-url", "http://no-such-host.invalid"]),
    ];
    insta::with_settings!({ filters => vec![(r"known: .* \(", "known: [why] (")] }, {
        insta::assert_snapshot!(said.join("\n"), @"
        connection-refused: nobody listens at http://...: (is the provider up? --start 'COMMAND' starts it and waits until it is ready)
        request-timed-out: http://...: did not answer within  ms (a slower provider needs a longer --request-timeout)
        tls-failed: the TLS handshake with https://...: failed: received corrupt message of type InvalidContentType (does the port speak plain HTTP? then the address starts with http://)
        bad-answer: http://...: answered with something that is not HTTP: invalid HTTP version parsed (does the port speak TLS, or HTTP/2 only?)
        unknown-host: the host of http://no-such-host.invalid: is not known: [why] ()
        ");
    });
}

#[test]
fn pitfall_26_a_broken_pact_in_a_directory_is_named_and_the_others_are_verified() {
    let gate = Gate::new(&[get("/good")], &[("GET /good", &[status(200)])]);
    gate.sandbox.write("pacts/broken.json", "{\n  \"consumer\": { \"name\": \"web\" },,\n}");
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 2);
    assert_eq!(verified.verdicts(), "get /good passed");
    assert!(verified.output.stdout.contains("pacts/broken.json:2:33"), "{}", verified.output);
}

#[test]
fn pitfall_26_a_misspelt_matcher_is_blamed_on_the_pact() {
    let rules = json!({ "body": { "$.a": { "matchers": [{ "match": "regx", "regex": ".*" }] } } });
    let response = json!({ "status": 200, "body": json_body(&json!({ "a": "b" })), "matchingRules": rules });
    let interaction = http("a", &json!({ "method": "GET", "path": "/a" }), &response);
    let gate = Gate::new(&[interaction], &[("GET /a", &[status(200)])]);
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 2);
    assert!(verified.output.stdout.contains("did you mean `regex`?"), "{}", verified.output);
    assert!(gate.asked().is_empty());
}

/// Several mismatches of several kinds in one answer.
fn several() -> Gate {
    let example = json!({ "a": 1, "b": { "c": "d" }, "e": [1, 2], "f": true });
    let response = json!({ "status": 201, "headers": { "X-A": ["1"] }, "body": json_body(&example) });
    let interaction = http("several", &json!({ "method": "GET", "path": "/a" }), &response);
    let answer = Answer::json(200, &json!({ "a": 2, "b": { "c": 3 }, "e": [1], "f": "yes" }));
    Gate::new(&[interaction], &[("GET /a", &[answer])])
}

#[test]
fn pitfall_27_mismatches_have_one_order_and_the_difference_is_shown() {
    let gate = several();
    let first = gate.verify(&[]);
    assert_eq!(first.status(), 1);
    insta::assert_snapshot!(first.output.stdout, @r#"
    Verifying faq: 1 interaction in 1 pact
     FAIL [[time]] web > several

    ────────────────────────────────────────────────────────────────────────────────
    FAIL [status-mismatch] web > several
      The provider answered with another status than the contract asks for.

      pact      pacts/web-faq.json:1:70
      consumer  web

      status: 1 mismatch
        status-mismatch  expected the status 201, got 200
                         pacts/web-faq.json:1:172
        … and 5 more that follow from this

      difference (- the contract, + the answer)
          {
        -   "a": 1
        +   "a": 2
            "b": {
        -     "c": "d"
        +     "c": 3
            }
        -   "e": [
        -     1,
        -     2
        -   ]
        +   "e": [
        +     1
        +   ]
        -   "f": true
        +   "f": "yes"
          }

      sent     GET http://[host]/a

      received 200 OK
        content-type: application/json
        content-length: 37

        {"a":2,"b":{"c":3},"e":[1],"f":"yes"}

      by hand  curl http://[host]/a
      again    pactwright verify --provider-url http://[host] --interaction 53d13f0c8d
      more     pactwright explain status-mismatch

    Verified 1 of 1 interaction in 1 pact
    0 passed, 1 failed in [time]
    Answer: no, faq breaks 1 interaction
    Again:  pactwright verify --provider-url http://[host] --last-failed
    "#);
    for _ in 0..5 {
        assert_eq!(gate.verify(&[]).output.stdout, first.output.stdout);
    }
}

#[test]
fn pitfall_27_no_colour_unless_it_is_asked_for() {
    let gate = several();
    assert!(!gate.verify(&[]).output.stdout.contains('\u{1b}'));
    let mut command = gate.command(&["--color", "always"]);
    command.env_remove("NO_COLOR");
    assert!(gate.finish(command).output.stdout.contains('\u{1b}'));
}

#[test]
fn pitfall_27_a_verdict_is_printed_while_the_next_one_is_still_waited_for() {
    let first = given(get("/good"), &[]);
    let gate = Gate::new(
        &[first, get("/never")],
        &[("GET /good", &[status(200)]), ("GET /never", &[Answer::Silence])],
    );
    let mut command = gate.command(&["--in-order", "--request-timeout", "60s"]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
    let out = BufReader::new(child.stdout.take().expect("a pipe"));
    let line = out.lines().map_while(Result::ok).find(|line| line.contains("get /good"));
    // The other interaction would take a minute more.
    child.kill().expect("it still runs");
    child.wait().expect("it ends");
    assert!(line.is_some_and(|line| line.contains("PASS")));
}

#[test]
fn pitfall_28_a_load_failure_is_an_error_in_every_file_that_was_asked_for() {
    let gate = Gate::new(&[], &[]);
    gate.sandbox.write("pacts/web-faq.json", "{");
    let verified =
        gate.verify(&["--report", "junit=x.xml", "--report", "html=x.html", "--report", "github=x.txt"]);
    assert_eq!(verified.status(), 2);
    let junit = gate.sandbox.read("x.xml");
    assert!(junit.contains("<testsuites") && !junit.contains("errors=\"0\""), "{junit}");
    assert!(junit.contains("pacts/web-faq.json"), "{junit}");
    assert!(gate.sandbox.read("x.html").starts_with("<!doctype html>"));
    assert!(gate.sandbox.read("x.txt").starts_with("::error "));
    assert_eq!(verified.report["answer"], "asked-wrongly");
}

#[test]
fn pitfall_29_teardown_runs_although_the_set_up_failed() {
    let gate = Gate::new(&[stated()], &[("POST /states", &[status(500), status(200)])]);
    let verified = gate.verify(&["--state-url", "/states", "--state-teardown"]);
    assert_eq!(verified.verdicts(), "get /good error state-setup-failed");
    let actions: Vec<String> = gate.provider.asked().iter().map(|asked| action(&asked.body)).collect();
    assert_eq!(actions, ["setup", "teardown"]);
}

#[test]
fn pitfall_29_a_failing_teardown_does_not_hide_the_mismatch() {
    let table: [(&str, &[Answer]); 2] =
        [("POST /states", &[status(200), status(500)]), ("GET /good", &[status(404)])];
    let gate = Gate::new(&[stated()], &table);
    let verified = gate.verify(&["--state-url", "/states", "--state-teardown"]);
    assert_eq!(verified.status(), 1);
    assert_eq!(verified.verdicts(), "get /good failed status-mismatch");
    assert_eq!(verified.noted(), ["state-teardown-failed"]);
}

#[test]
fn pitfall_29_a_failing_teardown_alone_is_not_a_success() {
    let table: [(&str, &[Answer]); 2] =
        [("POST /states", &[status(200), status(500)]), ("GET /good", &[status(200)])];
    let gate = Gate::new(&[stated()], &table);
    let verified = gate.verify(&["--state-url", "/states", "--state-teardown"]);
    assert_eq!((verified.status(), verified.verdicts().as_str()), (3, "get /good passed"));
}

fn action(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).expect("the handler is sent JSON");
    text(&body["action"])
}

#[test]
fn pitfall_30_a_reader_that_goes_away_changes_no_verdict() {
    let gate = Gate::one_good_one_bad();
    for report in ["terminal", "json", "jsonl", "junit", "html"] {
        let url = gate.provider.url();
        let mut command = gate.sandbox.command(&["verify", "--provider-url", &url, "--report", report]);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(1), "{report}");
        assert!(output.stderr.is_empty(), "{report}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
