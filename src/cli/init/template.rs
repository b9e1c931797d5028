//! The files that `pactwright init` writes. Pure: a setup gives texts.

use super::Ci;

/// How a CI service gets the program.
const INSTALL: &str = "cargo install --locked pactwright";

/// What is known about the repository.
#[derive(Debug)]
pub(super) struct Setup {
    /// The name of the application; one line.
    pub(super) name: String,
    /// How to reach it when it is a provider; a consumer has nothing here.
    pub(super) provider: Option<Reach>,
    /// For which CI service to write a step.
    pub(super) ci: Ci,
}

/// How to reach a provider.
#[derive(Debug)]
pub(super) enum Reach {
    /// It runs at this address.
    Url(String),
    /// This command starts it.
    Start(String),
}

/// A file to be written.
#[derive(Debug)]
pub(super) struct NewFile {
    /// Where, as seen from the root of the repository.
    pub(super) path: &'static str,
    /// What.
    pub(super) text: String,
}

/// Every file for a setup.
pub(super) fn files(setup: &Setup) -> Vec<NewFile> {
    let mut files = vec![NewFile { path: "pactwright.toml", text: configuration(setup) }];
    match setup.ci {
        Ci::Github => {
            files.push(NewFile { path: ".github/workflows/contracts.yml", text: github(setup) });
        }
        Ci::Gitlab => files.push(NewFile { path: ".gitlab/contracts.yml", text: gitlab(setup) }),
        Ci::None => {}
    }
    files
}

/// What to do now, one line each.
pub(super) fn next_steps(setup: &Setup) -> Vec<String> {
    let mut steps = Vec::new();
    if setup.ci == Ci::Gitlab {
        steps.push("add to .gitlab-ci.yml: include: .gitlab/contracts.yml".to_owned());
    }
    if setup.provider.is_some() {
        let step = "state-url and message-url in pactwright.toml: who sets provider states up and answers \
                    with messages, where pacts need it";
        steps.push(step.to_owned());
    }
    steps.push(match setup.provider {
        Some(_) => {
            "next: put the pacts of your consumers into pacts/, then run: pactwright verify".to_owned()
        }
        None => {
            "next: let your tests write their pacts into pacts/, then run: pactwright lint pacts".to_owned()
        }
    });
    steps
}

fn configuration(setup: &Setup) -> String {
    let name = &setup.name;
    let Some(reach) = &setup.provider else {
        return format!(
            "# Contracts of the consumer {name}.\n\n\
             # Where the contracts are: files, directories, globs or URLs.\n\
             pacts = [\"pacts\"]\n"
        );
    };
    let reach = match reach {
        Reach::Url(url) => format!("# Where the running provider answers.\nprovider-url = {}\n", quoted(url)),
        Reach::Start(command) => format!(
            "# Started on a free port, given as {{port}} and as PORT, and stopped on every way out.\n\
             start = {}\n\
             # Run first, for example a compiler; takes as long as it takes.\n\
             # build = \"make\"\n\
             # Ready when this answers with success; without it, when the port accepts.\n\
             # ready-url = \"/health\"\n",
            quoted(command)
        ),
    };
    format!(
        "# Contracts that {name} has to keep. Flags of `pactwright verify` win over this file.\n\n\
         # The application, as consumers name it in their pacts.\n\
         provider = {}\n\
         # Where the contracts are: files, directories, globs or URLs.\n\
         pacts = [\"pacts\"]\n\n\
         [verify]\n\
         {reach}\
         # Where provider states are set; an address that starts with / is the provider's own.\n\
         # state-url = \"/_pact/states\"\n\
         # Where messages are asked for.\n\
         # message-url = \"/_pact/messages\"\n",
        quoted(name)
    )
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// The command that a CI service runs.
fn check(setup: &Setup) -> &'static str {
    match setup.provider {
        Some(_) => "pactwright verify --report terminal --report junit=contracts.xml",
        None => "pactwright lint pacts",
    }
}

fn github(setup: &Setup) -> String {
    let check = check(setup);
    let before = match setup.provider {
        Some(_) => "",
        None => "      # Run your tests here when the pacts are not committed: they write them.\n",
    };
    format!(
        "# Checks the contracts of this repository.\n\
         name: contracts\n\
         on:\n  push:\n  pull_request:\n\n\
         permissions:\n  contents: read\n\n\
         jobs:\n  contracts:\n    runs-on: ubuntu-latest\n    steps:\n\
         \x20     - uses: actions/checkout@v4\n\
         \x20     - run: {INSTALL}\n\
         {before}\
         \x20     - run: {check}\n"
    )
}

fn gitlab(setup: &Setup) -> String {
    let check = check(setup);
    let (before, after) = match setup.provider {
        Some(_) => ("", "  artifacts:\n    when: always\n    reports:\n      junit: contracts.xml\n"),
        None => ("    # Run your tests here when the pacts are not committed: they write them.\n", ""),
    };
    format!(
        "# Checks the contracts of this repository.\n\
         contracts:\n  image: rust:latest\n  script:\n\
         \x20   - {INSTALL}\n\
         {before}\
         \x20   - {check}\n\
         {after}"
    )
}
