//! The contracts of a shared directory: those that selectors mean, or of each consumer the head of its main
//! branch and what runs in an environment.

use std::collections::BTreeMap;
use std::path::Path;

use super::Held;
use crate::cli::Failure;
use crate::cli::sharing::{Place, StoreArguments, application};
use crate::fact::{ConsumerSelector, ProviderBuild, State, Wanted, selected_versions};
use crate::name::{Application, Version};
use crate::outcome::Owner;
use crate::source::{self, OwnersError};
use crate::verification::shared::{self, Unselected};

/// A store with all that follows from it about one provider.
pub(crate) struct Shared {
    pub(crate) place: Place,
    pub(crate) state: State,
    pub(crate) provider: Application,
}

impl Shared {
    /// Reads the facts.
    ///
    /// # Errors
    /// Could not find out, when the store cannot be read; asked wrongly, when no provider is named.
    pub(crate) fn open(store: &StoreArguments, provider: Option<&str>) -> Result<Self, Failure> {
        let Some(name) = provider else {
            return Err(Failure::asked_wrongly("it is not said which provider is meant")
                .hint("name it with --provider"));
        };
        let provider = application(name)?;
        let place = store.open()?;
        let state = place.state()?;
        Ok(Self { place, state, provider })
    }

    /// The contracts that selectors mean.
    ///
    /// # Errors
    /// Could not find out, when there are none or one cannot be read.
    pub(super) fn held(&self, selectors: &[ConsumerSelector]) -> Result<Vec<Held>, Failure> {
        let provider = ProviderBuild { application: self.provider.clone(), branch: None, tags: Vec::new() };
        let mut held = Vec::new();
        for (consumer, info, content) in selected_versions(&self.state, &provider, selectors) {
            let name = format!("{}: {consumer} {}", self.place.address, info.version);
            held.push(Held {
                contract: self.place.contract(content, &name)?,
                version: Some(info.version.to_string()),
                branches: info.branches.iter().map(ToString::to_string).collect(),
                environments: self.environments(consumer, &info.version),
            });
        }
        if held.is_empty() {
            let why = Unselected::of(&self.state, &self.provider, &self.place.address);
            return Err(Failure::could_not_find_out(why.message).hint(why.help));
        }
        Ok(held)
    }

    /// The consumers with a contract with some other provider, and what that one is called.
    pub(super) fn other_providers(&self) -> Vec<(String, String)> {
        let pairs = self.state.applications().flat_map(|consumer| {
            self.state
                .providers_of(consumer)
                .map(move |provider| (consumer.to_string(), provider.to_string()))
        });
        pairs.filter(|(_, provider)| *provider != self.provider.as_str()).collect()
    }

    fn environments(&self, consumer: &Application, version: &Version) -> Vec<String> {
        let names = self.state.environments().map(|environment| &environment.name);
        let runs_in = |name: &&_| self.state.live(consumer, name).iter().any(|live| live.version == *version);
        names.filter(runs_in).map(ToString::to_string).collect()
    }

    /// Whom to call about each consumer, and about the provider: what `owners.toml` says, completed by what
    /// was recorded.
    ///
    /// # Errors
    /// When `owners.toml` cannot be read.
    pub(crate) fn owners(&self, root: &Path) -> Result<BTreeMap<String, Owner>, OwnersError> {
        let written = source::owners(std::slice::from_ref(&self.place.address), root)?;
        Ok(shared::owners(written, &self.state, &self.provider))
    }
}

/// Reads selectors as the Pact Broker writes them.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn selectors(text: &str) -> Result<Vec<ConsumerSelector>, String> {
    let selectors = ConsumerSelector::read(text).map_err(|error| error.to_string())?;
    if selectors.is_empty() { Err("the list of selectors is empty".to_owned()) } else { Ok(selectors) }
}

/// The same where no build of the provider is meant.
///
/// # Errors
/// What is wrong with them.
pub(super) fn selectors_without_build(text: &str) -> Result<Vec<ConsumerSelector>, String> {
    let selectors = selectors(text)?;
    if selectors.iter().any(|selector| selector.wanted == Wanted::MatchingBranch) {
        return Err("`matchingBranch` means the provider's branch, and there is none here".to_owned());
    }
    Ok(selectors)
}
