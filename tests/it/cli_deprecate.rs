//! `pactwright deprecate` and what the other commands say because of it, as people meet it.

use pactwright::fact::{Deprecated, DeprecatedPart, Fact, Ids, What};
use pactwright::store::Store;
use serde_json::Value;

use crate::support::command::{Output, Sandbox};
use crate::support::sharing::{pact, sandbox, store};

/// Two consumers use v1, one does not.
fn shared() -> Sandbox {
    let root = sandbox();
    root.write("marketing-faq.json", &pact("marketing", &[201, 400]));
    root.write("billing-faq.json", &pact("billing", &[200]).replace("/v1/", "/v2/"));
    for consumer in ["support", "marketing", "billing"] {
        let _ = publish(&root, &format!("{consumer}-faq.json"), "1");
    }
    root
}

fn publish(root: &Sandbox, file: &str, version: &str) -> Output {
    let output = root.run(&["publish", file, "-a", version, "--branch", "main"]);
    assert_eq!(output.status, 0, "{output}");
    output
}

/// A command as people type it, in quotes where it has to be.
fn run(root: &Sandbox, command: &str) -> Output {
    let mut words = Vec::new();
    for (index, part) in command.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part);
        } else {
            words.extend(part.split_whitespace());
        }
    }
    root.run(&words)
}

/// What varies with the day on which the test is run is replaced.
fn told(root: &Sandbox, commands: &[&str]) -> String {
    let text: Vec<_> =
        commands.iter().map(|command| format!("$ {command}\n{}", run(root, command))).collect();
    replaced(&text.concat())
}

fn replaced(text: &str) -> String {
    let replaced = [
        ("01[0-9A-Z]{24}", "[id]"),
        ("(since|of) 20[0-9-]{8}", "$1 [day]"),
        ("(in|by) [0-9]+ days", "$1 [n] days"),
        ("[0-9]+ days ago", "[n] days ago"),
    ];
    replaced.into_iter().fold(text.to_owned(), |text, (pattern, word)| {
        regex::Regex::new(pattern).expect("a pattern").replace_all(&text, word).into_owned()
    })
}

/// A fact that was recorded while its day was still to come.
fn deprecated_long_ago(root: &Sandbox, operation: &str, part: Option<DeprecatedPart>, day: &str) {
    let what = What::Deprecated(Deprecated {
        provider: "faq".parse().expect("a name"),
        operation: operation.parse().expect("a text"),
        part,
        remove_on: day.parse().expect("a day"),
        instead: None,
        reason: None,
    });
    let at = "2026-01-01T00:00:00Z".parse().expect("a time");
    store(root).append(&Fact { id: Ids::new().next(at), what }).expect("it is kept");
}

#[test]
fn from_then_on_everybody_who_is_concerned_is_told() {
    let root = shared();
    insta::assert_snapshot!(told(
        &root,
        &[
            "deprecate 'POST /v1/create' --provider faq --remove-on 2999-01-31 --instead 'POST /v2/create' --reason 'v2 takes JSON'",
            "publish marketing-faq.json -a 2 --branch main",
            "publish billing-faq.json -a 2 --branch main",
            "status",
            "usage --store pacts --provider faq",
            "can-i-remove 'POST /v1/create' --provider faq --store pacts",
            "end-deprecation 'POST /v1/create' --provider faq",
            "publish marketing-faq.json -a 3 --branch main",
            "end-deprecation 'POST /v1/create' --provider faq",
        ]
    ));
}

#[test]
fn those_who_are_late_come_first() {
    let root = shared();
    // Support needs only the answer 201, of which nothing was said.
    deprecated_long_ago(&root, "POST /v1/create", Some(DeprecatedPart::Status(400)), "2026-02-01");
    let command = "can-i-remove 'POST /v1/create' --provider faq --store pacts";
    insta::assert_snapshot!(told(&root, &[command, &format!("{command} --format markdown")]));
    let output = run(&root, &format!("{command} --format json"));
    let json: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let late = json["blockers"].as_array().expect("blockers").iter().map(|one| one["late_days"].is_u64());
    assert_eq!(late.collect::<Vec<_>>(), [true, false, false], "{json:#}");
    assert_eq!(json["deprecated"][0]["subject"], "the status 400 of POST /v1/create");
    assert!(json["deprecated"][0]["days_left"].as_i64().expect("days") < 0);
    // Support comes before marketing otherwise.
    let output = publish(&root, "marketing-faq.json", "2");
    assert!(
        output.stdout.contains("DEPRECATED: the status 400 of POST /v1/create was to go on 2026-02-01"),
        "{output}"
    );
}

#[test]
fn the_gate_and_the_verification_say_what_is_used_of_what_is_to_go() {
    let root = shared();
    let question = "can-i-deploy -a marketing -e 1 --to-environment production";
    let _ = run(&root, "create-environment --name production --production");
    let before = run(&root, question);
    let said =
        "deprecate 'POST /v1/create' --provider faq --remove-on 2999-01-31 --instead 'POST /v2/create'";
    assert_eq!(run(&root, said).status, 0);
    let after = run(&root, question);
    assert_eq!(before.status, after.status, "{after}");
    let uses = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.contains("is deprecated since"));
        lines.map(|line| replaced(line.trim())).collect()
    };
    assert_eq!(uses(&before.stdout), Vec::<String>::new());
    insta::assert_snapshot!(uses(&after.stdout).join("\n"), @"warning: marketing 1 uses POST /v1/create of faq, which is deprecated since [day] and goes on 2999-01-31, in [n] days; instead: POST /v2/create");
    let json: Value = serde_json::from_str(&run(&root, &format!("{question} -o json")).stdout).expect("JSON");
    let notices: Vec<_> =
        json["notices"].as_array().expect("a list").iter().map(|one| &one["text"]).collect();
    assert!(notices.iter().any(|text| text.as_str().is_some_and(|text| text.contains("POST /v1/create"))));
    let other = run(&root, "can-i-deploy -a billing -e 1 --to-environment production");
    assert_eq!(uses(&other.stdout), Vec::<String>::new());
    let verified = run(&root, "verify --store pacts --provider faq --provider-url http://127.0.0.1:9");
    insta::assert_snapshot!(uses(&verified.stderr).join("\n"), @"
    note: marketing 1 uses POST /v1/create of faq, which is deprecated since [day] and goes on 2999-01-31, in [n] days; instead: POST /v2/create
    note: support 1 uses POST /v1/create of faq, which is deprecated since [day] and goes on 2999-01-31, in [n] days; instead: POST /v2/create
    ");
}

#[test]
fn a_slip_is_refused_because_nobody_would_be_told() {
    let root = shared();
    insta::assert_snapshot!(told(
        &root,
        &[
            "deprecate 'POST /v1/crate' --provider faq --remove-on 2999-01-31",
            "deprecate 'POST /v1/create' --status 404 --provider faq --remove-on 2999-01-31",
            "deprecate 'POST /v1/create' --provider fax --remove-on 2999-01-31",
            "deprecate 'POST /v1/create' --provider faq --remove-on 2026-01-31",
            "end-deprecation 'POST /v1/create' --provider faq",
            "deprecate 'POST /v1/crate' --provider faq --remove-on 2999-01-31 --unmentioned",
            "end-deprecation 'POST /v1/create' --provider faq",
        ]
    ));
}

#[test]
fn a_day_is_moved_by_saying_it_again() {
    let root = shared();
    let say = |day: &str| {
        let command = format!("deprecate 'post /v1/create' --provider faq --remove-on {day} -o json");
        let output = run(&root, &command);
        serde_json::from_str::<Value>(&output.stdout).unwrap_or_else(|_| panic!("{output}"))
    };
    say("2999-01-31");
    assert_eq!(say("2999-02-28")["deprecation"]["remove_on"], "2999-02-28");
    let output = run(&root, "status -o json");
    let status: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let known = status["deprecations"].as_array().expect("a list");
    assert_eq!(known.len(), 1, "{status:#}");
    assert_eq!(known[0]["remove_on"], "2999-02-28");
    let users: Vec<_> =
        known[0]["users"].as_array().expect("users").iter().map(|one| &one["consumer"]).collect();
    assert_eq!(users, ["marketing", "support"]);
    let output = run(&root, "end-deprecation '/v1/create' --provider faq");
    assert_eq!(output.status, 2, "only what was said is taken back: {output}");
    assert_eq!(run(&root, "end-deprecation 'POST /v1/create' --provider faq").status, 0);
    let output = run(&root, "status -o json");
    assert!(output.stdout.contains("\"deprecations\": []"), "{output}");
}
