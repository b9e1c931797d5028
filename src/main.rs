//! The `pactwright` binary: parse, run, return the exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    pactwright::cli::main()
}
