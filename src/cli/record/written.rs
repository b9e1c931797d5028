//! The recorded pacts: new ones are written, changed ones wait for a review, and in CI both are a no.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use super::files::Job;
use crate::cli::recorded::{Change, pending, refused, shown};
use crate::cli::{Failure, stdio, working_directory};
use crate::consumer::root_above;
use crate::name;
use crate::outcome::Answer;
use crate::recording::{Assembly, Folder, Pending, committed};

/// Writes all pacts, or compares them when they are only to be checked.
///
/// # Errors
/// A file cannot be read or written.
pub(super) fn all(jobs: &[Job], directory: &Path, check: bool) -> Result<Answer, Failure> {
    let folder = Folder::of(directory.to_owned());
    let mut said = String::new();
    let (mut differs, mut waits) = (false, false);
    for job in jobs {
        let contract = &job.recording.contract;
        let text = Assembly::of(contract.document.value()).text();
        let path = folder.committed(&contract.consumer, &contract.provider);
        let names = (&*contract.consumer, &*contract.provider);
        let there = committed(&path, names).map_err(|problem| refused(&problem))?.map(|(text, _)| text);
        let count = match contract.interactions.len() {
            1 => "1 interaction".to_owned(),
            count => format!("{count} interactions"),
        };
        let _ = write!(said, "Recorded {count} of {} with {}: ", contract.consumer, contract.provider);
        let path_text = path.display();
        let unwritable = |error: io::Error| {
            Failure::could_not_find_out(format!("{path_text} could not be written")).because(&error)
        };
        match there {
            Some(there) if there == text => {
                if !check {
                    // What waited is not what the tests record.
                    Pending::of(&path).reject().map_err(unwritable)?;
                }
                let _ = writeln!(said, "{path_text} is up to date");
            }
            there if check => {
                differs = true;
                let change = Change::unwritten(&path, there.as_deref(), &text)?;
                let _ = writeln!(said, "{path_text} is not what was recorded\n{}", change.text()?);
            }
            Some(there) => {
                waits = true;
                let pending = folder.propose(&path, &text).map_err(unwritable)?;
                let change = Change::of(&pending, Some(&there), &text)?;
                let _ = writeln!(said, "{path_text} has changed, and waits for a review");
                let _ = write!(said, "{}", change.text()?);
            }
            None => {
                folder.propose(&path, &text).and_then(|pending| pending.accept()).map_err(unwritable)?;
                let _ = writeln!(said, "{path_text} is new");
            }
        }
    }
    if check {
        for pending in pending(&folder)? {
            differs = true;
            let _ = write!(said, "a pact waits for a review: {}", shown(&pending));
        }
    }
    stdio::say(&said)?;
    if differs {
        stdio::note("record where changes can be reviewed, without --check and CI; then: pactwright review");
    } else if waits {
        stdio::note(&format!("next: {}", review(directory)?));
    }
    Ok(if differs { Answer::No } else { Answer::Yes })
}

/// The command that reviews what waits in a folder.
fn review(directory: &Path) -> Result<String, Failure> {
    let usual = root_above(&working_directory()?).join("pacts");
    let is_usual = std::path::absolute(directory).is_ok_and(|path| path == usual);
    let place = format!(" --pacts {}", name::quoted(&directory.display().to_string()));
    Ok(format!("pactwright review{}", if is_usual { "" } else { &place }))
}
