//! `pactwright verify` against a scripted provider, and its JSON report taken apart.

use std::net::TcpListener;
use std::process::Command;

use serde_json::{Value, json};

use super::command::{Output, Sandbox};
use super::provider::{Answer, Provider};

/// A directory with pacts, and a provider that answers as it is told.
pub(crate) struct Gate {
    pub(crate) sandbox: Sandbox,
    pub(crate) provider: Provider,
}

/// What a verification has left.
#[derive(Debug)]
pub(crate) struct Verified {
    pub(crate) output: Output,
    /// The JSON report; null when there is none.
    pub(crate) report: Value,
}

/// A V4 pact between `web` and `faq`.
pub(crate) fn pact(interactions: &[Value]) -> Value {
    pact_of("web", "4.0", interactions)
}

/// A pact of one consumer in one version of the specification.
pub(crate) fn pact_of(consumer: &str, version: &str, interactions: &[Value]) -> Value {
    json!({
        "consumer": { "name": consumer },
        "provider": { "name": "faq" },
        "interactions": interactions,
        "metadata": { "pactSpecification": { "version": version } },
    })
}

/// An interaction that asks for a path and only wants 200.
pub(crate) fn get(path: &str) -> Value {
    http(&format!("get {path}"), &json!({ "method": "GET", "path": path }), &json!({ "status": 200 }))
}

/// An interaction of a V4 pact over HTTP.
pub(crate) fn http(description: &str, request: &Value, response: &Value) -> Value {
    json!({
        "type": "Synchronous/HTTP",
        "description": description,
        "request": request,
        "response": response,
    })
}

/// The same interaction, which needs these states.
pub(crate) fn given(mut interaction: Value, states: &[&str]) -> Value {
    interaction["providerStates"] = states.iter().map(|name| json!({ "name": name })).collect();
    interaction
}

/// A JSON body of a V4 pact.
pub(crate) fn json_body(content: &Value) -> Value {
    json!({ "contentType": "application/json", "content": content })
}

/// An answer without a body.
pub(crate) fn status(status: u16) -> Answer {
    Answer::with(status, &[], b"")
}

/// An address at which nobody listens.
pub(crate) fn nobody_listens() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
    format!("http://{}", listener.local_addr().expect("it has an address"))
}

impl Gate {
    /// One pact in `pacts/web-faq.json`, and a provider with this table.
    pub(crate) fn new(interactions: &[Value], table: &[(&str, &[Answer])]) -> Self {
        Self::with_pact(&pact(interactions), table)
    }

    /// This pact in `pacts/web-faq.json`.
    pub(crate) fn with_pact(pact: &Value, table: &[(&str, &[Answer])]) -> Self {
        let gate = Self { sandbox: Sandbox::new(), provider: Provider::start(table) };
        gate.sandbox.write("pacts/web-faq.json", &pact.to_string());
        gate
    }

    /// Two interactions: `get /good` is answered as it should be, `get /bad` with 500.
    pub(crate) fn one_good_one_bad() -> Self {
        Self::new(
            &[get("/good"), get("/bad")],
            &[("GET /good", &[status(200)]), ("GET /bad", &[status(500)])],
        )
    }

    /// The command, with the provider's address and a JSON report in `report.json`.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let url = self.provider.url();
        let ours = ["verify", "--report", "json=report.json", "--provider-url", &url];
        self.sandbox.command(&[&ours, arguments].concat())
    }

    /// Runs the command to its end.
    pub(crate) fn verify(&self, arguments: &[&str]) -> Verified {
        self.finish(self.command(arguments))
    }

    /// Runs a prepared command to its end.
    pub(crate) fn finish(&self, command: Command) -> Verified {
        Verified::of(&self.sandbox, command)
    }

    /// The request lines that the provider has seen, without the protocol.
    pub(crate) fn asked(&self) -> Vec<String> {
        let line = |asked: &super::provider::Asked| asked.request_line().replace(" HTTP/1.1", "");
        self.provider.asked().iter().map(line).collect()
    }
}

impl Verified {
    /// Runs a command that writes its JSON report to `report.json`.
    pub(crate) fn of(sandbox: &Sandbox, command: Command) -> Self {
        let path = sandbox.path("report.json");
        // The report of an earlier run must not be taken for that of this one.
        let _ = std::fs::remove_file(&path);
        let output = sandbox.finish(command);
        let report = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { output, report: report.unwrap_or_default() }
    }

    /// The exit status.
    pub(crate) fn status(&self) -> i32 {
        self.output.status
    }

    /// One line per interaction: description, verdict, and the codes of its findings.
    pub(crate) fn verdicts(&self) -> String {
        let line = |result: &Value| {
            let words = [text(&result["description"]), text(&result["verdict"])].into_iter();
            words.chain(codes(&result["findings"])).collect::<Vec<_>>().join(" ")
        };
        self.interactions().iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The results in plan order.
    pub(crate) fn interactions(&self) -> &[Value] {
        self.report["interactions"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The result of one interaction.
    pub(crate) fn interaction(&self, description: &str) -> &Value {
        let mut results = self.interactions().iter();
        results
            .find(|result| result["description"] == description)
            .unwrap_or_else(|| panic!("no result for `{description}`: {}", self.output))
    }

    /// The first finding of an interaction.
    pub(crate) fn finding(&self, description: &str) -> &Value {
        &self.interaction(description)["findings"][0]
    }

    /// The codes of the findings that belong to no interaction.
    pub(crate) fn noted(&self) -> Vec<String> {
        codes(&self.report["findings"])
    }
}

fn codes(findings: &Value) -> Vec<String> {
    findings.as_array().into_iter().flatten().map(|finding| text(&finding["code"])).collect()
}

/// The text in a JSON value.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
