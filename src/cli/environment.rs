//! What the environment says about a verification, under our names and under those that users of
//! pact_verifier_cli know.

use super::Failure;
use super::settings::{Settings, duration};

/// The variable's value, when it has one.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The settings in the environment, which `read` knows.
///
/// # Errors
/// Asked wrongly, for a value that cannot be understood.
pub(crate) fn settings(read: impl Fn(&str) -> Option<String>) -> Result<Settings, Failure> {
    Ok(Settings {
        provider_url: read("PACTWRIGHT_PROVIDER_URL"),
        hostname: read("PACT_PROVIDER_HOSTNAME"),
        port: parsed(&read, "PACT_PROVIDER_PORT", |text| text.parse().ok())?,
        scheme: read("PACT_PROVIDER_TRANSPORT"),
        base_path: read("PACT_PROVIDER_BASE_PATH"),
        request_timeout: parsed(&read, "PACT_PROVIDER_REQUEST_TIMEOUT", |text| duration(text).ok())?,
        state_url: read("PACT_PROVIDER_STATE_CHANGE_URL"),
        state_as_query: parsed(&read, "PACT_PROVIDER_STATE_CHANGE_AS_QUERY", switch)?,
        state_teardown: parsed(&read, "PACT_PROVIDER_STATE_CHANGE_TEARDOWN", switch)?,
        ..Settings::default()
    })
}

fn parsed<T>(
    read: impl Fn(&str) -> Option<String>,
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Failure> {
    let Some(text) = read(name) else { return Ok(None) };
    match parse(&text) {
        Some(value) => Ok(Some(value)),
        None => Err(Failure::asked_wrongly(format!("{name}={text} in the environment is not understood"))),
    }
}

fn switch(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_pact_verifier_cli_are_known() {
        let known = [
            ("PACT_PROVIDER_HOSTNAME", "faq.local"),
            ("PACT_PROVIDER_PORT", "8080"),
            ("PACT_PROVIDER_TRANSPORT", "https"),
            ("PACT_PROVIDER_BASE_PATH", "/v1"),
            ("PACT_PROVIDER_REQUEST_TIMEOUT", "250"),
            ("PACT_PROVIDER_STATE_CHANGE_URL", "/states"),
            ("PACT_PROVIDER_STATE_CHANGE_AS_QUERY", "true"),
            ("PACT_PROVIDER_STATE_CHANGE_TEARDOWN", "0"),
        ];
        let read =
            |name: &str| known.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
        let settings = settings(read).expect("all of it is understood");
        assert_eq!((settings.hostname.as_deref(), settings.port), (Some("faq.local"), Some(8080)));
        assert_eq!((settings.scheme.as_deref(), settings.base_path.as_deref()), (Some("https"), Some("/v1")));
        assert_eq!(settings.request_timeout, Some(std::time::Duration::from_millis(250)));
        assert_eq!(settings.state_url.as_deref(), Some("/states"));
        assert_eq!((settings.state_as_query, settings.state_teardown), (Some(true), Some(false)));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let read = |name: &str| (name == "PACT_PROVIDER_PORT").then(|| "http".to_owned());
        let refused = settings(read).expect_err("no number");
        assert_eq!(refused.message, "PACT_PROVIDER_PORT=http in the environment is not understood");
    }
}
