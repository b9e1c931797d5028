//! `owners.toml`: what people have written down about applications.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::fact::Owners;
use crate::store::StoreError;

/// What the file says; nobody is known when there is none.
pub(super) fn read(path: &Path) -> Result<Owners, StoreError> {
    parse(path, &text(path)?.unwrap_or_default())
}

/// The text of the file, when there is one.
pub(super) fn text(path: &Path) -> Result<Option<String>, StoreError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StoreError::Read { path: path.to_owned(), source }),
    }
}

/// What a text says that is meant for the file.
pub(super) fn parse(path: &Path, text: &str) -> Result<Owners, StoreError> {
    toml::from_str(text)
        .map_err(|source| StoreError::Owners { path: path.to_owned(), source: Box::new(source) })
}
