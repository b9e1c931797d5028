//! What git knows about the work tree that a provider is built from.

use std::path::Path;
use std::process::{Command, Stdio};

/// Why git says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GitSilence {
    /// There is no git here, or no repository.
    #[error("there is no git repository")]
    NoRepository,
    /// There is one, and git does not answer.
    #[error("git does not say whether the work tree has changes: {0}")]
    Refused(String),
}

/// Whether git says that there are changes that no commit holds, not counting those in the ledger of a store and
/// who owns what; anything else in its directory may be what is built.
///
/// # Errors
/// When there is a repository and git does not say.
pub fn is_changed(
    store: Option<&Path>,
    git: &dyn Fn(&[&str]) -> Result<String, GitSilence>,
) -> Result<bool, GitSilence> {
    let beside = store.and_then(|store| {
        let but = |name: &str| format!(":(exclude){}", store.join(name).display());
        let (ledger, owners) = (but("ledger"), but("owners.toml"));
        // Git refuses a path outside of its work tree; then nothing of the store lies inside.
        git(&["status", "--porcelain", "--untracked-files=all", "--", ":/", &ledger, &owners]).ok()
    });
    match beside.map_or_else(|| git(&["status", "--porcelain"]), Ok) {
        Ok(changes) => Ok(!changes.is_empty()),
        Err(GitSilence::NoRepository) => Ok(false),
        Err(refused @ GitSilence::Refused(_)) => Err(refused),
    }
}

/// What git says. Nothing said is an empty text.
///
/// # Errors
/// When it says nothing because there is no git or no repository, or because it refuses to.
pub fn git(arguments: &[&str]) -> Result<String, GitSilence> {
    // Its words are compared below, so they have to be those of no language.
    let run = Command::new("git").args(arguments).env("LC_ALL", "C").stdin(Stdio::null()).output();
    let output = run.map_err(|_| GitSilence::NoRepository)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    if complaint.contains("not a git repository") {
        return Err(GitSilence::NoRepository);
    }
    Err(GitSilence::Refused(complaint.lines().next().unwrap_or_default().to_owned()))
}
