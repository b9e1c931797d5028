//! Questions to the gate in a few words, and its answers in a few lines.
//!
//! ```text
//! faq 2 -> production
//! faq 2 + support 1
//! faq latest -> tag:prod ignoring support
//! ```

use jiff::civil::Date;
use pactwright::fact::State;
use pactwright::gate::{
    Decision, Ignore, Integration, NoTarget, Notice, Question, Selector, Target, Unverified, Verdict, Which,
    decide,
};

/// A question from its words.
pub(crate) fn question(words: &str) -> Question {
    let (words, ignored) = words.split_once(" ignoring ").unwrap_or((words, ""));
    let (selectors, target) = match words.split_once("->") {
        Some((selectors, target)) => (selectors, Some(self::target(target.trim()))),
        None => (words, None),
    };
    let selectors = selectors.split('+').map(|words| selector(words.trim())).collect();
    let ignored = ignored.split('+').map(str::trim).filter(|words| !words.is_empty()).map(ignore).collect();
    Question::new(selectors, target, ignored).expect("a question")
}

fn name<T: std::str::FromStr>(word: &str) -> T {
    word.parse().ok().unwrap_or_else(|| panic!("`{word}` is no name"))
}

fn selector(words: &str) -> Selector {
    let (application, which) = words.split_once(' ').expect("an application and which version");
    let which = match which.split_once(':') {
        None if which == "latest" => Which::Latest,
        None if which == "main" => Which::MainBranch,
        None => Which::Version(name(which)),
        Some(("tag", tag)) => Which::Tagged(name(tag)),
        Some(("branch", branch)) => Which::Branch(name(branch)),
        Some(("in", environment)) => Which::Environment(name(environment)),
        Some(_) => panic!("`{which}` says nothing"),
    };
    Selector { application: name(application), which }
}

fn target(words: &str) -> Target {
    match words.split_once(':') {
        Some(("tag", tag)) => Target::Tagged(name(tag)),
        Some(("branch", branch)) => Target::Branch(name(branch)),
        _ if words == "mains" => Target::MainBranches,
        _ if words == "latest" => Target::Latest,
        _ => Target::Environment(name(words)),
    }
}

fn ignore(words: &str) -> Ignore {
    let (application, version) = words.split_once(' ').map_or((words, None), |(one, two)| (one, Some(two)));
    Ignore { application: name(application), version: version.map(name) }
}

/// The day on which all questions are asked.
pub(crate) const TODAY: Date = jiff::civil::date(2026, 6, 1);

/// The answer of the gate to a question, after a story.
pub(crate) fn told(story: &str, words: &str) -> String {
    let state = State::of(super::history::facts(story), pactwright::fact::Owners::new());
    said(&decide(&state, &question(words), TODAY))
}

/// An answer in a few lines.
pub(crate) fn said(decision: &Result<Decision, NoTarget>) -> String {
    let decision = match decision {
        Ok(decision) => decision,
        Err(error) => return error.to_string(),
    };
    let mut lines = vec![answer(decision.deployable).to_owned()];
    lines.extend(decision.unknown.iter().map(|selector| format!("there is no {selector}")));
    lines.extend(decision.integrations.iter().map(line));
    lines.extend(decision.notices.iter().map(|notice| match notice {
        Notice::NoTarget => "notice: no target".to_owned(),
        Notice::IgnoredNothing(ignore) => format!("notice: {ignore} plays no part"),
        Notice::NothingToCheck => "notice: nothing to check".to_owned(),
        Notice::PublishedNothing { application, version, before } => {
            format!("notice: {application} {version} has published nothing, {before} has")
        }
    }));
    lines.join("\n")
}

pub(crate) fn answer(deployable: Option<bool>) -> &'static str {
    match deployable {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}

fn line(integration: &Integration) -> String {
    let party = |party: &pactwright::gate::Party| match &party.version {
        Some(version) => format!("{} {version}", party.application),
        None => party.application.to_string(),
    };
    let verdict = match integration.verdict {
        Verdict::Safe { .. } => "safe",
        Verdict::Breaks { .. } => "breaks",
        Verdict::Unverified(Unverified::Never) => "never verified",
        Verdict::Unverified(Unverified::NoResult { .. }) => "no result that counts",
        Verdict::Unverified(Unverified::OtherCommit) => "verified from another commit",
        Verdict::Unverified(Unverified::ProviderIsNotThere) => "provider is not there",
    };
    let waived = if integration.waiver.is_some() { ", waived" } else { "" };
    let ignored = if integration.ignored { ", ignored" } else { "" };
    format!(
        "{} -> {}: {verdict}{waived}{ignored}",
        party(&integration.consumer),
        party(&integration.provider)
    )
}
