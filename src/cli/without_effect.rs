//! Settings that would have no effect beside others. Who gives one expects something of it, so none
//! is passed over in silence: most are refused, and what may be meant for another run is noted.

use super::settings::Settings;
use super::{Failure, stdio};

/// Something that settings can be asked.
type Question = fn(&Settings) -> bool;

/// A setting by its long name, when it has no effect, and why.
struct Idle {
    name: &'static str,
    is_given: Question,
    has_no_effect: Question,
    why: &'static str,
}

const RUNS_ALREADY: &str = "is about a provider that is started, and this one runs already";
const NOT_STARTED: &str = "is about a provider that is started, and there is no --start";
const NAMED_AS_A_WHOLE: &str = "is a part of an address, and --provider-url names a whole one";
const NO_HANDLER: &str = "is about provider states, and neither --state-url nor --state-cmd sets them up";

const IDLE: &[Idle] = &[
    Idle { name: "build", is_given: |s| s.build.is_some(), has_no_effect: runs_already, why: RUNS_ALREADY },
    Idle {
        name: "ready-url",
        is_given: |s| s.ready_url.is_some(),
        has_no_effect: runs_already,
        why: RUNS_ALREADY,
    },
    Idle {
        name: "ready-timeout",
        is_given: |s| s.ready_timeout.is_some(),
        has_no_effect: runs_already,
        why: RUNS_ALREADY,
    },
    Idle {
        name: "instances",
        is_given: |s| s.instances.is_some(),
        has_no_effect: runs_already,
        why: RUNS_ALREADY,
    },
    Idle { name: "build", is_given: |s| s.build.is_some(), has_no_effect: is_not_started, why: NOT_STARTED },
    Idle {
        name: "instances",
        is_given: |s| s.instances.is_some(),
        has_no_effect: is_not_started,
        why: NOT_STARTED,
    },
    Idle {
        name: "hostname",
        is_given: |s| s.hostname.is_some(),
        has_no_effect: |s| s.provider_url.is_some(),
        why: NAMED_AS_A_WHOLE,
    },
    Idle {
        name: "port",
        is_given: |s| s.port.is_some(),
        has_no_effect: |s| s.provider_url.is_some(),
        why: NAMED_AS_A_WHOLE,
    },
    Idle {
        name: "scheme",
        is_given: |s| s.scheme.is_some(),
        has_no_effect: |s| s.provider_url.is_some(),
        why: NAMED_AS_A_WHOLE,
    },
    Idle {
        name: "scheme",
        is_given: |s| s.scheme.is_some(),
        has_no_effect: |s| s.start.is_some(),
        why: "is about a provider that runs already, and this one is started",
    },
    Idle {
        name: "state-as-query",
        is_given: |s| s.state_as_query == Some(true),
        has_no_effect: |s| s.state_url.is_none(),
        why: "is about --state-url, which is not there",
    },
    Idle {
        name: "state-teardown",
        is_given: |s| s.state_teardown == Some(true),
        has_no_effect: has_no_handler,
        why: NO_HANDLER,
    },
    Idle {
        name: "state-retries",
        is_given: |s| s.state_retries.is_some(),
        has_no_effect: has_no_handler,
        why: NO_HANDLER,
    },
    Idle {
        name: "side-by-side",
        is_given: |s| s.side_by_side.is_some_and(|width| width > 1),
        has_no_effect: |s| s.in_order == Some(true),
        why: "lets interactions run beside each other, and --in-order forbids that",
    },
];

/// Settings that only an address with TLS has a use for.
const TLS: [(&str, Question); 3] = [
    ("ca-file", |s| s.ca_file.is_some()),
    ("client-cert", |s| s.client_cert.is_some()),
    ("insecure-tls", |s| s.insecure_tls == Some(true)),
];

/// Refuses settings that would have no effect, and notes those that only this run has no use for.
///
/// # Errors
/// Asked wrongly, with the setting and the reason.
pub(crate) fn refuse(settings: &Settings, pacts: &[String]) -> Result<(), Failure> {
    if let Some(why) = idle(settings) {
        return Err(
            Failure::asked_wrongly(why).hint("take it away, on the command line or in pactwright.toml")
        );
    }
    if !speaks_tls(settings, pacts) {
        for (name, _) in TLS.iter().filter(|(_, is_given)| is_given(settings)) {
            stdio::note(&format!("--{name} has no effect: no address of this run starts with https://"));
        }
    }
    Ok(())
}

/// Refuses settings about a provider where none is asked.
///
/// # Errors
/// Asked wrongly, with the setting.
pub(crate) fn refuse_provider(settings: &Settings) -> Result<(), Failure> {
    match about_provider(settings) {
        Some(name) => Err(Failure::asked_wrongly(format!("--{name} has no effect: states are only listed"))
            .hint("--try sets each state up once")),
        None => Ok(()),
    }
}

fn about_provider(settings: &Settings) -> Option<&'static str> {
    let given = [
        ("provider-url", settings.provider_url.is_some()),
        ("hostname", settings.hostname.is_some()),
        ("port", settings.port.is_some()),
        ("build", settings.build.is_some()),
        ("start", settings.start.is_some()),
        ("state-url", settings.state_url.is_some()),
        ("state-cmd", settings.state_cmd.is_some()),
        ("state-teardown", settings.state_teardown.is_some()),
        ("header", !settings.header.is_empty()),
    ];
    given.into_iter().find(|(_, is_given)| *is_given).map(|(name, _)| name)
}

fn idle(settings: &Settings) -> Option<String> {
    let is_idle = |idle: &&Idle| (idle.is_given)(settings) && (idle.has_no_effect)(settings);
    let Idle { name, why, .. } = IDLE.iter().find(is_idle)?;
    Some(format!("--{name} has no effect: it {why}"))
}

fn speaks_tls(settings: &Settings, pacts: &[String]) -> bool {
    let is_tls = |address: &String| address.starts_with("https://");
    let addresses = [&settings.provider_url, &settings.state_url, &settings.message_url, &settings.ready_url];
    addresses.into_iter().flatten().any(is_tls)
        || pacts.iter().any(is_tls)
        || settings.transport.iter().any(|transport| transport.contains("https"))
        || settings.scheme.as_deref() == Some("https")
}

fn runs_already(settings: &Settings) -> bool {
    settings.start.is_none()
        && (settings.provider_url.is_some() || settings.hostname.is_some() || settings.port.is_some())
}

fn is_not_started(settings: &Settings) -> bool {
    settings.start.is_none()
}

fn has_no_handler(settings: &Settings) -> bool {
    settings.state_url.is_none() && settings.state_cmd.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Settings as they stand in the `[verify]` table of the file.
    fn settings(table: &str) -> Settings {
        toml::from_str(table).expect("settings")
    }

    #[test]
    fn what_would_have_no_effect_is_refused() {
        let running = "provider-url = 'http://a'\n";
        let started = "start = 'run'\n";
        let table = [
            (running, "build = 'make'", "--build has no effect: it is about a provider that is started"),
            (
                running,
                "ready-url = '/up'",
                "--ready-url has no effect: it is about a provider that is started",
            ),
            ("port = 80\n", "ready-timeout = '5s'", "--ready-timeout has no effect"),
            ("hostname = 'a'\n", "instances = 2", "--instances has no effect"),
            (
                "",
                "instances = 2",
                "--instances has no effect: it is about a provider that is started, and there",
            ),
            ("", "build = 'make'", "--build has no effect"),
            (running, "port = 80", "--port has no effect: it is a part of an address"),
            (running, "hostname = 'b'", "--hostname has no effect"),
            (running, "scheme = 'https'", "--scheme has no effect"),
            (started, "scheme = 'https'", "--scheme has no effect: it is about a provider that runs already"),
            (running, "state-as-query = true", "--state-as-query has no effect: it is about --state-url"),
            (running, "state-as-query = true\nstate-cmd = 'run'", "--state-as-query has no effect"),
            (running, "state-teardown = true", "--state-teardown has no effect: it is about provider states"),
            (started, "state-retries = 2", "--state-retries has no effect"),
            (started, "side-by-side = 4\nin-order = true", "--side-by-side has no effect"),
        ];
        for (provider, given, expected) in table {
            let why = idle(&settings(&format!("{provider}{given}"))).unwrap_or_default();
            assert!(why.starts_with(expected), "{provider}{given}: {why}");
        }
    }

    #[test]
    fn what_has_an_effect_is_accepted() {
        for given in [
            "start = 'run'\nbuild = 'make'\nready-url = '/up'\nready-timeout = '5s'\ninstances = 2",
            "hostname = 'a'\nport = 80\nscheme = 'https'",
            "provider-url = 'http://a'\nstate-url = '/s'\nstate-as-query = true\nstate-teardown = true",
            "provider-url = 'http://a'\nstate-cmd = 'run'\nstate-retries = 1\nstate-as-query = false",
            "start = 'run'\nside-by-side = 1\nin-order = true",
            "",
        ] {
            assert_eq!(idle(&settings(given)), None, "{given}");
        }
    }

    #[test]
    fn certificates_are_of_use_to_any_address_with_tls() {
        for given in [
            "provider-url = 'https://a'",
            "state-url = 'https://a'",
            "port = 1\nscheme = 'https'",
            "transport = ['x=https://a']",
        ] {
            assert!(speaks_tls(&settings(given), &[]), "{given}");
        }
        assert!(speaks_tls(&Settings::default(), &["https://a/pact.json".to_owned()]));
        assert!(!speaks_tls(&settings("provider-url = 'http://a'"), &["pacts".to_owned()]));
    }
}
