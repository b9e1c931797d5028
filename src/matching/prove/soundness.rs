//! What is proven to pass is passed by the whole judge as well: random contracts and answers, and
//! every small change to a good answer to the contracts in this repository.
//!
//! An ordinary run tries some 20,000 pairs; `ci/soundness` tries more than a million. Both print the
//! seed, and `PROPTEST_RNG_SEED` repeats a run.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use proptest::prelude::ProptestConfig;
use proptest::test_runner::{RngSeed, TestCaseError, TestRunner};
use serde_json::{Map, Value};

use super::is_proven;
use super::mutate::{changed, flawed, mutants};
use super::random::{Case, RandomAnswer, Version, case};
use crate::contract::{Contract, Exchange, Interaction, read};
use crate::matching::actual::Answer;
use crate::matching::judge::{Actual, Judgement, compare_thoroughly};
use crate::matching::quietly;

/// Answers to each random contract: three versions, 256 contracts each, are 20,736 pairs.
const ANSWERS: usize = 27;

fn thoroughly(contract: &Contract, interaction: &Interaction, actual: &Actual) -> Result<Judgement, String> {
    let judge = || compare_thoroughly(contract, interaction, actual, &Map::new(), &BTreeSet::new());
    quietly(judge)?.map_err(|finding| finding.message)
}

fn passes(contract: &Contract, interaction: &Interaction, actual: &Actual) -> bool {
    thoroughly(contract, interaction, actual).is_ok_and(|judgement| judgement.judged.is_empty())
}

fn answer_of(example: &Value, random: &RandomAnswer) -> Actual {
    let mut body = changed(example.clone(), &random.changes).to_string().into_bytes();
    if let Some(flaw) = &random.flaw {
        body = flawed(body, flaw);
    }
    let headers = random.headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Actual::Http(Answer { status: random.status, headers: headers.collect(), body })
}

/// Fails with the seed when an answer is proven to pass that the whole judge refuses.
fn nothing_is_proven_that_is_refused(version: Version) {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(u64::from(std::process::id()));
    }
    let seed = config.rng_seed;
    let (pairs, passed, proven) = (Cell::new(0_u64), Cell::new(0_u64), Cell::new(0_u64));
    let add = |count: &Cell<u64>| count.set(count.get() + 1);
    let outcome = TestRunner::new(config).run(&case(version, ANSWERS), |Case { pact, answers }| {
        let Some(contract) = read("random", pact.to_string().into_bytes()).contract else { return Ok(()) };
        let interaction = &contract.interactions[0];
        let body = &pact["interactions"][0]["response"]["body"];
        let example = if version == Version::V4 { &body["content"] } else { body };
        for random in &answers {
            let actual = answer_of(example, random);
            add(&pairs);
            if is_proven(interaction, &actual) {
                add(&proven);
                let judged = thoroughly(&contract, interaction, &actual);
                if !judged.as_ref().is_ok_and(|judgement| judgement.judged.is_empty()) {
                    return Err(TestCaseError::fail(format!("{pact:#}\nanswered {actual:?}\n{judged:?}")));
                }
                add(&passed);
            }
        }
        Ok(())
    });
    let counts = format!("{} pairs, {} proven", pairs.get(), proven.get());
    let _ = writeln!(std::io::stderr(), "{version:?}, {seed:?}: {counts}");
    if let Err(error) = outcome {
        panic!("{version:?}, {seed:?}: {error}");
    }
    assert_eq!(passed, proven);
    assert!(proven.get() * 20 > pairs.get(), "hardly anything was proven: {counts}");
}

#[test]
fn what_is_proven_in_version_2_is_passed_by_the_judge() {
    nothing_is_proven_that_is_refused(Version::V2);
}

#[test]
fn what_is_proven_in_version_3_is_passed_by_the_judge() {
    nothing_is_proven_that_is_refused(Version::V3);
}

#[test]
fn what_is_proven_in_version_4_is_passed_by_the_judge() {
    nothing_is_proven_that_is_refused(Version::V4);
}

/// The pacts of this repository: the example's and those of the test cases.
fn pacts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for directory in ["pacts", "tests/fixtures/verify"] {
        let files = walkdir::WalkDir::new(root.join(directory)).sort_by_file_name();
        let paths = files.into_iter().map(|entry| entry.expect("a file").into_path());
        found.extend(paths.filter(|path| path.extension().is_some_and(|end| end == "json")));
    }
    found
}

/// Larger examples, in bytes, have too many changes for an ordinary run; and one of the test cases
/// is there to keep the matcher busy for minutes.
const LARGEST: usize = 4_000;

/// The answer that the example itself is.
fn good_answer(interaction: &Interaction) -> Option<(Answer, Value)> {
    let Exchange::Http { response, .. } = &interaction.exchange else { return None };
    let example = response.body.content().filter(|content| content.bytes.len() <= LARGEST)?.json()?;
    let headers = response
        .headers
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone())));
    let body = example.to_string().into_bytes();
    Some((Answer { status: response.status, headers: headers.collect(), body }, example))
}

#[test]
fn every_small_change_that_is_proven_to_pass_is_passed_by_the_judge() {
    let (mut all, mut caught, mut proven, mut interactions) = (0_u32, 0_u32, 0_u32, 0_u32);
    for path in pacts() {
        let reading = read(&path.to_string_lossy(), std::fs::read(&path).expect("a file"));
        let Some(contract) = reading.contract else { continue };
        for interaction in &contract.interactions {
            let Some((answer, example)) = good_answer(interaction) else { continue };
            if !passes(&contract, interaction, &Actual::Http(answer.clone())) {
                continue;
            }
            interactions += 1;
            for mutant in mutants(&example) {
                let actual = Actual::Http(Answer { body: mutant.to_string().into_bytes(), ..answer.clone() });
                let is_proven = is_proven(interaction, &actual);
                let passes = passes(&contract, interaction, &actual);
                assert!(passes || !is_proven, "{}: {mutant}", path.display());
                all += 1;
                caught += u32::from(!passes);
                proven += u32::from(is_proven);
            }
        }
    }
    let _ = writeln!(
        std::io::stderr(),
        "{caught} of {all} changes to the good answers of {interactions} interactions are caught; \
         of the {} that are allowed, {proven} are proven",
        all - caught
    );
    assert!(interactions > 50 && caught * 2 > all, "{caught} of {all} in {interactions}");
}
