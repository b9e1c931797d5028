//! `pactwright assemble`, `review`, `accept` and `reject`.

use serde_json::json;

use crate::support::consumer::{Repository, get, one_faq};

fn record(repository: &Repository, description: &str) {
    one_faq(&repository.faq(), description).run(|server| drop(get(server, "/faqs/7")));
}

/// The lines of tests move, and no snapshot should.
fn without_lines(text: &str) -> String {
    onig::Regex::new(r"cli_recorded\.rs:\d+").expect("a pattern").replace_all(text, "cli_recorded.rs:[line]")
}

#[test]
fn a_new_contract_waits_is_reviewed_and_accepted() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    record(&repository, "a request for one FAQ");
    let mut story = vec![sandbox.run(&["review", "--check"]), sandbox.run(&["accept"])];
    story.push(sandbox.run(&["assemble"]));
    story.push(sandbox.run(&["review", "--check"]));
    story.push(sandbox.run(&["review"]));
    story.push(sandbox.run(&["assemble", "--check"]));
    story.push(sandbox.run(&["accept", "pacts/other.json"]));
    story.push(sandbox.run(&["accept", "pacts/billing-faq.json"]));
    story.push(sandbox.run(&["assemble", "--check"]));
    story.push(sandbox.run(&["accept"]));
    let story: Vec<String> = story.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(story.join("\n"));
    insta::assert_snapshot!("the_pact", without_lines(&sandbox.read("pacts/billing-faq.json")));
}

#[test]
fn a_changed_contract_says_what_it_means_for_the_provider_and_can_be_rejected() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    record(&repository, "a request for one FAQ");
    assert_eq!(sandbox.run(&["assemble"]).status, 0);
    assert_eq!(sandbox.run(&["accept"]).status, 0);
    let before = sandbox.read("pacts/billing-faq.json");
    // The run of another day: the same test with another content.
    let fragments = pactwright::recording::Fragments::of(sandbox.path(pactwright::recording::FOLDER));
    fragments.forget("billing", "faq").expect("forgotten");
    let changed = repository.faq().http("a request for one FAQ").get("/faqs/7").replies(200);
    changed.json(json!({"id": 7, "question": "Why?"})).run(|server| drop(get(server, "/faqs/7")));
    let mut ci = sandbox.command(&["assemble"]);
    ci.env("CI", "true");
    let mut story = vec![sandbox.finish(ci)];
    assert!(!sandbox.path("pacts/billing-faq.json.new").exists(), "nothing is written in CI");
    story.push(sandbox.run(&["assemble"]));
    let mut ci = sandbox.command(&["assemble"]);
    ci.env("CI", "true");
    story.push(sandbox.finish(ci));
    story.push(sandbox.run(&["reject"]));
    assert_eq!(sandbox.read("pacts/billing-faq.json"), before);
    story.push(sandbox.run(&["reject"]));
    let story: Vec<String> = story.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(story.join("\n"));
}

#[test]
fn a_line_that_moves_is_no_change() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    record(&repository, "a request for one FAQ");
    assert_eq!(sandbox.run(&["assemble"]).status, 0);
    assert_eq!(sandbox.run(&["accept"]).status, 0);
    let moved = sandbox.read("pacts/billing-faq.json").replace("cli_recorded.rs:", "cli_recorded.rs:9");
    sandbox.write("pacts/billing-faq.json", &moved);
    assert_eq!(sandbox.run(&["assemble", "--check"]).status, 0);
}

#[test]
fn nothing_recorded_is_no_yes() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    let story = [
        &["assemble"][..],
        &["assemble", "--check"],
        &["assemble", "--complete"],
        &["assemble", "--", "no-such-command"],
    ];
    let story: Vec<String> = story.iter().map(|arguments| sandbox.run(arguments).to_string()).collect();
    insta::assert_snapshot!(story.join("\n"));
}

#[test]
fn a_pact_that_was_made_before_the_committed_one_changed_is_not_accepted() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    record(&repository, "a request for one FAQ");
    assert_eq!(sandbox.run(&["assemble"]).status, 0);
    // A colleague's pact comes in from version control.
    let pending = sandbox.read("pacts/billing-faq.json.new");
    sandbox.write("pacts/billing-faq.json", &pending.replace("one FAQ", "two FAQs"));
    let made = std::fs::metadata(sandbox.path("pacts/billing-faq.json.new")).and_then(|file| file.modified());
    let later = made.expect("it is there") + std::time::Duration::from_secs(5);
    let file = std::fs::File::options().append(true).open(sandbox.path("pacts/billing-faq.json"));
    file.and_then(|file| file.set_modified(later)).expect("its time can be set");
    let refused = sandbox.run(&["accept"]);
    assert_eq!(refused.status, 2, "{refused}");
    assert!(refused.stderr.contains("has changed since"), "{refused}");
    assert!(sandbox.read("pacts/billing-faq.json").contains("two FAQs"));
}

#[test]
fn a_pact_of_which_no_test_is_left_is_named_by_a_complete_run() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    let search = pactwright::consumer::Pact::between("billing", "search").in_repository(sandbox.path(""));
    one_faq(&search, "a search").run(|server| drop(get(server, "/faqs/7")));
    record(&repository, "a request for one FAQ");
    assert_eq!(sandbox.run(&["assemble"]).status, 0);
    assert_eq!(sandbox.run(&["accept"]).status, 0);
    // The tests of the next run: those of faq are left.
    let kept = sandbox.path(pactwright::recording::FOLDER);
    let copy = [
        "sh",
        "-c",
        r#"cp -r "$0"/. "$PACTWRIGHT_FRAGMENTS" && grep -rlE '"provider": ?"search"' "$PACTWRIGHT_FRAGMENTS" | xargs rm"#,
    ];
    let tests = std::fs::read_dir(&kept).expect("fragments").map(|entry| entry.expect("one").file_name());
    assert_eq!(tests.count(), 2);
    let saved = sandbox.path("saved");
    std::fs::rename(&kept, &saved).expect("a move");
    let saved = saved.display().to_string();
    let arguments = [&["assemble", "--complete", "--"][..], &copy, &[saved.as_str()]].concat();
    let local = sandbox.run(&arguments);
    assert_eq!(local.status, 1, "{local}");
    assert!(local.stdout.contains("billing-search.json: no test records any of it"), "{local}");
    let mut ci = sandbox.command(&arguments);
    ci.env("CI", "true");
    let ci = sandbox.finish(ci);
    assert_eq!(ci.status, 1, "{ci}");
    assert!(ci.stdout.contains("billing-search.json: no test records any of it"), "{ci}");
    assert!(sandbox.path("pacts/billing-search.json").exists(), "nothing deletes it");
}

#[test]
fn what_is_no_sound_pact_is_not_accepted_and_hides_no_other() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    record(&repository, "a request for one FAQ");
    assert_eq!(sandbox.run(&["assemble"]).status, 0);
    sandbox.write("pacts/a-broken.json.new", "{}");
    let review = sandbox.run(&["review", "--check"]);
    assert_eq!(review.status, 1, "{review}");
    assert!(review.stdout.contains("a-broken.json.new") && review.stdout.contains("billing-faq.json.new"));
    let named = sandbox.run(&["review", "--check", "--pacts", "pacts"]);
    assert!(named.stderr.contains("next: pactwright review --pacts pacts\n"), "{named}");
    let refused = sandbox.run(&["accept", "pacts/a-broken.json"]);
    assert_eq!(refused.status, 2, "{refused}");
    assert!(!sandbox.path("pacts/a-broken.json").exists());
    let others = sandbox.run(&["accept"]);
    assert_eq!(others.status, 2, "{others}");
    assert!(others.stderr.contains("a-broken.json.new is no sound pact"), "{others}");
    assert!(sandbox.path("pacts/billing-faq.json").exists(), "what is sound was accepted");
}

#[test]
fn two_pairs_whose_names_make_one_file_name_are_refused() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    let record = |consumer: &str, provider: &str| {
        let pact = pactwright::consumer::Pact::between(consumer, provider).in_repository(repository.root());
        one_faq(&pact, "a request").run(|server| drop(get(server, "/faqs/7")));
    };
    record("billing", "web-faq");
    assert_eq!(sandbox.run(&["assemble"]).status, 0);
    assert_eq!(sandbox.run(&["accept"]).status, 0);
    let committed = sandbox.read("pacts/billing-web-faq.json");
    record("billing-web", "faq");
    let refused = sandbox.run(&["assemble"]);
    assert_eq!(refused.status, 2, "{refused}");
    assert!(refused.stderr.contains("would be written to the same file"), "{refused}");
    // Against the committed file alone as well.
    std::fs::remove_dir_all(sandbox.path(pactwright::recording::FOLDER)).expect("it is there");
    record("billing-web", "faq");
    let refused = sandbox.run(&["assemble"]);
    assert_eq!(refused.status, 2, "{refused}");
    assert!(refused.stderr.contains("billing and web-faq"), "{refused}");
    assert_eq!(sandbox.read("pacts/billing-web-faq.json"), committed);
}

#[test]
fn a_folder_of_pacts_that_was_named_and_is_not_there_is_refused() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    let commands =
        [&["review", "--check"][..], &["review"], &["accept"], &["reject"], &["assemble", "--check"]];
    for command in commands {
        let output = sandbox.run(&[command, &["--pacts", "nosuch"]].concat());
        assert_eq!(output.status, 2, "{output}");
        assert!(output.stderr.contains("there is no folder nosuch"), "{output}");
    }
    let mut misspelt = sandbox.command(&["review", "--check"]);
    misspelt.env("PACTWRIGHT_PACTS", "pactts");
    assert_eq!(sandbox.finish(misspelt).status, 2);
}

#[test]
fn tests_that_record_nothing_any_more_are_asked_about_and_the_pacts_named() {
    let repository = Repository::new();
    let sandbox = repository.sandbox();
    record(&repository, "a request for one FAQ");
    assert_eq!(sandbox.run(&["assemble"]).status, 0);
    assert_eq!(sandbox.run(&["accept"]).status, 0);
    insta::assert_snapshot!(sandbox.run(&["assemble", "--complete", "--check", "--", "true"]), @"
    status 3
    --- stderr
    error: no test has recorded anything, so nothing was checked
      hint: is `true` what runs the tests?
      hint: a pact whose last test is gone on purpose is deleted by hand: pacts/billing-faq.json
    ");
}
