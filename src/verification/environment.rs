//! What the environment of the process must not say, because it would change verdicts behind
//! everybody's back. It is looked at once, before a run.

use super::setup::SetupError;

/// The variable with which the reference matcher can be switched to another engine.
const ENGINE: &str = "PACT_MATCHING_ENGINE";

/// The variables with which a machine names its proxies.
const PROXIES: [&str; 6] =
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

/// Refuses the environment of this process.
#[expect(clippy::disallowed_methods, reason = "the reference looks into it as well, at each call")]
pub(super) fn check(second_opinion: bool) -> Result<(), SetupError> {
    refuse(second_opinion, |name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
}

/// Refuses an environment with these variables. A second opinion would be asked through a proxy.
fn refuse(second_opinion: bool, variable: impl Fn(&str) -> Option<String>) -> Result<(), SetupError> {
    if let Some(value) = variable(ENGINE).filter(|value| value.eq_ignore_ascii_case("v2")) {
        return Err(SetupError::OtherEngine { value });
    }
    let is_set = |name: &&&str| variable(name).is_some_and(|value| !value.is_empty());
    match PROXIES.iter().find(is_set) {
        Some(name) if second_opinion => Err(SetupError::Proxy { name }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(second_opinion: bool, (name, value): (&str, &str)) -> String {
        let variable = |asked: &str| (asked == name).then(|| value.to_owned());
        refuse(second_opinion, variable).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn another_engine_is_refused_however_it_is_spelt() {
        for value in ["v2", "V2"] {
            assert!(refused(false, (ENGINE, value)).contains("would change verdicts"));
        }
        assert_eq!(refused(false, (ENGINE, "v1")), "");
    }

    #[test]
    fn a_proxy_is_refused_only_where_the_reference_would_use_it() {
        assert_eq!(refused(false, ("HTTP_PROXY", "http://proxy")), "");
        assert!(refused(true, ("HTTP_PROXY", "http://proxy")).starts_with("HTTP_PROXY is set"));
        assert_eq!(refused(true, ("HTTP_PROXY", "")), "");
    }
}
