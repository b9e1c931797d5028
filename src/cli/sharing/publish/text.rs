//! What was published, as people and programs read it.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde::Serialize;

use super::plan::{How, Outgoing, Planned, Verified};
use crate::cli::sharing::built::Built;
use crate::cli::sharing::columns::joined;
use crate::compat::{Change, Class};
use crate::contract::Digest;
use crate::name::{Application, Branch, Line, Tag, Version, quoted};

/// Changes that are shown; the rest are counted.
const CHANGES: usize = 10;

/// What was published, for programs.
#[derive(Debug, Serialize)]
pub(super) struct Shown<'a> {
    schema_version: u32,
    version: &'a Version,
    branch: Option<&'a Branch>,
    tags: &'a [Tag],
    build_url: Option<&'a str>,
    #[serde(skip)]
    origin: Option<&'a str>,
    dry_run: bool,
    #[serde(skip)]
    merge: bool,
    contracts: Vec<ShownContract<'a>>,
}

#[derive(Debug, Serialize)]
struct ShownContract<'a> {
    consumer: &'a Application,
    provider: &'a Application,
    outcome: &'static str,
    content: Digest,
    interactions: usize,
    /// The version that it is compared with.
    before: Option<&'a Version>,
    changes: Vec<ShownChange<'a>>,
    verified: Vec<ShownVerified<'a>>,
    /// What it uses that is to go.
    deprecated: Vec<ShownOutgoing<'a>>,
}

#[derive(Debug, Serialize)]
struct ShownChange<'a> {
    class: &'static str,
    rule: &'static str,
    interaction: Option<&'a str>,
    sentence: &'a str,
}

#[derive(Debug, Serialize)]
struct ShownVerified<'a> {
    provider_version: &'a Version,
    places: &'a [String],
    /// `null` when it was not verified.
    success: Option<bool>,
    /// Until when it is accepted that it does not keep it.
    waived_until: Option<Date>,
}

#[derive(Debug, Serialize)]
struct ShownOutgoing<'a> {
    subject: String,
    remove_on: Date,
    days_left: i32,
    #[serde(skip)]
    countdown: String,
    instead: Option<&'a Line>,
    reason: Option<&'a Line>,
    /// Whom to ask about it.
    contact: &'a [Line],
    /// Where the contract uses it.
    interactions: Vec<&'a str>,
}

impl<'a> Shown<'a> {
    pub(super) fn of(
        planned: &'a [Planned],
        built: &'a Built,
        (dry_run, merge): (bool, bool),
        today: Date,
    ) -> Self {
        Self {
            schema_version: 1,
            version: &built.version,
            branch: built.branch.as_ref(),
            tags: &built.tags,
            build_url: built.build_url.as_deref(),
            origin: built.origin.as_deref(),
            dry_run,
            merge,
            contracts: planned.iter().map(|planned| shown(planned, today)).collect(),
        }
    }
}

fn shown(planned: &Planned, today: Date) -> ShownContract<'_> {
    let before = planned.before.as_ref();
    ShownContract {
        consumer: &planned.consumer,
        provider: &planned.provider,
        outcome: outcome(&planned.how),
        content: planned.canonical.digest,
        interactions: planned.canonical.interactions.len(),
        before: before.map(|before| &before.version),
        changes: changes(planned).iter().map(shown_change).collect(),
        verified: planned
            .verified
            .iter()
            .map(|Verified { version, places, passed, waived_until }| ShownVerified {
                provider_version: version,
                places,
                success: *passed,
                waived_until: *waived_until,
            })
            .collect(),
        deprecated: planned.outgoing.iter().map(|outgoing| shown_outgoing(outgoing, today)).collect(),
    }
}

fn shown_outgoing(outgoing: &Outgoing, today: Date) -> ShownOutgoing<'_> {
    let one = &outgoing.deprecation;
    ShownOutgoing {
        subject: one.removal.to_string(),
        remove_on: one.remove_on,
        days_left: one.days_left(today),
        countdown: one.countdown(today),
        instead: one.instead.as_ref(),
        reason: one.reason.as_ref(),
        contact: &outgoing.contact,
        interactions: outgoing.used.iter().map(|used| used.interaction.as_str()).collect(),
    }
}

fn outcome(how: &How) -> &'static str {
    match how {
        How::Published => "published",
        How::Unchanged => "unchanged",
        How::Merged => "merged",
        How::Refused(_) => "refused",
    }
}

/// What the refused content would change, or what has changed since the version before.
fn changes(planned: &Planned) -> &[Change] {
    match (&planned.how, &planned.before) {
        (How::Refused(changes), _) => changes,
        (_, Some(before)) => &before.changes,
        (_, None) => &[],
    }
}

fn shown_change(change: &Change) -> ShownChange<'_> {
    ShownChange {
        class: change.class().slug(),
        rule: change.rule.slug(),
        interaction: change.interaction.as_deref(),
        sentence: &change.sentence,
    }
}

/// What was published, for people.
pub(super) fn text(shown: &Shown<'_>, planned: &[Planned], flag: &str) -> String {
    let mut text = String::new();
    let branch = shown.branch.map(|branch| format!(" on branch {branch}")).unwrap_or_default();
    let origin = shown.origin.map(|origin| format!(" ({origin})")).unwrap_or_default();
    let _ = writeln!(text, "version {}{branch}{origin}", shown.version);
    for (planned, own) in planned.iter().zip(&shown.contracts) {
        contract(planned, shown, &mut text);
        own.deprecated.iter().for_each(|outgoing| deprecated(outgoing, &mut text));
    }
    if planned.iter().any(|planned| matches!(planned.how, How::Refused(_))) {
        let _ = writeln!(text, "\nnothing was published: a version says one thing for ever");
        let merge = if shown.merge { "" } else { ", or --merge adds what is new and changes nothing" };
        let _ = writeln!(text, "next: publish another version{merge}");
    } else if shown.dry_run {
        let _ = writeln!(text, "\nnothing was published: this was a dry run");
    } else if let Some(next) = planned.iter().find(|planned| is_owed(planned)) {
        // By their contents, for no selector need choose this version.
        let is_his = |planned: &&Planned| planned.provider == next.provider && is_owed(planned);
        let mut contents = String::new();
        for planned in planned.iter().filter(is_his) {
            let _ = write!(contents, " --content {}", planned.canonical.digest);
        }
        let (name, word) = (&next.provider, quoted(next.provider.as_str()));
        let _ = writeln!(
            text,
            "\nnext, where {name} is built: pactwright verify{flag} --provider {word}{contents} --publish"
        );
    }
    text
}

fn is_owed(planned: &Planned) -> bool {
    planned.verified.is_empty() || planned.verified.iter().any(|verified| verified.passed.is_none())
}

fn contract(planned: &Planned, shown: &Shown<'_>, text: &mut String) {
    let interactions = counted(planned.canonical.interactions.len(), "interaction");
    let (consumer, provider) = (&planned.consumer, &planned.provider);
    let what = match &planned.how {
        How::Published => "published".to_owned(),
        How::Unchanged => "was published already".to_owned(),
        How::Merged => format!("merged with what {} has published before", shown.version),
        How::Refused(_) => format!("REFUSED: {} has published another contract", shown.version),
    };
    let _ = writeln!(text, "  {consumer} -> {provider}  {interactions}, {what}");
    let changes = changes(planned);
    if let (Some(before), false) = (&planned.before, matches!(planned.how, How::Refused(_))) {
        let more = changes.iter().filter(|change| change.class() == Class::DemandsMore).count();
        let _ = match (changes.len(), more) {
            (0, _) => writeln!(text, "    the same as {}", before.version),
            (all, 0) => writeln!(
                text,
                "    since {}: {}, none of which demands more",
                before.version,
                counted(all, "change")
            ),
            (all, more) => writeln!(
                text,
                "    since {}: {}, {more} of which {} more",
                before.version,
                counted(all, "change"),
                if more == 1 { "demands" } else { "demand" }
            ),
        };
    }
    for change in changes.iter().take(CHANGES) {
        let interaction = change.interaction.as_deref().unwrap_or("the whole contract");
        let _ = writeln!(text, "      {}: {interaction}: {}", change.class().words(), change.sentence);
    }
    if changes.len() > CHANGES {
        let _ = writeln!(text, "      and {} more", changes.len() - CHANGES);
    }
    for Verified { version, places, passed, waived_until } in &planned.verified {
        let result = match passed {
            Some(true) => "has verified it already, and keeps it",
            Some(false) => "has verified it already, and BREAKS it",
            None => "has not verified it yet",
        };
        let waived = waived_until.map(|day| format!(", waived until {day}")).unwrap_or_default();
        let _ = writeln!(text, "    {provider} {version} ({}) {result}{waived}", places.join(", "));
    }
}

/// What the consumer should know before it is gone.
fn deprecated(outgoing: &ShownOutgoing<'_>, text: &mut String) {
    let _ = writeln!(text, "    DEPRECATED: {} {}", outgoing.subject, outgoing.countdown);
    let lines = [
        ("used by", outgoing.interactions.join("; ")),
        ("instead", joined(outgoing.instead)),
        ("because", joined(outgoing.reason)),
        ("ask", joined(outgoing.contact)),
    ];
    for (word, said) in lines.iter().filter(|(_, said)| !said.is_empty()) {
        let _ = writeln!(text, "      {word:<7}  {said}");
    }
}

pub(super) fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
