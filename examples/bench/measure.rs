//! What a command costs: wall time, processor time, peak memory.
//!
//! The kernel keeps the peak memory of the largest child that a process ever had. So each command
//! gets a parent of its own: this program again, which starts it, waits for it, and says what it
//! has used.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one run of a command has cost.
#[derive(Clone)]
pub(crate) struct Measured {
    /// From its start to its end.
    pub(crate) wall: Duration,
    /// In user mode and in the kernel, on all cores.
    pub(crate) cpu: Duration,
    /// The most memory it had at one time, in bytes.
    pub(crate) memory: u64,
    /// Its exit status.
    pub(crate) status: i32,
    /// The end of what it wrote.
    pub(crate) output: String,
}

/// A command that is going to be measured; arguments and environment can be added.
///
/// # Errors
/// When this program does not know where it is.
pub(crate) fn command(program: &Path) -> Result<Command, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = std::env::temp_dir().join(format!("pactwright-bench-{}.txt", std::process::id()));
    command.arg("measure").arg(output).arg(program);
    Ok(command)
}

/// Runs a command made by [`command`].
///
/// # Errors
/// When it cannot be run.
pub(crate) fn run(mut command: Command) -> Result<Measured, Box<dyn Error>> {
    let said = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(said.stdout)?;
    let numbers: Vec<u64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [wall, cpu, memory, status] = numbers[..] else {
        return Err(format!("the measuring process said `{text}`").into());
    };
    let path = command.get_args().nth(1).map(Path::new).ok_or("the command has no output file")?;
    let output = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
    std::fs::remove_file(path)?;
    let tail: Vec<&str> = output.lines().rev().take(30).collect();
    Ok(Measured {
        wall: Duration::from_micros(wall),
        cpu: Duration::from_micros(cpu),
        memory,
        status: i32::try_from(status)?,
        output: tail.into_iter().rev().collect::<Vec<_>>().join("\n"),
    })
}

/// The other side: starts the program as an only child and prints what it has cost.
///
/// # Errors
/// When it cannot be run, or was ended by a signal.
pub(crate) fn as_parent(output: &str, program: &str, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let file = File::create(output)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let started = Instant::now();
    let status = command.status()?.code().ok_or("it was ended by a signal")?;
    let wall = started.elapsed();
    let (cpu, memory) = usage_of_children()?;
    writeln!(std::io::stdout(), "{} {} {memory} {status}", wall.as_micros(), cpu.as_micros())?;
    Ok(())
}

/// Processor time and peak memory in bytes.
#[cfg(unix)]
fn usage_of_children() -> Result<(Duration, u64), Box<dyn Error>> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    // Kilobytes everywhere but on Apple's systems.
    let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    Ok((Duration::from_micros(u64::try_from(micros)?), u64::try_from(usage.max_rss())? * unit))
}

/// Windows keeps these numbers by job, and a benchmark alone is no reason to ask for them there.
#[cfg(not(unix))]
fn usage_of_children() -> Result<(Duration, u64), Box<dyn Error>> {
    Err("processor time and memory are measured on Unix only".into())
}
