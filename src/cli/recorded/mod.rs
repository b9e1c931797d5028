//! The commands about what tests have recorded: put it together, review it, accept or reject it.

pub(crate) mod assemble;
mod change;
pub(crate) mod review;

pub(super) use self::assemble::{pending, refused};
pub(super) use self::change::Change;
pub(super) use self::review::shown;

use std::path::PathBuf;

use clap::Args;

use super::{Failure, working_directory};
use crate::consumer::{is_ci, root_above};
use crate::name::quoted;
use crate::recording::{FOLDER, Folder, Fragments};

/// Where pacts and fragments are.
#[derive(Debug, Args)]
pub(crate) struct Places {
    /// The directory of the committed pacts [default: pacts, in the repository]
    #[arg(long, value_name = "DIR", env = crate::consumer::PACTS)]
    pacts: Option<PathBuf>,
    /// The directory of what tests have recorded [default: target/pactwright/fragments]
    #[arg(long, value_name = "DIR", env = crate::consumer::FRAGMENTS, hide_short_help = true)]
    fragments: Option<PathBuf>,
    /// Set by continuous integration services, where nothing is written.
    #[arg(long, env = "CI", hide = true)]
    ci: Option<String>,
}

impl Places {
    fn pacts(&self) -> Result<Folder, Failure> {
        let root = root()?;
        let folder = self.pacts.clone().unwrap_or_else(|| root.join("pacts"));
        let start = working_directory()?;
        // What people read is as short as it can be.
        Ok(Folder::of(folder.strip_prefix(&start).map_or(folder.clone(), PathBuf::from)))
    }

    /// The same, for commands that say what is there: a folder that was named and is not there is a slip,
    /// and no folder in which nothing waits.
    fn pacts_there(&self) -> Result<Folder, Failure> {
        match &self.pacts {
            Some(named) if !named.is_dir() => {
                Err(Failure::asked_wrongly(format!("there is no folder {}", named.display()))
                    .hint("it was named as the folder of the pacts, by --pacts or PACTWRIGHT_PACTS"))
            }
            _ => self.pacts(),
        }
    }

    fn fragments(&self) -> Result<Fragments, Failure> {
        let root = root()?;
        Ok(Fragments::of(self.fragments.clone().unwrap_or_else(|| root.join(FOLDER))))
    }

    /// A command that looks at the same places, as it is typed.
    fn command(&self, name: &str) -> String {
        let of = |option: &str, place: &Option<PathBuf>| {
            let place = place.as_ref().map(|place| quoted(&place.display().to_string()));
            place.map(|place| format!(" {option} {place}")).unwrap_or_default()
        };
        format!("pactwright {name}{}{}", of("--pacts", &self.pacts), of("--fragments", &self.fragments))
    }

    fn is_ci(&self) -> bool {
        is_ci(self.ci.as_deref())
    }
}

fn root() -> Result<PathBuf, Failure> {
    Ok(root_above(&working_directory()?))
}
