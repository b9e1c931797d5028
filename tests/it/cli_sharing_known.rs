//! The commands that say and change what a store knows of applications, versions and environments.

use pactwright::fact::Judgement;
use pactwright::store::Store as _;
use serde_json::Value;

use crate::support::command::Sandbox;
use crate::support::sharing::{pact, sandbox, store, told, verify};

/// Two versions of support; the first is verified, and runs in production.
fn known() -> Sandbox {
    let root = sandbox();
    told(
        &root,
        &[
            "create-environment --name production --production",
            "create-or-update-pacticipant --name support --main-branch main",
            "publish support-faq.json -a 1.0 --branch main --tag stable",
        ],
    );
    verify(&root, "support", &[201], "7", Judgement::Passed);
    root.write("support-faq.json", &pact("support", &[201, 409]));
    told(
        &root,
        &[
            "record-deployment -a support -e 1.0 --environment production",
            "publish support-faq.json -a 1.1 --branch feat/twice",
        ],
    );
    root
}

#[test]
fn what_is_known_is_described_and_listed() {
    let root = known();
    insta::assert_snapshot!(told(
        &root,
        &[
            "describe-pacticipant --name support",
            "describe-version -a support -e 1.0",
            "describe-version -a support --latest",
            "describe-environment --name production",
            "list-pacticipants",
            "list-versions -a support",
            "list-branches -a support",
            "list-latest-pact-versions",
            "get-pacts --provider faq --branch main",
        ]
    ));
}

#[test]
fn what_is_recorded_can_be_changed_and_taken_back() {
    let root = known();
    insta::assert_snapshot!(told(
        &root,
        &[
            "create-or-update-version -a billing -e 3 --branch main --tag new",
            "create-version-tag -a support -e 1.1 --tag candidate",
            "delete-version-tag -a support -e 1.0 --tag stable",
            "delete-branch -a support --branch feat/twice",
            "list-versions -a support",
            "list-branches -a support",
            "update-environment --name production --display-name Live",
            "describe-environment --name production",
            "delete-environment --name production",
            "list-environments",
        ]
    ));
}

#[test]
fn what_is_not_there_is_neither_described_nor_changed() {
    let root = known();
    let facts = store(&root).facts().expect("listed").len();
    insta::assert_snapshot!(told(
        &root,
        &[
            "describe-pacticipant --name suport",
            "describe-version -a support -e 9",
            "describe-environment --name prodution",
            "list-versions -a suport",
            "list-branches -a suport",
            "create-version-tag -a support -e 9 --tag x",
            "delete-version-tag -a support -e 1.0 --tag unknown",
            "delete-branch -a support --branch unknown",
            "update-environment --name prodution --display-name Live",
            "delete-environment --name prodution",
            "get-pacts --provider nobody --branch main",
            "import nowhere",
        ]
    ));
    assert_eq!(store(&root).facts().expect("listed").len(), facts);
}

#[test]
fn pitfall_08_json_and_tables_answer_alike() {
    let root = known();
    for question in [
        "describe-pacticipant --name support",
        "describe-pacticipant --name suport",
        "describe-version -a support -e 1.0",
        "describe-version -a support -e 9",
        "describe-environment --name production",
        "list-pacticipants",
        "list-versions -a support",
        "list-branches -a support",
        "list-latest-pact-versions",
        "get-pacts --provider faq --branch main",
        "get-pacts --provider faq --branch nobody",
    ] {
        let words: Vec<&str> = question.split(' ').collect();
        let table = root.run(&words);
        let json = root.run(&[&words[..], &["-o", "json"]].concat());
        assert_eq!(table.status, json.status, "{question}");
        if json.status == 0 {
            serde_json::from_str::<Value>(&json.stdout).expect(question);
        }
    }
}

#[test]
fn an_export_answers_as_the_store_it_came_from() {
    let root = known();
    let before = told(&root, &["matrix -a support", "status", "list-versions -a support"]);
    let copying = ["export copied --dry-run", "export copied", "export copied", "import copied"];
    std::fs::create_dir(root.path("copied")).expect("created");
    insta::assert_snapshot!(told(&root, &copying));
    std::fs::remove_dir_all(root.path("pacts")).expect("removed");
    std::fs::rename(root.path("copied"), root.path("pacts")).expect("moved");
    assert_eq!(told(&root, &["matrix -a support", "status", "list-versions -a support"]), before);
}
