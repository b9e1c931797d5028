//! `pactwright verify`: flags become a setup, outputs are opened, and the verification takes its
//! course.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::Failure;
use super::familiar::LogArguments;
use super::fetching::UrlCredentials;
use super::last_run::LastRun;
use super::output::{Kind, Outputs, ReportArguments, ReportSpec, files_read};
use super::selecting::Selecting;
use super::settings::{File, Settings, read_file};
use super::verify_shared::{Besides, FromStore, SharedArguments};
use super::{answers, check, environment, options, plan_text, rerun, signals, stdio, without_effect};
use crate::event::Event;
use crate::finding::{Code, Finding, Place};
use crate::outcome::{Answer, Judged};
use crate::redact::Redactor;
use crate::replay::{Options, Stop};
use crate::source;
use crate::verification::{self, Gathered, Occasion, Planned, Setup, SeveralProviders, Specified, Subject};

/// Replay what consumers expect against the provider
///
/// Reads pacts strictly, starts the provider or talks to a running one, replays every interaction,
/// and says what holds. Nothing verified is never a pass. What says how the provider is
/// reached and asked can also stand in the [verify] table of pactwright.toml.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Verify {
    /// Pact files, directories, globs or URLs [default: `pacts` in pactwright.toml, or ./pacts]
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// Another pact file, for those who are used to it
    #[arg(short, long = "file", value_name = "FILE", hide_short_help = true)]
    files: Vec<String>,
    /// Another directory of pacts, for those who are used to it
    #[arg(short, long = "dir", value_name = "DIR", hide_short_help = true)]
    directories: Vec<String>,
    /// Another pact by its address, for those who are used to it
    #[arg(short, long = "url", value_name = "URL", hide_short_help = true)]
    urls: Vec<String>,
    /// The provider's name in the pacts; needed when they name several
    #[arg(short = 'n', long, alias = "provider-name", value_name = "NAME", env = "PACTWRIGHT_PROVIDER")]
    provider: Option<String>,
    #[command(flatten)]
    credentials: UrlCredentials,
    #[command(flatten)]
    shared: SharedArguments,
    #[command(flatten)]
    selecting: Selecting,
    #[command(flatten)]
    settings: Settings,
    /// Leave the rest out after the first failure
    #[arg(long, alias = "exit-on-first-error", help_heading = "Running", conflicts_with = "max_failures")]
    fail_fast: bool,
    /// Ask the reference verifier as well and report where it disagrees; sends every request again, and
    /// a third time where that may explain a difference
    #[arg(long, help_heading = "Running")]
    second_opinion: bool,
    /// Hold contracts and answers against an OpenAPI specification as well, and say who is the odd one out
    #[arg(long, value_name = "FILE", help_heading = "Running", conflicts_with_all = ["publish", "dry_run"])]
    openapi: Option<PathBuf>,
    /// Let pass what cannot be decided about the specification, such as messages
    #[arg(long, help_heading = "Running", requires = "openapi")]
    allow_undecidable: bool,
    /// Show what would be verified, in which order, and stop
    #[arg(long, help_heading = "Running", conflicts_with = "second_opinion")]
    dry_run: bool,
    /// Show what the provider writes, and requests and answers of passed interactions as well
    #[arg(short, long, help_heading = "Output")]
    verbose: bool,
    /// Keep all answers, for `pactwright what-if`
    #[arg(long, help_heading = "Output")]
    keep_answers: bool,
    #[command(flatten)]
    log: LogArguments,
    #[command(flatten)]
    output: ReportArguments,
    /// Write a JSON report, as --report json=FILE
    #[arg(
        short,
        long,
        value_name = "FILE",
        env = "PACT_VERIFIER_JSON_REPORT",
        hide_env = true,
        hide_short_help = true,
        help_heading = "Output"
    )]
    json: Option<PathBuf>,
    /// Write a JUnit report, as --report junit=FILE
    #[arg(
        short = 'x',
        long,
        value_name = "FILE",
        env = "PACT_VERIFIER_JUNIT_REPORT",
        hide_env = true,
        hide_short_help = true,
        help_heading = "Output"
    )]
    junit: Option<PathBuf>,
    /// Write an HTML report, as --report html=FILE
    #[arg(
        long,
        value_name = "FILE",
        env = "PACT_VERIFIER_HTML_REPORT",
        hide_env = true,
        hide_short_help = true,
        help_heading = "Output"
    )]
    html: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  Replay ./pacts against a provider that runs already:
    pactwright verify --provider faq --provider-url http://localhost:8080

  Start the provider on a free port, set up its states, stop it afterwards:
    pactwright verify pacts --provider faq --start 'npm start' --state-url /_pact/states

  In CI, with a JUnit file and annotations:
    pactwright verify --report junit=pact.xml --report github

  Only what did not pass last time:
    pactwright verify --last-failed

  The specification of the provider as well, and which of the three is the odd one out:
    pactwright verify --openapi faq.yaml

  What is shared in a directory, and record there what came of it:
    pactwright verify --store pacts --provider faq --provider-app-version 2.0 --branch main --publish";

/// Runs the command.
pub(crate) fn run(arguments: &Verify) -> Result<Answer, Failure> {
    let (file, root) = read_file(&super::working_directory()?)?;
    let familiar = environment::variable("PACT_PROVIDER_NAME");
    let named = arguments.provider.as_deref().or(familiar.as_deref()).or(file.provider.as_deref());
    let given = arguments.settings.clone();
    let settings = given.or(environment::settings(environment::variable)?).or(file.verify.clone());
    let (in_order, strict) = (settings.in_order.unwrap_or(false), settings.strict.unwrap_or(false));
    let from_store = arguments.shared.read((&settings, &file), &arguments.besides(named))?;
    let paths = if from_store.is_some() { Vec::new() } else { arguments.paths(&file, &root) };
    without_effect::refuse(&settings, &paths)?;
    arguments.credentials.note_idle(&paths);
    let setup = arguments.adjusted(options::setup(settings, &root)?, &paths);
    let (mut from_store, subject) = match from_store {
        Some((from_store, subject)) => (Some(from_store), subject),
        None => (None, about(gathered(&setup)?, named)?),
    };
    let last = LastRun::read(&root, &subject.provider)?;
    let selection = arguments.selecting.selection(&last, from_store.is_some())?;
    let planned = subject.plan(&selection, in_order);
    if arguments.dry_run {
        if !arguments.report_specs().is_empty() {
            stdio::note("a dry run writes no report");
        }
        return say_plan(&planned, &setup.redactor());
    }
    let owners = from_store.as_ref().map_or_else(|| source::owners(&paths, &root), |it| it.owners(&root));
    let owners = owners.map_err(|error| options::unknown_owners(&error))?;
    let store = from_store.as_ref().map(FromStore::address);
    let reports = arguments.report_specs();
    let read = files_read(&reports, (&paths, store, arguments.openapi.as_deref()), &setup, &root);
    let specified = arguments.specified()?;
    let options = setup.options(planned.plan.selected() > 0).map_err(|error| options::refused(&error))?;
    let mut outputs = Outputs::open(&reports, &read)?;
    if arguments.second_opinion {
        stdio::note(
            "every request is sent again by the reference, and a third time where that may explain a \
             difference, each time with the states set up afresh",
        );
    }
    let command = rerun::command(std::env::args().skip(1), &options.redactor);
    let started_at = super::clock::now();
    let occasion = Occasion { owners, strict, started_at, command, again: None, specified };
    let mut recorded = Vec::new();
    let record = |outcome: &verification::Outcome| {
        from_store.as_mut()?.publish(outcome, &mut recorded).err().map(not_recorded)
    };
    let outcome = replay(planned, options, occasion, (&mut outputs, record))?;
    let answer = outcome.report.answer;
    last.updated(&outcome).write();
    let keep = || if arguments.keep_answers { answers::keep(&root, &outcome.report) } else { Ok(()) };
    let finished = outputs.finish(&outcome.report).and_then(|()| keep());
    let judged = arguments.verbose.then_some(outcome.report.judged).filter(|judged| !judged.is_none());
    for said in recorded.into_iter().chain(judged.map(said_of)) {
        stdio::note(&said);
    }
    match finished {
        // A broken contract stays one, whether or not it could be written down.
        Err(failure) if answer == Answer::No => stdio::complain(&failure),
        finished => finished?,
    }
    // The process ends here: what it holds is not given back piece by piece.
    std::mem::forget(outcome);
    Ok(answer)
}

/// The contracts where the setup says that they are.
pub(crate) fn gathered(setup: &Setup) -> Result<Gathered, Failure> {
    let access = setup.access().map_err(|error| options::refused(&error))?;
    let gathered = verification::gather(&setup.paths, &access).map_err(|error| not_found(&error))?;
    note_left_out(&gathered.left_out);
    Ok(gathered)
}

/// The files that paths mean; which directories are left out is said.
///
/// # Errors
/// Asked wrongly, when a path means nothing.
pub(crate) fn found(paths: &[String]) -> Result<source::Found, Failure> {
    let found = source::find(paths).map_err(|error| not_found(&error))?;
    note_left_out(&found.left_out);
    Ok(found)
}

/// Says in one line what nobody looked into.
fn note_left_out(directories: &[PathBuf]) {
    if directories.is_empty() {
        return;
    }
    let said = |directory: &PathBuf| {
        let why = if source::is_ledger(directory) { "--store reads a ledger" } else { "it is hidden" };
        format!("{} ({why})", directory.display())
    };
    let all: Vec<_> = directories.iter().map(said).collect();
    stdio::note(&format!("not looked into: {}", all.join(", ")));
}

/// The pacts are not where they were looked for.
pub(crate) fn not_found(error: &source::FindError) -> Failure {
    Failure::asked_wrongly("the pacts could not be found")
        .because(error)
        .hint("name files, directories, globs or URLs that hold pacts")
        .hint("or name them in pactwright.toml; `pactwright init` writes one")
}

fn about(gathered: Gathered, named: Option<&str>) -> Result<Subject, Failure> {
    verification::about(gathered, named).map_err(|SeveralProviders { providers }| {
        Failure::asked_wrongly("the pacts are about several providers")
            .hint(format!("name one of them with --provider: {}", providers.join(", ")))
    })
}

/// Replays what is planned, and records what came of it before anybody is told that it is over.
fn replay(
    planned: Planned,
    options: Options,
    occasion: Occasion,
    (outputs, record): (&mut Outputs, impl FnOnce(&verification::Outcome) -> Option<Finding>),
) -> Result<verification::Outcome, Failure> {
    let stop = Stop::new();
    signals::stop_on_signal(&stop)?;
    let run = planned.run_and(options, occasion, &stop, (|event: &Event| outputs.event(event), record));
    run.map_err(|error| Failure::could_not_find_out("the run could not be carried out").because(&error))
}

/// What came of the run is known here, and nowhere else.
fn not_recorded(failure: Failure) -> Finding {
    let why = std::iter::once(failure.message).chain(failure.causes).collect::<Vec<_>>().join(": ");
    let finding = Finding::new(Code::ResultNotRecorded, Place::Run, why);
    failure.hints.into_iter().take(1).fold(finding, Finding::with_help)
}

fn said_of(Judged { proven, compared }: Judged) -> String {
    let (answers, were) = if proven == 1 { ("answer", "was") } else { ("answers", "were") };
    let also_were = if compared == 1 { "was" } else { "were" };
    format!("{proven} {answers} {were} proven to keep the contract, {compared} {also_were} compared in full")
}

fn say_plan(planned: &Planned, redactor: &Redactor) -> Result<Answer, Failure> {
    let findings: Vec<_> = planned.findings.iter().map(|finding| redactor.finding(finding.clone())).collect();
    stdio::say(&plan_text::plan(planned, &findings))?;
    Ok(plan_text::answer(planned, &findings))
}

/// Where to look for pacts: what was named, or what the configuration names, or `pacts`.
pub(crate) fn pacts_of(named: &[String], file: &File, root: &Path) -> Vec<String> {
    if !named.is_empty() {
        return named.to_vec();
    }
    let configured = if file.pacts.is_empty() { vec!["pacts".to_owned()] } else { file.pacts.clone() };
    configured.into_iter().map(|path| below(root, path)).collect()
}

/// A configured path as it is seen from here; the configuration's own directory is where it starts.
fn below(root: &Path, path: String) -> String {
    let is_elsewhere = path.contains("://") || Path::new(&path).is_absolute();
    let here = std::env::current_dir().is_ok_and(|here| here == root);
    if is_elsewhere || here { path } else { root.join(path).display().to_string() }
}

impl Verify {
    fn paths(&self, file: &File, root: &Path) -> Vec<String> {
        pacts_of(&self.named().cloned().collect::<Vec<_>>(), file, root)
    }

    fn named(&self) -> impl Iterator<Item = &String> {
        [&self.paths, &self.files, &self.directories, &self.urls].into_iter().flatten()
    }

    /// What else decides about the contracts of a store.
    fn besides<'a>(&'a self, provider: Option<&'a str>) -> Besides<'a> {
        Besides {
            provider,
            consumers: self.selecting.consumers(),
            in_part: self.selecting.is_in_part(),
            everything: self.openapi.is_some(),
            names_files: self.named().next().is_some(),
        }
    }

    /// The setup with what only this command is asked.
    fn adjusted(&self, mut setup: Setup, paths: &[String]) -> Setup {
        setup.paths = paths.to_vec();
        setup.credentials = self.credentials.credentials();
        setup.second_opinion = self.second_opinion;
        setup.keep_exchanges = self.keeps_exchanges() || self.openapi.is_some();
        if self.fail_fast {
            setup.running.max_failures = Some(1);
        }
        setup
    }

    fn keeps_exchanges(&self) -> bool {
        self.keep_answers || self.verbose || self.log.is_verbose()
    }

    /// The specification, when there is one.
    fn specified(&self) -> Result<Option<Arc<Specified>>, Failure> {
        let Some(path) = &self.openapi else { return Ok(None) };
        Ok(Some(Arc::new(Specified {
            spec: check::read(path)?,
            allows_undecidable: self.allow_undecidable,
            keeps_exchanges: self.keeps_exchanges(),
        })))
    }

    fn report_specs(&self) -> Vec<ReportSpec> {
        let familiar = [(Kind::Json, &self.json), (Kind::Junit, &self.junit), (Kind::Html, &self.html)];
        let familiar = familiar.into_iter().filter_map(|(format, path)| Some((format, path.as_ref()?)));
        let familiar = familiar.map(|(format, path)| ReportSpec::to_file(format, path));
        self.output.specs().chain(familiar).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_answer_was_and_several_were() {
        let said = |proven, compared| said_of(Judged { proven, compared });
        insta::assert_snapshot!(said(1, 1), @"1 answer was proven to keep the contract, 1 was compared in full");
        insta::assert_snapshot!(said(2, 0), @"2 answers were proven to keep the contract, 0 were compared in full");
    }
}
