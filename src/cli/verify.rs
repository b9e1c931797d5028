//! `pactwright verify`: composition only. Load, plan, run, report, remember, in that order.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::Failure;
use super::familiar::LogArguments;
use super::last_run::LastRun;
use super::output::{Kind, Outputs, ReportArguments, ReportSpec};
use super::selecting::Selecting;
use super::settings::{File, Settings, read_file};
use super::{
    answers, environment, nothing, options, owners, plan_text, rerun, signals, stdio, without_effect,
};
use crate::contract::Contract;
use crate::event::Event;
use crate::finding::Finding;
use crate::outcome::{Answer, Judged, PactInfo, Report, RunInfo, SCHEMA_VERSION};
use crate::redact::Redactor;
use crate::replay::{self, Job, Options, Plan, Stop};
use crate::report;
use crate::source::{self, Credentials, Loaded};

/// Replay what consumers expect against the provider
///
/// Reads pacts strictly, starts the provider or talks to a running one, replays every interaction,
/// and says what holds. Nothing verified is never a pass. Every long option can stand in the
/// [verify] table of pactwright.toml.
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
    selecting: Selecting,
    #[command(flatten)]
    settings: Settings,
    /// Leave the rest out after the first failure
    #[arg(long, alias = "exit-on-first-error", help_heading = "Running", conflicts_with = "max_failures")]
    fail_fast: bool,
    /// Ask the reference verifier as well and report where it disagrees; sends every request twice
    #[arg(long, help_heading = "Running")]
    second_opinion: bool,
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

/// How to authenticate where pacts are fetched from.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_field_names, reason = "they are the names of the flags")]
pub(crate) struct UrlCredentials {
    /// Bearer token for pacts at URLs
    #[arg(
        short = 't',
        long,
        alias = "token",
        value_name = "TOKEN",
        env = "PACTWRIGHT_URL_TOKEN",
        hide_env_values = true,
        hide_short_help = true
    )]
    url_token: Option<String>,
    /// User name for pacts at URLs
    #[arg(
        long,
        alias = "user",
        value_name = "NAME",
        conflicts_with = "url_token",
        env = "PACTWRIGHT_URL_USER",
        hide_short_help = true
    )]
    url_user: Option<String>,
    /// Password for pacts at URLs
    #[arg(
        long,
        alias = "password",
        requires = "url_user",
        value_name = "PASSWORD",
        env = "PACTWRIGHT_URL_PASSWORD",
        hide_env_values = true,
        hide_short_help = true
    )]
    url_password: Option<String>,
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
    pactwright verify --last-failed";

/// Runs the command.
pub(crate) fn run(arguments: &Verify) -> Result<Answer, Failure> {
    options::refuse_other_engine()?;
    if arguments.second_opinion {
        options::refuse_proxies()?;
    }
    let (file, root) = read_file(&super::working_directory()?)?;
    let paths = arguments.paths(&file, &root);
    let settings = arguments.settings().or(environment::settings(environment::variable)?).or(file.verify);
    without_effect::refuse(&settings, &paths)?;
    let found = source::find(&paths).map_err(|error| not_found(&error))?;
    let access = options::access(&settings, arguments.credentials.credentials())?;
    let loaded = source::load(&found, &access);
    let familiar = environment::variable("PACT_PROVIDER_NAME");
    let named = arguments.provider.as_deref().or(familiar.as_deref()).or(file.provider.as_deref());
    let Asked { provider, contracts, mut findings } = asked(loaded, named)?;
    let last = LastRun::read(&root, &provider)?;
    let selection = arguments.selecting.selection(&last)?;
    let plan = replay::plan(&contracts, &selection, settings.in_order.unwrap_or(false));
    findings.extend(nothing::explain(&plan, &contracts, &provider, &selection));
    findings.extend(nothing::unmatched(&plan, &contracts, &selection));
    let strict = settings.strict.unwrap_or(false);
    if arguments.dry_run {
        let redactor = arguments.hiding(Redactor::new(&settings.redact), &paths);
        let findings: Vec<_> = findings.into_iter().map(|finding| redactor.finding(finding)).collect();
        if !arguments.report_specs().is_empty() {
            stdio::note("a dry run writes no report");
        }
        stdio::say(&plan_text::plan(&plan, &findings))?;
        return Ok(plan_text::answer(&plan, &findings));
    }
    let mut outputs = Outputs::open(&arguments.report_specs())?;
    if arguments.second_opinion {
        stdio::note(
            "every request is sent twice, with the states set up afresh: once by us, once by the reference",
        );
    }
    let owners = owners::read(&paths, &root)?;
    let mut options = arguments.adjusted(options::options(settings, &root, plan.selected() > 0)?);
    options.redactor = arguments.hiding(options.redactor, &paths);
    let job = Job { info: run_info((&provider, &contracts), &plan, strict, &options.redactor), plan, owners };
    let report = carry_out(job, options, findings, &mut outputs)?;
    last.updated(&report).write();
    if arguments.verbose && !report.judged.is_none() {
        let Judged { proven, compared } = report.judged;
        stdio::note(&format!(
            "{proven} answers were proven to keep their contract, {compared} were compared in full"
        ));
    }
    let finished = outputs.finish(&report).and_then(|()| match arguments.keep_answers {
        true => answers::keep(&root, &report),
        false => Ok(()),
    });
    match finished {
        // A broken contract stays one, whether or not it could be written down.
        Err(failure) if report.answer == Answer::No => stdio::complain(&failure),
        finished => finished?,
    }
    let answer = report.answer;
    // The process ends here: what it holds is not given back piece by piece.
    std::mem::forget((contracts, report));
    Ok(answer)
}

/// The pacts are not where they were looked for.
pub(crate) fn not_found(error: &source::FindError) -> Failure {
    Failure::asked_wrongly("the pacts could not be found")
        .because(error)
        .hint("name files, directories, globs or URLs that hold pacts")
        .hint("or name them in pactwright.toml; `pactwright init` writes one")
}

/// What the question is about, from what was found and what was named.
struct Asked {
    provider: String,
    contracts: Vec<Arc<Contract>>,
    findings: Vec<Finding>,
}

fn asked(loaded: Loaded, named: Option<&str>) -> Result<Asked, Failure> {
    let mut findings = loaded.findings;
    let providers: BTreeSet<&str> =
        loaded.contracts.iter().map(|contract| contract.provider.as_str()).collect();
    let provider = match (named, providers.len()) {
        (Some(name), _) => name.to_owned(),
        (None, 0) => "the provider".to_owned(),
        (None, 1) => providers.first().map(|name| (*name).to_owned()).unwrap_or_default(),
        (None, _) => {
            let all = providers.into_iter().collect::<Vec<_>>().join(", ");
            return Err(Failure::asked_wrongly("the pacts are about several providers")
                .hint(format!("name one of them with --provider: {all}")));
        }
    };
    if loaded.contracts.is_empty() && loaded.pacts > 0 {
        findings.push(nothing::unreadable(loaded.pacts));
    } else if !providers.contains(provider.as_str()) {
        findings.push(nothing::no_pacts(&provider, &providers));
    }
    let contracts = loaded.contracts.into_iter().filter(|contract| contract.provider == provider);
    let contracts = contracts.map(Arc::new).collect();
    Ok(Asked { provider, contracts, findings })
}

fn run_info(asked: (&str, &[Arc<Contract>]), plan: &Plan, strict: bool, redactor: &Redactor) -> RunInfo {
    let (provider, contracts) = asked;
    RunInfo {
        schema_version: SCHEMA_VERSION,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        provider: provider.to_owned(),
        started_at: super::clock::now(),
        pacts: contracts.iter().map(|contract| PactInfo::of(contract)).collect(),
        planned: plan.selected(),
        strict,
        command: rerun::command(std::env::args().skip(1), redactor),
    }
}

/// Runs the job; what was noticed while reading comes right behind the start of the run.
fn carry_out(
    job: Job,
    options: Options,
    findings: Vec<Finding>,
    outputs: &mut Outputs,
) -> Result<Report, Failure> {
    let stop = Stop::new();
    signals::stop_on_signal(&stop)?;
    let mut events = Vec::new();
    let redactor = options.redactor.clone();
    let mut noticed = findings.into_iter().map(|finding| Event::Noted(redactor.finding(finding)));
    replay::run(job, options, &stop, |event| {
        let is_start = matches!(event, Event::RunStarted(_));
        for event in std::iter::once(event).chain(is_start.then_some(&mut noticed).into_iter().flatten()) {
            outputs.event(&event);
            // It is in no report, and may be a lot.
            if !matches!(event, Event::ProviderSaid { .. }) {
                events.push(event);
            }
        }
    })
    .map_err(|error| Failure::could_not_find_out("the run could not be carried out").because(&error))?;
    Ok(report::fold(events))
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
        let named = [&self.paths, &self.files, &self.directories, &self.urls].into_iter().flatten().cloned();
        pacts_of(&named.collect::<Vec<_>>(), file, root)
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn adjusted(&self, mut options: Options) -> Options {
        options.second_opinion = self.second_opinion;
        options.keep_exchanges = self.keep_answers || self.verbose || self.log.is_verbose();
        if self.fail_fast {
            options.running.max_failures = Some(1);
        }
        options
    }

    /// The redactor with the credentials for pacts at URLs.
    fn hiding(&self, redactor: Redactor, paths: &[String]) -> Redactor {
        let redactor = self.credentials.hidden_by(redactor);
        paths.iter().fold(redactor, |redactor, path| redactor.knowing_address(path))
    }

    fn report_specs(&self) -> Vec<ReportSpec> {
        let familiar = [(Kind::Json, &self.json), (Kind::Junit, &self.junit), (Kind::Html, &self.html)];
        let familiar = familiar.into_iter().filter_map(|(format, path)| Some((format, path.as_ref()?)));
        let familiar = familiar.map(|(format, path)| ReportSpec::to_file(format, path));
        self.output.reports.iter().cloned().chain(familiar).collect()
    }
}

impl UrlCredentials {
    /// The redactor with these credentials.
    pub(crate) fn hidden_by(&self, redactor: Redactor) -> Redactor {
        let secrets = self.url_token.iter().chain(&self.url_password);
        secrets.fold(redactor, |redactor, secret| redactor.knowing(secret))
    }

    /// The credentials, none of which is ever shown.
    pub(crate) fn credentials(&self) -> Credentials {
        match (&self.url_token, &self.url_user) {
            (Some(token), _) => Credentials::Token(token.clone()),
            (None, Some(user)) => Credentials::User(user.clone(), self.url_password.clone()),
            (None, None) => Credentials::None,
        }
    }
}
