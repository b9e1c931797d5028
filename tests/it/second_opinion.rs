//! The standing comparison with the reference verifier: wherever it comes to another verdict than
//! ours, a documented reason says why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pactwright::contract::{self, Contract};
use pactwright::finding::Code;
use pactwright::outcome::{Answer, Report, Verdict};
use pactwright::replay::{Options, Selection, Start, StateHandler, Target};

use serde_json::{Value, json};

use crate::support::case::{self, check_all, verify};
use crate::support::case_options::CaseOptions;
use crate::support::gate::{Gate, Verified, http, json_body, status};
use crate::support::provider::{Answer as Said, Asked, Provider};

/// How the opinions compare.
#[derive(Debug, Default)]
struct Tally {
    agreed: usize,
    /// What the reference cannot be told.
    not_asked: usize,
    /// By the reason that explains the disagreement.
    explained: BTreeMap<String, usize>,
    /// What nothing explains.
    disputed: Vec<String>,
}

impl Tally {
    fn count(&mut self, case: &str, report: &Report) {
        for result in &report.interactions {
            // Whoever was stopped before it was asked has no second opinion.
            let Some(second) = &result.second_opinion else {
                let stopped = result.findings.iter().any(|finding| finding.code == Code::RunStopped);
                assert!(stopped || result.verdict == Verdict::Skipped, "{case}: nobody asked again");
                continue;
            };
            match &second.explained_by {
                _ if second.agrees => self.agreed += 1,
                _ if second.not_asked.is_some() => self.not_asked += 1,
                Some(reason) => *self.explained.entry(reason.clone()).or_default() += 1,
                None => self.disputed.push(format!(
                    "{case}: `{}` is {:?} for us and {:?} for the reference: {:?}",
                    result.description, result.verdict, second.verdict, second.mismatches
                )),
            }
        }
    }

    /// Says what was compared; whatever is disputed is a failure.
    #[expect(clippy::print_stdout, reason = "what was compared is a result as well")]
    fn settle(&self) {
        println!("agreed on {} interactions, not asked about {}", self.agreed, self.not_asked);
        for (reason, count) in &self.explained {
            println!("disagreed on {count}, {reason}");
        }
        assert!(self.agreed > 0);
        assert!(self.disputed.is_empty(), "{} disputed\n{}", self.disputed.len(), self.disputed.join("\n"));
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The example provider, which is built together with the tests.
fn example_provider() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let profile = test.parent().and_then(Path::parent).expect("it lies in the directory of its profile");
    let provider = profile.join("examples/faq");
    assert!(provider.is_file(), "{} is missing; cargo build --example faq", provider.display());
    provider
}

#[test]
fn the_reference_agrees_about_the_pacts_of_the_example() {
    let mut contracts: Vec<Arc<Contract>> = Vec::new();
    for name in ["billing-faq", "marketing-faq", "support-faq"] {
        let bytes = std::fs::read(root().join(format!("pacts/{name}.json"))).expect("the pact is there");
        let reading = contract::read(name, bytes);
        contracts.push(Arc::new(reading.contract.expect("a pact without defects")));
    }
    let unused = Provider::start(&[]);
    let (options, _) = CaseOptions::default().options(&unused, &root());
    let options = Options {
        target: Target::Started(Start {
            build: None,
            command: format!("{} --port {{port}}", example_provider().display()),
            instances: 1,
            ready_url: Some("/health".to_owned()),
            ready_timeout: std::time::Duration::from_secs(30),
            base_path: String::new(),
            directory: root(),
        }),
        states: pactwright::replay::States {
            handler: StateHandler::Url { url: "/_pact/states".to_owned(), as_query: false },
            ..options.states.clone()
        },
        message_url: Some("/_pact/messages".to_owned()),
        second_opinion: true,
        ..options
    };
    let report = verify(&contracts, &Selection::default(), options);
    assert_eq!(report.answer, Answer::Yes, "{:#?}", report.findings);
    let mut tally = Tally::default();
    tally.count("the example", &report);
    tally.settle();
}

#[test]
fn every_disagreement_about_the_cases_is_explained() {
    // Without a provider of its own to start: the reference is asked about one that runs.
    let mut cases = case::all();
    cases.retain(|case| case.options.start.is_none());
    let reports = check_all(&cases, |case| case.run(|options| options.second_opinion = true).report);
    let mut tally = Tally::default();
    for (case, report) in cases.iter().zip(&reports) {
        tally.count(&case.name, report);
    }
    tally.settle();
}

/// Our verdict, that of the reference, and what explains the difference.
fn opinions(verified: &Verified) -> String {
    let result = &verified.interactions()[0];
    let second = &result["second_opinion"];
    let words = [&result["verdict"], &second["verdict"], &second["explained_by"]];
    words.map(Value::to_string).join(" ")
}

const REQUEST: &str = r#""pitfall 19: it sends another request than the one in the pact""#;

/// Asks for `/a?b=2&a=1`, which the reference makes `/a?a=1&b=2`: what each is answered in turn.
fn with_a_query(ours: u16, theirs: &[u16]) -> (Verified, usize) {
    let request = json!({ "method": "GET", "path": "/a", "query": { "b": ["2"], "a": ["1"] } });
    let theirs: Vec<Said> = theirs.iter().map(|code| status(*code)).collect();
    let gate = Gate::new(
        &[http("a", &request, &json!({ "status": 200 }))],
        &[("GET /a?b=2&a=1", &[status(ours)]), ("GET /a?a=1&b=2", &theirs)],
    );
    let verified = gate.verify(&["--second-opinion"]);
    (verified, gate.asked().len())
}

#[test]
fn another_request_explains_what_comes_and_goes_with_it() {
    let (verified, asked) = with_a_query(200, &[500]);
    assert_eq!(opinions(&verified), format!(r#""passed" "failed" {REQUEST}"#));
    assert_eq!((verified.status(), asked), (0, 3));
    let (verified, _) = with_a_query(500, &[200]);
    assert_eq!(opinions(&verified), format!(r#""failed" "passed" {REQUEST}"#));
    assert_eq!(verified.status(), 1);
}

#[test]
fn another_request_does_not_explain_a_provider_that_changes_its_mind() {
    let (verified, _) = with_a_query(200, &[500, 200]);
    assert_eq!(opinions(&verified), r#""passed" "failed" null"#);
    assert_eq!(verified.noted(), ["second-opinion-differs"]);
    assert_eq!(verified.status(), 3);
    let (verified, _) = with_a_query(500, &[200, 500]);
    assert_eq!(opinions(&verified), r#""failed" "passed" null"#);
}

#[test]
fn what_another_request_explains_at_one_place_explains_nothing_at_another() {
    let request = json!({ "method": "GET", "path": "/a", "query": { "b": ["2"], "a": ["1"] } });
    let response = json!({ "status": 200, "headers": { "X-One": ["1"], "X-Two": ["2"] } });
    let answer = |one: &str, two: &str| Said::with(200, &[("X-One", one), ("X-Two", two)], b"");
    let gate = Gate::new(
        &[http("a", &request, &response)],
        &[("GET /a?b=2&a=1", &[answer("1", "2")]), ("GET /a?a=1&b=2", &[answer("0", "0"), answer("0", "2")])],
    );
    assert_eq!(opinions(&gate.verify(&["--second-opinion"])), r#""passed" "failed" null"#);
}

#[test]
fn the_provider_is_asked_no_third_time_when_the_reference_sends_the_same() {
    let request = json!({ "method": "GET", "path": "/a", "query": { "a": ["1"], "b": ["2"] } });
    let gate = Gate::new(
        &[http("a", &request, &json!({ "status": 200 }))],
        &[("GET /a?a=1&b=2", &[status(200), status(500)])],
    );
    let verified = gate.verify(&["--second-opinion"]);
    assert_eq!(opinions(&verified), r#""passed" "failed" null"#);
    assert_eq!(gate.asked().len(), 2);
}

#[test]
fn a_header_that_loses_because_of_its_case_is_another_request() {
    let request = json!({ "method": "GET", "path": "/a", "headers": { "authorization": ["old"] } });
    let provider = Provider::answering(|asked: &Asked| {
        status(if asked.header("authorization") == ["new"] { 200 } else { 401 })
    });
    let gate = Gate { provider, ..Gate::new(&[http("a", &request, &json!({ "status": 200 }))], &[]) };
    let verified = gate.verify(&["--second-opinion", "-H", "Authorization: new"]);
    assert_eq!(opinions(&verified), format!(r#""passed" "failed" {REQUEST}"#));
}

/// `{"a":1}` as gzip makes it.
const GZIPPED: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xabVJT\xb22\xac\x05\x00\xaf\xac\x1bV\x07\x00\x00\x00";
const CODING: &str = r#""pitfall 39: it compares an answer that is compressed as it was sent""#;

/// Asks for `/a`, where this is expected and that is answered.
fn asked_for(response: &Value, answers: &[Said]) -> Verified {
    let request = json!({ "method": "GET", "path": "/a" });
    Gate::new(&[http("a", &request, response)], &[("GET /a", answers)]).verify(&["--second-opinion"])
}

#[test]
fn an_answer_that_is_compressed_is_another_one_for_the_reference() {
    let expected = json!({ "status": 200, "body": json_body(&json!({ "a": 1 })) });
    let json = ("Content-Type", "application/json");
    let coded = |body: &[u8]| Said::with(200, &[json, ("Content-Encoding", "gzip")], body);
    let verified = asked_for(&expected, &[coded(GZIPPED)]);
    assert_eq!(opinions(&verified), format!(r#""passed" "failed" {CODING}"#));
    assert_eq!(verified.status(), 0, "{}", verified.output);
    let verified = asked_for(&json!({ "status": 200 }), &[coded(b"corrupt")]);
    assert_eq!(opinions(&verified), format!(r#""error" "passed" {CODING}"#));
    assert_eq!(verified.noted(), [""; 0]);
    // Only what is compressed is excused, and only its body.
    let plain = |body: &[u8]| Said::with(200, &[json], body);
    let verified = asked_for(&expected, &[plain(br#"{"a":1}"#), plain(GZIPPED)]);
    assert_eq!(opinions(&verified), r#""passed" "failed" null"#);
    let gone = Said::with(404, &[json, ("Content-Encoding", "gzip")], GZIPPED);
    let verified = asked_for(&expected, &[coded(GZIPPED), gone]);
    assert_eq!(opinions(&verified), r#""passed" "failed" null"#);
}

#[test]
fn a_machine_without_certificates_explains_that_the_reference_cannot_work() {
    let request = json!({ "method": "GET", "path": "/a" });
    let gate = Gate::new(&[http("a", &request, &json!({ "status": 200 }))], &[("GET /a", &[status(200)])]);
    let mut command = gate.command(&["--second-opinion"]);
    command.env("SSL_CERT_FILE", "/nowhere/ca.pem").env("SSL_CERT_DIR", "/nowhere");
    let verified = gate.finish(command);
    assert_eq!(
        opinions(&verified),
        r#""passed" "error" "pitfall 36: it cannot work on a machine without certificates""#
    );
    assert_eq!(verified.status(), 0, "{}", verified.output);
}

#[test]
fn a_reference_that_could_send_nothing_does_not_agree_with_a_failure() {
    let request = json!({ "method": "GET", "path": "/a" });
    let gate = Gate::new(&[http("a", &request, &json!({ "status": 200 }))], &[("GET /a", &[status(500)])]);
    let mut command = gate.command(&["--second-opinion"]);
    command.env("SSL_CERT_FILE", "/nowhere/ca.pem").env("SSL_CERT_DIR", "/nowhere");
    let verified = gate.finish(command);
    let second = &verified.interactions()[0]["second_opinion"];
    assert_eq!((&second["agrees"], &second["verdict"]), (&json!(false), &json!("error")));
    assert_eq!(
        opinions(&verified),
        r#""failed" "error" "pitfall 36: it cannot work on a machine without certificates""#
    );
    assert!(verified.output.stdout.contains("agrees on 0 of 1 interaction"), "{}", verified.output);
    assert_eq!(gate.asked().len(), 1);
}

#[test]
fn without_an_address_for_messages_the_reference_asks_nobody_either() {
    let message = json!({
        "type": "Asynchronous/Messages", "description": "m", "contents": json_body(&json!({ "a": 1 })),
    });
    let gate = Gate::new(&[message], &[("POST /", &[Said::json(200, &json!({ "a": 1 }))])]);
    let verified = gate.verify(&["--second-opinion"]);
    assert_eq!(verified.verdicts(), "m error message-handler-missing");
    let second = &verified.interactions()[0]["second_opinion"];
    assert_eq!(second["not_asked"], "this run has no address for it to ask", "{}", verified.output);
    assert_eq!(second["agrees"], false);
    assert!(gate.asked().is_empty(), "{:?}", gate.asked());
}

#[test]
fn what_the_reference_cannot_be_told_is_not_asked_and_no_agreement() {
    let request = json!({ "method": "GET", "path": "/a" });
    let gate = Gate::new(&[http("a", &request, &json!({ "status": 200 }))], &[("GET /a", &[status(200)])]);
    let verified = gate.verify(&["--second-opinion", "--http2"]);
    let second = &verified.interactions()[0]["second_opinion"];
    assert_eq!(second["not_asked"], "it cannot speak HTTP/2 from the first byte", "{}", verified.output);
    assert_eq!((&second["agrees"], &second["verdict"]), (&json!(false), &json!("skipped")));
    let summary =
        "agrees on 0 of 1 interaction; not asked about 1: it cannot speak HTTP/2 from the first byte";
    assert!(verified.output.stdout.contains(summary), "{}", verified.output);
    assert!(!verified.output.stdout.contains("differs"), "{}", verified.output);
    assert_eq!(verified.noted(), [""; 0]);
}

#[test]
fn the_reference_asks_for_messages_at_the_host_that_has_them() {
    let message = json!({
        "type": "Asynchronous/Messages", "description": "m", "contents": json_body(&json!({ "a": 1 })),
    });
    let gate = Gate::new(&[message], &[]);
    let messages = Provider::answering(|_: &Asked| Said::json(200, &json!({ "a": 1 })));
    // Another name of the same machine: only the right host and port together have messages.
    let url = messages.url().replace("127.0.0.1", "localhost");
    let verified = gate.verify(&["--second-opinion", "--message-url", &format!("{url}/messages")]);
    assert_eq!(opinions(&verified), r#""passed" "passed" null"#, "{}", verified.output);
    let hosts: Vec<String> =
        messages.asked().iter().flat_map(|asked| asked.header("host")).map(str::to_owned).collect();
    assert!(hosts.len() == 2 && hosts.iter().all(|host| host.starts_with("localhost")), "{hosts:?}");
    assert!(gate.asked().is_empty());
}
