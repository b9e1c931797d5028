//! `pactwright init` through the binary.

use crate::support::command::Sandbox;

#[test]
fn a_provider_gets_a_configuration_and_a_workflow() {
    let sandbox = Sandbox::new();
    let start = "./faq --port {port} --mode \"test\"";
    let output =
        sandbox.run(&["init", "--role", "provider", "--name", "faq", "--start", start, "--ci", "github"]);
    insta::assert_snapshot!(output, @"
    status 0
    --- stdout
    wrote pactwright.toml
    wrote .github/workflows/contracts.yml
    state-url and message-url in pactwright.toml: who sets provider states up and answers with messages, where pacts need it
    next: put the pacts of your consumers into pacts/, then run: pactwright verify
    ");
    insta::assert_snapshot!(sandbox.read("pactwright.toml"));
    insta::assert_snapshot!(sandbox.read(".github/workflows/contracts.yml"), @"
    # Checks the contracts of this repository.
    name: contracts
    on:
      push:
      pull_request:

    permissions:
      contents: read

    jobs:
      contracts:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: cargo install --locked pactwright
          - run: pactwright verify --report terminal --report junit=contracts.xml
    ");
    let written: toml::Table = sandbox.read("pactwright.toml").parse().expect("it is TOML");
    assert_eq!(written["provider"].as_str(), Some("faq"));
    assert_eq!(written["verify"]["start"].as_str(), Some(start));
}

#[test]
fn a_consumer_gets_a_configuration_and_a_pipeline() {
    let sandbox = Sandbox::new();
    let output = sandbox.run(&["init", "--role", "consumer", "--name", "support", "--ci", "gitlab"]);
    insta::assert_snapshot!(output, @"
    status 0
    --- stdout
    wrote pactwright.toml
    wrote .gitlab/contracts.yml
    add to .gitlab-ci.yml: include: .gitlab/contracts.yml
    next: let your tests write their pacts into pacts/, then run: pactwright lint pacts
    ");
    insta::assert_snapshot!(sandbox.read("pactwright.toml"), @r#"
    # Contracts of the consumer support.

    # Where the contracts are: files, directories, globs or URLs.
    pacts = ["pacts"]
    "#);
    insta::assert_snapshot!(sandbox.read(".gitlab/contracts.yml"), @"
    # Checks the contracts of this repository.
    contracts:
      image: rust:latest
      script:
        - cargo install --locked pactwright
        # Run your tests here when the pacts are not committed: they write them.
        - pactwright lint pacts
    ");
}

#[test]
fn a_provider_in_a_gitlab_pipeline_keeps_its_report() {
    let sandbox = Sandbox::new();
    sandbox.write(".gitlab-ci.yml", "");
    let output =
        sandbox.run(&["init", "--role", "provider", "--name", "faq", "--provider-url", "http://faq.test/"]);
    assert_eq!(output.status, 0, "{output}");
    insta::assert_snapshot!(sandbox.read(".gitlab/contracts.yml"), @"
    # Checks the contracts of this repository.
    contracts:
      image: rust:latest
      script:
        - cargo install --locked pactwright
        - pactwright verify --report terminal --report junit=contracts.xml
      artifacts:
        when: always
        reports:
          junit: contracts.xml
    ");
    let written: toml::Table = sandbox.read("pactwright.toml").parse().expect("it is TOML");
    assert_eq!(written["verify"]["provider-url"].as_str(), Some("http://faq.test/"));
}

#[test]
fn a_file_that_exists_is_kept_and_nothing_is_written() {
    let sandbox = Sandbox::new();
    sandbox.write(".github/workflows/contracts.yml", "mine");
    let arguments = ["init", "--role", "consumer", "--name", "support"];
    insta::assert_snapshot!(sandbox.run(&arguments), @"
    status 2
    --- stderr
    error: .github/workflows/contracts.yml exists, nothing was written
      hint: `--force` replaces it
    ");
    assert_eq!(sandbox.read(".github/workflows/contracts.yml"), "mine");
    assert!(!sandbox.path("pactwright.toml").exists());

    let output = sandbox.run(&[&arguments[..], &["--force"]].concat());
    assert_eq!(output.status, 0, "{output}");
    assert_ne!(sandbox.read(".github/workflows/contracts.yml"), "mine");
}

#[test]
fn what_is_missing_is_named_where_nobody_can_be_asked() {
    let sandbox = Sandbox::new();
    insta::assert_snapshot!(sandbox.run(&["init"]), @"
    status 2
    --- stderr
    error: --role is missing and there is nobody to ask
      hint: `pactwright init --help` lists what can be given
    ");
    insta::assert_snapshot!(sandbox.run(&["init", "--role", "provider", "--name", "faq"]), @"
    status 2
    --- stderr
    error: --start or --provider-url is missing and there is nobody to ask
      hint: `pactwright init --help` lists what can be given
    ");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let sandbox = Sandbox::new();
    let refused = |arguments: &[&str]| sandbox.run(&[&["init"], arguments].concat()).to_string();
    insta::assert_snapshot!(refused(&["--role", "consumer", "--name", "a", "--start", "b"]), @"
    status 2
    --- stderr
    error: --start and --provider-url are for a provider
    ");
    insta::assert_snapshot!(refused(&["--role", "consumer", "--name", "a\nb = 1"]), @"
    status 2
    --- stderr
    error: a name is one line that is not empty
    ");
}
