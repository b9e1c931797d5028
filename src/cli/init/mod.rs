//! `pactwright init`: writes a configuration and a CI step that work as they are.
//!
//! What is not given as a flag is asked for, on a terminal only. A file that exists is never
//! replaced unless `--force` says so, and while one is in the way nothing at all is written.

mod ask;
mod template;

use std::fs;
use std::io::IsTerminal;
use std::path::Path;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use self::template::{NewFile, Reach, Setup};
use super::{Failure, stdio};
use crate::outcome::Answer;

/// Write a pactwright.toml and a CI step for a consumer or a provider.
///
/// What is not given is asked for when the standard input is a terminal.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Which side of the contract this repository is on
    #[arg(long, value_enum)]
    role: Option<Role>,
    /// The name of the application, as it stands in pacts
    #[arg(long)]
    name: Option<String>,
    /// Where the running provider answers
    #[arg(long, value_name = "URL", conflicts_with = "start", value_parser = NonEmptyStringValueParser::new())]
    provider_url: Option<String>,
    /// The command that starts the provider; {port} stands for a free port
    #[arg(long, value_name = "CMD", value_parser = NonEmptyStringValueParser::new())]
    start: Option<String>,
    /// For which CI service to write a step [default: the one this repository seems to use]
    #[arg(long, value_enum)]
    ci: Option<Ci>,
    /// Replace files that exist
    #[arg(long)]
    force: bool,
}

/// A side of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    /// Has expectations of other applications
    Consumer,
    /// Has to meet the expectations of others
    Provider,
}

/// A CI service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ci {
    /// A workflow for GitHub Actions
    Github,
    /// A file to include in a GitLab pipeline
    Gitlab,
    /// No CI step
    None,
}

/// Runs the command in the current directory.
pub(crate) fn run(arguments: Init) -> Result<Answer, Failure> {
    let root = Path::new(".");
    let force = arguments.force;
    let setup = resolve(arguments, Ci::detect(root))?;
    let files = template::files(&setup);
    write_all(root, &files, force)?;
    let mut lines: Vec<_> = files.iter().map(|file| format!("wrote {}", file.path)).collect();
    lines.extend(template::next_steps(&setup));
    stdio::say(&format!("{}\n", lines.join("\n")))?;
    Ok(Answer::Yes)
}

/// Completes the arguments by asking, where there is somebody to ask.
fn resolve(arguments: Init, detected: Ci) -> Result<Setup, Failure> {
    let Init { role, name, provider_url, start, ci, force: _ } = arguments;
    let role = or_ask(role, "--role", ask::role)?;
    let name = valid_name(or_ask(name, "--name", ask::name)?)?;
    let reach = provider_url.map(Reach::Url).or(start.map(Reach::Start));
    let provider = match (role, reach) {
        (Role::Provider, given) => Some(or_ask(given, "--start or --provider-url", ask::reach)?),
        (Role::Consumer, None) => None,
        (Role::Consumer, Some(_)) => {
            return Err(Failure::asked_wrongly("--start and --provider-url are for a provider"));
        }
    };
    let ci = match ci {
        Some(ci) => ci,
        None if can_ask() => ask::ci(detected).map_err(|error| unanswered("--ci", &error))?,
        None => detected,
    };
    Ok(Setup { name, provider, ci })
}

fn or_ask<T>(given: Option<T>, flag: &str, ask: fn() -> dialoguer::Result<T>) -> Result<T, Failure> {
    match given {
        Some(given) => Ok(given),
        None if can_ask() => ask().map_err(|error| unanswered(flag, &error)),
        None => Err(Failure::asked_wrongly(format!("{flag} is missing and there is nobody to ask"))
            .hint("`pactwright init --help` lists what can be given")),
    }
}

fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

fn unanswered(flag: &str, error: &dialoguer::Error) -> Failure {
    Failure::asked_wrongly(format!("the question about {flag} was not answered")).because(error)
}

/// A name goes into comments and quoted texts, so it is one line.
fn valid_name(name: String) -> Result<String, Failure> {
    if name.trim().is_empty() || name.contains(char::is_control) {
        return Err(Failure::asked_wrongly("a name is one line that is not empty"));
    }
    Ok(name)
}

/// Writes every file, or none when one of them may not be replaced.
fn write_all(root: &Path, files: &[NewFile], force: bool) -> Result<(), Failure> {
    if let Some(file) = files.iter().find(|file| !force && root.join(file.path).exists()) {
        return Err(Failure::asked_wrongly(format!("{} exists, nothing was written", file.path))
            .hint("`--force` replaces it"));
    }
    for file in files {
        write(&root.join(file.path), &file.text).map_err(|error| {
            Failure::could_not_find_out(format!("{} could not be written", file.path)).because(&error)
        })?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

impl Ci {
    /// The CI service that a repository seems to use.
    fn detect(root: &Path) -> Self {
        if root.join(".github").is_dir() {
            Self::Github
        } else if root.join(".gitlab-ci.yml").is_file() {
            Self::Gitlab
        } else {
            Self::None
        }
    }
}
