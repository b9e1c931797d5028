//! `pactwright assemble`: makes pacts of what tests have recorded, to be reviewed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use super::Places;
use super::change::Change;
use super::review::shown;
use crate::cli::{Failure, stdio};
use crate::consumer;
use crate::outcome::Answer;
use crate::recording::{
    Abandoned, Assembled, Completeness, Folder, Fragments, Pending, Problem, abandoned, assemble,
};

/// Make pacts of what tests have recorded
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright assemble                                    after the tests have run
  pactwright assemble -- cargo nextest run               run the tests first
  pactwright assemble --complete -- cargo nextest run    they are all there are: what none of them
                                                         records is removed
  pactwright assemble --check                            are the committed pacts what tests record?

A pact that changes is written beside the committed one, as billing-faq.json.new, and `pactwright
review` shows what the change means for the provider. With --check, and wherever CI is set, nothing
is written.

Exit status:
  0  the pacts are assembled; with --check: nothing has changed and nothing waits
  1  with --check: a pact has changed or waits for a review; with --complete: no test records any of a
     pact; or the tests failed
  2  a committed pact cannot be read, or two tests contradict each other
  3  nothing was recorded")]
pub(crate) struct Assemble {
    #[command(flatten)]
    places: Places,
    /// The command runs all tests: an interaction that none of them records is removed
    #[arg(long, requires = "command")]
    complete: bool,
    /// Write nothing, and say whether anything would change
    #[arg(long)]
    check: bool,
    /// Runs the tests; only if it succeeds is anything assembled
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Assembles, and lets changed pacts wait or, where nothing may be written, says what has changed.
pub(crate) fn run(arguments: &Assemble) -> Result<Answer, Failure> {
    let folder = if arguments.check { arguments.places.pacts_there() } else { arguments.places.pacts() }?;
    let kept = arguments.places.fragments()?;
    let run = match arguments.command.split_first() {
        None => None,
        Some((program, rest)) => {
            let run = TestRun::start(&kept)?;
            if !run.succeeds(program, rest)? {
                stdio::note("the tests failed, so nothing was assembled");
                return Ok(Answer::No);
            }
            Some(run)
        }
    };
    let completeness = if arguments.complete { Completeness::Complete } else { Completeness::Partial };
    let fragments = run.as_ref().map_or(&kept, |run| &run.fragments);
    let pacts = assemble(fragments, &folder, completeness).map_err(|problem| refused(&problem))?;
    if let Some(run) = &run {
        run.keep(&kept, &pacts, completeness)?;
    }
    let abandoned = match completeness {
        Completeness::Complete => abandoned(&folder, &pacts).map_err(|problem| refused(&problem))?,
        Completeness::Partial => Vec::new(),
    };
    abandoned.iter().try_for_each(|one| kept.forget(&one.consumer, &one.provider)).map_err(|error| {
        Failure::could_not_find_out(format!("{} cannot be cleared", kept.path().display())).because(&error)
    })?;
    if arguments.check || arguments.places.is_ci() {
        return check(arguments, &pacts, &abandoned, &folder);
    }
    if pacts.is_empty() {
        let message = format!("no test has recorded anything in {}", fragments.path().display());
        return Err(nothing(message, arguments, &folder));
    }
    let answer = propose(&pacts, &folder, &arguments.places)?;
    abandoned.iter().try_for_each(|one| stdio::say(&forgotten(&one.file)))?;
    Ok(if abandoned.is_empty() { answer } else { Answer::No })
}

/// A pact is deleted by whoever knows that it is over, never by a command that was told to run tests.
fn forgotten(file: &Path) -> String {
    format!("{}: no test records any of it; delete it when that is meant\n", file.display())
}

/// Nothing was recorded. Which of the committed pacts the tests are about is then known to nobody, so
/// they are named and none is said to be over.
fn nothing(message: String, arguments: &Assemble, folder: &Folder) -> Failure {
    let failure = Failure::could_not_find_out(message);
    if arguments.command.is_empty() {
        let check = if arguments.check { " --check" } else { "" };
        let hint = format!(
            "run the tests first, or let this command run them: pactwright assemble{check} -- COMMAND"
        );
        return failure.hint(hint);
    }
    let failure = failure.hint(format!("is `{}` what runs the tests?", arguments.command.join(" ")));
    let pacts = folder.pacts().unwrap_or_default();
    let pacts: Vec<String> = pacts.iter().map(|pact| pact.display().to_string()).collect();
    if pacts.is_empty() {
        return failure;
    }
    failure
        .hint(format!("a pact whose last test is gone on purpose is deleted by hand: {}", pacts.join(", ")))
}

pub(in crate::cli) fn refused(problem: &Problem) -> Failure {
    let failure = Failure::asked_wrongly(problem.to_string());
    let failure = match std::error::Error::source(problem) {
        Some(source) => failure.because(source),
        None => failure,
    };
    match problem {
        Problem::Unsound { .. } => {
            failure.hint("restore it from version control, or delete it to start anew")
        }
        Problem::Conflict(_) => failure.hint("give one of the two interactions another description"),
        Problem::Versions { .. } => {
            failure.hint("pactwright assemble --complete -- COMMAND runs all tests again")
        }
        Problem::SameFile { .. } => failure.hint("give one of the applications another name"),
        Problem::Unreadable { .. } => failure,
    }
}

/// Whether the committed pacts are what the tests record, and nothing waits.
fn check(
    arguments: &Assemble,
    pacts: &[Assembled],
    abandoned: &[Abandoned],
    folder: &Folder,
) -> Result<Answer, Failure> {
    let mut answer = Answer::Yes;
    for pact in pacts.iter().filter(|pact| pact.differs()) {
        answer = Answer::No;
        let change = Change::unwritten(&pact.file, pact.before.as_deref(), &pact.after)?;
        let state = if pact.before.is_none() { "is not committed" } else { "is not what the tests record" };
        stdio::say(&format!("{} {state}\n{}", pact.file.display(), change.text()?))?;
    }
    for pending in pending(folder)? {
        answer = Answer::No;
        stdio::say(&format!("a pact waits for a review: {}", shown(&pending)))?;
    }
    for one in abandoned {
        answer = Answer::No;
        stdio::say(&forgotten(&one.file))?;
    }
    if answer == Answer::No {
        let review = arguments.places.command("review");
        stdio::note(&format!("run the tests where changes can be reviewed, then: {review}"));
    } else if pacts.is_empty() {
        let message = "no test has recorded anything, so nothing was checked";
        return Err(nothing(message.to_owned(), arguments, folder));
    } else {
        let interactions: usize = pacts.iter().map(|pact| pact.interactions).sum();
        let (pacts, interactions) = (counted(pacts.len(), "pact"), counted(interactions, "interaction"));
        stdio::say(&format!("{pacts} with {interactions}, as committed\n"))?;
    }
    Ok(answer)
}

/// Lets every pact that has changed wait for a review.
fn propose(pacts: &[Assembled], folder: &Folder, places: &Places) -> Result<Answer, Failure> {
    let mut waits = false;
    for pact in pacts {
        let unwritable = |error: std::io::Error| {
            Failure::could_not_find_out(format!("{} cannot be written", pact.file.display())).because(&error)
        };
        if !pact.differs() {
            Pending::of(&pact.file).reject().map_err(unwritable)?;
            let interactions = counted(pact.interactions, "interaction");
            stdio::say(&format!("{}: {interactions}, unchanged\n", pact.file.display()))?;
            continue;
        }
        waits = true;
        let change = Change::of(&Pending::of(&pact.file), pact.before.as_deref(), &pact.after)?;
        let pending = folder.propose(&pact.file, &pact.after).map_err(unwritable)?;
        stdio::say(&format!("{} waits for a review: {}\n", pending.path.display(), change.summary()))?;
        stdio::say(&change.not_read())?;
        for description in &pact.dropped {
            stdio::say(&format!("  no test records \"{description}\" any more\n"))?;
        }
    }
    if waits {
        stdio::note(&format!("next: {}", places.command("review")));
    }
    Ok(Answer::Yes)
}

/// All that waits in a folder.
pub(in crate::cli) fn pending(folder: &Folder) -> Result<Vec<Pending>, Failure> {
    folder.pending().map_err(|error| {
        let path = folder.path().display();
        Failure::could_not_find_out(format!("{path} cannot be read")).because(&error)
    })
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// A run of the tests, with a folder of its own, so that what it records is all there is in it.
struct TestRun {
    id: String,
    fragments: Fragments,
}

/// What failed tests have recorded is of no use to anybody.
impl Drop for TestRun {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.fragments.path());
    }
}

impl TestRun {
    fn start(kept: &Fragments) -> Result<Self, Failure> {
        let id = format!("assemble-{}", std::process::id());
        let folder = beside(kept.path(), &id);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                let message = format!("{} cannot be removed", folder.display());
                return Err(Failure::could_not_find_out(message).because(&error));
            }
            _ => {}
        }
        Ok(Self { id, fragments: Fragments::of(folder) })
    }

    /// Runs the command, which shares our streams.
    fn succeeds(&self, program: &str, rest: &[String]) -> Result<bool, Failure> {
        let unwritable = |error: std::io::Error| {
            let path = self.fragments.path().display();
            Failure::could_not_find_out(format!("{path} cannot be written")).because(&error)
        };
        let _until_it_ends = self.fragments.wait_for().map_err(unwritable)?;
        let mut command = Command::new(program);
        command.args(rest).env(consumer::FRAGMENTS, self.fragments.path()).env(consumer::RUN, &self.id);
        let status = command.status().map_err(|error| {
            Failure::asked_wrongly(format!("`{program}` cannot be started")).because(&error)
        })?;
        Ok(status.success())
    }

    /// Moves what was recorded to where the next run finds it. What a complete run has not recorded
    /// is gone there as well.
    fn keep(&self, kept: &Fragments, pacts: &[Assembled], completeness: Completeness) -> Result<(), Failure> {
        if completeness == Completeness::Complete {
            pacts.iter().try_for_each(|pact| kept.forget(&pact.consumer, &pact.provider)).map_err(
                |error| {
                    let path = kept.path().display();
                    Failure::could_not_find_out(format!("{path} cannot be cleared")).because(&error)
                },
            )?;
        }
        self.fragments.move_into(kept).map_err(|error| {
            let path = kept.path().display();
            Failure::could_not_find_out(format!("what was recorded cannot be moved to {path}"))
                .because(&error)
        })
    }
}

/// An absolute path, for a command that may run its tests in another directory.
fn beside(path: &Path, name: &str) -> PathBuf {
    let path = path.with_file_name(name);
    std::path::absolute(&path).unwrap_or(path)
}
