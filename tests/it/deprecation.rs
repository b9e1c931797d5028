//! What is to go, from the facts that say so.

use std::convert::Infallible;

use pactwright::deprecation::{Deprecation, Standing, all_deprecations, deprecations, standing};
use pactwright::fact::{Owners, State};

use crate::support::history::{content, facts};

fn state(story: &str) -> State {
    State::of(facts(story), Owners::new())
}

/// Who still uses what is to go of faq. The content `old` uses it, any other does not.
fn standings(story: &str) -> Vec<Standing> {
    let state = state(story);
    let faq = "faq".parse().expect("a name");
    let used = |digest| Ok::<_, Infallible>(usize::from(digest == content("old")));
    let one =
        |deprecation: Deprecation| standing(&state, deprecation, used).unwrap_or_else(|never| match never {});
    deprecations(&state, &faq).expect("it is understood").into_iter().map(one).collect()
}

fn told(story: &str) -> String {
    let one = |standing: Standing| {
        let users = standing.users.iter().map(|user| format!("{} {}", user.consumer, user.version));
        let step = |step: &pactwright::deprecation::Step| match &step.by {
            Some((consumer, version)) => format!("{} by {consumer} {version}", step.users),
            None => step.users.to_string(),
        };
        let users = users.collect::<Vec<_>>().join(", ");
        let course = standing.course.iter().map(step).collect::<Vec<_>>().join(", ");
        let subject = &standing.deprecation.removal;
        format!("{subject} until {}: {users} | {course}\n", standing.deprecation.remove_on)
    };
    standings(story).into_iter().map(one).collect()
}

#[test]
fn the_number_of_users_falls_with_their_versions() {
    insta::assert_snapshot!(told(
        "publish support 1 faq old branch=main
         publish marketing 1 faq old branch=main
         publish billing 1 faq other branch=main
         deprecate faq /v1/create by=2026-03-01
         publish marketing 2 faq other branch=main
         publish support 2 faq old branch=main
         publish support 3 faq other branch=feature
         publish billing 2 faq old branch=main"
    ), @"/v1/create until 2026-03-01: billing 2, support 2 | 2, 1 by marketing 2, 2 by billing 2");
}

#[test]
fn a_version_that_runs_somewhere_is_a_user_although_its_successor_is_none() {
    insta::assert_snapshot!(told(
        "publish support 1 faq old branch=main
         environment production production
         deploy support 1 production
         deprecate faq /v1/create by=2026-03-01
         publish support 2 faq other branch=main"
    ), @"/v1/create until 2026-03-01: support 1 | 1, 0 by support 2");
}

#[test]
fn said_again_the_newest_day_counts_and_it_is_known_since_the_first() {
    let story = "publish support 1 faq old branch=main
         deprecate faq /v1/create by=2026-03-01
         deprecate faq /v1/create by=2026-06-01
         deprecate faq /v2/create by=2026-04-01
         deprecate other /v1/create by=2026-04-01
         deprecate faq /v3/create by=2026-05-01
         end-deprecation line=6";
    insta::assert_snapshot!(told(story), @r"
    /v2/create until 2026-04-01: support 1 | 1
    /v1/create until 2026-06-01: support 1 | 1
    ");
    let all = all_deprecations(&state(story)).expect("it is understood");
    assert_eq!(all.iter().map(|one| one.facts.len()).collect::<Vec<_>>(), [1, 2, 1]);
}

#[test]
fn what_is_not_understood_is_an_error_and_no_silence() {
    let state = state("deprecate faq v1 by=2026-03-01");
    let error = deprecations(&state, &"faq".parse().expect("a name")).expect_err("no path").to_string();
    assert!(error.contains("of faq that is not understood: `v1` is neither a method"), "{error}");
}

#[test]
fn the_days_are_counted_to_the_day() {
    let standing = standings("deprecate faq /v1/create by=2026-03-01").remove(0);
    let told = |today: &str| {
        let today = today.parse().expect("a day");
        format!(
            "{today}: {}, over: {}\n",
            standing.deprecation.countdown(today),
            standing.deprecation.is_over(today)
        )
    };
    let days = ["2025-12-31", "2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02", "2026-04-01"];
    insta::assert_snapshot!(days.map(told).concat(), @r"
    2025-12-31: goes on 2026-03-01, in 60 days, over: false
    2026-02-27: goes on 2026-03-01, in 2 days, over: false
    2026-02-28: goes on 2026-03-01, tomorrow, over: false
    2026-03-01: may be removed from today, 2026-03-01, on, over: true
    2026-03-02: was to go on 2026-03-01, yesterday, over: true
    2026-04-01: was to go on 2026-03-01, 31 days ago, over: true
    ");
}
