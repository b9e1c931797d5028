//! Pacts that are put together while the tests run, for those who want no step of its own.
//!
//! Only where all tests of a binary share a process, and only in the repository that the process
//! belongs to: elsewhere, `pactwright assemble` does it once at the end. In CI, where nothing is put
//! together, each test compares what it has recorded with the committed pact, and needs no other. Each pact is read once, and again
//! when another process has written it meanwhile; a test that records what is there already costs nothing
//! more.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use super::failure::{Failure, Standing};
use crate::compat::{Change, diff_all};
use crate::contract::{self, Contract};
use crate::recording::{Assembly, Folder, Fragment, Fragments, Pending, Problem, Stamp, Taken, committed};

/// A pact that this process knows already.
struct Known {
    /// Whose pact it is.
    pair: (String, String),
    committed: Option<String>,
    assembly: Assembly,
    /// True when that is not what is committed.
    differs: bool,
    /// True once what waits, or that nothing does, is known to be right.
    settled: bool,
    /// The pact that waits, as this process has left it.
    left: Option<Stamp>,
}

/// Takes in what a test has recorded. Where nobody is there to review it, a change is a failure, and so is
/// a pact that waits; elsewhere the changed pact waits for a review.
pub(super) fn take(
    folder: &Folder,
    fragments: &Fragments,
    fragment: &Fragment,
    ci: bool,
) -> Result<(), Failure> {
    static KNOWN: LazyLock<Mutex<BTreeMap<PathBuf, Known>>> = LazyLock::new(Mutex::default);
    let file = folder.committed(&fragment.consumer, &fragment.provider);
    let mut all = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    // Where nothing is written, nobody has to wait.
    let _alone = if ci { None } else { Some(alone(fragments, fragment)?) };
    if !ci && all.get(&file).is_some_and(|known| known.left != Pending::of(&file).stamp()) {
        all.remove(&file);
    }
    if !all.contains_key(&file) {
        let known = Known::read(&file, fragments, fragment, ci).map_err(Failure::NotAssembled)?;
        all.insert(file.clone(), known);
    }
    let Some(known) = all.get_mut(&file) else { return Ok(()) };
    let taken = known.take(folder, &file, fragment, ci);
    known.left = Pending::of(&file).stamp();
    if taken.is_err() {
        // What was refused is known to nobody: the next test reads the pact again.
        all.remove(&file);
    }
    taken
}

/// Keeps other processes from putting the same pact together.
fn alone(fragments: &Fragments, fragment: &Fragment) -> Result<File, Failure> {
    let path = || fragments.path().to_owned();
    let lock = fragments.lock(&fragment.consumer, &fragment.provider);
    lock.map_err(|source| Failure::Unwritable { path: path(), source })
}

impl Known {
    fn take(&mut self, folder: &Folder, file: &Path, fragment: &Fragment, ci: bool) -> Result<(), Failure> {
        self.refuse_others(file, fragment).map_err(Failure::NotAssembled)?;
        let taken = self.assembly.take(fragment.clone()).map_err(|conflict| Failure::Conflict {
            description: conflict.description,
            first: conflict.first,
            second: conflict.second,
        })?;
        if let Some(differs) = self.assembly.versions_differ() {
            let (consumer, provider) = self.pair.clone();
            return Err(Failure::NotAssembled(Problem::Versions { consumer, provider, differs }));
        }
        match taken {
            // A pact that waits for a review was never decided about, whatever it says.
            _ if ci && Pending::of(file).path.exists() => Err(self.waits(file, fragment)),
            Taken::Unchanged if ci || self.settled => Ok(()),
            Taken::Changed if ci => {
                let standing =
                    if self.committed.is_some() { Standing::Differs } else { Standing::NotCommitted };
                Err(self.not_reviewed(standing, file, fragment, &self.assembly.text()))
            }
            taken => {
                self.differs |= taken == Taken::Changed;
                self.settle(folder, file)
                    .map_err(|source| Failure::Unwritable { path: file.to_owned(), source })
            }
        }
    }

    /// Has what is recorded wait, and nothing that was recorded once and is not any more.
    fn settle(&mut self, folder: &Folder, file: &Path) -> io::Result<()> {
        self.settled = true;
        let pending = Pending::of(file);
        let text = self.assembly.text();
        if !self.differs || self.committed.as_ref() == Some(&text) {
            return pending.reject();
        }
        match fs::read_to_string(&pending.path) {
            Ok(waiting) if waiting == text => Ok(()),
            _ => folder.propose_for_now(file, &text).map(drop),
        }
    }

    /// What is in a pact that waits.
    fn waits(&self, file: &Path, fragment: &Fragment) -> Failure {
        let pending = Pending::of(file).path;
        let text = fs::read_to_string(&pending).unwrap_or_default();
        self.not_reviewed(Standing::Waits, &pending, fragment, &text)
    }

    /// The committed pact with what is recorded already, by this run or by others.
    fn read(file: &Path, fragments: &Fragments, fragment: &Fragment, ci: bool) -> Result<Self, Problem> {
        let (consumer, provider) = (&fragment.consumer, &fragment.provider);
        let committed = committed(file, (consumer, provider))?;
        let mut assembly = match &committed {
            Some((_, pact)) => Assembly::of(pact),
            None => Assembly::new(consumer, provider),
        };
        let mut differs = false;
        if !ci {
            let unreadable = |source| Problem::Unreadable { path: fragments.path().to_owned(), source };
            // The new one is taken in afterwards, so that it is seen to be new.
            let others = fragments.read_of(consumer, provider).map_err(unreadable)?;
            for other in others.into_iter().filter(|other| other != fragment) {
                match assembly.take(other.clone()) {
                    Ok(taken) => differs |= taken == Taken::Changed,
                    Err(conflict) if other.run == fragment.run => return Err(Problem::Conflict(*conflict)),
                    // What tests of an earlier run said against each other is told there.
                    Err(_) => {
                        assembly.replace(other);
                        differs = true;
                    }
                }
            }
        }
        let pair = (consumer.clone(), provider.clone());
        let left = Pending::of(file).stamp();
        let committed = committed.map(|(text, _)| text);
        Ok(Self { pair, committed, assembly, differs, settled: false, left })
    }

    /// The names of two pairs can make the same name of a file.
    fn refuse_others(&self, file: &Path, fragment: &Fragment) -> Result<(), Problem> {
        let (one, other) = (&self.pair, (fragment.consumer.clone(), fragment.provider.clone()));
        if *one == other {
            return Ok(());
        }
        Err(Problem::SameFile { path: file.to_owned(), one: one.clone(), other })
    }

    /// What the interaction changes in the committed pact.
    fn not_reviewed(&self, standing: Standing, file: &Path, fragment: &Fragment, after: &str) -> Failure {
        let read = |text: &str| contract::read(&file.to_string_lossy(), text.as_bytes().to_vec()).contract;
        let before: Vec<Contract> = self.committed.as_deref().and_then(read).into_iter().collect();
        let changes = match read(after) {
            Some(after) => sentences(&before, &[after]),
            None => vec!["it is no sound pact, so what it would change is not known".to_owned()],
        };
        let description = fragment.interaction["description"].as_str().unwrap_or_default().to_owned();
        Failure::NotReviewed { description, standing, file: file.to_owned(), changes }
    }
}

/// Each change with what it means for the provider.
fn sentences(before: &[Contract], after: &[Contract]) -> Vec<String> {
    let sentence =
        |change: Change| format!("{} [{}]: {}", change.class().words(), change.rule.slug(), change.sentence);
    let changes = diff_all(before, after).into_iter().flat_map(|compared| compared.changes);
    let sentences: Vec<String> = changes.map(sentence).collect();
    if sentences.is_empty() {
        return vec!["the same for the provider: only the form or what is written beside differs".to_owned()];
    }
    sentences
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fragment(description: &str, version: &str) -> Fragment {
        Fragment {
            consumer: "billing".to_owned(),
            provider: "faq".to_owned(),
            version: version.to_owned(),
            list: "interactions".to_owned(),
            test: description.to_owned(),
            source: "tests/contracts.rs:7".to_owned(),
            run: "a run".to_owned(),
            process: 7,
            interaction: json!({
                "type": "Synchronous/HTTP",
                "description": description,
                "request": {"method": "GET", "path": "/"},
                "response": {"status": 200},
            }),
        }
    }

    /// A repository of its own; the place of its pacts is known to no other test.
    struct Repository {
        root: tempfile::TempDir,
    }

    impl Repository {
        fn new() -> Self {
            Self { root: tempfile::tempdir().expect("a directory") }
        }

        fn pact(&self) -> PathBuf {
            self.root.path().join("pacts/billing-faq.json")
        }

        fn take(&self, fragment: &Fragment, ci: bool) -> Result<(), Failure> {
            let folder = Folder::of(self.root.path().join("pacts"));
            take(&folder, &Fragments::of(self.root.path().join("fragments")), fragment, ci)
        }

        /// What the author of the test reads.
        fn told(&self, refused: Result<(), Failure>) -> String {
            let root = self.root.path().display().to_string();
            refused.expect_err("it is refused").to_string().replace(&root, "$DIR")
        }
    }

    #[test]
    fn in_ci_what_nobody_has_reviewed_is_refused_each_time() {
        let repository = Repository::new();
        for _ in 0..2 {
            let refused = repository.take(&fragment("one", "4.0"), true);
            insta::allow_duplicates! {
                insta::assert_snapshot!(repository.told(refused), @r#"
                "one" is recorded, and $DIR/pacts/billing-faq.json is not committed
                  demands more [interaction-added]: the answer 200 to GET / is expected
                run this test where it can be reviewed, then: pactwright review
                "#);
            }
        }
        assert!(!Pending::of(&repository.pact()).path.exists(), "nothing is written");
    }

    #[test]
    fn in_ci_a_pact_that_waits_is_a_failure_and_says_what_it_would_change() {
        let repository = Repository::new();
        repository.take(&fragment("one", "4.0"), false).expect("it waits");
        insta::assert_snapshot!(repository.told(repository.take(&fragment("one", "4.0"), true)), @r#"
        $DIR/pacts/billing-faq.json.new waits for a review, so "one" is not known to be meant
          demands more [interaction-added]: the answer 200 to GET / is expected
        decide about it where it can be reviewed: pactwright review
        "#);
        let waiting = Pending::of(&repository.pact()).path;
        fs::copy(&waiting, repository.pact()).expect("it is accepted, and waits all the same");
        insta::assert_snapshot!(repository.told(repository.take(&fragment("one", "4.0"), true)), @r#"
        $DIR/pacts/billing-faq.json.new waits for a review, so "one" is not known to be meant
          the same for the provider: only the form or what is written beside differs
        decide about it where it can be reviewed: pactwright review
        "#);
        fs::write(&waiting, "{").expect("it is broken");
        insta::assert_snapshot!(repository.told(repository.take(&fragment("one", "4.0"), true)), @r#"
        $DIR/pacts/billing-faq.json.new waits for a review, so "one" is not known to be meant
          it is no sound pact, so what it would change is not known
        decide about it where it can be reviewed: pactwright review
        "#);
    }

    #[test]
    fn in_ci_a_pact_that_differs_from_the_committed_one_is_a_failure_and_says_in_what() {
        let (elsewhere, repository) = (Repository::new(), Repository::new());
        elsewhere.take(&answering("one", 200), false).expect("it waits");
        fs::create_dir_all(repository.root.path().join("pacts")).expect("a folder");
        fs::copy(Pending::of(&elsewhere.pact()).path, repository.pact()).expect("committed");
        repository.take(&answering("one", 200), true).expect("it is as committed");
        let changed = Fragment { run: "a later run".to_owned(), ..answering("one", 201) };
        insta::assert_snapshot!(repository.told(repository.take(&changed, true)), @r#"
        $DIR/pacts/billing-faq.json does not say what "one" records
          demands more [response-status-changed]: the status was 200 and is 201
        run this test where the change can be reviewed, then: pactwright review
        "#);
    }

    fn answering(description: &str, status: u16) -> Fragment {
        let mut fragment = fragment(description, "4.0");
        fragment.interaction["response"]["status"] = status.into();
        fragment
    }

    #[test]
    fn what_waits_and_is_recorded_by_no_test_any_more_does_not_wait_any_more() {
        let repository = Repository::new();
        let waiting = Pending::of(&repository.pact());
        repository.take(&answering("one", 200), false).expect("it waits");
        waiting.accept().expect("accepted");
        let sound = fs::read_to_string(repository.pact()).expect("a pact");
        fs::write(&waiting.path, sound.replace("200", "201")).expect("that of an earlier run waits");
        repository.take(&answering("one", 200), false).expect("it is as committed");
        assert!(!waiting.path.exists(), "the change is gone");
        fs::write(&waiting.path, sound.replace("200", "201")).expect("once more");
        repository.take(&answering("two", 200), false).expect("it waits");
        let text = fs::read_to_string(&waiting.path).expect("a pact");
        assert!(text.contains("two") && !text.contains("201"), "{text}");
    }

    #[test]
    fn tests_that_record_the_same_agree_whichever_runs_first_and_in_ci() {
        let named = |test: &str| {
            let mut fragment = Fragment { test: test.to_owned(), ..answering("one", 200) };
            fragment.interaction["comments"] = json!({"source": "a.rs:7", "testname": test, "text": []});
            fragment
        };
        let mut texts = Vec::new();
        for order in [["b", "a", "c"], ["a", "c", "b"], ["c", "b", "a"]] {
            let repository = Repository::new();
            let fragments = Fragments::of(repository.root.path().join("fragments"));
            for test in order {
                let others = fragments.write(&named(test)).expect("written");
                assert!(others.is_empty(), "they do not contradict each other: {others:?}");
                repository.take(&named(test), false).expect("it waits");
            }
            let waiting = Pending::of(&repository.pact());
            texts.push(fs::read_to_string(&waiting.path).expect("a pact"));
            waiting.accept().expect("accepted");
            for test in ["z", "b"] {
                repository.take(&named(test), true).expect("it is as committed");
                repository.take(&named(test), false).expect("nothing to review");
            }
            assert!(!waiting.path.exists(), "another test of the same is no change");
        }
        assert!(texts[0].contains("\"testname\": \"a\""), "{}", texts[0]);
        assert!(texts.iter().all(|text| *text == texts[0]), "{texts:#?}");
    }

    #[test]
    fn what_tests_of_an_earlier_run_said_against_each_other_fails_no_test_of_this_one() {
        let repository = Repository::new();
        let fragments = Fragments::of(repository.root.path().join("fragments"));
        for (test, status) in [("a", 200), ("b", 201)] {
            let run = "an earlier run".to_owned();
            let fragment = Fragment { test: test.to_owned(), run, ..answering("one", status) };
            fragments.write(&fragment).expect("written");
        }
        repository.take(&fragment("two", "4.0"), false).expect("another test of a later run");
        let waiting = Pending::of(&repository.pact()).path;
        assert!(fs::read_to_string(waiting).expect("a pact").contains("two"));
    }

    #[test]
    fn a_pact_in_two_versions_is_refused_and_what_waits_stays_as_it_was() {
        let repository = Repository::new();
        repository.take(&fragment("one", "4.0"), false).expect("it waits");
        let waiting = Pending::of(&repository.pact()).path;
        let before = fs::read_to_string(&waiting).expect("a pact");
        let refused = repository.take(&fragment("two", "3.0.0"), false);
        let is_about_versions = matches!(refused, Err(Failure::NotAssembled(Problem::Versions { .. })));
        assert!(is_about_versions, "{refused:?}");
        assert_eq!(fs::read_to_string(&waiting).expect("a pact"), before);
    }
}
