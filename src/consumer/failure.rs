//! Why an interaction was not recorded, in words for the author of the test.

use std::io;
use std::panic::Location;
use std::path::PathBuf;

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
        "\"{first}\" and \"{second}\" expect the same request, so nobody could say which of them was \
         used; run them one after the other, each on its own"
    )]
    Indistinguishable {
        /// The one.
        first: String,
        /// The other.
        second: String,
    },
    /// The code asked for something else, did not ask at all, or failed.
    #[error("the contract was not kept, so nothing was recorded\n{}", not_kept(.misses, .unused, .code.as_deref()))]
    NotKept {
        /// What was asked that nobody expected, explained.
        misses: Vec<String>,
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

impl Failure {
    /// Fails the test, at the line of the caller.
    #[track_caller]
    pub(super) fn raise(&self) -> ! {
        panic!("{}", self.told())
    }

    /// Fails the test from inside a future, where the line of the caller has to be told.
    pub(super) fn raise_for(&self, caller: &Location<'_>) -> ! {
        panic!("{}:{}: {}", caller.file(), caller.line(), self.told())
    }

    /// The message with its cause.
    fn told(&self) -> String {
        let cause = std::error::Error::source(self).map(|cause| format!(": {cause}"));
        format!("{self}{}", cause.unwrap_or_default())
    }
}

/// Lines that hang below a sentence.
fn listed(lines: &[String]) -> String {
    lines.iter().map(|line| format!("  - {line}")).collect::<Vec<_>>().join("\n")
}

fn not_kept(misses: &[String], unused: &[String], code: Option<&str>) -> String {
    let mut parts: Vec<String> = misses.iter().map(|miss| format!("\n{}\n", miss.trim_end())).collect();
    for name in unused {
        parts.push(format!("never asked for: {name}"));
    }
    if let Some(code) = code {
        let so = if misses.is_empty() { "the code failed" } else { "and then the code failed" };
        parts.push(format!("{so}: {code}"));
    }
    parts.join("\n")
}
