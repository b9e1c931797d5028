//! Measures the shared directory: `cargo run --release --example ledger [facts …]`.
//!
//! For each number of facts a history of that length is written, with a tenth of the facts in each of ten months, and the
//! binary that lies beside this one is asked about it: with nothing remembered, and then again.
//! What is printed are medians. No number is judged: that is for the reader.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use pactwright::contract::Digest;
use pactwright::fact::{
    Branched, Deployed, EnvironmentDescription, Fact, Ids, Judged, Judgement, Outcome, Published, Verified,
    What,
};

/// Runs of each command, of which the median is shown.
const RUNS: usize = 7;
/// Applications that are providers, and as many again that are consumers of three of them.
const PROVIDERS: usize = 15;
/// Interactions of each contract.
const INTERACTIONS: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let mut sizes: Vec<usize> =
        std::env::args().skip(1).map(|size| size.parse()).collect::<Result<_, _>>()?;
    if sizes.is_empty() {
        sizes = vec![1_000, 10_000, 100_000];
    }
    let binary = std::env::current_exe()?.parent().and_then(Path::parent).map(|path| path.join("pactwright"));
    let binary =
        binary.filter(|path| path.is_file()).ok_or("build the binary first: cargo build --release")?;
    say("facts    can-i-deploy cold    warm    record-deployment")?;
    for size in sizes {
        let home = std::env::temp_dir().join(format!("pactwright-ledger-{}-{size}", std::process::id()));
        write(&home.join("pacts"), size)?;
        let result = measure(&binary, &home, size);
        fs::remove_dir_all(&home)?;
        result?;
    }
    Ok(())
}

fn measure(binary: &Path, home: &Path, size: usize) -> Result<(), Box<dyn Error>> {
    let ask = ["can-i-deploy", "-a", "provider-0", "-l", "--to-environment", "production"];
    let run = |arguments: &[&str], is_cold: bool| -> Result<Duration, Box<dyn Error>> {
        let mut times = Vec::new();
        for _ in 0..RUNS {
            if is_cold {
                let _ = fs::remove_dir_all(home.join(".cache"));
            }
            times.push(time(binary, home, arguments)?);
        }
        times.sort();
        Ok(times[RUNS / 2])
    };
    let cold = run(&ask, true)?;
    // What was written within the last seconds is read once more before it is believed.
    std::thread::sleep(Duration::from_secs(3));
    time(binary, home, &ask)?;
    let record = ["record-deployment", "-a", "provider-0", "-e", "v0", "--environment", "production"];
    let columns = [run(&ask, false)?, run(&record, false)?];
    let columns: Vec<String> = columns.iter().map(|time| format!("{:>9.1}", millis(*time))).collect();
    say(&format!("{size:>7} {:>9.1} {} ms", millis(cold), columns.join(" ")))
}

fn time(binary: &Path, home: &Path, arguments: &[&str]) -> Result<Duration, Box<dyn Error>> {
    let mut command = Command::new(binary);
    command.args(arguments).current_dir(home).env("HOME", home).env_remove("XDG_CACHE_HOME");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let start = Instant::now();
    let status = command.status()?;
    let time = start.elapsed();
    match status.code() {
        Some(0 | 1) => Ok(time),
        _ => Err(format!("{arguments:?} ended with {status}").into()),
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Writes a history of so many facts, without waiting for the disk.
fn write(root: &Path, size: usize) -> Result<(), Box<dyn Error>> {
    let start: Timestamp = "2026-01-01T00:00:00Z".parse()?;
    let step = SignedDuration::from_hours(10 * 30 * 24) / i32::try_from(size)?;
    let mut ids = Ids::new();
    for index in 0..size {
        let at = start + step * i32::try_from(index)?;
        let fact = Fact { id: ids.next(at), what: what(index)? };
        let month = root.join("ledger").join("facts").join(fact.id.month());
        if index % 100 == 0 {
            fs::create_dir_all(&month)?;
        }
        fs::write(month.join(format!("{}-{}.json", fact.id, fact.what.kind())), fact.to_text()).or_else(
            |_| {
                fs::create_dir_all(&month).and_then(|()| {
                    fs::write(month.join(format!("{}-{}.json", fact.id, fact.what.kind())), fact.to_text())
                })
            },
        )?;
    }
    Ok(())
}

/// The fact at a place of the history: two environments, then rounds of publishing, verifying and deploying.
fn what(index: usize) -> Result<What, Box<dyn Error>> {
    if index < 2 {
        return Ok(What::EnvironmentCreated(EnvironmentDescription {
            name: ["production", "test"][index].parse()?,
            display_name: None,
            production: index == 0,
            contact: None,
        }));
    }
    let round = index / 20;
    let (provider, consumer) = (round % PROVIDERS, (round / 3) % PROVIDERS);
    let provider_name = format!("provider-{provider}").parse()?;
    let consumer_name = format!("consumer-{consumer}").parse()?;
    let content = Digest::of(format!("{provider} {consumer} {}", round / PROVIDERS));
    let version = format!("v{}", round / 5);
    Ok(match index % 20 {
        0..6 => What::Published(Published {
            consumer: consumer_name,
            version: format!("{version}.{}", index % 20).parse()?,
            provider: provider_name,
            content,
            replaces: Vec::new(),
            branch: Some("main".parse()?),
            tags: Vec::new(),
            build_url: Some(format!("https://ci.example.org/builds/{index}")),
            commit: Some(Digest::of(index.to_string()).to_string()[..40].to_owned()),
        }),
        6..17 => What::Verified(verified(index, provider_name, consumer_name, content)?),
        17 => What::Branched(Branched {
            application: provider_name,
            version: "v0".parse()?,
            branch: Some("main".parse()?),
        }),
        18 => What::Deployed(Deployed {
            application: consumer_name,
            version: format!("{version}.1").parse()?,
            environment: "production".parse()?,
            instance: None,
        }),
        _ => What::Deployed(Deployed {
            application: provider_name,
            version: version.parse()?,
            environment: "test".parse()?,
            instance: None,
        }),
    })
}

fn verified(
    index: usize,
    provider: pactwright::name::Application,
    consumer: pactwright::name::Application,
    content: Digest,
) -> Result<Verified, Box<dyn Error>> {
    let judged = |number: usize| Judged {
        interaction: Digest::of(format!("{content} {number}")),
        description: format!("interaction number {number} of this contract"),
        states: vec![format!("state {number} exists")],
        verdict: Judgement::Passed,
        taken_from: None,
        findings: Vec::new(),
    };
    Ok(Verified {
        provider,
        version: format!("v{}", index / 100).parse()?,
        branch: Some("main".parse()?),
        tags: Vec::new(),
        consumer,
        content,
        outcome: Outcome::Passed,
        complete: true,
        judged: INTERACTIONS,
        dirty: false,
        wip: false,
        build_url: Some(format!("https://ci.example.org/builds/{index}")),
        commit: Some(Digest::of(index.to_string()).to_string()[..40].to_owned()),
        interactions: (0..INTERACTIONS).map(judged).collect(),
    })
}

fn say(line: &str) -> Result<(), Box<dyn Error>> {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
