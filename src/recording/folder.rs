//! A folder of committed pacts, and beside them those that wait for a review.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// What the name of a waiting pact ends with, behind that of the committed one.
const PENDING: &str = ".new";

/// A folder of pact files.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

/// A pact that waits for a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The file that waits.
    pub path: PathBuf,
    /// The committed file that it would replace, which need not exist.
    pub committed: PathBuf,
}

/// Which of the files that have lain at one place it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    written: SystemTime,
    /// When its name or anything else about it has changed.
    changed: (i64, i64),
    length: u64,
    number: u64,
}

impl Stamp {
    /// That of the file which lies there now; `None` without one.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        #[cfg(unix)]
        let (changed, number) = {
            use std::os::unix::fs::MetadataExt as _;
            ((file.ctime(), file.ctime_nsec()), file.ino())
        };
        #[cfg(not(unix))]
        let (changed, number) = ((0, 0), 0);
        Some(Self { written: file.modified().ok()?, changed, length: file.len(), number })
    }
}

impl Folder {
    /// The pacts in a folder, which need not exist yet.
    #[must_use]
    pub fn of(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where the folder is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The committed file of a consumer and a provider: `billing-faq.json`.
    #[must_use]
    pub fn committed(&self, consumer: &str, provider: &str) -> PathBuf {
        self.path.join(format!("{}-{}.json", in_a_path(consumer), in_a_path(provider)))
    }

    /// Lets a pact wait for a review. It is there whole or not at all, whatever happens.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn propose(&self, committed: &Path, text: &str) -> io::Result<Pending> {
        let pending = Pending::of(committed);
        self.put(&pending.path, text, File::sync_all)?;
        sync(&self.path)?;
        Ok(pending)
    }

    /// As [`propose`](Self::propose), for a pact that will soon change again: it is whole as long as
    /// the machine does not fail.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn propose_for_now(&self, committed: &Path, text: &str) -> io::Result<Pending> {
        let pending = Pending::of(committed);
        self.put(&pending.path, text, |_| Ok(()))?;
        Ok(pending)
    }

    /// Writes beside a file and renames.
    fn put(&self, path: &Path, text: &str, finish: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        let beside = hidden(path);
        let mut file = File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        finish(&file)?;
        drop(file);
        fs::rename(&beside, path)
    }

    /// All committed pacts, by name.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn pacts(&self) -> io::Result<Vec<PathBuf>> {
        Ok(self.paths()?.into_iter().filter(|path| is_pact(path) && path.is_file()).collect())
    }

    /// All pacts that wait, by name.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn pending(&self) -> io::Result<Vec<Pending>> {
        let mut found = Vec::new();
        for path in self.paths()? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if let Some(committed) = name.strip_suffix(PENDING).filter(|name| is_pact(Path::new(name))) {
                let committed = path.with_file_name(committed);
                found.push(Pending { path, committed });
            }
        }
        Ok(found)
    }

    /// What lies in the folder, by name; nothing when it does not exist.
    fn paths(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        Ok(paths)
    }
}

impl Pending {
    /// The file that waits beside a committed one.
    #[must_use]
    pub fn of(committed: &Path) -> Self {
        let mut path = committed.as_os_str().to_owned();
        path.push(PENDING);
        Self { path: path.into(), committed: committed.to_owned() }
    }

    /// True when the committed pact has changed since, so that this one would undo the change.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn is_outdated(&self) -> io::Result<bool> {
        let committed = match fs::metadata(&self.committed) {
            Ok(committed) => committed,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        Ok(committed.modified()? > fs::metadata(&self.path)?.modified()?)
    }

    /// What tells the file from one that was written later; `None` without a file.
    pub(crate) fn stamp(&self) -> Option<Stamp> {
        Stamp::of(&self.path)
    }

    /// Puts the pact in the place of the committed one.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn accept(&self) -> io::Result<()> {
        fs::rename(&self.path, &self.committed)?;
        sync(self.committed.parent().unwrap_or(Path::new("")))
    }

    /// Deletes the pact that waits; no file is no error.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn reject(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn is_pact(name: &Path) -> bool {
    name.extension().is_some_and(|extension| extension == "json")
}

/// A name that can be part of a file name on any system.
fn in_a_path(name: &str) -> String {
    let unsafe_in_a_path = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    name.replace(unsafe_in_a_path, "_")
}

/// A name beside a file that no reader of pacts looks at.
fn hidden(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}-{}.tmp", std::process::id()))
}

/// A rename is safe once its folder is.
fn sync(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
