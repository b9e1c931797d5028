//! A case of a verification as data: a directory with a pact, what a provider answers, and what is
//! expected of the report. `tests/fixtures/verify/README.md` says how one is written.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use onig::Regex;
use pactwright::contract::{self, Contract};
use pactwright::finding::Finding;
use pactwright::outcome::Report;
use pactwright::replay::{Options, Selection, Source, Stop};
use pactwright::verification::{self, Gathered, Occasion};
use serde::Deserialize;
use serde_json::Value;

use super::case_options::CaseOptions;
use super::provider::{Answer, Asked, Provider};

/// A case, read from its directory.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) directory: PathBuf,
    pub(crate) contract: Arc<Contract>,
    pub(crate) options: CaseOptions,
    /// What was noticed while the pact was read.
    pub(crate) reading: Vec<Finding>,
    rows: Vec<Row>,
}

/// What came of a case.
pub(crate) struct Outcome {
    pub(crate) report: Report,
    pub(crate) asked: Vec<Asked>,
    /// What differs from run to run, and what stands for it.
    pub(crate) varying: Vec<(String, String)>,
}

/// One answer of the provider, and the requests that get it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Row {
    /// The request line, exactly.
    request: Option<String>,
    /// A regular expression for the request line.
    request_like: Option<String>,
    /// A part of the request's body.
    body_has: Option<String>,
    /// How many requests get it; all, when missing.
    times: Option<usize>,
    #[serde(default = "ok")]
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    json: Option<Value>,
    text: Option<String>,
    base64: Option<String>,
    file: Option<String>,
    /// Bytes that come instead of an HTTP answer.
    raw: Option<String>,
    /// What the provider does instead of answering.
    instead: Option<Instead>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Instead {
    /// It says nothing until the other side gives up.
    Silence,
    /// It closes the connection in the middle of the body.
    BreakOff,
}

fn ok() -> u16 {
    200
}

/// Where the cases are.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/verify")
}

/// All cases, in the order of their names.
pub(crate) fn all() -> Vec<Case> {
    let entries = fs::read_dir(folder()).expect("the folder of the cases is there");
    let mut directories: Vec<PathBuf> =
        entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    directories.retain(|path| path.is_dir());
    directories.sort();
    directories.into_iter().map(Case::read).collect()
}

/// Does something with all cases, on as many threads as there are processors, and gives what came
/// of it in the order of the cases.
pub(crate) fn check_all<T: Send>(cases: &[Case], check: impl Fn(&Case) -> T + Sync) -> Vec<T> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(case) = cases.get(number) else { break };
        let outcome = check(case);
        done.lock().expect("no thread panics with it").push((number, outcome));
    };
    let width = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..width {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().expect("no thread panics with it");
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

impl Case {
    fn read(directory: PathBuf) -> Self {
        let name = directory.file_name().expect("a directory has a name").to_string_lossy().into_owned();
        let read = |file: &str| fs::read(directory.join(file));
        let rows = read("answers.json").unwrap_or_else(|error| panic!("{name}/answers.json: {error}"));
        let rows =
            serde_json::from_slice(&rows).unwrap_or_else(|error| panic!("{name}/answers.json: {error}"));
        let options = read("options.toml").map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
        let options = toml::from_str(&options.unwrap_or_default());
        let options = options.unwrap_or_else(|error| panic!("{name}/options.toml: {error}"));
        let pact = read("pact.json").unwrap_or_else(|error| panic!("{name}/pact.json: {error}"));
        let reading = contract::read("pact.json", pact);
        let contract =
            reading.contract.unwrap_or_else(|| panic!("{name}/pact.json: {:#?}", reading.findings));
        Self { name, directory, contract: Arc::new(contract), options, reading: reading.findings, rows }
    }

    /// Runs the case in a process of its own provider and gives the report.
    pub(crate) fn run(&self, change: impl FnOnce(&mut Options)) -> Outcome {
        let provider = self.provider();
        let scratch = tempfile::tempdir().expect("a temporary directory can be made");
        let (mut options, varying) = self.options.options(&provider, scratch.path());
        change(&mut options);
        let selection = self.options.selection();
        let report = verify(&[Arc::clone(&self.contract)], &selection, options);
        Outcome { report, asked: provider.asked(), varying }
    }

    fn provider(&self) -> Provider {
        let rows: Vec<(Row, Answer)> = self.rows.iter().map(|row| (row.clone(), self.answer(row))).collect();
        let used = Mutex::new(vec![0; rows.len()]);
        Provider::answering(move |asked| {
            let mut used = used.lock().expect("no thread panics with it");
            for (number, (row, answer)) in rows.iter().enumerate() {
                if row.fits(asked) && row.times.is_none_or(|times| used[number] < times) {
                    used[number] += 1;
                    return answer.clone();
                }
            }
            Answer::unknown(asked.row())
        })
    }

    fn answer(&self, row: &Row) -> Answer {
        if let Some(bytes) = &row.raw {
            return Answer::Broken(bytes.clone().into_bytes());
        }
        let body = self.body(row);
        let headers: Vec<_> =
            row.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        match (row.instead, Answer::with(row.status, &headers, &body)) {
            (None, answer) => answer,
            (Some(Instead::BreakOff), Answer::Whole(mut bytes)) => {
                bytes.truncate(bytes.len() - body.len() / 2);
                Answer::Broken(bytes)
            }
            (Some(_), _) => Answer::Silence,
        }
    }

    fn body(&self, row: &Row) -> Vec<u8> {
        let decoder = base64::engine::general_purpose::STANDARD;
        match (&row.json, &row.text, &row.base64, &row.file) {
            (None, None, None, None) => Vec::new(),
            (Some(json), None, None, None) => json.to_string().into_bytes(),
            (None, Some(text), None, None) => text.clone().into_bytes(),
            (None, None, Some(text), None) => {
                decoder.decode(text).unwrap_or_else(|error| panic!("{}: {error}", self.name))
            }
            (None, None, None, Some(file)) => {
                fs::read(self.directory.join(file)).unwrap_or_else(|error| panic!("{}: {error}", self.name))
            }
            _ => panic!("{}: a row has more than one body", self.name),
        }
    }
}

impl Row {
    fn fits(&self, asked: &Asked) -> bool {
        let like = |pattern: &String| {
            let whole =
                Regex::new(&format!("^(?:{pattern})$")).expect("`request-like` is a regular expression");
            whole.is_match(asked.row())
        };
        self.request.as_ref().is_none_or(|request| request == asked.row())
            && self.request_like.as_ref().is_none_or(like)
            && self
                .body_has
                .as_ref()
                .is_none_or(|part| String::from_utf8_lossy(&asked.body).contains(part.as_str()))
    }
}

/// Verifies contracts in this process, one interaction at a time.
pub(crate) fn verify(contracts: &[Arc<Contract>], selection: &Selection, options: Options) -> Report {
    let source = |contract: &Arc<Contract>| Source::from(Arc::clone(contract));
    let gathered = Gathered {
        sources: contracts.iter().map(source).collect(),
        findings: Vec::new(),
        pacts: contracts.len(),
        left_out: Vec::new(),
    };
    let subject = verification::about(gathered, None).expect("one provider");
    let planned = subject.plan(selection, true);
    let run = planned.run(options, Occasion::default(), &Stop::new(), |_| {});
    run.expect("threads can be started").report
}
