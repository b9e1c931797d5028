//! Runs the binary, in a directory of its own, and keeps what it said.

use std::path::Path;
use std::process::{Command, Stdio};

/// What a run of the binary came to.
pub(crate) struct Ran {
    /// The exit status.
    pub(crate) status: i32,
    /// What it wrote to standard output.
    pub(crate) stdout: String,
    /// What it wrote to standard error.
    pub(crate) stderr: String,
}

/// Runs `pactwright` with arguments in a directory, without the variables of whoever runs the test.
pub(crate) fn pactwright(directory: &Path, arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_pactwright"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
    Ran {
        status: output.status.code().expect("the binary ends by itself"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

impl Ran {
    /// Everything, for a snapshot.
    pub(crate) fn shown(&self) -> String {
        format!("status {}\n{}{}", self.status, self.stdout, self.stderr)
    }
}
