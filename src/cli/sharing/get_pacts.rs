//! `pactwright get-pacts`: contracts from the store, as files if wanted.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use clap::Args;

use super::answer::AnswerArguments;
use super::environments;
use super::list_latest_pact_versions::{Listed, text};
use super::place::{Place, StoreArguments};
use crate::cli::{Failure, stdio};
use crate::fact::State;
use crate::name::{Application, Branch};
use crate::outcome::Answer;
use crate::recording::Folder;

/// List contracts of a branch, and write them to files if wanted
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright get-pacts --provider faq --latest             at the heads of the main branches
  pactwright get-pacts --provider faq --branch feat/x
  pactwright get-pacts --provider faq --latest --download --download-dir fetched

A file that is there already and has another text is never replaced.

Exit status:
  0  they were listed and, with --download, written
  2  a file is there already, with another text
  3  there are none, or the store could not be read")]
pub(crate) struct GetPacts {
    /// Only contracts with this provider
    #[arg(short = 'r', long, value_name = "NAME")]
    provider: Option<Application>,
    /// Only contracts of this consumer
    #[arg(short, long, value_name = "NAME")]
    consumer: Option<Application>,
    /// Versions on this branch [default: the main branch of each consumer]
    #[arg(long, value_name = "NAME")]
    branch: Option<Branch>,
    /// Only of the version that was added to the branch last
    #[arg(short, long)]
    latest: bool,
    /// Write each to a file
    #[arg(short, long)]
    download: bool,
    /// Where to
    #[arg(long, value_name = "DIR", default_value = "pacts", requires = "download")]
    download_dir: PathBuf,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &GetPacts) -> Result<Answer, Failure> {
    let place = arguments.store.open()?;
    let state = place.state()?;
    for name in arguments.provider.iter().chain(&arguments.consumer) {
        environments::known_application(&state, name)?;
    }
    let found = found(&state, arguments);
    if found.is_empty() {
        let where_to = match arguments.branch {
            Some(_) => "",
            None => ": those of main branches were looked for, --branch names another",
        };
        return Err(Failure::could_not_find_out(format!("there are no such contracts{where_to}"))
            .hint(format!("`pactwright list-latest-pact-versions{}` lists what there is", place.flag)));
    }
    if arguments.download {
        write(&place, arguments, &found)?;
    }
    arguments.answer.say(&found, || text(&found))?;
    Ok(Answer::Yes)
}

fn found<'a>(state: &'a State, arguments: &GetPacts) -> Vec<Listed<'a>> {
    let mut found = Vec::new();
    for consumer in state.applications() {
        if arguments.consumer.as_ref().is_some_and(|only| only != consumer) {
            continue;
        }
        let Some(branch) = arguments.branch.as_ref().or_else(|| state.main_branch(consumer)) else {
            continue;
        };
        let versions = if arguments.latest {
            state.branch_head(consumer, branch).into_iter().collect()
        } else {
            state.on_branch(consumer, branch)
        };
        for provider in state.providers_of(consumer) {
            if arguments.provider.as_ref().is_none_or(|only| only == provider) {
                let of = |info| Listed::of(state, (consumer, provider), info);
                found.extend(versions.iter().rev().flat_map(|info| of(&info.version)));
            }
        }
    }
    found
}

/// Writes one file for each contract, unless any of them would replace another text.
fn write(place: &Place, arguments: &GetPacts, found: &[Listed<'_>]) -> Result<(), Failure> {
    let folder = Folder::of(arguments.download_dir.clone());
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for one in found {
        let (consumer, provider) = (one.consumer.as_str(), one.provider.as_str());
        let pairs =
            found.iter().filter(|other| (other.consumer, other.provider) == (one.consumer, one.provider));
        let path = match pairs.count() {
            1 => folder.committed(consumer, provider),
            _ => folder
                .committed(consumer, &format!("{provider}-{}-{}", one.consumer_version, one.content.short())),
        };
        files.push((path, place.content(one.content)?));
    }
    let mut new = Vec::new();
    for (path, text) in files {
        match fs::read_to_string(&path) {
            Ok(known) if known == text => {}
            Err(error) if error.kind() == ErrorKind::NotFound => new.push((path, text)),
            Ok(_) | Err(_) => {
                return Err(Failure::asked_wrongly(format!(
                    "{} is there already, with another text",
                    path.display()
                ))
                .hint("nothing was written; --download-dir names another place"));
            }
        }
    }
    let unwritable = |path: &PathBuf, error: &std::io::Error| {
        Failure::could_not_find_out(format!("{} could not be written", path.display())).because(error)
    };
    fs::create_dir_all(folder.path()).map_err(|error| unwritable(&arguments.download_dir, &error))?;
    for (path, text) in &new {
        fs::write(path, text).map_err(|error| unwritable(path, &error))?;
        stdio::note(&format!("wrote {}", path.display()));
    }
    Ok(())
}
