//! What the gate answers, as tables: a story, a question, an answer. The rules are those of the
//! Pact Broker's matrix.

use crate::support::question::told;

const LIVE: &str = "
    environment production
    publish support 1 faq c1 branch=main
    verify faq 1 support c1 passed branch=main
    deploy faq 1 production
    deploy support 1 production
";

fn after(story: &str, question: &str) -> String {
    told(&format!("{LIVE}{story}"), question)
}

#[test]
fn a_consumer_may_go_where_a_provider_has_passed() {
    insta::assert_snapshot!(after("", "support 1 -> production"), @"
    yes
    support 1 -> faq 1: safe
    ");
    insta::assert_snapshot!(after("publish support 2 faq c2", "support 2 -> production"), @"
    unknown
    support 2 -> faq 1: never verified
    ");
    insta::assert_snapshot!(after("publish support 2 faq c2\nverify faq 1 support c2 failed", "support 2 -> production"), @"
    no
    support 2 -> faq 1: breaks
    ");
}

#[test]
fn unchanged_content_is_verified_already() {
    insta::assert_snapshot!(after("publish support 2 faq c1", "support 2 -> production"), @"
    yes
    support 2 -> faq 1: safe
    ");
}

#[test]
fn a_provider_may_go_where_all_its_consumers_are_content() {
    insta::assert_snapshot!(after("branch faq 2", "faq 2 -> production"), @"
    unknown
    support 1 -> faq 2: never verified
    ");
    insta::assert_snapshot!(after("verify faq 2 support c1 failed", "faq 2 -> production"), @"
    no
    support 1 -> faq 2: breaks
    ");
    insta::assert_snapshot!(after("verify faq 2 support c1 passed", "faq 2 -> production"), @"
    yes
    support 1 -> faq 2: safe
    ");
}

#[test]
fn a_provider_must_be_there_and_a_consumer_need_not() {
    insta::assert_snapshot!(after("publish billing 1 ledger c3", "billing 1 -> production"), @"
    unknown
    billing 1 -> ledger: provider is not there
    ");
    insta::assert_snapshot!(after("publish billing 1 ledger c3\nbranch ledger 1", "ledger 1 -> production"), @"
    yes
    notice: nothing to check
    ");
}

#[test]
fn a_version_that_does_not_exist_is_a_no() {
    insta::assert_snapshot!(after("", "faq 7 -> production"), @"
    no
    there is no faq 7
    ");
    insta::assert_snapshot!(after("", "warehouse 1 -> production"), @"
    no
    there is no warehouse 1
    ");
    insta::assert_snapshot!(after("", "faq tag:x -> production"), @"
    no
    there is no the latest version of faq with tag x
    ");
    insta::assert_snapshot!(after("", "faq 7 -> production ignoring faq 7"), @"
    no
    there is no faq 7
    notice: faq 7 plays no part
    ");
    insta::assert_snapshot!(after("", "faq 1 + support 7 -> production ignoring support"), @"
    yes
    notice: support plays no part
    notice: nothing to check
    ");
}

#[test]
fn an_empty_store_never_says_yes() {
    insta::assert_snapshot!(told("", "faq 1"), @"
    no
    there is no faq 1
    notice: no target
    ");
    insta::assert_snapshot!(told("", "faq 1 -> production"), @"there is no environment production");
    insta::assert_snapshot!(told("environment production", "faq 1 + support 1 -> production"), @"
    no
    there is no faq 1
    there is no support 1
    ");
}

#[test]
fn a_target_that_nobody_has_heard_of_is_no_target() {
    insta::assert_snapshot!(after("", "faq 1 -> prodution"), @"there is no environment prodution");
    insta::assert_snapshot!(after("", "faq 1 -> tag:prodution"), @"no version of any application has the tag prodution");
    insta::assert_snapshot!(after("", "faq 1 -> branch:mian"), @"no application has a branch mian");
    insta::assert_snapshot!(after("remove-environment production", "faq 1 -> production"), @"there is no environment production");
}

#[test]
fn a_break_beside_something_unverified_is_no_answer_yet() {
    let story = "
        publish billing 1 faq c2
        deploy billing 1 production
        verify faq 2 support c1 failed";
    insta::assert_snapshot!(after(story, "faq 2 -> production"), @"
    unknown
    billing 1 -> faq 2: never verified
    support 1 -> faq 2: breaks
    ");
}

#[test]
fn every_version_that_runs_in_the_target_counts() {
    let story = "
        publish support 2 faq c2
        deploy support 2 production instance=green
        publish support 3 faq c3
        release support 3 production
        verify faq 2 support c1 passed
        verify faq 2 support c2 failed";
    insta::assert_snapshot!(after(story, "faq 2 -> production"), @"
    unknown
    support 1 -> faq 2: safe
    support 2 -> faq 2: breaks
    support 3 -> faq 2: never verified
    ");
    // Also of a provider: that one of two has passed says nothing about the other.
    let story = "deploy faq 2 production instance=green";
    insta::assert_snapshot!(after(story, "support 1 -> production"), @"
    unknown
    support 1 -> faq 1: safe
    support 1 -> faq 2: never verified
    ");
}

#[test]
fn a_deployment_replaces_what_ran_in_the_same_instance_only() {
    for (story, live) in [
        ("deploy support 2 production", "support 2"),
        ("deploy support 2 production instance=blue", "support 1, support 2"),
        (
            "deploy support 2 production instance=blue\ndeploy support 3 production instance=blue",
            "support 1, support 3",
        ),
        ("deploy support 2 production\ndeploy support 1 production", "support 1"),
        ("undeploy support 1 production", ""),
        ("undeploy support 1 production instance=blue", "support 1"),
        ("deploy support 2 production\nundeploy support 1 production", "support 2"),
        ("release support 2 production\nrelease support 3 production", "support 1, support 2, support 3"),
        ("release support 2 production\nend-support support 2 production", "support 1"),
        (
            "release support 2 production\nend-support support 2 production\nrelease support 2 production",
            "support 1, support 2",
        ),
        ("deploy support 1 production instance=blue\nrelease support 1 production", "support 1"),
        ("remove-environment production\nenvironment production", ""),
    ] {
        let story = format!("publish support 2 faq c2\npublish support 3 faq c3\n{story}");
        let said = after(&story, "faq 1 -> production");
        let lines = said.lines().filter_map(|line| line.split_once(" -> ")).map(|(consumer, _)| consumer);
        assert_eq!(lines.collect::<Vec<_>>().join(", "), live, "{story}");
    }
}

#[test]
fn the_newest_result_counts_and_a_run_without_a_result_does_not() {
    for (story, answer) in [
        ("verify faq 2 support c1 failed\nverify faq 2 support c1 passed", "yes"),
        ("verify faq 2 support c1 passed\nverify faq 2 support c1 failed", "no"),
        ("verify faq 2 support c1 passed partial", "unknown"),
        ("branch faq 2\nverify faq 2 support c1 passed dirty", "unknown"),
        // What no commit holds is no version at all.
        ("verify faq 2 support c1 passed dirty", "no"),
        ("verify faq 2 support c1 error", "unknown"),
        ("branch faq 2\nverify faq 2 support c1 failed dirty", "unknown"),
        ("verify faq 2 support c1 failed partial", "no"),
        ("verify faq 2 support c1 passed\nverify faq 2 support c1 passed partial", "yes"),
        ("verify faq 2 support c1 passed\nverify faq 2 support c1 failed partial", "no"),
        ("verify faq 2 support c1 passed\nverify faq 2 support c1 failed dirty", "yes"),
        ("verify faq 2 support c1 failed\nverify faq 2 support c1 error", "no"),
        ("verify faq 2 support c1 passed wip", "yes"),
        // What was found out about another commit says nothing about this one.
        ("verify faq 2 support c1 passed commit=a\nverify faq 2 support c9 passed commit=b", "unknown"),
        (
            "verify faq 2 support c1 passed commit=a\nverify faq 2 support c1 passed partial commit=b",
            "unknown",
        ),
        ("verify faq 2 support c1 failed commit=a\nverify faq 2 support c1 passed commit=b", "yes"),
        ("verify faq 3 support c1 passed\nbranch faq 2", "unknown"),
    ] {
        let said = after(story, "faq 2 -> production");
        assert_eq!(said.lines().next(), Some(answer), "{story}\n{said}");
    }
    insta::assert_snapshot!(after("verify faq 2 support c1 passed partial", "faq 2 -> production"), @"
    unknown
    support 1 -> faq 2: no result that counts
    ");
}

#[test]
fn several_builds_of_one_version_all_count_unless_one_stands_in_for_the_others() {
    let both = "publish support 2 faq c2\npublish support 2 faq c3";
    insta::assert_snapshot!(after(&format!("{both}\nverify faq 1 support c3 passed"), "support 2 -> production"), @"
    unknown
    support 2 -> faq 1: safe
    support 2 -> faq 1: never verified
    ");
    let merged = "publish support 2 faq c2\npublish support 2 faq c3 replaces=c2";
    insta::assert_snapshot!(after(&format!("{merged}\nverify faq 1 support c3 passed"), "support 2 -> production"), @"
    yes
    support 2 -> faq 1: safe
    ");
    // Contents that replace each other do not vanish together.
    let circle = "publish support 2 faq c2 replaces=c3\npublish support 2 faq c3 replaces=c2";
    insta::assert_snapshot!(after(circle, "support 2 -> production"), @"
    unknown
    support 2 -> faq 1: never verified
    ");
}

#[test]
fn without_a_target_all_others_are_taken_at_their_latest() {
    let story = "publish support 2 faq c2\nverify faq 2 support c1 passed";
    insta::assert_snapshot!(after(story, "faq 2"), @"
    unknown
    support 2 -> faq 2: never verified
    notice: no target
    ");
    insta::assert_snapshot!(after(story, "faq 2 -> latest"), @"
    unknown
    support 2 -> faq 2: never verified
    ");
}

#[test]
fn several_versions_are_asked_about_with_each_other_only() {
    let story = "verify faq 2 support c1 passed\npublish support 1 ledger c4\npublish billing 1 faq c5";
    insta::assert_snapshot!(after(story, "support 1 + faq 2"), @"
    yes
    support 1 -> faq 2: safe
    ");
    insta::assert_snapshot!(after(story, "support 1 + faq 2 -> production"), @"
    unknown
    support 1 -> faq 2: safe
    support 1 -> ledger: provider is not there
    ");
    insta::assert_snapshot!(after(story, "support 1 + ledger 1"), @"
    no
    there is no ledger 1
    ");
    insta::assert_snapshot!(after("branch ledger 1", "support 1 + ledger 1"), @"
    yes
    notice: nothing to check
    ");
}

#[test]
fn heads_are_what_was_added_last_and_not_what_has_the_highest_number() {
    let story = "
        publish support 10 faq c2 branch=main
        publish support 9 faq c3 branch=main
        publish support 10 faq c2 branch=main
        verify faq 1 support c3 passed";
    insta::assert_snapshot!(after(story, "support main -> production"), @"
    yes
    support 9 -> faq 1: safe
    ");
    insta::assert_snapshot!(after(story, "support latest -> production"), @"
    yes
    support 9 -> faq 1: safe
    ");
    insta::assert_snapshot!(after(story, "support branch:main + faq in:production"), @"
    yes
    support 9 -> faq 1: safe
    ");
    // An older version that joins a branch later is its head; the latest version stays the latest.
    insta::assert_snapshot!(after("branch support 2\nbranch support 1 release", "faq 1 -> branch:release"), @"
    yes
    support 1 -> faq 1: safe
    ");
    insta::assert_snapshot!(after("publish support 2 faq c2\ntag support 2 prod\ntag support 1 prod", "faq 1 -> tag:prod"), @"
    unknown
    support 2 -> faq 1: never verified
    ");
    insta::assert_snapshot!(after("publish support 2 faq c2\ntag support 2 prod\nuntag support 2 prod\ntag support 1 prod", "faq 1 -> tag:prod"), @"
    yes
    support 1 -> faq 1: safe
    ");
}

#[test]
fn may_it_be_merged_is_asked_against_the_main_branches() {
    let story = "
        publish support 2 faq c2 branch=feature
        publish billing 1 faq c3 branch=trunk
        verify faq 2 support c1 passed branch=feature";
    insta::assert_snapshot!(after(story, "faq 2 -> mains"), @"
    yes
    support 1 -> faq 2: safe
    ");
    insta::assert_snapshot!(after(&format!("{story}\ndescribe billing main=trunk"), "faq 2 -> mains"), @"
    unknown
    billing 1 -> faq 2: never verified
    support 1 -> faq 2: safe
    ");
    insta::assert_snapshot!(after(&format!("{story}\ndelete-branch support main"), "faq 2 -> mains"), @"
    yes
    notice: nothing to check
    ");
}

#[test]
fn what_is_ignored_is_shown_and_does_not_count() {
    let story = "verify faq 2 support c1 failed\npublish billing 1 faq c5\ndeploy billing 1 production\nverify faq 2 billing c5 passed";
    insta::assert_snapshot!(after(story, "faq 2 -> production ignoring support"), @"
    yes
    billing 1 -> faq 2: safe
    support 1 -> faq 2: breaks, ignored
    ");
    insta::assert_snapshot!(after(story, "faq 2 -> production ignoring support 1"), @"
    yes
    billing 1 -> faq 2: safe
    support 1 -> faq 2: breaks, ignored
    ");
    insta::assert_snapshot!(after(story, "faq 2 -> production ignoring support 2"), @"
    no
    billing 1 -> faq 2: safe
    support 1 -> faq 2: breaks
    notice: support 2 plays no part
    ");
    let missing = "publish billing 1 ledger c3";
    insta::assert_snapshot!(after(missing, "billing 1 -> production ignoring ledger"), @"
    yes
    billing 1 -> ledger: provider is not there, ignored
    ");
}

#[test]
fn a_waiver_holds_until_its_day_and_is_shown() {
    let with =
        |waiver: &str| after(&format!("verify faq 2 support c1 failed\n{waiver}"), "faq 2 -> production");
    insta::assert_snapshot!(with("waive support faq expires=2026-06-02"), @"
    yes
    support 1 -> faq 2: breaks, waived
    ");
    for (waiver, answer) in [
        ("waive support faq expires=2026-06-01", "no"),
        ("waive billing faq expires=2026-06-02", "no"),
        ("waive support faq expires=2026-06-02 provider-version=3", "no"),
        ("waive support faq expires=2026-06-02 provider-version=2 consumer-version=1", "yes"),
        ("waive support faq expires=2026-06-02\nend-waiver line=7", "no"),
    ] {
        assert_eq!(with(waiver).lines().next(), Some(answer), "{waiver}");
    }
    insta::assert_snapshot!(after("branch faq 2\nwaive support faq expires=2026-06-02", "faq 2 -> production"), @"
    yes
    support 1 -> faq 2: never verified, waived
    ");
}

#[test]
fn a_consumer_that_has_fallen_silent_is_no_yes_beside_one_that_has_not() {
    let story = "publish web 1 faq c5\nbranch web 2\ndeploy web 2 production\nverify faq 2 support c1 passed";
    let said = after(story, "faq 2 -> production");
    assert_eq!(said.lines().next(), Some("unknown"), "{said}");
    let said = after(story, "faq 2 -> production ignoring web");
    assert_eq!(said.lines().next(), Some("yes"), "{said}");
}
