//! What a provider means to take away, by when, and who still uses it.
//!
//! Deprecating something forbids nobody to use it: a provider that breaks a contract breaks it after the day
//! as before. What is counted are contracts, so that "nobody" means that no contract mentions it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::compat::{Blocker, Relied, Removal, Wanted, What, blockers};
use crate::contract::{Contract, Digest, RulePath};
use crate::fact::{Deprecated, DeprecatedPart, FactId, ProviderBuild, State, VersionInfo, selected_versions};
use crate::name::{Application, Line, Version};

/// Something that is to go.
#[derive(Debug, Clone)]
pub struct Deprecation {
    /// The facts that say so, the newest last; it is the one that counts.
    pub facts: Vec<FactId>,
    /// The provider.
    pub provider: Application,
    /// What is to go.
    pub removal: Removal,
    /// The day on which it was first said.
    pub since: Date,
    /// The first day on which it may be gone.
    pub remove_on: Date,
    /// What is to be used in its place.
    pub instead: Option<Line>,
    /// Why.
    pub reason: Option<Line>,
}

/// A fact says that something is to go, and it cannot be told what.
#[derive(Debug, thiserror::Error)]
#[error("the fact {fact} deprecates something of {provider} that is not understood: {why}")]
pub struct NotUnderstood {
    fact: FactId,
    provider: Application,
    why: String,
}

/// Something that is to go, with those who still use it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What is to go.
    pub deprecation: Deprecation,
    /// The versions that use it, of those at the head of main branches and those that run somewhere.
    pub users: Vec<User>,
    /// How the number of consumers whose newest version uses it has changed since it was deprecated; the first
    /// step is the day itself.
    pub course: Vec<Step>,
}

/// A version that uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The consumer.
    pub consumer: Application,
    /// Its version.
    pub version: Version,
    /// In how many interactions.
    pub interactions: usize,
}

/// A change of the number of consumers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub on: Date,
    /// The version that changed it; none for the beginning.
    pub by: Option<(Application, Version)>,
    /// How many consumers used it from then on.
    pub users: usize,
}

/// What all facts together say is to go of a provider, the earliest day first. Said twice of the same thing,
/// the newest counts, and since when it is known is told by the oldest.
///
/// # Errors
/// When one is not understood: what it is about may be anything.
pub fn deprecations(state: &State, provider: &Application) -> Result<Vec<Deprecation>, NotUnderstood> {
    let mut by_subject = BTreeMap::<String, Deprecation>::new();
    for (fact, said) in state.deprecated().filter(|(_, said)| said.provider == *provider) {
        let removal = removal(said).map_err(|why| NotUnderstood { fact, provider: provider.clone(), why })?;
        let subject = removal.to_string();
        let earlier = by_subject.remove(&subject);
        let (mut facts, since) =
            earlier.map_or_else(|| (Vec::new(), day(fact)), |earlier| (earlier.facts, earlier.since));
        facts.push(fact);
        let (instead, reason) = (said.instead.clone(), said.reason.clone());
        let provider = provider.clone();
        let remove_on = said.remove_on;
        let told = Deprecation { facts, provider, removal, since, remove_on, instead, reason };
        by_subject.insert(subject, told);
    }
    let mut all: Vec<_> = by_subject.into_values().collect();
    all.sort_by_key(|one| one.remove_on);
    Ok(all)
}

/// The same for all providers, in the order of their names.
///
/// # Errors
/// When one is not understood.
pub fn all_deprecations(state: &State) -> Result<Vec<Deprecation>, NotUnderstood> {
    let providers: BTreeSet<_> = state.deprecated().map(|(_, said)| &said.provider).collect();
    let each: Result<Vec<_>, _> =
        providers.into_iter().map(|provider| deprecations(state, provider)).collect();
    Ok(each?.concat())
}

fn removal(said: &Deprecated) -> Result<Removal, String> {
    let operation = Wanted::parse(said.operation.as_str())?;
    let what = match &said.part {
        None => What::Everything,
        Some(DeprecatedPart::Field(path)) => {
            What::Field(RulePath::parse(path.as_str()).map_err(|error| error.to_string())?)
        }
        Some(DeprecatedPart::Status(status)) => What::Status(*status),
        Some(DeprecatedPart::Query(name)) => What::Query(name.to_string()),
        Some(DeprecatedPart::Header(name)) => What::Header(name.to_string()),
    };
    Ok(Removal { operation, what })
}

/// The day of a fact, in UTC.
fn day(fact: FactId) -> Date {
    TimeZone::UTC.to_datetime(fact.at()).date()
}

impl Deprecation {
    /// The days until it may be gone; negative when it should be gone already.
    #[must_use]
    pub fn days_left(&self, today: Date) -> i32 {
        today.until(self.remove_on).map_or(0, |span| span.get_days())
    }

    /// Whether the day has come, so that whoever still uses it is late.
    #[must_use]
    pub fn is_over(&self, today: Date) -> bool {
        self.remove_on <= today
    }

    /// When it goes, in words that continue a sentence.
    #[must_use]
    pub fn countdown(&self, today: Date) -> String {
        let day = self.remove_on;
        match self.days_left(today) {
            0 => format!("may be removed from today, {day}, on"),
            1 => format!("goes on {day}, tomorrow"),
            left if left > 1 => format!("goes on {day}, in {left} days"),
            -1 => format!("was to go on {day}, yesterday"),
            left => format!("was to go on {day}, {} days ago", left.unsigned_abs()),
        }
    }

    /// Every interaction of a contract that uses it.
    #[must_use]
    pub fn used_by(&self, contract: &Contract) -> Vec<Blocker> {
        blockers(&[Relied::from_file(contract)], &[], &self.removal)
    }
}

/// What somebody asks about, with what is deprecated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerned {
    /// For each of the deprecations whether it is the thing that is asked about, or used where that is used.
    pub deprecations: Vec<bool>,
    /// For each of the blockers by how many days it is late: its contract uses there what should be gone
    /// already. Nothing for one that is about nothing deprecated, or whose day is still to come.
    pub late: Vec<Option<u32>>,
}

/// What of the deprecations concerns a question, and which of the blockers are late.
#[must_use]
pub fn concerned(
    relied: &[Relied<'_>],
    deprecations: &[&Deprecation],
    (asked, blocked): (&Removal, &[Blocker]),
    today: Date,
) -> Concerned {
    let used: Vec<_> =
        deprecations.iter().map(|one| interactions(&blockers(relied, &[], &one.removal))).collect();
    let both = || deprecations.iter().zip(&used);
    let is_concerned = |(one, used): (&&Deprecation, &BTreeSet<Key>)| {
        let is_asked = one.removal.to_string() == asked.to_string();
        is_asked || blocked.iter().any(|blocker| used.contains(&key(blocker)))
    };
    let late = |blocker: &Blocker| {
        let over = both().filter(|(one, used)| one.is_over(today) && used.contains(&key(blocker)));
        over.map(|(one, _)| one.days_left(today).unsigned_abs()).max()
    };
    Concerned { deprecations: both().map(is_concerned).collect(), late: blocked.iter().map(late).collect() }
}

/// An interaction, whatever of it is relied on: its contract and its name.
type Key = (usize, String);

fn key(blocker: &Blocker) -> Key {
    (blocker.source, blocker.interaction.clone())
}

fn interactions(blockers: &[Blocker]) -> BTreeSet<Key> {
    blockers.iter().map(key).collect()
}

/// Who still uses what is to go, and how that has changed. `used` says in how many of its interactions a
/// published contract uses it.
///
/// # Errors
/// Those of `used`.
pub fn standing<E>(
    state: &State,
    deprecation: Deprecation,
    mut used: impl FnMut(Digest) -> Result<usize, E>,
) -> Result<Standing, E> {
    let provider =
        ProviderBuild { application: deprecation.provider.clone(), branch: None, tags: Vec::new() };
    let mut users: Vec<User> = Vec::new();
    for (consumer, info, content) in selected_versions(state, &provider, &[]) {
        let interactions = used(content)?;
        if interactions > 0 {
            let (consumer, version) = (consumer.clone(), info.version.clone());
            users.push(User { consumer, version, interactions });
        }
    }
    let course = course(state, &deprecation, used)?;
    Ok(Standing { deprecation, users, course })
}

/// How many consumers used it when it was deprecated, and each version that has changed that.
fn course<E>(
    state: &State,
    deprecation: &Deprecation,
    mut used: impl FnMut(Digest) -> Result<usize, E>,
) -> Result<Vec<Step>, E> {
    let Some(first) = deprecation.facts.first() else { return Ok(Vec::new()) };
    let provider = &deprecation.provider;
    let mut is_user = |consumer: &Application, info: &VersionInfo| -> Result<bool, E> {
        for publication in state.contents(consumer, &info.version, provider) {
            if used(publication.content)? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let mut current = BTreeSet::new();
    let mut later: Vec<(&Application, &VersionInfo)> = Vec::new();
    for consumer in state.consumers_of(provider) {
        let versions = that_count(state, consumer, provider);
        let (before, after): (Vec<_>, Vec<_>) = versions.into_iter().partition(|info| info.created < *first);
        if let Some(last) = before.last()
            && is_user(consumer, last)?
        {
            current.insert(consumer);
        }
        later.extend(after.into_iter().map(|info| (consumer, info)));
    }
    later.sort_by_key(|(_, info)| info.created);
    let mut steps = vec![Step { on: deprecation.since, by: None, users: current.len() }];
    for (consumer, info) in later {
        let is_change =
            if is_user(consumer, info)? { current.insert(consumer) } else { current.remove(consumer) };
        if is_change {
            let by = Some((consumer.clone(), info.version.clone()));
            steps.push(Step { on: day(info.created), by, users: current.len() });
        }
    }
    Ok(steps)
}

/// The versions of a consumer that have a contract with the provider, in their order: those on its main branch, or
/// all when it is not known which that is.
fn that_count<'a>(state: &'a State, consumer: &Application, provider: &Application) -> Vec<&'a VersionInfo> {
    let main = state.main_branch(consumer).map(|main| state.on_branch(consumer, main));
    let mut versions =
        main.filter(|versions| !versions.is_empty()).unwrap_or_else(|| state.versions(consumer));
    versions.retain(|info| !state.contents(consumer, &info.version, provider).is_empty());
    versions
}
