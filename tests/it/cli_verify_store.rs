//! `pactwright verify --store`: what is shared is verified, and what came of it is shared.

use crate::support::command::{Output, Sandbox};
use crate::support::gate::status;
use crate::support::provider::Provider;
use crate::support::sharing::{pact, sandbox, told};

/// A directory in which support has published and runs in production.
fn published(statuses: &[u16]) -> Sandbox {
    let root = sandbox();
    root.write("support-faq.json", &pact("support", statuses));
    told(
        &root,
        &[
            "create-environment --name production --production",
            "create-or-update-pacticipant --name support --main-branch main",
            "publish support-faq.json -a 1.0 --branch main",
            "record-deployment -a support -e 1.0 --environment production",
        ],
    );
    root
}

/// Verifies what is shared against a provider that answers everything with a status.
fn verify(root: &Sandbox, answer: u16, arguments: &str) -> Output {
    let provider = Provider::start(&[("POST /v1/create", &[status(answer)])]);
    let url = provider.url();
    let given = ["verify", "--store", "pacts", "--provider", "faq", "--provider-url", &url];
    let words: Vec<&str> = given.into_iter().chain(arguments.split_whitespace()).collect();
    root.run(&words)
}

/// What the gate says about a version of faq, by its exit status.
fn may_go(root: &Sandbox, version: &str) -> i32 {
    root.run(&["can-i-deploy", "-a", "faq", "-e", version, "--to-environment", "production"]).status
}

#[test]
fn what_is_verified_and_published_opens_or_shuts_the_gate() {
    let root = published(&[201]);
    let kept = verify(&root, 201, "--provider-app-version 1.0 --branch main --publish");
    assert_eq!(kept.status, 0, "{kept}");
    assert_eq!(may_go(&root, "1.0"), 0);
    let broken = verify(&root, 500, "--provider-app-version 2.0 --branch main --publish");
    assert_eq!(broken.status, 1, "{broken}");
    assert_eq!(may_go(&root, "2.0"), 1);
    let unpublished = verify(&root, 201, "--provider-app-version 3.0 --branch main");
    assert_eq!(unpublished.status, 0, "{unpublished}");
    assert_eq!(may_go(&root, "3.0"), 3);
    let notes: Vec<_> = kept.stderr.lines().filter(|line| line.contains("support 1.0")).collect();
    insta::assert_snapshot!(notes.join("\n"));
}

#[test]
fn pitfall_03_a_partial_run_is_recorded_as_partial_and_counts_as_no_pass() {
    let root = published(&[201, 500]);
    let arguments = "--provider-app-version 1.0 --branch main --publish --filter-description /201/";
    let run = verify(&root, 201, arguments);
    assert_eq!(run.status, 0, "{run}");
    assert!(run.stderr.contains("in part: unfinished, which is no pass"), "{run}");
    assert_eq!(may_go(&root, "1.0"), 1);
}

#[test]
fn pitfall_04_an_empty_selection_is_no_yes() {
    let root = published(&[201]);
    for (arguments, expected) in [
        ("--consumer-branch nowhere", 3),
        ("--environment nowhere", 3),
        ("--consumer-version-selectors []", 2),
        ("--consumer-branch nowhere --fallback-branch main", 0),
        ("--main-branch", 0),
        ("--latest", 0),
        ("--deployed-or-released", 0),
        ("--environment production", 0),
        ("--matching-branch --provider-branch main", 0),
        (r#"--consumer-version-selectors {"mainBranch":true}"#, 0),
    ] {
        let run = verify(&root, 201, arguments);
        assert_eq!(run.status, expected, "{arguments}\n{run}");
    }
}

#[test]
fn pitfall_06_a_misspelt_selector_selects_nothing_else() {
    let root = published(&[201]);
    let run = verify(&root, 201, r#"--consumer-version-selectors {"mainBrnch":true}"#);
    assert_eq!(run.status, 2, "{run}");
    assert!(run.stderr.contains("unknown field `mainBrnch`"), "{run}");
}

#[test]
fn what_is_pending_fails_no_run_and_is_recorded_as_what_it_is() {
    let root = published(&[201]);
    let run = verify(&root, 500, "--provider-app-version 2.0 --branch main --publish --enable-pending");
    assert_eq!(run.status, 0, "{run}");
    assert!(run.stderr.contains("pending, because this provider has never kept it"), "{run}");
    assert_eq!(may_go(&root, "2.0"), 1);
    assert_eq!(verify(&root, 201, "--provider-app-version 3.0 --branch main --publish").status, 0);
    let known = verify(&root, 500, "--provider-app-version 4.0 --branch main --publish --enable-pending");
    assert_eq!(known.status, 1, "it was kept once, so this is a break\n{known}");
}

#[test]
fn what_is_new_is_verified_as_work_in_progress() {
    let root = published(&[201]);
    assert_eq!(verify(&root, 201, "--provider-app-version 1.0 --branch main --publish").status, 0);
    root.write("support-faq.json", &pact("support", &[201, 409]));
    told(&root, &["publish support-faq.json -a 1.1 --branch feat/twice"]);
    let arguments = "--branch main --include-wip-pacts-since 2020-01-01";
    let run = verify(&root, 201, arguments);
    assert_eq!(run.status, 0, "{run}");
    assert!(run.stderr.contains("support 1.1: new at the head of branch feat/twice; pending"), "{run}");
}

#[test]
fn what_this_version_has_kept_already_is_not_replayed() {
    let root = published(&[201]);
    let arguments = "--provider-app-version 1.0 --branch main --publish";
    assert_eq!(verify(&root, 201, arguments).status, 0);
    let again = verify(&root, 500, arguments);
    assert_eq!(again.status, 0, "{again}");
    assert!(again.stderr.contains("support 1.0 is already verified by faq 1.0"), "{again}");
    assert_eq!(verify(&root, 500, &arguments.replace("1.0", "1.1")).status, 1);
    assert_eq!(verify(&root, 500, &format!("{arguments} --force")).status, 1);
    let broken = verify(&root, 500, arguments);
    assert_eq!(broken.status, 1, "the newest result is a failure\n{broken}");
}

#[test]
fn files_and_what_is_shared_are_not_mixed() {
    let root = published(&[201]);
    let run = root.run(&["verify", "support-faq.json", "--provider", "faq", "--publish"]);
    assert_eq!(run.status, 2, "{run}");
    assert!(run.stderr.contains("files are named, and what is shared is asked for as well"), "{run}");
}

#[test]
fn a_waived_break_is_shown_as_such_until_it_is_taken_back() {
    let root = published(&[201]);
    assert_eq!(verify(&root, 500, "--provider-app-version 2.0 --branch main --publish").status, 1);
    assert_eq!(may_go(&root, "2.0"), 1);
    insta::assert_snapshot!(told(
        &root,
        &[
            "waive --consumer support --provider faq --reason hotfix --owner Ada --expires 2020-01-31",
            "waive --consumer suport --provider faq --reason hotfix --owner Ada --expires 9000-01-31",
            "waive --consumer faq --provider support --reason hotfix --owner Ada --expires 9000-01-31",
            "waive --consumer support --provider faq --reason hotfix --owner Ada",
            "waive --consumer support --provider faq --reason hotfix --owner Ada --expires 9000-01-31",
            "can-i-deploy -a faq -e 2.0 --to-environment production",
            "end-waiver --consumer support --provider faq",
            "end-waiver --consumer support --provider faq",
        ]
    ));
    assert_eq!(may_go(&root, "2.0"), 1);
}

#[test]
fn what_is_owed_is_what_the_commands_it_names_would_pay() {
    let root = published(&[201]);
    let before = told(&root, &["owed", "owed --provider fq"]);
    assert_eq!(verify(&root, 201, "--provider-app-version 1.0 --branch main --publish").status, 0);
    told(
        &root,
        &[
            "record-deployment -a faq -e 1.0 --environment production",
            "create-or-update-version -a faq -e 2.0 --branch main",
        ],
    );
    let between = told(&root, &["owed", "owed -o json"]);
    let paid = verify(&root, 500, "--provider-app-version 2.0 --consumer support --publish --branch main");
    assert_eq!(paid.status, 1, "{paid}");
    insta::assert_snapshot!(before + &between + &told(&root, &["owed"]));
}
