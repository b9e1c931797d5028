//! `pactwright owed`: the verifications that nobody has done yet.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::columns::columns;
use super::environments;
use super::place::StoreArguments;
use super::running;
use super::waived::{InForce, with_waiver};
use crate::cli::verify_shared::Choosing;
use crate::cli::{Failure, clock};
use crate::contract::Digest;
use crate::fact::{ConsumerSelector, ProviderBuild, State, VersionInfo, Wanted, selected_versions};
use crate::name::{Application, Branch, Version, quoted};
use crate::outcome::Answer;
use crate::verification::shared::{self, Unanswerable};

/// List the verifications that nobody has done yet
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright owed
  pactwright owed --provider faq
  pactwright owed --environment production      only what runs there
  pactwright owed -o json      {\"include\": […]}, as a matrix of jobs in CI takes it

Without selectors it looks at the contracts of main branches and of what runs; and always at the versions of their providers at the
head of the main branch and wherever they run. A job that builds the version and runs the command of its
entry pays the debt.

Exit status:
  0  they were listed, also when there are none
  2  a selector is wrong, or there is no such environment
  3  there are no contracts, or the store could not be read")]
pub(crate) struct Owed {
    /// Only what this provider owes
    #[arg(long, value_name = "NAME")]
    provider: Option<Application>,
    #[command(flatten)]
    choosing: Choosing,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

/// A matrix of CI jobs.
#[derive(Debug, Serialize)]
struct Matrix<'a> {
    include: Vec<Job<'a>>,
}

/// One job: a version of a provider that has not verified a version of a consumer.
#[derive(Debug, Serialize)]
struct Job<'a> {
    provider: &'a Application,
    provider_version: &'a Version,
    consumer: &'a Application,
    consumer_version: &'a Version,
    content: Digest,
    /// The branch that the version of the provider was built from last.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_branch: Option<&'a Branch>,
    /// The commit that it was built from.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_commit: Option<&'a str>,
    /// Why it is accepted today that nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<InForce<'a>>,
    /// What verifies just this, where that version of the provider is built.
    command: String,
}

/// Runs the command.
pub(crate) fn run(arguments: &Owed) -> Result<Answer, Failure> {
    let place = arguments.store.open()?;
    let state = place.state()?;
    if let Some(provider) = &arguments.provider {
        environments::known_application(&state, provider)?;
    }
    let selectors = arguments.choosing.selectors();
    // The branch that has to match is that of each version of the provider, and is looked up there.
    if let Err(Unanswerable::NoEnvironment(name)) = shared::check(&state, &selectors, true) {
        environments::known(&state, &name, &place.flag)?;
    }
    let is_asked = |name: &&Application| arguments.provider.as_ref().is_none_or(|asked| asked == *name);
    let providers: Vec<&Application> = state
        .applications()
        .filter(is_asked)
        .filter(|name| state.consumers_of(name).next().is_some())
        .collect();
    if providers.is_empty() {
        return Err(Failure::could_not_find_out("there are no contracts to verify")
            .hint(format!("`pactwright publish PACTS{}` publishes some", place.flag)));
    }
    let builds: Vec<_> = providers.iter().flat_map(|name| builds(&state, name)).collect();
    let owed = |build| owed(&state, build, &selectors, &place.flag);
    let include: Vec<_> = builds.iter().flat_map(owed).collect();
    let without_version: Vec<_> =
        providers.into_iter().filter(|name| running::places(&state, name).is_empty()).collect();
    let matrix = Matrix { include };
    let elsewhere = if selectors.is_empty() { elsewhere(&state, &builds, &matrix) } else { 0 };
    arguments.answer.say(&matrix, || {
        text(&matrix, &without_version, &place.flag, selectors.is_empty())
            + &not_listed(elsewhere, &place.flag)
    })?;
    Ok(Answer::Yes)
}

/// What is owed to the heads of other branches, which nobody looks at who does not ask for it.
fn elsewhere(state: &State, builds: &[(ProviderBuild, &VersionInfo)], listed: &Matrix<'_>) -> usize {
    let every = [ConsumerSelector::all(Wanted::EveryBranch)];
    let key = |job: &Job<'_>| (job.content, job.provider.clone(), job.provider_version.clone());
    let listed: BTreeSet<_> = listed.include.iter().map(key).collect();
    let owed = builds.iter().flat_map(|build| owed(state, build, &every, ""));
    owed.filter(|job| !listed.contains(&key(job))).count()
}

fn not_listed(elsewhere: usize, flag: &str) -> String {
    match elsewhere {
        0 => String::new(),
        1 => format!("and 1 more for the head of another branch: {}\n", every_branch(flag)),
        more => format!("and {more} more for heads of other branches: {}\n", every_branch(flag)),
    }
}

fn every_branch(flag: &str) -> String {
    format!("pactwright owed{flag} --consumer-version-selectors '{{\"branch\": true}}'")
}

/// The versions of a provider that matter, each as the build that has made it.
fn builds<'a>(state: &'a State, provider: &Application) -> Vec<(ProviderBuild, &'a VersionInfo)> {
    let known = |version: &Version| state.version(provider, version);
    let build = |info: &'a VersionInfo| {
        let branch = info.branches.last().cloned();
        (ProviderBuild { application: provider.clone(), branch, tags: Vec::new() }, info)
    };
    running::places(state, provider).into_keys().filter_map(known).map(build).collect()
}

fn owed<'a>(
    state: &'a State,
    (build, known): &'a (ProviderBuild, &'a VersionInfo),
    selectors: &[ConsumerSelector],
    flag: &str,
) -> Vec<Job<'a>> {
    let today = clock::today();
    let (provider, provider_version) = (&build.application, &known.version);
    let mut jobs = Vec::new();
    for (consumer, info, content) in selected_versions(state, build, selectors) {
        if state.result((consumer, provider), content, provider_version).is_some() {
            continue;
        }
        let sides = ((consumer, Some(&info.version)), (provider, Some(provider_version)));
        jobs.push(Job {
                provider,
                provider_version,
                consumer,
                consumer_version: &info.version,
                content,
                provider_branch: build.branch.as_ref(),
                provider_commit: known.commit.as_deref(),
                waiver: InForce::between(state, today, sides.0, sides.1),
                command: format!(
                    "pactwright verify{flag} --provider {} --provider-app-version {} --content {content} --publish",
                    quoted(provider.as_str()),
                    quoted(provider_version.as_str()),
                ),
            });
    }
    jobs
}

fn text(matrix: &Matrix<'_>, without_version: &[&Application], flag: &str, by_default: bool) -> String {
    let unknown = |name: &&Application| {
        format!("no version of {name} is known that is at the head of its main branch or runs")
    };
    let mut lines: Vec<String> = without_version.iter().map(unknown).collect();
    if matrix.include.is_empty() && lines.is_empty() {
        return "nothing is owed\n".to_owned();
    }
    if !matrix.include.is_empty() {
        lines.push(table(matrix, flag, by_default));
    }
    lines.join("\n") + "\n"
}

fn table(matrix: &Matrix<'_>, flag: &str, by_default: bool) -> String {
    let row = |job: &Job<'_>| {
        [
            job.provider.to_string(),
            job.provider_version.to_string(),
            job.consumer.to_string(),
            with_waiver(job.consumer_version.as_str(), job.waiver.as_ref()),
        ]
    };
    let rows: Vec<_> = matrix.include.iter().map(row).collect();
    let table = columns(["PROVIDER", "VERSION", "HAS NOT VERIFIED", "VERSION"], &rows);
    // All that a version owes, at once; the jobs of a matrix do it one by one. What was selected here is
    // named there, where other selectors hold.
    let mut contents: BTreeMap<(&Application, &Version), String> = BTreeMap::new();
    for job in &matrix.include {
        let named = contents.entry((job.provider, job.provider_version)).or_default();
        if !by_default {
            let _ = write!(named, " --content {}", job.content);
        }
    }
    let command = |((provider, version), contents): (&(&Application, &Version), &String)| {
        let (provider, version) = (quoted(provider.as_str()), quoted(version.as_str()));
        format!(
            "pactwright verify{flag} --provider {provider} --provider-app-version {version}{contents} --publish"
        )
    };
    let commands: Vec<_> = contents.iter().map(command).collect();
    format!("{table}\nnext, where that version is built:\n  {}", commands.join("\n  "))
}
