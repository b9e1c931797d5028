//! How `pactwright verify` talks to the provider: headers, addresses, TLS and HTTP/2.

use std::net::TcpListener;

use serde_json::json;

use crate::support::gate::{Gate, Verified, get, http, json_body, pact, status, text};
use crate::support::provider::Answer;
use crate::support::tls;

fn gate() -> Gate {
    Gate::new(&[get("/a")], &[("GET /a", &[status(200)]), ("GET /v1/b/a", &[status(200)])])
}

/// One verification of `GET /a` against another address.
fn against(url: &str, arguments: &[&str]) -> Verified {
    let gate = gate();
    let mut command =
        gate.sandbox.command(&["verify", "--report", "json=report.json", "--provider-url", url]);
    command.args(arguments);
    gate.finish(command)
}

#[test]
fn headers_have_two_forms_and_the_first_sign_decides() {
    let gate = gate();
    let arguments = ["-H", "X-Colon: a=b", "--header", "X-Equals=a: b", "-H", "X-Empty:"];
    assert_eq!(gate.verify(&arguments).status(), 0);
    let asked = gate.provider.asked().remove(0);
    let values = ["x-colon", "x-equals", "x-empty"].map(|name| asked.header(name).concat());
    assert_eq!(values, ["a=b", "a: b", ""]);
    let refused = gate.verify(&["-H", "hunter2"]);
    assert_eq!(refused.status(), 2);
    assert!(!refused.output.to_string().contains("hunter2"), "{}", refused.output);
}

#[test]
fn a_header_on_the_command_line_wins_over_the_file_and_the_pact() {
    let gate = gate();
    gate.sandbox.write("pactwright.toml", "[verify]\nheader = [\"X-Who: file\", \"X-Other: file\"]\n");
    assert_eq!(gate.verify(&["-H", "x-who: flag"]).status(), 0);
    let asked = gate.provider.asked().remove(0);
    assert_eq!((asked.header("x-who"), asked.header("x-other")), (vec!["flag"], vec!["file"]));
}

#[test]
fn several_headers_of_one_name_are_all_sent() {
    let gate = gate();
    gate.sandbox
        .write("pactwright.toml", "[verify]\nheader = [\"X-Who: file\", \"X-Two: 3\", \"X-Two: 4\"]\n");
    assert_eq!(gate.verify(&["-H", "X-Who: 1", "-H", "x-who: 2"]).status(), 0);
    let asked = gate.provider.asked().remove(0);
    assert_eq!((asked.header("x-who"), asked.header("x-two")), (vec!["1", "2"], vec!["3", "4"]));
    let verified = gate.verify(&["-H", "X-Who: 1", "-H", "X-Who: 2", "--second-opinion"]);
    let second = &verified.interactions()[0]["second_opinion"];
    assert_eq!(second["not_asked"], "it cannot send several headers of one name", "{}", verified.output);
}

#[test]
fn a_base_path_with_a_query_is_refused_before_anybody_is_asked() {
    let gate = gate();
    let verified = gate.verify(&["--base-path", "/v1?a=b"]);
    assert_eq!(verified.status(), 2);
    insta::assert_snapshot!(verified.output.stderr, @"
    error: the base path `/v1?a=b` has a query or a fragment
      hint: a request's own path and query are put behind the address
    ");
    assert!(gate.asked().is_empty());
}

#[test]
fn a_base_path_is_put_in_front_of_every_path() {
    let gate = gate();
    for base in ["/v1/b", "v1/b/"] {
        assert_eq!(gate.verify(&["--base-path", base]).status(), 0, "{base}");
    }
    let slash = format!("{}/v1/b/", gate.provider.url());
    assert_eq!(gate.finish(gate.sandbox.command(&["verify", "--provider-url", &slash])).status(), 0);
    assert_eq!(gate.asked(), ["GET /v1/b/a"; 3]);
}

#[test]
fn requests_share_one_connection() {
    let interactions: Vec<_> = (0..20).map(|number| get(&format!("/{number}"))).collect();
    let rows: Vec<String> = (0..20).map(|number| format!("GET /{number}")).collect();
    let ok = [status(200)];
    let table: Vec<(&str, &[Answer])> = rows.iter().map(|row| (row.as_str(), &ok[..])).collect();
    let gate = Gate::new(&interactions, &table);
    assert_eq!(gate.verify(&["--in-order"]).status(), 0);
    assert_eq!(gate.provider.connections(), 1);
}

/// Fifty interactions with a provider that closes each connection behind its answer, unannounced.
fn closing(method: &str) -> Gate {
    let answer = Answer::Broken(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec());
    let interaction = |number: u32| {
        let request = json!({ "method": method, "path": "/a", "query": { "number": [number.to_string()] } });
        http(&number.to_string(), &request, &json!({ "status": 200 }))
    };
    let rows: Vec<String> = (0..50).map(|number| format!("{method} /a?number={number}")).collect();
    let table: Vec<(&str, &[Answer])> =
        rows.iter().map(|row| (row.as_str(), std::slice::from_ref(&answer))).collect();
    Gate::new(&(0..50).map(interaction).collect::<Vec<_>>(), &table)
}

#[test]
fn a_provider_that_closes_connections_is_verified_all_the_same() {
    for method in ["GET", "PUT"] {
        let gate = closing(method);
        let verified = gate.verify(&[]);
        assert_eq!(verified.status(), 0, "{}", verified.output);
    }
}

#[test]
fn what_must_not_be_repeated_is_sent_once() {
    let gate = closing("POST");
    let verified = gate.verify(&["-H", "Connection: close"]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    assert_eq!(gate.asked().len(), 50);
    // Without that, the provider may close a connection at the wrong moment: an error, and never a
    // second request.
    let gate = closing("POST");
    let verified = gate.verify(&[]);
    assert!(matches!(verified.status(), 0 | 3), "{}", verified.output);
    assert!(gate.asked().len() <= 50);
}

#[test]
fn an_answer_that_is_too_large_is_an_error() {
    let gate = Gate::new(&[get("/a")], &[("GET /a", &[Answer::with(200, &[], &[b'a'; 1_000])])]);
    assert_eq!(gate.verify(&["--max-answer-bytes", "999"]).verdicts(), "get /a error answer-too-large");
    assert_eq!(gate.verify(&["--max-answer-bytes", "1000"]).status(), 0);
}

#[test]
fn an_answer_that_breaks_off_is_an_error_and_so_is_none_in_time() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf";
    let table: [(&str, &[Answer]); 3] = [
        ("GET /half", &[Answer::Broken(half.to_vec())]),
        ("GET /none", &[Answer::Broken(Vec::new())]),
        ("GET /never", &[Answer::Silence]),
    ];
    let gate = Gate::new(&["/half", "/none", "/never"].map(get), &table);
    let verified = gate.verify(&["--request-timeout", "500ms"]);
    assert_eq!(verified.status(), 3);
    insta::assert_snapshot!(verified.verdicts(), @"
    get /half error connection-broken
    get /none error connection-broken
    get /never error request-timed-out
    ");
}

#[test]
fn a_run_has_a_deadline() {
    let gate = Gate::new(&[get("/never"), get("/late")], &[("GET /never", &[Answer::Silence])]);
    let arguments = ["--run-timeout", "200ms", "--request-timeout", "100s", "--in-order"];
    let verified = gate.verify(&arguments);
    assert_eq!(verified.status(), 3);
    assert_eq!(verified.verdicts(), "get /never error run-stopped\nget /late error run-stopped");
    assert!(text(&verified.finding("get /late")["message"]).contains("the run reached its time limit"));
}

#[test]
fn certificates_are_verified_unless_they_need_not_be() {
    let url = tls::provider(false);
    let refused = against(&url, &[]);
    assert_eq!((refused.status(), refused.verdicts().as_str()), (3, "get /a error tls-failed"));
    assert!(text(&refused.finding("get /a")["help"]).contains("--ca-file"), "{}", refused.output);
    let ca = tls::file("ca.pem").display().to_string();
    assert_eq!(against(&url, &["--ca-file", &ca]).status(), 0);
    assert_eq!(against(&url, &["--insecure-tls"]).status(), 0);
    assert_eq!(against(&url, &["--disable-ssl-verification"]).status(), 0);
}

#[test]
fn a_client_certificate_is_presented() {
    let url = tls::provider(true);
    let [ca, client] = ["ca.pem", "client.pem"].map(|name| tls::file(name).display().to_string());
    let refused = against(&url, &["--ca-file", &ca]);
    assert_eq!(refused.status(), 3, "{}", refused.output);
    let verified = against(&url, &["--ca-file", &ca, "--client-cert", &client]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
}

#[test]
fn a_certificate_file_that_is_none_is_named() {
    for (name, option) in
        [("missing.pem", "--ca-file"), ("pacts/web-faq.json", "--ca-file"), ("missing.pem", "--client-cert")]
    {
        let verified = against("https://localhost:1", &[option, name]);
        assert_eq!(verified.status(), 2, "{}", verified.output);
        assert!(verified.output.to_string().contains(name), "{}", verified.output);
    }
}

#[test]
fn http_2_is_spoken_when_it_is_asked_for() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
    listener.set_nonblocking(true).expect("it need not block");
    let url = format!("http://{}", listener.local_addr().expect("it has an address"));
    let version = |request: axum::extract::Request| async move { format!("{:?}", request.version()) };
    runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).expect("it listens");
        axum::serve(listener, axum::Router::new().fallback(version)).await
    });
    let plain = json!({ "contentType": "text/plain", "content": "HTTP/2.0" });
    let interaction = http(
        "h2",
        &json!({ "method": "POST", "path": "/a", "body": json_body(&json!(1)) }),
        &json!({ "status": 200, "body": plain }),
    );
    let gate = Gate::with_pact(&pact(&[interaction]), &[]);
    for (arguments, status) in [(&["--http2"][..], 0), (&[], 1)] {
        let mut command = gate.sandbox.command(&["verify", "--provider-url", &url]);
        command.args(arguments);
        let verified = gate.finish(command);
        assert_eq!(verified.status(), status, "{}", verified.output);
    }
}

#[test]
fn a_port_that_speaks_another_protocol_is_met_with_what_to_change() {
    let hangs_up = Gate::new(&[get("/a")], &[("GET /a", &[Answer::Broken(Vec::new())])]);
    let url = hangs_up.provider.url();
    let help = |verified: &Verified| text(&verified.finding("get /a")["help"]);
    let closed = hangs_up.verify(&[]);
    assert!(help(&closed).contains("the address starts with https://"), "{}", closed.output);
    let two = hangs_up.verify(&["--http2"]);
    assert!(help(&two).contains("without --http2"), "{}", two.output);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
    let silent = format!("https://{}", listener.local_addr().expect("it has an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // It reads the greeting, so that hanging up is no reset.
            let _ = stream.map(|mut stream| std::io::Read::read(&mut stream, &mut [0; 4096]));
        }
    });
    let over_tls = against(&silent, &["--insecure-tls"]);
    assert_eq!(over_tls.verdicts(), "get /a error tls-failed");
    assert!(help(&over_tls).contains("starts with http://"), "{}", over_tls.output);
    let upper = hangs_up.sandbox.run(&["verify", "--provider-url", &url.replace("http://", "HTTP://")]);
    assert_eq!(upper.status, 3, "{upper}");
    let bad = hangs_up.sandbox.run(&["verify", "--provider-url", "http://::1:80"]);
    assert_eq!(bad.status, 2, "{bad}");
}
