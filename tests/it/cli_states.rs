//! `pactwright states`: what it lists, and what it tries in every way to set states up.

use serde_json::{Value, json};

use crate::support::command::Output;
use crate::support::gate::{Gate, get, status};
use crate::support::provider::Answer;

/// Two states, one with parameters, one of which the handler refuses.
fn gate() -> Gate {
    let mut one = get("/a");
    one["providerStates"] = json!([{ "name": "a FAQ exists", "params": { "id": 7, "password": "hunter2" } }]);
    let mut other = get("/b");
    other["providerStates"] = json!([{ "name": "the database is empty" }]);
    let works = Answer::json(200, &json!({ "id": 7 }));
    let refuses = Answer::with(500, &[], b"no table faqs\nrun the migrations");
    Gate::new(&[one, other], &[("POST /states", &[works.clone(), works, refuses])])
}

fn states(gate: &Gate, arguments: &[&str]) -> Output {
    gate.sandbox.run(&[&["states"], arguments].concat())
}

#[test]
fn states_are_listed_with_their_consumers_and_without_secrets() {
    insta::assert_snapshot!(states(&gate(), &[]), @r#"
    status 0
    --- stdout
    faq
      a FAQ exists {"id":7,"password":"REDACTED"}  <- web (1)
      the database is empty  <- web (1)
    2 states
    "#);
}

#[test]
fn a_typing_error_in_the_provider_is_met_with_a_suggestion() {
    insta::assert_snapshot!(states(&gate(), &["--provider", "fqa"]), @r#"
    status 3
    --- stderr
    error: no pact is about the provider "fqa", so no state is known
      hint: did you mean "faq"? the pacts are about: faq
    "#);
}

#[test]
fn a_flag_about_the_provider_needs_try() {
    let output = states(&gate(), &["--state-url", "/states"]);
    insta::assert_snapshot!(output, @"
    status 2
    --- stderr
    error: --state-url has no effect: states are only listed
      hint: --try sets each state up once
    ");
    let nobody = states(&gate(), &["--try", "--provider-url", "http://127.0.0.1:1"]);
    insta::assert_snapshot!(nobody, @"
    status 2
    --- stderr
    error: nobody sets the states up, so none can be tried
      hint: --state-url URL or --state-cmd 'COMMAND' says who does
    ");
}

#[test]
fn a_handler_at_an_address_is_tried() {
    let gate = gate();
    let url = gate.provider.url();
    let output = states(&gate, &["--try", "--provider-url", &url, "--state-url", "/states"]);
    insta::assert_snapshot!(output, @r#"
    status 0
    --- stdout
    faq
      ok      a FAQ exists {"id":7,"password":"REDACTED"}  <- web (1)
                returned id
      ok      the database is empty  <- web (1)
                returned id
    2 states
    "#);
    assert_eq!(gate.asked(), ["POST /states"; 2]);
    let torn_down =
        states(&gate, &["--try", "--provider-url", &url, "--state-url", "/states", "--state-teardown"]);
    assert_eq!(torn_down.status, 3, "{torn_down}");
}

#[test]
fn a_state_that_travels_in_the_query_is_tried() {
    let rows: [(&str, &[Answer]); 1] = [("POST /s?state=empty&action=setup", &[status(200)])];
    let gate = Gate::new(&[crate::support::gate::given(get("/a"), &["empty"])], &rows);
    let url = gate.provider.url();
    let output = states(&gate, &["--try", "--provider-url", &url, "--state-url", "/s", "--state-as-query"]);
    assert_eq!(output.status, 0, "{output}");
}

#[cfg(unix)]
#[test]
fn a_command_is_tried() {
    let gate = gate();
    let command = "grep -q empty && { echo broken >&2; exit 3; }; echo '{\"id\": 1}'";
    let output = states(&gate, &["--try", "--provider-url", "http://127.0.0.1:1", "--state-cmd", command]);
    insta::assert_snapshot!(output, @r#"
    status 3
    --- stdout
    faq
      ok      a FAQ exists {"id":7,"password":"REDACTED"}  <- web (1)
                returned id
      FAILED  the database is empty  <- web (1)
                the state "the database is empty" could not be set up: `grep -q empty && { echo broken >&2; exit 3; }; echo '{"id": 1}'` ended with exit status: 3
                broken
    2 states, 1 of which could not be set up
    "#);
}

#[cfg(unix)]
#[test]
fn the_provider_is_started_and_stopped_to_try_its_states() {
    let gate = gate();
    let start = format!("echo $$ > pid; {}", crate::support::served::command());
    let output = states(&gate, &["--try", "--start", &start, "--state-url", "/states", "--json"]);
    assert_eq!(output.status, 0, "{output}");
    let listed: Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(listed[0]["tried"]["works"], true);
    assert_eq!(listed[0]["params"], json!({ "id": 7, "password": "REDACTED" }));
    assert!(crate::support::served::is_gone(&gate.sandbox, "pid"));
    let broken = states(&gate, &["--try", "--start", "echo no database; exit 4", "--state-url", "/states"]);
    insta::assert_snapshot!(broken, @"
    status 3
    --- stderr
    error: `echo no database; exit 4` ended with exit status: 4 before it was ready
      hint: it said: no database
    ");
}
