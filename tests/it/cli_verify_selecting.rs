//! Which interactions `pactwright verify` verifies, and what the exit status says of them.

use serde_json::{Value, json};

use crate::support::gate::{Gate, Verified, get, given, pact_of, status, text};
use crate::support::provider::Answer;

const PATHS: [&str; 4] = ["/create/1", "/create/2", "/list", "/stated"];

/// Four interactions of `web`, the last with a state; `/create/2` answers 500.
fn four() -> Gate {
    let mut interactions = PATHS.map(get);
    interactions[3] = given(interactions[3].clone(), &["a FAQ exists"]);
    let table: [(&str, &[Answer]); 5] = [
        ("GET /create/1", &[status(200)]),
        ("GET /create/2", &[status(500)]),
        ("GET /list", &[status(200)]),
        ("GET /stated", &[status(200)]),
        ("POST /states", &[status(200)]),
    ];
    Gate::new(&interactions, &table)
}

fn verified(gate: &Gate, arguments: &[&str]) -> Verified {
    gate.verify(&[&["--state-url", "/states"], arguments].concat())
}

/// The paths that were verified.
fn selected(arguments: &[&str]) -> Vec<String> {
    let report = verified(&four(), arguments);
    let chosen = report.interactions().iter().filter(|result| result["verdict"] != "skipped");
    chosen.map(|result| text(&result["description"]).replace("get ", "")).collect()
}

#[test]
fn filters_are_parts_of_the_text_or_patterns_between_slashes() {
    assert_eq!(selected(&["--filter-description", "create"]), ["/create/1", "/create/2"]);
    assert_eq!(selected(&["--filter-description", "/^get .[cl].*[1t]$/"]), ["/create/1", "/list"]);
    assert_eq!(selected(&["--filter-description", "list", "--description", "2"]), ["/create/2", "/list"]);
    assert_eq!(selected(&["--filter-state", "FAQ"]), ["/stated"]);
    assert_eq!(selected(&["--filter-state", "/faq/"]), [""; 0]);
    assert_eq!(selected(&["--filter-no-state"]), ["/create/1", "/create/2", "/list"]);
    assert_eq!(selected(&["--filter-no-state", "--filter-description", "list"]), ["/list"]);
    assert_eq!(selected(&["-c", "web"]).len(), 4);
    assert_eq!(verified(&four(), &["--filter-description", "/(/"]).status(), 2);
}

#[test]
fn a_key_selects_exactly_one_interaction() {
    let gate = four();
    let all = verified(&gate, &[]);
    let key = text(&all.interaction("get /list")["key"]);
    assert_eq!(selected(&["--interaction", &key]), ["/list"]);
}

#[test]
fn the_parts_of_a_partition_are_together_the_whole() {
    for kind in ["hash", "slice"] {
        let mut all: Vec<String> = Vec::new();
        for part in 1..=3 {
            all.extend(selected(&["--partition", &format!("{kind}:{part}/3")]));
        }
        all.sort();
        assert_eq!(all, PATHS, "{kind}");
    }
    assert_eq!(verified(&four(), &["--partition", "hash:4/3"]).status(), 2);
}

#[test]
fn a_typing_error_in_a_consumer_is_met_with_a_suggestion() {
    let report = verified(&four(), &["--consumer", "wbe"]);
    assert_eq!(report.status(), 3);
    assert!(report.output.stdout.contains("did you mean \"web\"?"), "{}", report.output);
}

#[test]
fn a_dry_run_asks_nobody_anything() {
    let gate = four();
    let report = gate.verify(&["--dry-run", "--filter-no-state"]);
    assert_eq!(report.status(), 0);
    insta::assert_snapshot!(report.output.stdout, @"
    any time   e6903f6dab web > get /create/1
    any time   2c1013e9f2 web > get /create/2
    any time   cd2f32cbea web > get /list
    filtered   76e903a257 web > get /stated (given a FAQ exists)
    3 of 4 interactions would be verified
    ");
    assert!(gate.asked().is_empty());
}

#[test]
fn the_rest_is_left_out_after_so_many_failures() {
    for arguments in [&["--max-failures", "1"][..], &["--fail-fast"], &["--exit-on-first-error"]] {
        let gate = four();
        let report = verified(&gate, &[arguments, &["--in-order"]].concat());
        assert_eq!(report.status(), 1);
        assert_eq!(
            report.verdicts(),
            "get /create/1 passed\nget /create/2 failed status-mismatch\nget /list skipped\nget /stated skipped"
        );
        assert_eq!(report.interaction("get /list")["skipped"], "max-failures");
        assert_eq!(gate.asked(), ["GET /create/1", "GET /create/2"]);
    }
}

#[test]
fn what_passes_when_it_is_tried_again_is_flaky() {
    let table: [(&str, &[Answer]); 1] = [("GET /a", &[status(500), status(500), status(200)])];
    let report = Gate::new(&[get("/a")], &table).verify(&["--retries", "2"]);
    assert_eq!(report.status(), 0);
    let result = report.interaction("get /a");
    assert_eq!((&result["flaky"], &result["attempts"]), (&json!(true), &json!(3)));
    assert!(report.output.stdout.contains("1 passed (1 flaky)"), "{}", report.output);
    let report = Gate::new(&[get("/a")], &table).verify(&["--retries", "1"]);
    assert_eq!((report.status(), &report.interaction("get /a")["attempts"]), (1, &json!(2)));
}

#[test]
fn a_pending_interaction_never_fails_the_run_and_says_so() {
    let mut pending = get("/a");
    pending["pending"] = true.into();
    let gate = Gate::new(&[pending, get("/b")], &[("GET /b", &[status(200)])]);
    let report = gate.verify(&[]);
    assert_eq!(
        (report.status(), report.verdicts().as_str()),
        (0, "get /a pending status-mismatch\nget /b passed")
    );
    assert!(report.output.stdout.contains("1 pending"), "{}", report.output);
}

#[test]
fn identical_interactions_of_two_consumers_are_replayed_once_and_reported_for_each() {
    let gate = Gate::new(&[get("/a")], &[("GET /a", &[status(500)])]);
    let mut other = get("/a");
    other["description"] = "the same in other words".into();
    gate.sandbox.write("pacts/other.json", &pact_of("other", "4.0", &[other]).to_string());
    let report = gate.verify(&[]);
    assert_eq!(report.status(), 1);
    assert_eq!(gate.asked(), ["GET /a"]);
    assert_eq!(report.report["counts"]["failed"], 2);
    let consumers: Vec<_> = report.interactions().iter().map(|result| text(&result["consumer"])).collect();
    assert_eq!(consumers, ["other", "web"]);
    let [first, second] = report.interactions() else { panic!("{}", report.output) };
    assert_eq!((&first["same_as"], &second["same_as"]), (&Value::Null, &first["key"]));
    assert!(text(&second["findings"][0]["location"]["file"]).ends_with("web-faq.json"), "{second}");
}

#[test]
fn the_worst_that_happened_decides_the_exit_status() {
    let failed = ("/failed", status(500));
    let error = ("/error", Answer::Broken(Vec::new()));
    let good = ("/good", status(200));
    let defect = "{ \"consumer\": {} }";
    let run = |answers: &[&(&str, Answer)], broken_pact: bool| {
        let interactions: Vec<Value> = answers.iter().map(|(path, _)| get(path)).collect();
        let rows: Vec<String> = answers.iter().map(|(path, _)| format!("GET {path}")).collect();
        let table: Vec<(&str, &[Answer])> = rows
            .iter()
            .zip(answers)
            .map(|(row, (_, answer))| (row.as_str(), std::slice::from_ref(answer)))
            .collect();
        let gate = Gate::new(&interactions, &table);
        if broken_pact {
            gate.sandbox.write("pacts/broken.json", defect);
        }
        gate.verify(&["pacts/*.json"]).status()
    };
    assert_eq!(run(&[&good], false), 0);
    assert_eq!(run(&[&good, &error], false), 3);
    assert_eq!(run(&[&good, &error], true), 2, "a defect in a pact weighs more than an error");
    assert_eq!(run(&[&good, &error, &failed], true), 1, "a broken contract weighs more than all");
    assert_eq!(run(&[&good], true), 2);
}

#[test]
fn what_failed_is_the_first_to_be_run_again() {
    let table: [(&str, &[Answer]); 2] = [("GET /a", &[status(200)]), ("GET /b", &[status(500), status(200)])];
    let gate = Gate::new(&[get("/a"), get("/b")], &table);
    let first = gate.verify(&["--in-order"]);
    assert!(first.output.stdout.contains(" --last-failed"), "{}", first.output);
    assert_eq!(gate.verify(&["--last-failed"]).verdicts(), "get /a skipped\nget /b passed");
    assert_eq!(gate.asked(), ["GET /a", "GET /b", "GET /b"]);
}
