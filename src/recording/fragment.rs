//! Fragments: one file for each interaction that a test has recorded.
//!
//! A fragment is written beside its place and renamed into it, so it is there whole or not at all,
//! and no two tests ever write the same file: neither threads nor processes can lose anything of each
//! other. Nothing is synced to disk here; assembling does that.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::assembly::Assembly;
use crate::contract::{digest, identity};

/// Where fragments are kept in a repository, which git ignores as it does all that cargo makes.
pub const FOLDER: &str = "target/pactwright/fragments";

/// Locked as long as somebody waits for the tests that record into a folder.
const AWAITED: &str = "awaited";

/// One recorded interaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fragment {
    /// The application that expects it.
    pub consumer: String,
    /// The application that has to keep it.
    pub provider: String,
    /// The version of the specification, as pacts write it: `4.0`.
    pub version: String,
    /// The list of the pact it belongs to: `interactions` or `messages`.
    pub list: String,
    /// The test that has recorded it.
    pub test: String,
    /// Where it is described: a file and a line.
    pub source: String,
    /// The run of the tests it belongs to.
    pub run: String,
    /// The process of the test.
    pub process: u32,
    /// The interaction as it stands in a pact.
    pub interaction: Value,
}

/// A folder of fragments.
#[derive(Debug, Clone)]
pub struct Fragments {
    folder: PathBuf,
}

impl Fragments {
    /// The fragments in a folder, which need not exist yet.
    #[must_use]
    pub fn of(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where the folder is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Writes a fragment and returns the other tests of the same run that have recorded the same
    /// interaction differently.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn write(&self, fragment: &Fragment) -> io::Result<Vec<Fragment>> {
        let path = self.place(fragment);
        let before: Option<Fragment> = fs::read(&path).ok().and_then(|bytes| parse(&bytes));
        write(&path, fragment)?;
        // Only after it was written: of two tests that do this at once, at least one sees the other.
        let mut others = siblings(&path)?;
        others.extend(before.filter(|before| before.process == fragment.process));
        others.retain(|other| other.run == fragment.run && !other.says_the_same(fragment));
        Ok(others)
    }

    /// Every fragment there is, the oldest first.
    ///
    /// # Errors
    /// What the file system answers, and a file that is no fragment.
    pub fn read(&self) -> io::Result<Vec<Fragment>> {
        read(&self.folder, 3)
    }

    /// Those of one consumer and one provider, the oldest first.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_of(&self, consumer: &str, provider: &str) -> io::Result<Vec<Fragment>> {
        read(&self.folder.join(pair(consumer, provider)), 2)
    }

    /// Waits until no other process puts together the pact of this pair, and keeps the others waiting until
    /// the file is dropped.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn lock(&self, consumer: &str, provider: &str) -> io::Result<File> {
        let folder = self.folder.join(pair(consumer, provider));
        fs::create_dir_all(&folder)?;
        let file = File::options().create(true).truncate(false).write(true).open(folder.join("lock"))?;
        file.lock()?;
        Ok(file)
    }

    /// Tells the tests that somebody waits for what they record, until the file is dropped or this process
    /// ends.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn wait_for(&self) -> io::Result<File> {
        fs::create_dir_all(&self.folder)?;
        let file = File::create(self.folder.join(AWAITED))?;
        file.lock()?;
        Ok(file)
    }

    /// True while somebody waits for what tests record here.
    #[must_use]
    pub fn are_awaited(&self) -> bool {
        let file = File::open(self.folder.join(AWAITED));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// Removes those of a pair that a pact does not have; all of them when there is none.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn forget_all_but(&self, pact: Option<&Assembly>, consumer: &str, provider: &str) -> io::Result<()> {
        for fragment in self.read_of(consumer, provider)? {
            if !pact.is_some_and(|pact| pact.has(&fragment)) {
                fs::remove_file(self.place(&fragment))?;
            }
        }
        Ok(())
    }

    /// Removes all fragments of a consumer.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn forget(&self, consumer: &str, provider: &str) -> io::Result<()> {
        match fs::remove_dir_all(self.folder.join(pair(consumer, provider))) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Moves all fragments to another folder, in the place of those that are there.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn move_into(&self, other: &Self) -> io::Result<()> {
        for fragment in self.read()? {
            write(&other.place(&fragment), &fragment)?;
        }
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// A folder for each pair, in it one for each interaction, and in it a file for each test.
    fn place(&self, fragment: &Fragment) -> PathBuf {
        // A test is told by its file and name; its line moves.
        let file = fragment.source.rsplit_once(':').map_or(fragment.source.as_str(), |(file, _)| file);
        let test = short(&format!("{}\0{file}", fragment.test));
        let interaction = short(&format!("{}\0{}", fragment.list, identity(&fragment.interaction)));
        self.folder
            .join(pair(&fragment.consumer, &fragment.provider))
            .join(interaction)
            .join(format!("{test}.json"))
    }
}

impl Fragment {
    /// True when both describe the same, whoever has recorded it.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.version == other.version && same_content(&self.interaction, &other.interaction)
    }

    /// The test and its place, for people.
    #[must_use]
    pub fn recorded_by(&self) -> String {
        format!("{} ({})", self.test, self.source)
    }
}

/// True when two interactions say the same; which test has recorded it, and its place in the code, which
/// moves with every edit, are no part of it.
#[must_use]
pub fn same_content(left: &Value, right: &Value) -> bool {
    let said = |value: &Value| {
        let mut value = value.clone();
        if let Some(map) = value.as_object_mut() {
            map.remove("key");
        }
        if let Some(comments) = value.get_mut("comments").and_then(Value::as_object_mut) {
            comments.remove("source");
            comments.remove("testname");
        }
        value
    };
    said(left) == said(right)
}

fn pair(consumer: &str, provider: &str) -> String {
    short(&format!("{consumer}\0{provider}"))
}

/// Enough of a digest to be unique, and short enough for a path on any system.
fn short(text: &str) -> String {
    let mut digest = digest(text);
    digest.truncate(20);
    digest
}

fn parse(bytes: &[u8]) -> Option<Fragment> {
    serde_json::from_slice(bytes).ok()
}

fn is_fragment(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

fn write(path: &Path, fragment: &Fragment) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let text = serde_json::to_vec(fragment)?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_extension(format!("{}-{number}.tmp", std::process::id()));
    match fs::write(&beside, &text) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(&beside, &text)?;
        }
        written => written?,
    }
    fs::rename(&beside, path)
}

/// The fragments so many levels below a folder, the oldest first.
fn read(folder: &Path, depth: usize) -> io::Result<Vec<Fragment>> {
    let mut found: Vec<(SystemTime, PathBuf, Fragment)> = Vec::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(depth).max_depth(depth) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => match error.io_error().map(io::Error::kind) {
                Some(ErrorKind::NotFound) => continue,
                _ => return Err(error.into()),
            },
        };
        if !is_fragment(entry.path()) {
            continue;
        }
        let bytes = fs::read(entry.path())?;
        let fragment = parse(&bytes).ok_or_else(|| {
            let message = format!("{} is no fragment; delete it", entry.path().display());
            io::Error::new(ErrorKind::InvalidData, message)
        })?;
        found.push((entry.metadata()?.modified()?, entry.into_path(), fragment));
    }
    found.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
    Ok(found.into_iter().map(|(_, _, fragment)| fragment).collect())
}

/// What other tests have recorded of the same interaction.
fn siblings(path: &Path) -> io::Result<Vec<Fragment>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut others = Vec::new();
    for entry in fs::read_dir(folder)? {
        let other = entry?.path();
        if other != path && is_fragment(&other) {
            others.extend(fs::read(&other).ok().and_then(|bytes| parse(&bytes)));
        }
    }
    Ok(others)
}
