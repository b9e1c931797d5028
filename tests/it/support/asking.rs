//! A consumer's test suite in a process of its own: this test binary, run with one test of its.
//!
//! It sends what `ASKS` lists, one request in a line (`GET /faqs/7`, `POST /v1/create body`), to the
//! address in `FAQ_API`, and fails when `FAILS` is set.

use std::process::Command;

use super::command::{Output, Sandbox};
use super::plain_http::send;

/// The test below, by its full name.
const TEST: &str = "support::asking::it_asks_what_it_is_told_to_ask";

/// Runs the binary with a consumer's tests behind `--`.
pub(crate) fn record(sandbox: &Sandbox, arguments: &[&str], asks: &[&str]) -> Output {
    sandbox.finish(prepared(sandbox, arguments, asks))
}

/// The same, before it is started.
pub(crate) fn prepared(sandbox: &Sandbox, arguments: &[&str], asks: &[&str]) -> Command {
    let binary = std::env::current_exe().expect("the test runs from a file").display().to_string();
    let behind = ["--", &binary, "--exact", TEST, "--nocapture"];
    let mut command = sandbox.command(&[arguments, &behind].concat());
    command.env("ASKS", asks.join("\n"));
    command
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "it is told by its environment that it is a process of its own"
)]
fn it_asks_what_it_is_told_to_ask() {
    let Ok(asks) = std::env::var("ASKS") else { return };
    let url = std::env::var("FAQ_API").expect("the address is in FAQ_API");
    for ask in asks.lines() {
        let mut words = ask.splitn(3, ' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let form =
            [("Content-Type", "application/x-www-form-urlencoded"), ("Authorization", "Bearer s3cr3t")];
        let body = words.next().unwrap_or_default();
        send(&url, method, target, if body.is_empty() { &form[1..] } else { &form }, body.as_bytes());
    }
    assert!(std::env::var_os("FAILS").is_none(), "the consumer's own test fails");
}
