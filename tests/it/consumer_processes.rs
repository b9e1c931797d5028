//! Many processes and threads at once, and processes that are killed: nothing is lost and nothing is
//! left broken.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use pactwright::consumer::{FRAGMENTS, PACTS, Pact, RUN};
use pactwright::contract;

use crate::support::consumer::{Repository, get, one_faq};

/// Names the repository for a process that runs one of these tests for another one.
const REPOSITORY: &str = "PACTWRIGHT_TEST_REPOSITORY";
/// Names the process, so that its interactions have names of their own.
const NUMBER: &str = "PACTWRIGHT_TEST_NUMBER";

#[expect(clippy::disallowed_methods, reason = "a test has no other way to hear from the one that started it")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn record(pact: &Pact, count: usize) {
    let number = variable(NUMBER).unwrap_or_default();
    for index in 0..count {
        one_faq(pact, &format!("{number} asks {index}")).run(|server| drop(get(server, "/faqs/7")));
    }
}

/// A process that runs a test of this file, as `cargo test` would.
fn process(test: &str, repository: &Repository, number: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this test's own program"));
    command.args(["--exact", &format!("consumer_processes::{test}"), "--nocapture"]);
    command.env(REPOSITORY, repository.root()).env(NUMBER, number.to_string());
    command.env("CARGO_MANIFEST_DIR", repository.root());
    for name in ["NEXTEST_EXECUTION_MODE", "NEXTEST_RUN_ID", "CI", FRAGMENTS, PACTS, RUN] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn a_hundred_interactions() {
    if let Some(repository) = variable(REPOSITORY) {
        record(&Pact::between("billing", "faq").in_repository(repository), 100);
        return;
    }
    let repository = Repository::new();
    record(&repository.faq(), 100);
    assert_eq!(repository.recorded().len(), 100);
}

#[test]
fn eight_processes_with_a_hundred_tests_each_lose_nothing() {
    let repository = Repository::new();
    let children: Vec<_> = (0..8)
        .map(|number| process("a_hundred_interactions", &repository, number).spawn().expect("it starts"))
        .collect();
    for mut child in children {
        assert!(child.wait().expect("it ends").success());
    }
    assert_eq!(repository.recorded().len(), 800);
    let sandbox = repository.sandbox();
    let output = sandbox.run(&["assemble"]);
    assert_eq!(output.status, 0, "{output}");
    let text = sandbox.read("pacts/billing-faq.json.new");
    let contract = contract::read("a", text.clone().into_bytes()).contract.expect("a sound pact");
    assert_eq!(contract.interactions.len(), 800);
    // Byte for byte the same, however often and in whatever order.
    assert_eq!(sandbox.run(&["assemble"]).status, 0);
    assert_eq!(sandbox.read("pacts/billing-faq.json.new"), text);
}

#[test]
fn a_process_that_assembles_while_its_tests_run() {
    if variable(REPOSITORY).is_some() {
        record(&Pact::between("billing", "faq"), 20);
        return;
    }
    // Alone, it shows nothing but that the same test can record twice.
    let repository = Repository::new();
    record(&repository.faq(), 20);
    record(&repository.faq(), 20);
    assert_eq!(repository.recorded().len(), 20);
}

#[test]
fn without_a_step_of_its_own_the_pact_waits_for_a_review_as_soon_as_the_tests_have_run() {
    let repository = Repository::new();
    let mut child = process("a_process_that_assembles_while_its_tests_run", &repository, 1);
    assert!(child.status().expect("it runs").success());
    let sandbox = repository.sandbox();
    let text = sandbox.read("pacts/billing-faq.json.new");
    assert_eq!(contract::read("a", text.into_bytes()).contract.expect("sound").interactions.len(), 20);
    assert_eq!(sandbox.run(&["accept"]).status, 0);
    // The same again changes nothing, and in CI it passes.
    assert!(child.env("CI", "true").status().expect("it runs").success());
    assert!(!sandbox.path("pacts/billing-faq.json.new").exists());
    // Something new fails in CI, and writes nothing.
    assert!(!child.env(NUMBER, "2").status().expect("it runs").success());
    assert!(!sandbox.path("pacts/billing-faq.json.new").exists());
    // Without CI it waits, beside what was there.
    assert!(child.env_remove("CI").status().expect("it runs").success());
    let text = sandbox.read("pacts/billing-faq.json.new");
    assert_eq!(contract::read("a", text.into_bytes()).contract.expect("sound").interactions.len(), 40);
}

#[test]
fn several_processes_that_assemble_while_their_tests_run_lose_nothing() {
    let repository = Repository::new();
    let of_ours = "a_process_that_assembles_while_its_tests_run";
    let children: Vec<_> =
        (0..4).map(|number| process(of_ours, &repository, number).spawn().expect("it starts")).collect();
    for mut child in children {
        assert!(child.wait().expect("it ends").success());
    }
    let text = repository.sandbox().read("pacts/billing-faq.json.new");
    assert_eq!(contract::read("a", text.into_bytes()).contract.expect("sound").interactions.len(), 80);
}

#[test]
fn what_was_rejected_and_has_no_test_any_more_does_not_come_back() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    let of_ours = "a_process_that_assembles_while_its_tests_run";
    assert!(process(of_ours, &repository, 1).status().expect("it runs").success());
    assert_eq!(sandbox.run(&["reject"]).status, 0);
    assert!(process(of_ours, &repository, 2).status().expect("it runs").success());
    let text = sandbox.read("pacts/billing-faq.json.new");
    assert_eq!(contract::read("a", text.into_bytes()).contract.expect("sound").interactions.len(), 20);
    // What is committed was not rejected, so a review that accepts keeps it.
    assert_eq!(sandbox.run(&["accept"]).status, 0);
    assert!(process(of_ours, &repository, 3).status().expect("it runs").success());
    assert_eq!(sandbox.run(&["reject"]).status, 0);
    let output = sandbox.run(&["assemble", "--check"]);
    assert_eq!(output.status, 0, "{output}");
}

#[test]
fn pitfall_23_a_killed_process_leaves_no_broken_and_no_smaller_pact() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    record(&repository.faq(), 40);
    assert_eq!(sandbox.run(&["assemble"]).status, 0);
    assert_eq!(sandbox.run(&["accept"]).status, 0);
    let committed = sandbox.read("pacts/billing-faq.json");
    let (_open, never) = mpsc::channel::<()>();
    for round in 0..40_u64 {
        // Something to write each time.
        one_faq(&repository.faq(), &format!("round {round}")).run(|server| drop(get(server, "/faqs/7")));
        let mut assemble = sandbox.command(&["assemble"]).stdout(Stdio::null()).spawn().expect("it starts");
        let mut tests = process("a_hundred_interactions", &repository, 9).spawn().expect("it starts");
        // A moment of another length each time, so that it ends at another place.
        let _ = never.recv_timeout(Duration::from_micros(round * 700));
        for child in [&mut assemble, &mut tests] {
            child.kill().expect("it can be killed");
            child.wait().expect("it is gone");
        }
        assert_eq!(sandbox.read("pacts/billing-faq.json"), committed);
        assert!(repository.recorded().len() > 40, "every fragment that is there is whole");
        let pending = sandbox.path("pacts/billing-faq.json.new");
        if let Ok(bytes) = std::fs::read(&pending) {
            let contract = contract::read("a", bytes).contract.expect("a pending pact is whole");
            assert!(contract.interactions.len() > 40);
        }
    }
    assert_eq!(sandbox.run(&["assemble"]).status, 0);
    let text = sandbox.read("pacts/billing-faq.json.new");
    let contract = contract::read("a", text.into_bytes()).contract.expect("a sound pact");
    assert!(contract.interactions.len() >= 80, "{}", contract.interactions.len());
}

#[test]
fn in_ci_a_test_with_a_process_of_its_own_looks_itself_whether_its_contract_is_committed() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    let run = |number: usize, ci: bool, more: &[(&str, &str)]| {
        let mut child = process("a_process_that_assembles_while_its_tests_run", &repository, number);
        child.env("NEXTEST_EXECUTION_MODE", "process-per-test").env("NEXTEST_RUN_ID", number.to_string());
        child.envs(more.iter().copied());
        if ci {
            child.env("CI", "true");
        }
        child.status().expect("it runs").success()
    };
    assert!(run(1, false, &[]));
    assert!(!sandbox.path("pacts/billing-faq.json.new").exists(), "it is assembled later");
    let unseen = sandbox.run(&["review", "--check"]);
    assert_eq!(unseen.status, 1, "{unseen}");
    assert!(unseen.stdout.contains("pacts/billing-faq.json: recorded, and not assembled yet"), "{unseen}");
    assert!(unseen.stdout.contains("1 asks 7") && unseen.stderr.contains("pactwright assemble"), "{unseen}");
    for command in ["assemble", "accept"] {
        assert_eq!(sandbox.run(&[command]).status, 0);
    }
    assert_eq!(sandbox.run(&["review", "--check"]).status, 0);
    assert!(run(1, true, &[]), "it is as committed");
    assert!(!run(2, true, &[]), "nobody has reviewed it");
    // A name that was left behind is no run that somebody waits for.
    let folder = sandbox.path("target/pactwright/assemble-1");
    std::fs::create_dir_all(&folder).expect("a folder");
    let folder = folder.display().to_string();
    assert!(!run(2, true, &[(RUN, "assemble-1")]));
    assert!(!run(2, true, &[(RUN, "assemble-1"), (FRAGMENTS, &folder)]));
    // One that goes on compares by itself, when all tests have run.
    let fragments = pactwright::recording::Fragments::of(folder.clone().into());
    let waiting = fragments.wait_for().expect("a lock");
    assert!(run(2, true, &[(RUN, "assemble-1"), (FRAGMENTS, &folder)]));
    assert!(!run(2, true, &[(RUN, "another"), (FRAGMENTS, &folder)]));
    drop(waiting);
    assert!(!run(2, true, &[(RUN, "assemble-1"), (FRAGMENTS, &folder)]));
}
