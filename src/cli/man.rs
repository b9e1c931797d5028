//! `pactwright man`: the manual pages, made from the same words as `--help`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};

use super::{Arguments, Failure, stdio};
use crate::outcome::Answer;

/// Print the manual page, or write one page for each command.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write every page into this directory, which is made if it is missing
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Man) -> Result<Answer, Failure> {
    let text = match &arguments.dir {
        Some(dir) => write_pages(dir),
        None => page(),
    };
    stdio::say(&text.map_err(|error| failed(&error))?)?;
    Ok(Answer::Yes)
}

fn write_pages(dir: &Path) -> std::io::Result<String> {
    fs::create_dir_all(dir)?;
    clap_mangen::generate_to(Arguments::command(), dir)?;
    Ok(format!("wrote the manual pages to {}\n", dir.display()))
}

fn page() -> std::io::Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn failed(error: &std::io::Error) -> Failure {
    Failure::could_not_find_out("the manual pages could not be written").because(error)
}
