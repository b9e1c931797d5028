//! `pactwright lint` as people meet it: output, formats and exit statuses.

use std::fs;

use serde_json::{Value, json};

use crate::support::command::{Output, Sandbox};

/// A directory with some files in it.
fn directory(files: &[(&str, Value)]) -> Sandbox {
    let root = Sandbox::new();
    for (name, content) in files {
        root.write(name, &format!("{content:#}"));
    }
    root
}

/// Everything that a run said, for a snapshot.
fn shown(output: &Output) -> String {
    format!("status {}\n{}{}", output.status, output.stdout, output.stderr)
}

fn pact(consumer: &str, response: &Value) -> Value {
    json!({
        "consumer": {"name": consumer},
        "provider": {"name": "faq"},
        "interactions": [{
            "description": format!("{consumer} reads a FAQ"),
            "providerState": "a FAQ exists",
            "request": {"method": "GET", "path": "/faqs/1"},
            "response": response
        }],
        "metadata": {"pactSpecification": {"version": "2.0.0"}}
    })
}

fn clean() -> Value {
    json!({"status": 200, "body": {"id": 1}})
}

#[test]
fn a_clean_directory_is_a_yes() {
    let root = directory(&[
        ("pacts/a.json", pact("support", &clean())),
        ("pacts/b/c.json", pact("billing", &clean())),
    ]);
    insta::assert_snapshot!(shown(&root.run(&["lint", "pacts"])), @"
    status 0
    2 pacts, 2 interactions: no problems found
    ");
}

#[test]
fn every_defect_of_every_file_is_shown_and_the_question_was_asked_wrongly() {
    let mut broken = pact("support", &json!({"status": "200", "headrs": {}}));
    broken["interactions"][0]["request"]["metod"] = json!("GET");
    let root = directory(&[("a.json", broken), ("b.json", pact("billing", &clean()))]);
    fs::write(root.path("c.json"), "{\n  \"consumer\": tru").expect("a file");
    insta::assert_snapshot!(shown(&root.run(&["lint", "."])), @"
    status 2
    a.json:15:9: error[misspelt-key]: `metod` is not a key of a pact and would have no effect
        help: did you mean `method`?
    a.json:18:19: error[bad-type]: `status` is a text, not a whole number
    a.json:19:9: error[misspelt-key]: `headrs` is not a key of a pact and would have no effect
        help: did you mean `headers`?

    c.json:2:17: error[invalid-json]: this is not valid JSON: EOF while parsing a value

    3 pacts, 1 interaction: 4 errors
    ");
}

#[test]
fn warnings_are_a_yes_unless_strict() {
    let weak = json!({
        "status": 200,
        "body": {"id": "0f8fad5b-d9cb-469f-a165-70867728950e", "tags": {}},
        "matchingRules": {"$.body.tags": {"match": "type"}, "$.status": {"match": "type"}}
    });
    let root = directory(&[("a.json", pact("support", &weak))]);
    let lenient = root.run(&["lint", "a.json"]);
    let strict = root.run(&["lint", "a.json", "--strict"]);
    assert_eq!((lenient.status, strict.status), (0, 2));
    insta::assert_snapshot!(shown(&strict), @"
    status 2
    a.json:19:11: error[dynamic-value]: `$.id` looks like a UUID and is compared exactly
        help: match it by type, format or pattern
    a.json:23:11: error[weak-rule]: the example at `$.tags` is an empty object, so any object is accepted
        help: give the example the fields that are used
    a.json:26:11: error[weak-rule]: the rule accepts any status: type
        help: use a class of statuses

    1 pact, 1 interaction: 3 errors
    ");
}

#[test]
fn what_no_provider_can_satisfy_is_said_with_both_places() {
    let mut other = pact("billing", &json!({"status": 404}));
    other["interactions"][0]["providerState"] = json!("a FAQ exists");
    let mut third = pact("marketing", &clean());
    third["interactions"][0]["providerState"] = json!("A FAQ exist");
    let root = directory(&[("a.json", pact("support", &clean())), ("b.json", other), ("c.json", third)]);
    insta::assert_snapshot!(shown(&root.run(&["lint", "*.json"])), @"
    status 0
    b.json:9:5: warning[contradictory-interactions]: `support reads a FAQ` and `billing reads a FAQ` ask for the same in the same states and expect different answers: status 200 and 404
        help: give one of them a provider state of its own; the other one is at a.json:9:5

    c.json:9:5: warning[similar-states]: the provider state `A FAQ exist` is nearly the same as `a FAQ exists`
        help: the other one is used at a.json:9:5

    3 pacts, 3 interactions: 2 warnings
    ");
}

#[test]
fn nothing_linted_is_not_a_yes() {
    let root = directory(&[("empty/readme.txt", json!("")), ("other/package.json", json!({"name": "x"}))]);
    let empty = root.run(&["lint", "empty"]);
    let other = root.run(&["lint", "other"]);
    let strict = root.run(&["lint", "other", "--strict"]);
    let ledger = directory(&[("ledger/a.json", pact("support", &clean()))]);
    let ledger = ledger.run(&["lint", "ledger"]);
    assert_eq!([empty.status, other.status, strict.status, ledger.status], [3, 3, 3, 3]);
    insta::assert_snapshot!([shown(&empty), shown(&other)].join("---\n"), @"
    status 3
    0 pacts, 0 interactions: nothing to lint
    error: no pact was found, so nothing was linted
      hint: in a directory, only files ending in .json are read
    ---
    status 3
    other/package.json:1:1: warning[skipped-file]: this is JSON but plainly not a pact, and was skipped

    0 pacts, 0 interactions: 1 warning
    error: no pact was found, so nothing was linted
      hint: the files that were skipped have nothing of a pact in them
    ");
}

#[test]
fn a_file_that_was_named_has_to_be_a_pact() {
    let root = directory(&[("package.json", json!({"name": "x"}))]);
    let named = root.run(&["lint", "package.json"]);
    let missing = root.run(&["lint", "nowhere.json"]);
    assert_eq!([named.status, missing.status], [2, 2]);
    insta::assert_snapshot!([shown(&named), shown(&missing)].join("---\n"), @"
    status 2
    package.json:1:1: error[not-a-pact]: this is JSON but not a pact
        help: a pact has a consumer, a provider and interactions

    1 pact, 0 interactions: 1 error
    ---
    status 2
    error: the pacts could not be found
      because there is no file or directory `nowhere.json`
      hint: name files, directories, globs or URLs that hold pacts
      hint: or name them in pactwright.toml; `pactwright init` writes one
    ");
}

#[test]
fn the_same_pact_counts_once() {
    let root = directory(&[("a.json", pact("support", &clean())), ("b.json", pact("support", &clean()))]);
    insta::assert_snapshot!(shown(&root.run(&["lint", "a.json", ".", "b.json"])), @"
    status 0
    a.json:1:1: warning[duplicate-pact]: this file was given more than once and counts once

    b.json:1:1: warning[duplicate-pact]: this file was given more than once and counts once
    b.json:1:1: warning[duplicate-pact]: this is the same pact as a.json and counts once

    2 pacts, 1 interaction: 3 warnings
    ");
}

#[test]
fn every_format_says_the_same() {
    let root = directory(&[("a.json", pact("support", &json!({"status": 99})))]);
    let text = root.run(&["lint", "a.json"]);
    let json = root.run(&["lint", "a.json", "-f", "json"]);
    let github = root.run(&["lint", "a.json", "--format", "github"]);
    assert_eq!([text.status, json.status, github.status], [2, 2, 2]);
    let document: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(document["findings"][0]["code"], "out-of-range");
    assert_eq!(document["findings"][0]["location"]["line"], 17);
    insta::assert_snapshot!(shown(&github), @"
    status 2
    ::error file=a.json,line=17,col=19,title=out-of-range::`status` is 99, and must be 100 to 599
    1 pact, 0 interactions: 1 error
    ");
}

#[test]
fn without_a_path_the_pacts_of_the_configuration_are_linted() {
    let by_default = directory(&[("pacts/a.json", pact("support", &clean()))]);
    let configured = directory(&[("contracts/a.json", pact("support", &clean()))]);
    configured.write("pactwright.toml", "pacts = [\"contracts\"]\n");
    let nothing = directory(&[("a.json", pact("support", &clean()))]);
    let run = |root: &Sandbox| shown(&root.run(&["lint"]));
    insta::assert_snapshot!([run(&by_default), run(&configured), run(&nothing)].join("\n"), @"
    status 0
    1 pact, 1 interaction: no problems found

    status 0
    1 pact, 1 interaction: no problems found

    status 2
    error: the pacts could not be found
      because there is no file or directory `pacts`
      hint: name files, directories, globs or URLs that hold pacts
      hint: or name them in pactwright.toml; `pactwright init` writes one
    ");
}

#[test]
fn what_lies_beside_pacts_is_named_and_skipped() {
    let root = directory(&[
        ("a.json", pact("support", &clean())),
        ("r.json", json!({"schema_version": 1, "run": {"provider": "faq"}, "interactions": []})),
        ("l.json", json!({"schemaVersion": 1, "pacts": 1, "interactions": 1, "findings": []})),
        ("openapi.json", json!({"openapi": "3.1.0", "info": {"title": "faq"}, "paths": {}})),
        ("package.json", json!({"name": "faq", "version": "1.0.0"})),
        ("index.json", json!({"_links": {"pb:pacts": []}, "_embedded": {"pacts": []}})),
        ("ledger/b.json", json!({"consumer": 1})),
    ]);
    root.write(
        "log.json",
        "{\"schema_version\":1,\"event\":\"run-started\"}\n{\"schema_version\":1,\"event\":\"x\"}\n",
    );
    root.write("b.json.new", "{");
    root.write("log.jsonl", "{}\n{}\n");
    insta::assert_snapshot!(shown(&root.run(&["lint", "."])), @"
    status 0
    index.json:1:1: warning[skipped-file]: this is JSON but plainly not a pact, and was skipped

    l.json:1:1: warning[skipped-file]: this is JSON but plainly not a pact, and was skipped

    log.json:1:1: warning[skipped-file]: this is an event log and not a pact, and was skipped

    openapi.json:1:1: warning[skipped-file]: this is JSON but plainly not a pact, and was skipped

    package.json:1:1: warning[skipped-file]: this is JSON but plainly not a pact, and was skipped

    r.json:1:1: warning[skipped-file]: this is JSON but plainly not a pact, and was skipped

    1 pact, 1 interaction: 6 warnings
    note: not looked into: ledger (--store reads a ledger)
    ");
}

#[test]
fn rules_that_ask_for_less_than_they_seem_to_are_weak() {
    let rule = |matcher: Value| json!({"matchers": [matcher]});
    let mut pact = pact("support", &clean());
    pact["metadata"]["pactSpecification"]["version"] = json!("3.0.0");
    pact["interactions"][0]["response"] = json!({
        "status": 200,
        "headers": {"ETag": "abc"},
        "body": {"name": "Anna", "id": 7, "tags": ["x"]},
        "matchingRules": {
            "header": {"ETag": rule(json!({"match": "type"}))},
            "body": {
                "$.name": rule(json!({"match": "type", "min": 3})),
                "$.id": rule(json!({"match": "regex", "regex": "\\d+"})),
                "$.tags": rule(json!({"match": "type", "min": 1})),
            }
        }
    });
    let root = directory(&[("a.json", pact)]);
    insta::assert_snapshot!(shown(&root.run(&["lint", "a.json"])), @r"
    status 0
    a.json:30:13: warning[weak-rule]: the rule accepts any text in the header `ETag`: type
        help: use a pattern
    a.json:39:13: warning[weak-rule]: the example at `$.name` is no list, so its length is not checked: type, at least 3
        help: a pattern such as `.{3,}` bounds the length of a text
    a.json:47:13: warning[weak-rule]: the example at `$.id` is no text, so only how it is written is matched: regex /\d+/
        help: use `integer`, `decimal` or `boolean`

    1 pact, 1 interaction: 3 warnings
    ");
}

#[test]
fn a_message_of_which_nothing_is_expected_is_warned_of() {
    let message = |said: Value| {
        let mut message = json!({"description": "a FAQ was published"});
        message.as_object_mut().expect("an object").extend(said.as_object().cloned().unwrap_or_default());
        json!({
            "consumer": {"name": "support"},
            "provider": {"name": "faq"},
            "messages": [message],
            "metadata": {"pactSpecification": {"version": "3.0.0"}}
        })
    };
    let root = directory(&[
        ("hollow/a.json", message(json!({"metaData": {}}))),
        ("full/contents.json", message(json!({"contents": {"id": 7}, "metaData": {}}))),
        ("full/metadata.json", message(json!({"metaData": {"topic": "faqs"}}))),
    ]);
    insta::assert_snapshot!(shown(&root.run(&["lint", "hollow"])), @"
    status 0
    hollow/a.json:9:5: warning[expects-nothing]: the message has neither contents nor metadata, so any message is accepted
        help: give it the contents that are read

    1 pact, 1 interaction: 1 warning
    ");
    assert_eq!(root.run(&["lint", "--strict", "hollow"]).status, 2);
    let full = root.run(&["lint", "full"]);
    assert!(!full.stdout.contains("expects-nothing"), "{full}");
}
