//! What the environment of the process must not say, because it would change verdicts behind
//! everybody's back. It is looked at once, before a run.

use super::setup::SetupError;

/// The variable with which the reference matcher can be switched to another engine.
const ENGINE: &str = "PACT_MATCHING_ENGINE";

/// The variables with which a machine names its proxies.
const PROXIES: [&str; 6] =
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

/// Refuses an environment in which answers would be judged differently.
///
/// # Errors
/// [`SetupError::OtherEngine`].
pub fn refuse_other_engine() -> Result<(), SetupError> {
    other_engine(variable)
}

/// Refuses an environment in which a second opinion would be asked through a proxy.
pub(super) fn refuse_proxies() -> Result<(), SetupError> {
    proxy(variable)
}

#[expect(clippy::disallowed_methods, reason = "the reference looks into it as well, at each call")]
fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

fn other_engine(variable: impl Fn(&str) -> Option<String>) -> Result<(), SetupError> {
    match variable(ENGINE).filter(|value| value.eq_ignore_ascii_case("v2")) {
        Some(value) => Err(SetupError::OtherEngine { value }),
        None => Ok(()),
    }
}

fn proxy(variable: impl Fn(&str) -> Option<String>) -> Result<(), SetupError> {
    let is_set = |name: &&&str| variable(name).is_some_and(|value| !value.is_empty());
    match PROXIES.iter().find(is_set) {
        Some(name) => Err(SetupError::Proxy { name }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_engine_is_refused_however_it_is_spelt() {
        let refused = |value: &str| other_engine(|name| (name == ENGINE).then(|| value.to_owned())).is_err();
        assert!(refused("v2") && refused("V2"));
        assert!(!refused("v1"));
    }

    #[test]
    fn a_proxy_is_refused_unless_it_is_empty() {
        let refused = |value: &str| proxy(|name| (name == "HTTP_PROXY").then(|| value.to_owned())).is_err();
        assert!(refused("http://proxy"));
        assert!(!refused(""));
    }
}
