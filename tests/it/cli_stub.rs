//! `pactwright stub`: pacts served for local development.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::support::command::Sandbox;
use crate::support::plain_http::send;

/// A stub that runs, and what it says.
struct Stub {
    child: Child,
    url: String,
    says: BufReader<ChildStdout>,
}

impl Stub {
    fn start(sandbox: &Sandbox, arguments: &[&str]) -> Self {
        let mut command = sandbox.command(&[&["stub"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
        let mut says = BufReader::new(child.stdout.take().expect("its output is piped"));
        let mut first = String::new();
        says.read_line(&mut first).expect("it says where it is");
        let url = first.trim().rsplit(' ').next().unwrap_or_default().to_owned();
        Self { child, url, says }
    }

    fn status(&self, target: &str, headers: &[(&str, &str)]) -> u16 {
        send(&self.url, "GET", target, headers, b"").status
    }

    fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.says.read_line(&mut line).expect("it says something");
        line
    }

    /// Ends it as Ctrl-C does; its status and the rest of what it said.
    fn stop(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
        let mut rest = String::new();
        self.says.read_to_string(&mut rest).expect("its output is text");
        (self.child.wait().expect("it ends").code(), rest)
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn pact(consumer: &str, provider: &str, interactions: &[(&str, &str, u16)]) -> String {
    let interactions: Vec<_> = interactions
        .iter()
        .map(|(path, state, status)| {
            let states =
                if state.is_empty() { serde_json::json!([]) } else { serde_json::json!([{ "name": state }]) };
            serde_json::json!({
                "description": format!("{path} when {state}"),
                "providerStates": states,
                "request": { "method": "GET", "path": path },
                "response": { "status": status },
            })
        })
        .collect();
    serde_json::json!({
        "consumer": { "name": consumer }, "provider": { "name": provider }, "interactions": interactions,
        "metadata": { "pactSpecification": { "version": "3.0.0" } },
    })
    .to_string()
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let faqs = [("/faqs/7", "a FAQ exists", 200), ("/faqs/7", "no FAQ exists", 404), ("/health", "", 204)];
    sandbox.write("pacts/support-faq.json", &pact("support", "faq", &faqs));
    sandbox.write("pacts/support-search.json", &pact("support", "search", &[("/search", "", 202)]));
    sandbox
}

#[test]
fn it_serves_all_pacts_says_a_line_for_each_request_and_ends_with_0() {
    let stub = Stub::start(&sandbox(), &[]);
    assert_eq!(
        [stub.status("/faqs/7", &[]), stub.status("/search", &[]), stub.status("/faqs/8", &[])],
        [200, 202, 500]
    );
    let (status, said) = stub.stop();
    assert_eq!(status, Some(0));
    insta::assert_snapshot!(said, @r#"
    200 GET /faqs/7 support: "/faqs/7 when a FAQ exists"
    202 GET /search support: "/search when "
    500 GET /faqs/8 not expected; nearest is "/faqs/7 when a FAQ exists": path: expected "/faqs/7", got "/faqs/8" [path-mismatch]
    "#);
}

#[test]
fn it_chooses_by_state_provider_and_consumer() {
    let sandbox = sandbox();
    let stub = Stub::start(&sandbox, &["-s", "no .*", "--provider-state-header-name", "X-State"]);
    assert_eq!(stub.status("/faqs/7", &[]), 404);
    assert_eq!(stub.status("/faqs/7", &[("x-state", "a FAQ exists")]), 200);
    assert_eq!(stub.status("/health", &[]), 500);
    let answer = send(&stub.url, "GET", "/faqs/7", &[("x-state", "every FAQ exists")], b"");
    let (_, log) = stub.stop();
    for told in [String::from_utf8_lossy(&answer.body).into_owned(), log] {
        assert!(told.contains("no interaction is in the state \"every FAQ exists\""), "{told}");
    }
    let stub = Stub::start(
        &sandbox,
        &["pacts", "-s", "no FAQ exists", "--empty-provider-state", "--provider-name", "faq"],
    );
    assert_eq!([stub.status("/health", &[]), stub.status("/search", &[])], [204, 500]);
}

#[test]
fn a_state_is_the_one_of_that_name_and_no_other_that_has_the_name_in_it() {
    let sandbox = Sandbox::new();
    let users =
        [("/users/7", "no user exists", 404), ("/users/7", "user exists", 200), ("/n", "user.exists", 204)];
    sandbox.write("pacts/support-users.json", &pact("support", "users", &users));
    for (state, statuses) in
        [("user exists", [200, 500]), ("user.exists", [500, 204]), ("user.e[x]ists", [200, 204])]
    {
        let stub = Stub::start(&sandbox, &["-s", state]);
        assert_eq!([stub.status("/users/7", &[]), stub.status("/n", &[])], statuses, "{state}");
    }
    let stub = Stub::start(&sandbox, &["--provider-state-header-name", "X-State"]);
    assert_eq!(stub.status("/users/7", &[("x-state", "user exists")]), 200);
    let output = sandbox.run(&["stub", "-s", "user exits"]);
    assert_eq!(output.status, 3, "{output}");
    insta::assert_snapshot!(output.stderr, @r#"
    error: no interaction is in the state "user exits"
      hint: did you mean "user exists"?
    "#);
    let output = sandbox.run(&["stub", "-s", "nosuch"]);
    insta::assert_snapshot!(output.stderr, @r#"
    error: no interaction is in the state "nosuch"
      hint: the states are "no user exists", "user exists", "user.exists"
    "#);
    let output = sandbox.run(&["stub", "--provider", "user"]);
    assert_eq!(output.status, 3, "{output}");
    insta::assert_snapshot!(output.stderr, @r#"
    error: no pact has the provider "user"
      hint: did you mean "users"?
    "#);
}

#[test]
fn what_is_said_to_be_served_is_what_is_served() {
    let sandbox = sandbox();
    let mut child =
        sandbox.command(&["stub", "-s", "no FAQ exists"]).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut first).expect("it says something");
    child.kill().expect("it can be killed");
    child.wait().expect("it is gone");
    assert!(first.starts_with("serving 1 interaction of 2 pacts at "), "{first}");
}

#[test]
fn pages_of_other_origins_may_call_it_when_they_are_let() {
    let sandbox = sandbox();
    let headers = [("Origin", "http://localhost:3000")];
    let stub = Stub::start(&sandbox, &["--cors"]);
    assert_eq!(
        send(&stub.url, "GET", "/health", &headers, b"").header("access-control-allow-origin"),
        Some("*")
    );
    let stub = Stub::start(&sandbox, &["--cors-referer"]);
    let answer = send(&stub.url, "GET", "/health", &headers, b"");
    assert_eq!(answer.header("access-control-allow-origin"), Some("http://localhost:3000"));
}

#[test]
fn changed_pacts_are_read_again_and_broken_ones_are_not_served() {
    let sandbox = sandbox();
    let mut stub = Stub::start(&sandbox, &["--watch", "--consumer", "support"]);
    sandbox.write(
        "pacts/support-search.json",
        &pact("support", "search", &[("/new", "", 202), ("/newer", "", 202)]),
    );
    insta::assert_snapshot!(stub.next_line().trim(), @"changed: serving 5 interactions of 2 pacts");
    assert_eq!(stub.status("/new", &[]), 202);
    stub.next_line();
    sandbox.write("pacts/support-search.json", "{ \"interactions\": 7 }");
    sandbox.write("pacts/support-faq.json", &pact("support", "faq", &[("/faqs/9", "", 200)]));
    sandbox.write("pacts/support-search.json", &pact("support", "search", &[("/newest", "", 202)]));
    insta::assert_snapshot!(stub.next_line().trim(), @"changed: serving 2 interactions of 2 pacts");
    assert_eq!(stub.status("/newest", &[]), 202);
}

#[test]
fn what_cannot_be_served_is_said() {
    let sandbox = sandbox();
    insta::assert_snapshot!(sandbox.run(&["stub", "--provider", "nobody"]), @r#"
    status 3
    --- stderr
    error: no pact has the provider "nobody"
      hint: there is faq, search
    "#);
    insta::assert_snapshot!(sandbox.run(&["stub", "nowhere"]), @"
    status 2
    --- stderr
    error: the pacts could not be found
      because there is no file or directory `nowhere`
      hint: name files, directories, globs or URLs that hold pacts
      hint: or name them in pactwright.toml; `pactwright init` writes one
    ");
    sandbox.write("bad.json", "{ \"consumer\": { \"name\": \"a\" } }");
    insta::assert_snapshot!(sandbox.run(&["stub", "bad.json"]), @"
    status 2
    --- stderr
    bad.json:1:1: error[missing-key]: `provider` is missing
    bad.json:1:1: error[missing-key]: `interactions` is missing
    ");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken.local_addr().expect("it has an address").port().to_string();
    insta::assert_snapshot!(sandbox.run(&["stub", "--port", &port]), @"
    status 3
    --- stderr
    error: nothing can listen on [host]
      because Address already in use (os error 98)
      hint: without --port, any free one is taken
    ");
}
