//! What users of pact_verifier_cli type and set is understood, or met with what to do instead.

use serde_json::{Value, json};

use crate::support::command::Output;
use crate::support::gate::{Gate, get, given, http, status};

/// A provider below `/v1` with one interaction that needs a state.
fn gate() -> Gate {
    let table: &[(&str, &[_])] = &[
        ("GET /v1/a", &[status(200)]),
        ("GET /v1/b", &[status(200)]),
        ("POST /states", &[status(200)]),
        ("POST /states?state=s&action=setup", &[status(200)]),
        ("POST /states?state=s&action=teardown", &[status(200)]),
    ];
    Gate::new(&[given(get("/a"), &["s"]), get("/b")], table)
}

/// Runs `verify` with words as they are typed, in which `{host}` and `{port}` are the provider's.
fn typed(gate: &Gate, words: &str, variables: &[(&str, &str)]) -> Output {
    let url = gate.provider.url();
    let (host, port) = url.trim_start_matches("http://").split_once(':').expect("a port");
    let filled = |text: &str| text.replace("{host}", host).replace("{port}", port);
    let words = filled(words);
    let mut command = gate.sandbox.command(&[]);
    command.arg("verify").args(words.split_whitespace());
    command.envs(variables.iter().map(|(name, value)| (name, filled(value))));
    gate.sandbox.finish(command)
}

const ADDRESS: &str = "--hostname {host} --port {port} --base-path v1 -s http://{host}:{port}/states";

#[test]
fn every_way_to_say_where_the_provider_is_is_understood() {
    for words in [
        "--hostname {host} -p {port} --transport http --base-path /v1/ -s http://{host}:{port}/states",
        "--hostname {host} -p {port} --scheme http --base-path v1 --state-change-url http://{host}:{port}/states",
        "--hostname {host} --transports http:{port}/v1 ws:1/x -s http://{host}:{port}/states",
    ] {
        let output = typed(&gate(), words, &[]);
        assert_eq!(output.status, 0, "{words}: {output}");
    }
}

#[test]
fn flags_about_a_log_change_how_much_is_said_and_nothing_else() {
    for more in
        ["-l debug", "--loglevel trace --compact-log", "-l none --pretty-log", "--full-log --no-colour"]
    {
        let output = typed(&gate(), &format!("{ADDRESS} {more}"), &[]);
        assert_eq!(output.status, 0, "{output}");
        assert_eq!(output.stdout.contains("received 200"), more.contains("debug") || more.contains("trace"));
    }
    assert_eq!(typed(&gate(), &format!("{ADDRESS} --full-log --pretty-log"), &[]).status, 2);
}

#[test]
fn the_variables_of_the_reference_verifier_are_read() {
    let gate = gate();
    let variables = [
        ("PACT_PROVIDER_NAME", "faq"),
        ("PACT_PROVIDER_HOSTNAME", "{host}"),
        ("PACT_PROVIDER_PORT", "{port}"),
        ("PACT_PROVIDER_TRANSPORT", "http"),
        ("PACT_PROVIDER_BASE_PATH", "/v1"),
        ("PACT_PROVIDER_REQUEST_TIMEOUT", "5000"),
        ("PACT_PROVIDER_STATE_CHANGE_URL", "http://{host}:{port}/states"),
        ("PACT_PROVIDER_STATE_CHANGE_AS_QUERY", "true"),
        ("PACT_PROVIDER_STATE_CHANGE_TEARDOWN", "true"),
        ("PACT_DESCRIPTION", "^get /a$"),
        ("PACT_PROVIDER_STATE", "s"),
        ("PACT_VERIFIER_JSON_REPORT", "x.json"),
        ("PACT_VERIFIER_JUNIT_REPORT", "x.xml"),
        ("PACT_VERIFIER_HTML_REPORT", "x.html"),
    ];
    let output = typed(&gate, "", &variables);
    assert_eq!(output.status, 0, "{output}");
    let asked = ["POST /states?state=s&action=setup", "GET /v1/a", "POST /states?state=s&action=teardown"];
    assert_eq!(gate.asked(), asked);
    let report: Value = serde_json::from_str(&gate.sandbox.read("x.json")).expect("JSON");
    assert_eq!(report["counts"]["verified"], 1);
    assert!(gate.sandbox.path("x.xml").exists() && gate.sandbox.path("x.html").exists());
    let rest = typed(&gate, "", &[&variables[..9], &[("PACT_PROVIDER_NO_STATE", "true")]].concat());
    assert!(rest.stdout.contains("get /b") && !rest.stdout.contains("get /a"), "{rest}");
    let wrong = typed(&gate, "", &[("PACT_PROVIDER_PORT", "http")]);
    assert_eq!(wrong.status, 2, "{wrong}");
}

#[test]
fn a_flag_wins_over_a_variable_also_when_they_say_it_differently() {
    let elsewhere = [("PACT_PROVIDER_HOSTNAME", "nowhere.invalid"), ("PACT_PROVIDER_PORT", "1")];
    let words = "--provider-url http://{host}:{port}/v1 -s http://{host}:{port}/states";
    let output = typed(&gate(), words, &elsewhere);
    assert_eq!(output.status, 0, "{output}");
}

#[test]
fn a_filter_may_be_a_regular_expression_without_slashes() {
    let output = typed(&gate(), &format!("{ADDRESS} --filter-description ^get.*a$"), &[]);
    assert!(output.stdout.contains("Verified 1 of 2"), "{output}");
    let either = typed(&gate(), &format!("{ADDRESS} --filter-state ^s$ --filter-consumer web"), &[]);
    assert!(either.stdout.contains("Verified 1 of 2"), "{either}");
}

#[test]
fn messages_are_asked_for_where_a_transport_says() {
    let message = json!({
        "type": "Asynchronous/Messages",
        "description": "a message",
        "contents": { "contentType": "text/plain", "content": "hello" },
    });
    let answer = crate::support::provider::Answer::with(200, &[("Content-Type", "text/plain")], b"hello");
    let gate = Gate::new(&[message], &[("POST /messages", &[answer])]);
    let output = typed(&gate, "--hostname {host} -p {port} --transports message:{port}/messages", &[]);
    assert_eq!(output.status, 0, "{output}");
}

#[test]
fn flags_that_there_are_not_say_what_to_do_instead() {
    for (flag, said) in [
        ("-b http://broker", "name the pacts themselves"),
        ("--broker-url=http://broker", "name the pacts themselves"),
        ("--ignore-no-pacts-error", "nothing verified is never a pass"),
        ("--xslt a.xslt", "a page of your own"),
    ] {
        let output = typed(&gate(), flag, &[]);
        assert_eq!(output.status, 2, "{output}");
        assert!(output.stderr.contains(said), "{flag}: {output}");
    }
}

#[test]
fn a_setting_without_effect_is_refused_on_the_command_line_and_in_the_file() {
    let gate = gate();
    let output = typed(&gate, &format!("{ADDRESS} --ready-url /up"), &[]);
    insta::assert_snapshot!(output, @r"
    status 2
    --- stderr
    error: --ready-url has no effect: it is about a provider that is started, and this one runs already
      hint: take it away, on the command line or in pactwright.toml
    ");
    gate.sandbox
        .write("pactwright.toml", "[verify]\nprovider-url = 'http://127.0.0.1:1'\nstate-teardown = true\n");
    let output = typed(&gate, "", &[]);
    assert_eq!(output.status, 2, "{output}");
    assert!(output.stderr.contains("--state-teardown has no effect"), "{output}");
    assert!(gate.asked().is_empty());
}

#[test]
fn a_certificate_that_nobody_needs_is_noted() {
    let ca = crate::support::tls::file("ca.pem").display().to_string();
    let output = typed(&gate(), &format!("{ADDRESS} --ca-file {ca}"), &[]);
    assert_eq!(output.status, 0, "{output}");
    assert!(output.stderr.contains("--ca-file has no effect"), "{output}");
}

#[test]
fn a_filter_that_selects_nothing_is_met_with_what_was_probably_meant() {
    let gate = gate();
    for (words, said) in [
        ("--filter-state S1", "no state is like \"S1\""),
        ("--filter-description get-/a", "did you mean \"get /a\"?"),
        ("-c wb", "did you mean \"web\"?"),
        ("-n fqa", "did you mean \"faq\"?"),
    ] {
        let output = typed(&gate, &format!("{ADDRESS} {words}"), &[]);
        assert_eq!(output.status, 3, "{output}");
        assert!(output.stdout.contains(said), "{words}: {output}");
    }
    let some = typed(&gate, &format!("{ADDRESS} --filter-description get --filter-description git"), &[]);
    assert_eq!(some.status, 3, "{some}");
    assert!(some.stdout.contains("nothing was verified for the filter \"git\""), "{some}");
}

/// An interaction in whose answer, header and error the provider gives back what it was sent.
fn echoing() -> Gate {
    let interaction = http(
        "echo",
        &json!({ "method": "GET", "path": "/echo" }),
        &json!({ "status": 200, "body": { "contentType": "application/json", "content": { "said": "a" } } }),
    );
    let said = "you sent s3cr3t-0f-ours as a 1";
    let answer = crate::support::provider::Answer::with(
        401,
        &[("Content-Type", "application/json"), ("X-Echo", said)],
        json!({ "said": said, "encoded": "s3cr3t%2D0f%2Dours", "basic": "dTpzM2NyM3QtMGYtb3Vycw==" })
            .to_string()
            .as_bytes(),
    );
    Gate::new(&[interaction], &[("GET /echo", &[answer])])
}

#[test]
fn what_the_user_gave_is_hidden_wherever_the_provider_gives_it_back() {
    let gate = echoing();
    let words = "--provider-url http://ann:s3cr3t-0f-ours@{host}:{port} -H X-Api-Key=s3cr3t-0f-ours \
                 -H Authorization=a -H X-Token=1 --report json=x.json --report jsonl=x.jsonl --report html=x.html \
                 --report junit=x.xml --report github=x.txt --report markdown=x.md --report terminal -v";
    let output = typed(&gate, words, &[]);
    assert_eq!(output.status, 1, "{output}");
    let files = ["x.json", "x.jsonl", "x.html", "x.xml", "x.txt", "x.md"].map(|file| gate.sandbox.read(file));
    for told in files.iter().chain([&output.stdout, &output.stderr]) {
        for secret in ["s3cr3t", "dTpzM2NyM3Q", "M2NyM3QtMGYt"] {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
    }
    // A secret of one letter tears nothing to pieces.
    assert!(output.stdout.contains("you sent REDACTED as a 1"), "{output}");
    assert!(output.stdout.contains("web > echo"), "{output}");
}
