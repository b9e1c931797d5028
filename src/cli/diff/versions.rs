//! `support@1.4..1.5`: two versions of a consumer, as a store has them.

use crate::cli::Failure;
use crate::cli::sharing::{Place, known_application, known_version};
use crate::contract::Contract;
use crate::fact::State;
use crate::name::{Application, Version};

/// Two versions of a consumer; one that is not said is the newest on its main branch.
#[derive(Debug)]
pub(super) struct Range {
    consumer: Application,
    old: Option<Version>,
    new: Option<Version>,
}

impl Range {
    /// Reads `support@1.4..1.5`, `support@1.4..` or `support@..1.5`.
    ///
    /// # Errors
    /// Asked wrongly, for any other text.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let form =
            "two versions are written CONSUMER@OLD..NEW, such as support@1.4..1.5; one may be left out";
        let wrong = |message: String| Failure::asked_wrongly(message).hint(form);
        let Some((consumer, versions)) = text.split_once('@') else {
            return Err(wrong(format!("it is not said what {text} is compared with: name two pacts")));
        };
        let Some((old, new)) = versions.split_once("..") else {
            return Err(wrong(format!("`{text}` names one version, and two are compared")));
        };
        let version = |text: &str| -> Result<Option<Version>, Failure> {
            if text.is_empty() {
                return Ok(None);
            }
            text.parse().map(Some).map_err(|error: crate::name::InvalidName| wrong(error.to_string()))
        };
        let (old, new) = (version(old)?, version(new)?);
        if old.is_none() && new.is_none() {
            return Err(wrong(format!("`{text}` names no version")));
        }
        let consumer =
            consumer.parse().map_err(|error: crate::name::InvalidName| wrong(error.to_string()))?;
        Ok(Self { consumer, old, new })
    }

    /// The contracts of both versions.
    ///
    /// # Errors
    /// Could not find out, when the store cannot be read, or a version is not known or has no contract.
    pub(super) fn sides(&self, place: &Place) -> Result<(Vec<Contract>, Vec<Contract>), Failure> {
        let state = place.state()?;
        known_application(&state, &self.consumer)?;
        let (old, new) = (self.version(self.old.as_ref(), &state)?, self.version(self.new.as_ref(), &state)?);
        if old == new {
            return Err(Failure::asked_wrongly(format!(
                "{} {old} is compared with itself, which says nothing",
                self.consumer
            ))
            .hint("a version that is left out is the newest on the main branch"));
        }
        Ok((self.side(old, &state, place)?, self.side(new, &state, place)?))
    }

    fn version<'a>(&'a self, version: Option<&'a Version>, state: &'a State) -> Result<&'a Version, Failure> {
        let Some(version) = version else { return self.newest(state) };
        known_version(state, &self.consumer, version)?;
        Ok(version)
    }

    fn side(&self, version: &Version, state: &State, place: &Place) -> Result<Vec<Contract>, Failure> {
        let consumer = &self.consumer;
        let mut contracts = Vec::new();
        for provider in state.providers_of(consumer) {
            for publication in state.contents(consumer, version, provider) {
                contracts.push(place.contract(publication.content, &format!("{consumer} {version}"))?);
            }
        }
        if contracts.is_empty() {
            let message = format!("{consumer} {version} has published no contract, so nothing was compared");
            return Err(Failure::could_not_find_out(message));
        }
        Ok(contracts)
    }

    /// The newest version on the main branch.
    fn newest<'a>(&self, state: &'a State) -> Result<&'a Version, Failure> {
        let consumer = &self.consumer;
        if let Some(head) = state.main_head(consumer) {
            return Ok(&head.version);
        }
        Err(Failure::could_not_find_out(format!("nothing is known on a main branch of {consumer}"))
            .hint("name both versions, or say in owners.toml which branch is the main one"))
    }
}
