//! Writes a file so that it is there whole or not at all, whatever happens meanwhile.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::store::StoreError;

/// What has become of a file that was to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// It was written.
    Now,
    /// It was there, with the same text.
    Already,
    /// It was there, with another text.
    Otherwise,
}

/// A step of writing a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The temporary file has been made and is empty.
    Made,
    /// It has half of the text.
    HalfWritten,
    /// It has all of the text, which may not have reached the disk.
    Written,
    /// The text has reached the disk.
    Synced,
    /// The file has its name, which may not have reached the disk.
    Renamed,
}

/// What the names of unfinished files begin with.
pub(super) const UNFINISHED: &str = ".unfinished-";

/// Writes `text` to `path`, where nothing is yet, with the directories above it.
pub(super) fn write(path: &Path, text: &str) -> Result<Made, StoreError> {
    step_by_step(path, text, &|_| Ok(()))
        .map(|()| Made::Now)
        .map_err(|source| StoreError::Write { path: path.to_owned(), source })
}

/// Writes, and goes no further than `after` allows: what is there then is what a crash leaves.
fn step_by_step(path: &Path, text: &str, after: &dyn Fn(Step) -> io::Result<()>) -> io::Result<()> {
    let parent = path.parent().unwrap_or(path);
    make_directories(parent)?;
    let temporary = temporary(parent);
    let mut file = File::create_new(&temporary)?;
    after(Step::Made)?;
    let (first, second) = text.as_bytes().split_at(text.len() / 2);
    file.write_all(first)?;
    after(Step::HalfWritten)?;
    file.write_all(second)?;
    after(Step::Written)?;
    file.sync_all()?;
    drop(file);
    after(Step::Synced)?;
    fs::rename(&temporary, path)?;
    after(Step::Renamed)?;
    sync_directory(parent)
}

/// A name that no other writer has, in the directory to which the file will belong.
fn temporary(parent: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // Two machines that share a disk may have processes of the same number.
    let chance = RandomState::new().build_hasher().finish();
    parent.join(format!("{UNFINISHED}{chance:016x}-{}-{count}", process::id()))
}

/// Makes a directory and those above it, and sees to it that they are still there after a crash.
fn make_directories(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path)?;
    // The names of new directories are kept by those above them.
    path.ancestors().skip(1).take(3).filter(|above| above.is_dir()).try_for_each(sync_directory)
}

/// Sees to it that the names in a directory have reached the disk.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// A directory cannot be opened as a file here; the system keeps names by itself.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::contract::Digest;
    use crate::fact::{EnvironmentDescription, Fact, Ids, What};
    use crate::store::{Directory, Store};

    const STEPS: [Step; 5] = [Step::Made, Step::HalfWritten, Step::Written, Step::Synced, Step::Renamed];

    fn fact(name: &str) -> Fact {
        let what = What::EnvironmentCreated(EnvironmentDescription {
            name: name.parse().expect("a name"),
            display_name: None,
            production: false,
            contact: None,
        });
        Fact { id: Ids::new().next("2026-01-01T00:00:00Z".parse().expect("a time")), what }
    }

    fn path_of(root: &Path, fact: &Fact) -> PathBuf {
        root.join("ledger/facts/2026-01").join(format!("{}-{}.json", fact.id, fact.what.kind()))
    }

    #[test]
    fn a_writer_that_is_stopped_after_any_step_leaves_the_file_or_nothing() {
        for last in STEPS {
            let dir = tempfile::TempDir::new().expect("a directory");
            let store = || Directory::new(dir.path().to_owned(), None);
            let (before, new) = (fact("production"), fact("test"));
            store().append(&before).expect("kept");
            let stop = |step| if step == last { Err(io::Error::other("stopped")) } else { Ok(()) };
            assert!(step_by_step(&path_of(dir.path(), &new), &new.to_text(), &stop).is_err());
            let content = dir.path().join(format!("ledger/contents/{}.json", Digest::of("content")));
            assert!(step_by_step(&content, "content", &stop).is_err());
            let known = store().facts().expect("what is there can be read");
            assert_eq!(known.len(), if last == Step::Renamed { 2 } else { 1 }, "{last:?}");
            // Who could not finish tries again.
            store().append(&new).expect("kept");
            let digest = store().put("content").expect("kept");
            assert_eq!(store().content(digest).expect("there"), "content");
            assert_eq!(store().facts().expect("listed").len(), 2, "{last:?}");
        }
    }
}
