//! Where the numbers come from: the machine, the versions, the certificates, and what a start costs.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::available_parallelism;
use std::time::Instant;

use crate::table::median;

/// Where Linux distributions and macOS keep the certificates that everybody trusts.
const TRUST_STORES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
];

/// One line about each.
pub(crate) fn description(ours: &Path, peer: &Path) -> Result<String, Box<dyn Error>> {
    let cores = available_parallelism()?;
    let stores: Vec<String> = TRUST_STORES.iter().filter_map(|path| certificates(Path::new(path))).collect();
    let stores = if stores.is_empty() { "none were found".to_owned() } else { stores.join(", ") };
    Ok(format!(
        "Machine: {cores} cores, {}\n\nVersions: {} beside {}\n\nCertificates that the peer finds: {stores}",
        model(),
        version(ours)?,
        version(peer)?,
    ))
}

/// The size of our binary and what it costs to start it.
pub(crate) fn starts(ours: &Path, runs: usize) -> Result<String, Box<dyn Error>> {
    let size = fs::metadata(ours)?.len() / 100_000;
    let mut text = format!("Binary: {}.{} MB", size / 10, size % 10);
    for argument in ["--version", "--help"] {
        let mut times = Vec::new();
        for _ in 0..runs * 5 {
            let started = Instant::now();
            Command::new(ours).arg(argument).output()?;
            times.push(started.elapsed().as_secs_f64());
        }
        let _ = write!(text, ", `{argument}` {:.1} ms", median(times.into_iter()) * 1e3);
    }
    Ok(text)
}

fn version(program: &Path) -> Result<String, Box<dyn Error>> {
    let said = Command::new(program).arg("--version").output()?.stdout;
    Ok(String::from_utf8_lossy(&said).lines().next().unwrap_or_default().to_owned())
}

fn model() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    named.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

/// How many certificates a file or the files of a directory hold, when it is there.
fn certificates(path: &Path) -> Option<String> {
    let files = match fs::read_dir(path) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(_) => vec![path.to_owned()],
    };
    let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
    let count: usize = texts.map(|text| text.matches("BEGIN CERTIFICATE").count()).sum();
    (count > 0).then(|| format!("{count} in {}", path.display()))
}
