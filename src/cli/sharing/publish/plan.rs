//! What publishing would do, before anything is written.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::cli::Failure;
use crate::cli::sharing::built::Built;
use crate::cli::sharing::deprecated;
use crate::cli::sharing::environments;
use crate::cli::sharing::place::Place;
use crate::cli::sharing::running;
use crate::compat::{Blocker, Change, Rule, diff};
use crate::contract::{Canonical, Contract, Digest, canonical, merge, read};
use crate::deprecation::Deprecation;
use crate::fact::{State, Verification, VersionInfo};
use crate::name::{Application, InvalidName, Line, Version};

/// Differences between two files that are shown.
const SHOWN: usize = 5;

/// What is known before.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) state: &'a State,
    pub(super) place: &'a Place,
    pub(super) today: Date,
}

/// One contract that is to be published.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) consumer: Application,
    pub(super) provider: Application,
    pub(super) canonical: Canonical,
    pub(super) how: How,
    /// The contents of the same version that it stands in for.
    pub(super) replaces: Vec<Digest>,
    /// The contract of the version before, and what has changed since.
    pub(super) before: Option<Before>,
    /// What is known about the versions of the provider that matter.
    pub(super) verified: Vec<Verified>,
    /// What it uses that is to go.
    pub(super) outgoing: Vec<Outgoing>,
}

/// Something that is to go, and is used all the same.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) deprecation: Deprecation,
    /// Where.
    pub(super) used: Vec<Blocker>,
    /// Whom to ask about it.
    pub(super) contact: Vec<Line>,
}

/// What becomes of a contract.
#[derive(Debug)]
pub(super) enum How {
    /// The version has none yet.
    Published,
    /// The version has published exactly this before.
    Unchanged,
    /// It is added to what the version has published before.
    Merged,
    /// The version has published something else, of which these changes would be the difference.
    Refused(Vec<Change>),
}

/// The contract of an earlier version.
#[derive(Debug)]
pub(super) struct Before {
    pub(super) version: Version,
    pub(super) changes: Vec<Change>,
}

/// What is known of a version of the provider.
#[derive(Debug)]
pub(super) struct Verified {
    pub(super) version: Version,
    /// Where it is: `main branch`, or the name of an environment.
    pub(super) places: Vec<String>,
    pub(super) passed: Option<bool>,
    /// Until when it is accepted that it does not keep it.
    pub(super) waived_until: Option<Date>,
}

/// Plans all contracts, in the order of their names.
pub(super) fn plan(
    contracts: Vec<Contract>,
    built: &Built,
    may_merge: bool,
    known: &Known<'_>,
) -> Result<Vec<Planned>, Failure> {
    let mut pairs: BTreeMap<(Application, Application), Contract> = BTreeMap::new();
    for contract in contracts {
        let name = |text: &str| {
            Application::new(text)
                .map_err(|error: InvalidName| Failure::asked_wrongly(format!("{}: {error}", contract.file())))
        };
        let pair = (name(&contract.consumer)?, name(&contract.provider)?);
        let together = match pairs.remove(&pair) {
            Some(other) => files_together(&other, &contract, may_merge)?,
            None => contract,
        };
        pairs.insert(pair, together);
    }
    pairs.into_iter().map(|(pair, contract)| planned(pair, contract, (built, may_merge), known)).collect()
}

fn planned(
    (consumer, provider): (Application, Application),
    contract: Contract,
    (built, may_merge): (&Built, bool),
    known: &Known<'_>,
) -> Result<Planned, Failure> {
    let contents = known.state.contents(&consumer, &built.version, &provider);
    let published: Vec<Digest> = contents.iter().map(|publication| publication.content).collect();
    let (mut contract, mut replaces) = (contract, Vec::new());
    let digest = canonical(&contract).digest;
    let how = if published.contains(&digest) {
        How::Unchanged
    } else if published.is_empty() {
        How::Published
    } else if may_merge {
        match merged(&contract, &published, known)? {
            Ok(all) => {
                contract = all;
                let merged = canonical(&contract).digest;
                replaces = published.iter().copied().filter(|content| *content != merged).collect();
                if published.contains(&merged) && replaces.is_empty() { How::Unchanged } else { How::Merged }
            }
            Err(changes) => How::Refused(changes),
        }
    } else {
        How::Refused(diff(&stored(known.place, published[0])?, &contract))
    };
    let outgoing = outgoing(&contract, &provider, known.state)?;
    let before = before((&consumer, &provider), &contract, built, known)?;
    let canonical = canonical(&contract);
    let verified = verified((&consumer, &built.version), &provider, canonical.digest, known);
    Ok(Planned { consumer, provider, canonical, how, replaces, before, verified, outgoing })
}

/// What a contract uses that its provider means to take away.
fn outgoing(contract: &Contract, provider: &Application, state: &State) -> Result<Vec<Outgoing>, Failure> {
    let known = deprecated::known(state, Some(provider))?.into_iter();
    let about = state.about(provider);
    let whom: Vec<_> = about.team.into_iter().chain(about.contact).collect();
    let outgoing = known.map(|deprecation| {
        let used = deprecation.used_by(contract);
        Outgoing { deprecation, used, contact: whom.clone() }
    });
    Ok(outgoing.filter(|one| !one.used.is_empty()).collect())
}

/// A contract with all that the contents of its version have as well, or what it says otherwise about what they
/// have.
fn merged(
    contract: &Contract,
    published: &[Digest],
    known: &Known<'_>,
) -> Result<Result<Contract, Vec<Change>>, Failure> {
    let mut text = canonical(contract).text;
    for content in published {
        match merge(&known.place.content(*content)?, &text) {
            Ok(merged) => text = merged,
            Err(error) => {
                let changes = diff(&stored(known.place, *content)?, contract);
                // What only one of them has would have been added.
                let is_conflict = |change: &Change| {
                    !matches!(change.rule, Rule::InteractionAdded | Rule::InteractionRemoved)
                };
                let changes: Vec<_> = changes.into_iter().filter(is_conflict).collect();
                if !changes.is_empty() {
                    return Ok(Err(changes));
                }
                return Err(Failure::asked_wrongly(format!(
                    "{} cannot be merged with what {} has published before",
                    contract.file(),
                    contract.consumer
                ))
                .because(&error));
            }
        }
    }
    reread(contract.file(), text).map(Ok)
}

/// The contracts of two files about the same two applications as one.
fn files_together(one: &Contract, other: &Contract, may_merge: bool) -> Result<Contract, Failure> {
    let (text, own) = (canonical(one).text, canonical(other).text);
    if text == own {
        return reread(other.file(), own);
    }
    let what = format!(
        "{} and {} hold pacts of {} with {}",
        one.file(),
        other.file(),
        other.consumer,
        other.provider
    );
    if !may_merge {
        return Err(Failure::asked_wrongly(what).hint("--merge publishes both as one"));
    }
    let merged = merge(&text, &own).map_err(|error| {
        let failure = Failure::asked_wrongly(format!("{what} that contradict each other")).because(&error);
        let changes = diff(one, other)
            .into_iter()
            .filter_map(|change| Some(format!("{}: {}", change.interaction?, change.sentence)));
        changes.take(SHOWN).fold(failure, Failure::hint)
    })?;
    reread(other.file(), merged)
}

fn stored(place: &Place, content: Digest) -> Result<Contract, Failure> {
    reread(&format!("content {}", content.short()), place.content(content)?)
}

/// What is stored was sound when it was stored; a stricter reader may see it otherwise.
fn reread(name: &str, text: String) -> Result<Contract, Failure> {
    let reading = read(name, text.into_bytes());
    reading.contract.ok_or_else(|| {
        let why = reading.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
        Failure::could_not_find_out(format!("{name} can no longer be read: {why}"))
    })
}

/// What has changed since the version before on the same branch, or since the latest version when there is no branch.
fn before(
    (consumer, provider): (&Application, &Application),
    contract: &Contract,
    built: &Built,
    known: &Known<'_>,
) -> Result<Option<Before>, Failure> {
    let on_branch = built.branch.as_ref().map(|branch| known.state.on_branch(consumer, branch));
    let versions =
        on_branch.filter(|versions| !versions.is_empty()).unwrap_or_else(|| known.state.versions(consumer));
    let content = |info: &&VersionInfo| {
        let publication = known.state.contents(consumer, &info.version, provider).last()?;
        (info.version != built.version).then(|| (info.version.clone(), publication.content))
    };
    let Some((version, content)) = versions.iter().rev().find_map(content) else { return Ok(None) };
    Ok(Some(Before { version, changes: diff(&stored(known.place, content)?, contract) }))
}

/// What the head of the provider's main branch and all its versions that run somewhere make of a content.
fn verified(
    (consumer, published): (&Application, &Version),
    provider: &Application,
    content: Digest,
    Known { state, today, .. }: &Known<'_>,
) -> Vec<Verified> {
    let of = |(version, places): (&Version, Vec<String>)| {
        let passed = state.result((consumer, provider), content, version).map(Verification::has_passed);
        let waiver = state.waiver(*today, (consumer, Some(published)), (provider, Some(version)));
        let waived_until = waiver.filter(|_| passed != Some(true)).map(|(_, waived)| waived.expires);
        Verified { version: version.clone(), places, passed, waived_until }
    };
    running::places(state, provider).into_iter().map(of).collect()
}

/// Refuses a name that is new and is probably another spelling of a known one.
pub(super) fn refuse_similar_names(state: &State, planned: &[Planned]) -> Result<(), Failure> {
    let names = planned.iter().flat_map(|planned| [&planned.consumer, &planned.provider]);
    let known = || state.applications().map(Application::as_str);
    names.map(Application::as_str).try_for_each(|name| {
        environments::refuse_similar(name, known())
            .map_err(|failure| failure.hint("--allow-similar-name keeps both apart"))
    })
}
