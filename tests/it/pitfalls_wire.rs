//! What is sent is the request in the pact, and nothing is sent to anybody else (pitfalls 19 and
//! 34 to 36).

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::gate::{Gate, get, http, pact_of, status};
use crate::support::provider::Asked;

/// What one interaction of a V2 pact sends.
fn sent_by(request: &Value) -> Asked {
    let interaction = json!({ "description": "a", "request": request, "response": { "status": 404 } });
    let gate = Gate::with_pact(&pact_of("web", "2.0.0", &[interaction]), &[]);
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    gate.provider.asked().remove(0)
}

/// Header lines without those that HTTP itself needs, names in lower case, in alphabetical order.
fn headers(asked: &Asked) -> Vec<String> {
    let lines = asked.head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let lines = lines.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    let own = lines.filter(|(name, _)| !matches!(name.as_str(), "host" | "content-length"));
    let mut own: Vec<_> = own.map(|(name, value)| format!("{name}: {value}")).collect();
    own.sort();
    own
}

#[test]
fn pitfall_19_the_request_line_is_the_one_in_the_pact() {
    for (method, path, query, line) in [
        ("GET", "/a", "b=2&a=1&b=3", "GET /a?b=2&a=1&b=3"),
        ("GET", "/a", "flag&empty=&x=1", "GET /a?flag&empty=&x=1"),
        ("GET", "/a", "q=1+2&r=%7E&s=a%20b&t=é", "GET /a?q=1+2&r=%7E&s=a%20b&t=%C3%A9"),
        ("GET", "/a", "q[]=1&q[]=2&r=a:b/c?d;e,f@g|h\\i^j", "GET /a?q[]=1&q[]=2&r=a:b/c?d;e,f@g|h\\i^j"),
        // HTTP could carry it bare; the address type of our client cannot, as docs/pitfalls.md says.
        ("GET", "/a", "name=O'Brien", "GET /a?name=O%27Brien"),
        ("GET", "//a//b/", "", "GET //a//b/"),
        ("GET", "/%2F/%7e/a+b;c=d,e:f@g&h=i!$'()*|^[]", "", "GET /%2F/%7e/a+b;c=d,e:f@g&h=i!$'()*|^[]"),
        ("GET", "/a b/é/c\\d", "", "GET /a%20b/%C3%A9/c%5Cd"),
        ("PROPFIND", "/a", "", "PROPFIND /a"),
        ("M-SEARCH", "/a", "", "M-SEARCH /a"),
    ] {
        let asked = sent_by(&json!({ "method": method, "path": path, "query": query }));
        assert_eq!(asked.request_line(), format!("{line} HTTP/1.1"));
    }
}

#[test]
fn pitfall_19_parameters_of_a_v4_pact_keep_their_values_or_have_none() {
    let query = json!({ "flag": [null], "empty": [""], "b": ["2", "3"], "a": ["x&y=z"] });
    let request = json!({ "method": "GET", "path": "/a", "query": query });
    let gate = Gate::new(&[http("a", &request, &json!({ "status": 404 }))], &[]);
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    assert_eq!(gate.asked(), ["GET /a?flag&empty=&b=2&b=3&a=x%26y%3Dz"]);
}

#[test]
fn pitfall_19_headers_and_body_are_the_ones_in_the_pact() {
    let asked = sent_by(&json!({
        "method": "POST",
        "path": "/a",
        "headers": { "X-Odd": "a,  b;c=\"d\"", "Accept": "application/hal+json", "content-type": "text/plain" },
        "body": "line\r\n  é",
    }));
    assert_eq!(
        headers(&asked),
        ["accept: application/hal+json", "content-type: text/plain", "x-odd: a,  b;c=\"d\""]
    );
    assert_eq!(asked.body, "line\r\n  é".as_bytes());
    assert_eq!(asked.header("content-length"), ["10"]);
}

#[test]
fn pitfall_19_the_only_header_that_is_added_accepts_anything() {
    assert_eq!(headers(&sent_by(&json!({ "method": "GET", "path": "/a" }))), ["accept: */*"]);
}

#[test]
fn pitfall_19_a_header_of_this_run_wins_whatever_its_case() {
    let request = json!({
        "method": "GET", "path": "/a", "headers": { "authorization": ["Bearer old"], "X-Kept": ["1"] },
    });
    let gate = Gate::new(&[http("a", &request, &json!({ "status": 404 }))], &[]);
    assert_eq!(gate.verify(&["-H", "AUTHORIZATION: Bearer new"]).status(), 0);
    let asked = gate.provider.asked().remove(0);
    assert_eq!(asked.header("authorization"), ["Bearer new"]);
    assert_eq!(asked.header("x-kept"), ["1"]);
}

#[test]
fn pitfall_19_what_http_cannot_carry_is_an_error_of_its_own() {
    let request = |request: Value| http("odd", &request, &json!({ "status": 200 }));
    for odd in [
        request(json!({ "method": "GET", "path": "/a/../b" })),
        request(json!({ "method": "GET", "path": "/a", "headers": { "a b": ["c"] } })),
        request(json!({ "method": "GET", "path": "/a", "headers": { "Content-Length": ["9"] } })),
    ] {
        let gate = Gate::new(&[odd, get("/good")], &[("GET /good", &[status(200)])]);
        let verified = gate.verify(&[]);
        assert_eq!(verified.verdicts(), "odd error unsendable-request\nget /good passed");
        assert_eq!(verified.status(), 3);
    }
}

#[test]
fn pitfall_19_an_invalid_method_never_becomes_another_one() {
    let gate =
        Gate::new(&[http("a", &json!({ "method": "GE T", "path": "/a" }), &json!({ "status": 404 }))], &[]);
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 2);
    assert!(verified.output.stdout.contains("`GE T` is not an HTTP method"), "{}", verified.output);
    assert!(gate.asked().is_empty());
}

#[test]
fn pitfall_34_another_matching_engine_is_refused() {
    let gate = Gate::new(&[get("/good")], &[("GET /good", &[status(200)])]);
    let mut command = gate.command(&[]);
    command.env("PACT_MATCHING_ENGINE", "v2");
    let verified = gate.finish(command);
    assert_eq!(verified.status(), 2);
    insta::assert_snapshot!(verified.output.stderr, @"
    error: PACT_MATCHING_ENGINE=v2 would change verdicts
      hint: unset PACT_MATCHING_ENGINE; verdicts come from one engine
    ");
    assert!(gate.asked().is_empty());
    let mut command = gate.command(&[]);
    command.env("PACT_MATCHING_ENGINE", "v1");
    assert_eq!(gate.finish(command).status(), 0);
}

/// Counts connections and answers none.
struct Bystander {
    address: String,
    connections: Arc<AtomicUsize>,
}

impl Bystander {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
        let address = format!("http://{}", listener.local_addr().expect("it has an address"));
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        thread::spawn(move || {
            let mut open = Vec::new();
            for stream in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                // Kept open: a proxy that never answers.
                open.push(stream);
            }
        });
        Self { address, connections }
    }
}

#[test]
fn pitfall_35_nothing_is_sent_to_anybody_who_was_not_named() {
    let bystander = Bystander::new();
    let states = crate::support::gate::given(get("/good"), &["a state"]);
    let gate = Gate::new(&[states], &[("GET /good", &[status(200)]), ("POST /states", &[status(200)])]);
    let proxied = |more: &[&str]| {
        let mut command = gate.command(&[&["--state-url", "/states"], more].concat());
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env(name, &bystander.address);
        }
        command
    };
    let started = Instant::now();
    let verified = gate.finish(proxied(&[]));
    assert_eq!(verified.status(), 0, "{}", verified.output);
    // Somebody who never answers is somebody who is never waited for (pitfall 36).
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert_eq!(gate.asked(), ["POST /states", "GET /good"]);
    // The reference verifier would ask a proxy, so it is not let near one.
    let refused = gate.finish(proxied(&["--second-opinion"]));
    assert_eq!(refused.status(), 2);
    insta::assert_snapshot!(refused.output.stderr, @"
    error: HTTP_PROXY is set, and the reference verifier would send its requests there
      hint: unset HTTP_PROXY for a run with --second-opinion
    ");
    let verified = gate.verify(&["--state-url", "/states", "--second-opinion"]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    assert_eq!(gate.asked().len(), 2 + 2 * 2);
    assert_eq!(bystander.connections.load(Ordering::SeqCst), 0);
    // It would have noticed: whoever names an address of pacts does reach it.
    let named = gate.finish(proxied(&["http://pacts.invalid/a.json", "--request-timeout", "200ms"]));
    assert_ne!(named.status(), 0);
    assert!(bystander.connections.load(Ordering::SeqCst) > 0, "{}", named.output);
}

#[test]
fn pitfall_35_of_pact_verifier_only_what_sends_nothing_by_itself_is_used() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("readable").into_path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let uses = files.flat_map(|path| {
        let text = std::fs::read_to_string(path).expect("readable");
        let uses = text.split("pact_verifier::").skip(1);
        uses.map(|after| {
            after[..after.find(';').unwrap_or(after.len())].split_whitespace().collect::<String>()
        })
        .collect::<Vec<_>>()
    });
    let mut uses: Vec<_> = uses.collect();
    uses.sort();
    // What verifies whole pacts there reports its use to a third party.
    insta::assert_snapshot!(uses.join("\n"), @"
    callback_executors::ProviderStateExecutor
    {FilterInfo,MismatchResult,NullRequestFilterExecutor,ProviderInfo,ProviderTransport,VerificationOptions,verify_pact_internal,}
    ");
}

#[test]
fn pitfall_36_a_machine_without_certificates_can_verify_over_plain_http() {
    let gate = Gate::new(&[get("/good")], &[("GET /good", &[status(200)])]);
    std::fs::create_dir(gate.sandbox.path("none")).expect("a directory");
    gate.sandbox.write("empty.pem", "");
    for file in ["empty.pem", "missing.pem"] {
        let mut command = gate.command(&[]);
        command.env("SSL_CERT_FILE", gate.sandbox.path(file)).env("SSL_CERT_DIR", gate.sandbox.path("none"));
        let verified = gate.finish(command);
        assert_eq!(verified.status(), 0, "{}", verified.output);
        // In the same surroundings the reference cannot work, so there are none to be found.
        let mut command = gate.command(&["--second-opinion"]);
        command.env("SSL_CERT_FILE", gate.sandbox.path(file)).env("SSL_CERT_DIR", gate.sandbox.path("none"));
        let verified = gate.finish(command);
        let second = &verified.interactions()[0]["second_opinion"];
        assert_eq!((&second["verdict"], &second["mismatches"]), (&json!("error"), &json!(["builder error"])));
        assert_eq!(verified.status(), 0, "{}", verified.output);
    }
}
