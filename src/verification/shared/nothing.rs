//! Why nothing, or less than what was asked for by name, would be verified.

use super::wish::Wish;
use crate::fact::{Selected, State};
use crate::finding::{Code, Finding, Place};
use crate::name::{Application, did_you_mean};

/// What was asked for and is not there.
pub(super) fn missing(state: &State, wish: &Wish, selected: &[Selected], store: &str) -> Vec<Finding> {
    let provider = &wish.provider.application;
    let consumers: Vec<&Application> = state.consumers_of(provider).collect();
    if consumers.is_empty() {
        let near = did_you_mean(provider.as_str(), state.applications().map(Application::as_str));
        let help = near.unwrap_or_else(|| "`pactwright publish` shares contracts".to_owned());
        return vec![
            finding(format!("no contract with the provider \"{provider}\" is shared in {store}"))
                .with_help(help),
        ];
    }
    let mut findings: Vec<Finding> = Vec::new();
    for name in wish.consumers.iter().filter(|name| selected.iter().all(|one| one.consumer != **name)) {
        let help = if consumers.contains(&name) {
            "no version of it with a contract was selected".to_owned()
        } else {
            let near = did_you_mean(name.as_str(), consumers.iter().map(|known| known.as_str()));
            near.unwrap_or_else(|| format!("it has no contract with {provider}"))
        };
        let message = format!("nothing was verified for the consumer \"{name}\"");
        findings.push(finding(message).with_help(help));
    }
    for content in wish.contents.iter().filter(|content| selected.iter().all(|one| one.content != **content))
    {
        findings.push(
            finding(format!("no version of a consumer asks {provider} for the content {content}"))
                .with_help("`pactwright owed` lists what is to be verified"),
        );
    }
    if selected.is_empty() && findings.is_empty() {
        findings.push(
            finding(format!("no version with a contract with \"{provider}\" was selected in {store}"))
                .with_help(format!("`pactwright matrix -a {provider}` lists the versions")),
        );
    }
    findings
}

fn finding(message: String) -> Finding {
    Finding::new(Code::NothingVerified, Place::Run, message)
}
