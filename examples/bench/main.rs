//! Measures the gate beside the reference command line, on pacts that it makes itself.
//!
//! `ci/bench` builds everything that is needed and calls this program. For each workload it starts
//! a provider in this process, lets both command lines replay the same pacts in turn, several
//! times, and prints medians and ratios as Markdown. A run in which somebody ends with another
//! status than expected, or asks the provider another number of times, is an error and no number.
//! Nothing here judges a number.

mod apart;
mod contender;
mod machine;
mod measure;
mod provider;
mod raw;
mod table;
mod workload;

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use crate::contender::{Contender, Task};
use crate::measure::Measured;
use crate::provider::Provider;
use crate::workload::Workload;

/// How long one contender may take for all runs of one workload before it is not asked again.
const PATIENCE: Duration = Duration::from_mins(1);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["measure", output, program, rest @ ..] => measure::as_parent(output, program, rest),
        ["read", pacts] => apart::read(Path::new(pacts)),
        ["apart", ours, runs] => say_apart(Path::new(ours), runs.parse()?),
        ["raw", pacts, base] => raw::replay(Path::new(pacts), base),
        ["serve", directory, name] => serve(Path::new(directory), name),
        [ours, peer, runs] => compare(Path::new(ours), Path::new(peer), runs.parse()?, ""),
        [ours, peer, runs, only] => compare(Path::new(ours), Path::new(peer), runs.parse()?, only),
        _ => Err("usage: bench PACTWRIGHT PACT_VERIFIER_CLI RUNS [WORKLOAD] | serve DIR WORKLOAD".into()),
    }
}

/// For a profiler: writes the pacts of one workload and serves it until the input ends.
fn serve(directory: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let workload = workload::named(name)?;
    let provider = Provider::start(workload.write(directory)?)?;
    writeln!(std::io::stdout(), "{}", provider.port())?;
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}

/// Runs every workload whose name contains `only`, and prints what came out.
fn compare(ours: &Path, peer: &Path, runs: usize, only: &str) -> Result<(), Box<dyn Error>> {
    let contenders = contender::all(ours, peer)?;
    let mut out = std::io::stdout();
    writeln!(out, "{}\n", machine::description(ours, peer)?)?;
    writeln!(out, "{}\n", machine::starts(ours, runs)?)?;
    writeln!(out, "{}", table::HEAD)?;
    let mut judged = Vec::new();
    for workload in workload::ALL.iter().filter(|workload| workload.name.contains(only)) {
        let turns = run(workload, &contenders, runs)?;
        write!(out, "{}", table::rows(workload, &contenders, &turns.measured))?;
        out.flush()?;
        judged.push(format!("{}: {}", workload.name, turns.judged));
    }
    writeln!(out, "\nHow pactwright judged the answers: {}\n", judged.join("; "))?;
    if only.is_empty() {
        say_apart(ours, runs)?;
    }
    Ok(())
}

/// What has no peer.
fn say_apart(ours: &Path, runs: usize) -> Result<(), Box<dyn Error>> {
    for line in apart::lines(&ours.canonicalize()?, runs)? {
        writeln!(std::io::stdout(), "- {line}")?;
    }
    Ok(())
}

/// What came of one workload.
struct Turns {
    /// The runs of each contender.
    measured: Vec<Vec<Measured>>,
    /// How pactwright says that it judged the answers.
    judged: String,
}

/// Lets the contenders take turns, so that whatever disturbs the machine disturbs all of them.
fn run(workload: &Workload, contenders: &[Contender], runs: usize) -> Result<Turns, Box<dyn Error>> {
    let (pacts, home) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let provider = Provider::start(workload.write(pacts.path())?)?;
    let task =
        Task { pacts: pacts.path(), home: home.path(), port: provider.port(), states: workload.states };
    let mut measured = vec![Vec::new(); contenders.len()];
    for _ in 0..runs {
        for (contender, measured) in contenders.iter().zip(&mut measured) {
            let spent: Duration = measured.iter().map(|one: &Measured| one.wall).sum();
            if spent < PATIENCE && contender.bears(workload) {
                measured.push(one(workload, contender, &task, &provider)?);
            }
        }
    }
    let said = contenders.iter().find_map(|contender| contender.judged(&task).transpose());
    Ok(Turns { measured, judged: said.transpose()?.unwrap_or_default() })
}

fn one(
    workload: &Workload,
    contender: &Contender,
    task: &Task<'_>,
    provider: &Provider,
) -> Result<Measured, Box<dyn Error>> {
    let before = provider.asked();
    let measured = contender.run(task)?;
    let asked = provider.asked() - before;
    let expected = (contender.status(workload), workload.interactions());
    if (measured.status, asked) != expected {
        return Err(format!(
            "{} on \"{}\": status {} and {asked} requests, expected {expected:?}\n{}",
            contender.name, workload.name, measured.status, measured.output
        )
        .into());
    }
    Ok(measured)
}
