//! A provider in a process of its own, for `--start`: this test binary, run with one test of its.
//!
//! It answers `GET /item/0` to `GET /item/9`, `GET /ready` and `POST /states`, never answers
//! `GET /never`, and ends with status 9 when it is asked for `GET /die`.
//!
//! With a directory in `SERVED_IN_PAIRS` it answers its first item when another instance has been
//! asked for one as well, its second when the other has been asked for two, and so on.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::command::Sandbox;
use super::provider::{Answer, Provider};

/// The test below, by its full name.
const TEST: &str = "support::served::it_is_ready_and_answers_until_it_is_stopped";

/// The shell command that starts it on the port in `PORT`.
pub(crate) fn command() -> String {
    let binary = std::env::current_exe().expect("the test runs from a file");
    format!("SERVED=yes exec '{}' --exact {TEST} --nocapture", binary.display())
}

/// True when no process with the number in this file runs any more.
#[cfg(unix)]
pub(crate) fn is_gone(sandbox: &Sandbox, pid_file: &str) -> bool {
    let pid = sandbox.read(pid_file).trim().to_owned();
    assert!(pid.parse::<u32>().is_ok(), "`{pid}` is no process number");
    let ps = std::process::Command::new("ps").args(["-o", "stat=", "-p", &pid]).output().expect("ps runs");
    let state = String::from_utf8_lossy(&ps.stdout).trim().to_owned();
    // What has ended and was not collected by its parent is gone as well.
    state.is_empty() || state.starts_with('Z')
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "it is told by its environment that it is a process of its own"
)]
fn it_is_ready_and_answers_until_it_is_stopped() {
    let ok = [Answer::json(200, &json!({ "ok": true }))];
    let mut rows: Vec<String> = (0..10).map(|number| format!("GET /item/{number}")).collect();
    rows.extend(["GET /ready", "POST /states"].map(str::to_owned));
    let mut table: Vec<(&str, &[Answer])> = rows.iter().map(|row| (row.as_str(), &ok[..])).collect();
    table.extend([("GET /never", &[Answer::Silence][..]), ("GET /die", &[Answer::Exit(9)])]);
    if std::env::var_os("SERVED").is_none() {
        let provider = Provider::start(&table);
        assert!(provider.asked().is_empty());
        return;
    }
    let port = std::env::var("PORT").expect("PORT is set").parse().expect("PORT is a number");
    writeln!(std::io::stdout(), "the provider listens on {port}").expect("somebody reads");
    let host = std::env::var("SERVED_AT").unwrap_or_else(|_| "127.0.0.1".to_owned());
    let pairs = std::env::var_os("SERVED_IN_PAIRS").map(PathBuf::from);
    let items = AtomicUsize::new(0);
    let _provider = Provider::start_after((&host, port), &table, move |asked| {
        if let Some(pairs) = pairs.as_ref().filter(|_| asked.row().starts_with("GET /item/")) {
            wait_for_the_other(pairs, port, items.fetch_add(1, Ordering::Relaxed));
        }
    });
    loop {
        std::thread::park();
    }
}

/// Waits until two instances have been asked for this many items.
fn wait_for_the_other(pairs: &Path, port: u16, number: usize) {
    let (ours, both) = (format!("{number}-{port}"), format!("{number}-"));
    std::fs::write(pairs.join(ours), "").expect("the file can be written");
    let asked = || {
        let files = std::fs::read_dir(pairs).expect("the directory is there");
        files.flatten().filter(|file| file.file_name().to_string_lossy().starts_with(&both)).count()
    };
    while asked() < 2 {
        std::thread::yield_now();
    }
}
