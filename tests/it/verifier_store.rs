//! The gate as a library over a shared directory: what `pactwright verify --store` does, for a test.

use pactwright::fact::{Fact, Outcome, What};
use pactwright::outcome::Answer;
use pactwright::store::{Directory, Store};
use pactwright::verify::{SharedPacts, Verified, Verifier, VerifierError};

use crate::support::command::Sandbox;
use crate::support::gate::status;
use crate::support::provider::Provider;
use crate::support::sharing::{pact, published, told};

fn pacts(root: &Sandbox) -> SharedPacts {
    SharedPacts::in_directory(root.path("pacts"))
}

/// Verifies against a provider that answers everything with a status.
fn verify(pacts: SharedPacts, answer: u16) -> Result<Verified, VerifierError> {
    let provider = Provider::start(&[("POST /v1/create", &[status(answer)])]);
    Verifier::of("faq").store(pacts).at(provider.url()).verify()
}

/// The verifications that were recorded.
fn recorded(root: &Sandbox) -> Vec<pactwright::fact::Verified> {
    let facts = Directory::new(root.path("pacts"), None).facts().expect("readable");
    let verified = |fact: Fact| match fact.what {
        What::Verified(verified) => Some(verified),
        _ => None,
    };
    facts.into_iter().filter_map(verified).collect()
}

#[test]
fn what_is_selected_is_verified_and_says_why() {
    let root = published(&[201]);
    for pacts in [
        pacts(&root),
        pacts(&root).main_branch(),
        pacts(&root).branch("main"),
        pacts(&root).branch_or("nowhere", "main"),
        pacts(&root).matching_branch().provider_branch("main"),
        pacts(&root).latest(),
        pacts(&root).deployed_or_released(),
        pacts(&root).environment("production"),
        pacts(&root).selectors(r#"[{"mainBranch": true}]"#),
    ] {
        let said = format!("{pacts:?}");
        let kept = verify(pacts.clone(), 201).expect("it can be tried");
        assert_eq!((kept.answer, kept.run.pacts.len()), (Answer::Yes, 1), "{said}");
        assert!(!kept.run.pacts[0].why.is_empty(), "{said}");
        let broken = verify(pacts, 500).expect("it can be tried");
        assert_eq!(broken.answer, Answer::No, "{said}");
        assert!(broken.explanation().contains("#team-support"), "{}", broken.explanation());
    }
    assert!(recorded(&root).is_empty(), "nobody asked for that");
}

#[test]
fn an_empty_selection_is_no_yes_and_a_slip_is_refused() {
    let root = published(&[201]);
    let nothing = verify(pacts(&root).branch("nowhere"), 201).expect("it can be tried");
    assert_eq!(nothing.answer, Answer::CouldNotFindOut);
    for (pacts, expected) in [
        (pacts(&root).environment("nowhere"), "there is no environment nowhere"),
        (pacts(&root).selectors("[]"), "the list of selectors is empty"),
        (pacts(&root).selectors(r#"{"mainBrnch": true}"#), "unknown field `mainBrnch`"),
        (pacts(&root).tag(" "), "cannot be blank"),
        (pacts(&root).matching_branch(), "it is not known which branch the provider is built from"),
        (pacts(&root).include_wip_since("2026-01-01"), "it is not known which branch"),
        (pacts(&root).include_wip_since("soon"), "soon is no day: write it as 2026-01-31"),
        (pacts(&root).publish(), "call `provider_version` where you call `publish`"),
        (
            SharedPacts::in_directory(root.path("nowhere")),
            "the store could not be read: there is no store at",
        ),
    ] {
        let error = verify(pacts, 201).map(|verified| verified.explanation()).expect_err(expected);
        assert!(format!("{error:?}").contains(expected), "{error:?}");
    }
    let both = Verifier::of("faq").pacts("pacts").store("pacts").at("http://127.0.0.1:9").verify();
    assert_eq!(format!("{:?}", both.map(|_| ()).expect_err("refused")), "call either `pacts` or `store`");
}

#[test]
fn what_came_of_it_is_recorded_and_not_replayed_again() {
    let root = published(&[201]);
    let build = || pacts(&root).provider_version("2.0").provider_branch("main").provider_tag("rc").publish();
    verify(build(), 201).expect("it can be tried").assert_yes();
    let first = recorded(&root);
    assert_eq!(first.len(), 1);
    assert_eq!((first[0].outcome, first[0].complete), (Outcome::Passed, true));
    assert_eq!(first[0].branch.as_ref().map(ToString::to_string).as_deref(), Some("main"));
    assert_eq!(first[0].tags.len(), 1);
    // Whether the work tree has changes is up to whoever runs this test.
    let again = verify(build(), 201).expect("it can be tried");
    let already = usize::from(!first[0].dirty);
    assert_eq!((again.answer, again.counts.already), (Answer::Yes, already), "{}", again.explanation());
    let forced = verify(build().force(), 500).expect("it can be tried");
    assert_eq!((forced.answer, forced.counts.already), (Answer::No, 0));
    assert_eq!(recorded(&root).last().expect("recorded").outcome, Outcome::Failed);
}

#[test]
fn pitfall_03_a_part_is_recorded_as_a_part() {
    let root = published(&[201]);
    root.write("support-faq.json", &pact("support", &[201, 500]));
    told(&root, &["publish support-faq.json -a 1.1 --branch main"]);
    let provider = Provider::start(&[("POST /v1/create", &[status(201)])]);
    let pacts = pacts(&root).main_branch().provider_version("2.0").publish();
    let part = Verifier::of("faq").store(pacts).at(provider.url()).only_description("/201/").verify();
    part.expect("it can be tried").assert_yes();
    let recorded = recorded(&root);
    assert_eq!((recorded[0].outcome, recorded[0].complete), (Outcome::Unfinished, false));
}

#[test]
fn pitfall_04_what_cannot_be_recorded_is_an_error() {
    let root = published(&[201]);
    let provider = Provider::start(&[("POST /v1/create", &[status(201)])]);
    // Where the facts of this month would go, there is a file by the time the run ends.
    let facts = root.path("pacts/ledger/facts");
    let verifier = Verifier::of("faq")
        .store(pacts(&root).provider_version("2.0").publish())
        .at(provider.url())
        .request_filter(move |_| {
            let _ = std::fs::rename(&facts, facts.with_extension("gone"));
            let _ = std::fs::write(&facts, "");
        });
    let error = verifier.verify().map(|verified| verified.explanation()).expect_err("it is no yes");
    assert!(matches!(error, VerifierError::Record(_)), "{error:?}");
}

#[test]
fn a_contract_that_was_never_kept_fails_nothing_when_it_may_be_pending() {
    let root = published(&[201]);
    let pending = pacts(&root).provider_version("2.0").provider_branch("main").enable_pending();
    let run = verify(pending, 500).expect("it can be tried");
    assert!(run.run.pacts[0].pending, "{}", run.explanation());
    assert_ne!(run.answer, Answer::No, "{}", run.explanation());
    told(&root, &["publish support-faq.json -a 1.1 --branch feature"]);
    root.write("support-faq.json", &pact("support", &[202]));
    told(&root, &["publish support-faq.json -a 1.2 --branch feature"]);
    let wip = pacts(&root).main_branch().provider_version("2.0").provider_branch("main");
    let run = verify(wip.include_wip_since("2020-01-01"), 201).expect("it can be tried");
    assert_eq!((run.answer, run.run.pacts.len()), (Answer::Yes, 2), "{}", run.explanation());
}
