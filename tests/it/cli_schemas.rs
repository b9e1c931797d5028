//! What the commands about usage and change say as JSON satisfies the schema that is committed for it.

use serde_json::{Value, json};

use crate::committed::answers;
use crate::support::command::Sandbox;
use crate::support::provider::{Answer, Provider};

const SPEC: &str = "openapi: 3.0.0
paths:
  /faqs/{id}: {get: {responses: {'200': {description: one, content: {application/json: {schema: {not: {type: string}}}}}}}}
";

fn pact(id: &Value) -> String {
    let pact = json!({
        "consumer": {"name": "support"}, "provider": {"name": "faq"},
        "interactions": [
            {"description": "one", "request": {"method": "GET", "path": "/faqs/7", "query": {"lang": ["en"]}},
             "response": {"status": 200, "headers": {"ETag": "x"}, "body": {"id": id}}},
            {"description": "none", "providerStates": [{"name": "no FAQ"}],
             "request": {"method": "GET", "path": "/faqs/8"}, "response": {"status": 404}}
        ],
        "metadata": {"pactSpecification": {"version": "3.0.0"}}
    });
    format!("{pact:#}")
}

/// Two versions in a store, and the answers of a verification.
fn project() -> Sandbox {
    let root = Sandbox::new();
    root.write("old.json", &pact(&json!(7)));
    root.write("new.json", &pact(&json!("7")));
    root.write("faq.yaml", SPEC);
    root.write("pacts/owners.toml", "[support]\nteam = \"Care\"\ncontact = \"#care\"\n");
    for (file, version) in [("old.json", "1"), ("new.json", "2")] {
        assert_eq!(root.run(&["publish", file, "-a", version, "--branch", "main"]).status, 0);
    }
    let kinds = [("Content-Type", "application/json"), ("ETag", "x")];
    let one = [Answer::with(200, &kinds, b"{\"id\": 7, \"more\": 1}")];
    let provider = Provider::start(&[("GET /faqs/7?lang=en", &one[..])]);
    let output = root.run(&["verify", "old.json", "--keep-answers", "--provider-url", &provider.url()]);
    assert!(output.status < 4, "{output}");
    root
}

#[test]
fn every_answer_satisfies_its_schema() {
    let root = project();
    let what_if = "what-if old.json --drop /faqs/{id} --field $.id --format json";
    let commands = [
        "deprecate /faqs/{id} --field $.id --provider faq --remove-on 2999-01-31 --reason because -o json",
        "usage --store pacts --provider faq --format json",
        "usage old.json --format json",
        "can-i-remove /faqs/{id} --field $.id --store pacts --provider faq --format json",
        "can-i-remove /nothing old.json --format json",
        "diff old.json new.json --format json",
        "diff support@1..2 --store pacts --format json",
        "check --openapi faq.yaml old.json --format json",
        what_if,
    ];
    let schemas = answers();
    for command in commands {
        let words: Vec<_> = command.split(' ').collect();
        let output = root.run(&words);
        let said: Value =
            serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{command}: {output}"));
        let (_, schema) = schemas.iter().find(|(name, _)| *name == words[0]).expect("a schema");
        let validator = jsonschema::validator_for(schema).expect("a schema");
        if let Err(error) = validator.validate(&said) {
            panic!("{command}: {error} at {}", error.instance_path());
        }
        assert!(!validator.is_valid(&json!({"schema_version": 1})), "the schema asks for something");
    }
}
