//! Measures the shared directory: `cargo run --release --example ledger [facts …]`, or `ci/bench-store`.
//!
//! For each number of facts a history of that length is written, a tenth of it in each of ten months, and the
//! binary that lies beside this one is asked about it: with nothing remembered, and then again.
//! What is printed are medians of wall time, with processor time in brackets, and how much more it is than
//! the line above. No number is judged: that is for the reader.

mod history;
#[path = "../bench/measure.rs"]
mod measure;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::measure::Measured;

/// How long after a change a file is taken for unchanged.
const SETTLED: Duration = Duration::from_secs(3);

/// Runs of each command, of which the median is shown.
const RUNS: usize = 7;

/// The columns of the table: a name, whether nothing is remembered, and what is asked.
const ASKED: [(&str, bool, &[&str]); 3] = [
    ("can-i-deploy, cold", true, CAN_I_DEPLOY),
    ("can-i-deploy, warm", false, CAN_I_DEPLOY),
    ("matrix, warm", false, &["matrix", "-a", "provider-0", "-a", "consumer-0"]),
];
const CAN_I_DEPLOY: &[&str] =
    &["can-i-deploy", "-a", "provider-0", "--main-branch", "--to-environment", "production"];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["measure", output, program, rest @ ..] => measure::as_parent(output, program, rest),
        ["write", directory, size] => history::write(Path::new(directory), size.parse()?).map(drop),
        sizes => table(sizes),
    }
}

fn table(sizes: &[&str]) -> Result<(), Box<dyn Error>> {
    let sizes: Vec<usize> = sizes.iter().map(|size| size.parse()).collect::<Result<_, _>>()?;
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    let binary = std::env::current_exe()?.parent().and_then(Path::parent).map(|path| path.join("pactwright"));
    let binary =
        binary.filter(|path| path.is_file()).ok_or("build the binary first: cargo build --release")?;
    say("medians: ms of wall time (of processor time), MB of memory; how many times the line above")?;
    let names = ASKED.iter().map(|(name, ..)| *name).chain(["publish"]);
    let names: Vec<String> = names.map(|name| format!("{name:>30}")).collect();
    say(&format!("{:>7} {:>8} {}", "facts", "contents", names.join(" ")))?;
    let mut before = None;
    for size in sizes {
        let home = std::env::temp_dir().join(format!("pactwright-ledger-{}-{size}", std::process::id()));
        let contents = history::write(&home.join("pacts"), size)?;
        // What is younger than the clocks of file systems are fine is read again each time.
        std::thread::sleep(SETTLED);
        let times = Bench { binary: &binary, home: home.clone() }.all();
        fs::remove_dir_all(&home)?;
        let times = times?;
        let cells: Vec<String> =
            times.iter().enumerate().map(|(at, cost)| cell(*cost, before.as_deref(), at)).collect();
        say(&format!("{size:>7} {contents:>8} {}", cells.join(" ")))?;
        before = Some(times);
    }
    Ok(())
}

/// What a command costs: wall time, processor time and memory in bytes.
type Cost = (Duration, Duration, u64);

fn cell((wall, cpu, memory): Cost, before: Option<&[Cost]>, at: usize) -> String {
    let growth = before
        .and_then(|times| times.get(at))
        .map_or_else(String::new, |(known, ..)| format!(" x{:.1}", wall.as_secs_f64() / known.as_secs_f64()));
    format!("{:>30}", format!("{:.1} ({:.0}) {} MB{growth}", millis(wall), millis(cpu), memory / 1_000_000))
}

struct Bench<'a> {
    binary: &'a Path,
    home: PathBuf,
}

impl Bench<'_> {
    fn all(&self) -> Result<Vec<Cost>, Box<dyn Error>> {
        let mut times = Vec::new();
        for (_, is_cold, arguments) in ASKED {
            let mut runs = Vec::new();
            for _ in 0..RUNS {
                if is_cold {
                    fs::remove_dir_all(self.home.join(".cache")).or_else(missing_is_fine)?;
                }
                runs.push(self.run(arguments)?);
            }
            times.push(median(runs));
        }
        times.push(self.publishing()?);
        Ok(times)
    }

    /// Each run publishes a contract that nobody has seen before, as a new version.
    fn publishing(&self) -> Result<Cost, Box<dyn Error>> {
        let mut runs = Vec::new();
        for run in 0..RUNS {
            fs::write(self.home.join("pact.json"), history::pact((0, 0), 1_000_000 + run)?)?;
            let version = format!("new-{run}");
            runs.push(self.run(&["publish", "pact.json", "-a", &version, "--branch", "main"])?);
        }
        Ok(median(runs))
    }

    fn run(&self, arguments: &[&str]) -> Result<Measured, Box<dyn Error>> {
        let mut command = measure::command(self.binary)?;
        command.args(arguments).current_dir(&self.home).env("HOME", &self.home).env_remove("XDG_CACHE_HOME");
        let measured = measure::run(command)?;
        match measured.status {
            0 => Ok(measured),
            status => Err(format!("{arguments:?} ended with {status}\n{}", measured.output).into()),
        }
    }
}

fn missing_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn median(mut runs: Vec<Measured>) -> Cost {
    runs.sort_by_key(|run| run.wall);
    let wall = runs[runs.len() / 2].wall;
    runs.sort_by_key(|run| run.cpu);
    let cpu = runs[runs.len() / 2].cpu;
    runs.sort_by_key(|run| run.memory);
    (wall, cpu, runs[runs.len() / 2].memory)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn say(line: &str) -> Result<(), Box<dyn Error>> {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
