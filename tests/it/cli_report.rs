//! `pactwright report` and `pactwright explain`, as they are typed.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/report/sample.jsonl")
}

fn pactwright(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pactwright"));
    command.args(arguments).env_clear();
    command
}

fn run(arguments: &[&str]) -> Output {
    pactwright(arguments).output().expect("the program runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

fn report(log: &Path, options: &[&str]) -> Output {
    let log = log.to_str().expect("a path in UTF-8");
    run(&[&["report", log], options].concat())
}

fn log_with(folder: &Path, lines: impl Fn(&str) -> bool) -> PathBuf {
    let log = std::fs::read_to_string(sample()).expect("the sample");
    let kept: String = log.split_inclusive('\n').filter(|line| lines(line)).collect();
    let path = folder.join("run.jsonl");
    std::fs::write(&path, kept).expect("a file");
    path
}

#[test]
fn the_exit_status_is_that_of_the_run_in_every_format() {
    for format in ["terminal", "json", "jsonl", "junit", "github", "markdown", "html"] {
        let output = report(&sample(), &["--report", format]);
        assert_eq!(output.status.code(), Some(1), "{format}: {}", stderr(&output));
        assert!(!output.stdout.is_empty(), "{format}");
    }
}

#[test]
fn a_log_that_stops_is_not_a_success() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = log_with(folder.path(), |line| line.contains("run-started") || line.contains("\"index\":0"));
    let output = report(&log, &[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).contains("error[run-stopped]"), "{}", stdout(&output));
}

#[test]
fn rendering_twice_gives_the_same_bytes_and_the_log_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    for format in ["json", "jsonl", "junit", "github", "markdown", "html", "terminal"] {
        let paths = ["a", "b"].map(|name| folder.path().join(format!("{name}.{format}")));
        for path in &paths {
            report(&sample(), &["--report", &format!("{format}={}", path.display())]);
        }
        let [first, second] = paths.map(|path| std::fs::read(path).expect("the report"));
        assert_eq!(first, second, "{format}");
        assert!(!first.is_empty(), "{format}");
        if format == "jsonl" {
            assert_eq!(first, std::fs::read(sample()).expect("the sample"));
        }
    }
}

#[test]
fn the_log_may_be_replaced_by_its_own_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = log_with(folder.path(), |_| true);
    let before = std::fs::read(&log).expect("the log");
    let output = report(&log, &["--report", &format!("jsonl={}", log.display())]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read(&log).expect("the log"), before);
}

#[test]
fn the_log_is_replaced_by_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = log_with(folder.path(), |_| true);
    let before = std::fs::read(&log).expect("the log");
    let output = report(&log, &["--report", &format!("html={}", log.display())]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read(&log).expect("the log"), before);
}

#[test]
fn a_file_report_leaves_standard_output_to_the_terminal_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new/folder/report.html");
    let output = report(&sample(), &["--report", &format!("html={}", path.display())]);
    assert!(stdout(&output).ends_with("--last-failed\n"), "{}", stdout(&output));
    assert!(path.exists());
}

#[test]
fn what_is_asked_wrongly_ends_with_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x").display().to_string();
    let same = [format!("json={file}"), format!("html={file}")];
    let below = format!("json={}/below", sample().display());
    let cases: [&[&str]; 6] = [
        &["--report", "yaml"],
        &["--report", "json="],
        &["--report", "json", "--report", "html"],
        &["--report", &same[0], "--report", &same[1]],
        &["--report", &below],
        &["--report", "json=/"],
    ];
    for case in cases {
        let output = report(&sample(), case);
        assert_eq!(output.status.code(), Some(2), "{case:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{case:?}");
    }
    assert_eq!(report(Path::new("no-such.jsonl"), &[]).status.code(), Some(2));
}

#[test]
fn a_file_that_is_no_log_is_refused_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = log_with(folder.path(), |line| !line.contains("run-started"));
    let output = report(&log, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("does not begin with the start of a run"), "{}", stderr(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_to_its_end_could_not_find_out() {
    for format in ["json", "jsonl", "html"] {
        let output = report(&sample(), &["--report", &format!("{format}=/dev/full")]);
        assert_eq!(output.status.code(), Some(3), "{format}");
        assert!(stderr(&output).contains("could not be written to /dev/full"), "{}", stderr(&output));
    }
}

#[test]
fn pitfall_30_a_closed_pipe_changes_nothing_and_never_panics() {
    let log = sample().display().to_string();
    let cases: [(&[&str], i32); 5] = [
        (&["report", &log], 1),
        (&["report", &log, "--report", "html"], 1),
        (&["report", &log, "--report", "jsonl"], 1),
        (&["explain"], 0),
        (&["--help"], 0),
    ];
    for (arguments, status) in cases {
        let mut child = pactwright(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
        assert_eq!(
            (child.wait().expect("an end").code(), said.as_str()),
            (Some(status), ""),
            "{arguments:?}"
        );
    }
}

#[test]
fn pitfall_27_colour_is_only_there_when_it_is_wanted() {
    let log = sample().display().to_string();
    let coloured = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let mut command = pactwright(&["report", &log]);
        let output = command.args(arguments).envs(variable).output().expect("the program runs");
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&[], None), "a pipe is no terminal");
    assert!(coloured(&["--color", "always"], None));
    assert!(coloured(&[], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!coloured(&["--color", "never"], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!coloured(&[], Some(("NO_COLOR", "1"))));
}

#[test]
fn pitfall_28_each_format_goes_to_its_own_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let options = [format!("junit={}", path("x.xml")), format!("html={}", path("x.html"))];
    report(&sample(), &["--report", &options[0], "--report", &options[1]]);
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("the report");
    assert!(text("x.xml").contains("<testsuites") && text("x.html").starts_with("<!doctype html>"));
}

#[test]
fn explain_knows_every_code_and_suggests_the_nearest() {
    let list = stdout(&run(&["explain"]));
    for code in pactwright::finding::Code::ALL {
        assert!(list.contains(&format!("  {code} ")), "{code}");
    }
    let one = run(&["explain", "missing-field"]);
    assert!(one.status.success() && stdout(&one).contains("Bring the field back"));
    let unknown = run(&["explain", "mising-field"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("did you mean `missing-field`?"), "{}", stderr(&unknown));
}
