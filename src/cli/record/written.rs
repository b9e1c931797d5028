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

/// What a recorded pact is to the one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Settled,
    Differs,
    Waits,
}

/// Writes all pacts, or compares them when they are only to be checked.
///
/// # Errors
/// A file cannot be read or written.
pub(super) fn all(jobs: &[Job], directory: &Path, check: bool) -> Result<Answer, Failure> {
    let folder = Folder::of(directory.to_owned());
    let mut said = String::new();
    let one = |job| one(job, &folder, check, &mut said);
    let mut standings = jobs.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    if check {
        for pending in pending(&folder)? {
            standings.push(Standing::Differs);
            let _ = write!(said, "a pact waits for a review: {}", shown(&pending));
        }
    }
    stdio::say(&said)?;
    if standings.contains(&Standing::Differs) {
        stdio::note("record where changes can be reviewed, without --check and CI; then: pactwright review");
        return Ok(Answer::No);
    }
    if standings.contains(&Standing::Waits) {
        stdio::note(&format!("next: {}", review(directory)?));
    }
    Ok(Answer::Yes)
}

/// Writes or compares one pact, and says what came of it.
fn one(job: &Job, folder: &Folder, check: bool, said: &mut String) -> Result<Standing, Failure> {
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
    let shown = path.display();
    let unwritable = |error: io::Error| {
        Failure::could_not_find_out(format!("{shown} could not be written")).because(&error)
    };
    let is_same = there.as_ref() == Some(&text);
    if is_same {
        let _ = writeln!(said, "{shown} is up to date");
        if !check {
            // What waited is not what the tests record.
            Pending::of(&path).reject().map_err(unwritable)?;
        }
        return Ok(Standing::Settled);
    }
    if check {
        let change = Change::unwritten(&path, there.as_deref(), &text)?;
        let _ = writeln!(said, "{shown} is not what was recorded\n{}", change.text()?);
        return Ok(Standing::Differs);
    }
    // What waits already was never decided about, so nothing is committed past it.
    let waits = there.is_some() || Pending::of(&path).path.exists();
    let pending = folder.propose(&path, &text).map_err(unwritable)?;
    if !waits {
        pending.accept().map_err(unwritable)?;
        let _ = writeln!(said, "{shown} is new");
        return Ok(Standing::Settled);
    }
    let change = Change::of(&pending, there.as_deref(), &text)?;
    let how = if there.is_some() { "has changed" } else { "is new" };
    let _ = write!(said, "{shown} {how}, and waits for a review\n{}", change.text()?);
    Ok(Standing::Waits)
}

/// The command that reviews what waits in a folder.
fn review(directory: &Path) -> Result<String, Failure> {
    let usual = root_above(&working_directory()?).join("pacts");
    let is_usual = std::path::absolute(directory).is_ok_and(|path| path == usual);
    let place = format!(" --pacts {}", name::quoted(&directory.display().to_string()));
    Ok(format!("pactwright review{}", if is_usual { "" } else { &place }))
}
