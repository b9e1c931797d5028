//! What is removed and put together changes no answer about what is left.

use std::collections::BTreeSet;
use std::fs;

use pactwright::fact::{Fact, Owners, Spared, State, obsolete};
use pactwright::gate::decide;
use pactwright::store::{Directory, Store};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};
use tempfile::TempDir;

use crate::gate_properties::story;
use crate::support::history::{START, content, facts};
use crate::support::question::{TODAY, question, said};

/// Questions about what is always kept.
const QUESTIONS: [&str; 9] = [
    "a latest -> here",
    "b latest -> here",
    "c main -> there",
    "b main -> mains",
    "a in:here -> there",
    "b in:there -> here",
    "a branch:side -> branch:main",
    "b tag:t -> tag:t",
    "a latest + b latest",
];

fn answers(facts: Vec<Fact>) -> Vec<String> {
    let state = State::of(facts, Owners::new());
    QUESTIONS.iter().map(|words| said(&decide(&state, &question(words), TODAY))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_removed_changes_no_answer_about_what_is_kept(story in story(), young in 0i64..60, main_branches in proptest::bool::ANY) {
        let all = facts(&story);
        let young = START.parse::<jiff::Timestamp>().expect("a time") + jiff::SignedDuration::from_mins(young);
        let spared = Spared { young, main_branches };
        let gone = obsolete(&all, &Owners::new(), &[content("k1"), content("k2")], spared);
        let kept: Vec<Fact> = all.iter().filter(|fact| !gone.facts.contains(&fact.id)).cloned().collect();
        prop_assert!(all.iter().filter(|fact| fact.id.at() >= young).all(|fact| kept.contains(fact)));
        prop_assert_eq!(answers(all), answers(kept.clone()));
        // Nothing is left to remove.
        let again = obsolete(&kept, &Owners::new(), &[], spared);
        prop_assert_eq!(again.facts, BTreeSet::new());
    }
}

const STORY: &str = "
    environment production
    publish support 1 faq k1 branch=main
    verify faq 1 support k1 passed branch=main
    publish support 2 faq k2 branch=main
    publish support 3 faq k3 branch=main
    verify faq 2 support k3 passed branch=main
    deploy faq 1 production
    deploy faq 2 production
    waive support faq expires=2026-12-31
";

#[test]
fn old_versions_that_no_answer_needs_go_with_their_contents() {
    let all = facts(STORY);
    let end = "2027-01-01T00:00:00Z".parse().expect("a time");
    let contents = [content("k1"), content("k2"), content("k3")];
    let spared = |young, main_branches| Spared { young, main_branches };
    let gone = obsolete(&all, &Owners::new(), &contents, spared(end, false));
    // The second version of support is neither the first nor the last on its branch.
    let kinds: Vec<_> =
        all.iter().filter(|fact| gone.facts.contains(&fact.id)).map(|fact| fact.what.kind()).collect();
    assert_eq!(kinds, ["published", "deployed"]);
    assert_eq!(gone.contents, BTreeSet::new(), "another branch may be about to publish it again");
    assert_eq!(gone.versions, 1);
    let kept: Vec<Fact> = all.iter().filter(|fact| !gone.facts.contains(&fact.id)).cloned().collect();
    let next = obsolete(&kept, &Owners::new(), &contents, spared(end, false));
    assert_eq!(next.contents, BTreeSet::from([content("k2")]));
    let start = START.parse().expect("a time");
    assert_eq!(obsolete(&all, &Owners::new(), &contents, spared(start, false)).facts, BTreeSet::new());
    let on_main = obsolete(&all, &Owners::new(), &contents, spared(end, true));
    assert_eq!(on_main.versions, 0, "all of them are on a main branch");
}

#[test]
fn what_was_just_written_is_not_old() {
    let dir = TempDir::new().expect("a directory");
    let store = Directory::new(dir.path().to_owned(), None);
    let digest = store.put("a content").expect("kept");
    let path = dir.path().join(format!("ledger/contents/{digest}.json"));
    let written = fs::metadata(path).and_then(|metadata| metadata.modified()).expect("it has a time");
    let second = std::time::Duration::from_secs(1);
    assert_eq!(store.contents_before(written).expect("listed"), []);
    assert_eq!(store.contents_before(written + second).expect("listed"), [digest]);
}

#[test]
fn who_reads_while_facts_are_put_together_reads_all_of_them() {
    let dir = TempDir::new().expect("a directory");
    let store = || Directory::new(dir.path().to_owned(), None);
    let all = facts(STORY);
    let expected: Vec<Fact> = all.iter().cloned().map(Fact::without_details).collect();
    for _ in 0..100 {
        for fact in &all {
            store().append(fact).expect("kept");
        }
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| store().compact("2026-02").map(drop));
            while !writer.is_finished() {
                assert_eq!(store().facts().expect("listed"), expected);
                assert!(store().problems().expect("checked").is_empty());
            }
            writer.join().expect("no panic").expect("done");
        });
    }
}

#[test]
fn putting_facts_together_changes_nothing_and_merges() {
    let dir = TempDir::new().expect("a directory");
    let cache = TempDir::new().expect("a directory");
    let store = || Directory::new(dir.path().to_owned(), Some(cache.path()));
    let all = facts(STORY);
    for fact in &all[..5] {
        store().append(fact).expect("kept");
    }
    let brief = |facts: &[Fact]| facts.iter().cloned().map(Fact::without_details).collect::<Vec<_>>();
    assert_eq!(store().compact("2026-01").expect("done").written, 0, "this month is left alone");
    assert_eq!(store().compact("2026-02").expect("done").removed, 5);
    assert_eq!(store().facts().expect("listed"), brief(&all[..5]));
    assert_eq!(store().fact(all[2].id).expect("there"), all[2], "with all its details");
    // A branch that had not compacted is merged: its files lie beside the compacted one.
    for fact in &all {
        store().append(fact).expect("kept");
    }
    assert_eq!(store().facts().expect("listed"), brief(&all));
    store().compact("2026-02").expect("done");
    assert_eq!(store().facts().expect("listed"), brief(&all));
    assert_eq!(store().compact("2026-02").expect("done").removed, 0, "nothing is left to do");
    let gone = BTreeSet::from([all[3].id]);
    store().remove(&gone, &BTreeSet::new()).expect("removed");
    let mut kept = all.clone();
    kept.remove(3);
    assert_eq!(store().facts().expect("listed"), brief(&kept));
    let month = dir.path().join("ledger/facts/2026-01");
    assert_eq!(fs::read_dir(month).expect("listed").count(), 1);
    assert!(store().problems().expect("checked").is_empty());
}

#[test]
fn every_problem_is_found_and_not_only_the_first() {
    let dir = TempDir::new().expect("a directory");
    let store = Directory::new(dir.path().to_owned(), None);
    let all = facts(STORY);
    for fact in &all {
        store.append(fact).expect("kept");
    }
    store.put("a content").expect("kept");
    assert!(store.problems().expect("checked").is_empty());
    let month = dir.path().join("ledger/facts/2026-01");
    let name = |fact: &Fact| month.join(format!("{}-{}.json", fact.id, fact.what.kind()));
    fs::write(name(&all[1]), "{").expect("written");
    fs::write(name(&all[3]), "").expect("written");
    fs::write(month.join("notes.txt"), "").expect("written");
    fs::write(month.join(".unfinished-x"), "{").expect("written");
    for entry in fs::read_dir(dir.path().join("ledger/contents")).expect("listed") {
        fs::write(entry.expect("listed").path(), "another").expect("written");
    }
    fs::write(dir.path().join("owners.toml"), "[faq]\ntaem = 1").expect("written");
    assert_eq!(store.problems().expect("checked").len(), 5);
    assert_eq!(store.unfinished().expect("listed").len(), 1);
}
