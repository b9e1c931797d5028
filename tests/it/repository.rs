//! What the files around the code promise each other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use saphyr::{LoadableYamlNode as _, Yaml};
use serde_json::Value;

use crate::support::gate::Gate;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_application_in_the_pacts_has_somebody_to_call() {
    let owners: toml::Table = read("pacts/owners.toml").parse().expect("it is TOML");
    let mut applications = BTreeSet::new();
    for file in ["billing-faq", "marketing-faq", "support-faq"] {
        let pact: Value = serde_json::from_str(&read(&format!("pacts/{file}.json"))).expect("it is JSON");
        for role in ["consumer", "provider"] {
            applications.insert(pact[role]["name"].as_str().expect("a name").to_owned());
        }
    }
    assert_eq!(applications.into_iter().collect::<Vec<_>>(), ["billing", "faq", "marketing", "support"]);
    for application in ["billing", "faq", "marketing", "support"] {
        for key in ["team", "contact", "repository", "main-branch"] {
            assert!(owners[application][key].is_str(), "{application} has no {key}");
        }
    }
}

#[test]
fn the_readme_tells_the_story_that_every_build_plays() {
    assert!(read("README.md").contains(&read("docs/story.txt")), "copy docs/story.txt into README.md");
}

#[test]
fn the_configuration_starts_the_provider_of_the_pacts() {
    let configuration: toml::Table = read("pactwright.toml").parse().expect("it is TOML");
    assert_eq!(configuration["provider"].as_str(), Some("faq"));
    let start = configuration["verify"]["start"].as_str().expect("a start command");
    assert!(start.contains("/release/examples/faq ") && start.contains("{port}"), "{start}");
    let build = configuration["verify"]["build"].as_str().expect("a build command");
    assert!(build.contains("--release ") && build.ends_with(" --example faq"), "{build}");
}

#[test]
fn there_is_one_list_of_checks() {
    let readme = read("README.md");
    assert!(readme.contains("```\ncargo run --release -- verify\n```"), "the first command");
    assert!(readme.contains("```\nci/check\n```"), "the second command");
    assert!(read(".ci/run").ends_with("\nexec ci/check\n"));
    let workflow = read(".github/workflows/ci.yml");
    let runs: Vec<_> = workflow.lines().filter_map(|line| line.trim().strip_prefix("- run: ")).collect();
    assert_eq!(runs, ["rustup update stable && rustup default stable", "ci/check"]);
}

/// What the action's step `Verify` runs, as GitHub runs it, with our binary where `Install` puts it.
#[cfg(unix)]
fn run_action(gate: &Gate, inputs: &[(&str, &str)]) -> Output {
    let action = read("action.yml");
    let documents = Yaml::load_from_str(&action).expect("it is YAML");
    let steps = &documents[0]["runs"]["steps"];
    let steps = steps.as_sequence().expect("the action has steps");
    let verify = steps.iter().find(|step| step["name"].as_str() == Some("Verify")).expect("one verifies");
    gate.sandbox.write("temp/pactwright/bin/empty", "");
    let program = gate.sandbox.path("temp/pactwright/bin/pactwright");
    if !program.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_pactwright"), program).expect("a link can be made");
    }
    let script = verify["run"].as_str().expect("it runs a script");
    let mut bash = Command::new("bash");
    bash.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]);
    bash.current_dir(gate.sandbox.path("")).env("HOME", gate.sandbox.path("")).env("NO_COLOR", "1");
    bash.env("RUNNER_TEMP", gate.sandbox.path("temp"));
    for name in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
        bash.env(name, gate.sandbox.path(name));
    }
    // An input that is not given is an empty text.
    let environment = verify["env"].as_mapping().expect("inputs come as variables");
    for name in environment.keys().map(|name| name.as_str().expect("a name")) {
        let given = inputs.iter().find(|(input, _)| *input == name);
        bash.env(name, given.map_or("", |(_, value)| *value));
    }
    bash.output().expect("bash is there")
}

#[cfg(unix)]
#[test]
fn the_action_verifies_annotates_and_gives_its_status() {
    let gate = Gate::one_good_one_bad();
    let url = gate.provider.url();
    let output = run_action(&gate, &[("PROVIDER_URL", &url), ("PROVIDER", "faq")]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("\n::error file=pacts/web-faq.json,"), "{said}");
    assert!(said.contains("FAIL [status-mismatch]"), "{said}");
    assert_eq!(gate.sandbox.read("GITHUB_OUTPUT"), "status=1\n");
    assert!(gate.sandbox.read("GITHUB_STEP_SUMMARY").contains("get /bad"));
}

#[cfg(unix)]
#[test]
fn the_action_gives_globs_and_arguments_as_they_are_and_runs_none_of_them() {
    let gate = Gate::one_good_one_bad();
    let url = gate.provider.url();
    let only_good = [
        ("PROVIDER_URL", url.as_str()),
        ("PACTS", "pacts/*.json"),
        ("ARGUMENTS", "--description good --report json=report.json"),
    ];
    assert_eq!(run_action(&gate, &only_good).status.code(), Some(0));
    assert_eq!(gate.asked(), ["GET /good"]);
    assert_eq!(gate.sandbox.read("GITHUB_OUTPUT"), "status=0\n");
    let hostile = [("PROVIDER_URL", "http://a; touch owned"), ("ARGUMENTS", "$(touch owned) `touch owned`")];
    assert_eq!(run_action(&gate, &hostile).status.code(), Some(2));
    assert!(!gate.sandbox.path("owned").exists());
}

#[test]
fn what_the_readme_shows_in_rust_is_compiled_and_run() {
    let compiled = read("examples/faq/contracts.rs");
    let readme = read("README.md");
    let blocks: Vec<_> =
        readme.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 1);
    for block in blocks {
        assert!(compiled.contains(block), "not in examples/faq/contracts.rs:\n{block}");
    }
}
