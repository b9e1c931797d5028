//! What the commands that share say in JSON satisfies the schemas in `docs/schema`.

use std::path::Path;

use pactwright::fact::Judgement;
use serde_json::Value;

use crate::support::command::Sandbox;
use crate::support::sharing::{pact, sandbox, told, verify};

/// The answers of a command satisfy the schema of this name, and the schema asks for something.
fn check(name: &str, answers: &[&Value]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schema/{name}.schema.json"));
    let text = std::fs::read_to_string(path).expect("the schema is committed");
    let schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for answer in answers {
        if let Err(error) = validator.validate(answer) {
            panic!("{name}: {error} at {}\n{answer:#}", error.instance_path());
        }
        let mut more = (*answer).clone();
        more["surplus"] = Value::Bool(true);
        assert!(!validator.is_valid(&more), "{name} allows what it does not know");
    }
    assert!(!validator.is_valid(&serde_json::json!({})), "{name} asks for nothing");
}

fn json(root: &Sandbox, command: &str) -> Value {
    let words: Vec<&str> = command.split_whitespace().chain(["-o", "json"]).collect();
    serde_json::from_str(&root.run(&words).stdout).expect("it is JSON")
}

/// A store in which something is kept, something is broken, something is owed and something is waived.
fn store() -> Sandbox {
    let root = sandbox();
    root.write("billing-faq.json", &pact("billing", &[200]));
    told(
        &root,
        &[
            "create-environment --name production --production",
            "create-or-update-pacticipant --name faq --main-branch main",
            "publish support-faq.json -a 1.0 --branch main --build-url https://ci.example.org/1",
            "record-deployment -a support -e 1.0 --environment production",
            "create-or-update-version -a faq -e 1.0 --branch main",
            "record-deployment -a faq -e 1.0 --environment production",
        ],
    );
    verify(&root, "support", &[201], "1.0", Judgement::Passed);
    verify(&root, "support", &[201], "2.0", Judgement::Failed);
    told(
        &root,
        &[
            "create-or-update-version -a faq -e 2.0 --branch main",
            "publish billing-faq.json -a 7 --branch main",
        ],
    );
    root
}

#[test]
fn answers_of_the_gate_satisfy_their_schema() {
    let root = store();
    let ask = |more: &str| json(&root, &format!("can-i-deploy -a faq {more}"));
    let safe = ask("-e 1.0 --to-environment production");
    let breaks = ask("-e 2.0 --to-environment production");
    assert!(breaks["matrix"][0]["causes"][0]["findings"][0]["code"].is_string(), "{breaks:#}");
    let ignored = ask("-e 2.0 --to-environment production --ignore support");
    let unknown = ask("-e 3.0 --to-environment production");
    let unverified = json(&root, "can-i-merge -a billing -e 7");
    told(&root, &["waive --consumer support --provider faq --reason soon --owner ann --expires 2999-01-01"]);
    let waived = ask("-e 2.0 --to-environment production");
    assert_eq!(waived["matrix"][0]["verdict"], "waived", "{waived:#}");
    check("can-i-deploy", &[&safe, &breaks, &ignored, &unknown, &unverified, &waived]);
}

#[test]
fn what_is_listed_satisfies_its_schema_with_and_without_a_waiver() {
    let root = store();
    let ask = || ["matrix -a faq", "status", "owed"].map(|command| json(&root, command));
    let plain = ask();
    assert!(plain[2]["include"][0]["command"].is_string(), "{:#}", plain[2]);
    told(&root, &["waive --consumer support --provider faq --reason soon --owner ann --expires 2999-01-01"]);
    told(&root, &["waive --consumer billing --provider faq --reason soon --owner ann --expires 2999-01-01"]);
    let waived = ask();
    assert!(waived[2]["include"][0]["waiver"].is_object(), "{:#}", waived[2]);
    for (place, name) in ["matrix", "status", "owed"].into_iter().enumerate() {
        check(name, &[&plain[place], &waived[place]]);
    }
}

#[test]
fn owed_looks_at_what_selectors_mean() {
    let root = store();
    let owes = |more: &str| {
        let owed = json(&root, &format!("owed --provider faq {more}"));
        let jobs = owed["include"].as_array().expect("a list").iter();
        jobs.map(|job| format!("{} {}", job["provider_version"], job["consumer"]))
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(owes(""), r#""1.0" "billing", "2.0" "billing""#);
    assert_eq!(owes("--environment production"), "");
    assert_eq!(owes("--consumer-branch nowhere"), "");
    assert_eq!(owes("--matching-branch"), r#""1.0" "billing", "2.0" "billing""#);
    assert_eq!(owes(r#"--consumer-version-selectors {"latest":true,"consumer":"support"}"#), "");
    let slip = root.run(&["owed", "--environment", "prodction"]);
    assert_eq!(slip.status, 2, "{slip}");
    assert!(slip.stderr.contains("there is no environment prodction"), "{slip}");
}
