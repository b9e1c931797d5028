//! `pactwright completions`: what a shell needs to complete our arguments.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Arguments, Failure, stdio};
use crate::outcome::Answer;

/// Print the completion script for a shell.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Runs the command.
pub(crate) fn run(arguments: &Completions) -> Result<Answer, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "pactwright", &mut script);
    stdio::say(&String::from_utf8_lossy(&script))?;
    Ok(Answer::Yes)
}
