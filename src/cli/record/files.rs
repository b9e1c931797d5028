//! The files of interactions, and what the arguments say about each of them.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use super::RecordArguments;
use crate::cli::{Failure, rendering, settings, stdio, working_directory};
use crate::finding::Finding;
use crate::record::{self, Recording, Source, Wanted};
use crate::recording::Folder;
use crate::report;
use crate::report::Colour;
use crate::report::lint::Lint;

/// One provider that is to be stood in for.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) recording: Arc<Recording>,
    pub(crate) port: u16,
}

impl Job {
    pub(crate) fn provider(&self) -> &str {
        &self.recording.contract.provider
    }

    /// The variable for the address of the mock, and its value.
    pub(crate) fn variable(&self, url: &str) -> Option<(OsString, OsString)> {
        variable(self.recording.env.as_deref()?, url)
    }
}

/// `NAME` or `NAME=TEXT`, with the address in the place of `{url}`, `{host}` and `{port}`.
pub(super) fn variable(env: &str, url: &str) -> Option<(OsString, OsString)> {
    let (name, text) = env.split_once('=').unwrap_or((env, "{url}"));
    let (host, port) = url.rsplit_once("//")?.1.split_once(':')?;
    let value = text.replace("{url}", url).replace("{host}", host).replace("{port}", port);
    Some((name.into(), value.into()))
}

/// Reads all files; nothing when one of them cannot be used, which has then been said.
pub(super) fn read(arguments: &RecordArguments) -> Result<Option<Vec<Job>>, Failure> {
    let consumer = match &arguments.consumer {
        Some(consumer) => Some(consumer.clone()),
        None => settings::read_file(&working_directory()?)?.0.consumer,
    };
    let mut jobs = Vec::new();
    let mut findings = Vec::new();
    for (index, path) in arguments.files.iter().enumerate() {
        let wanted = Wanted {
            consumer: consumer.clone(),
            provider: nth(&arguments.provider, index, arguments, "--provider")?,
            env: nth(&arguments.env, index, arguments, "--env")?,
            version: arguments.spec,
        };
        let port = nth(&arguments.port, index, arguments, "--port")?.unwrap_or(0);
        match read_one(path, &wanted)? {
            Ok(recording) => jobs.push(Job { recording: Arc::new(recording), port }),
            Err(found) => findings.extend(found),
        }
    }
    if !findings.is_empty() {
        say(findings)?;
        return Ok(None);
    }
    refuse_nameless(&jobs)?;
    refuse_twins(&jobs, &arguments.output)?;
    refuse_variables(&jobs.iter().filter_map(|job| job.recording.env.as_deref()).collect::<Vec<_>>())?;
    Ok(Some(jobs))
}

fn read_one(path: &Path, wanted: &Wanted) -> Result<Result<Recording, Vec<Finding>>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::asked_wrongly(format!("{} cannot be read", path.display())).because(&error)
    })?;
    let name = path.display().to_string();
    Ok(record::read(Source { name: &name, text: &text }, wanted))
}

/// What an argument that is given once for each file says about one of them.
pub(super) fn nth<T: Clone>(
    given: &[T],
    index: usize,
    arguments: &RecordArguments,
    name: &str,
) -> Result<Option<T>, Failure> {
    if given.is_empty() {
        return Ok(None);
    }
    if given.len() != arguments.files.len() {
        let message = format!("files: {}, {name}: {}", arguments.files.len(), given.len());
        return Err(Failure::asked_wrongly(message)
            .hint(format!("give {name} once for each file, in their order, or say it in the files")));
    }
    Ok(given.get(index).cloned())
}

fn say(findings: Vec<Finding>) -> Result<(), Failure> {
    let lint = Lint { pacts: 0, interactions: 0, strict: true, findings };
    let text = rendering::to_text(|out| report::lint::findings(&lint, Colour::Always, out))?;
    stdio::tell(&text);
    stdio::tell("\nnothing was run and nothing was recorded\n");
    Ok(())
}

/// A mock that nobody can find out about would never be asked.
fn refuse_nameless(jobs: &[Job]) -> Result<(), Failure> {
    match jobs.iter().find(|job| job.recording.env.is_none() && job.port == 0) {
        Some(job) => {
            let message = format!("the command is not told where the mock of {} is", job.provider());
            Err(Failure::asked_wrongly(message)
                .hint("--env NAME puts its address into a variable, or `env: NAME` in the file")
                .hint("--port PORT has it listen where the tests look already"))
        }
        None => Ok(()),
    }
}

/// Variables that no command could read its address from.
pub(super) fn refuse_variables(all: &[&str]) -> Result<(), Failure> {
    for (index, env) in all.iter().enumerate() {
        let (name, text) = env.split_once('=').unwrap_or((env, "{url}"));
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(is_part) {
            return Err(Failure::asked_wrongly(format!("`{name}` is no name of a variable"))
                .hint("it has letters, digits and `_`, such as FAQ_API"));
        }
        if !["{url}", "{host}", "{port}"].iter().any(|place| text.contains(place)) {
            return Err(Failure::asked_wrongly(format!("`{env}` has no place for the address")).hint(
                format!("such as {name}={{url}}, or {{host}} and {{port}}; {name} alone is the address"),
            ));
        }
        let is_same = |other: &&&str| other.split('=').next() == Some(name);
        if all[..index].iter().any(|other| is_same(&other)) {
            return Err(Failure::asked_wrongly(format!("two mocks cannot both be in the variable {name}"))
                .hint("give each provider a variable of its own"));
        }
    }
    Ok(())
}

/// Two files for one pact would replace each other.
fn refuse_twins(jobs: &[Job], output: &Path) -> Result<(), Failure> {
    let pair = |job: &Job| (job.recording.contract.consumer.clone(), job.provider().to_owned());
    let folder = Folder::of(output.to_owned());
    let file = |job: &Job| folder.committed(&job.recording.contract.consumer, job.provider());
    for (index, job) in jobs.iter().enumerate() {
        let Some(other) = jobs[..index].iter().find(|other| file(other) == file(job)) else { continue };
        let ((one, its), (two, others)) = (pair(other), pair(job));
        if pair(other) == pair(job) {
            let message = format!("two files are about {one} and {its}");
            return Err(Failure::asked_wrongly(message).hint("put their interactions into one file"));
        }
        let path = file(job);
        let message =
            format!("{one} with {its} and {two} with {others} would both be written to {}", path.display());
        return Err(Failure::asked_wrongly(message).hint("give one of the applications another name"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_nobody_could_read_the_address_from_is_refused() {
        let said = |all: &[&str]| refuse_variables(all).map_err(|failure| failure.message);
        assert_eq!(said(&["FAQ_API", "_2={host}:{port}", "URL=at {url}/api"]), Ok(()));
        for refused in [&[""][..], &["1"], &["a b"], &["=x"], &["API=foo"], &["API", "OTHER", "API={url}/x"]]
        {
            assert!(said(refused).is_err(), "{refused:?}");
        }
    }
}
