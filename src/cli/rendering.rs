//! Renderings of an answer as one text, which the commands without streaming reports print.

use std::io;
use std::io::Write;

use super::Failure;

/// The text that a format writes, with its colours; the stream takes them away where nobody can see
/// them.
pub(crate) fn to_text(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<String, Failure> {
    let mut out = Vec::new();
    write(&mut out)
        .map_err(|error| Failure::could_not_find_out("the result could not be rendered").because(&error))?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}
