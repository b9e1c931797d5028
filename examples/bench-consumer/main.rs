//! What recording costs a test, beside pact_consumer: run by `ci/bench-consumer`.
//!
//! One test is: start a mock, send one request to it, judge, write what was recorded. Both do it over
//! the loopback with the same client, alternately where they can. The medians are printed, and how they
//! relate; no number is judged.
//!
//! What happens without any step of its own is measured in processes like those of cargo and of CI: this
//! program, which runs itself again in a repository of its own.

use std::error::Error;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use pact_consumer::prelude::*;
use pactwright::consumer::{FRAGMENTS, PACTS, Pact, RUN};
use pactwright::recording::{Completeness, FOLDER, Folder, Fragments, assemble};
use serde_json::{Value, json};

/// How many interactions are recorded already where there are many.
const MANY: usize = 5_000;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, rounds] = &*arguments {
        return default_path(first.parse()?, rounds.parse()?);
    }
    let rounds = arguments.first().map_or(Ok(100), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    fs::create_dir_all(&theirs)?;
    let mut out = std::io::stdout();
    writeln!(out, "{rounds} tests each; medians in milliseconds\n")?;

    let few = [median(rounds, |index| test(&ours, index))?, median(rounds, |index| peer(&theirs, index))?];
    line(&mut out, "a test, nothing recorded yet", few)?;

    for index in rounds..MANY {
        test(&ours, index)?;
    }
    fs::write(theirs.join("billing-faq.json"), many().to_string())?;
    let after = [
        median(rounds, |index| test(&ours, MANY + index))?,
        // It takes long, and longer each time.
        median(rounds.min(7), |index| peer(&theirs, MANY + index))?,
    ];
    line(&mut out, &format!("a test, {MANY} recorded"), after)?;

    let before = Instant::now();
    let fragments = Fragments::of(ours.join(FOLDER));
    let pacts = assemble(&fragments, &Folder::of(ours.join("pacts")), Completeness::Partial)?;
    let interactions = pacts.first().map_or(0, |pact| pact.interactions);
    alone(&mut out, &format!("assembling {interactions}"), milliseconds(before.elapsed()))?;
    default_paths(&mut out, rounds)
}

/// What the first test of a process costs, and the median of the others.
fn default_path(first: usize, rounds: usize) -> Outcome<()> {
    let pact = Pact::between("billing", "faq");
    let of_one = |index: usize| {
        let before = Instant::now();
        record(&pact, index).map(|()| milliseconds(before.elapsed()))
    };
    let one = of_one(first)?;
    let others = median_of(rounds - 1, |index| of_one(first + 1 + index))?;
    writeln!(std::io::stdout(), "{one} {others}")?;
    Ok(())
}

/// Plain `cargo test`, which puts the pact together by itself, and CI, where each test looks up what it has
/// recorded: beside one interaction, and beside many.
fn default_paths(out: &mut impl std::io::Write, rounds: usize) -> Outcome<()> {
    writeln!(out, "\nwithout a step of its own; first of a process, then median of the others\n")?;
    for count in [1, MANY] {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        fs::write(root.join("Cargo.lock"), "")?;
        for index in 0..count {
            test(root, index)?;
        }
        let (fragments, pacts) = (Fragments::of(root.join(FOLDER)), Folder::of(root.join("pacts")));
        for pact in assemble(&fragments, &pacts, Completeness::Partial)? {
            pacts.propose(&pact.file, &pact.after)?.accept()?;
        }
        let there = format!("beside {count}");
        pair(out, &format!("in CI, {there}, nobody was before"), child(root, true, 0, 1)?)?;
        let each = median_of(rounds, |index| Ok(child(root, true, index % count, 1)?[0]))?;
        alone(out, &format!("in CI, {there}, a process each"), each)?;
        pair(out, &format!("cargo test, {there}, known"), child(root, false, 0, rounds.min(count))?)?;
        pair(out, &format!("cargo test, {there}, all new"), child(root, false, MANY, rounds)?)?;
    }
    Ok(())
}

/// A process that records in a repository as tests do.
fn child(root: &Path, ci: bool, first: usize, rounds: usize) -> Outcome<[f64; 2]> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([first, rounds].map(|number| number.to_string())).env("CARGO_MANIFEST_DIR", root);
    for name in ["CI", "NEXTEST_EXECUTION_MODE", FRAGMENTS, PACTS, RUN] {
        command.env_remove(name);
    }
    if ci {
        command.env("CI", "true");
    }
    let output = command.output()?;
    let said = String::from_utf8(output.stdout)?;
    let numbers: Vec<f64> = said.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    numbers.try_into().map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned().into())
}

fn alone(out: &mut impl std::io::Write, what: &str, taken: f64) -> std::io::Result<()> {
    writeln!(out, "{what:42} {taken:9.2}")
}

fn pair(out: &mut impl std::io::Write, what: &str, [first, others]: [f64; 2]) -> std::io::Result<()> {
    writeln!(out, "{what:42} {first:9.2} {others:9.2}")
}

fn line(out: &mut impl std::io::Write, what: &str, [ours, theirs]: [f64; 2]) -> std::io::Result<()> {
    writeln!(out, "{what:42} {ours:9.2}   pact_consumer {theirs:9.2}   x {:.1}", theirs / ours)
}

fn median(rounds: usize, mut test: impl FnMut(usize) -> Outcome<()>) -> Outcome<f64> {
    median_of(rounds, |index| {
        let before = Instant::now();
        test(index).map(|()| milliseconds(before.elapsed()))
    })
}

fn median_of(rounds: usize, test: impl FnMut(usize) -> Outcome<f64>) -> Outcome<f64> {
    let mut taken = (0..rounds).map(test).collect::<Outcome<Vec<f64>>>()?;
    taken.sort_by(f64::total_cmp);
    Ok(taken.get(taken.len() / 2).copied().unwrap_or_default())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// One test of ours.
fn test(root: &Path, index: usize) -> Outcome<()> {
    record(&Pact::between("billing", "faq").in_repository(root), index)
}

fn record(pact: &Pact, index: usize) -> Outcome<()> {
    pact.http(&format!("request {index}"))
        .given("a FAQ exists")
        .get("/faqs/7")
        .replies(200)
        .json(answer())
        .try_run(|server| ask(server.url()))?;
    Ok(())
}

/// The same test with pact_consumer.
fn peer(folder: &Path, index: usize) -> Outcome<()> {
    let mut builder = PactBuilder::new_v4("billing", "faq");
    builder.with_output_dir(folder);
    builder.interaction(format!("request {index}"), String::new(), |mut interaction| {
        interaction.given("a FAQ exists");
        interaction.request.path("/faqs/7");
        interaction.response.json_body(pact_consumer::json_pattern!({
            "id": pact_consumer::like!(7),
            "question": pact_consumer::like!("How do I pay an invoice?"),
            "source": pact_consumer::like!("handbook"),
        }));
        interaction
    });
    let server = builder.start_mock_server(None, None);
    ask(server.url().as_str().trim_end_matches('/'))
}

fn answer() -> Value {
    json!({"id": 7, "question": "How do I pay an invoice?", "source": "handbook"})
}

fn ask(url: &str) -> Outcome<()> {
    let address = url.strip_prefix("http://").ok_or("plain HTTP")?;
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET /faqs/7 HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    if text.starts_with("HTTP/1.1 200") { Ok(()) } else { Err(text.into()) }
}

/// The pact that many tests have left behind.
fn many() -> Value {
    let interaction = |index: usize| {
        json!({
            "type": "Synchronous/HTTP",
            "description": format!("request {index}"),
            "providerStates": [{"name": "a FAQ exists"}],
            "request": {"method": "GET", "path": "/faqs/7"},
            "response": {
                "status": 200,
                "headers": {"Content-Type": ["application/json"]},
                "body": {"content": answer(), "contentType": "application/json", "encoded": false},
                "matchingRules": {"body": {"$.id": {"combine": "AND", "matchers": [{"match": "type"}]}}},
            },
        })
    };
    json!({
        "consumer": {"name": "billing"},
        "provider": {"name": "faq"},
        "interactions": (0..MANY).map(interaction).collect::<Vec<_>>(),
        "metadata": {"pactSpecification": {"version": "4.0"}},
    })
}
