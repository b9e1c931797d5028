//! `pactwright publish`: contracts of a consumer's version, for all to see.
//!
//! Everything is checked before anything is written. What a version has published stays: another
//! content for the same version is refused, or added to it when that is asked for.

mod plan;
mod reading;
mod text;

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::Args;

use self::plan::{How, Planned};
use super::answer::AnswerArguments;
use super::built::{BuildArguments, Built};
use super::place::{Place, StoreArguments};
use crate::cli::{Failure, clock, stdio};
use crate::fact::{Published, State, What};
use crate::name::{Application, Version};
use crate::outcome::Answer;

/// Publish contracts of a version of a consumer
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright publish pacts                              version, branch and build from CI or git
  pactwright publish pacts/support-faq.json -a 1.4 --branch main
  pactwright publish pacts -a 1.4 --merge               add what a parallel build of the same version found
  pactwright publish pacts -a 1.4 --dry-run             show what would be published

Exit status:
  0  everything is published, or was already
  1  nothing is published: this version has published another contract before
  2  nothing is published: a contract has a defect or waits for a review, or a name is a slip
  3  there was nothing to publish, or the store could not be read or written")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct Publish {
    /// Pact files, directories and glob patterns
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,
    /// The version of the consumer [default: the commit, from the CI system or git]
    #[arg(short = 'a', long, value_name = "VERSION")]
    consumer_app_version: Option<Version>,
    /// Only the contracts of this consumer; may be repeated
    #[arg(long, value_name = "NAME")]
    consumer: Vec<Application>,
    #[command(flatten)]
    build: BuildArguments,
    /// Add to what this version has published before; drops and changes nothing
    #[arg(long)]
    merge: bool,
    /// Treat warnings about pacts as errors
    #[arg(long)]
    strict: bool,
    /// Accepted for those who are used to it: contracts are always checked
    #[arg(long, hide = true)]
    validate: bool,
    /// Use a new name although a known one is spelt nearly so
    #[arg(long)]
    allow_similar_name: bool,
    /// Show what would be published, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Publish) -> Result<Answer, Failure> {
    let mut place = arguments.store.open()?;
    let contracts = reading::contracts(&arguments.paths, arguments.strict, arguments.answer)?;
    let contracts = reading::of_consumers(contracts, &arguments.consumer)?;
    reading::refuse_undecided(&arguments.paths, &contracts, &arguments.consumer)?;
    let built = arguments.build.built(arguments.consumer_app_version.as_ref())?;
    if built.dirty {
        stdio::note(
            "the work tree has changes that no commit holds; what is published is not what others would build",
        );
    }
    let state = place.state_or_new()?;
    let planned = plan::plan(
        contracts,
        &built,
        arguments.merge,
        &plan::Known { state: &state, place: &place, today: clock::today() },
    )?;
    if !arguments.allow_similar_name {
        plan::refuse_similar_names(&state, &planned)?;
    }
    let is_refused = planned.iter().any(|planned| matches!(planned.how, How::Refused(_)));
    if !(is_refused || arguments.dry_run) {
        write(&mut place, &state, &planned, &built)?;
    }
    if arguments.consumer.is_empty() && arguments.consumer_app_version.is_some() {
        note_several_consumers(&planned, &built);
    }
    let shown = text::Shown::of(&planned, &built, (arguments.dry_run, arguments.merge), clock::today());
    arguments.answer.say(&shown, || text::text(&shown, &planned, &place.flag))?;
    Ok(if is_refused { Answer::No } else { Answer::Yes })
}

/// One build may well make several consumers; a folder that holds the pacts of others is a slip.
fn note_several_consumers(planned: &[Planned], built: &Built) {
    let consumers: BTreeSet<&str> = planned.iter().map(|planned| planned.consumer.as_str()).collect();
    if consumers.len() > 1 {
        let names: Vec<_> = consumers.into_iter().collect();
        stdio::note(&format!(
            "{} is a version of {}; --consumer NAME publishes for one of them",
            built.version,
            names.join(" and ")
        ));
    }
}

/// Contents first: a fact never names a content that is not there. And once more at the end, for somebody may
/// have removed meanwhile what nothing had named yet.
fn write(place: &mut Place, state: &State, planned: &[Planned], built: &Built) -> Result<(), Failure> {
    for planned in planned {
        place.put(&planned.canonical.text)?;
    }
    for planned in planned {
        if is_known(state, planned, built) {
            continue;
        }
        place.record(What::Published(Published {
            consumer: planned.consumer.clone(),
            version: built.version.clone(),
            provider: planned.provider.clone(),
            content: planned.canonical.digest,
            replaces: planned.replaces.clone(),
            branch: built.branch.clone(),
            tags: built.tags.clone(),
            build_url: built.build_url.as_deref().map(Arc::from),
            commit: built.commit.as_deref().map(Arc::from),
        }))?;
    }
    planned.iter().try_for_each(|planned| place.put(&planned.canonical.text).map(drop))
}

/// Whether all that the fact would say is known already.
fn is_known(state: &State, planned: &Planned, built: &Built) -> bool {
    let version = state.version(&planned.consumer, &built.version);
    matches!(planned.how, How::Unchanged)
        && version.is_some_and(|version| {
            built.branch.iter().all(|branch| version.branches.contains(branch))
                && built.tags.iter().all(|tag| version.tags.contains(tag))
        })
}
