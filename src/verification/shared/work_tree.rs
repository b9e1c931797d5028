//! What git knows about the work tree that a provider is built from.

use std::path::Path;
use std::process::{Command, Stdio};

/// Whether git says that there are changes that no commit holds, not counting those in a store.
pub fn is_changed(store: Option<&Path>, git: &dyn Fn(&[&str]) -> Option<String>) -> bool {
    let beside = store.and_then(|store| {
        let others = format!(":(exclude){}", store.display());
        // Git refuses a path outside of its work tree; then nothing of the store lies inside.
        git(&["status", "--porcelain", "--", ":/", &others])
    });
    let changes = beside.or_else(|| git(&["status", "--porcelain"]));
    changes.is_some_and(|changes| !changes.is_empty())
}

/// What git says; nothing where there is no git, or no repository. Nothing said is an empty text.
#[must_use]
pub fn git(arguments: &[&str]) -> Option<String> {
    let output =
        Command::new("git").args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
