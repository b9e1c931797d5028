//! What every store promises, as one list of laws that each kind of store is held to.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use jiff::Timestamp;
use pactwright::contract::Digest;
use pactwright::fact::{Fact, FactId, Ids, What};
use pactwright::store::{Directory, Memory, Store, StoreError};
use tempfile::TempDir;

use crate::support::history::facts;

pub(crate) const STORY: &str = "
    environment production
    publish support 1 faq c1 branch=main tag=prod
    verify faq 1 support c1 failed branch=main
    verify faq 2 support c1 passed branch=main
    branch faq 3 feature
    delete-branch faq feature
    tag faq 2 prod
    untag faq 2 prod
    deploy faq 2 production instance=blue
    undeploy faq 2 production instance=blue
    release support 1 production
    end-support support 1 production
    describe faq team=knowledge contact=#faq repository=https://x.example main=main
    waive support faq expires=2026-12-31
    end-waiver line=14
    remove-environment production
    publish support 2 faq c3 replaces=c2
    verify faq 3 support c3 error partial dirty wip tag=rc
    deploy faq 3 production
";

/// Runs a law on an empty store of each kind.
fn each_store(law: impl Fn(&dyn Store)) {
    law(&Memory::new());
    let dir = TempDir::new().expect("a directory");
    law(&Directory::new(dir.path().to_owned(), None));
    let (dir, cache) = (TempDir::new().expect("a directory"), TempDir::new().expect("a directory"));
    law(&Directory::new(dir.path().to_owned(), Some(cache.path())));
}

fn append_all(store: &dyn Store, facts: &[Fact]) {
    for fact in facts {
        store.append(fact).expect("it is kept");
    }
}

fn ids(facts: &[Fact]) -> Vec<FactId> {
    facts.iter().map(|fact| fact.id).collect()
}

#[test]
fn what_was_put_can_be_fetched_and_putting_it_again_changes_nothing() {
    each_store(|store| {
        let (one, two) = (store.put("one\n").expect("kept"), store.put("two\n").expect("kept"));
        assert_eq!(store.put("one\n").expect("kept"), one);
        assert_eq!(store.content(one).expect("there"), "one\n");
        let mut both = vec![one, two];
        both.sort();
        assert_eq!(store.contents().expect("listed"), both);
    });
}

#[test]
fn a_fact_is_listed_once_in_the_order_of_ids_whatever_the_order_of_writing() {
    each_store(|store| {
        let facts = facts(STORY);
        let mut shuffled = facts.clone();
        shuffled.reverse();
        shuffled.swap(1, 5);
        append_all(store, &shuffled);
        append_all(store, &facts);
        let brief: Vec<_> = facts.iter().cloned().map(Fact::without_details).collect();
        assert_eq!(store.facts().expect("listed"), brief);
        // Once more, now that some stores remember what they have read.
        assert_eq!(store.facts().expect("listed"), brief);
        for fact in &facts {
            assert_eq!(&store.fact(fact.id).expect("there"), fact);
        }
    });
}

#[test]
fn another_fact_under_the_same_id_is_refused() {
    each_store(|store| {
        let facts = facts("publish support 1 faq c1\npublish support 2 faq c1");
        store.append(&facts[0]).expect("kept");
        let other = Fact { id: facts[0].id, what: facts[1].what.clone() };
        assert!(matches!(store.append(&other), Err(StoreError::TwoFacts { id }) if id == other.id));
        assert_eq!(store.fact(other.id).expect("there"), facts[0]);
    });
}

#[test]
fn what_is_not_there_is_an_error_and_never_empty() {
    each_store(|store| {
        let facts = facts("publish support 1 faq c1\npublish support 2 faq c1");
        store.append(&facts[0]).expect("kept");
        assert!(matches!(store.fact(facts[1].id), Err(StoreError::NoFact { .. })));
        let digest = Digest::of("nothing");
        assert!(matches!(store.content(digest), Err(StoreError::NoContent { .. })));
    });
    let nowhere = Directory::new(PathBuf::from("/nowhere/at/all"), None);
    assert!(matches!(nowhere.facts(), Err(StoreError::NoStore { .. })));
    assert!(matches!(nowhere.state(), Err(StoreError::NoStore { .. })));
}

#[test]
fn thirty_two_writers_at_once_lose_nothing() {
    let dirs = (TempDir::new().expect("a directory"), TempDir::new().expect("a directory"));
    let directory = Directory::new(dirs.0.path().to_owned(), Some(dirs.1.path()));
    let stores: [Arc<dyn Store>; 2] = [Arc::new(Memory::new()), Arc::new(directory)];
    for store in stores {
        let what = facts("publish support 1 faq c1").remove(0).what;
        let write = |store: Arc<dyn Store>, what: What| {
            move || {
                let mut ids = Ids::new();
                let fact = |()| Fact { id: ids.next(now()), what: what.clone() };
                let facts: Vec<_> = std::iter::repeat_n((), 20).map(fact).collect();
                store.put("a content\n").expect("kept");
                append_all(&*store, &facts);
                // A reader in between sees whole facts only.
                assert!(store.facts().expect("listed").len() >= facts.len());
                facts
            }
        };
        let writers: Vec<_> =
            (0..32).map(|_| thread::spawn(write(Arc::clone(&store), what.clone()))).collect();
        let mut written: Vec<_> =
            writers.into_iter().flat_map(|writer| writer.join().expect("it ends")).collect();
        written.sort_by_key(|fact| fact.id);
        assert_eq!(written.len(), 640);
        assert_eq!(ids(&store.facts().expect("listed")), ids(&written));
    }
}

#[expect(clippy::disallowed_methods, reason = "ids of many writers are made at the same time")]
fn now() -> Timestamp {
    std::time::SystemTime::now().try_into().expect("a time")
}

/// Every file below a directory, with its text.
pub(crate) fn files(root: &Path) -> Vec<(PathBuf, String)> {
    let mut files: Vec<_> = walkdir::WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.expect("it is readable").into_path())
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), fs::read_to_string(path).expect("it is readable")))
        .collect();
    files.sort();
    files
}
