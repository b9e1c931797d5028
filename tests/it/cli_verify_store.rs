//! `pactwright verify --store`: what is shared is verified, and what came of it is shared.

use pactwright::fact::{Fact, Ids};
use pactwright::store::Store;

use crate::support::command::{Output, Sandbox};
use crate::support::gate::status;
use crate::support::provider::Provider;
use crate::support::sharing::{pact, published, store, told};

/// Verifies what is shared against a provider that answers everything with a status.
fn verify(root: &Sandbox, answer: u16, arguments: &str) -> Output {
    let provider = Provider::start(&[("POST /v1/create", &[status(answer)])]);
    let url = provider.url();
    let given = ["verify", "--store", "pacts", "--provider", "faq", "--provider-url", &url];
    let words: Vec<&str> = given.into_iter().chain(arguments.split_whitespace()).collect();
    root.run(&words)
}

/// Runs git in the root of a case.
fn git(root: &Sandbox, words: &str) {
    let mut command = std::process::Command::new("git");
    let identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
    command.current_dir(root.path("")).args(identity).args(words.split_whitespace());
    assert!(command.output().expect("git is there").status.success(), "{words}");
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
    insta::assert_snapshot!(kept.to_string());
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

#[cfg(unix)]
#[test]
fn pitfall_03_a_doubtful_run_counts_as_no_pass_and_neither_does_the_next() {
    let root = published(&[201]);
    let mut needy: serde_json::Value = serde_json::from_str(&pact("support", &[201])).expect("JSON");
    needy["interactions"][0]["providerState"] = "a ticket".into();
    root.write("support-faq.json", &needy.to_string());
    told(
        &root,
        &[
            "publish support-faq.json -a 1.1 --branch main",
            "record-deployment -a support -e 1.1 --environment production",
        ],
    );
    let provider = Provider::start(&[("POST /v1/create", &[status(201)])]);
    let url = provider.url();
    let given = ["verify", "--store", "pacts", "--provider", "faq", "--provider-url", &url];
    let version = ["--provider-app-version", "1.0", "--publish"];
    // The cleaning up after the interaction fails, and nothing else.
    let states = ["--state-teardown", "--state-cmd", "sh fails"];
    root.write("fails", "case \"$*$(cat)\" in *teardown*) exit 1;; esac\n");
    let words: Vec<&str> = given.into_iter().chain(version).chain(states).collect();
    for time in ["first", "second"] {
        let run = root.run(&words);
        assert_eq!(run.status, 3, "{time}\n{run}");
        assert!(run.stderr.contains("support 1.1: unfinished, which is no pass"), "{time}\n{run}");
        let gate = root.run(&["can-i-deploy", "-a", "faq", "-e", "1.0", "--to-environment", "production"]);
        assert_eq!(gate.status, 1, "{time}\n{gate}");
        assert!(gate.stdout.contains("something went wrong beside the interactions"), "{time}\n{gate}");
    }
}

#[test]
fn what_is_recorded_counts_also_when_the_clock_is_behind_the_newest_fact() {
    let root = published(&[201]);
    assert_eq!(verify(&root, 201, "--provider-app-version 1.0 --publish").status, 0);
    ahead(&root);
    assert_eq!(may_go(&root, "1.0"), 0);
    let broken = verify(&root, 500, "--provider-app-version 1.0 --publish --force");
    assert_eq!((broken.status, may_go(&root, "1.0")), (1, 1), "{broken}");
    let checked = root.run(&["fsck"]);
    assert_eq!(checked.status, 1, "{checked}");
    assert!(checked.stdout.contains("of a time still to come"), "{checked}");
}

#[test]
fn what_runs_and_what_is_waived_follows_the_newest_fact_and_not_the_clock() {
    let root = published(&[201]);
    assert_eq!(verify(&root, 500, "--provider-app-version 1.0 --publish").status, 1);
    ahead(&root);
    let waive = "waive --consumer support --provider faq --reason soon --owner Ada --expires 9000-01-31";
    let commands = [
        (waive, 0),
        ("end-waiver --consumer support --provider faq", 1),
        ("record-undeployment -a support --environment production", 0),
        ("record-deployment -a support -e 1.0 --environment production", 1),
    ];
    for (command, expected) in commands {
        ahead(&root);
        let said = told(&root, &[command]);
        assert_eq!(may_go(&root, "1.0"), expected, "{said}");
    }
}

/// Dates the newest fact an hour later, as a machine would whose clock is ahead.
fn ahead(root: &Sandbox) {
    let newest = store(root).whole_facts().expect("listed").pop().expect("a fact");
    let later = Ids::new().next(newest.id.at() + jiff::SignedDuration::from_hours(1));
    store(root).append(&Fact { id: later, what: newest.what }).expect("kept");
}

#[test]
fn a_work_tree_about_which_git_refuses_to_speak_is_not_taken_for_clean() {
    let root = published(&[201]);
    let mut git = std::process::Command::new("git");
    assert!(git.args(["init", "-q"]).current_dir(root.path("")).status().expect("git is there").success());
    let words = "verify --store pacts --provider faq --provider-app-version 1.0 --publish --provider-url";
    let words: Vec<&str> = words.split_whitespace().chain(["http://127.0.0.1:1"]).collect();
    let mut command = root.command(&words);
    command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    let run = root.finish(command);
    assert_eq!(run.status, 2, "{run}");
    assert!(run.stderr.contains("git does not say whether the work tree has changes"), "{run}");
}

#[test]
fn the_next_command_verifies_just_what_it_is_named_for() {
    let root = published(&[201]);
    root.write("support-faq.json", &pact("support", &[201, 409]));
    let said =
        root.run(&["publish", "support-faq.json", "-a", "1.1", "--branch", "feat", "--store", "pacts"]);
    let next = |output: &Output| {
        let line = output.stdout.lines().find_map(|line| line.split_once("pactwright verify "));
        line.unwrap_or_else(|| panic!("{output}")).1.to_owned()
    };
    assert!(next(&said).contains("--content"), "{said}");
    told(&root, &["create-or-update-version -a faq -e 1.0 --branch main"]);
    let words = ["can-i-deploy", "-a", "support", "-e", "1.1", "-a", "faq", "-e", "1.0"];
    let unverified = root.run(&words);
    assert_eq!(unverified.status, 1, "{unverified}");
    let run = verify(&root, 500, next(&unverified).trim_start_matches("--provider faq "));
    assert_eq!(run.status, 1, "{run}");
    let breaks = root.run(&words);
    assert!(breaks.stdout.contains("BREAKS"), "{breaks}");
    let run = verify(&root, 500, next(&breaks).trim_start_matches("--provider faq "));
    assert_eq!(run.status, 1, "it shows the break\n{run}");
}

#[test]
fn pitfall_04_an_empty_selection_is_no_yes() {
    let root = published(&[201]);
    for (arguments, expected) in [
        ("--consumer-branch nowhere", 3),
        ("--environment nowhere", 2),
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
    assert!(run.stdout.contains("deployed in production; pending, so it fails no run"), "{run}");
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
    assert!(run.stdout.contains("support 1.1: new at the head of branch feat/twice; pending"), "{run}");
}

#[test]
fn what_this_version_has_kept_already_is_not_replayed() {
    let root = published(&[201]);
    let arguments = "--provider-app-version 1.0 --branch main --publish";
    assert_eq!(verify(&root, 201, arguments).status, 0);
    let again = verify(&root, 500, arguments);
    assert_eq!(again.status, 0, "{again}");
    insta::assert_snapshot!(without_ids(&again));
    assert_eq!(verify(&root, 500, &arguments.replace("1.0", "1.1")).status, 1);
    assert_eq!(verify(&root, 500, &format!("{arguments} --force")).status, 1);
    let broken = verify(&root, 500, arguments);
    assert_eq!(broken.status, 1, "the newest result is a failure\n{broken}");
}

#[test]
fn what_is_already_verified_is_said_in_every_format() {
    let root = published(&[201]);
    let arguments = "--provider-app-version 1.0 --branch main --publish";
    assert_eq!(verify(&root, 201, arguments).status, 0);
    for format in ["terminal", "json", "jsonl", "junit", "github", "markdown", "html"] {
        let run = verify(&root, 500, &format!("{arguments} --report {format}"));
        assert_eq!(run.status, 0, "{format}: {run}");
        let has_why = run.stdout.contains("head of the main branch") && run.stdout.contains("production");
        let says_by_what = run.stdout.contains("already");
        assert!(has_why && says_by_what, "{format}: {run}");
    }
}

#[test]
fn only_the_interactions_that_have_changed_are_replayed() {
    let root = published(&[201]);
    let arguments = "--provider-app-version 1.0 --branch main --publish";
    assert_eq!(verify(&root, 201, arguments).status, 0);
    root.write("support-faq.json", &pact("support", &[201, 409]));
    told(&root, &["publish support-faq.json -a 1.1 --branch main"]);
    let run = verify(&root, 409, &format!("{arguments} --main-branch"));
    assert_eq!(run.status, 0, "{run}");
    assert!(run.stdout.contains("Verified 1 of 2 interactions in 1 pact; skipped 1 because it is already"));
    assert_eq!(may_go(&root, "1.0"), 0);
    told(&root, &["record-deployment -a support -e 1.1 --environment production"]);
    assert_eq!(may_go(&root, "1.0"), 0, "a verdict that was taken over counts");
}

#[test]
fn pitfall_03_parts_that_were_verified_apart_are_put_together_without_a_replay() {
    let root = published(&[201, 409]);
    let arguments = "--provider-app-version 1.0 --branch main --publish";
    for (status, part) in [(201, "/201/"), (409, "/409/")] {
        let run = verify(&root, status, &format!("{arguments} --filter-description {part}"));
        assert_eq!(run.status, 0, "{run}");
        assert_eq!(may_go(&root, "1.0"), 1, "a part is a part\n{run}");
    }
    let whole = verify(&root, 500, arguments);
    assert_eq!(whole.status, 0, "{whole}");
    assert!(whole.stdout.contains("skipped 2 because they are already verified"), "{whole}");
    assert_eq!(may_go(&root, "1.0"), 0);
}

#[cfg(unix)]
#[test]
fn pitfall_04_a_result_that_cannot_be_recorded_is_no_yes() {
    let plain = spoilt("");
    assert_eq!(plain.status, 3, "{plain}");
    assert!(plain.stdout.contains("Answer: could not find out"), "{plain}");
    assert!(plain.stdout.contains("error[result-not-recorded]: the store could not be written"), "{plain}");
    let json = spoilt("-o json");
    let report: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!((json.status, &report["answer"]), (3, &"could-not-find-out".into()), "{json}");
    let log = spoilt("--report jsonl");
    let last: Vec<&str> = log.stdout.lines().rev().take(2).collect();
    assert!(last[0].contains("run-finished") && last[1].contains("result-not-recorded"), "{log}");
}

/// A verification of which nothing can be recorded: the store is spoilt while it runs.
#[cfg(unix)]
fn spoilt(more: &str) -> Output {
    let root = published(&[201]);
    let mut needy: serde_json::Value = serde_json::from_str(&pact("support", &[201])).expect("JSON");
    needy["interactions"][0]["providerState"] = "a ticket".into();
    root.write("support-faq.json", &needy.to_string());
    told(&root, &["publish support-faq.json -a 1.1 --branch main"]);
    root.write("spoil", "rm -r pacts/ledger/facts && touch pacts/ledger/facts");
    let arguments = "--main-branch --provider-app-version 1.0 --publish --state-cmd";
    let provider = Provider::start(&[("POST /v1/create", &[status(201)])]);
    let url = provider.url();
    let given = ["verify", "--store", "pacts", "--provider", "faq", "--provider-url", &url];
    let words = given.into_iter().chain(arguments.split_whitespace()).chain(["sh spoil"]);
    root.run(&words.chain(more.split_whitespace()).collect::<Vec<_>>())
}

#[test]
fn what_no_commit_holds_never_counts_and_the_store_itself_is_no_change() {
    let root = published(&[201]);
    git(&root, "init -q -b main");
    // The home of a case is where it runs.
    root.write(".gitignore", ".cache\n");
    git(&root, "add support-faq.json .gitignore");
    git(&root, "commit -qm all");
    let clean = verify(&root, 201, "--publish");
    assert!(clean.stderr.contains("support 1.0: passed\n"), "the store is below the work tree\n{clean}");
    root.write("new.rs", "");
    let dirty = verify(&root, 201, "--publish");
    assert_eq!(dirty.status, 0, "{dirty}");
    assert!(dirty.stdout.contains("with changes that no commit holds: 1 interaction in 1 pact"), "{dirty}");
    assert!(dirty.stderr.contains("so it never counts"), "{dirty}");
    // It is the head of no branch either: nobody is held up by it.
    let broken = verify(&root, 500, "--provider-app-version local --branch main --publish");
    assert_eq!(broken.status, 1, "{broken}");
    let head = root.run(&["can-i-deploy", "-a", "faq", "--branch", "main", "--to-environment", "production"]);
    assert_eq!(head.status, 0, "{head}");
    assert_eq!(may_go(&root, "local"), 3);
}

#[test]
fn a_waived_break_fails_no_verification_and_is_shown_as_waived_everywhere() {
    let root = published(&[201]);
    let waive = ["waive", "--consumer", "support", "--provider", "faq", "--expires", "2999-12-31"];
    let why = ["--reason", "v1 is for partners only", "--owner", "Ada"];
    let arguments = "--provider-app-version 2.0 --branch main --publish";
    // Only for another version of the consumer.
    told(&root, &["publish support-faq.json -a 1.1"]);
    let only = root.run(&[&waive[..], &why, &["--consumer-version", "1.1"]].concat());
    assert_eq!((only.status, verify(&root, 500, arguments).status), (0, 1), "{only}");
    let waived = root.run(&[&waive[..], &why].concat());
    let run = verify(&root, 500, &format!("{arguments} --report github=notes --report markdown=comment"));
    assert_eq!((waived.status, run.status), (0, 0), "{run}");
    insta::assert_snapshot!(run.to_string());
    for file in ["notes", "comment"] {
        let text = std::fs::read_to_string(root.path(file)).expect("written");
        assert!(text.contains("waived until 2999-12-31 by Ada"), "{file}\n{text}");
    }
    let gate = root.run(&["can-i-deploy", "-a", "faq", "-e", "2.0", "--to-environment", "production"]);
    assert!(gate.status == 0 && gate.stdout.contains("WAIVED"), "{gate}");
    // What is waived was recorded as the break that it is.
    assert_eq!(root.run(&["end-waiver", "--consumer", "support", "--provider", "faq"]).status, 0);
    assert_eq!((may_go(&root, "2.0"), verify(&root, 500, arguments).status), (1, 1));
}

#[test]
fn a_waiver_accepts_a_break_and_not_that_nobody_knows() {
    let root = published(&[201]);
    let mut needy: serde_json::Value = serde_json::from_str(&pact("support", &[201])).expect("JSON");
    needy["interactions"][0]["providerState"] = "a ticket".into();
    root.write("support-faq.json", &needy.to_string());
    let waive = "waive --consumer support --provider faq --reason soon --owner Ada --expires 9000-01-31";
    told(&root, &["publish support-faq.json -a 1.1 --branch main", waive]);
    let run = verify(&root, 500, "--main-branch");
    assert_eq!(run.status, 3, "{run}");
    assert!(run.stdout.contains("state-handler-missing"), "{run}");
}

#[test]
fn what_another_commit_has_kept_under_the_same_version_is_replayed() {
    let root = published(&[201]);
    let arguments = "--provider-app-version 2.0-SNAPSHOT --publish";
    let from = |commit: &str, answer: u16| {
        let provider = Provider::start(&[("POST /v1/create", &[status(answer)])]);
        let url = provider.url();
        let given = ["verify", "--store", "pacts", "--provider", "faq", "--provider-url", &url];
        let words: Vec<&str> = given.into_iter().chain(arguments.split_whitespace()).collect();
        let mut command = root.command(&words);
        command.env("GITHUB_ACTIONS", "true").env("GITHUB_SHA", commit);
        root.finish(command)
    };
    assert_eq!(from("a1", 201).status, 0);
    let same = from("a1", 500);
    assert!(same.status == 0 && same.stdout.contains("already verified"), "{same}");
    assert_eq!((from("b2", 500).status, may_go(&root, "2.0-SNAPSHOT")), (1, 1));
    // What was found out before the version was built anew says nothing about it.
    assert_eq!(from("a1", 500).status, 1);
}

#[test]
fn code_beside_the_ledger_of_a_store_is_a_part_of_the_work_tree() {
    let root = published(&[201]);
    git(&root, "init -q -b main");
    root.write("pacts/app.py", "print()\n");
    root.write(".gitignore", ".cache\n");
    git(&root, "add .");
    git(&root, "commit -qm all");
    let clean = verify(&root, 201, "--publish");
    assert!(clean.stderr.contains("support 1.0: passed\n"), "{clean}");
    root.write("pacts/app.py", "print(1)\n");
    let dirty = verify(&root, 201, "--publish --force");
    assert!(dirty.stderr.contains("so it never counts"), "{dirty}");
}

#[test]
fn a_fact_names_no_place_of_the_machine_that_recorded_it() {
    let root = published(&[201]);
    let run = verify(&root, 500, "--provider-app-version 2.0 --publish");
    assert!(run.status == 1 && run.stdout.contains(" pacts/ledger/contents/"), "{run}");
    let newest = store(&root).whole_facts().expect("listed").pop().expect("a fact").to_line();
    assert!(newest.contains("\"file\":\"ledger/contents/"), "{newest}");
}

#[test]
fn pitfall_07_pending_and_new_contracts_need_no_selectors() {
    let root = published(&[201]);
    let run = verify(&root, 500, "--branch main --enable-pending --include-wip-pacts-since 2020-01-01");
    assert_eq!(run.status, 0, "{run}");
    root.write(
        "pactwright.toml",
        "[verify]\nenable-pending = true\ninclude-wip-pacts-since = \"2020-01-01\"\n",
    );
    let configured = verify(&root, 500, "--branch main");
    assert_eq!(configured.status, 0, "{configured}");
    let nameless = verify(&root, 201, "");
    assert_eq!(nameless.status, 2, "new since when, for which branch? {nameless}");
}

#[test]
fn the_configuration_names_the_store_and_the_selectors() {
    let root = published(&[201]);
    let provider = Provider::start(&[("POST /v1/create", &[status(201)])]);
    let url = provider.url();
    let run = |arguments: &[&str]| root.run(&[&["verify", "--provider-url", &url], arguments].concat());
    root.write("pactwright.toml", "provider = \"faq\"\nstore = \"pacts\"\n");
    let usual = run(&[]);
    assert!(usual.stdout.contains("head of the main branch; runs somewhere (nobody said which)"), "{usual}");
    root.write(
        "pactwright.toml",
        "provider = \"faq\"\nstore = \"pacts\"\n[verify]\nconsumer-version-selectors = [{ deployed = true }]\n",
    );
    let chosen = run(&[]);
    assert!(chosen.stdout.contains("from $DIR/pacts: deployed somewhere\n"), "{chosen}");
    assert!(run(&["--latest"]).stdout.contains("latest with a contract"));
    // Who names pacts means these.
    let named = run(&["support-faq.json"]);
    assert_eq!((named.status, named.stdout.contains("from $DIR")), (0, false), "{named}");
    let both = run(&["support-faq.json", "--publish"]);
    assert_eq!(both.status, 2, "{both}");
    root.write("pactwright.toml", "[verify]\nconsumer-version-selectors = [{ mainBrnch = true }]\n");
    let misspelt = run(&[]);
    assert_eq!((misspelt.status, misspelt.stderr.contains("mainBrnch")), (2, true), "{misspelt}");
}

#[test]
fn pitfall_01_a_provider_or_consumer_that_nobody_knows_is_named() {
    let root = published(&[201]);
    let suggested = verify(&root, 201, "--consumer suport");
    assert_eq!(suggested.status, 3, "{suggested}");
    assert!(suggested.stdout.contains("did you mean \"support\"?"), "{suggested}");
    assert_eq!(verify(&root, 201, "--consumer support").status, 0);
    let beside = verify(&root, 201, "--consumer support --consumer suport");
    assert_eq!(beside.status, 3, "{beside}");
    let other = root.run(&[
        "verify",
        "--store",
        "pacts",
        "--provider",
        "fqa",
        "--provider-url",
        "http://127.0.0.1:1",
    ]);
    assert_eq!(other.status, 3, "{other}");
    assert!(other.stdout.contains("no contract with the provider \"fqa\""), "{other}");
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
            "status",
            "status -o json",
            "matrix -a faq",
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
    let waive = "waive --consumer support --provider faq --reason soon --owner Ada --expires 9000-01-31";
    let between = told(&root, &["owed", "owed -o json", waive, "owed"]);
    let matrix = root.run(&["owed", "-o", "json"]).stdout;
    let matrix: serde_json::Value = serde_json::from_str(&matrix).expect("JSON");
    let command = matrix["include"][0]["command"].as_str().expect("a command");
    let words = command.strip_prefix("pactwright verify --provider faq ").expect("a command of ours");
    let paid = verify(&root, 500, words);
    assert_eq!(paid.status, 0, "what is waived fails no run\n{paid}");
    assert!(paid.stdout.contains("support 1.0: asked for by its content"), "{paid}");
    insta::assert_snapshot!(before + &between + &told(&root, &["owed"]));
}

/// The output without the part of an id that is made by chance.
fn without_ids(output: &Output) -> String {
    let id = regex::Regex::new("01[0-9A-Z]{24}").expect("a pattern");
    id.replace_all(&output.to_string(), "[id]").into_owned()
}
