//! The commands that share, as people meet them: publish, record, ask.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use pactwright::fact::{Judgement, What};
use pactwright::store::Store;
use serde_json::{Value, json};

use crate::support::sharing::{pact, sandbox, store, told, verify};

#[test]
fn the_gate_stops_a_break_and_says_whom_to_call() {
    let root = sandbox();
    let mut story = told(
        &root,
        &[
            "create-environment --name production --production",
            "publish support-faq.json -a 1.0 --branch main",
        ],
    );
    verify(&root, "support", &[201], "1.0", Judgement::Passed);
    story += &told(
        &root,
        &[
            "record-deployment -a faq -e 1.0 --environment production",
            "can-i-deploy -a support -e 1.0 --to-environment production",
            "record-deployment -a support -e 1.0 --environment production",
            "publish support-faq.json -a 1.0 --branch main",
        ],
    );
    verify(&root, "support", &[201], "2.0", Judgement::Failed);
    story += &told(
        &root,
        &[
            "can-i-deploy -a faq -e 2.0 --to-environment production",
            "can-i-deploy -a faq -e 2.0 --to-environment production --dry-run",
            "can-i-merge -a faq --branch main",
            "list-environments",
            "status",
            "matrix -a faq",
            "fsck",
            "prune --dry-run",
            "prune --dry-run --keep-days 4000000000",
        ],
    );
    insta::assert_snapshot!(story);
}

#[test]
fn pitfall_08_no_form_of_output_changes_the_exit_status() {
    let root = sandbox();
    told(&root, &["create-environment --name production", "publish support-faq.json -a 1.0"]);
    verify(&root, "support", &[201], "2.0", Judgement::Failed);
    told(&root, &["record-deployment -a support -e 1.0 --environment production"]);
    for (question, status, deployable) in [
        ("-a faq -e 2.0 --to-environment production", 1, json!(false)),
        ("-a support -e 1.0 --to-environment production", 1, json!(null)),
        ("-a faq -e 3.0 --to-environment production", 3, json!(false)),
        ("-a faq -e 2.0 --to-environment production --ignore support", 0, json!(true)),
    ] {
        let words = format!("can-i-deploy {question}");
        let words: Vec<&str> = words.split(' ').collect();
        assert_eq!(root.run(&words).status, status, "{question}");
        let output = root.run(&[&words[..], &["-o", "json"]].concat());
        assert_eq!(output.status, status, "{question}");
        let answer: Value = serde_json::from_str(&output.stdout).expect("JSON");
        assert_eq!(answer["summary"]["deployable"], deployable, "{question}");
    }
}

#[test]
fn a_question_that_is_wrong_says_what_was_meant() {
    let root = sandbox();
    told(&root, &["create-environment --name production", "publish support-faq.json -a 1.0"]);
    insta::assert_snapshot!(told(
        &root,
        &[
            "can-i-deploy -a support -e 1.0 --to-environment prodution",
            "can-i-deploy -a suport -e 1.0 --to-environment production",
            "can-i-deploy -a support -e 1.1 --to-environment production",
            "can-i-deploy -a support --to-environment production",
            "can-i-deploy -a support -e 1.0 --store nowhere",
            "record-deployment -a support -e 7 --environment production",
            "record-deployment -a support -e 1.0 --environment prod",
            "record-undeployment -a support --environment production",
            "record-support-ended -a support -e 1.0 --environment production",
        ]
    ));
}

#[test]
fn a_version_says_one_thing_for_ever() {
    let root = sandbox();
    told(&root, &["publish support-faq.json -a 1.0 --branch main"]);
    root.write("support-faq.json", &pact("support", &[202]));
    root.write("more/support-faq.json", &pact("support", &[201, 204]));
    insta::assert_snapshot!(told(
        &root,
        &[
            "publish support-faq.json -a 1.0 --branch main",
            "publish more -a 1.0 --branch main --merge",
            "publish more -a 1.0 --branch main --merge",
            "publish support-faq.json -a 1.1 --branch main --dry-run",
            "publish support-faq.json -a 1.1 --branch main",
        ]
    ));
    assert_eq!(store(&root).facts().expect("listed").len(), 3);
    assert!(store(&root).problems().expect("checked").is_empty());
}

#[test]
fn what_cannot_be_merged_is_shown_with_what_it_says_otherwise() {
    let root = sandbox();
    told(&root, &["publish support-faq.json -a 1.0 --branch main"]);
    let otherwise = pact("support", &[201, 204]).replace("\"status\": 201", "\"status\": 202");
    root.write("more/support-faq.json", &otherwise);
    root.write("other.json", &pact("billing", &[201]));
    insta::assert_snapshot!(told(
        &root,
        &[
            "publish more -a 1.0 --branch main --merge",
            "publish more support-faq.json -a 1.2",
            "publish more support-faq.json -a 1.2 --merge",
            "publish more other.json -a 1.2 --consumer suport",
            "publish more other.json -a 1.2 --consumer billing --dry-run",
            "publish more other.json -a 1.2 --dry-run",
        ]
    ));
    assert_eq!(store(&root).facts().expect("listed").len(), 1);
}

#[test]
fn what_nobody_has_heard_of_is_never_taken_for_not_verified() {
    let root = sandbox();
    told(&root, &["create-environment --name production", "publish support-faq.json -a 1.0 --branch main"]);
    insta::assert_snapshot!(told(
        &root,
        &[
            "matrix -a faq -e nosuch",
            "matrix -a fak",
            "matrix -a support --branch other",
            "create-environment --name Production",
            "record-deployment -a supports -e 1.0 --environment production --create",
            "record-deployment -a support -e 1.0 --environment production --application-instance=",
            "record-deployment -a support -e 1.0 --environment production",
            // It has published nothing, and 1.0 has.
            "create-or-update-version -a support -e 2.0",
            "can-i-deploy -a support -e 2.0 --to-environment production",
            "can-i-deploy -a support -e 2.0 --to-environment production --ignore support",
            // What meets it there has published nothing either.
            "record-deployment -a support -e 2.0 --environment production",
            "create-or-update-version -a faq -e 1.0",
            "can-i-deploy -a faq -e 1.0 --to-environment production",
            "can-i-deploy -a faq -e 1.1 --to-environment production",
        ]
    ));
}

#[test]
fn what_is_owed_to_other_branches_is_counted() {
    let root = sandbox();
    told(&root, &["publish support-faq.json -a 1.0 --branch main"]);
    verify(&root, "support", &[201], "1.0", Judgement::Passed);
    root.write("support-faq.json", &pact("support", &[201, 404]));
    insta::assert_snapshot!(told(
        &root,
        &["owed", "publish support-faq.json -a 1.1-feat --branch feat", "owed", "owed -o json"]
    ));
}

#[test]
fn nothing_is_published_unless_everything_is_sound() {
    let root = sandbox();
    root.write("all/support-faq.json", &pact("support", &[201]));
    root.write("all/billing-faq.json", &pact("billing", &[201]).replace("\"status\"", "\"sttaus\""));
    root.write("empty/readme.json", "{}");
    root.write("similar/x.json", &pact("Support Service", &[201]));
    let output = root.run(&["publish", "all", "-a", "1.0"]);
    assert_eq!(output.status, 2, "{output}");
    assert!(!root.path("pacts/ledger").exists());
    told(&root, &["publish support-faq.json -a 1.0"]);
    insta::assert_snapshot!(told(
        &root,
        &[
            "publish empty -a 1.0",
            "publish similar -a 1.0",
            "publish support-faq.json",
            "publish similar -a 1.0 --allow-similar-name",
        ]
    ));
}

#[test]
fn the_store_can_be_named_in_three_ways() {
    let root = sandbox();
    root.write("pactwright.toml", "store = \"shared\"\n");
    root.write("sub/x.txt", "");
    assert_eq!(root.run(&["publish", "support-faq.json", "-a", "1"]).status, 0);
    assert!(root.path("shared/ledger").is_dir());
    let mut command = root.command(&["list-environments"]);
    command.env("PACTWRIGHT_STORE", "nowhere");
    assert_eq!(root.finish(command).status, 3);
    let mut command = root.command(&["create-environment", "--name", "test", "--store", "other"]);
    command.env("PACTWRIGHT_STORE", "nowhere");
    assert_eq!(root.finish(command).status, 0);
    assert!(root.path("other/ledger").is_dir());
    assert_eq!(root.run(&["list-environments", "--store", "postgres://x"]).status, 2);
}

/// A writer that is killed at any moment has written its fact or nothing: many writers are started
/// and killed, each a little later than the one before.
#[cfg(unix)]
#[test]
fn writers_that_are_killed_leave_facts_or_nothing() {
    let root = sandbox();
    let spawn = |number: u32| -> std::process::Child {
        let version = format!("{number}");
        let mut command: Command = root.command(&["publish", "support-faq.json", "-a", &version]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
    };
    let mut acknowledged = Vec::new();
    for number in 0..40 {
        let mut child = spawn(number);
        // Spinning instead of sleeping: the moment has to be another one each time.
        (0..number * 40_000).for_each(|turn| {
            std::hint::black_box(turn);
        });
        let _ = child.kill();
        if child.wait().expect("it ends").success() {
            acknowledged.push(number.to_string());
        }
    }
    let known: Vec<String> = store(&root)
        .facts()
        .map(|facts| {
            facts
                .iter()
                .filter_map(|fact| match &fact.what {
                    What::Published(published) => Some(published.version.to_string()),
                    _ => None,
                })
                .collect()
        })
        .unwrap_or_default();
    assert!(acknowledged.iter().all(|version| known.contains(version)), "{acknowledged:?} in {known:?}");
    let ledger: PathBuf = root.path("pacts");
    if ledger.join("ledger").is_dir() {
        assert!(store(&root).problems().expect("checked").is_empty());
    }
    // And the next one is not hindered by what they have left.
    assert_eq!(root.run(&["publish", "support-faq.json", "-a", "last"]).status, 0);
    assert_eq!(root.run(&["fsck"]).status, 0);
}

#[test]
fn a_pact_beside_which_a_change_waits_is_not_published() {
    let root = sandbox();
    root.write("contracts/support-faq.json", &pact("support", &[201]));
    root.write("contracts/support-faq.json.new", &pact("support", &[202]));
    root.write("new/support-faq.json", &pact("support", &[201]));
    root.write("new/billing-faq.json.new", &pact("billing", &[201]));
    insta::assert_snapshot!(told(
        &root,
        &[
            "publish contracts -a 1.0",
            "publish contracts/support-faq.json -a 1.0 --dry-run",
            "publish new -a 1.0",
            "publish new -a 1.0 --consumer support --dry-run",
            "publish new/support-faq.json -a 1.0 --dry-run",
            "reject --pacts contracts",
            "publish contracts -a 1.0 --dry-run",
        ],
    ), @"
    $ publish contracts -a 1.0
    status 2
    --- stderr
    error: contracts/support-faq.json.new waits for a review, so nothing was published
      hint: pactwright review --pacts contracts
    $ publish contracts/support-faq.json -a 1.0 --dry-run
    status 2
    --- stderr
    error: contracts/support-faq.json.new waits for a review, so nothing was published
      hint: pactwright review --pacts contracts
    $ publish new -a 1.0
    status 2
    --- stderr
    error: new/billing-faq.json.new waits for a review, so nothing was published
      hint: pactwright review --pacts new
    $ publish new -a 1.0 --consumer support --dry-run
    status 0
    --- stdout
    version 1.0
      support -> faq  1 interaction, published

    nothing was published: this was a dry run
    $ publish new/support-faq.json -a 1.0 --dry-run
    status 0
    --- stdout
    version 1.0
      support -> faq  1 interaction, published

    nothing was published: this was a dry run
    $ reject --pacts contracts
    status 0
    --- stdout
    rejected contracts/support-faq.json.new
    $ publish contracts -a 1.0 --dry-run
    status 0
    --- stdout
    version 1.0
      support -> faq  1 interaction, published

    nothing was published: this was a dry run
    ");
}
