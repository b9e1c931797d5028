//! What tests of the consumer library need: a repository to record in, and a client.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;

use pactwright::consumer::{Answered, Http, Pact, Server};
use pactwright::recording::{FOLDER, Fragments};
use serde_json::{Value, json};

use super::command::Sandbox;

/// A repository of its own, with what tests record in it.
pub(crate) struct Repository {
    sandbox: Sandbox,
}

impl Repository {
    pub(crate) fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.write("Cargo.lock", "");
        Self { sandbox }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.sandbox.path("")
    }

    /// The contract of billing with faq, recorded here.
    pub(crate) fn faq(&self) -> Pact {
        Pact::between("billing", "faq").in_repository(self.root())
    }

    /// The directory and the commands run in it.
    pub(crate) fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Every interaction that was recorded, by its description.
    pub(crate) fn recorded(&self) -> Vec<Value> {
        let fragments = Fragments::of(self.sandbox.path(FOLDER));
        let fragments = fragments.read().expect("whole fragments only");
        let mut found: Vec<Value> = fragments.into_iter().map(|fragment| fragment.interaction).collect();
        found.sort_by_key(|interaction| interaction["description"].to_string());
        found
    }

    /// The descriptions of what was recorded.
    pub(crate) fn descriptions(&self) -> Vec<String> {
        let text = |interaction: Value| interaction["description"].as_str().unwrap_or_default().to_owned();
        self.recorded().into_iter().map(text).collect()
    }

    /// The only interaction that was recorded, as JSON, without the line of the test.
    pub(crate) fn only(&self) -> String {
        let mut recorded = self.recorded();
        assert_eq!(recorded.len(), 1, "one interaction was recorded");
        let mut interaction = recorded.remove(0);
        interaction.as_object_mut().expect("an object").remove("comments");
        format!("{interaction:#}")
    }
}

/// A request for one entry, which answers with its number.
pub(crate) fn one_faq(pact: &Pact, description: &str) -> Http<Answered> {
    pact.http(description).get("/faqs/7").replies(200).json(json!({"id": 7}))
}

/// What the mock answers to a `GET`: the status line and the body.
pub(crate) fn get(server: &Server, path: &str) -> (String, String) {
    ask(server, &format!("GET {path} HTTP/1.1\r\n"), "")
}

/// What the mock answers to a request whose head has no host and no length yet.
pub(crate) fn ask(server: &Server, head: &str, body: &str) -> (String, String) {
    let address = server.url().strip_prefix("http://").expect("plain HTTP");
    let mut stream = TcpStream::connect(address).expect("the mock listens");
    let length = body.len();
    write!(stream, "{head}Host: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
        .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    (head.lines().next().unwrap_or_default().to_owned(), body.to_owned())
}
