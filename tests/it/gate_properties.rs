//! What holds for the gate whatever has happened before: thousands of random histories, each asked
//! a random question.

use pactwright::fact::{Fact, Owners, State};
use pactwright::gate::{Decision, Integration, NoTarget, Verdict, decide};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select;

use crate::support::history::facts;
use crate::support::question::{TODAY, question, said};
use crate::support::slow_gate::{NobodyKnows, SlowGate};

/// Words that are few enough to meet often.
fn application() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "b", "c"])
}

fn version() -> impl Strategy<Value = &'static str> {
    select(vec!["1", "1", "2", "2", "3"])
}

/// A consumer and its provider.
fn pair() -> impl Strategy<Value = (&'static str, &'static str)> {
    select(vec![("a", "b"), ("a", "b"), ("a", "c"), ("b", "c"), ("c", "c")])
}

fn content() -> impl Strategy<Value = &'static str> {
    select(vec!["k1", "k1", "k2"])
}

fn environment() -> impl Strategy<Value = &'static str> {
    select(vec!["here", "there"])
}

fn branch() -> impl Strategy<Value = &'static str> {
    select(vec!["main", "side"])
}

/// A part of a line that is there or not.
fn perhaps(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![2 => Just(String::new()), 1 => text]
}

fn built() -> impl Strategy<Value = String> {
    let branch = perhaps(branch().prop_map(|name| format!(" branch={name}")));
    let tag = perhaps(Just(" tag=t".to_owned()));
    let commit = perhaps(select(vec![" commit=a", " commit=b"]).prop_map(str::to_owned));
    (branch, tag, commit).prop_map(|(branch, tag, commit)| branch + &tag + &commit)
}

fn published() -> impl Strategy<Value = String> {
    let replaces = perhaps(content().prop_map(|content| format!(" replaces={content}")));
    (pair(), version(), content(), built(), replaces)
        .prop_map(|((a, b), v, k, built, replaces)| format!("publish {a} {v} {b} {k}{built}{replaces}"))
}

fn verified() -> impl Strategy<Value = String> {
    let how = select(vec![
        "passed",
        "passed",
        "passed",
        "failed",
        "error",
        "passed partial",
        "passed dirty",
        "failed partial",
    ]);
    (pair(), version(), content(), how, built())
        .prop_map(|((a, b), v, k, how, built)| format!("verify {b} {v} {a} {k} {how}{built}"))
}

fn line() -> impl Strategy<Value = String> {
    let version_of = || (application(), version()).prop_map(|(a, v)| format!("{a} {v}"));
    let instance = || perhaps(Just(" instance=blue".to_owned()));
    let place = select(vec!["deploy", "deploy", "deploy", "undeploy"]);
    let release = select(vec!["release", "end-support"]);
    let waiver = perhaps(version().prop_map(|version| format!(" provider-version={version}")));
    prop_oneof![
        10 => published(),
        14 => verified(),
        8 => (place, version_of(), environment(), instance()).prop_map(|(what, v, e, i)| format!("{what} {v} {e}{i}")),
        3 => (release, version_of(), environment()).prop_map(|(what, v, e)| format!("{what} {v} {e}")),
        2 => (select(vec!["tag", "untag"]), version_of()).prop_map(|(what, v)| format!("{what} {v} t")),
        2 => (version_of(), branch()).prop_map(|(v, branch)| format!("branch {v} {branch}")),
        1 => (application(), branch()).prop_map(|(a, branch)| format!("delete-branch {a} {branch}")),
        1 => (application(), branch()).prop_map(|(a, branch)| format!("describe {a} main={branch}")),
        1 => (application(), application(), waiver, select(vec!["2026-06-01", "2026-06-02"]))
            .prop_map(|(a, b, waiver, day)| format!("waive {a} {b} expires={day}{waiver}")),
        1 => environment().prop_map(|name| format!("remove-environment {name}")),
        2 => environment().prop_map(|name| format!("environment {name}")),
    ]
}

pub(crate) fn story() -> impl Strategy<Value = String> {
    vec(line(), 0..40).prop_map(|lines| format!("environment here\nenvironment there\n{}", lines.join("\n")))
}

fn which() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => version().prop_map(str::to_owned),
        1 => Just("latest".to_owned()),
        1 => Just("main".to_owned()),
        1 => Just("tag:t".to_owned()),
        1 => Just("branch:side".to_owned()),
        1 => Just("in:here".to_owned()),
    ]
}

fn words() -> impl Strategy<Value = String> {
    let target = select(vec![
        "",
        " -> here",
        " -> here",
        " -> there",
        " -> tag:t",
        " -> branch:side",
        " -> mains",
        " -> latest",
    ]);
    let ignored = perhaps(select(vec!["a", "b 1", "c"]).prop_map(|name| format!(" ignoring {name}")));
    let selectors = prop_oneof![
        3 => (application(), which()).prop_map(|(name, which)| format!("{name} {which}")),
        1 => (which(), which()).prop_map(|(one, two)| format!("a {one} + b {two}")),
    ];
    (selectors, target, ignored)
        .prop_map(|(selectors, target, ignored)| format!("{selectors}{target}{ignored}"))
}

fn decided(facts: Vec<Fact>, words: &str) -> Result<Decision, NoTarget> {
    decide(&State::of(facts, Owners::new()), &question(words), TODAY)
}

/// The same facts in another order, some of them twice.
fn shuffled(facts: &[Fact], seed: usize) -> Vec<Fact> {
    let mut facts: Vec<_> = facts.iter().chain(facts.iter().step_by(3)).cloned().collect();
    let length = facts.len();
    for index in 0..length {
        facts.swap(index, (index * 7 + seed) % length);
    }
    facts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_gate_says_what_the_slow_one_says(story in story(), words in words()) {
        let facts = facts(&story);
        let question = question(&words);
        let slow = SlowGate { facts: &facts, today: TODAY };
        let expected = slow.answer(question.selectors(), question.target(), question.ignored());
        let decision = decided(facts.clone(), &words);
        prop_assert_eq!(decision.as_ref().map(|decision| decision.deployable).map_err(|_| NobodyKnows), expected, "{}", said(&decision));
    }

    #[test]
    fn the_order_of_reading_and_reading_twice_change_nothing(story in story(), words in words(), seed in 0usize..1000) {
        let facts = facts(&story);
        let again = shuffled(&facts, seed);
        prop_assert_eq!(decided(facts, &words), decided(again, &words));
    }

    #[test]
    fn another_failure_never_turns_a_no_into_a_yes(
        story in story(),
        words in words(),
        ((consumer, provider), version, content) in (pair(), version(), content()),
    ) {
        // The version is known before, so that the failure is all that is new.
        let story = format!("{story}\nbranch {provider} {version}");
        let failure = format!("{story}\nverify {provider} {version} {consumer} {content} failed");
        let yes = |decision: &Result<Decision, NoTarget>| decision.as_ref().is_ok_and(|decision| decision.deployable == Some(true));
        let (before, after) = (decided(facts(&story), &words), decided(facts(&failure), &words));
        prop_assert!(yes(&before) || !yes(&after), "{}\n{}", said(&before), said(&after));
    }

    #[test]
    fn a_waiver_changes_nothing_but_its_own_pair_and_nothing_at_all_from_its_day_on(
        story in story(),
        words in words(),
        (consumer, provider) in pair(),
    ) {
        // What is said without the last fact, which is the waiver, and with it.
        let without_and_with = |day: &str| {
            let all = facts(&format!("{story}\nwaive {consumer} {provider} expires={day}"));
            (decided(all[..all.len() - 1].to_vec(), &words), decided(all, &words))
        };
        let (before, after) = without_and_with("2026-06-01");
        prop_assert_eq!(before, after, "it expires today");
        let (Ok(before), Ok(after)) = without_and_with("2026-06-02") else { return Ok(()) };
        let others = |decision: &Decision| {
            let is_other = |one: &&Integration| (one.consumer.application.as_str(), one.provider.application.as_str()) != (consumer, provider);
            decision.integrations.iter().filter(is_other).cloned().collect::<Vec<_>>()
        };
        prop_assert_eq!(others(&before), others(&after));
        let blocks = |one: &Integration| one.counts() && !matches!(one.verdict, Verdict::Safe { .. });
        prop_assert!(after.deployable != Some(true) || !others(&before).iter().any(blocks));
    }

    #[test]
    fn a_yes_rests_on_versions_that_exist_and_on_results_that_passed(story in story(), words in words()) {
        let Ok(decision) = decided(facts(&story), &words) else { return Ok(()) };
        if decision.deployable == Some(true) {
            prop_assert!(!decision.asked.is_empty() && decision.unknown.is_empty());
            let counting = decision.integrations.iter().filter(|integration| integration.counts());
            for integration in counting {
                let has_passed = matches!(integration.verdict, Verdict::Safe { .. });
                prop_assert!(has_passed);
            }
        }
    }
}
