//! Which files and addresses the arguments of a command mean.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use globset::GlobBuilder;
use walkdir::{DirEntry, WalkDir};

use super::remote::{is_url, shown};

/// The directory that is never entered: a store keeps published pacts in it.
const LEDGER: &str = "ledger";

/// How a file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was named, so it has to be a pact.
    Named,
    /// It was met in a directory or by a pattern, so it may be something else.
    Met,
    /// It is an address and has to be fetched.
    Address,
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// Its path, as it follows from what was given, or its address.
    pub path: PathBuf,
    /// How it was found.
    pub origin: Origin,
}

/// The files that were found.
#[derive(Debug, Default)]
pub struct Found {
    /// The files, in the order of the arguments, and by name inside a directory.
    pub files: Vec<FoundFile>,
    /// Files that were found a second time, under whatever path; they are not among `files`.
    pub repeated: Vec<PathBuf>,
    /// Directories that could not be entered, with the reason.
    pub unreadable: Vec<(PathBuf, String)>,
    /// Directories that are never entered, and in which somebody may believe to have pacts.
    pub left_out: Vec<PathBuf>,
}

/// Why the arguments mean nothing.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// There is no such file or directory.
    #[error("there is no file or directory `{}`", path.display())]
    Missing {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The text is neither a path that exists nor a pattern.
    #[error("`{pattern}` is not a valid pattern")]
    BadPattern {
        /// The pattern as it was given.
        pattern: String,
        /// What is wrong with it.
        source: globset::Error,
    },
    /// The text is an address of another kind than those that can be read.
    #[error("{address} cannot be fetched: pacts come from http:// and https://, and files from paths alone")]
    OtherScheme {
        /// The address as it was given, without its secrets.
        address: String,
    },
    /// No file matches.
    #[error("no file matches the pattern `{pattern}`{}", of_ledger(pattern))]
    NothingMatches {
        /// The pattern as it was given.
        pattern: String,
    },
}

/// Finds the files that a list of paths and patterns means.
///
/// Directories are searched for files ending in `.json`, with all directories in them. A path that
/// exists is a path, even with an asterisk in it.
///
/// # Errors
/// A [`FindError`] for the first argument that means nothing at all.
pub fn find(arguments: &[String]) -> Result<Found, FindError> {
    let mut found = Found::default();
    let mut seen = HashSet::new();
    for argument in arguments {
        for file in of_argument(argument, &mut found)? {
            let identity = file.path.canonicalize().unwrap_or_else(|_| file.path.clone());
            if seen.insert(identity) {
                found.files.push(file);
            } else {
                found.repeated.push(file.path);
            }
        }
    }
    Ok(found)
}

fn of_argument(argument: &str, found: &mut Found) -> Result<Vec<FoundFile>, FindError> {
    let path = Path::new(argument);
    if is_url(argument) {
        return Ok(vec![FoundFile { path: path.to_owned(), origin: Origin::Address }]);
    }
    if path.is_dir() {
        return Ok(met(in_directory(path, found).into_iter().filter(|path| is_json(path))));
    }
    if path.exists() {
        return Ok(vec![FoundFile { path: path.to_owned(), origin: Origin::Named }]);
    }
    if argument.contains("://") {
        return Err(FindError::OtherScheme { address: shown(argument) });
    }
    if !argument.contains(['*', '?', '[', '{']) {
        return Err(FindError::Missing { path: path.to_owned() });
    }
    matching(argument, found)
}

fn matching(pattern: &str, found: &mut Found) -> Result<Vec<FoundFile>, FindError> {
    let bad = |source| FindError::BadPattern { pattern: pattern.to_owned(), source };
    let written = pattern.strip_prefix("./").unwrap_or(pattern);
    let glob = GlobBuilder::new(written).literal_separator(true).build().map_err(bad)?.compile_matcher();
    let base = base(written);
    let start = if base.as_os_str().is_empty() { Path::new(".") } else { &base };
    let files = in_directory(start, found).into_iter();
    let matched = met(files.filter(|path| glob.is_match(path)));
    if matched.is_empty() {
        Err(FindError::NothingMatches { pattern: pattern.to_owned() })
    } else {
        Ok(matched)
    }
}

/// The directories before the first part that has a special character.
fn base(pattern: &str) -> PathBuf {
    let is_plain = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
    let path = Path::new(pattern);
    let plain: PathBuf = path.components().take_while(is_plain).collect();
    if plain == path { plain.parent().map(Path::to_owned).unwrap_or_default() } else { plain }
}

fn met(paths: impl Iterator<Item = PathBuf>) -> Vec<FoundFile> {
    paths.map(|path| FoundFile { path, origin: Origin::Met }).collect()
}

/// All files in a directory and below, by name.
fn in_directory(directory: &Path, found: &mut Found) -> Vec<PathBuf> {
    let Found { unreadable, left_out, .. } = found;
    let mut files = Vec::new();
    let walk = WalkDir::new(directory).follow_links(true).sort_by_file_name().into_iter();
    let is_wanted = |entry: &DirEntry| {
        let is_wanted = may_be_entered(entry);
        if !is_wanted && may_be_missed(entry) {
            left_out.push(from_here(entry.path().to_owned()));
        }
        is_wanted
    };
    for entry in walk.filter_entry(is_wanted) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                files.push(from_here(entry.into_path()));
            }
            Ok(_) => {}
            Err(error) => {
                let path = error.path().unwrap_or(directory).to_owned();
                unreadable.push((path, error.to_string()));
            }
        }
    }
    files
}

fn may_be_entered(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_hidden = entry.depth() > 0 && name.starts_with('.');
    !entry.file_type().is_dir() || !(name == LEDGER || is_hidden)
}

/// A path without the dot that means the working directory.
fn from_here(path: PathBuf) -> PathBuf {
    path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)
}

/// Whether somebody may believe that what is in a directory was read. The ledger beside the pacts that
/// were asked for is no surprise, and nobody keeps pacts in what belongs to a version control.
fn may_be_missed(entry: &DirEntry) -> bool {
    if is_ledger(entry.path()) {
        let is_of_store = ["contents", "facts"].iter().any(|kind| entry.path().join(kind).is_dir());
        return entry.depth() == 0 || !is_of_store;
    }
    !matches!(entry.file_name().to_str(), Some(".git" | ".hg" | ".jj" | ".svn"))
}

/// True for a directory that only a store enters.
#[must_use]
pub fn is_ledger(directory: &Path) -> bool {
    directory.file_name().is_some_and(|name| name == LEDGER)
}

/// What to know about a pattern that looks for files where none is ever found.
fn of_ledger(pattern: &str) -> &'static str {
    let is_inside = Path::new(pattern).components().any(|part| part.as_os_str() == LEDGER);
    if is_inside { "; nothing in a directory called `ledger` is read" } else { "" }
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a directory");
        for file in files {
            let path = root.path().join(file);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
            std::fs::write(path, "{}").expect("a file");
        }
        root
    }

    fn shown(root: &tempfile::TempDir, arguments: &[&str]) -> String {
        let arguments: Vec<_> =
            arguments.iter().map(|argument| root.path().join(argument).display().to_string()).collect();
        let name = |path: &Path| path.strip_prefix(root.path()).unwrap_or(path).display().to_string();
        match find(&arguments) {
            Ok(found) => {
                let files =
                    found.files.iter().map(|file| format!("{} ({:?})", name(&file.path), file.origin));
                let repeated = found.repeated.iter().map(|path| format!("{} again", name(path)));
                files.chain(repeated).collect::<Vec<_>>().join("\n")
            }
            Err(error) => error.to_string().replace(&root.path().display().to_string(), "$DIR"),
        }
    }

    #[test]
    fn a_directory_is_searched_in_order_and_never_its_ledger() {
        let root =
            tree(&["b.json", "a/c.json", "a/d.txt", "ledger/e.json", "a/ledger/f.json", ".git/g.json"]);
        insta::assert_snapshot!(shown(&root, &[""]), @"
        a/c.json (Met)
        b.json (Met)
        ");
        insta::assert_snapshot!(shown(&root, &["ledger"]), @"");
    }

    #[test]
    fn what_is_left_out_is_known_where_it_may_surprise() {
        let root = tree(&["a.json", "ledger/facts/b.json", "of/ledger/c.json", ".git/d.json", ".old/e.json"]);
        let left_out = |argument: &str| {
            let found = find(&[root.path().join(argument).display().to_string()]).expect("it is there");
            let name = |path: &PathBuf| path.strip_prefix(root.path()).expect("inside").display().to_string();
            found.left_out.iter().map(name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(left_out(""), ".old of/ledger");
        assert_eq!(left_out("ledger"), "ledger");
        assert_eq!(left_out("of"), "of/ledger");
        assert_eq!(left_out(".old"), "");
    }

    #[test]
    fn an_address_that_cannot_be_fetched_is_no_file_that_is_missing() {
        let root = tree(&[]);
        for address in ["ftp://h/a.json", "file:///a.json"] {
            let why = find(&[address.to_owned()]).expect_err("no such thing").to_string();
            assert!(
                why.starts_with(&format!("{address} cannot be fetched: pacts come from http://")),
                "{why}"
            );
        }
        let secret = find(&["ftp://u:hunter2@h/a.json".to_owned()]).expect_err("no such thing").to_string();
        assert!(!secret.contains("hunter2"), "{secret}");
        insta::assert_snapshot!(shown(&root, &["ledger/*.json"]), @"no file matches the pattern `$DIR/ledger/*.json`; nothing in a directory called `ledger` is read");
    }

    #[test]
    fn the_same_file_under_two_names_counts_once() {
        let root = tree(&["a/b.json", "a/c.json"]);
        insta::assert_snapshot!(shown(&root, &["a/b.json", "a", "a/../a/c.json"]), @"
        a/b.json (Named)
        a/c.json (Met)
        a/b.json again
        a/../a/c.json again
        ");
    }

    #[test]
    fn patterns_match_paths_and_never_nothing() {
        let root = tree(&["x/a.json", "x/y/b.json", "x/y/c.txt", "x/ledger/d.json"]);
        insta::assert_snapshot!(shown(&root, &["x/*.json"]), @"x/a.json (Met)");
        insta::assert_snapshot!(shown(&root, &["x/**/*.json"]), @"
        x/a.json (Met)
        x/y/b.json (Met)
        ");
        insta::assert_snapshot!(shown(&root, &["x/*.yaml"]), @"no file matches the pattern `$DIR/x/*.yaml`");
        insta::assert_snapshot!(shown(&root, &["missing"]), @"there is no file or directory `$DIR/missing`");
    }
}
