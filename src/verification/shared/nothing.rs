//! Why nothing, or less than what was asked for by name, would be verified.

use super::wish::Wish;
use crate::fact::{Selected, State};
use crate::finding::{Code, Finding, Place};
use crate::name::{Application, did_you_mean};

/// Why no contract with a provider was selected, in the words of every command that selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unselected {
    /// One sentence, without a final period.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Unselected {
    /// Says whether there is none, or none that was meant.
    #[must_use]
    pub fn of(state: &State, provider: &Application, store: &str) -> Self {
        if state.consumers_of(provider).next().is_some() {
            let message = format!("no version with a contract with \"{provider}\" was selected in {store}");
            return Self { message, help: format!("`pactwright matrix -a {provider}` lists the versions") };
        }
        let near = did_you_mean(provider.as_str(), state.applications().map(Application::as_str));
        let help = near.unwrap_or_else(|| "`pactwright publish` shares contracts".to_owned());
        Self { message: format!("no contract with the provider \"{provider}\" is shared in {store}"), help }
    }

    fn finding(self) -> Finding {
        finding(self.message).with_help(self.help)
    }
}

/// What was asked for and is not there.
pub(super) fn missing(state: &State, wish: &Wish, selected: &[Selected], store: &str) -> Vec<Finding> {
    let provider = &wish.provider.application;
    let consumers: Vec<&Application> = state.consumers_of(provider).collect();
    if consumers.is_empty() {
        return vec![Unselected::of(state, provider, store).finding()];
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
        findings.push(Unselected::of(state, provider, store).finding());
    }
    findings
}

fn finding(message: String) -> Finding {
    Finding::new(Code::NothingVerified, Place::Run, message)
}
