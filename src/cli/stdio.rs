//! The standard streams. A closed pipe (`| head`) is never an error and never a panic.

use std::io::Write;

use anstyle::{AnsiColor, Style};

use super::Failure;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// Writes a result to standard output, as lines.
pub(crate) fn say(text: &str) {
    let mut out = anstream::stdout().lock();
    let _ = writeln!(out, "{text}");
}

/// Writes a failure to standard error.
pub(crate) fn complain(failure: &Failure) {
    let mut out = anstream::stderr().lock();
    let _ = writeln!(out, "{ERROR}error{ERROR:#}: {}", failure.message);
    for cause in &failure.causes {
        let _ = writeln!(out, "  because {cause}");
    }
    for hint in &failure.hints {
        let _ = writeln!(out, "  {HINT}hint{HINT:#}: {hint}");
    }
}
