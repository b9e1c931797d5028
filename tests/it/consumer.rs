//! Contracts recorded by the library: what is written, and when.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use pactwright::consumer::matchers::{equality, regex};
use pactwright::consumer::{Pact, Server, matching};
use serde_json::json;

fn get(server: &Server, path: &str) -> String {
    let address = server.url().strip_prefix("http://").expect("plain HTTP");
    let mut stream = TcpStream::connect(address).expect("the mock listens");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer
}

fn faq(root: &tempfile::TempDir) -> Pact {
    Pact::between("billing", "faq").in_repository(root.path())
}

#[test]
fn one() {
    let root = tempfile::tempdir().expect("a folder");
    let answer = faq(&root)
        .http("a request for one FAQ")
        .given_with("a FAQ exists", json!({"question": "Why?"}))
        .get(matching("/faqs/7", regex(r"^/faqs/\d+$")).from_state("/faqs/${id}"))
        .header("Accept", "application/json")
        .replies(200)
        .json(json!({"id": 7, "question": "Why?", "source": "handbook"}))
        .rule("$.source", equality())
        .run(|server| Ok::<_, String>(get(server, "/faqs/8")));
    println!("{answer}");
    let failed = faq(&root)
        .http("a request for one FAQ")
        .get("/faqs/7")
        .header("Accept", "text/plain")
        .replies(200)
        .json(json!({"id": 7, "question": "Why?", "source": "handbook"}))
        .try_run(|server| Ok::<_, String>(get(server, "/faqs/8?x=1")));
    println!("{}", failed.expect_err("a"));
    for entry in walkdir::WalkDir::new(root.path()) {
        let entry = entry.unwrap();
        println!("{}", entry.path().display());
        if entry.path().is_file() {
            println!("{}", std::fs::read_to_string(entry.path()).unwrap());
        }
    }
}
