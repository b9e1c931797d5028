//! What `pactwright verify` says, and to whom it does not say secrets.

use serde_json::{Value, json};

use crate::support::command::Sandbox;
use crate::support::gate::{Gate, get, http, json_body, pact, status};
use crate::support::provider::Answer;

#[test]
fn the_help_says_what_there_is() {
    let output = Sandbox::new().run(&["verify", "-h"]);
    assert_eq!(output.status, 0);
    insta::assert_snapshot!("verify_help", output.stdout);
}

#[test]
fn every_flag_is_in_the_long_help_or_is_an_alias() {
    let long = Sandbox::new().run(&["verify", "--help"]).stdout;
    for flag in
        ["--file", "--dir", "--url", "--hostname", "--port", "--json", "--junit", "--html", "--url-token"]
    {
        assert!(long.contains(flag), "{flag}");
    }
}

#[test]
fn a_run_that_holds_says_how_much_was_verified() {
    let gate = Gate::new(&[get("/good")], &[("GET /good", &[status(200)])]);
    let verified = gate.verify(&[]);
    insta::assert_snapshot!(verified.output, @"
    status 0
    --- stdout
    Verifying faq: 1 interaction in 1 pact
     PASS [[time]] web > get /good

    Verified 1 of 1 interaction in 1 pact
    1 passed in [time]
    Answer: yes, faq keeps its contracts
    ");
}

#[test]
fn a_failure_has_everything_that_is_needed_to_understand_it() {
    let example = json!({ "question": "How?", "source": "ticket 17", "related": [1] });
    let rules = json!({ "body": { "$": { "matchers": [{ "match": "type" }], "combine": "AND" } } });
    let mut interaction = http(
        "a v2 entry",
        &json!({ "method": "POST", "path": "/v2/create", "headers": { "Authorization": ["Bearer hunter2"] }, "body": json_body(&json!({ "question": "How?" })) }),
        &json!({ "status": 201, "body": json_body(&example), "matchingRules": rules }),
    );
    interaction["comments"] = json!({ "testname": "creates an entry" });
    let answer = Answer::json(201, &json!({ "question": 7, "related": ["x"] }));
    let gate = Gate::new(&[interaction], &[("POST /v2/create", &[answer])]);
    gate.sandbox.write("pacts/owners.toml", "[web]\nteam = \"Marketing\"\ncontact = \"#marketing\"\n");
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 1);
    insta::assert_snapshot!("verify_failure", verified.output.stdout);
}

#[test]
fn a_report_never_replaces_what_the_run_reads() {
    let gate = Gate::one_good_one_bad();
    gate.sandbox.write("pactwright.toml", "provider = \"faq\"\n");
    gate.sandbox.write("pacts/owners.toml", "[web]\nteam = \"Marketing\"\n");
    gate.sandbox.write("ca.pem", "-----BEGIN CERTIFICATE-----\n");
    for (flag, file, named) in [
        ("--report", "json=pacts/web-faq.json", "pacts/web-faq.json"),
        ("--report", "html=./pacts/../pacts/web-faq.json", "pacts/web-faq.json"),
        ("--json", "pacts/web-faq.json", "pacts/web-faq.json"),
        ("--junit", "pactwright.toml", "pactwright.toml"),
        ("--report", "markdown=pacts/owners.toml", "pacts/owners.toml"),
        ("--report", "terminal=ca.pem", "ca.pem"),
    ] {
        let before = gate.sandbox.read(named);
        let url = gate.provider.url();
        let command =
            gate.sandbox.command(&["verify", "--provider-url", &url, "--ca-file", "ca.pem", flag, file]);
        let output = gate.sandbox.finish(command);
        assert_eq!(output.status, 2, "{file}: {output}");
        let path = file.split_once('=').map_or(file, |(_, path)| path);
        assert!(output.stderr.contains(&format!("report would be written to {path}, and ")), "{output}");
        assert!(output.stderr.contains(&format!("this run reads {named}")) || named != "pacts/web-faq.json");
        assert_eq!(gate.sandbox.read(named), before, "{file}");
    }
    assert!(gate.asked().is_empty());
    assert_eq!(gate.verify(&["--report", "markdown=pacts/web-faq.md"]).status(), 1);
}

#[test]
fn a_filter_that_begins_like_a_regular_expression_is_said_to_be_a_text() {
    let gate = Gate::one_good_one_bad();
    let verified = gate.verify(&["--filter-description", "/good"]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    insta::assert_snapshot!(verified.output.stderr, @"note: `/good` is taken as it stands; a regular expression ends with a slash too");
    assert_eq!(gate.verify(&["--filter-description", "/good$/"]).output.stderr, "");
}

#[test]
fn several_reports_are_written_at_once_and_agree() {
    let gate = Gate::one_good_one_bad();
    let arguments = [
        "--report",
        "jsonl=x.jsonl",
        "--report",
        "junit=x.xml",
        "--report",
        "markdown=x.md",
        "--report",
        "html=x.html",
        "--report",
        "github=x.txt",
        "--report",
        "terminal=x.log",
    ];
    let verified = gate.verify(&arguments);
    assert_eq!(verified.status(), 1);
    for (name, sign) in [
        ("x.jsonl", "\"verdict\":\"failed\""),
        ("x.xml", "failures=\"1\""),
        ("x.md", "get /bad"),
        ("x.html", "get /bad"),
        ("x.txt", "::error "),
        ("x.log", "1 passed, 1 failed"),
    ] {
        assert!(gate.sandbox.read(name).contains(sign), "{name}: {}", gate.sandbox.read(name));
    }
    // The stored log renders as the run did.
    let again =
        gate.sandbox.run(&["report", "x.jsonl", "--report", "html=y.html", "--report", "json=y.json"]);
    assert_eq!(again.status, 1);
    assert_eq!(gate.sandbox.read("x.html"), gate.sandbox.read("y.html"));
    assert_eq!(gate.sandbox.read("report.json"), gate.sandbox.read("y.json"));
}

#[test]
fn a_report_on_standard_output_is_alone_there() {
    let gate = Gate::one_good_one_bad();
    let url = gate.provider.url();
    let output = gate.sandbox.run(&["verify", "--provider-url", &url, "--report", "json"]);
    assert_eq!(output.status, 1);
    let report: Value = serde_json::from_str(&output.stdout).expect("nothing but JSON");
    assert_eq!(report["counts"]["failed"], 1);
}

/// An interaction with a secret in every place that has one.
fn secretive() -> Gate {
    let headers = json!({
        "Authorization": ["Bearer hunter2"], "Cookie": ["session=hunter2"], "X-Api-Key": ["hunter2"], "X-Own": ["hunter2"],
    });
    let body = json_body(&json!({ "password": "hunter2", "own_field": "hunter2", "plain": 1 }));
    let request = json!({
        "method": "POST", "path": "/a", "query": { "token": ["hunter2"] }, "headers": headers, "body": body,
    });
    let response = json!({ "status": 200, "headers": { "Set-Cookie": ["id=hunter2"] }, "body": body });
    let mut interaction = http("secrets", &request, &response);
    interaction["providerStates"] = json!([{ "name": "a user", "params": { "password": "hunter2" } }]);
    let headers = [("Set-Cookie", "id=hunter2b"), ("Content-Type", "application/json")];
    let said = br#"{"password":"hunter2b","own_field":"hunter2b","plain":2}"#;
    let state = Answer::with(500, &[], br#"{"password":"hunter2"}"#);
    Gate::with_pact(
        &pact(&[interaction]),
        &[
            ("POST /a?token=hunter2", &[Answer::with(200, &headers, said)]),
            ("POST /states", &[status(200)]),
            ("POST /broken", &[state]),
        ],
    )
}

#[test]
fn no_output_format_shows_a_secret() {
    let gate = secretive();
    let files = ["x.jsonl", "x.xml", "x.md", "x.html", "x.txt", "report.json"];
    let reports = [
        "--report",
        "jsonl=x.jsonl",
        "--report",
        "junit=x.xml",
        "--report",
        "markdown=x.md",
        "--report",
        "html=x.html",
        "--report",
        "github=x.txt",
        "--verbose",
    ];
    let ours =
        ["--redact", "X-Own", "--redact", "own_field", "-H", "X-Own: hunter2", "-H", "X-Auth-Token=hunter2"];
    for (states, more) in [("/states", &[][..]), ("/broken", &[]), ("/states", &["--second-opinion"])] {
        let arguments = [&reports[..], &ours, &["--state-url", states], more].concat();
        let verified = gate.verify(&arguments);
        assert_ne!(verified.status(), 0);
        assert_ne!(verified.status(), 2, "{}", verified.output);
        assert!(verified.output.stdout.contains("REDACTED"), "{}", verified.output);
        assert!(verified.output.stdout.contains("--last-failed"), "{}", verified.output);
        let told = verified.output.to_string();
        assert!(!told.contains("hunter2"), "{told}");
        for file in files {
            let told = gate.sandbox.read(file);
            let line = told.lines().find(|line| line.contains("hunter2"));
            assert_eq!(line, None, "{file}");
            // Two secrets that cannot be told apart any more are said to differ.
            assert!(states == "/broken" || told.contains("got another secret"), "{file}: {told}");
        }
    }
}

#[test]
fn the_name_of_a_secret_may_stand_in_the_configuration() {
    let gate = secretive();
    gate.sandbox.write("pactwright.toml", "[verify]\nredact = [\"X-Own\", \"own_field\"]\n");
    let verified = gate.verify(&["--state-url", "/states", "--header=X-Own: hunter2"]);
    assert_eq!(verified.status(), 1);
    let told = format!("{}{}", verified.output, verified.report);
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn what_an_exchange_had_in_its_headers_is_shown_nowhere_else() {
    let request = json!({ "method": "GET", "path": "/me", "headers": {
        "Authorization": ["Bearer AUTHSECRET99"], "Proxy-Authorization": ["Basic YW5uOkJBU0lDUEFTUzE="],
        "Cookie": ["sid=C00KIESID; theme=dark"],
    } });
    let response = json!({ "status": 200, "body": json_body(&json!({ "sub": "ann" })) });
    let headers = [("Set-Cookie", "id=N3WC00KIE; Path=/me"), ("Content-Type", "application/json")];
    let said = br#"{"sub":"AUTHSECRET99","b":"YW5uOkJBU0lDUEFTUzE=","p":"BASICPASS1","c":"C00KIESID","s":"N3WC00KIE","theme":"dark","path":"/me"}"#;
    let gate =
        Gate::new(&[http("me", &request, &response)], &[("GET /me", &[Answer::with(200, &headers, said)])]);
    let verified = gate.verify(&["--report", "jsonl=x.jsonl", "--second-opinion", "--verbose"]);
    assert_eq!(verified.status(), 1, "{}", verified.output);
    let told = format!("{}{}{}", verified.output, verified.report, gate.sandbox.read("x.jsonl"));
    for secret in ["AUTHSECRET99", "YW5uOkJBU0lDUEFTUzE", "BASICPASS1", "C00KIESID", "N3WC00KIE"] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
    assert!(told.contains(r#"\"theme\":\"dark\",\"path\":\"/me\""#), "the rest can be read: {told}");
}
