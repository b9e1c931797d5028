//! `pactwright fsck`: everything that is wrong with the files of a store.

use std::collections::BTreeSet;
use std::error::Error;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::answer::AnswerArguments;
use super::place::StoreArguments;
use crate::cli::{Failure, clock};
use crate::contract::{Digest, canonical, read};
use crate::fact::{Fact, What};
use crate::outcome::Answer;
use crate::store::{Directory, Store, StoreError};

/// Check every file of a shared directory
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright fsck
  pactwright fsck --store /srv/pacts -o json

Exit status:
  0  everything is sound
  1  something is not, and is named
  3  there is no store, or it could not be read")]
pub(crate) struct Fsck {
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

/// So far apart clocks may be.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

#[derive(Debug, Serialize)]
struct Checked {
    facts: usize,
    contents: usize,
    problems: Vec<String>,
    /// Files that a writer has left unfinished; nobody reads them.
    unfinished: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Fsck) -> Result<Answer, Failure> {
    let store = arguments.store.directory()?;
    let checked = checked(&store, clock::timestamp())
        .map_err(|error| Failure::could_not_find_out("the store could not be checked").because(&error))?;
    arguments.answer.say(&checked, || text(&checked))?;
    Ok(if checked.problems.is_empty() { Answer::Yes } else { Answer::No })
}

fn checked(store: &Directory, now: Timestamp) -> Result<Checked, StoreError> {
    let mut problems: Vec<String> = store.problems()?.iter().map(sentence).collect();
    let contents = store.contents()?;
    // A fact that cannot be read takes nothing from what the others say.
    let (_, mut facts) = store.looked_at()?;
    facts.sort_by_key(|fact| fact.id);
    facts.dedup_by_key(|fact| fact.id);
    problems.extend(ahead(&facts, now));
    let there: BTreeSet<Digest> = contents.iter().copied().collect();
    for fact in &facts {
        if let What::Published(published) = &fact.what
            && !there.contains(&published.content)
        {
            problems.push(format!(
                "the fact {} names the content {}, which is not there",
                fact.id, published.content
            ));
        }
    }
    problems.extend(contents.iter().filter_map(|digest| form(*digest, store.content(*digest).ok()?)));
    let unfinished = store.unfinished()?.iter().map(|path| path.display().to_string()).collect();
    Ok(Checked { facts: facts.len(), contents: contents.len(), problems, unfinished })
}

/// Facts of a time that is still to come. What is recorded now comes after them all the same.
fn ahead(facts: &[Fact], now: Timestamp) -> Option<String> {
    let is_ahead = |fact: &&Fact| fact.id.at() > now + TOLERANCE;
    let (number, newest) = (facts.iter().filter(is_ahead).count(), facts.last()?);
    (number > 0).then(|| {
        format!(
            "{number} of the facts are of a time still to come, up to {} ({}): a clock is wrong, here or where \
             they were recorded",
            newest.id.moment(),
            newest.id
        )
    })
}

/// What is wrong with the form of a content, whose bytes are those it is named by.
pub(super) fn form(digest: Digest, text: String) -> Option<String> {
    let reading = read(&digest.to_string(), text.into_bytes());
    match reading.contract {
        Some(contract) if canonical(&contract).digest == digest => None,
        Some(_) => Some(format!("the content {digest} is not in the form in which contracts are stored")),
        None => {
            let why = reading.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            Some(format!("the content {digest} is not a sound contract: {why}"))
        }
    }
}

fn sentence(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

fn text(checked: &Checked) -> String {
    let problems = checked.problems.iter().map(ToString::to_string);
    let unfinished =
        checked.unfinished.iter().map(|path| format!("{path} was left unfinished and can be deleted"));
    let found = match checked.problems.len() {
        0 => "everything is sound".to_owned(),
        1 => "1 problem".to_owned(),
        more => format!("{more} problems"),
    };
    let last = format!("{} facts, {} contents: {found}\n", checked.facts, checked.contents);
    problems.chain(unfinished).chain([last]).collect::<Vec<_>>().join("\n")
}
