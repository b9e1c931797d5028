//! What the files around the code promise each other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

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
