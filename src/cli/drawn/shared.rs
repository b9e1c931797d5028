//! The contracts of a shared directory: of each consumer the head of its main branch and what runs in
//! an environment, and the latest version where there is neither.

use std::collections::BTreeMap;

use super::Held;
use crate::cli::Failure;
use crate::cli::sharing::StoreArguments;
use crate::contract;
use crate::fact::State;
use crate::name::{Application, Version};

/// Reads the contracts about a provider.
///
/// # Errors
/// Could not find out, when the store cannot be read or has no contract with the provider; asked wrongly,
/// when no provider is named.
pub(super) fn read(address: &str, provider: Option<&String>) -> Result<(String, Vec<Held>), Failure> {
    let Some(name) = provider else {
        return Err(
            Failure::asked_wrongly("it is not said which provider is meant").hint("name it with --provider")
        );
    };
    let provider = Application::new(name).map_err(|error| {
        Failure::asked_wrongly(format!("\"{name}\" is no name of an application")).because(&error)
    })?;
    let place = StoreArguments::at(address).open()?;
    let state = place.state()?;
    let mut held = Vec::new();
    for consumer in state.consumers_of(&provider) {
        for (version, environments) in versions(&state, consumer) {
            let info = state.version(consumer, &version);
            let branches: Vec<_> =
                info.iter().flat_map(|info| &info.branches).map(ToString::to_string).collect();
            for publication in state.contents(consumer, &version, &provider) {
                let named = format!("{address}: {consumer} {version}");
                let reading = contract::read(&named, place.content(publication.content)?.into_bytes());
                let contract = reading.contract.ok_or_else(|| {
                    Failure::could_not_find_out(format!(
                        "the contract of {consumer} {version} cannot be read"
                    ))
                })?;
                held.push(Held {
                    contract,
                    version: Some(version.to_string()),
                    branches: branches.clone(),
                    environments: environments.clone(),
                });
            }
        }
    }
    if held.is_empty() {
        let message = format!("no contract with \"{name}\" is shared in {address}");
        return Err(Failure::could_not_find_out(message).hint("`pactwright publish` shares contracts"));
    }
    Ok((name.clone(), held))
}

/// The versions of a consumer that count, with the environments they run in.
fn versions(state: &State, consumer: &Application) -> BTreeMap<Version, Vec<String>> {
    let mut versions = BTreeMap::<_, Vec<String>>::new();
    for environment in state.environments() {
        for live in state.live(consumer, &environment.name) {
            let known = versions.entry(live.version.clone()).or_default();
            if known.last() != Some(&environment.name.to_string()) {
                known.push(environment.name.to_string());
            }
        }
    }
    let head = state.main_head(consumer).or_else(|| state.latest(consumer));
    if let Some(head) = head {
        versions.entry(head.version.clone()).or_default();
    }
    versions
}
