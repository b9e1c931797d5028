//! Which contracts a provider verifies, as tables: a story, the build of the provider, the
//! selectors, and what is selected and why. The rules are those of the Pact Broker.

use jiff::Timestamp;
use pactwright::fact::{ConsumerSelector, Owners, ProviderBuild, Selected, State, select, work_in_progress};

use crate::support::history::{START, content, facts};

/// A build of faq: `branch=main tag=a`.
fn build(words: &str) -> ProviderBuild {
    let mut build =
        ProviderBuild { application: "faq".parse().expect("a name"), branch: None, tags: Vec::new() };
    for (name, value) in words.split_whitespace().filter_map(|word| word.split_once('=')) {
        match name {
            "branch" => build.branch = value.parse().ok(),
            _ => build.tags.extend(value.parse()),
        }
    }
    build
}

fn line(one: &Selected) -> String {
    let known = ["c1", "c2", "c3", "c4"];
    let word = known.iter().find(|word| content(word) == one.content).expect("a known content");
    let state = match (one.wip, one.pending) {
        (true, _) => " wip",
        (_, true) => " pending",
        _ => "",
    };
    format!("{} {} {word}{state} ({})", one.consumer, one.version, one.reasons.join("; "))
}

fn selected(story: &str, build_words: &str, selectors: &str) -> String {
    let state = State::of(facts(story), Owners::new());
    let selectors =
        if selectors.is_empty() { Vec::new() } else { ConsumerSelector::read(selectors).expect("selectors") };
    let selected = select(&state, &build(build_words), &selectors);
    selected.iter().map(line).collect::<Vec<_>>().join("\n")
}

const STORY: &str = "
    environment production
    environment test
    publish support 1 faq c1 branch=main
    publish support 2 faq c2 branch=feature
    publish support 3 faq c3 branch=main tag=prod
    publish billing 1 faq c4 branch=trunk tag=prod
    publish billing 1 ledger c1
    deploy support 1 production
    release billing 1 test
";

#[test]
fn each_selector_picks_what_it_says() {
    let all = |selectors: &str| selected(STORY, "branch=feature", selectors);
    insta::assert_snapshot!(all(r#"{"mainBranch": true}"#), @"support 3 c3 pending (3: head of the main branch)");
    insta::assert_snapshot!(all(r#"{"branch": "feature"}"#), @"support 2 c2 pending (2: head of branch feature)");
    insta::assert_snapshot!(all(r#"{"matchingBranch": true}"#), @"support 2 c2 pending (2: head of the branch called like the provider's)");
    insta::assert_snapshot!(all(r#"{"branch": true}"#), @"
    billing 1 c4 pending (1: head of branch trunk)
    support 2 c2 pending (2: head of branch feature)
    support 3 c3 pending (3: head of branch main)
    ");
    insta::assert_snapshot!(all(r#"{"tag": "prod", "latest": true}"#), @"
    billing 1 c4 pending (1: latest with tag prod)
    support 3 c3 pending (3: latest with tag prod)
    ");
    insta::assert_snapshot!(all(r#"{"tag": "prod", "consumer": "billing"}"#), @"billing 1 c4 pending (1: has tag prod)");
    insta::assert_snapshot!(all(r#"{"latest": true}"#), @"
    billing 1 c4 pending (1: latest with a contract)
    support 3 c3 pending (3: latest with a contract)
    ");
    insta::assert_snapshot!(all(r#"{"deployed": true}"#), @"support 1 c1 pending (1: deployed in production)");
    insta::assert_snapshot!(all(r#"{"released": true}"#), @"billing 1 c4 pending (1: released in test)");
    insta::assert_snapshot!(all(r#"{"deployed": true, "environment": "test"}"#), @"");
    insta::assert_snapshot!(all(r#"{"deployedOrReleased": true}"#), @"
    billing 1 c4 pending (1: released in test)
    support 1 c1 pending (1: deployed in production)
    ");
    insta::assert_snapshot!(all(r#"{"environment": "production"}"#), @"support 1 c1 pending (1: deployed in production)");
}

#[test]
fn without_selectors_what_matters_most_is_picked() {
    insta::assert_snapshot!(selected(STORY, "", ""), @"
    billing 1 c4 pending (1: latest with a contract; 1: released in test)
    support 1 c1 pending (1: deployed in production)
    support 3 c3 pending (3: head of the main branch)
    ");
    // A main branch that exists as a tag only.
    let tagged = "publish support 1 faq c1 tag=main\npublish support 2 faq c2";
    insta::assert_snapshot!(selected(tagged, "", ""), @"support 1 c1 pending (1: latest with the tag of the main branch)");
    // The head counts, also when it has no contract with this provider.
    let moved = "publish support 1 faq c1 branch=main\npublish support 2 ledger c2 branch=main";
    insta::assert_snapshot!(selected(moved, "", ""), @"");
}

#[test]
fn a_fallback_is_taken_when_nothing_else_is_found() {
    let all = |selectors: &str| selected(STORY, "", selectors);
    insta::assert_snapshot!(all(r#"{"branch": "gone", "fallbackBranch": "main"}"#), @"support 3 c3 pending (3: head of branch main, for want of a head of branch gone)");
    insta::assert_snapshot!(all(r#"{"branch": "feature", "fallbackBranch": "main"}"#), @"support 2 c2 pending (2: head of branch feature)");
    insta::assert_snapshot!(all(r#"{"tag": "gone", "latest": true, "fallbackTag": "prod"}"#), @"
    billing 1 c4 pending (1: latest with tag prod, for want of a latest with tag gone)
    support 3 c3 pending (3: latest with tag prod, for want of a latest with tag gone)
    ");
}

#[test]
fn one_content_is_verified_once_for_its_newest_version() {
    let story = format!("{STORY}\npublish support 4 faq c1 branch=main");
    insta::assert_snapshot!(selected(&story, "", r#"[{"mainBranch": true}, {"deployed": true}]"#), @"support 4 c1 pending (4: head of the main branch; 1: deployed in production)");
}

#[test]
fn pending_ends_with_a_pass_that_matters() {
    for (story, build, expected) in [
        ("", "", true),
        ("verify faq 1 support c1 passed", "", false),
        ("verify faq 1 support c1 failed", "", true),
        ("verify faq 1 support c1 passed partial", "", true),
        ("verify faq 1 support c1 passed dirty", "", true),
        ("verify faq 1 support c1 passed wip", "", false),
        ("verify faq 1 support c1 passed\nverify faq 1 support c1 failed", "", false),
        ("verify faq 1 support c1 passed branch=main", "branch=main", false),
        ("verify faq 1 support c1 passed branch=main", "branch=side", false),
        ("branch faq 0 side\nverify faq 1 support c1 passed branch=main", "branch=side", true),
        ("verify faq 1 support c1 passed branch=main\nbranch faq 2 side", "branch=side", false),
        ("verify faq 1 support c1 passed", "branch=side", true),
        (
            "branch faq 0 side\nverify faq 1 support c1 passed branch=main\nbranch faq 1 side",
            "branch=side",
            false,
        ),
        ("verify faq 1 support c1 passed tag=a", "tag=a", false),
        ("verify faq 1 support c1 passed tag=a", "tag=a tag=b", false),
        ("tag faq 0 b\nverify faq 1 support c1 passed tag=a", "tag=a tag=b", true),
        ("verify faq 1 support c1 passed", "tag=a", true),
    ] {
        let story = format!("publish support 1 faq c1 branch=main\n{story}");
        let said = selected(&story, build, r#"{"mainBranch": true}"#);
        assert_eq!(said.contains(" pending"), expected, "{story} / {build}: {said}");
    }
}

#[test]
fn what_is_new_and_kept_by_nobody_who_matters_is_work_in_progress() {
    let wip = |story: &str, words: &str, minutes: i64| {
        let state = State::of(facts(story), Owners::new());
        let explicit = select(
            &state,
            &build(words),
            &ConsumerSelector::read(r#"{"mainBranch": true}"#).expect("selectors"),
        );
        let start: Timestamp = START.parse().expect("a time");
        let since = start + jiff::SignedDuration::from_mins(minutes);
        let new = work_in_progress(&state, &build(words), since, &explicit);
        new.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(wip(STORY, "branch=main", 0), @"
    billing 1 c4 wip (1: new at the head of branch trunk; 1: new with tag prod)
    support 2 c2 wip (2: new at the head of branch feature)
    ");
    // Neither a branch nor tags: nothing. Too old: nothing. Published at the very time: not after it.
    insta::assert_snapshot!(wip(STORY, "", 0), @"");
    insta::assert_snapshot!(wip(STORY, "branch=main", 3), @"billing 1 c4 wip (1: new at the head of branch trunk; 1: new with tag prod)");
    for (line, is_wip) in [
        ("verify faq 1 support c2 passed branch=main", false),
        ("verify faq 1 support c2 passed branch=main wip", true),
        ("verify faq 1 support c2 failed branch=main", true),
        ("verify faq 1 support c2 passed branch=other", false),
        ("branch faq 0 main\nverify faq 1 support c2 passed branch=other", true),
    ] {
        let said = wip(&format!("{STORY}\n{line}"), "branch=main", 0);
        assert_eq!(said.contains("support 2 c2 wip"), is_wip, "{line}: {said}");
    }
}
