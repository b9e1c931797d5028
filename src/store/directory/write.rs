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

/// A step of writing a file, after which everything stops: nothing is tidied up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
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

impl Fault {
    /// All steps, in their order.
    pub const ALL: [Self; 5] = [Self::Made, Self::HalfWritten, Self::Written, Self::Synced, Self::Renamed];
}

/// What the names of unfinished files begin with.
pub(super) const UNFINISHED: &str = ".unfinished-";

/// Writes `text` to `path`, where nothing is yet, with the directories above it.
pub(super) fn write(path: &Path, text: &str, fault: Option<Fault>) -> Result<Made, StoreError> {
    try_to_write(path, text, fault)
        .map(|()| Made::Now)
        .map_err(|source| StoreError::Write { path: path.to_owned(), source })
}

fn try_to_write(path: &Path, text: &str, fault: Option<Fault>) -> io::Result<()> {
    let stop = |step| match fault {
        Some(fault) if fault == step => Err(io::Error::other(format!("stopped at the step {step:?}"))),
        _ => Ok(()),
    };
    let parent = path.parent().unwrap_or(path);
    make_directories(parent)?;
    let temporary = temporary(parent);
    let mut file = File::create_new(&temporary)?;
    stop(Fault::Made)?;
    let (first, second) = text.as_bytes().split_at(text.len() / 2);
    file.write_all(first)?;
    stop(Fault::HalfWritten)?;
    file.write_all(second)?;
    stop(Fault::Written)?;
    file.sync_all()?;
    drop(file);
    stop(Fault::Synced)?;
    fs::rename(&temporary, path)?;
    stop(Fault::Renamed)?;
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
