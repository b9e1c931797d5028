//! Where reports go: `--report FORMAT[=PATH]`.
//!
//! Destinations are opened before the run, so that a path that cannot be written fails in the first
//! second. A reader that goes away (`| head`) is not an error; any other failure to write is told at
//! the end, because a report that is not there cannot be trusted to say yes.

use std::fs::File;
use std::io;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anstream::{AutoStream, ColorChoice};

use super::Failure;
use super::progress::Progress;
use super::settings::FILE_NAME;
use super::sharing::Form;
use crate::event::Event;
use crate::outcome::Report;
use crate::report;
use crate::report::live::Live;
use crate::report::{Colour, Format, jsonl};
use crate::source;
use crate::verification::Setup;

/// A format by the name that people type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Terminal,
    Json,
    Jsonl,
    Junit,
    Github,
    Markdown,
    Html,
}

/// One `--report`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportSpec {
    kind: Kind,
    /// Nothing means standard output.
    path: Option<PathBuf>,
}

/// The option that every command with reports has.
#[derive(Debug, clap::Args)]
pub(crate) struct ReportArguments {
    /// Write a report: terminal, json, jsonl, junit, github, markdown or html
    ///
    /// May be repeated. Without a path it goes to standard output, which only one format can have; the
    /// terminal report goes there unless another one does. `jsonl` is the event log, which
    /// `pactwright report` renders again in any format.
    #[arg(long = "report", value_name = "FORMAT[=PATH]", help_heading = "Output")]
    reports: Vec<ReportSpec>,
    /// What goes to standard output, in the words of the commands that share: as --report terminal or json
    #[arg(short, long, value_enum, value_name = "FORM", help_heading = "Output")]
    output: Option<Form>,
}

impl ReportArguments {
    /// All reports that are asked for.
    pub(crate) fn specs(&self) -> impl Iterator<Item = ReportSpec> {
        let kind = self.output.map(|form| match form {
            Form::Table => Kind::Terminal,
            Form::Json => Kind::Json,
        });
        let said = kind.map(|kind| ReportSpec { kind, path: None });
        self.reports.iter().cloned().chain(said)
    }
}

/// Opened destinations.
pub(crate) struct Outputs {
    sinks: Vec<Sink>,
    progress: Progress,
}

struct Sink {
    kind: Kind,
    name: String,
    out: Box<dyn Write + Send>,
    live: Live,
    colour: Colour,
    state: State,
}

enum State {
    Open,
    /// The reader went away.
    Closed,
    Broken(io::Error),
}

impl ReportSpec {
    /// The report in `format`, by its name, in a file.
    pub(crate) fn to_file(kind: Kind, path: &Path) -> Self {
        Self { kind, path: Some(path.to_owned()) }
    }

    /// True for the event log, from which all other reports follow.
    pub(crate) fn is_log(&self) -> bool {
        self.kind == Kind::Jsonl
    }
}

impl Outputs {
    /// Opens every destination, and the terminal report on standard output when that is free. What
    /// the command reads, files and whole directories, is no destination.
    ///
    /// # Errors
    /// Asked wrongly, when two reports have one destination, one would replace what is read, or a file
    /// cannot be written.
    pub(crate) fn open(specs: &[ReportSpec], read: &[PathBuf]) -> Result<Self, Failure> {
        let mut specs = specs.to_vec();
        let is_taken = |spec: &ReportSpec| spec.path.is_none() && spec.kind != Kind::Github;
        if !specs.iter().any(|spec| is_taken(spec) || spec.kind == Kind::Terminal) {
            specs.insert(0, ReportSpec { kind: Kind::Terminal, path: None });
        }
        refuse_shared(&specs)?;
        refuse_read(&specs, read)?;
        let sinks = specs.iter().map(Sink::open).collect::<Result<_, _>>()?;
        Ok(Self { sinks, progress: Progress::new() })
    }

    /// Tells every destination what has happened.
    pub(crate) fn event(&mut self, event: &Event) {
        let Self { sinks, progress } = self;
        let mut tell = || sinks.iter_mut().for_each(|sink| sink.event(event));
        // Half of all events; nothing is written to a terminal for them.
        if matches!(event, Event::InteractionStarted { .. }) {
            tell();
        } else {
            progress.suspend(tell);
        }
        progress.event(event);
    }

    /// Writes all reports.
    ///
    /// # Errors
    /// Could not find out, when one of them could not be written.
    pub(crate) fn finish(mut self, report: &Report) -> Result<(), Failure> {
        self.progress.finish();
        self.sinks.iter_mut().for_each(|sink| sink.finish(report));
        for sink in self.sinks {
            if let State::Broken(error) = sink.state {
                let message =
                    format!("the {} report could not be written to {}", sink.kind.name(), sink.name);
                return Err(Failure::could_not_find_out(message).because(&error));
            }
        }
        Ok(())
    }
}

impl Sink {
    fn open(spec: &ReportSpec) -> Result<Self, Failure> {
        let (name, colour, out): (_, _, Box<dyn Write + Send>) = match &spec.path {
            None => {
                let choice = AutoStream::choice(&io::stdout());
                let out = AutoStream::new(io::stdout(), choice);
                ("standard output".to_owned(), colour(choice), Box::new(out))
            }
            Some(path) => {
                let file = create(path).map_err(|error| {
                    let message =
                        format!("the {} report cannot be written to {}", spec.kind.name(), path.display());
                    Failure::asked_wrongly(message).because(&error)
                })?;
                let choice = AutoStream::choice(&file);
                (path.display().to_string(), colour(choice), Box::new(BufWriter::new(file)))
            }
        };
        Ok(Self { kind: spec.kind, name, out, live: Live::new(colour), colour, state: State::Open })
    }

    fn event(&mut self, event: &Event) {
        self.attempt(|sink| match sink.kind {
            Kind::Jsonl => jsonl::write(event, &mut sink.out).and_then(|()| sink.out.flush()),
            Kind::Terminal => sink.live.write(event, &mut sink.out),
            Kind::Json | Kind::Junit | Kind::Github | Kind::Markdown | Kind::Html => Ok(()),
        });
    }

    fn finish(&mut self, report: &Report) {
        self.attempt(|sink| {
            let format = match sink.kind {
                Kind::Jsonl => return sink.out.flush(),
                Kind::Terminal => {
                    sink.live.finish(&mut sink.out)?;
                    writeln!(sink.out)?;
                    Format::Terminal(sink.colour)
                }
                Kind::Json => Format::Json,
                Kind::Junit => Format::Junit,
                Kind::Github => Format::Github,
                Kind::Markdown => Format::Markdown,
                Kind::Html => Format::Html,
            };
            report::write(report, format, &mut sink.out)?;
            sink.out.flush()
        });
    }

    /// Does something unless an earlier attempt failed.
    fn attempt(&mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) {
        if !matches!(self.state, State::Open) {
            return;
        }
        self.state = match write(self) {
            Ok(()) => State::Open,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => State::Closed,
            Err(error) => State::Broken(error),
        };
    }
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::Terminal, Self::Json, Self::Jsonl, Self::Junit, Self::Github, Self::Markdown, Self::Html];

    fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }
}

impl FromStr for ReportSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = text.split_once('=').map_or((text, None), |(name, path)| (name, Some(path)));
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| format!("the formats are {}", Kind::ALL.map(Kind::name).join(", ")))?;
        match path {
            Some("") => Err(format!("there is no path behind `{name}=`")),
            Some(path) => Ok(Self { kind, path: Some(PathBuf::from(path)) }),
            None => Ok(Self { kind, path: None }),
        }
    }
}

/// Two reports in one place would destroy each other.
fn refuse_shared(specs: &[ReportSpec]) -> Result<(), Failure> {
    for (position, spec) in specs.iter().enumerate() {
        let place = spec.path.as_deref().map(resolved);
        let is_shared = |other: &&ReportSpec| other.path.as_deref().map(resolved) == place;
        let is_allowed = |other: &&ReportSpec| place.is_none() && can_share(spec.kind, other.kind);
        let other = specs[..position].iter().find(|other| is_shared(other) && !is_allowed(other));
        if let Some(other) = other {
            let name =
                spec.path.as_ref().map_or("standard output".to_owned(), |path| path.display().to_string());
            let (first, second) = (other.kind.name(), spec.kind.name());
            let message = format!("two reports would be written to {name}: {first} and {second}");
            return Err(Failure::asked_wrongly(message)
                .hint(format!("give one of them a path: --report {second}=PATH")));
        }
    }
    Ok(())
}

/// A report in the place of a pact would destroy what the next run is about.
///
/// # Errors
/// Asked wrongly, with the report and what would be lost.
pub(crate) fn refuse_read(specs: &[ReportSpec], read: &[PathBuf]) -> Result<(), Failure> {
    let read: Vec<_> = read.iter().map(|path| (path, resolved(path))).collect();
    for spec in specs {
        let Some(path) = &spec.path else { continue };
        let place = resolved(path);
        let Some((known, _)) = read.iter().find(|(_, known)| place.starts_with(known)) else { continue };
        let (kind, path, known) = (spec.kind.name(), path.display(), known.display());
        return Err(Failure::asked_wrongly(format!(
            "the {kind} report would be written to {path}, and this run reads {known}"
        ))
        .hint(format!("give it a path of its own: --report {kind}=PATH")));
    }
    Ok(())
}

/// Annotations are lines among others, which is what the server that reads them expects.
fn can_share(one: Kind, other: Kind) -> bool {
    matches!((one, other), (Kind::Terminal, Kind::Github) | (Kind::Github, Kind::Terminal))
}

/// The same path for the same file, also when the file does not exist yet.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if let Ok(existing) = absolute.canonicalize() {
        return existing;
    }
    match (absolute.parent().and_then(|parent| parent.canonicalize().ok()), absolute.file_name()) {
        (Some(parent), Some(name)) => parent.join(name),
        _ => absolute,
    }
}

fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    File::create(path)
}

fn colour(choice: ColorChoice) -> Colour {
    match choice {
        ColorChoice::Never => Colour::Never,
        ColorChoice::Auto | ColorChoice::Always | ColorChoice::AlwaysAnsi => Colour::Always,
    }
}

/// What a run reads, or would read if it were there, and none of these reports may replace. To look
/// for it takes a while with many pacts, so nothing is looked for when no report is a file.
pub(super) fn files_read(
    reports: &[ReportSpec],
    (paths, store, openapi): (&[String], Option<&Path>, Option<&Path>),
    setup: &Setup,
    root: &Path,
) -> Vec<PathBuf> {
    if reports.iter().all(|report| report.path.is_none()) {
        return Vec::new();
    }
    let found = source::find(paths).unwrap_or_default();
    let pacts = found.files.into_iter().map(|file| file.path).chain(found.repeated);
    let certificates = [&setup.trust.ca_file, &setup.trust.client_certificate].into_iter().flatten().cloned();
    let shared = store.map(|store| [store.join("ledger"), store.join("owners.toml")]).into_iter().flatten();
    let configured = [root.join(FILE_NAME)].into_iter().chain(source::owner_files(paths, root));
    let specification = openapi.map(Path::to_owned);
    pacts.chain(certificates).chain(shared).chain(configured).chain(specification).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(text: &str) -> ReportSpec {
        text.parse().expect("a report")
    }

    #[test]
    fn a_format_may_have_a_path() {
        assert_eq!(spec("json"), ReportSpec { kind: Kind::Json, path: None });
        assert_eq!(spec("html=a=b.html"), ReportSpec { kind: Kind::Html, path: Some("a=b.html".into()) });
        insta::assert_snapshot!(ReportSpec::from_str("yaml").expect_err("no format"), @"the formats are terminal, json, jsonl, junit, github, markdown, html");
        insta::assert_snapshot!(ReportSpec::from_str("json=").expect_err("no path"), @"there is no path behind `json=`");
    }

    #[test]
    fn what_is_read_is_never_written_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("pact.json"), "{}").expect("a pact");
        std::fs::create_dir(at("ledger")).expect("a ledger");
        let read = [at("pact.json"), at("ledger"), at("owners.toml")];
        let refused = |name: &str| {
            let spec = spec(&format!("json={}", at(name).display()));
            refuse_read(&[spec], &read).err().map(|failure| failure.message)
        };
        for name in ["pact.json", "./pact.json", "ledger/../pact.json", "ledger/new.json", "owners.toml"] {
            assert!(refused(name).is_some_and(|why| why.contains(" and this run reads ")), "{name}");
        }
        for name in ["report.json", "pact.json.xml", "ledger.json"] {
            assert_eq!(refused(name), None, "{name}");
        }
    }

    #[test]
    fn one_file_under_two_names_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| spec(&format!("json={}/{name}", folder.path().display()));
        assert!(refuse_shared(&[at("a.json"), at("b.json")]).is_ok());
        assert!(refuse_shared(&[at("a.json"), at("./a.json")]).is_err());
        assert!(refuse_shared(&[spec("json"), spec("junit")]).is_err());
        assert!(refuse_shared(&[spec("terminal"), spec("github")]).is_ok());
    }
}
