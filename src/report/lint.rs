//! The findings of `pactwright lint`: as text, as JSON and as annotations on GitHub.
//!
//! All three say the same. Whether a finding is an error is decided here once, from its weight and
//! from whether warnings were asked to count.

use std::io::{self, Write};

use serde::Serialize;

use super::style::{Colour, Meaning};
use crate::finding::{Finding, Weight};

/// Version of the JSON form.
const SCHEMA_VERSION: u32 = 1;

/// Everything that a run of the linter has to say.
#[derive(Debug)]
pub struct Lint {
    /// How many files were taken for pacts.
    pub pacts: usize,
    /// How many interactions the readable ones have.
    pub interactions: usize,
    /// True when warnings count as errors.
    pub strict: bool,
    /// The findings, in the order of the files and of the places in them.
    pub findings: Vec<Finding>,
}

/// How a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    Error,
    Warning,
}

impl Lint {
    /// How many findings count as errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| self.severity(finding) == Severity::Error).count()
    }

    /// How many findings are warnings.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.findings.len() - self.errors()
    }

    fn severity(&self, finding: &Finding) -> Severity {
        if finding.weight() == Weight::Warning && !self.strict { Severity::Warning } else { Severity::Error }
    }

    fn summary(&self) -> String {
        let found = match (self.errors(), self.warnings()) {
            (0, 0) if self.pacts == 0 => "nothing to lint".to_owned(),
            (0, 0) => "no problems found".to_owned(),
            (0, warnings) => counted(warnings, "warning"),
            (errors, 0) => counted(errors, "error"),
            (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
        };
        let (pacts, interactions) = (counted(self.pacts, "pact"), counted(self.interactions, "interaction"));
        format!("{pacts}, {interactions}: {found}")
    }
}

/// Writes one block for each file and a line that sums up.
///
/// # Errors
/// Those of the writer.
pub fn text(lint: &Lint, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    findings(lint, colour, out)?;
    if !lint.findings.is_empty() {
        writeln!(out)?;
    }
    writeln!(out, "{}", lint.summary())
}

/// Writes one block for each file.
///
/// # Errors
/// Those of the writer.
pub fn findings(lint: &Lint, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let file = |finding: &Finding| finding.location.as_ref().map(|at| at.file.clone());
    let mut last = None;
    for finding in &lint.findings {
        if last.is_some() && last != Some(file(finding)) {
            writeln!(out)?;
        }
        last = Some(file(finding));
        let (meaning, word) = match lint.severity(finding) {
            Severity::Error => (Meaning::Failed, "error"),
            Severity::Warning => (Meaning::Warning, "warning"),
        };
        if let Some(at) = &finding.location {
            write!(out, "{}: ", printable(&at.to_string()))?;
        }
        let label = colour.paint(meaning, format!("{word}[{}]", finding.code));
        writeln!(out, "{label}: {}", printable(&finding.message))?;
        if let Some(help) = &finding.help {
            writeln!(out, "    {}: {}", colour.paint(Meaning::Path, "help"), printable(help))?;
        }
    }
    Ok(())
}

/// Writes one JSON document.
///
/// # Errors
/// Those of the writer.
pub fn json(lint: &Lint, out: &mut dyn Write) -> io::Result<()> {
    let document = JsonLint {
        schema_version: SCHEMA_VERSION,
        pacts: lint.pacts,
        interactions: lint.interactions,
        errors: lint.errors(),
        warnings: lint.warnings(),
        findings: lint
            .findings
            .iter()
            .map(|finding| JsonFinding { severity: lint.severity(finding), finding })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// Writes one annotation for each finding, in the form that GitHub Actions reads.
///
/// # Errors
/// Those of the writer.
pub fn github(lint: &Lint, out: &mut dyn Write) -> io::Result<()> {
    for finding in &lint.findings {
        let command = match lint.severity(finding) {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = finding
            .location
            .as_ref()
            .map(|at| format!("file={},line={},col={},", property(&at.file), at.line, at.column));
        let help =
            finding.help.as_ref().map(|help| format!("\nhelp: {}", printable(help))).unwrap_or_default();
        let message = data(&format!("{}{help}", printable(&finding.message)));
        writeln!(out, "::{command} {}title={}::{message}", place.unwrap_or_default(), finding.code)?;
    }
    writeln!(out, "{}", lint.summary())
}

#[derive(Serialize)]
struct JsonLint<'a> {
    schema_version: u32,
    pacts: usize,
    interactions: usize,
    errors: usize,
    warnings: usize,
    findings: Vec<JsonFinding<'a>>,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    severity: Severity,
    #[serde(flatten)]
    finding: &'a Finding,
}

fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Control characters from a pact must not reach a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Code, Location, Place};

    fn sample() -> Lint {
        let at = |file: &str, line| Location { file: file.to_owned(), line, column: 3 };
        let findings = vec![
            Finding::new(Code::MisspeltKey, Place::Pact, "`reponse` is not a key of a pact")
                .with_help("did you mean `response`?")
                .with_location(at("a.json", 2)),
            Finding::new(Code::UnknownKey, Place::Pact, "`100%`, \u{1b}[31m")
                .with_location(at("b,c.json", 7)),
        ];
        Lint { pacts: 2, interactions: 1, strict: false, findings }
    }

    fn plain(lint: &Lint, out: &mut dyn Write) -> io::Result<()> {
        text(lint, Colour::Never, out)
    }

    fn rendered(render: fn(&Lint, &mut dyn Write) -> io::Result<()>, lint: &Lint) -> String {
        let mut bytes = Vec::new();
        render(lint, &mut bytes).expect("writing to memory");
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn text_is_grouped_by_file_and_summed_up() {
        insta::assert_snapshot!(rendered(plain, &sample()), @"
        a.json:2:3: error[misspelt-key]: `reponse` is not a key of a pact
            help: did you mean `response`?

        b,c.json:7:3: warning[unknown-key]: `100%`, �[31m

        2 pacts, 1 interaction: 1 error, 1 warning
        ");
    }

    #[test]
    fn annotations_are_escaped() {
        insta::assert_snapshot!(rendered(github, &sample()), @"
        ::error file=a.json,line=2,col=3,title=misspelt-key::`reponse` is not a key of a pact%0Ahelp: did you mean `response`?
        ::warning file=b%2Cc.json,line=7,col=3,title=unknown-key::`100%25`, �[31m
        2 pacts, 1 interaction: 1 error, 1 warning
        ");
    }

    #[test]
    fn under_strict_a_warning_is_an_error_in_every_format() {
        let lint = Lint { strict: true, ..sample() };
        assert_eq!((lint.errors(), lint.warnings()), (2, 0));
        let json: serde_json::Value = serde_json::from_str(&rendered(json, &lint)).expect("JSON");
        assert_eq!(json["findings"][1]["severity"], "error");
        assert_eq!(json["findings"][1]["code"], "unknown-key");
        assert_eq!(json["errors"], 2);
    }

    #[test]
    fn nothing_found_is_said() {
        let lint = Lint { pacts: 1, interactions: 3, strict: false, findings: Vec::new() };
        insta::assert_snapshot!(rendered(plain, &lint), @"1 pact, 3 interactions: no problems found");
    }
}
