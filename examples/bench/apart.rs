//! What no peer does: reading pacts beside a plain parse of the same bytes, and verifying once more what a
//! store already knows.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use serde_json::Value;

use crate::measure::{self, Measured};
use crate::provider::Provider;
use crate::raw;
use crate::table::{factor, median, seconds};
use crate::workload::{self, Workload};

/// What is read, by its name among the workloads.
const READ: [&str; 2] = ["50 x 20", "1 x 3,000"];
/// What is verified once and then again.
const UNCHANGED: &str = "1 x 10,000";

/// Both comparisons, in sentences.
///
/// # Errors
/// When a run ends otherwise than it should.
pub(crate) fn lines(ours: &Path, runs: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let mut lines = Vec::new();
    for name in READ {
        lines.push(reading(ours, workload::named(name)?, runs)?);
    }
    lines.push(unchanged(ours, workload::named(UNCHANGED)?, runs)?);
    Ok(lines)
}

/// Reads every file of a directory into a value, as strictly as `serde_json` does.
///
/// # Errors
/// When one cannot be read.
pub(crate) fn read(directory: &Path) -> Result<(), Box<dyn Error>> {
    for file in raw::files(directory)? {
        let value: Value = serde_json::from_slice(&fs::read(file)?)?;
        // As a process ends: what it has is not given back piece by piece.
        std::mem::forget(black_box(value));
    }
    Ok(())
}

fn reading(ours: &Path, workload: &Workload, runs: usize) -> Result<String, Box<dyn Error>> {
    let (pacts, home) = (tempfile::tempdir()?, tempfile::tempdir()?);
    workload.write(pacts.path())?;
    let pacts = pacts.path().display().to_string();
    let (mut strict, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let planned = ["verify", &pacts, "--provider", "faq", "--dry-run"];
        strict.push(expect(run(ours, &planned, home.path())?, 0)?);
        plain.push(expect(run(&std::env::current_exe()?, &["read", &pacts], home.path())?, 0)?);
    }
    let ((strict_wall, strict_cpu), (wall, cpu)) = (medians(&strict), medians(&plain));
    Ok(format!(
        "Reading {}: strictly and planned by pactwright {} ({} of CPU), to a value by serde_json {} ({}); {} and {}",
        workload.name,
        seconds(strict_wall),
        seconds(strict_cpu),
        seconds(wall),
        seconds(cpu),
        factor(strict_wall / wall),
        factor(strict_cpu / cpu),
    ))
}

fn unchanged(ours: &Path, workload: &Workload, runs: usize) -> Result<String, Box<dyn Error>> {
    let (pacts, home) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let provider = Provider::start(workload.write(pacts.path())?)?;
    let store = home.path().join("store").display().to_string();
    let published = pacts.path().display().to_string();
    let publish = ["publish", &published, "-a", "1", "--branch", "main", "--store", &store];
    expect(run(ours, &publish, home.path())?, 0)?;
    let base = format!("http://127.0.0.1:{}", provider.port());
    let verify = ["verify", "--store", &store, "--provider", "faq", "--provider-url", &base];
    let build = ["--main-branch", "--provider-app-version", "1", "--publish"];
    let words: Vec<&str> = verify.into_iter().chain(build).collect();
    let first = expect(run(ours, &words, home.path())?, 0)?;
    let asked = provider.asked();
    let again: Vec<Measured> = (0..runs)
        .map(|_| expect(run(ours, &words, home.path())?, 0))
        .collect::<Result<_, Box<dyn Error>>>()?;
    if provider.asked() != asked {
        return Err("what was unchanged was replayed".into());
    }
    let (wall, cpu) = medians(&again);
    Ok(format!(
        "Verifying {} from a store: first {}, unchanged {} ({} of CPU)",
        workload.name,
        seconds(first.wall.as_secs_f64()),
        seconds(wall),
        seconds(cpu),
    ))
}

fn run(program: &Path, arguments: &[&str], home: &Path) -> Result<Measured, Box<dyn Error>> {
    let mut command = measure::command(program)?;
    // Outside of any work tree, and with nothing of the user's.
    command.args(arguments).current_dir(home).env("HOME", home).env("XDG_CACHE_HOME", home);
    measure::run(command)
}

fn expect(measured: Measured, status: i32) -> Result<Measured, Box<dyn Error>> {
    if measured.status == status {
        return Ok(measured);
    }
    Err(format!("status {}, expected {status}\n{}", measured.status, measured.output).into())
}

/// Wall and processor time in seconds.
fn medians(runs: &[Measured]) -> (f64, f64) {
    (
        median(runs.iter().map(|run| run.wall.as_secs_f64())),
        median(runs.iter().map(|run| run.cpu.as_secs_f64())),
    )
}
