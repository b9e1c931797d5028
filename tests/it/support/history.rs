//! Facts from a few words, so that a test reads as a story.
//!
//! ```text
//! publish support 1 faq c1 branch=main tag=prod commit=abc
//! verify faq 2 support c1 passed branch=main
//! deploy faq 2 production instance=blue
//! ```
//!
//! Each line is one fact, a minute after the one before. Contents are named by any word.

use jiff::{SignedDuration, Timestamp};
use pactwright::contract::Digest;
use pactwright::fact::{
    About, ApplicationDescribed, BranchDeleted, Branched, Deployed, Deprecated, DeprecationEnded,
    EnvironmentDescription, EnvironmentRemoved, Fact, Ids, Judged, Judgement, Outcome, Published, Released,
    Tagged, Verified, Waived, WaiverEnded, What,
};

/// When every story begins.
pub(crate) const START: &str = "2026-01-01T00:00:00Z";

/// The facts of a story.
pub(crate) fn facts(story: &str) -> Vec<Fact> {
    facts_since(START, story)
}

/// The facts of a story that begins at another time.
pub(crate) fn facts_since(start: &str, story: &str) -> Vec<Fact> {
    let start: Timestamp = start.parse().expect("a time");
    let mut ids = Ids::new();
    let lines = story.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut facts: Vec<Fact> = Vec::new();
    for (index, line) in lines.enumerate() {
        let minutes = i64::try_from(index).expect("a short story");
        let id = ids.next(start + SignedDuration::from_mins(minutes));
        let what = what(line, &facts);
        facts.push(Fact { id, what });
    }
    facts
}

/// The digest that a word stands for.
pub(crate) fn content(word: &str) -> Digest {
    Digest::of(word)
}

/// The words of one line: those in order, and those with a name.
struct Words<'a> {
    line: &'a str,
    plain: Vec<&'a str>,
    named: Vec<(&'a str, &'a str)>,
}

impl<'a> Words<'a> {
    fn of(line: &'a str) -> Self {
        let (named, plain): (Vec<_>, Vec<_>) = line.split_whitespace().partition(|word| word.contains('='));
        Self { line, plain, named: named.into_iter().filter_map(|word| word.split_once('=')).collect() }
    }

    fn at<T: std::str::FromStr>(&self, index: usize) -> T {
        let word = self.plain.get(index).unwrap_or_else(|| panic!("`{}` is too short", self.line));
        word.parse().unwrap_or_else(|_| panic!("`{word}` in `{}`", self.line))
    }

    fn has(&self, word: &str) -> bool {
        self.plain.contains(&word)
    }

    fn all<T: std::str::FromStr>(&self, name: &str) -> Vec<T> {
        let values = self.named.iter().filter(|(known, _)| *known == name);
        values.map(|(_, value)| value.parse().ok().unwrap_or_else(|| panic!("`{}`", self.line))).collect()
    }

    fn one<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.all(name).pop()
    }

    fn number(&self, name: &str) -> usize {
        self.one(name).unwrap_or_else(|| panic!("`{}` has no {name}", self.line))
    }
}

fn what(line: &str, before: &[Fact]) -> What {
    let words = Words::of(line);
    match words.plain[0] {
        "publish" => What::Published(Published {
            consumer: words.at(1),
            version: words.at(2),
            provider: words.at(3),
            content: content(words.plain[4]),
            replaces: words.all::<String>("replaces").iter().map(|word| content(word)).collect(),
            branch: words.one("branch"),
            tags: words.all("tag"),
            build_url: None,
            commit: words.one::<String>("commit").map(Into::into),
        }),
        "verify" => What::Verified(verified(&words)),
        "branch" => What::Branched(Branched {
            application: words.at(1),
            version: words.at(2),
            branch: words.plain.get(3).map(|name| name.parse().expect("a branch")),
        }),
        "delete-branch" => {
            What::BranchDeleted(BranchDeleted { application: words.at(1), branch: words.at(2) })
        }
        "tag" => What::Tagged(tagged(&words)),
        "untag" => What::Untagged(tagged(&words)),
        "deploy" => What::Deployed(deployed(&words)),
        "undeploy" => What::Undeployed(deployed(&words)),
        "release" => What::Released(released(&words)),
        "end-support" => What::SupportEnded(released(&words)),
        "environment" => What::EnvironmentCreated(EnvironmentDescription {
            name: words.at(1),
            display_name: None,
            production: words.has("production"),
            contact: None,
        }),
        "remove-environment" => What::EnvironmentRemoved(EnvironmentRemoved { name: words.at(1) }),
        "describe" => What::ApplicationDescribed(ApplicationDescribed {
            application: words.at(1),
            about: About {
                display_name: None,
                team: words.one("team"),
                contact: words.one("contact"),
                repository: words.one("repository"),
                main_branch: words.one("main"),
            },
        }),
        _ => announced(&words, before),
    }
}

/// What people announce and take back.
fn announced(words: &Words<'_>, before: &[Fact]) -> What {
    match words.plain[0] {
        "waive" => What::Waived(Waived {
            consumer: words.at(1),
            consumer_version: words.one("consumer-version"),
            provider: words.at(2),
            provider_version: words.one("provider-version"),
            reason: words.one("reason").unwrap_or_else(|| "because".parse().expect("a text")),
            owner: words.one("owner").unwrap_or_else(|| "somebody".parse().expect("a text")),
            expires: words.one("expires").expect("a day"),
        }),
        "end-waiver" => What::WaiverEnded(WaiverEnded { waiver: before[words.number("line") - 1].id }),
        "deprecate" => What::Deprecated(Deprecated {
            provider: words.at(1),
            operation: words.at(2),
            part: None,
            remove_on: words.one("by").expect("a day"),
            instead: words.one("instead"),
            reason: words.one("reason"),
        }),
        "end-deprecation" => {
            let deprecation = before[words.number("line") - 1].id;
            What::DeprecationEnded(DeprecationEnded { deprecation })
        }
        other => panic!("no fact is called `{other}`"),
    }
}

fn verified(words: &Words<'_>) -> Verified {
    let verdicts: &[Judgement] = if words.has("failed") {
        &[Judgement::Passed, Judgement::Failed]
    } else if words.has("error") {
        &[Judgement::Passed, Judgement::Error]
    } else {
        assert!(words.has("passed"), "`{}` says nothing of how it ended", words.line);
        &[Judgement::Passed]
    };
    let complete = !words.has("partial");
    let judged = |(index, verdict): (usize, &Judgement)| Judged {
        interaction: Digest::of(format!("{index}")),
        description: format!("interaction {index}"),
        states: Vec::new(),
        verdict: *verdict,
        taken_from: None,
        findings: Vec::new(),
    };
    let interactions: Vec<_> = verdicts.iter().enumerate().map(judged).collect();
    Verified {
        provider: words.at(1),
        version: words.at(2),
        branch: words.one("branch"),
        tags: words.all("tag"),
        consumer: words.at(3),
        content: content(words.plain[4]),
        outcome: Outcome::of(complete, &interactions),
        complete,
        judged: interactions.len(),
        dirty: words.has("dirty"),
        doubtful: false,
        wip: words.has("wip"),
        build_url: None,
        commit: words.one::<String>("commit").map(Into::into),
        interactions,
    }
}

fn tagged(words: &Words<'_>) -> Tagged {
    Tagged { application: words.at(1), version: words.at(2), tag: words.at(3) }
}

fn deployed(words: &Words<'_>) -> Deployed {
    Deployed {
        application: words.at(1),
        version: words.at(2),
        environment: words.at(3),
        instance: words.one("instance"),
    }
}

fn released(words: &Words<'_>) -> Released {
    Released { application: words.at(1), version: words.at(2), environment: words.at(3) }
}
