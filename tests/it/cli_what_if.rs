//! `pactwright what-if` after `pactwright verify --keep-answers`, and that the three who know about
//! removals agree: `usage`, `what-if` and a real replay.

use serde_json::{Value, json};

use crate::support::command::{Output, Sandbox};
use crate::support::provider::{Answer, Provider};

fn pact() -> Value {
    let by_type = |path: &str| json!({path: {"matchers": [{"match": "type"}]}});
    json!({
        "consumer": {"name": "support"},
        "provider": {"name": "faq"},
        "interactions": [
            {
                "description": "read a FAQ",
                "request": {"method": "GET", "path": "/faqs/7"},
                "response": {
                    "status": 200, "headers": {"ETag": "abc", "Content-Type": "application/json"},
                    "body": {"id": 7, "source": "mail", "related": [{"id": 3}], "author": {"name": "Anna"}},
                    "matchingRules": {"body": {
                        "$.id": {"matchers": [{"match": "integer"}]},
                        "$.related": {"matchers": [{"match": "type", "min": 1}]},
                        "$.author": {"matchers": [{"match": "type"}]}
                    }}
                }
            },
            {
                "description": "list FAQs",
                "request": {"method": "GET", "path": "/faqs"},
                "response": {"status": 200, "body": [{"id": 7}], "matchingRules": {"body": by_type("$")}}
            }
        ],
        "metadata": {"pactSpecification": {"version": "3.0.0"}}
    })
}

/// More than the contract asks for.
fn answers() -> [(&'static str, Value); 2] {
    [
        (
            "GET /faqs/7",
            json!({"id": 7, "source": "mail", "related": [{"id": 3}, {"id": 4}], "author": {"name": "Eve"}, "extra": 1}),
        ),
        ("GET /faqs", json!([{"id": 7, "extra": 1}, {"id": 8}])),
    ]
}

fn provider(answers: &[(&str, Value)]) -> Provider {
    let answered = |body: &Value| {
        [Answer::with(
            200,
            &[("Content-Type", "application/json"), ("ETag", "abc")],
            body.to_string().as_bytes(),
        )]
    };
    let table: Vec<_> = answers.iter().map(|(row, body)| (*row, answered(body))).collect();
    let table: Vec<_> = table.iter().map(|(row, answers)| (*row, answers.as_slice())).collect();
    Provider::start(&table)
}

/// A project whose provider was verified and its answers kept.
fn verified() -> Sandbox {
    let root = Sandbox::new();
    root.write("pacts/support-faq.json", &format!("{:#}", pact()));
    root.write("pacts/owners.toml", "[support]\nteam = \"Care\"\ncontact = \"#care\"\n");
    let provider = provider(&answers());
    let output = root.run(&["verify", "--keep-answers", "--provider-url", &provider.url()]);
    assert_eq!(output.status, 0, "{output}");
    root
}

fn shown(output: &Output) -> String {
    let stdout = output.stdout.lines().map(|line| match line.split_once(" from 2") {
        Some((before, _)) => format!("{before} from $TIME"),
        None => line.to_owned(),
    });
    format!("status {}\n{}\n{}", output.status, stdout.collect::<Vec<_>>().join("\n"), output.stderr)
}

#[test]
fn what_would_break_is_said_without_a_provider() {
    let root = verified();
    let run = |arguments: &[&str]| shown(&root.run(&[&["what-if"], arguments].concat()));
    insta::assert_snapshot!(run(&["--drop", "GET /faqs/{id}", "--field", "$.source"]), @"
    status 1
    breaks support > read a FAQ  Care, #care
      [missing-field] $.source: the field is missing
      pacts/support-faq.json:9:5
    Judged with the answers of faq from [date]
    Answer: no, 1 interaction of support breaks without the field `$.source` of GET /faqs/{id}
    ");
    insta::assert_snapshot!(run(&["--drop", "GET /faqs/{id}", "--field", "$.extra"]), @"
    status 0
    Judged with the answers of faq from [date]
    Answer: yes, 1 interaction would hold without the field `$.extra` of GET /faqs/{id}
    ");
    insta::assert_snapshot!(run(&["--drop", "GET /faqs/{id}", "--field", "$.sauce"]), @"
    status 3
    Judged with the answers of faq from [date]
    Answer: not known: no answer changes without the field `$.sauce` of GET /faqs/{id}
    ");
    insta::assert_snapshot!(run(&["--drop", "GET /faqs"]), @"
    status 1
    breaks support > list FAQs  Care, #care
      [status-mismatch] the endpoint is gone
      pacts/support-faq.json:61:5
    Judged with the answers of faq from [date]
    Answer: no, 1 interaction of support breaks without GET /faqs
    ");
}

#[test]
fn every_kind_of_change_says_what_would_break() {
    let root = verified();
    let run = |arguments: &[&str]| shown(&root.run(&[&["what-if"], arguments].concat()));
    let table = [
        run(&["--rename", "GET /faqs/{id}", "--field", "$.id", "--to", "number"]),
        run(&["--retype", "GET /faqs/{id}", "--field", "$.id", "--to", "string"]),
        run(&["--retype", "GET /faqs/{id}", "--field", "$.extra", "--to", "string"]),
        run(&["--nullable", "*", "--field", "$.author"]),
        run(&["--drop", "*", "--header", "etag"]),
        run(&["--drop", "*", "--field", "$[*].id"]),
    ];
    insta::assert_snapshot!(table.join("\n"), @r#"
    status 1
    breaks support > read a FAQ  Care, #care
      [missing-field] $.id: the field is missing
      pacts/support-faq.json:9:5
    Judged with the answers of faq from [date]
    Answer: no, 1 interaction of support breaks with `number` for the field `$.id` of GET /faqs/{id}

    status 1
    breaks support > read a FAQ  Care, #care
      [wrong-type] $.id: expected a whole number, such as 7, got the string "7"
      pacts/support-faq.json:9:5
    Judged with the answers of faq from [date]
    Answer: no, 1 interaction of support breaks with a text in the field `$.id` of GET /faqs/{id}

    status 0
    Judged with the answers of faq from [date]
    Answer: yes, 1 interaction would hold with a text in the field `$.extra` of GET /faqs/{id}

    status 1
    breaks support > read a FAQ  Care, #care
      [wrong-type] $.author: expected an object, such as {"name":"Anna"}, got null
      pacts/support-faq.json:9:5
    Judged with the answers of faq from [date]
    Answer: no, 1 interaction of support breaks with null in the field `$.author` of every operation

    status 1
    breaks support > read a FAQ  Care, #care
      [missing-header] ETag: the header is missing; expected "abc"
      pacts/support-faq.json:9:5
    Judged with the answers of faq from [date]
    Answer: no, 1 interaction of support breaks without the header `etag` of every operation

    status 1
    breaks support > list FAQs  Care, #care
      [missing-field] $[0].id: the field is missing
      [missing-field] $[1].id: the field is missing
      pacts/support-faq.json:61:5
    Judged with the answers of faq from [date]
    Answer: no, 1 interaction of support breaks without the field `$[*].id` of every operation
    "#);
}

#[test]
fn an_answer_to_another_interaction_says_nothing_about_this_one() {
    let root = verified();
    let asked = ["what-if", "--drop", "GET /elsewhere/7", "--field", "$.id"];
    // Another address, and everything else as it was.
    let moved = pact().to_string().replace("/faqs/7", "/elsewhere/7");
    root.write("pacts/support-faq.json", &moved);
    let output = root.run(&asked);
    assert_eq!(output.status, 3, "{output}");
    assert!(output.stdout.contains("no answer to it was kept"), "{output}");
    // The same contract in another layout is the same contract.
    root.write("pacts/support-faq.json", &format!("{:#}", pact()));
    assert_eq!(root.run(&["what-if", "--drop", "GET /faqs/7", "--field", "$.id"]).status, 1);
}

#[test]
fn without_answers_nothing_is_said_to_hold() {
    let root = Sandbox::new();
    root.write("pacts/support-faq.json", &format!("{:#}", pact()));
    insta::assert_snapshot!(shown(&root.run(&["what-if", "--drop", "GET /faqs", "--field", "$.id"])), @"
    status 3

    error: no answers of faq are known
      because No such file or directory (os error 2)
      hint: keep them with `pactwright verify --keep-answers`
      hint: or name a JSON report of such a run with --answers FILE
    ");
    insta::assert_snapshot!(shown(&root.run(&["what-if", "--retype", "/faqs", "--field", "$.id", "--to", "text"])), @"
    status 2

    error: `text` is not a type
      hint: the types are string, number, integer, boolean, array and object
    ");
    let verified = verified();
    let mut pact = pact();
    pact["interactions"][0]["description"] = "a new one".into();
    verified.write("pacts/support-faq.json", &format!("{pact:#}"));
    insta::assert_snapshot!(shown(&verified.run(&["what-if", "--drop", "GET /faqs/{id}", "--field", "$.extra"])), @"
    status 3
    not known support > a new one  Care, #care
      no answer to it was kept
      pacts/support-faq.json:9:5
    note: `pactwright verify --keep-answers` keeps answers; with --force also those of what a store has as verified
    Judged with the answers of faq from [date]
    Answer: not known: of 1 interaction it cannot be told without the field `$.extra` of GET /faqs/{id}
    ");
}

fn contract(interactions: &Value) -> String {
    let pact = json!({
        "consumer": {"name": "support"}, "provider": {"name": "faq"}, "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "4.0"}}
    });
    pact.to_string()
}

#[test]
fn an_endpoint_that_goes_breaks_only_what_held() {
    let http = |description: &str, path: &str, status: u16, pending: bool| {
        json!({
            "type": "Synchronous/HTTP", "description": description, "pending": pending,
            "request": {"method": "GET", "path": path}, "response": {"status": status}
        })
    };
    let root = Sandbox::new();
    root.write(
        "pacts/support-faq.json",
        &contract(&json!([
            http("held", "/faqs/7", 200, false),
            http("fails and waits", "/faqs/8", 200, true),
            http("expects nothing", "/faqs/9", 404, false),
        ])),
    );
    let answer = |status| [Answer::with(status, &[], b"")];
    let (found, missing) = (answer(200), answer(404));
    let provider = Provider::start(&[
        ("GET /faqs/7", found.as_slice()),
        ("GET /faqs/8", missing.as_slice()),
        ("GET /faqs/9", missing.as_slice()),
    ]);
    let output = root.run(&["verify", "--keep-answers", "--provider-url", &provider.url()]);
    assert_eq!(output.status, 0, "{output}");
    insta::assert_snapshot!(shown(&root.run(&["what-if", "--drop", "GET /faqs/{id}", "-o", "table"])), @r#"
    status 1
    breaks support > held
      [status-mismatch] the endpoint is gone
      pacts/support-faq.json:1:74
    broken already support > fails and waits (pending)
      pacts/support-faq.json:1:209
    not known support > expects nothing
      it expects an answer that also says that nothing is there
      pacts/support-faq.json:1:354
    Judged with the answers of faq from [date]
    Answer: no, 1 interaction of support breaks without GET /faqs/{id}
    "#);
}

/// A project with a message and a form, verified and its answers kept.
fn verified_otherwise() -> Sandbox {
    let root = Sandbox::new();
    let by_type = json!({"body": {"$": {"matchers": [{"match": "type"}]}}});
    let message = json!({
        "type": "Asynchronous/Messages", "description": "a FAQ was published", "metadata": {"topic": "faqs"},
        "contents": {"content": {"id": 7}, "contentType": "application/json", "encoded": false},
        "matchingRules": by_type
    });
    let form = json!({
        "type": "Synchronous/HTTP", "description": "read a form", "request": {"method": "GET", "path": "/form"},
        "response": {
            "status": 200, "headers": {"Content-Type": ["application/x-www-form-urlencoded"]},
            "body": {"content": "id=7&source=mail", "contentType": "application/x-www-form-urlencoded", "encoded": false}
        }
    });
    root.write("pacts/support-faq.json", &contract(&json!([message, form])));
    let published = [Answer::with(
        200,
        &[("Content-Type", "application/json"), ("Pact-Message-Metadata", "eyJ0b3BpYyI6ImZhcXMifQ==")],
        br#"{"id": 8, "extra": 1}"#,
    )];
    let formed =
        [Answer::with(200, &[("Content-Type", "application/x-www-form-urlencoded")], b"id=7&source=mail")];
    let provider =
        Provider::start(&[("POST /messages", published.as_slice()), ("GET /form", formed.as_slice())]);
    let messages = format!("{}/messages", provider.url());
    let output = root.run(&[
        "verify",
        "--keep-answers",
        "--provider-url",
        &provider.url(),
        "--message-url",
        &messages,
    ]);
    assert_eq!(output.status, 0, "{output}");
    root
}

#[test]
fn messages_and_forms_are_changed_as_json_is() {
    let root = verified_otherwise();
    let tried = [
        ["--drop", "message a FAQ was published", "--field", "$.id"],
        ["--drop", "message a FAQ was published", "--field", "$.extra"],
        ["--drop", "message a FAQ was published", "--header", "topic"],
        ["--nullable", "*", "--field", "$.id"],
        ["--drop", "GET /form", "--field", "$.source"],
    ];
    let told = tried.map(|change| {
        let question = change.join(" ");
        let change: Vec<_> = std::iter::once("what-if").chain(change).collect();
        format!("$ what-if {question}\n{}", shown(&root.run(&change)))
    });
    insta::assert_snapshot!(told.join("\n"), @r#"
    $ what-if --drop message a FAQ was published --field $.id
    status 1
    breaks support > a FAQ was published
      [missing-field] $.id: the field is missing
      pacts/support-faq.json:1:74
    Judged with the answers of faq from [date]
    Answer: no, 1 interaction of support breaks without the field `$.id` of message "a FAQ was published"

    $ what-if --drop message a FAQ was published --field $.extra
    status 0
    Judged with the answers of faq from [date]
    Answer: yes, 1 interaction would hold without the field `$.extra` of message "a FAQ was published"

    $ what-if --drop message a FAQ was published --header topic
    status 1
    breaks support > a FAQ was published
      [metadata-mismatch] topic: the entry is missing; expected faqs
      pacts/support-faq.json:1:74
    Judged with the answers of faq from [date]
    Answer: no, 1 interaction of support breaks without the header `topic` of message "a FAQ was published"

    $ what-if --nullable * --field $.id
    status 1
    breaks support > a FAQ was published
      [wrong-type] $.id: expected a number, such as 7, got null
      pacts/support-faq.json:1:74
    breaks support > read a form
      [wrong-value] $.id: expected "7", got "null"
      pacts/support-faq.json:1:315
    Judged with the answers of faq from [date]
    Answer: no, 2 interactions of support break with null in the field `$.id` of every operation

    $ what-if --drop GET /form --field $.source
    status 1
    breaks support > read a form
      [missing-field] $.source: expected form post parameter 'source' but was missing
      pacts/support-faq.json:1:315
    Judged with the answers of faq from [date]
    Answer: no, 1 interaction of support breaks without the field `$.source` of GET /form
    "#);
}

/// A body without the values that a path leads to.
fn without(body: &Value, path: &str) -> Value {
    let steps: Vec<_> =
        path.trim_start_matches('$').split(['.', '[']).filter(|step| !step.is_empty()).collect();
    let mut body = body.clone();
    remove(&mut body, &steps);
    body
}

fn remove(value: &mut Value, steps: &[&str]) {
    match (steps, value) {
        (["*]"], Value::Array(items)) => items.clear(),
        (["*]", rest @ ..], Value::Array(items)) => items.iter_mut().for_each(|item| remove(item, rest)),
        ([name], Value::Object(map)) => drop(map.remove(*name)),
        ([name, rest @ ..], Value::Object(map)) => {
            if let Some(child) = map.get_mut(*name) {
                remove(child, rest);
            }
        }
        _ => {}
    }
}

#[test]
fn what_usage_reports_as_relied_upon_is_refused_by_what_if_and_by_a_replay() {
    let root = verified();
    let usage: Value = serde_json::from_str(&root.run(&["usage", "--format", "json"]).stdout).expect("JSON");
    let mut tried = Vec::new();
    for endpoint in usage["endpoints"].as_array().expect("a list") {
        let operation = endpoint["operation"].as_str().expect("a text");
        for place in endpoint["answers"][0]["response"].as_array().expect("a list") {
            let path = place["path"].as_str().expect("a text");
            if place["part"] != "response-body" || path == "$" || place["by"][0]["required"] != true {
                continue;
            }
            let what_if = root.run(&["what-if", "--drop", operation, "--field", path]);
            assert_eq!(what_if.status, 1, "{operation} {path}: {what_if}");
            let changed = answers().map(|(row, body)| {
                let is_meant = (row == "GET /faqs") == (operation == "GET /faqs");
                (row, if is_meant { without(&body, path) } else { body })
            });
            let provider = provider(&changed);
            let replay = root.run(&["verify", "--provider-url", &provider.url()]);
            assert_eq!(replay.status, 1, "{operation} {path}: {replay}");
            tried.push(format!("{operation} {path}"));
        }
    }
    insta::assert_snapshot!(tried.join("\n"), @"
    GET /faqs $[*]
    GET /faqs $[*].id
    GET /faqs/{id} $.author
    GET /faqs/{id} $.author.name
    GET /faqs/{id} $.id
    GET /faqs/{id} $.related
    GET /faqs/{id} $.related[*]
    GET /faqs/{id} $.related[*].id
    GET /faqs/{id} $.source
    ");
    // And what it does not report may go.
    assert_eq!(root.run(&["what-if", "--drop", "*", "--field", "$.extra"]).status, 0);
    assert_eq!(root.run(&["can-i-remove", "*", "--field", "$.extra"]).status, 0);
}
