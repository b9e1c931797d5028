//! Test data that lives outside the repository, found through `PACTWRIGHT_DATA`.

use std::path::{Path, PathBuf};

/// All files below a folder of the test data, by name, sorted; nothing when the variable is unset,
/// which is said.
///
/// A variable that is set and leads to nothing is a failure: a test that silently checks nothing
/// is worse than none.
#[expect(clippy::disallowed_methods, reason = "a test has no caller that could hand it the environment")]
#[expect(clippy::print_stdout, reason = "a test that skips its data has to say so")]
pub(crate) fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let Some(root) = std::env::var_os("PACTWRIGHT_DATA") else {
        println!("skipped: PACTWRIGHT_DATA is not set, so `{folder}` was not read");
        return Vec::new();
    };
    let mut paths = Vec::new();
    collect(&PathBuf::from(root).join(folder), &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "PACTWRIGHT_DATA is set, but there is no `{folder}` in it");
    let read = |path: PathBuf| {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        (name, std::fs::read(&path).expect("test data can be read"))
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
}
