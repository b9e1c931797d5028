//! Which shared contracts are verified, for which build of the provider.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::contract::Digest;
use crate::fact::{
    ConsumerSelector, ProviderBuild, Selected, State, Verification, VersionInfo, Wanted, select,
    selected_contents, work_in_progress,
};
use crate::name::{Application, Environment, Version};
use crate::outcome::{SharedInfo, Waiver};

/// What was asked for.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub struct Wish {
    /// The provider, with the branch and tags that decide what is pending.
    pub provider: ProviderBuild,
    /// Its version, when it is known.
    pub version: Option<Version>,
    /// The commit that it is built from, when it is known.
    pub commit: Option<String>,
    /// Whether it is built from changes that no commit holds, of which earlier verifications say nothing.
    pub dirty: bool,
    /// Which versions of the consumers; none for the usual ones.
    pub selectors: Vec<ConsumerSelector>,
    /// Only these consumers; none for all.
    pub consumers: Vec<Application>,
    /// Just these contents, whichever versions have them; none for what the selectors mean.
    pub contents: Vec<Digest>,
    /// What is new since then as well, as work in progress.
    pub new_since: Option<Timestamp>,
    /// Whether what was never kept where it matters fails no run.
    pub enable_pending: bool,
    /// The day in UTC, on which waivers hold or no longer do.
    pub today: Date,
    /// Whether what this version has kept before is replayed all the same.
    pub force: bool,
    /// Whether only some interactions are asked for, so that each contract has to be looked into.
    pub in_part: bool,
}

/// What is asked for cannot be answered for this build, or from this store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unanswerable {
    /// Something depends on the branch of the provider.
    #[error("it is not known which branch the provider is built from")]
    NoBranch,
    /// Nobody has created an environment of this name.
    #[error("there is no environment {0}")]
    NoEnvironment(Environment),
}

/// Why selectors would select something else than was meant.
///
/// # Errors
/// [`Unanswerable`]: one of them would mean nothing, and nobody would notice.
pub fn check(state: &State, selectors: &[ConsumerSelector], has_branch: bool) -> Result<(), Unanswerable> {
    for selector in selectors {
        match &selector.wanted {
            Wanted::MatchingBranch if !has_branch => return Err(Unanswerable::NoBranch),
            Wanted::Live(Some(name)) | Wanted::Deployed(Some(name)) | Wanted::Released(Some(name))
                if state.environment(name).is_none() =>
            {
                return Err(Unanswerable::NoEnvironment(name.clone()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The contracts to verify, each with why.
#[must_use]
pub fn choose(state: &State, wish: &Wish) -> Vec<Selected> {
    let mut selected = if wish.contents.is_empty() {
        select(state, &wish.provider, &wish.selectors_of_consumers())
    } else {
        selected_contents(state, &wish.provider, &wish.contents)
    };
    if let Some(since) = wish.new_since {
        selected.extend(work_in_progress(state, &wish.provider, since, &selected));
    }
    selected.retain(|one| wish.consumers.is_empty() || wish.consumers.contains(&one.consumer));
    for one in &mut selected {
        one.pending = one.wip || (one.pending && wish.enable_pending);
        // The version that is named beside the reasons need not be repeated in each of them.
        let own = format!("{}: ", one.version);
        for reason in &mut one.reasons {
            if let Some(rest) = reason.strip_prefix(&own) {
                *reason = rest.to_owned();
            }
        }
    }
    selected
}

impl Wish {
    /// Why the wish would select something else than was meant.
    ///
    /// # Errors
    /// [`Unanswerable`]: a selector would mean nothing, and nobody would notice.
    pub fn check(&self, state: &State) -> Result<(), Unanswerable> {
        let has_branch = self.provider.branch.is_some();
        check(state, &self.selectors, has_branch)?;
        if self.new_since.is_some() && !has_branch && self.provider.tags.is_empty() {
            return Err(Unanswerable::NoBranch);
        }
        Ok(())
    }

    /// The selectors, each for the consumers that were asked for: a fallback stands in for these alone.
    fn selectors_of_consumers(&self) -> Vec<ConsumerSelector> {
        if self.consumers.is_empty() {
            return self.selectors.clone();
        }
        let mut selectors = Vec::new();
        for selector in &self.selectors {
            if selector.consumer.is_some() {
                selectors.push(selector.clone());
                continue;
            }
            let of =
                |name: &Application| ConsumerSelector { consumer: Some(name.clone()), ..selector.clone() };
            selectors.extend(self.consumers.iter().map(of));
        }
        selectors
    }

    /// The version, when what it has kept before need not be replayed: nobody asks for that, and it is built from
    /// the same commit as then.
    pub(super) fn known<'a>(&self, state: &'a State) -> Option<&'a VersionInfo> {
        let version = self.version.as_ref().filter(|_| !(self.force || self.dirty))?;
        let is_other = |known: &Arc<str>| self.commit.as_deref().is_some_and(|commit| *commit != **known);
        let info = state.version(&self.provider.application, version)?;
        Some(info).filter(|info| !info.commit.as_ref().is_some_and(is_other))
    }

    /// The verification in which this version has kept all of a contract, when that settles it.
    pub(super) fn settled<'a>(&self, state: &'a State, one: &Selected) -> Option<&'a Verification> {
        let known = self.known(state).filter(|_| !self.in_part)?;
        let pair = (&one.consumer, &self.provider.application);
        let result = state.result(pair, one.content, &known.version)?;
        // What was only tried because it was new is work in progress until it is kept on request.
        let is_settled = result.has_passed() && (one.wip || !result.wip);
        is_settled.then_some(result)
    }

    /// The waiver that accepts that a contract is broken, when each version that was selected with it has one.
    pub(super) fn waiver(&self, state: &State, one: &Selected) -> Option<Waiver> {
        let provider = (&self.provider.application, self.version.as_ref());
        let of = |version| state.waiver(self.today, (&one.consumer, Some(version)), provider);
        let waivers: Option<Vec<_>> = one.versions.iter().map(of).collect();
        // The one that ends first: on that day the contract counts again.
        let (fact, waived) = waivers?.into_iter().min_by_key(|(_, waived)| waived.expires)?;
        Some(Waiver {
            fact: fact.to_string(),
            reason: waived.reason.to_string(),
            owner: waived.owner.to_string(),
            expires: waived.expires.to_string(),
        })
    }

    /// What a report says about it.
    pub(super) fn info(&self, store: &str) -> SharedInfo {
        let contents = self.contents.iter().map(|content| format!("the content {}", content.short()));
        let mut selected: Vec<String> = self.selectors.iter().map(told).chain(contents).collect();
        let by_default = selected.is_empty();
        if by_default {
            selected = [Wanted::MainBranch, Wanted::Live(None)].iter().map(Wanted::to_string).collect();
        }
        if let Some(since) = self.new_since {
            selected.push(format!("new since {since:.0}"));
        }
        SharedInfo {
            store: store.to_owned(),
            provider_version: self.version.as_ref().map(ToString::to_string),
            dirty: self.dirty,
            provider_branch: self.provider.branch.as_ref().map(ToString::to_string),
            selected,
            by_default,
        }
    }
}

fn told(selector: &ConsumerSelector) -> String {
    let fallback = match &selector.wanted {
        Wanted::Branch { fallback: Some(branch), .. } => format!(", or else of branch {branch}"),
        Wanted::LatestTagged { fallback: Some(tag), .. } => format!(", or else with tag {tag}"),
        _ => String::new(),
    };
    let consumer = selector.consumer.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
    format!("{}{consumer}{fallback}", selector.wanted)
}
