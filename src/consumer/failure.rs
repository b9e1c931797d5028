//! Why an interaction was not recorded, in words for the author of the test.

use std::io;
use std::panic::Location;
use std::path::{Path, PathBuf};

use anstyle::AnsiColor;

use super::surroundings::surroundings;
use crate::recording::Problem;

/// Why an interaction was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What was described is no sound contract.
    #[error("\"{description}\" is no sound contract ({at})\n{}", listed(.problems))]
    Unsound {
        /// The interaction.
        description: String,
        /// Where it is described.
        at: String,
        /// What is wrong, one sentence each.
        problems: Vec<String>,
    },
    /// Two interactions of one scenario have requests that cannot be told apart.
    #[error(
        "{first} and {second} expect the same request, so nobody could say which of them was \
         used; run them one after the other, each on its own"
    )]
    Indistinguishable {
        /// The one.
        first: String,
        /// The other.
        second: String,
    },
    /// The code asked for something else, did not ask at all, or failed.
    #[error("the contract was not kept, so nothing was recorded\n{}", not_kept(.misses, .unanswered, .unused, .code.as_deref()))]
    NotKept {
        /// What was asked that nobody expected, explained.
        misses: Vec<String>,
        /// The interactions whose answer could not be given, and why.
        unanswered: Vec<String>,
        /// The interactions that nobody used.
        unused: Vec<String>,
        /// Why the code itself failed, when it did.
        code: Option<String>,
    },
    /// Two tests of one run describe the same interaction in different ways.
    #[error(
        "two tests record \"{description}\" with the same provider states and a different content\n  \
         {first}\n  {second}\ngive one of them another description"
    )]
    Conflict {
        /// The interaction.
        description: String,
        /// The test that was there first.
        first: String,
        /// The test that came second.
        second: String,
    },
    /// Nobody has reviewed what the test has recorded, and nobody is here who could.
    #[error("{}", not_reviewed(*.standing, .description, .file, .changes))]
    NotReviewed {
        /// The interaction.
        description: String,
        /// What nobody has reviewed.
        standing: Standing,
        /// The committed pact, which need not exist, or the one that waits.
        file: PathBuf,
        /// What would change, and what it means for the provider.
        changes: Vec<String>,
    },
    /// The pact could not be put together.
    #[error("the pact could not be put together")]
    NotAssembled(#[source] Problem),
    /// The mock could not be started.
    #[error("the mock could not be started")]
    NoMock(#[source] io::Error),
    /// What was recorded could not be written.
    #[error("what was recorded could not be written to {}", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What is not reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There is no committed pact.
    NotCommitted,
    /// A pact waits for a review beside the committed one.
    Waits,
    /// The committed pact says something else.
    Differs,
}

impl Failure {
    /// Fails the test, at the line of the caller.
    #[track_caller]
    pub(super) fn raise(&self) -> ! {
        panic!("{}", painted(&self.told(), surroundings().colour))
    }

    /// Fails the test from inside a future, where the line of the caller has to be told.
    pub(super) fn raise_for(&self, caller: &Location<'_>) -> ! {
        let told = format!("{}:{}: {}", caller.file(), caller.line(), self.told());
        panic!("{}", painted(&told, surroundings().colour))
    }

    /// The message with its cause.
    fn told(&self) -> String {
        let cause = std::error::Error::source(self).map(|cause| format!(": {cause}"));
        format!("{self}{}", cause.unwrap_or_default())
    }
}

/// The text with colours for people at a terminal: what was expected, and what came instead.
fn painted(text: &str, colour: bool) -> String {
    if !colour {
        return text.to_owned();
    }
    let paint = |line: &str| {
        let style = match line.trim_start().get(..2) {
            Some("- ") => AnsiColor::Green.on_default(),
            Some("+ ") => AnsiColor::Red.on_default(),
            _ if line.starts_with("unexpected request") => AnsiColor::Red.on_default().bold(),
            _ => return line.to_owned(),
        };
        format!("{style}{line}{style:#}")
    };
    text.lines().map(paint).collect::<Vec<_>>().join("\n")
}

fn not_reviewed(standing: Standing, description: &str, file: &Path, changes: &[String]) -> String {
    let file = file.display();
    let (what, next) = match standing {
        Standing::NotCommitted => (
            format!("\"{description}\" is recorded, and {file} is not committed"),
            "run this test where it can be reviewed, then: pactwright review",
        ),
        Standing::Waits => (
            format!("{file} waits for a review, so \"{description}\" is not known to be meant"),
            "decide about it where it can be reviewed: pactwright review",
        ),
        Standing::Differs => (
            format!("{file} does not say what \"{description}\" records"),
            "run this test where the change can be reviewed, then: pactwright review",
        ),
    };
    format!("{what}\n{}{next}", lines(changes))
}

/// Lines that end with a line end each.
fn lines(lines: &[String]) -> String {
    lines.iter().flat_map(|line| ["  ", line, "\n"]).collect()
}

/// Lines that hang below a sentence.
fn listed(lines: &[String]) -> String {
    lines.iter().map(|line| format!("  - {line}")).collect::<Vec<_>>().join("\n")
}

fn not_kept(misses: &[String], unanswered: &[String], unused: &[String], code: Option<&str>) -> String {
    let mut parts: Vec<String> = misses.iter().map(|miss| format!("\n{}\n", miss.trim_end())).collect();
    parts.extend(unanswered.iter().cloned());
    for name in unused {
        parts.push(format!("never asked for: {name}"));
    }
    if let Some(code) = code {
        let so = if misses.is_empty() && unanswered.is_empty() { "the code failed" } else { "and then the code failed" };
        parts.push(format!("{so}: {code}"));
    }
    parts.join("\n")
}
