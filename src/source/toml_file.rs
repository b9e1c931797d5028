//! Reading a TOML file, with the place of what is wrong in it and with what was probably meant.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::name::nearest;

/// A TOML file says something that it may not say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}:{column}: {message}", path.display())]
pub struct TomlError {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What was probably meant, or what is possible.
    pub help: Option<String>,
}

/// Reads the text of the file at `path`.
///
/// # Errors
/// With file, line and column.
pub fn parse_toml<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, TomlError> {
    toml::from_str(text).map_err(|error| {
        let (line, column) = position(text, error.span().map_or(0, |span| span.start));
        let (message, help) = match unknown_key(error.message()) {
            Some((key, known)) => (format!("the key `{key}` is not known here"), Some(meant(key, &known))),
            None => (error.message().replace('\n', ", "), None),
        };
        TomlError { path: path.to_owned(), line, column, message, help }
    })
}

fn meant(key: &str, known: &[&str]) -> String {
    match nearest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here are {}", known.join(", ")),
    }
}

/// The keys that a table of this kind may have.
#[must_use]
pub fn keys_of<T: DeserializeOwned>() -> Vec<String> {
    // Only the parser knows, and it tells whoever asks for a key that cannot be.
    let refused = toml::from_str::<T>("\"\" = 0").err();
    let message = refused.map(|error| error.message().to_owned()).unwrap_or_default();
    unknown_key(&message).map(|(_, known)| known.into_iter().map(str::to_owned).collect()).unwrap_or_default()
}

/// The key that is not known, and those that are: the quoted words of the parser's sentence.
fn unknown_key(message: &str) -> Option<(&str, Vec<&str>)> {
    let mut words = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    Some((words.next()?, words.collect()))
}

/// Line and column, both from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}
