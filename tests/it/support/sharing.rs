//! A shared directory, and commands about it run one after the other.

use pactwright::contract::{canonical, read};
use pactwright::fact::{Fact, Ids, Judged, Judgement, Outcome, Verified, What};
use pactwright::finding::{Code, Finding, Place};
use pactwright::store::{Directory, Store};
use serde_json::{Value, json};

use crate::support::command::Sandbox;

/// A pact of one interaction for each status.
pub(crate) fn pact(consumer: &str, statuses: &[u16]) -> String {
    let interaction = |status: &u16| {
        json!({
            "description": format!("a ticket that is answered with {status}"),
            "request": {"method": "POST", "path": "/v1/create"},
            "response": {"status": status}
        })
    };
    let interactions: Vec<Value> = statuses.iter().map(interaction).collect();
    let document = json!({
        "consumer": {"name": consumer}, "provider": {"name": "faq"}, "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "2.0.0"}}
    });
    format!("{document:#}")
}

const OWNERS: &str = "[faq]\nteam = \"Knowledge\"\ncontact = \"#team-knowledge\"\n\n[support]\nteam = \"Customer Support\"\ncontact = \"#team-support\"\n";

/// A directory with a pact of support, and the owners of both.
pub(crate) fn sandbox() -> Sandbox {
    let root = Sandbox::new();
    root.write("support-faq.json", &pact("support", &[201]));
    root.write("pacts/owners.toml", OWNERS);
    root
}

/// A directory in which support has published and runs in production.
pub(crate) fn published(statuses: &[u16]) -> Sandbox {
    let root = sandbox();
    root.write("support-faq.json", &pact("support", statuses));
    told(
        &root,
        &[
            "create-environment --name production --production",
            "create-or-update-pacticipant --name support --main-branch main",
            "publish support-faq.json -a 1.0 --branch main",
            "record-deployment -a support -e 1.0 --environment production",
        ],
    );
    root
}

/// Runs commands one after the other, and tells what each said.
pub(crate) fn told(root: &Sandbox, commands: &[&str]) -> String {
    let one = |command: &&str| {
        let words: Vec<&str> = command.split_whitespace().collect();
        format!("$ {command}\n{}", root.run(&words))
    };
    let text = commands.iter().map(one).collect::<String>();
    // The part of an id that is made by chance, and contents.
    let id = regex::Regex::new("01[0-9A-Z]{24}").expect("a pattern");
    id.replace_all(&text, "[id]").into_owned()
}

/// What the build of a provider would record.
pub(crate) fn verify(root: &Sandbox, consumer: &str, statuses: &[u16], version: &str, judgement: Judgement) {
    let reading = read("x", pact(consumer, statuses).into_bytes());
    let canonical = canonical(&reading.contract.expect("a sound pact"));
    let finding = Finding::new(Code::StatusMismatch, Place::Status, "expected status 201, got 404");
    let judged = Judged {
        interaction: canonical.interactions[0].digest,
        description: canonical.interactions[0].description.clone(),
        states: vec!["no FAQ exists".to_owned()],
        verdict: judgement,
        taken_from: None,
        findings: if judgement == Judgement::Failed { vec![finding] } else { Vec::new() },
    };
    let interactions = vec![judged];
    let what = What::Verified(Verified {
        provider: "faq".parse().expect("a name"),
        version: version.parse().expect("a version"),
        branch: Some("main".parse().expect("a branch")),
        tags: Vec::new(),
        consumer: consumer.parse().expect("a name"),
        content: canonical.digest,
        outcome: Outcome::of(true, &interactions),
        complete: true,
        judged: interactions.len(),
        dirty: false,
        doubtful: false,
        wip: false,
        build_url: None,
        commit: None,
        interactions,
    });
    store(root).append(&Fact { id: Ids::new().next(now()), what }).expect("it is kept");
}

pub(crate) fn store(root: &Sandbox) -> Directory {
    Directory::new(root.path("pacts"), None)
}

#[expect(clippy::disallowed_methods, reason = "the fact comes after those of the commands before")]
fn now() -> jiff::Timestamp {
    std::time::SystemTime::now().try_into().expect("a time")
}
