//! The command lines that are compared, each with its arguments and its environment.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::measure::{self, Measured};
use crate::workload::Workload;

/// What the peer sleeps before it ends, whatever happened.
const SLEEP: Duration = Duration::from_millis(200);

/// Where certificates are looked for, when somebody says so.
const CERTIFICATE_VARIABLES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// A certificate that nobody has signed anything with.
const ONE_CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/bench/certificate.pem");

/// A command line in one way of running it.
pub(crate) struct Contender {
    /// What the table calls it.
    pub(crate) name: &'static str,
    program: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ours,
    /// As it runs on an ordinary machine.
    PeerAsFound,
    /// With one certificate to read, and without its sleep.
    PeerAtItsBest,
    /// The requests alone, by this program.
    Raw,
}

/// What a contender is asked to do.
pub(crate) struct Task<'a> {
    /// The directory with the pacts.
    pub(crate) pacts: &'a Path,
    /// A directory that stands in for the user's own.
    pub(crate) home: &'a Path,
    /// Where the provider listens.
    pub(crate) port: u16,
    /// Whether states are to be set up.
    pub(crate) states: bool,
}

/// All contenders, ours first.
///
/// # Errors
/// When one of the programs is not there.
pub(crate) fn all(ours: &Path, peer: &Path) -> Result<[Contender; 4], Box<dyn Error>> {
    let there = |program: &Path| {
        let found = program.canonicalize();
        found.map_err(|error| format!("{} cannot be run: {error}", program.display()))
    };
    let (ours, peer) = (there(ours)?, there(peer)?);
    Ok([
        Contender { name: "pactwright", program: ours, kind: Kind::Ours },
        Contender { name: "peer as found", program: peer.clone(), kind: Kind::PeerAsFound },
        Contender { name: "peer at its best", program: peer, kind: Kind::PeerAtItsBest },
        Contender { name: "requests alone", program: std::env::current_exe()?, kind: Kind::Raw },
    ])
}

impl Contender {
    /// The status with which it ends when all goes as it should.
    pub(crate) fn status(&self, workload: &Workload) -> i32 {
        if self.kind == Kind::Raw { 0 } else { workload.status() }
    }

    /// Whether it can be expected to end within a coffee break.
    pub(crate) fn bears(&self, workload: &Workload) -> bool {
        !workload.alone || matches!(self.kind, Kind::Ours | Kind::Raw)
    }

    /// How many answers it proved to keep their contract, and how many it compared in full; nothing
    /// for a contender that does not say so.
    pub(crate) fn judged(&self, task: &Task<'_>) -> Result<Option<String>, Box<dyn Error>> {
        if self.kind != Kind::Ours {
            return Ok(None);
        }
        let report = task.home.join("report.json");
        let mut command = Command::new(&self.program);
        our_arguments(&mut command, task);
        command.arg("--json").arg(&report).env("HOME", task.home).env("XDG_CACHE_HOME", task.home);
        command.output()?;
        let report: Value = serde_json::from_slice(&std::fs::read(report)?)?;
        let count = |key: &str| report["judged"][key].as_u64().unwrap_or_default();
        Ok(Some(format!("{} proven, {} compared in full", count("proven"), count("compared"))))
    }

    /// Carries out the task once.
    pub(crate) fn run(&self, task: &Task<'_>) -> Result<Measured, Box<dyn Error>> {
        let mut command = measure::command(&self.program)?;
        match self.kind {
            Kind::Ours => our_arguments(&mut command, task),
            Kind::PeerAsFound | Kind::PeerAtItsBest => peer_arguments(&mut command, task),
            Kind::Raw => raw_arguments(&mut command, task),
        }
        for name in CERTIFICATE_VARIABLES {
            command.env_remove(name);
        }
        if self.kind == Kind::PeerAtItsBest {
            command.env("SSL_CERT_FILE", ONE_CERTIFICATE);
        }
        // Nothing is sent to anybody, and nothing is left in the user's directories.
        command.env("PACT_DO_NOT_TRACK", "true").env("HOME", task.home).env("XDG_CACHE_HOME", task.home);
        let mut measured = measure::run(command)?;
        if self.kind == Kind::PeerAtItsBest {
            measured.wall = measured.wall.saturating_sub(SLEEP);
        }
        Ok(measured)
    }
}

fn our_arguments(command: &mut Command, task: &Task<'_>) {
    let base = format!("http://127.0.0.1:{}", task.port);
    command.arg("verify").arg(task.pacts).args(["--provider", "faq", "--provider-url", &base]);
    if task.states {
        command.args(["--state-url", &format!("{base}/_pact/states")]);
    }
}

fn raw_arguments(command: &mut Command, task: &Task<'_>) {
    command.arg("raw").arg(task.pacts).arg(format!("http://127.0.0.1:{}", task.port));
}

fn peer_arguments(command: &mut Command, task: &Task<'_>) {
    let port = task.port.to_string();
    command.arg("--dir").arg(task.pacts);
    command.args(["--provider-name", "faq", "--hostname", "127.0.0.1", "--port", &port]);
    if task.states {
        command.args(["--state-change-url", &format!("http://127.0.0.1:{port}/_pact/states")]);
    }
}
