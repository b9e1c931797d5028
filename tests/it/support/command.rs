//! Runs the `pactwright` binary as a user would, in a directory and with an environment of its own.
//!
//! Whatever differs between two machines or two runs (the directory, durations, ports) is replaced
//! in the output, so that it can be compared as a whole.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use onig::Regex;
use tempfile::TempDir;

/// A directory that is the current directory and the home of every command run in it.
pub(crate) struct Sandbox {
    dir: TempDir,
}

/// What a finished command has left, with everything that varies replaced.
#[must_use]
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self { dir: TempDir::new().expect("a temporary directory can be made") }
    }

    /// A path inside.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.dir.path().join(relative)
    }

    /// Writes a file, with the directories above it.
    pub(crate) fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("it is inside")).expect("the directory can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// Reads a file.
    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
    }

    /// The binary with an empty environment, for those who need to add to it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pactwright"));
        command.args(arguments).current_dir(self.dir.path()).stdin(Stdio::null());
        command.env_clear().env("PATH", path()).env("HOME", self.dir.path()).env("NO_COLOR", "1");
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.finish(self.command(arguments))
    }

    /// Runs a prepared command to its end.
    pub(crate) fn finish(&self, mut command: Command) -> Output {
        let output = command.output().expect("the binary starts");
        let text = |bytes: &[u8]| stable(&String::from_utf8_lossy(bytes), self.dir.path());
        Output {
            status: output.status.code().expect("it ends by itself, not by a signal"),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

/// The status, then each stream that said something: a transcript to compare with a snapshot.
impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "status {}", self.status)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                writeln!(f, "--- {name}\n{}", text.trim_end())?;
            }
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "commands of a test are found where the test's own are")]
fn path() -> OsString {
    std::env::var_os("PATH").unwrap_or_default()
}

/// The text with everything replaced that differs between two runs.
fn stable(text: &str, dir: &Path) -> String {
    let mut text = text.to_owned();
    let real = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    for path in [real.as_path(), dir] {
        text = text.replace(&*path.to_string_lossy(), "$DIR");
    }
    for (pattern, replacement) in [
        (r"\b\d+(\.\d+)? ?(ms|s)\b", "[time]"),
        (r"(127\.0\.0\.1|localhost):\d+", "[host]"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[date]"),
    ] {
        text = Regex::new(pattern).expect("the pattern compiles").replace_all(&text, replacement);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_replaced() {
        let text =
            "/tmp/x/pacts: 3 passed in 0.12 s, slowest 12ms at http://127.0.0.1:4711/ 2026-01-02T03:04:05Z";
        insta::assert_snapshot!(stable(text, Path::new("/tmp/x")), @"$DIR/pacts: 3 passed in [time], slowest [time] at http://[host]/ [date]");
    }

    #[test]
    fn a_command_sees_only_its_own_directory() {
        let sandbox = Sandbox::new();
        sandbox.write("a/b.txt", "text");
        assert_eq!(sandbox.read("a/b.txt"), "text");
        let output = sandbox.run(&["--version"]);
        assert_eq!(
            output.to_string(),
            format!("status 0\n--- stdout\npactwright {}\n", env!("CARGO_PKG_VERSION"))
        );
    }
}
