//! Nothing verified is never a pass, and a part is never taken for the whole (pitfalls 1 to 4).

use serde_json::json;

use crate::support::command::Sandbox;
use crate::support::gate::{Gate, Verified, get, nobody_listens, pact, status};

/// A gate whose provider must not be asked anything.
fn unasked() -> Gate {
    Gate::new(&[get("/good")], &[("GET /good", &[status(200)])])
}

fn nothing_was_verified(verified: &Verified, status: i32) {
    assert_eq!(verified.status(), status, "{}", verified.output);
    assert!(verified.output.stdout.contains("nothing was verified"), "{}", verified.output);
    assert!(verified.noted().contains(&"nothing-verified".to_owned()), "{:?}", verified.noted());
    assert_eq!(verified.report["counts"]["verified"], 0);
}

#[test]
fn pitfall_01_an_empty_directory_is_not_a_success() {
    let gate = unasked();
    std::fs::create_dir(gate.sandbox.path("empty")).expect("a directory");
    nothing_was_verified(&gate.verify(&["empty"]), 3);
    assert!(gate.asked().is_empty());
}

#[test]
fn pitfall_01_no_pact_about_the_provider_is_not_a_success() {
    let gate = unasked();
    let verified = gate.verify(&["--provider", "fqa"]);
    nothing_was_verified(&verified, 3);
    assert!(verified.output.stdout.contains("did you mean \"faq\"?"), "{}", verified.output);
    assert!(gate.asked().is_empty());
}

#[test]
fn pitfall_01_a_pact_without_interactions_is_not_a_success() {
    let gate = Gate::new(&[], &[]);
    let verified = gate.verify(&[]);
    nothing_was_verified(&verified, 3);
    assert!(verified.output.stdout.contains("have no interactions"), "{}", verified.output);
}

#[test]
fn pitfall_01_filters_that_match_nothing_are_not_a_success() {
    let gate = unasked();
    for filter in [
        ["--filter-description", "/^other$/"],
        ["--filter-state", "a state"],
        ["--consumer", "wbe"],
        ["--interaction", "0123456789"],
    ] {
        let verified = gate.verify(&filter);
        nothing_was_verified(&verified, 3);
        assert!(
            verified.output.stdout.contains("the only interaction was not selected"),
            "{}",
            verified.output
        );
    }
    assert!(gate.asked().is_empty());
}

#[test]
fn pitfall_01_a_consumer_that_matches_nothing_is_named_beside_one_that_does() {
    let gate = unasked();
    let verified = gate.verify(&["--consumer", "web", "--consumer", "suport"]);
    assert_eq!(verified.status(), 3, "{}", verified.output);
    assert!(verified.output.stdout.contains("no pact is of the consumer \"suport\""), "{}", verified.output);
}

#[test]
fn pitfall_01_pacts_in_sub_directories_are_verified() {
    let gate = unasked();
    gate.sandbox.write("deep/a/b/pact.json", &pact(&[get("/good"), get("/deep")]).to_string());
    let verified = gate.verify(&["deep"]);
    assert_eq!(verified.status(), 1);
    insta::assert_snapshot!(verified.verdicts(), @"
    get /good passed
    get /deep failed status-mismatch
    ");
}

#[test]
fn pitfall_01_a_missing_path_was_asked_wrongly() {
    let gate = unasked();
    let verified = gate.verify(&["pakts"]);
    assert_eq!(verified.status(), 2);
    insta::assert_snapshot!(verified.output.stderr, @"
    error: the pacts could not be found
      because there is no file or directory `pakts`
      hint: name files, directories, globs or URLs that hold pacts
      hint: or name them in pactwright.toml; `pactwright init` writes one
    ");
}

#[test]
fn pitfall_02_only_the_last_failed_works_without_keys_and_keeps_what_it_knows() {
    let gate = Gate::new(
        &[get("/good"), get("/bad"), get("/worse")],
        &[
            ("GET /good", &[status(200)]),
            ("GET /bad", &[status(500), status(200)]),
            ("GET /worse", &[status(500), status(500), status(200)]),
        ],
    );
    assert_eq!(gate.verify(&[]).status(), 1);
    // Only what failed, and one of two still fails.
    let second = gate.verify(&["--last-failed"]);
    assert_eq!(second.status(), 1, "{}", second.output);
    insta::assert_snapshot!(second.verdicts(), @"
    get /good skipped
    get /bad passed
    get /worse failed status-mismatch
    ");
    let third = gate.verify(&["--last-failed"]);
    assert_eq!(third.status(), 0, "{}", third.output);
    insta::assert_snapshot!(third.verdicts(), @"
    get /good skipped
    get /bad skipped
    get /worse passed
    ");
    // Nothing is left, and nothing is not a success.
    let fourth = gate.verify(&["--last-failed"]);
    nothing_was_verified(&fourth, 3);
    let left = "everything has passed already in earlier runs on this machine";
    assert!(fourth.output.stdout.contains(left), "{}", fourth.output);
    assert!(fourth.output.stdout.contains("run without --last-failed"), "{}", fourth.output);
    assert_eq!(gate.asked().len(), 3 + 2 + 1);
}

#[test]
fn pitfall_02_interactions_with_one_description_in_two_pacts_do_not_stand_in_for_each_other() {
    let named = |path: &str| {
        let mut interaction = get(path);
        interaction["description"] = json!("the same words");
        interaction
    };
    let gate = Gate::new(&[named("/bad")], &[("GET /bad", &[status(500)]), ("GET /good", &[status(200)])]);
    gate.sandbox.write("pacts/other.json", &pact(&[named("/good")]).to_string());
    assert_eq!(gate.verify(&[]).status(), 1);
    assert_eq!(gate.verify(&["pacts/other.json"]).status(), 0);
    let failed = gate.verify(&["--last-failed"]);
    assert_eq!(failed.status(), 1, "{}", failed.output);
    assert_eq!(gate.asked().last().map(String::as_str), Some("GET /bad"));
}

#[test]
fn pitfall_02_an_interaction_that_was_changed_was_never_tried() {
    let gate = Gate::new(&[get("/good")], &[("GET /good", &[status(200)]), ("GET /bad", &[status(500)])]);
    assert_eq!(gate.verify(&[]).status(), 0);
    let mut changed = get("/bad");
    changed["description"] = json!("get /good");
    gate.sandbox.write("pacts/web-faq.json", &pact(&[changed]).to_string());
    assert_eq!(gate.verify(&["--last-failed"]).status(), 1);
}

#[test]
fn pitfall_02_without_an_earlier_run_the_last_failed_are_not_known() {
    let verified = unasked().verify(&["--last-failed"]);
    assert_eq!(verified.status(), 2);
    insta::assert_snapshot!(verified.output.stderr, @"
    error: no earlier run is known here
      hint: run once without --last-failed; what did not pass is remembered
    ");
}

#[test]
fn pitfall_02_what_could_not_be_found_out_is_not_forgotten() {
    let gate = Gate::new(&[get("/good")], &[("GET /good", &[status(200)])]);
    let nobody = gate.sandbox.command(&["verify", "--provider-url", &nobody_listens()]);
    assert_eq!(gate.sandbox.finish(nobody).status, 3);
    let again = gate.verify(&["--last-failed"]);
    assert_eq!((again.status(), again.verdicts().as_str()), (0, "get /good passed"));
}

#[test]
fn pitfall_03_a_filtered_run_says_that_it_is_partial() {
    let gate = Gate::one_good_one_bad();
    let verified = gate.verify(&["--filter-description", "good"]);
    assert_eq!(verified.status(), 0, "{}", verified.output);
    let counts = &verified.report["counts"];
    assert_eq!(
        (&counts["interactions"], &counts["verified"], &counts["skipped"]),
        (&json!(2), &json!(1), &json!(1))
    );
    assert_eq!(verified.report["skipped"], json!([["filtered", 1]]));
    assert_eq!(verified.interaction("get /bad")["skipped"], "filtered");
    insta::assert_snapshot!(verified.output.stdout, @"
    Verifying faq: 1 interaction in 1 pact
     PASS [[time]] web > get /good

    Verified 1 of 2 interactions in 1 pact; skipped 1 because a filter left it out
    1 passed, 1 skipped in [time]
    Answer: yes, faq keeps the 1 of 2 interactions that were asked for
    ");
}

#[test]
fn pitfall_03_a_partial_run_never_overwrites_what_is_known_of_the_rest() {
    let gate = Gate::one_good_one_bad();
    assert_eq!(gate.verify(&[]).status(), 1);
    assert_eq!(gate.verify(&["--filter-description", "good"]).status(), 0);
    let again = gate.verify(&["--last-failed"]);
    assert_eq!(again.status(), 1);
    insta::assert_snapshot!(again.verdicts(), @"
    get /good skipped
    get /bad failed status-mismatch
    ");
}

#[test]
fn pitfall_03_what_a_partial_run_left_out_is_not_called_passed() {
    let gate = Gate::one_good_one_bad();
    assert_eq!(gate.verify(&["--filter-description", "good"]).status(), 0);
    // What was never tried has not passed, so it is tried now.
    let again = gate.verify(&["--last-failed"]);
    assert_eq!(again.status(), 1, "{}", again.output);
    insta::assert_snapshot!(again.verdicts(), @"
    get /good skipped
    get /bad failed status-mismatch
    ");
}

#[test]
fn pitfall_02_a_run_of_other_pacts_forgets_no_failure() {
    let gate = Gate::one_good_one_bad();
    assert_eq!(gate.verify(&[]).status(), 1);
    gate.sandbox.write("other/web-faq.json", &pact(&[get("/good")]).to_string());
    let other = ["verify", "other", "--provider-url", &gate.provider.url()];
    assert_eq!(gate.sandbox.run(&other).status, 0);
    assert_eq!(gate.verify(&["--last-failed"]).status(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn pitfall_04_a_report_that_cannot_be_written_changes_the_exit_status() {
    // A broken contract is a no, whether or not it could be written down.
    for (filter, without, with) in [("good", 0, 3), ("bad", 1, 1)] {
        let gate = Gate::one_good_one_bad();
        let arguments = ["--filter-description", filter];
        assert_eq!(gate.verify(&arguments).status(), without);
        let verified = gate.verify(&[&arguments[..], &["--report", "junit=/dev/full"]].concat());
        assert_eq!(verified.status(), with, "{}", verified.output);
        assert!(
            verified.output.stderr.contains("the junit report could not be written to /dev/full"),
            "{}",
            verified.output
        );
    }
}

#[test]
fn pitfall_04_a_report_that_has_no_place_stops_the_run_before_it_starts() {
    let gate = unasked();
    let verified = gate.verify(&["--report", "html=pacts/web-faq.json/report.html"]);
    assert_eq!(verified.status(), 2);
    assert!(gate.asked().is_empty());
}

#[test]
fn pitfall_01_nothing_is_not_a_success_in_a_dry_run_either() {
    let sandbox = Sandbox::new();
    sandbox.write("pacts/web-faq.json", &pact(&[get("/good")]).to_string());
    assert_eq!(sandbox.run(&["verify", "--dry-run"]).status, 0);
    assert_eq!(sandbox.run(&["verify", "--dry-run", "-c", "nobody"]).status, 3);
}
