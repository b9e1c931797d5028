//! The architecture, read from the source text: who may import whom, which outside crates have
//! an owner, how long a file may be, and that no test file is forgotten.
//!
//! The tables below are the architecture. A change to one of them is the subject of its pull
//! request, not a detail of it. What the compiler and clippy can say is left to them.

use std::fs;
use std::path::Path;

/// What a module may import, lowest layer first. Every module has a row.
const MODULES: &[(&str, &[&str])] = &[
    // Vocabulary: plain values and pure functions.
    ("cores", &[]),
    ("finding", &[]),
    ("name", &[]),
    ("yaml", &[]),
    ("contract", &["finding"]),
    ("fact", &["contract", "finding", "name"]),
    ("outcome", &["contract", "finding"]),
    ("event", &["contract", "finding", "outcome"]),
    // Analyses, which are pure, and adapters with one kind of I/O each.
    ("redact", &["event", "finding", "outcome"]),
    ("lint", &["contract", "finding"]),
    ("compat", &["contract", "cores", "finding", "outcome", "redact"]),
    ("openapi", &["compat", "contract", "finding", "yaml"]),
    ("connect", &[]),
    ("source", &["connect", "contract", "cores", "finding", "name", "outcome", "redact"]),
    ("gate", &["contract", "fact", "finding", "name", "outcome"]),
    ("deprecation", &["compat", "contract", "fact", "name"]),
    ("store", &["contract", "cores", "fact", "name"]),
    ("matching", &["contract", "finding", "outcome"]),
    ("mock", &["contract", "finding", "matching", "outcome", "redact"]),
    ("record", &["contract", "finding", "name", "redact", "yaml"]),
    ("relay", &["connect", "matching", "mock"]),
    ("recording", &["contract", "finding"]),
    ("consumer", &["compat", "contract", "finding", "matching", "mock", "outcome", "recording", "redact"]),
    ("replay", &["connect", "contract", "event", "finding", "matching", "name", "outcome", "redact"]),
    ("what_if", &["compat", "contract", "finding", "matching", "outcome", "replay"]),
    // Renderings of one report.
    (
        "report",
        &["compat", "deprecation", "event", "finding", "gate", "openapi", "outcome", "redact", "what_if"],
    ),
    // One verification from beginning to end, as both faces share it.
    (
        "verification",
        &[
            "connect", "contract", "event", "fact", "finding", "name", "openapi", "outcome", "redact",
            "replay", "report", "source", "store",
        ],
    ),
    // The library's face of the gate.
    (
        "verify",
        &[
            "contract",
            "fact",
            "finding",
            "name",
            "outcome",
            "replay",
            "report",
            "source",
            "store",
            "verification",
        ],
    ),
    // The command line, which may import everything below it.
    ("cli", EVERYTHING),
    // The crate roots only list modules.
    ("lib", &[]),
    ("main", &[]),
];

/// Stands for all modules in a row.
const EVERYTHING: &[&str] = &["*"];

/// Outside crates that only some modules may name.
const OWNED_CRATES: &[(&str, &[&str])] = &[
    ("anstream", &["cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("dialoguer", &["cli"]),
    ("indicatif", &["cli"]),
    ("jsonschema", &["openapi"]),
    ("saphyr", &["yaml"]),
    ("saphyr_parser", &["yaml"]),
    ("askama", &["report"]),
    ("quick_junit", &["report"]),
    ("pact_consumer", &["consumer"]),
    ("pact_matching", &["consumer", "contract", "matching", "replay"]),
    ("pact_mock_server", &["consumer", "contract", "matching", "replay"]),
    ("pact_models", &["consumer", "contract", "matching", "replay"]),
    ("pact_verifier", &["replay"]),
    ("process_wrap", &["replay"]),
    ("notify", &["cli"]),
    ("reqwest", &["connect", "relay", "replay", "source"]),
];

/// Files that may be longer, because they are a table with one independent entry per item.
const TABLES: &[(&str, &str)] = &[
    ("src/finding/code.rs", "one entry per code"),
    ("src/finding/explain.rs", "one entry per code"),
    ("src/outcome.rs", "one stored shape per item"),
];

/// The longest a file may be without its unit tests.
const LONGEST: usize = 400;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &[
    "common",
    "handler",
    "handlers",
    "helper",
    "helpers",
    "imp",
    "manager",
    "misc",
    "processor",
    "types",
    "util",
    "utils",
];

/// Texts that may stand nowhere in `src`, and why.
const REFUSED: &[(&str, &str)] = &[
    ("super::super::", "name the module from the crate root"),
    ("use crate::{", "one path per import, so that this test can read it"),
    ("crate::*", "one path per import, so that this test can read it"),
    ("println!(", "only the writers in `cli` write"),
    ("print!(", "only the writers in `cli` write"),
    ("dbg!(", "only the writers in `cli` write"),
];

#[test]
fn the_source_follows_the_tables() {
    let files = rust_files("src");
    assert!(files.len() > 5, "the source was not found");
    let problems: Vec<_> = files.iter().flat_map(|(path, text)| problems(path, text)).collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn every_test_file_is_declared() {
    for folder in ["tests/it", "tests/it/support"] {
        let roots = rust_files(folder);
        let root = |name: &str| roots.iter().find(|(path, _)| *path == format!("{folder}/{name}"));
        let (_, declarations) = root("main.rs").or_else(|| root("mod.rs")).expect("the folder has a root");
        let paths: Vec<_> = roots.iter().map(|(path, _)| path.as_str()).collect();
        let forgotten = forgotten(folder, &paths, declarations);
        assert!(forgotten.is_empty(), "not declared in {folder}: {forgotten:?}");
    }
}

#[test]
fn every_name_in_the_tables_exists() {
    let known: Vec<_> = MODULES.iter().map(|(module, _)| module).collect();
    for (name, modules) in MODULES.iter().chain(OWNED_CRATES) {
        assert!(
            *modules == EVERYTHING || modules.iter().all(|module| known.contains(&module)),
            "the row of {name} names an unknown module"
        );
    }
    for (path, reason) in TABLES {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).is_file(), "{path} ({reason}) is gone");
    }
}

/// Every way in which one file breaks the tables.
fn problems(path: &str, text: &str) -> Vec<String> {
    let module = module(path);
    let code: Vec<_> = text.lines().map(without_comment).collect();
    let mut problems = Vec::new();
    let Some((_, allowed)) = MODULES.iter().find(|(name, _)| *name == module) else {
        return vec![format!("{path}: the module `{module}` has no row in the table")];
    };
    for (index, line) in code.iter().enumerate() {
        let wrong = line_problems(module, allowed, line);
        problems.extend(wrong.into_iter().map(|wrong| format!("{path}:{}: {wrong}", index + 1)));
    }
    let production = code.windows(2).position(starts_tests).unwrap_or(code.len());
    let is_root = path.matches('/').count() == 1 || path == format!("src/{module}/mod.rs");
    if is_root && code[..production].iter().any(|line| line.contains("super::")) {
        problems.push(format!("{path}: `super::` is the crate root here; write `crate::`"));
    }
    if production > LONGEST && !TABLES.iter().any(|(table, _)| *table == path) {
        problems.push(format!("{path}: {production} lines without tests, {LONGEST} are allowed"));
    }
    if let Some(name) = path.split(['/', '.']).find(|part| EMPTY_NAMES.contains(part)) {
        problems.push(format!("{path}: the name `{name}` says nothing"));
    }
    problems
}

/// What one line of code says that its module may not say.
fn line_problems(module: &str, allowed: &[&str], line: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for name in names_after(line, "crate::") {
        let is_module = MODULES.iter().any(|(module, _)| *module == name);
        if is_module && name != module && allowed != EVERYTHING && !allowed.contains(&name) {
            problems.push(format!("`{module}` may not import `{name}`"));
        }
    }
    for (name, owners) in OWNED_CRATES {
        if !owners.contains(&module) && names_crate(line, name) {
            problems.push(format!("`{name}` belongs to {}", owners.join(", ")));
        }
    }
    for (refused, reason) in REFUSED {
        if line.contains(refused) {
            problems.push(format!("`{refused}` is refused: {reason}"));
        }
    }
    problems
}

fn starts_tests(lines: &[&str]) -> bool {
    lines[0] == "#[cfg(test)]" && lines[1].starts_with("mod ")
}

/// The top-level module of a file: `src/contract/read.rs` and `src/contract.rs` are `contract`.
fn module(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split(['/', '.']).next().unwrap_or(inside)
}

/// The identifiers that follow a prefix, where the prefix is a path of its own.
fn names_after<'a>(line: &'a str, prefix: &str) -> Vec<&'a str> {
    line.match_indices(prefix)
        .filter(|(at, _)| !line[..*at].ends_with(is_part_of_a_name))
        .map(|(at, _)| &line[at + prefix.len()..])
        .map(|rest| rest.split(|letter| !is_part_of_a_name(letter)).next().unwrap_or_default())
        .collect()
}

/// Whether a line names an outside crate: in a path, or alone in a `use`.
fn names_crate(line: &str, name: &str) -> bool {
    let used = line.trim_start().trim_start_matches("pub ").strip_prefix("use ");
    let imported = used.is_some_and(|rest| rest.split([' ', ';']).next() == Some(name));
    imported || !names_after(line, &format!("{name}::")).is_empty()
}

fn is_part_of_a_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The line without its comment. The `//` of an address follows a colon and stays.
fn without_comment(line: &str) -> &str {
    let starts_comment = |at: usize| line[..at].is_empty() || line[..at].ends_with([' ', '\t']);
    line.match_indices("//").find(|(at, _)| starts_comment(*at)).map_or(line, |(at, _)| &line[..at])
}

/// The files directly in a test folder that its root does not declare.
fn forgotten<'a>(folder: &str, paths: &[&'a str], declarations: &str) -> Vec<&'a str> {
    let is_declared = |path: &str| {
        let inside = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
        let name = inside.split(['/', '.']).next().unwrap_or(inside);
        matches!(name, "main" | "mod")
            || declarations.lines().any(|line| line.ends_with(&format!("mod {name};")))
    };
    paths.iter().copied().filter(|path| !is_declared(path)).collect()
}

/// The Rust files below a folder of the package, with their paths as seen from its root.
fn rust_files(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = walkdir::WalkDir::new(root.join(folder))
        .into_iter()
        .map(|entry| entry.expect("the folder is readable").into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("the file is readable");
            let path = path.strip_prefix(root).expect("it is below the root").to_string_lossy();
            (path.replace('\\', "/"), text)
        })
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> String {
        problems(path, text).join("\n")
    }

    #[test]
    fn a_lower_layer_that_imports_a_higher_one_is_found() {
        let text =
            "use crate::finding::Finding;\nuse crate::verify::Verifier;\nlet x = crate::cli::main();\n";
        insta::assert_snapshot!(found("src/contract/read.rs", text), @"
        src/contract/read.rs:2: `contract` may not import `verify`
        src/contract/read.rs:3: `contract` may not import `cli`
        ");
    }

    #[test]
    fn a_crate_used_by_a_module_that_does_not_own_it_is_found() {
        let text = "use clap::Parser;\nuse reqwest;\nlet x = pact_models::parse();\n";
        insta::assert_snapshot!(found("src/report/html.rs", text), @"
        src/report/html.rs:1: `clap` belongs to cli
        src/report/html.rs:2: `reqwest` belongs to connect, relay, replay, source
        src/report/html.rs:3: `pact_models` belongs to consumer, contract, matching, replay
        ");
        assert_eq!(found("src/cli/verify.rs", "use clap::Parser;\n"), "");
    }

    #[test]
    fn a_way_around_the_table_is_found() {
        let text = "use crate::{cli, verify};\nuse super::super::cli;\n";
        insta::assert_snapshot!(found("src/contract/read.rs", text), @"
        src/contract/read.rs:1: `use crate::{` is refused: one path per import, so that this test can read it
        src/contract/read.rs:2: `super::super::` is refused: name the module from the crate root
        ");
        insta::assert_snapshot!(found("src/lint.rs", "use super::cli::main;\n"), @"src/lint.rs: `super::` is the crate root here; write `crate::`");
        insta::assert_snapshot!(found("src/lint/mod.rs", "use super::cli::main;\n"), @"src/lint/mod.rs: `super::` is the crate root here; write `crate::`");
    }

    #[test]
    fn writing_to_a_standard_stream_is_found() {
        insta::assert_snapshot!(found("src/verify/run.rs", "println!(\"{x}\");\neprintln!(\"{x}\");\n"), @"
        src/verify/run.rs:1: `println!(` is refused: only the writers in `cli` write
        src/verify/run.rs:2: `println!(` is refused: only the writers in `cli` write
        ");
    }

    #[test]
    fn a_long_file_an_empty_name_and_a_module_without_a_row_are_found() {
        insta::assert_snapshot!(found("src/lint/rules.rs", &"x\n".repeat(401)), @"src/lint/rules.rs: 401 lines without tests, 400 are allowed");
        insta::assert_snapshot!(found("src/lint/utils.rs", ""), @"src/lint/utils.rs: the name `utils` says nothing");
        insta::assert_snapshot!(found("src/surprise.rs", ""), @"src/surprise.rs: the module `surprise` has no row in the table");
    }

    #[test]
    fn comments_addresses_tests_and_similar_names_are_no_problem() {
        let text = "//! See crate::cli.\nlet a = \"http://x\"; // crate::cli::main()\n\
                    let b = crate::finding_list::x();\nlet c = my_clap::x();\n";
        assert_eq!(found("src/contract/read.rs", text), "");
        let tests = format!("x\n#[cfg(test)]\nmod tests {{\n    use super::*;\n{}}}\n", "x\n".repeat(500));
        assert_eq!(found("src/lint.rs", &tests), "");
    }

    #[test]
    fn code_behind_an_address_is_still_read() {
        insta::assert_snapshot!(found("src/event.rs", "let a = (\"http://x\", crate::cli::main());"), @"src/event.rs:1: `event` may not import `cli`");
    }

    #[test]
    fn a_test_file_that_nobody_declares_is_found() {
        let paths = ["tests/it/main.rs", "tests/it/a.rs", "tests/it/b.rs", "tests/it/support/mod.rs"];
        assert_eq!(forgotten("tests/it", &paths, "mod a;\nmod support;\n// mod b\n"), ["tests/it/b.rs"]);
    }
}
