//! `pactwright diff` as people meet it: output and exit statuses.

use serde_json::{Value, json};

use crate::support::command::{Output, Sandbox};

fn pact(body: &Value, rules: &Value) -> String {
    let pact = json!({
        "consumer": {"name": "support"},
        "provider": {"name": "faq"},
        "interactions": [{
            "description": "read a FAQ",
            "request": {"method": "GET", "path": "/faqs/7", "headers": {"Authorization": "Bearer abc"}},
            "response": {"status": 200, "body": body, "matchingRules": rules}
        }],
        "metadata": {"pactSpecification": {"version": "2.0.0"}}
    });
    format!("{pact:#}")
}

fn sides(old: &str, new: &str) -> Sandbox {
    let root = Sandbox::new();
    root.write("old/support-faq.json", old);
    root.write("new/support-faq.json", new);
    root
}

/// Everything that a run said, for a snapshot.
fn shown(output: &Output) -> String {
    format!("status {}\n{}{}", output.status, output.stdout, output.stderr)
}

#[test]
fn a_contract_that_demands_more_is_a_no() {
    let root = sides(
        &pact(&json!({"id": 7}), &json!({})),
        &pact(&json!({"id": 7, "source": "mail"}), &json!({"$.body.id": {"match": "type"}})),
    );
    insta::assert_snapshot!(shown(&root.run(&["diff", "old", "new"])), @r#"
    status 1
    support -> faq
      read a FAQ
        demands more[response-field-added]: response body: `$.source` is new: exactly "mail"
          new/support-faq.json:22:11
        demands less[response-value-relaxed]: response body: `$.id` was exactly 7 and is any number
          old/support-faq.json:21:11 -> new/support-faq.json:21:11

    1 contract compared: 1 change demands more, 1 change demands less
    "#);
}

#[test]
fn a_contract_that_demands_less_or_the_same_is_a_yes() {
    let by_type = json!({"$.body.id": {"match": "type"}});
    let root = sides(&pact(&json!({"id": 7}), &json!({})), &pact(&json!({"id": 7}), &by_type));
    insta::assert_snapshot!(shown(&root.run(&["diff", "old", "new"])), @"
    status 0
    support -> faq
      read a FAQ
        demands less[response-value-relaxed]: response body: `$.id` was exactly 7 and is any number
          old/support-faq.json:21:11 -> new/support-faq.json:21:11

    1 contract compared: 1 change demands less
    ");
    insta::assert_snapshot!(shown(&root.run(&["diff", "new", "new"])), @"
    status 0
    1 contract compared: nothing has changed for the provider
    ");
}

#[test]
fn nothing_to_compare_is_no_answer_and_an_unreadable_pact_is_a_wrong_question() {
    let root = sides(&pact(&json!({"id": 7}), &json!({})), "{\"consumer\": 1}");
    root.write("empty/readme.txt", "");
    insta::assert_snapshot!(shown(&root.run(&["diff", "old", "empty"])), @"
    status 3
    error: there is no pact in empty, so nothing was compared
    ");
    insta::assert_snapshot!(shown(&root.run(&["diff", "old/support-faq.json", "new/support-faq.json"])), @"
    status 2
    error: new/support-faq.json:1:1: `provider` is missing
      hint: `pactwright lint new/support-faq.json` says all that is wrong
    ");
}

/// A store with two versions of support on its main branch.
fn shared() -> Sandbox {
    let root =
        sides(&pact(&json!({"id": 7}), &json!({})), &pact(&json!({"id": 7, "source": "mail"}), &json!({})));
    for (file, version) in [("old/support-faq.json", "1.4"), ("new/support-faq.json", "1.5")] {
        let published = root.run(&["publish", file, "-a", version, "--branch", "main"]);
        assert_eq!(published.status, 0, "{published}");
    }
    root
}

#[test]
fn versions_in_a_store_are_compared_and_one_may_be_left_open() {
    let root = shared();
    let both = root.run(&["diff", "support@1.4..1.5"]);
    insta::assert_snapshot!(shown(&both));
    assert_eq!(root.run(&["diff", "support@1.4.."]).stdout, both.stdout);
    let mirrored = root.run(&["diff", "support@1.5..1.4"]);
    assert_eq!(mirrored.status, 0, "{mirrored}");
    assert_eq!(root.run(&["diff", "support@..1.4"]).stdout, mirrored.stdout);
    // A version compared with itself says nothing about a change.
    for range in ["support@1.5..1.5", "support@1.5..", "support@..1.5"] {
        let output = root.run(&["diff", range]);
        assert_eq!(output.status, 2, "{output}");
        assert!(output.stderr.contains("is compared with itself"), "{output}");
    }
}

#[test]
fn a_version_that_is_not_known_is_no_answer_and_half_a_range_is_a_wrong_question() {
    let root = shared();
    let ranges = [
        "support@1.4..1.6",
        "support@1.4..9",
        "suport@1.4..",
        "faq@1.4..",
        "support@1.4",
        "support@..",
        "@1.4..1.5",
        "old/support-faq.json",
    ];
    let told = ranges.map(|range| format!("$ diff {range}\n{}", shown(&root.run(&["diff", range]))));
    insta::assert_snapshot!(told.join("\n"));
    let elsewhere = root.run(&["diff", "support@1.4..1.5", "--store", "none"]);
    assert_eq!(elsewhere.status, 3, "{elsewhere}");
}
