//! `pactwright verify --openapi`: provider, specification and contract are held against each other.

use serde_json::{Value, json};

use crate::support::command::{Output, Sandbox};
use crate::support::provider::{Answer, Provider};

/// `id` is a whole number, `title` a text that must be there, `note` may be there.
const SPEC: &str = "openapi: 3.0.3
paths:
  /faqs/{id}:
    get:
      responses:
        '200':
          description: one
          headers: {X-Page: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Faq'}}}
components:
  schemas:
    Faq:
      type: object
      required: [id, title]
      properties: {id: {type: integer}, title: {type: string}, note: {type: string, nullable: true}}
";

fn read(id: u32, body: &Value) -> Value {
    json!({
        "description": format!("FAQ {id}"),
        "request": {"method": "GET", "path": format!("/faqs/{id}")},
        "response": {"status": 200, "body": body,
            "matchingRules": {"body": {"$.*": {"matchers": [{"match": "type"}]}}}}
    })
}

fn pact(interactions: &[Value]) -> String {
    let pact = json!({
        "consumer": {"name": "support"}, "provider": {"name": "faq"}, "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "3.0.0"}}
    });
    format!("{pact:#}")
}

fn answer(body: &Value) -> [Answer; 1] {
    [Answer::with(200, &[("Content-Type", "application/json"), ("X-Page", "1")], body.to_string().as_bytes())]
}

/// Replays one interaction, which expects `expected` and gets `answered`.
fn verified(expected: &Value, answered: &Value, spec: &str, flags: &[&str]) -> Output {
    let root = Sandbox::new();
    root.write("pacts/support-faq.json", &pact(&[read(7, expected)]));
    root.write("faq.yaml", spec);
    let provider = Provider::start(&[("GET /faqs/7", &answer(answered))]);
    let url = provider.url();
    let arguments = [&["verify", "--openapi", "faq.yaml", "--provider-url", &url], flags].concat();
    root.run(&arguments)
}

/// The status, and what is said of the specification.
fn said(output: &Output) -> String {
    let lines = output.stdout.lines().map(str::trim);
    let lines = lines.filter(|line| {
        ["odd one out", "specification", "the answer:", "the contract:"]
            .iter()
            .any(|word| line.contains(word))
            && !line.contains("pactwright")
    });
    format!("status {}\n{}\n", output.status, lines.collect::<Vec<_>>().join("\n"))
}

#[test]
fn the_odd_one_out_is_named() {
    let good = json!({"id": 7, "title": "How?"});
    let cases = [
        ("all three agree", &good, &good),
        ("the answer breaks both", &good, &json!({"id": "seven", "title": "How?"})),
        ("the contract asks for less than is promised, and gets less", &json!({"id": 7}), &json!({"id": 7})),
        (
            "contract and answer are not as specified",
            &json!({"id": "7"}),
            &json!({"id": "8", "title": "How?"}),
        ),
        ("only the contract is not as specified", &json!({"id": "7"}), &good),
        ("the contract asks for more than is promised", &json!({"id": 7, "title": "", "note": ""}), &good),
        ("no two agree", &json!({"id": "7"}), &json!({"id": true, "title": "How?"})),
    ];
    let told = cases.map(|(what, expected, answered)| {
        format!("# {what}\n{}", said(&verified(expected, answered, SPEC, &[])))
    });
    insta::assert_snapshot!(told.join("\n"));
    let answer = |expected: &Value, answered: &Value| {
        let output = verified(expected, answered, SPEC, &[]);
        output.stdout.lines().find(|line| line.starts_with("Answer:")).unwrap_or_default().to_owned()
    };
    // Whoever keeps the contract is not said to break it.
    assert_eq!(answer(&json!({"id": 7}), &json!({"id": 7})), "Answer: no, 1 interaction is not as specified");
    assert_eq!(answer(&good, &json!({"id": "seven"})), "Answer: no, faq breaks 1 interaction");
}

#[test]
fn what_cannot_be_decided_is_never_a_pass() {
    let good = json!({"id": 7, "title": "How?"});
    let elsewhere = SPEC.replace("#/components/schemas/Faq", "other.yaml#/Faq");
    let output = verified(&good, &good, &elsewhere, &[]);
    assert_eq!(output.status, 3, "{output}");
    assert!(output.stdout.contains("specification-undecided"), "{output}");
    let allowed = verified(&good, &good, &elsewhere, &["--allow-undecidable"]);
    assert_eq!(allowed.status, 0, "{allowed}");
    // What is broken stays broken, and so does a promise that is not kept.
    let broken = verified(&good, &json!({"id": 7}), &elsewhere, &["--allow-undecidable"]);
    assert_eq!(broken.status, 1, "{broken}");
    let secret = json!({"id": 7, "title": "How?", "password": "hunter2"});
    let output = verified(&good, &secret, SPEC, &[]);
    assert_eq!(output.status, 3, "{output}");
    assert!(!output.stdout.contains("hunter2"), "{output}");
}

#[test]
fn an_answer_that_the_contract_does_not_look_at_is_looked_at_as_well() {
    let root = Sandbox::new();
    root.write("pacts/support-faq.json", &pact(&[read(7, &json!({"id": 7})), read(8, &json!({"id": 8}))]));
    root.write("faq.yaml", SPEC);
    let plain = |body: &Value| {
        [Answer::with(200, &[("Content-Type", "application/json")], body.to_string().as_bytes())]
    };
    let table = [
        ("GET /faqs/7", &plain(&json!({"id": 7, "title": "How?"}))[..]),
        ("GET /faqs/8", &answer(&json!({"id": 8, "title": 3, "note": null}))[..]),
    ];
    let provider = Provider::start(&table);
    let url = provider.url();
    let arguments = ["verify", "--provider-url", &url];
    assert_eq!(root.run(&arguments).status, 0);
    let output =
        root.run(&[&arguments[..], &["--openapi", "faq.yaml", "--report", "json=report.json"]].concat());
    insta::assert_snapshot!(said(&output));
    let report: Value = serde_json::from_str(&root.read("report.json")).expect("JSON");
    let codes = |index: usize| report["interactions"][index]["findings"][0]["code"].clone();
    assert_eq!(
        (codes(0), codes(1)),
        ("specification-contradicted".into(), "specification-contradicted".into())
    );
}

#[test]
fn a_refusal_of_what_the_specification_forbids_gets_one_sentence() {
    let root = Sandbox::new();
    let mut asked = read(7, &json!({"id": 7, "title": "How?"}));
    asked["request"]["path"] = "/faqs/seven".into();
    root.write("pacts/support-faq.json", &pact(&[asked]));
    let parameter =
        "    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]\n    get:\n";
    root.write("faq.yaml", &SPEC.replace("    get:\n", parameter));
    let refused = [Answer::with(400, &[("Content-Type", "application/json")], br#"{"no": 1}"#)];
    let provider = Provider::start(&[("GET /faqs/seven", &refused)]);
    let output = root.run(&["verify", "--openapi", "faq.yaml", "--provider-url", &provider.url()]);
    insta::assert_snapshot!(said(&output), @r#"
    status 1
    FAIL [specification-contradicted] support > FAQ 7
    The provider, its specification and the contract do not say the same.
    specification-contradicted  the contract is the odd one out: the specification forbids its request, and the provider refuses it
    specification-contradicted  id: the contract: "seven" is not of type "integer" [request.path.incompatible], faq.yaml:4:55
    specification-contradicted  the answer: the specification does not answer 400
    "#);
}

#[test]
fn what_only_the_specification_refuses_is_a_failure_that_a_run_ends_at() {
    let root = Sandbox::new();
    let reads: Vec<_> = (7..10).map(|id| read(id, &json!({"id": id}))).collect();
    root.write("pacts/support-faq.json", &pact(&reads));
    root.write("faq.yaml", SPEC);
    let table = [7, 8, 9].map(|id| (format!("GET /faqs/{id}"), answer(&json!({"id": id}))));
    let table: Vec<_> = table.iter().map(|(row, answers)| (row.as_str(), &answers[..])).collect();
    let provider = Provider::start(&table);
    let url = provider.url();
    let run = |flags: &[&str]| {
        let fixed = ["verify", "--openapi", "faq.yaml", "--provider-url", &url, "--in-order"];
        let before = provider.asked().len();
        let output = root.run(&[&fixed[..], flags].concat());
        assert_eq!(output.status, 1, "{output}");
        provider.asked().len() - before
    };
    assert_eq!([run(&[]), run(&["--max-failures", "2"]), run(&["--fail-fast"])], [3, 2, 1]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let root = Sandbox::new();
    root.write("pacts/support-faq.json", &pact(&[read(7, &json!({"id": 7}))]));
    root.write("faq.yaml", SPEC);
    root.write("bad.yaml", "openapi: 2.9");
    let status = |arguments: &[&str]| {
        root.run(&[&["verify", "--provider-url", "http://127.0.0.1:9"], arguments].concat()).status
    };
    assert_eq!(status(&["--openapi", "none.yaml"]), 2);
    assert_eq!(status(&["--openapi", "bad.yaml"]), 2);
    assert_eq!(status(&["--allow-undecidable"]), 2);
    let published = root.run(&[
        "verify",
        "--provider-url",
        "http://127.0.0.1:9",
        "--store",
        "shared",
        "--provider",
        "faq",
        "--provider-app-version",
        "1",
        "--openapi",
        "faq.yaml",
        "--publish",
    ]);
    assert_eq!(published.status, 2, "{published}");
    assert!(published.stderr.contains("--openapi and --publish do not go together"), "{published}");
    // Nobody answers: that is the reason, and nothing is said about an answer.
    assert_eq!(status(&["--openapi", "faq.yaml"]), 3);
}
