//! What the library takes from its surroundings: where the repository is, which run this is, and
//! whether somebody is there to review a change. The only file of the library that reads the
//! environment.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::recording::Fragments;

/// Names a folder that is used for fragments instead of `target/pactwright`.
pub const FRAGMENTS: &str = "PACTWRIGHT_FRAGMENTS";
/// Names a folder of committed pacts that is used instead of `pacts`.
pub const PACTS: &str = "PACTWRIGHT_PACTS";
/// Names the run that fragments belong to; set by `pactwright assemble`, which then makes the pacts. It
/// counts only while that command waits for its tests.
pub const RUN: &str = "PACTWRIGHT_RUN";

/// The surroundings of this process.
#[derive(Debug)]
pub(super) struct Surroundings {
    /// The folder of the repository: the nearest one above with a `Cargo.lock`.
    pub(super) root: PathBuf,
    /// Where fragments go, when somebody has said so.
    pub(super) fragments: Option<PathBuf>,
    /// Where the committed pacts are, when somebody has said so.
    pub(super) pacts: Option<PathBuf>,
    /// What tells this run of the tests from others, as far as it can be told.
    pub(super) run: String,
    /// True when pacts are put together at the end: by `pactwright assemble` that runs these tests, or
    /// because every test has a process of its own, so that none of them sees the others. In CI nothing is
    /// put together, so there each test looks for itself whether its contract is committed.
    pub(super) assembled_later: bool,
    /// True where nothing may be written but fragments.
    pub(super) ci: bool,
    /// Whether messages may be coloured.
    pub(super) colour: bool,
}

/// The surroundings, read once.
pub(super) fn surroundings() -> &'static Surroundings {
    static KNOWN: LazyLock<Surroundings> = LazyLock::new(read);
    &KNOWN
}

fn read() -> Surroundings {
    let package = variable("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let start = package.or_else(|| std::env::current_dir().ok()).unwrap_or_else(|| PathBuf::from("."));
    let fragments = variable(FRAGMENTS).map(PathBuf::from);
    let assembling = variable(RUN).filter(|run| is_going_on(run, fragments.as_deref()));
    let is_alone = variable("NEXTEST_EXECUTION_MODE").is_some_and(|mode| mode == "process-per-test");
    let ci = is_ci(variable("CI").as_deref());
    Surroundings {
        root: root_above(&start),
        pacts: variable(PACTS).map(PathBuf::from),
        assembled_later: assembling.is_some() || is_alone && !ci,
        run: assembling.or_else(|| variable("NEXTEST_RUN_ID")).unwrap_or_else(run_of_cargo),
        fragments,
        ci,
        colour: variable("NO_COLOR").is_none() && std::io::stderr().is_terminal(),
    }
}

/// True for a run whose folder is named like it and whose end somebody waits for: a name that was left in
/// the environment, or was set by hand, switches nothing off.
fn is_going_on(run: &str, fragments: Option<&Path>) -> bool {
    let Some(folder) = fragments.filter(|folder| folder.file_name().is_some_and(|name| name == run)) else {
        return false;
    };
    Fragments::of(folder.to_owned()).are_awaited()
}

/// The nearest folder at or above `start` that holds a `Cargo.lock`, or else `start` itself.
#[must_use]
pub fn root_above(start: &Path) -> PathBuf {
    start.ancestors().find(|folder| folder.join("Cargo.lock").is_file()).unwrap_or(start).to_owned()
}

/// True for the values of `CI` that mean yes.
#[must_use]
pub fn is_ci(value: Option<&str>) -> bool {
    value.is_some_and(|value| !matches!(value, "" | "0" | "false"))
}

/// The test binaries of one `cargo test` have the same parent; anything else started this one alone.
fn run_of_cargo() -> String {
    let own = std::process::id();
    #[cfg(unix)]
    if variable("CARGO").is_some() {
        return format!("cargo-{}", std::os::unix::process::parent_id());
    }
    format!("process-{own}")
}

#[expect(clippy::disallowed_methods, reason = "a test has no command line that could hand it down")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
