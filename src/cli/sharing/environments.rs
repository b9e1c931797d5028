//! Finding the environment, the application and the version that somebody means.

use crate::cli::Failure;
use crate::fact::State;
use crate::name::{Application, Environment, Version, did_you_mean};

/// An environment that was created.
///
/// # Errors
/// Asked wrongly, with the nearest name and all that there are.
pub(crate) fn known(state: &State, name: &Environment, flag: &str) -> Result<(), Failure> {
    if state.environment(name).is_some() {
        return Ok(());
    }
    let names: Vec<&str> = state.environments().map(|environment| environment.name.as_str()).collect();
    let mut failure = Failure::asked_wrongly(format!("there is no environment {name}"));
    if let Some(hint) = did_you_mean(name.as_str(), names.iter().copied()) {
        failure = failure.hint(hint);
    }
    if !names.is_empty() {
        failure = failure.hint(format!("there are {}", names.join(", ")));
    }
    Err(failure.hint(format!("`pactwright create-environment --name {name}{flag}` creates it")))
}

/// A version that some fact has named.
///
/// # Errors
/// Could not find out, with what was probably meant.
pub(crate) fn known_version(
    state: &State,
    application: &Application,
    version: &Version,
) -> Result<(), Failure> {
    if state.version(application, version).is_some() {
        return Ok(());
    }
    let failure = Failure::could_not_find_out(format!("there is no version {version} of {application}"));
    Err(match suggestion(state, application, version) {
        Some(hint) => failure.hint(hint),
        None => failure,
    })
}

/// What was probably meant by an application or version that is not known.
pub(crate) fn suggestion(state: &State, application: &Application, version: &Version) -> Option<String> {
    if state.knows(application) {
        let versions = state.versions(application);
        let near = did_you_mean(version.as_str(), versions.iter().map(|known| known.version.as_str()));
        return near.or_else(|| Some(format!("its latest version is {}", versions.last()?.version)));
    }
    did_you_mean(application.as_str(), state.applications().map(Application::as_str))
}
