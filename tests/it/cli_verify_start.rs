//! `pactwright verify --start`: a provider that is built, started, watched and stopped.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::command::Sandbox;
use crate::support::gate::{Verified, get, given, pact, text};
use crate::support::provider::{Answer, Provider};
use crate::support::served::{command, is_gone};

/// A directory with a pact of these interactions.
fn sandbox(interactions: &[Value]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("pacts/web-faq.json", &pact(interactions).to_string());
    sandbox
}

fn items(numbers: std::ops::Range<u32>) -> Vec<Value> {
    numbers.map(|number| get(&format!("/item/{number}"))).collect()
}

fn prepared(sandbox: &Sandbox, start: &str, arguments: &[&str]) -> Command {
    let ours = ["verify", "--report", "json=report.json", "--start", start];
    sandbox.command(&[&ours, arguments].concat())
}

fn verify(sandbox: &Sandbox, start: &str, arguments: &[&str]) -> Verified {
    Verified::of(sandbox, prepared(sandbox, start, arguments))
}

/// Everything that was said about the provider.
fn problem(verified: &Verified) -> String {
    let finding = &verified.report["findings"][0];
    [text(&finding["code"]), text(&finding["message"]), text(&finding["actual"])].join("\n")
}

#[test]
fn the_provider_is_started_on_a_free_port_and_stopped() {
    let sandbox = sandbox(&items(0..2));
    let verified = verify(&sandbox, &format!("echo $$ > pid; {}", command()), &[]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    assert!(is_gone(&sandbox, "pid"));
}

#[test]
fn the_port_is_given_in_the_command_as_well() {
    let sandbox = sandbox(&items(0..1));
    let start = format!(
        "test {{port}} = $PORT && echo {{port}} > port; unset PORT; PORT={{port}} {}",
        without_exec()
    );
    let verified = verify(&sandbox, &start, &[]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    assert!(sandbox.read("port").trim().parse::<u16>().is_ok());
}

fn without_exec() -> String {
    command().replacen("exec ", "", 1)
}

#[test]
fn a_provider_is_ready_when_its_address_answers_with_success() {
    let sandbox = sandbox(&items(0..1));
    let verified = verify(&sandbox, &command(), &["--ready-url", "/ready"]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    let full = verify(&sandbox, &command(), &["--ready-url", "http://127.0.0.1:{port}/ready"]);
    assert_eq!(full.status(), 0, "{}", full.output);
}

#[test]
fn a_provider_that_does_not_become_ready_is_an_error_with_its_output() {
    let sandbox = sandbox(&items(0..1));
    let start = format!("echo $$ > pid; {}", command());
    let verified = verify(&sandbox, &start, &["--ready-url", "/nowhere", "--ready-timeout", "2s"]);
    assert_eq!(verified.status(), 3);
    let problem = problem(&verified);
    assert!(problem.starts_with("provider-not-ready\nthe provider was not ready after 2 s: "), "{problem}");
    assert!(problem.contains("/nowhere answered 404"), "{problem}");
    assert!(problem.contains("the provider listens on "), "{problem}");
    assert!(is_gone(&sandbox, "pid"));
    assert_eq!(verified.verdicts(), "get /item/0 error run-stopped");
}

#[test]
fn a_provider_that_ends_at_once_is_told_at_once() {
    let sandbox = sandbox(&items(0..1));
    let verified = verify(&sandbox, "echo no database >&2; exit 4", &["--ready-timeout", "60s"]);
    assert_eq!(verified.status(), 3);
    insta::assert_snapshot!(problem(&verified), @"
    provider-not-ready
    `echo no database >&2; exit 4` ended with exit status: 4 before it was ready
    no database
    ");
    assert!(verified.output.stdout.contains("no database"), "{}", verified.output);
}

#[test]
fn a_command_that_does_not_exist_is_told_at_once() {
    let sandbox = sandbox(&items(0..1));
    let verified = verify(&sandbox, "no-such-program --port {port}", &[]);
    assert_eq!(verified.status(), 3);
    assert!(problem(&verified).contains("no-such-program"), "{}", verified.output);
}

#[test]
fn a_machine_without_a_shell_is_told_so() {
    let sandbox = sandbox(&[given(get("/item/0"), &["a state"])]);
    sandbox.write("empty/file", "");
    let told = |arguments: &[&str]| {
        let mut command = sandbox.command(&[&["verify", "--report", "json=report.json"], arguments].concat());
        command.env("PATH", sandbox.path("empty"));
        Verified::of(&sandbox, command)
    };
    let started = told(&["--start", "./faq"]);
    assert_eq!(started.status(), 3);
    insta::assert_snapshot!(problem(&started), @"
    provider-not-ready
    `./faq` cannot be run: there is no shell: `sh` is not found here
    ");
    let url = crate::support::gate::nobody_listens();
    let running = told(&["--provider-url", &url, "--state-cmd", "./states"]);
    insta::assert_snapshot!(text(&running.finding("get /item/0")["message"]), @r#"the state "a state" could not be set up: `./states` cannot be run: there is no shell: `sh` is not found here"#);
}

#[test]
fn a_build_that_fails_starts_nothing() {
    let sandbox = sandbox(&items(0..1));
    let verified = verify(&sandbox, "touch started", &["--build", "echo E0308 >&2; exit 101"]);
    assert_eq!(verified.status(), 3);
    insta::assert_snapshot!(problem(&verified), @"
    build-failed
    `echo E0308 >&2; exit 101` ended with exit status: 101
    E0308
    ");
    assert!(!sandbox.path("started").exists());
}

#[test]
fn the_build_comes_first_and_has_no_deadline() {
    let sandbox = sandbox(&items(0..1));
    let start = format!("test -e built && {}", command());
    let verified = verify(&sandbox, &start, &["--build", "touch built"]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
}

#[test]
fn nothing_is_started_when_there_is_nothing_to_verify() {
    let sandbox = sandbox(&items(0..1));
    let verified = verify(&sandbox, "touch started", &["--build", "touch built", "-c", "nobody"]);
    assert_eq!(verified.status(), 3);
    assert!(!sandbox.path("started").exists() && !sandbox.path("built").exists());
}

#[test]
fn several_instances_share_the_work_evenly() {
    let states: Vec<Value> = items(0..10).into_iter().map(|item| given(item, &["a state"])).collect();
    for interactions in [items(0..10), states] {
        let sandbox = sandbox(&interactions);
        let start = format!("mkdir -p pairs; export SERVED_IN_PAIRS=pairs; {}", command());
        let arguments =
            ["--instances", "2", "--state-url", "/states", "--verbose", "--request-timeout", "60s"];
        let verified = verify(&sandbox, &start, &arguments);
        assert_eq!(verified.status(), 0, "{}", verified.output);
        let url = |result: &Value| text(&result["request"]["url"]).split("/item").next().map(str::to_owned);
        let urls: Vec<_> = verified.interactions().iter().filter_map(url).collect();
        let instances: BTreeSet<_> = urls.iter().collect();
        let share = |instance| urls.iter().filter(|url| *url == instance).count();
        // Neither answers before the other is asked, so none can be left alone with the work.
        assert_eq!(instances.into_iter().map(share).collect::<Vec<_>>(), [5, 5]);
    }
}

#[test]
fn a_provider_that_dies_is_named_as_the_cause_with_its_output() {
    let sandbox =
        sandbox(&[given(get("/item/0"), &["s"]), given(get("/die"), &["s"]), given(get("/item/1"), &["s"])]);
    let verified = verify(&sandbox, &command(), &["--state-url", "/states"]);
    assert_eq!(verified.status(), 3);
    insta::assert_snapshot!(verified.verdicts(), @"
    get /item/0 passed
    get /die error provider-died
    get /item/1 error provider-died
    ");
    let finding = verified.finding("get /die");
    assert_eq!(finding["message"], "the provider ended with exit status: 9");
    assert!(text(&finding["actual"]).ends_with("the provider gives up"), "{finding}");
}

#[test]
fn children_of_the_provider_are_stopped_with_it() {
    let sandbox = sandbox(&items(0..1));
    for child in ["sleep 1000", "sh -c 'trap \"\" TERM; sleep 1000'"] {
        let start = format!("{child} & echo $! > child; {}", command());
        let verified = verify(&sandbox, &start, &[]);
        assert_eq!(verified.status(), 0, "{}", verified.output);
        assert!(is_gone(&sandbox, "child"), "{child}");
    }
}

#[test]
fn a_provider_that_ignores_being_asked_is_killed() {
    let sandbox = sandbox(&items(0..1));
    let start = format!("trap '' TERM; echo $$ > pid; {} & wait; sleep 1000", without_exec());
    let verified = verify(&sandbox, &start, &[]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    assert!(is_gone(&sandbox, "pid"));
}

/// Sends a signal as soon as an event has happened, and waits for the end.
fn signalled(
    sandbox: &Sandbox,
    mut command: Command,
    (signal, event): (&str, &str),
) -> (Option<i32>, String) {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut said = String::new();
    while !said.contains(event) {
        assert_ne!(out.read_line(&mut said).expect("text"), 0, "it ended before `{event}`: {said}");
    }
    let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
    assert!(kill.success());
    out.read_to_string(&mut said).expect("text");
    let status = child.wait().expect("it ends");
    assert!(is_gone(sandbox, "pid") && is_gone(sandbox, "child"));
    (status.code(), said)
}

#[test]
fn an_interrupted_run_stops_the_provider_and_still_reports() {
    for signal in ["-INT", "-TERM", "-HUP", "-QUIT"] {
        let sandbox = sandbox(&[get("/item/0"), get("/never")]);
        let stubborn = "sh -c 'trap \"\" TERM HUP INT; sleep 1000'";
        let start = format!("{stubborn} & echo $! > child; echo $$ > pid; {}", command());
        let arguments = ["--report", "jsonl", "--request-timeout", "100s", "--in-order"];
        let event = "\"event\":\"interaction-started\",\"index\":1";
        let (status, log) = signalled(&sandbox, prepared(&sandbox, &start, &arguments), (signal, event));
        assert_eq!(status, Some(3), "{signal}: {log}");
        assert!(log.contains("the run was interrupted") && log.contains("run-finished"), "{log}");
        assert!(log.contains("\"description\":\"get /item/0\""), "{log}");
    }
}

#[test]
fn a_run_that_is_interrupted_before_the_provider_is_ready_stops_it() {
    let sandbox = sandbox(&items(0..1));
    let start = format!("sleep 1000 & echo $! > child; echo $$ > pid; {}", command());
    // The address that would say that it is ready never answers.
    let ready = Provider::start(&[("GET /never", &[Answer::Silence])]);
    let url = format!("{}/never", ready.url());
    let arguments = ["--ready-url", &url, "--request-timeout", "100s", "--ready-timeout", "100s"];
    let mut command = prepared(&sandbox, &start, &arguments);
    command.stdout(Stdio::piped());
    let child = command.spawn().expect("the program starts");
    let has_pid = || std::fs::read_to_string(sandbox.path("pid")).is_ok_and(|pid| pid.ends_with('\n'));
    while ready.asked().is_empty() || !has_pid() {
        std::thread::yield_now();
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(kill.success());
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("the run was interrupted"), "{said}");
    assert!(is_gone(&sandbox, "pid") && is_gone(&sandbox, "child"));
}

#[test]
fn a_ready_address_that_never_answers_is_not_waited_for_beyond_the_deadline() {
    let sandbox = sandbox(&items(0..1));
    let arguments = ["--ready-url", "/never", "--request-timeout", "100s", "--ready-timeout", "1s"];
    let verified = verify(&sandbox, &command(), &arguments);
    assert_eq!(verified.status(), 3);
    assert!(problem(&verified).contains("was not ready after 1 s: it did not answer"), "{}", verified.output);
}

/// Says what it does, answers, and ends by itself a moment later while somebody else goes on
/// answering on its port.
fn replaced(ends: &str) -> String {
    let other = command().replacen("exec ", "", 1).replace("SERVED=yes ", "exec setsid env SERVED=yes ");
    format!("{other} >/dev/null 2>&1 & echo $! > other; {ends}")
}

/// Ends the process whose number is in this file.
fn end(sandbox: &Sandbox, pid_file: &str) {
    let pid = sandbox.read(pid_file).trim().to_owned();
    let _ = Command::new("kill").arg(pid).status();
}

#[test]
fn what_answers_after_the_provider_has_ended_is_never_a_pass() {
    let states: Vec<Value> = items(0..3).into_iter().map(|item| given(item, &["a state"])).collect();
    let sandbox = sandbox(&states);
    // It ends when the first state is set up, which is before any answer that could count.
    let start = replaced("while ! test -e set-up; do sleep 0.01; done; echo good night; exit 5");
    let verified = verify(&sandbox, &start, &["--state-cmd", "touch set-up; sleep 0.2"]);
    end(&sandbox, "other");
    assert_eq!(verified.status(), 3, "{}", verified.output);
    insta::assert_snapshot!(verified.verdicts(), @"
    get /item/0 error provider-died
    get /item/1 error provider-died
    get /item/2 error provider-died
    ");
    assert!(text(&verified.finding("get /item/0")["actual"]).contains("good night"), "{}", verified.output);
    assert_eq!(verified.noted(), [""; 0], "it is told once");
}

#[test]
fn a_provider_that_ended_after_its_last_answer_is_no_yes() {
    let mut pending = get("/item/1");
    pending["pending"] = true.into();
    let sandbox = sandbox(&[given(get("/item/0"), &["a state"]), given(pending, &["the end"])]);
    let start = replaced("while ! test -e end; do sleep 0.01; done; exit 5");
    let handler = "grep -q 'the end' && touch end && sleep 0.2; true";
    let verified = verify(&sandbox, &start, &["--state-cmd", handler]);
    end(&sandbox, "other");
    assert_eq!(verified.status(), 3, "{}", verified.output);
    assert_eq!(verified.verdicts(), "get /item/0 passed\nget /item/1 pending provider-died");
    assert_eq!(verified.noted(), ["provider-died"]);
    assert!(
        verified.output.stdout.contains("1 pending interaction could not be verified, which fails no run"),
        "{}",
        verified.output
    );
}

#[test]
fn what_a_run_did_not_get_to_could_not_be_found_out_also_when_it_is_pending() {
    let mut late = get("/item/1");
    late["pending"] = true.into();
    let sandbox = sandbox(&[given(get("/never"), &["a state"]), given(late, &["a state"])]);
    let arguments = ["--run-timeout", "1s", "--request-timeout", "100s", "--state-cmd", "true"];
    let verified = verify(&sandbox, &command(), &arguments);
    assert_eq!(verified.status(), 3, "{}", verified.output);
    assert_eq!(verified.verdicts(), "get /never error run-stopped\nget /item/1 pending run-stopped");
    assert_eq!(verified.noted(), ["run-stopped"]);
    assert!(verified.output.stdout.contains("could not be verified"), "{}", verified.output);
    assert!(!verified.output.stdout.contains("not hold"), "{}", verified.output);
}

#[test]
fn verbose_shows_what_the_provider_writes_while_it_writes_it_and_no_report_has_it() {
    let sandbox = sandbox(&items(0..1));
    let start = format!("echo a secret: hunter2-and-more >&2; {}", command());
    let header = "Authorization: Bearer hunter2-and-more";
    let quiet = verify(&sandbox, &start, &["-H", header]);
    assert!(!quiet.output.stdout.contains("listens on"), "{}", quiet.output);
    let arguments = ["-v", "-H", header, "--build", "echo compiling", "--report", "html=x.html"];
    let verified = verify(&sandbox, &start, &arguments);
    let said = &verified.output.stdout;
    for line in ["build | compiling", "provider | the provider listens on", "provider | a secret: REDACTED"] {
        assert!(said.contains(line), "{}", verified.output);
    }
    assert!(said.contains("GET http://[host]/item/0"), "{}", verified.output);
    for report in ["report.json", "x.html"] {
        let report = sandbox.read(report);
        assert!(!report.contains("listens on") && !report.contains("hunter2"), "{report}");
    }
}

#[test]
fn a_provider_that_listens_at_the_other_loopback_address_is_found() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        return;
    }
    let sandbox = sandbox(&items(0..1));
    let verified = verify(&sandbox, &format!("SERVED_AT=::1 {}", command()), &[]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
}
