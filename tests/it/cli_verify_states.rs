//! Provider states and messages, as `pactwright verify` sets them up and asks for them.

use serde_json::{Value, json};

use crate::support::gate::{Gate, Verified, get, given, json_body, status, text};
use crate::support::provider::Answer;

const HANDLER: [&str; 2] = ["--state-url", "/states"];

fn ok() -> Answer {
    status(200)
}

/// `GET /a`, given a FAQ with this id and a quiet day.
fn with_params() -> Value {
    let mut interaction = get("/a");
    interaction["providerStates"] =
        json!([{ "name": "a FAQ exists", "params": { "id": 7, "name": "a b" } }, { "name": "a quiet day" }]);
    interaction
}

fn bodies(gate: &Gate) -> Vec<Value> {
    let asked = gate.provider.asked();
    let states = asked.iter().filter(|asked| asked.request_line().contains("/states"));
    states.map(|asked| serde_json::from_slice(&asked.body).unwrap_or_default()).collect()
}

#[test]
fn each_state_is_set_up_in_order_with_its_parameters() {
    let gate = Gate::new(&[with_params()], &[("POST /states", &[ok()]), ("GET /a", &[ok()])]);
    assert_eq!(gate.verify(&HANDLER).status(), 0);
    assert_eq!(gate.asked(), ["POST /states", "POST /states", "GET /a"]);
    let first = json!({ "state": "a FAQ exists", "params": { "id": 7, "name": "a b" }, "action": "setup" });
    let second = json!({ "state": "a quiet day", "params": {}, "action": "setup" });
    assert_eq!(bodies(&gate), [first, second]);
    assert_eq!(gate.provider.asked()[0].header("content-type"), ["application/json"]);
}

#[test]
fn a_state_can_travel_in_the_query() {
    let first = "POST /states?x=1&state=a%20FAQ%20exists&action=setup&id=7&name=a%20b";
    let second = "POST /states?x=1&state=a%20quiet%20day&action=setup";
    let gate = Gate::new(&[with_params()], &[(first, &[ok()]), (second, &[ok()]), ("GET /a", &[ok()])]);
    let verified = gate.verify(&["--state-url", "/states?x=1", "--state-as-query"]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    assert_eq!(gate.asked(), [first, second, "GET /a"]);
}

#[test]
fn states_are_torn_down_in_reverse_when_that_was_asked_for() {
    let gate = Gate::new(&[with_params()], &[("POST /states", &[ok()]), ("GET /a", &[ok()])]);
    assert_eq!(gate.verify(&["--state-url", "/states", "--state-teardown"]).status(), 0);
    let actions: Vec<_> = bodies(&gate)
        .iter()
        .map(|body| format!("{} {}", text(&body["action"]), text(&body["state"])))
        .collect();
    assert_eq!(
        actions,
        ["setup a FAQ exists", "setup a quiet day", "teardown a quiet day", "teardown a FAQ exists"]
    );
}

#[test]
fn a_set_up_is_tried_again_only_when_that_was_asked_for() {
    let table: [(&str, &[Answer]); 2] = [("POST /states", &[status(503), ok()]), ("GET /a", &[ok()])];
    let interaction = given(get("/a"), &["a FAQ exists"]);
    let gate = Gate::new(std::slice::from_ref(&interaction), &table);
    assert_eq!(gate.verify(&HANDLER).status(), 3);
    assert_eq!(gate.asked(), ["POST /states"]);
    let gate = Gate::new(&[interaction], &table);
    assert_eq!(gate.verify(&["--state-url", "/states", "--state-retries", "1"]).status(), 0);
    assert_eq!(gate.asked(), ["POST /states", "POST /states", "GET /a"]);
}

/// `GET /faqs/1`, whose path and body take values from the state.
fn injected() -> Value {
    let mut interaction = given(get("/faqs/1"), &["a FAQ exists"]);
    interaction["request"]["method"] = "POST".into();
    interaction["request"]["body"] = json_body(&json!({ "id": 1, "name": "x" }));
    interaction["request"]["generators"] = json!({
        "path": { "type": "ProviderState", "expression": "/faqs/${id}", "dataType": "STRING" },
        "body": {
            "$.id": { "type": "ProviderState", "expression": "id", "dataType": "INTEGER" },
            "$.name": { "type": "ProviderState", "expression": "n-${name}", "dataType": "STRING" },
        },
    });
    interaction
}

#[test]
fn values_that_a_state_returns_are_put_into_the_request() {
    let returned = Answer::json(200, &json!({ "id": 42, "name": "ann" }));
    let gate = Gate::new(&[injected()], &[("POST /states", &[returned]), ("POST /faqs/42", &[ok()])]);
    let verified = gate.verify(&HANDLER);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    let body: Value = serde_json::from_slice(&gate.provider.asked()[1].body).expect("JSON");
    assert_eq!(body, json!({ "id": 42, "name": "n-ann" }));
}

#[cfg(unix)]
#[test]
fn a_command_gets_the_state_on_standard_input_and_returns_values_on_standard_output() {
    let gate = Gate::new(&[injected()], &[("POST /faqs/42", &[ok()])]);
    let command = r#"cat >> states; echo >> states; echo $PACTWRIGHT_PROVIDER_URL > address; echo '{"id": 42, "name": "ann"}'"#;
    let verified = gate.verify(&["--state-cmd", command, "--state-teardown"]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    assert_eq!(gate.asked(), ["POST /faqs/42"]);
    assert_eq!(gate.sandbox.read("address").trim_end(), gate.provider.url());
    insta::assert_snapshot!(gate.sandbox.read("states"), @r#"
    {"state":"a FAQ exists","params":{},"action":"setup"}
    {"state":"a FAQ exists","params":{},"action":"teardown"}
    "#);
}

#[cfg(unix)]
#[test]
fn a_command_that_fails_is_shown_with_what_it_said() {
    let gate = Gate::new(&[given(get("/a"), &["a FAQ exists"])], &[("GET /a", &[ok()])]);
    let verified = gate.verify(&["--state-cmd", "echo no database >&2; exit 3"]);
    assert_eq!(verified.status(), 3);
    let finding = verified.finding("get /a");
    assert_eq!(finding["actual"], "no database");
    assert!(text(&finding["message"]).contains("ended with exit status: 3"), "{finding}");
    assert!(gate.asked().is_empty());
}

#[cfg(unix)]
#[test]
fn a_command_that_does_not_end_is_stopped_with_its_children() {
    let gate = Gate::new(&[given(get("/a"), &["a FAQ exists"])], &[("GET /a", &[ok()])]);
    let command = "sleep 1000 & echo $! > child; wait";
    let verified = gate.verify(&["--state-cmd", command, "--request-timeout", "500ms"]);
    assert_eq!(verified.status(), 3);
    let finding = verified.finding("get /a");
    assert!(text(&finding["message"]).contains("did not end within 500 ms"), "{finding}");
    assert!(crate::support::served::is_gone(&gate.sandbox, "child"));
}

#[test]
fn two_ways_to_set_up_states_were_asked_wrongly() {
    let gate = Gate::new(&[get("/a")], &[]);
    assert_eq!(gate.verify(&["--state-url", "/states", "--state-cmd", "true"]).status(), 2);
}

fn message() -> Value {
    let mut message = json!({
        "type": "Asynchronous/Messages",
        "description": "a FAQ was published",
        "contents": json_body(&json!({ "id": 7 })),
        "metadata": { "topic": "faqs", "contentType": "application/json" },
    });
    message["providerStates"] = json!([{ "name": "a FAQ exists", "params": { "id": 7 } }]);
    message
}

fn published(metadata: &str) -> (Gate, Verified) {
    let headers = [("Content-Type", "application/json"), ("Pact-Message-Metadata", metadata)];
    let answer = Answer::with(200, &headers, br#"{"id":7}"#);
    let gate = Gate::new(&[message()], &[("POST /states", &[ok()]), ("POST /messages?v=1", &[answer])]);
    let verified = gate.verify(&["--state-url", "/states", "--message-url", "/messages?v=1"]);
    (gate, verified)
}

#[test]
fn a_message_is_asked_for_with_its_description_and_states() {
    // {"topic":"faqs"} in Base64.
    let (gate, verified) = published("eyJ0b3BpYyI6ImZhcXMifQ==");
    assert_eq!(verified.status(), 0, "{}", verified.output);
    let body: Value = serde_json::from_slice(&gate.provider.asked()[1].body).expect("JSON");
    let states = json!([{ "name": "a FAQ exists", "params": { "id": 7 } }]);
    assert_eq!(body, json!({ "description": "a FAQ was published", "providerStates": states }));
}

#[test]
fn the_metadata_of_a_message_is_verified() {
    // {"topic":"other"} in Base64.
    let (_, verified) = published("eyJ0b3BpYyI6Im90aGVyIn0=");
    assert_eq!(verified.verdicts(), "a FAQ was published failed metadata-mismatch");
    let (_, verified) = published("%%%");
    assert_eq!(
        (verified.status(), verified.verdicts().as_str()),
        (3, "a FAQ was published error message-metadata-unreadable")
    );
}

#[test]
fn a_transport_goes_to_its_own_address() {
    let other = crate::support::provider::Provider::start(&[("GET /v1/a", &[ok()])]);
    let mut interaction = get("/a");
    interaction["transport"] = "internal".into();
    let gate = Gate::new(&[interaction, get("/b")], &[("GET /b", &[ok()])]);
    let verified = gate.verify(&[]);
    assert_eq!(verified.verdicts(), "get /a error transport-unknown\nget /b passed");
    let transport = format!("internal={}/v1/", other.url());
    assert_eq!(gate.verify(&["--transport", &transport]).status(), 0);
    assert_eq!(other.asked().len(), 1);
    assert_eq!(gate.verify(&["--transport", "internal"]).status(), 2);
}
