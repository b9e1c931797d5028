//! The standard streams. A closed pipe (`| head`) is never an error and never a panic.

use std::io::{ErrorKind, Write};

use anstyle::{AnsiColor, Style};

use super::Failure;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

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

/// Writes something worth knowing to standard error.
pub(crate) fn note(text: &str) {
    let mut out = anstream::stderr().lock();
    let _ = writeln!(out, "{HINT}note{HINT:#}: {text}");
}

/// Writes what is no result to standard error.
pub(crate) fn tell(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// Writes the result of a command to standard output.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::could_not_find_out("the result could not be written").because(&error))
        }
        _ => Ok(()),
    }
}
