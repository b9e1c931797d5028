//! The recorded pacts, written or compared with those that are there.

use std::fmt::Write as _;
use std::path::Path;

use super::files::Job;
use crate::cli::recorded::{Change, refused};
use crate::cli::{Failure, stdio};
use crate::outcome::Answer;
use crate::recording::{Assembly, Folder, committed};

/// Writes all pacts, or compares them when they are only to be checked.
///
/// # Errors
/// A file cannot be read or written.
pub(super) fn all(jobs: &[Job], directory: &Path, check: bool) -> Result<Answer, Failure> {
    let folder = Folder::of(directory.to_owned());
    let mut said = String::new();
    let mut answer = Answer::Yes;
    for job in jobs {
        let contract = &job.recording.contract;
        let assembly = Assembly::of(contract.document.value());
        let text = assembly.text();
        let path = folder.committed(&contract.consumer, &contract.provider);
        let names = (&*contract.consumer, &*contract.provider);
        let there = committed(&path, names).map_err(|problem| refused(&problem))?.map(|(text, _)| text);
        let count = match contract.interactions.len() {
            1 => "1 interaction".to_owned(),
            count => format!("{count} interactions"),
        };
        let pair = format!("{count} of {} with {}", contract.consumer, contract.provider);
        let path_text = path.display();
        if there.as_deref() == Some(&text) {
            let _ = writeln!(said, "Recorded {pair}: {path_text} is up to date");
        } else if check {
            answer = Answer::No;
            let change = Change::unwritten(&path, there.as_deref(), &text)?;
            let _ = writeln!(said, "Recorded {pair}: {path_text} is not what was recorded");
            let _ = writeln!(said, "{}", change.text()?);
            let _ = writeln!(said, "without --check and CI, it is written");
        } else {
            let change =
                there.as_deref().map(|there| Change::unwritten(&path, Some(there), &text)).transpose()?;
            let written = folder.propose(&path, &text).and_then(|pending| pending.accept());
            written.map_err(|error| {
                Failure::could_not_find_out(format!("{path_text} could not be written")).because(&error)
            })?;
            let how = if there.is_some() { "was changed" } else { "is new" };
            let _ = writeln!(said, "Recorded {pair}: {path_text} {how}");
            if let Some(change) = change {
                let _ = write!(said, "{}", change.text()?);
            }
        }
    }
    stdio::say(&said)?;
    Ok(answer)
}
