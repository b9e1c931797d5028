//! The command line: the only layer that touches arguments, environment, clock, standard streams
//! and the exit status.
//!
//! Each command is one file with its arguments and one function; this file lists and dispatches
//! them.

mod failure;
mod lint;
mod stdio;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub(crate) use self::failure::Failure;
use crate::outcome::Answer;

/// Consumer-driven contract testing: record what consumers expect, replay it on every provider build.
#[derive(Debug, Parser)]
#[command(name = "pactwright", version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what is wrong with pact files, without a provider
    Lint(lint::LintArguments),
}

/// Runs the program and says with which status the process should end.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version end here as well; a closed pipe is no reason to complain.
            let _ = error.print();
            let status = if error.use_stderr() { Answer::AskedWrongly } else { Answer::Yes };
            return ExitCode::from(status.exit_status());
        }
    };
    let outcome: Result<Answer, Failure> = match arguments.command {
        Command::Lint(arguments) => lint::run(&arguments),
    };
    let answer = outcome.unwrap_or_else(|failure| {
        stdio::complain(&failure);
        failure.answer
    });
    ExitCode::from(answer.exit_status())
}
