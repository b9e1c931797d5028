//! The decision itself. What is missing is never counted as a success.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::question::{Question, Selector, Target, Which};
use super::verdict::{Decision, Integration, NoTarget, Notice, Party, Unverified, Verdict};
use crate::contract::Digest;
use crate::fact::{Live, State, VersionInfo};
use crate::name::{Application, Version};

/// Answers a question from what is known, on a day in UTC.
///
/// # Errors
/// When the question is about a target of which nobody has ever heard.
pub fn decide(state: &State, question: &Question, today: Date) -> Result<Decision, NoTarget> {
    check_target(state, question)?;
    let mut asked: BTreeMap<&Application, Vec<&Version>> = BTreeMap::new();
    let mut unknown = Vec::new();
    for selector in &question.selectors {
        let versions = resolve(state, selector);
        let is_ignored =
            || question.ignored.iter().any(|ignore| ignore.matches(&selector.application, named(selector)));
        if versions.is_empty() && !is_ignored() {
            unknown.push(selector.clone());
        }
        asked.insert(&selector.application, versions);
    }
    if asked.values().all(Vec::is_empty) {
        // Nothing that exists was asked about, and leaving it out does not make it exist.
        unknown.clone_from(&question.selectors);
    }
    let mut integrations = Vec::new();
    for (application, versions) in &asked {
        let round = Round { state, question, today, asked: &asked };
        for version in versions {
            round.as_consumer(application, version, &mut integrations);
            round.as_provider(application, version, &mut integrations);
        }
    }
    integrations.sort_by(|one, other| {
        (&one.consumer, &one.provider, one.content).cmp(&(&other.consumer, &other.provider, other.content))
    });
    let pairs =
        asked.iter().flat_map(|(name, versions)| versions.iter().map(move |version| (*name, *version)));
    let asked: Vec<_> = pairs.map(|(name, version)| (name.clone(), version.clone())).collect();
    let silent = silent(state, question, &asked);
    let deployable = answer(&unknown, &integrations, !silent.is_empty());
    let notices = notices(question, &integrations, &unknown, silent);
    Ok(Decision { deployable, asked, unknown, integrations, notices })
}

/// A version that does not exist is a no; otherwise what nobody knows is no answer; otherwise
/// everything must hold. That nothing breaks where a contract is missing says nothing, whatever others have.
fn answer(unknown: &[Selector], integrations: &[Integration], is_silent: bool) -> Option<bool> {
    if !unknown.is_empty() {
        return Some(false);
    }
    let counting = || integrations.iter().filter(|integration| integration.counts());
    if counting().any(|integration| matches!(integration.verdict, Verdict::Unverified(_))) {
        return None;
    }
    if is_silent {
        return None;
    }
    Some(counting().all(|integration| matches!(integration.verdict, Verdict::Safe { .. })))
}

/// What one decision is made from.
struct Round<'a> {
    state: &'a State,
    question: &'a Question,
    today: Date,
    asked: &'a BTreeMap<&'a Application, Vec<&'a Version>>,
}

impl<'a> Round<'a> {
    /// A consumer needs each provider that it has a contract with.
    fn as_consumer(&self, consumer: &Application, version: &Version, into: &mut Vec<Integration>) {
        for provider in self.state.providers_of(consumer) {
            let contents = self.state.contents(consumer, version, provider);
            if contents.is_empty() {
                continue;
            }
            let Some(there) = self.counterparts(provider) else { continue };
            let consumer = Party { application: consumer.clone(), version: Some(version.clone()) };
            // An asked version that does not exist is said once, and not for each contract.
            if there.is_empty() && !self.asked.contains_key(provider) {
                let provider = Party { application: provider.clone(), version: None };
                let verdict = Verdict::Unverified(Unverified::ProviderIsNotThere);
                into.push(self.integration(consumer, provider, None, verdict));
                continue;
            }
            for publication in contents {
                into.extend(
                    there.iter().map(|other| self.row(&consumer, provider, other, publication.content)),
                );
            }
        }
    }

    /// A provider does not need its consumers, but those that are there need it.
    fn as_provider(&self, provider: &Application, version: &Version, into: &mut Vec<Integration>) {
        for consumer in self.state.consumers_of(provider) {
            // What is asked about as a consumer was looked at from there.
            if self.asked.contains_key(consumer) {
                continue;
            }
            for other in self.counterparts(consumer).unwrap_or_default() {
                let contents = self.state.contents(consumer, other, provider);
                let party = Party { application: consumer.clone(), version: Some(other.clone()) };
                let row = |content| self.row(&party, provider, version, content);
                into.extend(contents.iter().map(|publication| row(publication.content)));
            }
        }
    }

    /// The versions of another application that count: the asked ones, or those in the target.
    /// `None` when the question leaves it out.
    fn counterparts(&self, application: &'a Application) -> Option<Vec<&'a Version>> {
        if let Some(versions) = self.asked.get(application) {
            return Some(versions.clone());
        }
        in_target(self.state, application, &self.question.target)
    }

    fn row(
        &self,
        consumer: &Party,
        provider: &Application,
        version: &Version,
        content: Digest,
    ) -> Integration {
        let pair = (&consumer.application, provider);
        let verdict = match self.state.result(pair, content, version) {
            Some(result) if result.has_passed() => Verdict::Safe { result: result.fact },
            Some(result) => Verdict::Breaks { result: result.fact },
            None => Verdict::Unverified(self.why_unverified(pair, content, version)),
        };
        let provider = Party { application: provider.clone(), version: Some(version.clone()) };
        self.integration(consumer.clone(), provider, Some(content), verdict)
    }

    fn why_unverified(
        &self,
        pair: (&Application, &Application),
        content: Digest,
        version: &Version,
    ) -> Unverified {
        let info = self.state.version(pair.1, version);
        match self.state.attempts(pair, content, version).last() {
            Some(attempt) if info.is_some_and(|info| !info.is_about(attempt.fact)) => Unverified::OtherCommit,
            Some(attempt) => Unverified::NoResult { attempt: attempt.fact },
            None => Unverified::Never,
        }
    }

    fn integration(
        &self,
        consumer: Party,
        provider: Party,
        content: Option<Digest>,
        verdict: Verdict,
    ) -> Integration {
        let ignored = self.question.ignored.iter().any(|ignore| {
            [&consumer, &provider]
                .into_iter()
                .any(|party| ignore.matches(&party.application, party.version.as_ref()))
        });
        // A waiver accepts a break. Nobody can accept for an application that it is not there at all.
        let is_not_there = matches!(verdict, Verdict::Unverified(Unverified::ProviderIsNotThere));
        let needs_one = !(is_not_there || matches!(verdict, Verdict::Safe { .. }));
        let sides = (
            (&consumer.application, consumer.version.as_ref()),
            (&provider.application, provider.version.as_ref()),
        );
        let waiver = self.state.waiver(self.today, sides.0, sides.1).filter(|_| needs_one);
        let waiver = waiver.map(|(id, _)| id);
        Integration { consumer, provider, content, verdict, waiver, ignored }
    }
}

/// The versions that a selector means; none when there is none.
#[must_use]
pub fn resolve<'a>(state: &'a State, Selector { application, which }: &'a Selector) -> Vec<&'a Version> {
    let one = |info: Option<&'a VersionInfo>| info.map(|info| &info.version).into_iter().collect();
    match which {
        Which::Version(version) => one(state.version(application, version)),
        Which::Latest => one(state.latest(application)),
        Which::Tagged(tag) => one(state.tagged(application, tag).pop()),
        Which::Branch(branch) => one(state.branch_head(application, branch)),
        Which::MainBranch => one(state.main_head(application)),
        Which::Environment(environment) => distinct(state.live(application, environment)),
    }
}

fn in_target<'a>(
    state: &'a State,
    application: &'a Application,
    target: &Target,
) -> Option<Vec<&'a Version>> {
    let one = |info: Option<&'a VersionInfo>| Some(info.map(|info| &info.version).into_iter().collect());
    match target {
        Target::Environment(environment) => Some(distinct(state.live(application, environment))),
        Target::Tagged(tag) => one(state.tagged(application, tag).pop()),
        Target::Branch(branch) => one(state.branch_head(application, branch)),
        Target::MainBranches => one(state.main_head(application)),
        Target::Latest => one(state.latest(application)),
        Target::EachOther => None,
    }
}

/// A version that runs in several instances is one version.
fn distinct(live: Vec<&Live>) -> Vec<&Version> {
    let mut versions: Vec<_> = live.into_iter().map(|live| &live.version).collect();
    versions.sort();
    versions.dedup();
    versions
}

fn named(selector: &Selector) -> Option<&Version> {
    match &selector.which {
        Which::Version(version) => Some(version),
        _ => None,
    }
}

/// A target that nobody has ever heard of has nothing in it, so everything would be safe there.
fn check_target(state: &State, question: &Question) -> Result<(), NoTarget> {
    let asked = question.selectors.iter().filter_map(|selector| match &selector.which {
        Which::Environment(environment) => Some(environment),
        _ => None,
    });
    let target = match &question.target {
        Target::Environment(environment) => Some(environment),
        _ => None,
    };
    if let Some(missing) = asked.chain(target).find(|name| state.environment(name).is_none()) {
        return Err(NoTarget::Environment(missing.clone()));
    }
    let anywhere = |is_known: &dyn Fn(&Application) -> bool| state.applications().any(is_known);
    match &question.target {
        Target::Tagged(tag) if !anywhere(&|name| state.tags(name).any(|known| known == tag)) => {
            Err(NoTarget::Tag(tag.clone()))
        }
        Target::Branch(branch) if !anywhere(&|name| state.branches(name).any(|known| known == branch)) => {
            Err(NoTarget::Branch(branch.clone()))
        }
        _ => Ok(()),
    }
}

/// The asked versions, and those of their consumers in the target, that have published no contract although an
/// older one has; of a consumer only when that one was a contract with what is asked about.
fn silent(state: &State, question: &Question, asked: &[(Application, Version)]) -> Vec<Notice> {
    let mut silent: BTreeMap<(&Application, &Version), &Version> = BTreeMap::new();
    let fell =
        |name, version| state.fell_silent(name, version).map(|before| ((name, version), &before.version));
    silent.extend(asked.iter().filter_map(|(name, version)| fell(name, version)));
    let is_asked =
        |name: &Application| question.selectors.iter().any(|selector| selector.application == *name);
    for (provider, _) in asked {
        for consumer in state.consumers_of(provider).filter(|name| !is_asked(name)) {
            let there = in_target(state, consumer, &question.target).unwrap_or_default();
            let fallen = there.into_iter().filter_map(|version| fell(consumer, version));
            silent
                .extend(fallen.filter(|(_, before)| !state.contents(consumer, before, provider).is_empty()));
        }
    }
    let is_ignored = |application: &Application, version: &Version| {
        question.ignored.iter().any(|ignore| ignore.matches(application, Some(version)))
    };
    let counting = silent.into_iter().filter(|((name, version), _)| !is_ignored(name, version));
    let notice =
        |((application, version), before): ((&Application, &Version), &Version)| Notice::PublishedNothing {
            application: application.clone(),
            version: version.clone(),
            before: before.clone(),
        };
    counting.map(notice).collect()
}

fn notices(
    question: &Question,
    integrations: &[Integration],
    unknown: &[Selector],
    silent: Vec<Notice>,
) -> Vec<Notice> {
    let mut notices = Vec::new();
    if question.has_no_target {
        notices.push(Notice::NoTarget);
    }
    for ignore in &question.ignored {
        let plays_a_part = integrations.iter().any(|integration| {
            [&integration.consumer, &integration.provider]
                .into_iter()
                .any(|party| ignore.matches(&party.application, party.version.as_ref()))
        });
        if !plays_a_part {
            notices.push(Notice::IgnoredNothing(ignore.clone()));
        }
    }
    if integrations.is_empty() && unknown.is_empty() && silent.is_empty() {
        notices.push(Notice::NothingToCheck);
    }
    notices.extend(silent);
    notices
}
