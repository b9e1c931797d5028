//! `pactwright prune`: removes what no answer needs, and puts the facts of past months together.

use std::time::{Duration, UNIX_EPOCH};

use clap::Args;
use serde::Serialize;

use super::answer::AnswerArguments;
use super::place::StoreArguments;
use crate::cli::{Failure, clock};
use crate::fact::{Obsolete, Spared, obsolete};
use crate::outcome::Answer;
use crate::store::{Directory, Store};

/// How old a content is at least that is removed: a publisher writes it before the fact that names it.
const A_DAY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// Remove old versions that no answer needs, and put the facts of past months together
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright prune --dry-run              how much would go
  pactwright prune --keep-days 30

A version is kept while it is the newest on a branch, with a tag or of all, while it is deployed or
released, while it is on the main branch (unless --main-branch-too), while it is younger than --keep-days,
and while a contract rests on it. The facts of each past
month are put into one file, which changes no answer. A contract goes when nothing has named it since the
run before, and when its file is a day old: somebody may be about to publish it again.

Exit status:
  0  done, or with --dry-run said
  3  the store could not be read or written")]
pub(crate) struct Prune {
    /// Keep what is younger than so many days
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    keep_days: u32,
    /// Remove old versions of main branches as well; the newest stays
    #[arg(long)]
    main_branch_too: bool,
    /// Only put the facts of past months together, and remove nothing
    #[arg(long)]
    only_compact: bool,
    /// Say how much would go, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

#[derive(Debug, Serialize)]
struct Pruned {
    dry_run: bool,
    facts: usize,
    removed_facts: usize,
    removed_versions: usize,
    removed_contents: usize,
    compacted_files: usize,
    unfinished_files: usize,
}

/// Runs the command.
pub(crate) fn run(arguments: &Prune) -> Result<Answer, Failure> {
    let store = arguments.store.directory()?;
    let now = clock::timestamp();
    // Before the facts: what is published meanwhile is then named by one of them.
    let settled = u64::try_from((now - A_DAY).as_millisecond()).unwrap_or_default();
    let contents =
        store.contents_before(UNIX_EPOCH + Duration::from_millis(settled)).map_err(|error| failed(&error))?;
    let facts = store.facts().map_err(|error| failed(&error))?;
    let gone = if arguments.only_compact {
        Obsolete::default()
    } else {
        let kept = jiff::SignedDuration::from_hours(24 * i64::from(arguments.keep_days));
        // What is older than time itself is never reached: then everything is young.
        let young = now.checked_sub(kept).unwrap_or(jiff::Timestamp::MIN);
        let owners = store.owners().map_err(|error| failed(&error))?;
        obsolete(&facts, &owners, &contents, Spared { young, main_branches: !arguments.main_branch_too })
    };
    let unfinished = store.unfinished().map_err(|error| failed(&error))?;
    let month = now.strftime("%Y-%m").to_string();
    if !arguments.dry_run {
        store.remove(&gone.facts, &gone.contents).map_err(|error| failed(&error))?;
    }
    let compact = if arguments.dry_run { Directory::compactable } else { Directory::compact };
    let compacted = compact(&store, &month).map_err(|error| failed(&error))?;
    let pruned = Pruned {
        dry_run: arguments.dry_run,
        facts: facts.len(),
        removed_facts: gone.facts.len(),
        removed_versions: gone.versions,
        removed_contents: gone.contents.len(),
        compacted_files: compacted.removed,
        unfinished_files: unfinished.len(),
    };
    arguments.answer.say(&pruned, || text(&pruned))?;
    Ok(Answer::Yes)
}

fn text(pruned: &Pruned) -> String {
    let would = if pruned.dry_run { "would be removed" } else { "removed" };
    let mut lines = vec![format!(
        "{would}: {} versions, {} of {} facts, {} contents\n",
        pruned.removed_versions, pruned.removed_facts, pruned.facts, pruned.removed_contents
    )];
    if pruned.compacted_files > 0 {
        let are_now = if pruned.dry_run { "would be put into" } else { "are now in" };
        lines
            .push(format!("{} files of past months {are_now} one file each month\n", pruned.compacted_files));
    }
    if pruned.unfinished_files > 0 {
        lines.push(format!(
            "{} files were left unfinished by writers that were stopped; `pactwright fsck` names them\n",
            pruned.unfinished_files
        ));
    }
    lines.concat()
}

fn failed(error: &crate::store::StoreError) -> Failure {
    Failure::could_not_find_out("the store could not be pruned").because(error)
}
