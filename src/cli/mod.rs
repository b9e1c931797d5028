//! The command line: the only layer that touches arguments, environment, clock, standard streams
//! and the exit status.
//!
//! Each command is one file with its arguments and one function; this file lists and dispatches
//! them.

mod answers;
mod can_i_remove;
mod check;
mod clock;
mod completions;
mod diff;
mod drawn;
mod environment;
mod explain;
mod failure;
mod familiar;
mod fetching;
mod init;
mod last_run;
mod lint;
mod man;
mod options;
mod output;
mod plan_text;
mod progress;
mod record;
mod recorded;
mod removable;
mod rendering;
mod report;
mod rerun;
mod selecting;
mod settings;
mod sharing;
mod signals;
mod states;
mod stdio;
mod stub;
mod toml_file;
mod usage;
mod verify;
mod verify_shared;
mod what_if;
mod without_effect;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub(crate) use self::failure::Failure;
use crate::outcome::Answer;

/// Consumer-driven contract testing: record what consumers expect, replay it on every provider build.
#[derive(Debug, Parser)]
#[command(name = "pactwright", version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    /// Colour the output; without this option NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorWhen,
    /// The same as --color never, for those who are used to it
    #[arg(long, global = true, hide = true, alias = "no-colour")]
    no_color: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(Box<verify::Verify>),
    Record(record::RecordArguments),
    Stub(stub::StubArguments),
    /// Say what is wrong with pact files, without a provider
    Lint(lint::LintArguments),
    States(Box<states::States>),
    Diff(diff::DiffArguments),
    Assemble(recorded::assemble::Assemble),
    Review(recorded::review::Review),
    Accept(recorded::review::Accept),
    Reject(recorded::review::Reject),
    #[command(flatten)]
    Sharing(sharing::Sharing),
    Usage(usage::UsageArguments),
    CanIRemove(Box<can_i_remove::CanIRemove>),
    Check(check::CheckArguments),
    WhatIf(Box<what_if::WhatIf>),
    Init(init::Init),
    Explain(explain::ExplainCommand),
    Report(report::ReportCommand),
    Completions(completions::Completions),
    Man(man::Man),
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ColorWhen {
    Auto,
    Always,
    Never,
}

impl From<ColorWhen> for anstream::ColorChoice {
    fn from(when: ColorWhen) -> Self {
        match when {
            ColorWhen::Auto => Self::Auto,
            ColorWhen::Always => Self::Always,
            ColorWhen::Never => Self::Never,
        }
    }
}

/// Runs the program and says with which status the process should end.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version end here as well; a closed pipe is no reason to complain.
            let _ = error.print();
            if let Some(tip) = familiar::tip(&error) {
                stdio::note(tip);
            }
            let status = if error.use_stderr() { Answer::AskedWrongly } else { Answer::Yes };
            return ExitCode::from(status.exit_status());
        }
    };
    let color = if arguments.no_color { ColorWhen::Never } else { arguments.color };
    anstream::ColorChoice::from(color).write_global();
    let outcome: Result<Answer, Failure> = match arguments.command {
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Record(arguments) => record::run(&arguments),
        Command::Stub(arguments) => stub::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::States(arguments) => states::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Assemble(arguments) => recorded::assemble::run(&arguments),
        Command::Review(arguments) => recorded::review::run(&arguments),
        Command::Accept(arguments) => recorded::review::accept(&arguments),
        Command::Reject(arguments) => recorded::review::reject(&arguments),
        Command::Sharing(command) => sharing::run(&command),
        Command::Usage(arguments) => usage::run(&arguments),
        Command::CanIRemove(arguments) => can_i_remove::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::WhatIf(arguments) => what_if::run(&arguments),
        Command::Init(arguments) => init::run(arguments),
        Command::Explain(command) => explain::run(&command),
        Command::Report(command) => report::run(&command),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    };
    let answer = outcome.unwrap_or_else(|failure| {
        stdio::complain(&failure);
        failure.answer
    });
    ExitCode::from(answer.exit_status())
}

/// Where the process was started.
fn working_directory() -> Result<std::path::PathBuf, Failure> {
    std::env::current_dir()
        .map_err(|error| Failure::could_not_find_out("the working directory is not known").because(&error))
}
