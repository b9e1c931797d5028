//! What a directory promises beyond the laws of all stores: nothing is lost in a crash, nothing is
//! ignored, git merges it, and what is remembered between two runs never changes an answer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use pactwright::contract::Digest;
use pactwright::fact::{Fact, Owners, State};
use pactwright::store::{Directory, Store};
use proptest::prelude::{ProptestConfig, proptest};
use tempfile::TempDir;

use crate::gate_properties::story;
use crate::support::history::{facts, facts_since};

/// A directory with a store, and one in which it remembers.
struct Place {
    dir: TempDir,
    cache: TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = || TempDir::new().expect("a directory");
        Self { dir: dir(), cache: dir() }
    }

    fn store(&self) -> Directory {
        Directory::new(self.dir.path().to_owned(), Some(self.cache.path()))
    }

    fn with(story: &str) -> (Self, Vec<Fact>) {
        let place = Self::new();
        let facts = facts(story);
        place.append(&facts);
        (place, facts)
    }

    fn append(&self, facts: &[Fact]) {
        for fact in facts {
            self.store().append(fact).expect("kept");
        }
    }

    /// As if everything that is remembered had been written down long after the files had changed.
    fn settle(&self) {
        for path in remembered(self.cache.path()) {
            let file = fs::File::options().append(true).open(path).expect("there");
            let written = file.metadata().and_then(|metadata| metadata.modified()).expect("dated");
            file.set_modified(written + Duration::from_hours(1)).expect("dated");
        }
    }

    fn path(&self, fact: &Fact) -> PathBuf {
        let name = format!("{}-{}.json", fact.id, fact.what.kind());
        self.dir.path().join("ledger/facts").join(fact.id.month()).join(name)
    }

    /// Both when nothing is remembered and when something is.
    fn assert_state_is_that_of(&self, facts: Vec<Fact>) {
        let lines = |state: State| {
            // Maps have no order.
            let mut lines: Vec<_> = format!("{state:#?}").lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        let folded = lines(State::of(facts, Owners::new()));
        for _ in 0..2 {
            assert_eq!(lines(self.store().state().expect("read")), folded);
        }
        assert_eq!(lines(Directory::new(self.dir.path().to_owned(), None).state().expect("read")), folded);
    }

    /// What a reader is told that cannot read, with and without a memory.
    fn refusal(&self) -> String {
        let said = |store: Directory| {
            let error = store.facts().expect_err("it is refused");
            let source = std::error::Error::source(&error).map(|source| format!(": {source}"));
            format!("{error}{}", source.unwrap_or_default())
                .replace(&*self.dir.path().to_string_lossy(), "$DIR")
        };
        let without_memory = said(Directory::new(self.dir.path().to_owned(), None));
        assert_eq!(said(self.store()), without_memory);
        without_memory
    }
}

const STORY: &str = "publish support 1 faq c1\nverify faq 1 support c1 passed\npublish support 2 faq c2";

fn ids(facts: &[Fact]) -> Vec<String> {
    facts.iter().map(|fact| fact.id.to_string()).collect()
}

#[test]
fn the_layout_is_the_documented_one() {
    let (place, _) = Place::with(STORY);
    let digest = place.store().put("{}\n").expect("kept");
    let files = crate::store_laws::files(place.dir.path());
    let names: Vec<_> = files
        .iter()
        .map(|(path, _)| path.strip_prefix(place.dir.path()).expect("inside").display())
        .collect();
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    assert_eq!(names[0], format!("ledger/contents/{digest}.json"));
    assert_eq!(names.len(), 4);
    for (name, kind) in names[1..].iter().zip(["published", "verified", "published"]) {
        assert!(
            name.starts_with("ledger/facts/2026-01/01KDV") && name.ends_with(&format!("-{kind}.json")),
            "{name}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_named_and_refused() {
    let broken = |break_it: &dyn Fn(&Place, &Fact)| {
        let (place, facts) = Place::with(STORY);
        assert_eq!(place.store().facts().expect("sound").len(), 3);
        break_it(&place, &facts[1]);
        nameless(&place.refusal())
    };
    let text = |place: &Place, fact: &Fact| fs::read_to_string(place.path(fact)).expect("there");
    let cut = broken(&|place, fact| {
        let text = text(place, fact);
        fs::write(place.path(fact), &text[..text.len() / 2]).expect("written");
    });
    insta::assert_snapshot!(cut, @"$DIR/ledger/facts/2026-01/ID-verified.json is not a fact: it was cut short, or does not have the form of a fact");
    let empty = broken(&|place, fact| fs::write(place.path(fact), "").expect("written"));
    assert_eq!(empty, cut);
    let newer = broken(&|place, fact| {
        fs::write(place.path(fact), text(place, fact).replace("\"schema\": 1", "\"schema\": 9"))
            .expect("written");
    });
    insta::assert_snapshot!(newer, @"$DIR/ledger/facts/2026-01/ID-verified.json is not a fact: it has schema 9, and this version of Pactwright knows 1: use a newer one");
    let renamed = broken(&|place, fact| {
        let other = place.path(fact).to_string_lossy().replace("-verified", "-published");
        fs::rename(place.path(fact), other).expect("renamed");
    });
    insta::assert_snapshot!(renamed, @"$DIR/ledger/facts/2026-01/ID-published.json holds another fact than its name says");
    let foreign =
        broken(&|place, fact| fs::write(place.path(fact).with_file_name("notes.txt"), "").expect("written"));
    insta::assert_snapshot!(foreign, @"$DIR/ledger/facts/2026-01/notes.txt is not the name of a fact");
    let moved = broken(&|place, fact| {
        let month = place.dir.path().join("ledger/facts/2026-02");
        fs::create_dir(&month).expect("made");
        fs::rename(place.path(fact), month.join(place.path(fact).file_name().expect("a name")))
            .expect("moved");
    });
    insta::assert_snapshot!(moved, @"$DIR/ledger/facts/2026-02/ID-verified.json lies in another month than its own");
}

/// The text with ids replaced, the random part of which differs each time.
fn nameless(text: &str) -> String {
    let id = regex::Regex::new("01KDV[0-9A-Z]{21}").expect("a pattern");
    id.replace_all(text, "ID").into_owned()
}

#[test]
fn a_damaged_content_is_refused_and_never_handed_out() {
    let place = Place::new();
    let digest = place.store().put("a contract").expect("kept");
    let path = place.dir.path().join(format!("ledger/contents/{digest}.json"));
    for text in ["a contrac", "", "another contract"] {
        fs::write(&path, text).expect("written");
        let said = place.store().content(digest).expect_err("damaged").to_string();
        assert!(said.ends_with("is damaged: its content is not the one it is named by"), "{said}");
        assert!(place.store().put("a contract").is_err(), "it is not overwritten in silence");
    }
}

#[test]
fn facts_in_one_file_are_the_same_facts_and_may_lie_there_twice() {
    let (place, facts) = Place::with(STORY);
    let lines: Vec<_> = facts[..2].iter().map(Fact::to_line).collect();
    let lines = lines.join("\n");
    let month = place.path(&facts[0]).with_file_name(format!("{}.jsonl", Digest::of(&lines)));
    fs::write(&month, &lines).expect("written");
    fs::remove_file(place.path(&facts[0])).expect("removed");
    for _ in 0..2 {
        assert_eq!(ids(&place.store().facts().expect("listed")), ids(&facts));
        assert_eq!(place.store().fact(facts[0].id).expect("there"), facts[0]);
    }
    fs::write(&month, &lines[..lines.len() / 2]).expect("written");
    assert!(place.refusal().ends_with("is damaged: its content is not the one it is named by"));
}

#[test]
fn two_facts_with_one_id_are_refused() {
    let (place, facts) = Place::with(STORY);
    let other = Fact { id: facts[0].id, what: facts[2].what.clone() };
    let line = format!("{}\n", other.to_line());
    fs::write(place.path(&facts[0]).with_file_name(format!("{}.jsonl", Digest::of(&line))), &line)
        .expect("written");
    assert!(place.refusal().starts_with("there are two different facts with the id"));
}

#[test]
fn what_is_remembered_never_changes_an_answer() {
    let (place, facts) = Place::with(STORY);
    let fresh = || Directory::new(place.dir.path().to_owned(), None).facts().expect("listed");
    let same = || {
        assert_eq!(place.store().facts().expect("listed"), fresh());
        assert_eq!(place.store().facts().expect("listed"), fresh());
    };
    same();
    // A file is changed in place, to a text of the same length.
    let text = fs::read_to_string(place.path(&facts[0])).expect("there");
    fs::write(place.path(&facts[0]), text.replace("\"version\": \"1\"", "\"version\": \"7\""))
        .expect("written");
    same();
    // A file goes, and comes back.
    fs::remove_file(place.path(&facts[0])).expect("removed");
    same();
    place.store().append(&facts[0]).expect("kept");
    same();
    // The memory is damaged, or gone.
    for path in indexes(place.cache.path()) {
        let bytes = fs::read(&path).expect("there");
        for broken in [&bytes[..bytes.len() / 2], b"", &[&bytes[..40], b"x", &bytes[41..]].concat()] {
            fs::write(&path, broken).expect("written");
            same();
        }
        fs::remove_file(&path).expect("removed");
        same();
    }
}

#[test]
fn facts_of_every_kind_are_remembered_as_they_were() {
    let (place, facts) = Place::with(crate::store_laws::STORY);
    let brief: Vec<_> = facts.iter().cloned().map(Fact::without_details).collect();
    for _ in 0..3 {
        assert_eq!(place.store().facts().expect("listed"), brief);
    }
    place.assert_state_is_that_of(facts);
}

#[test]
fn a_build_that_says_again_what_was_taken_away_meanwhile_is_applied_again() {
    let (place, facts) = Place::with(
        "publish support 1 faq c1 branch=main tag=t
         untag support 1 t
         publish support 1 billing c2 branch=main tag=t
         delete-branch support main
         publish support 1 shop c3 branch=main tag=t
         verify faq 2 support c1 passed commit=a
         verify faq 2 support c1 passed commit=b
         verify faq 2 support c1 passed commit=a",
    );
    place.assert_state_is_that_of(facts);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn applying_what_is_remembered_is_applying_one_fact_after_the_other(story in story()) {
        let (place, facts) = Place::with(&story);
        place.assert_state_is_that_of(facts);
    }
}

#[test]
fn a_file_that_was_changed_after_it_had_been_read_is_named_when_everything_is_checked() {
    let (place, facts) = Place::with(STORY);
    place.store().facts().expect("listed");
    assert!(place.store().problems().expect("checked").is_empty());
    let text = fs::read_to_string(place.path(&facts[0])).expect("there");
    let path = place.path(&facts[0]);
    fs::write(&path, text.replace("\"version\": \"1\"", "\"version\": \"7\"")).expect("written");
    let problems = place.store().problems().expect("checked");
    assert_eq!(problems.len(), 1);
    let said = problems[0].to_string();
    assert!(said.starts_with(&*path.to_string_lossy()), "{said}");
    assert!(said.contains("was changed after it had been read"), "{said}");
}

#[test]
fn months_that_have_not_changed_are_remembered_and_not_read_again() {
    let place = Place::new();
    let months = ["2026-01", "2026-02", "2026-03", "2026-04"];
    let of_month = |month: &&str| facts_since(&format!("{month}-01T00:00:00Z"), crate::store_laws::STORY);
    let facts: Vec<Fact> = months.iter().flat_map(of_month).collect();
    place.append(&facts);
    place.assert_state_is_that_of(facts.clone());
    place.settle();
    place.assert_state_is_that_of(facts.clone());
    let brief: Vec<_> = facts.iter().cloned().map(Fact::without_details).collect();
    assert_eq!(place.store().facts().expect("listed"), brief);
    // A month that gets another fact is listed again, and takes what it knows from memory.
    let more = facts_since("2026-01-31T00:00:00Z", STORY);
    place.append(&more);
    let mut all = [facts.clone(), more].concat();
    all.sort_by_key(|fact| fact.id);
    place.assert_state_is_that_of(all);
    place.settle();
    // Only who reads every file sees that somebody has edited an old one.
    fs::write(place.path(&facts[0]), "{").expect("written");
    assert_eq!(place.store().facts().expect("listed").len(), brief.len() + STORY.lines().count());
    assert_eq!(place.store().problems().expect("checked").len(), 1);
    fs::write(place.path(&facts[0]), facts[0].to_text()).expect("written");
    // In the newest months everybody does.
    fs::write(place.path(facts.last().expect("a fact")), "{").expect("written");
    assert!(place.refusal().contains("-04"), "{}", place.refusal());
}

/// The files in which something is remembered.
fn remembered(cache: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(cache).into_iter();
    entries.map(|entry| entry.expect("readable").into_path()).filter(|path| path.is_file()).collect()
}

fn indexes(cache: &Path) -> Vec<PathBuf> {
    let found = remembered(cache);
    assert_eq!(found.len(), 2, "one month is remembered, and by which files");
    found
}

#[test]
fn two_branches_that_have_both_published_merge_without_a_conflict() {
    let place = Place::new();
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(place.dir.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git is installed");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let story = facts(
        "environment production
         publish support 1 faq c1 branch=main
         publish billing 1 faq c1 branch=main
         verify faq 1 support c1 passed
         deploy faq 1 production",
    );
    let commit = |facts: &[Fact]| {
        place.store().put("the same content of both").expect("kept");
        for fact in facts {
            place.store().append(fact).expect("kept");
        }
        git(&["add", "."]);
        git(&["commit", "-q", "-m", "facts"]);
    };
    git(&["init", "-q", "-b", "main"]);
    commit(&story[..1]);
    git(&["switch", "-q", "-c", "billing"]);
    commit(&story[2..3]);
    git(&["switch", "-q", "main"]);
    commit(&[story[1].clone(), story[3].clone(), story[4].clone()]);
    git(&["merge", "-q", "--no-edit", "billing"]);
    assert_eq!(ids(&place.store().facts().expect("listed")), ids(&story));
}
