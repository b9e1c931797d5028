//! `pactwright export` and `pactwright import`: everything from one store to another. They are the same with
//! the two stores exchanged.

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::fsck;
use super::place::StoreArguments;
use crate::cli::Failure;
use crate::contract::Digest;
use crate::outcome::Answer;
use crate::store::{Directory, Missing, StoreError};

/// Copy everything in this store to another
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright export /mnt/backup/pacts
  pactwright export ../all-pacts --dry-run        how much it would be

Everything is checked before anything is written. What is there already stays: doing it twice changes nothing.
owners.toml is copied where there is none.

Exit status:
  0  everything is there
  2  a contract is not sound, and nothing was copied
  3  one of the stores could not be read or written, or the two contradict each other")]
pub(crate) struct Export {
    /// The other store
    #[arg(value_name = "ADDRESS")]
    to: String,
    #[command(flatten)]
    copying: CopyArguments,
}

/// Copy everything in another store to this one
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright import /mnt/backup/pacts
  pactwright import ../all-pacts --dry-run        how much it would be

Everything is checked before anything is written. What is here already stays: doing it twice changes nothing.
owners.toml is copied where there is none.

Exit status:
  0  everything is here
  2  a contract is not sound, and nothing was copied
  3  one of the stores could not be read or written, or the two contradict each other")]
pub(crate) struct Import {
    /// The other store
    #[arg(value_name = "ADDRESS")]
    from: String,
    #[command(flatten)]
    copying: CopyArguments,
}

#[derive(Debug, Args)]
struct CopyArguments {
    /// Say how much it would be, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

/// What was copied.
#[derive(Debug, Serialize)]
struct Copied {
    dry_run: bool,
    facts: usize,
    contents: usize,
    owners: OwnersAre,
}

/// What becomes of `owners.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum OwnersAre {
    /// There are none, or both say the same.
    Equal,
    /// There were none where everything is copied to.
    Copied,
    /// The two files say different things, and both stay as they are.
    Different,
}

/// Runs `export`.
pub(crate) fn export(arguments: &Export) -> Result<Answer, Failure> {
    let Export { to, copying } = arguments;
    copy(&copying.store.directory()?, &StoreArguments::at(to).directory()?, copying)
}

/// Runs `import`.
pub(crate) fn import(arguments: &Import) -> Result<Answer, Failure> {
    let Import { from, copying } = arguments;
    copy(&StoreArguments::at(from).directory()?, &copying.store.directory()?, copying)
}

fn copy(from: &Directory, to: &Directory, arguments: &CopyArguments) -> Result<Answer, Failure> {
    let missing = Missing::between(from, to).map_err(|error| failed(&error))?;
    let text_of = |store: &Directory| store.owners_text().map_err(|error| failed(&error));
    let (mine, theirs) = (text_of(from)?, text_of(to)?);
    let owners = match (&mine, &theirs) {
        (Some(_), None) => OwnersAre::Copied,
        (Some(mine), Some(theirs)) if mine != theirs => OwnersAre::Different,
        _ => OwnersAre::Equal,
    };
    for text in missing.contents() {
        if let Some(problem) = fsck::form(Digest::of(text), text.clone()) {
            return Err(Failure::asked_wrongly(problem).hint("nothing was copied"));
        }
    }
    if !arguments.dry_run {
        missing.write(to).map_err(|error| failed(&error))?;
        if let (OwnersAre::Copied, Some(text)) = (owners, &mine) {
            to.write_owners(text).map_err(|error| failed(&error))?;
        }
    }
    let copied = Copied {
        dry_run: arguments.dry_run,
        facts: missing.facts().len(),
        contents: missing.contents().len(),
        owners,
    };
    arguments.answer.say(&copied, || text(&copied))?;
    Ok(Answer::Yes)
}

fn text(copied: &Copied) -> String {
    let would = if copied.dry_run { "would be copied" } else { "copied" };
    let owners = match copied.owners {
        OwnersAre::Equal => "",
        OwnersAre::Copied => ", owners.toml",
        OwnersAre::Different => "\nowners.toml says different things in the two; both stay as they are",
    };
    format!("{would}: {} facts, {} contents{owners}\n", copied.facts, copied.contents)
}

fn failed(error: &StoreError) -> Failure {
    let failure = Failure::could_not_find_out("not everything could be copied").because(error);
    match error {
        StoreError::Write { .. } => failure.hint("do it again: what was copied stays, and the rest is added"),
        _ => failure.hint("nothing was copied"),
    }
}
