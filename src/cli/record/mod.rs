//! `pactwright record`: a consumer's own tests, whatever they are written in, record its pact.

mod command;
mod files;
mod traffic;
mod verdict;
mod written;

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use self::files::Job;
use super::Failure;
use super::options::refuse_other_engine;
use super::{environment, signals, stdio};
use crate::consumer;
use crate::contract::SpecVersion;
use crate::mock::{self, Mock, Record};
use crate::outcome::Answer;
use crate::replay::Stop;

/// Run a consumer's own tests against a mock provider and write its pact
///
/// Starts a mock provider for the interactions in each FILE, puts its address into the variable of
/// --env and runs COMMAND. The pact is written only when the command succeeds, every interaction was
/// used and nothing else was asked for. One that changes a pact that is there waits beside it, as
/// support-faq.json.new, for `pactwright review`. docs/recording.md describes the files.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright record --consumer support --provider faq --env FAQ_API interactions.yaml -- python -m unittest
  pactwright record faq.yaml billing.yaml -- npm test     names and variables stand in the files
  pactwright record faq.yaml --check -- pytest            for CI: the committed pact must be the same
  pactwright record --env FAQ_API=http://{host}:{port}/api faq.yaml -- make test
  pactwright record --consumer support --provider faq --env FAQ_API --from-traffic http://localhost:8080 \\
      draft.yaml -- pytest                                write a first draft of the file

Exit status:
  0  the pact was written, is already there, or waits for a review
  1  a test failed, an interaction was not used, or something else was asked for; nothing was written.
     With --check and in CI: a pact is another one, or one waits for a review
  2  a file cannot be used, or the command cannot be started
  3  it could not be found out: the run was interrupted, or a file could not be written")]
pub(crate) struct RecordArguments {
    /// Files of interactions, in YAML, TOML or JSON; one for each provider
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// The application whose tests these are; a file can name it as well
    #[arg(long, value_name = "NAME")]
    consumer: Option<String>,

    /// The application that is asked; once for each file, or not at all where the files say it
    #[arg(long, value_name = "NAME")]
    provider: Vec<String>,

    /// The variable that is given the address of the mock; once for each file, or not at all
    ///
    /// With a text behind it, {url}, {host} and {port} in the text are replaced.
    #[arg(long, value_name = "NAME[=TEXT]")]
    env: Vec<String>,

    /// Where the mock listens, instead of on any free port; once for each file
    #[arg(short, long, value_name = "PORT")]
    port: Vec<u16>,

    /// The directory of the pacts
    #[arg(short, long, value_name = "DIR", default_value = "pacts", alias = "pact-dir")]
    output: PathBuf,

    /// The version of the Pact specification: 2, 3 or 4 [default: 4]
    #[arg(long, value_name = "VERSION", value_parser = version, alias = "specification")]
    spec: Option<SpecVersion>,

    /// Write nothing; a pact that would be another one is a no. So it is wherever CI is set
    #[arg(long)]
    check: bool,

    /// Pass the calls on to this provider and write FILE as a draft of its interactions
    #[arg(long, value_name = "URL", conflicts_with_all = ["check", "output"])]
    from_traffic: Option<String>,

    /// The command that runs the tests, behind `--`
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

fn version(text: &str) -> Result<SpecVersion, String> {
    match text.trim_start_matches(['v', 'V']) {
        "2" | "2.0" | "2.0.0" => Ok(SpecVersion::V2),
        "3" | "3.0" | "3.0.0" => Ok(SpecVersion::V3),
        "4" | "4.0" => Ok(SpecVersion::V4),
        _ => Err("it is 2, 3 or 4".to_owned()),
    }
}

/// Records, or says why there is nothing to record.
pub(crate) fn run(arguments: &RecordArguments) -> Result<Answer, Failure> {
    refuse_other_engine()?;
    if let Some(provider) = &arguments.from_traffic {
        return traffic::run(arguments, provider);
    }
    let Some(jobs) = files::read(arguments)? else { return Ok(Answer::AskedWrongly) };
    let stop = Stop::new();
    signals::stop_on_signal(&stop)?;
    let mocks = jobs.iter().map(start).collect::<Result<Vec<_>, _>>()?;
    let addresses: Vec<(OsString, OsString)> =
        jobs.iter().zip(&mocks).filter_map(|(job, mock)| job.variable(mock.url())).collect();
    let ended = command::run(&arguments.command, &addresses, &stop);
    let records: Vec<Record> = mocks.into_iter().map(Mock::stop).collect();
    let problems = verdict::problems(ended?, &jobs, &records);
    if !problems.is_empty() {
        stdio::tell(&format!("\n{problems}"));
        return Ok(Answer::No);
    }
    // In CI nobody is there to look at what has changed.
    let check = arguments.check || consumer::is_ci(environment::variable("CI").as_deref());
    written::all(&jobs, &arguments.output, check)
}

fn start(job: &Job) -> Result<Mock, Failure> {
    let recording = Arc::clone(&job.recording);
    let options = mock::Options {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, job.port)),
        place: Some(Arc::new(move |_, interaction| recording.place(&interaction.pointer))),
        ..mock::Options::default()
    };
    Mock::start(&[Arc::new(job.recording.contract.clone())], options).map_err(|error| {
        let message = format!("the mock of {} cannot listen on port {}", job.provider(), job.port);
        Failure::could_not_find_out(message).because(&error).hint("without --port, any free one is taken")
    })
}
