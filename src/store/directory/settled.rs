//! Reads again what was put together with others while it was read.
//!
//! Whoever puts facts together writes them into one file before the single files go. So a file that was listed
//! and is gone means that its facts now lie elsewhere, and that another list is needed.

use std::io::ErrorKind;

use crate::store::StoreError;

/// How often a list is made anew. Each try begins when files have gone, and they go only once.
const TRIES: usize = 100;

/// What `read` finds when nothing that it has listed goes meanwhile.
pub(super) fn settled<T>(read: impl Fn() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for _ in 1..TRIES {
        match read() {
            Err(error) if has_gone(&error) => {}
            other => return other,
        }
    }
    read()
}

/// Whether a file was listed and is no longer there.
pub(super) fn has_gone(error: &StoreError) -> bool {
    matches!(error, StoreError::Read { source, .. } if source.kind() == ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io;

    use super::*;

    fn gone() -> StoreError {
        StoreError::Read { path: "x".into(), source: io::Error::from(ErrorKind::NotFound) }
    }

    #[test]
    fn what_goes_is_looked_for_again_and_not_for_ever() {
        let tries = Cell::new(0);
        let read = || {
            tries.set(tries.get() + 1);
            if tries.get() < 3 { Err(gone()) } else { Ok("found") }
        };
        assert_eq!(settled(read).ok(), Some("found"));
        tries.set(0);
        let never = || -> Result<(), _> {
            tries.set(tries.get() + 1);
            Err(gone())
        };
        assert!(settled(never).is_err());
        assert_eq!(tries.get(), TRIES);
    }
}
