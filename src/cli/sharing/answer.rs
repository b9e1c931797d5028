//! How the commands that share say what they have to say.

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::cli::{Failure, stdio};

/// In which form a command answers.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct AnswerArguments {
    /// How to say it; the exit status is the same
    #[arg(short, long, value_enum, default_value_t = Form::Table, value_name = "FORM")]
    output: Form,
}

/// A form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people
    #[value(alias = "text")]
    Table,
    /// One JSON document
    Json,
}

impl AnswerArguments {
    /// Whether a program reads the answer.
    pub(crate) fn is_json(self) -> bool {
        self.output == Form::Json
    }

    /// Says the same thing in the form that was asked for.
    pub(crate) fn say<T: Serialize>(self, value: &T, text: impl FnOnce() -> String) -> Result<(), Failure> {
        match self.output {
            Form::Table => stdio::say(&text()),
            Form::Json => {
                let json = serde_json::to_string_pretty(value).map_err(|error| {
                    Failure::could_not_find_out("the answer could not be written").because(&error)
                })?;
                stdio::say(&format!("{json}\n"))
            }
        }
    }
}
