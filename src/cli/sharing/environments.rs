//! Finding the environment, the application and the version that somebody means.

use crate::cli::Failure;
use crate::fact::{EnvironmentDescription, State, VersionInfo};
use crate::gate::ONLY_TRIED;
use crate::name::{Application, Environment, Version, did_you_mean, similar};

/// An environment that was created.
///
/// # Errors
/// Asked wrongly, with the nearest name and all that there are.
pub(crate) fn known<'a>(
    state: &'a State,
    name: &Environment,
    flag: &str,
) -> Result<&'a EnvironmentDescription, Failure> {
    if let Some(description) = state.environment(name) {
        return Ok(description);
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

/// Refuses a name that is new and is probably another spelling of a known one.
///
/// # Errors
/// Asked wrongly, with the known name.
pub(crate) fn refuse_similar<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    match similar(name, known) {
        Some(near) => Err(Failure::asked_wrongly(format!("{name} is new, and {near} is known"))
            .hint(format!("if {near} is meant, say so"))),
        None => Ok(()),
    }
}

/// A text as the name of an application.
///
/// # Errors
/// Asked wrongly, when it is none.
pub(crate) fn application(name: &str) -> Result<Application, Failure> {
    Application::new(name).map_err(|error| {
        Failure::asked_wrongly(format!("\"{name}\" is no name of an application")).because(&error)
    })
}

/// An application that some fact has named.
///
/// # Errors
/// Could not find out, with the nearest name.
pub(crate) fn known_application(state: &State, name: &Application) -> Result<(), Failure> {
    if state.knows(name) {
        return Ok(());
    }
    let near = did_you_mean(name.as_str(), state.applications().map(Application::as_str));
    let failure = Failure::could_not_find_out(format!("nobody has ever heard of an application {name}"));
    Err(near.into_iter().fold(failure, Failure::hint))
}

/// A version that some fact has named.
///
/// # Errors
/// Could not find out, with what was probably meant.
pub(crate) fn known_version<'a>(
    state: &'a State,
    application: &Application,
    version: &Version,
) -> Result<&'a VersionInfo, Failure> {
    if let Some(info) = state.version(application, version) {
        return Ok(info);
    }
    let failure = Failure::could_not_find_out(format!("there is no version {version} of {application}"));
    Err(match suggestion(state, application, version) {
        Some(hint) => failure.hint(hint),
        None => failure,
    })
}

/// What was probably meant by an application or version that is not known.
pub(crate) fn suggestion(state: &State, application: &Application, version: &Version) -> Option<String> {
    if state.was_only_tried(application, version) {
        return Some(ONLY_TRIED.to_owned());
    }
    if state.knows(application) {
        let versions = state.versions(application);
        let near = did_you_mean(version.as_str(), versions.iter().map(|known| known.version.as_str()));
        return near.or_else(|| Some(format!("its latest version is {}", versions.last()?.version)));
    }
    did_you_mean(application.as_str(), state.applications().map(Application::as_str))
}
