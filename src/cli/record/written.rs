//! The recorded pacts, written or compared with those that are there.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::files::Job;
use crate::cli::{Failure, stdio};
use crate::contract::canonical;
use crate::outcome::Answer;

/// Writes all pacts, or compares them when they are only to be checked.
///
/// # Errors
/// A file cannot be read or written.
pub(super) fn all(jobs: &[Job], directory: &Path, check: bool) -> Result<Answer, Failure> {
    let mut said = String::new();
    let mut answer = Answer::Yes;
    for job in jobs {
        let contract = &job.recording.contract;
        let (text, path) =
            (canonical(contract).text, directory.join(file_name(&contract.consumer, &contract.provider)));
        let there = there(&path)?;
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
            let _ = writeln!(said, "Recorded {pair}: {path_text} is not what was recorded\n");
            let there = there.unwrap_or_default();
            let diff = TextDiff::from_lines(there.as_str(), text.as_str());
            let _ = writeln!(said, "{}", diff.unified_diff().header(&path_text.to_string(), "recorded"));
            let _ = writeln!(said, "without --check, it is written");
        } else {
            replace(&path, &text).map_err(|error| {
                Failure::could_not_find_out(format!("{path_text} could not be written")).because(&error)
            })?;
            let how = if there.is_some() { "was changed" } else { "is new" };
            let _ = writeln!(said, "Recorded {pair}: {path_text} {how}");
        }
    }
    stdio::say(&said)?;
    Ok(answer)
}

fn there(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(Failure::could_not_find_out(format!("{} cannot be read", path.display())).because(&error))
        }
    }
}

/// `support-faq.json`; what cannot stand in a file name becomes a hyphen.
fn file_name(consumer: &str, provider: &str) -> String {
    let safe = |name: &str| {
        let is_odd =
            |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
        name.replace(is_odd, "-")
    };
    format!("{}-{}.json", safe(consumer), safe(provider))
}

/// Puts a text into a file, so that at no moment there is a part of it.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let directory =
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Path::new("."), |parent| parent);
    fs::create_dir_all(directory)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let unfinished: PathBuf = directory.join(format!(".{name}.{}.unfinished", std::process::id()));
    let written = File::create(&unfinished).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&unfinished, path)).inspect_err(|_| {
        let _ = fs::remove_file(&unfinished);
    })
}
