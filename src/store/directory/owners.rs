//! `owners.toml`: what people have written down about applications.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::fact::Owners;
use crate::store::StoreError;

/// Reads the file; nobody is known when there is none.
pub(super) fn read(path: &Path) -> Result<Owners, StoreError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Owners::new()),
        Err(source) => return Err(StoreError::Read { path: path.to_owned(), source }),
    };
    toml::from_str(&text)
        .map_err(|source| StoreError::Owners { path: path.to_owned(), source: Box::new(source) })
}
