//! Settings as the setup of a verification, and what is wrong with a setup in the words of flags.

use std::path::Path;

use super::Failure;
use super::settings::Settings;
use crate::replay::{Running, Trust};
use crate::verification::{Setup, SetupError};

/// What the settings ask for. The commands run in `root`.
///
/// # Errors
/// Asked wrongly, for a header or a transport that cannot be taken apart.
pub(crate) fn setup(settings: Settings, root: &Path) -> Result<Setup, Failure> {
    let usual = Running::default();
    let provider_url = settings.provider_url.clone().or_else(|| address(&settings));
    Ok(Setup {
        provider_url,
        build: settings.build,
        start: settings.start,
        ready_url: settings.ready_url,
        ready_timeout: settings.ready_timeout,
        instances: settings.instances,
        base_path: settings.base_path,
        directory: root.to_owned(),
        transports: settings.transport.iter().map(|text| transport(text)).collect::<Result<_, _>>()?,
        state_url: settings.state_url,
        state_as_query: settings.state_as_query.unwrap_or(false),
        state_command: settings.state_cmd,
        state_teardown: settings.state_teardown.unwrap_or(false),
        state_retries: settings.state_retries.unwrap_or(0),
        message_url: settings.message_url,
        // Flags stand before the file, and the first one counts.
        headers: settings.header.iter().map(|text| header(text)).collect::<Result<_, _>>()?,
        trust: Trust {
            ca_file: settings.ca_file,
            client_certificate: settings.client_cert,
            insecure: settings.insecure_tls.unwrap_or(false),
        },
        http2: settings.http2.unwrap_or(false),
        follow_redirects: settings.follow_redirects.unwrap_or(false),
        request_timeout: settings.request_timeout,
        matching_timeout: settings.matching_timeout,
        run_timeout: settings.run_timeout,
        max_answer_bytes: settings.max_answer_bytes,
        running: Running {
            side_by_side: settings.side_by_side.unwrap_or(usual.side_by_side),
            retries: settings.retries.unwrap_or(usual.retries),
            max_failures: settings.max_failures,
        },
        reference_behaviour: settings.reference_behaviour.into_iter().collect(),
        redact: settings.redact,
        ..Setup::default()
    })
}

/// A setup that makes no sense, with the flags that would make it one.
pub(crate) fn refused(error: &SetupError) -> Failure {
    let failure = std::error::Error::source(error)
        .into_iter()
        .fold(Failure::asked_wrongly(error.to_string()), Failure::because);
    match error {
        SetupError::NoProvider => failure
            .hint("--provider-url URL names one that runs, --start 'COMMAND' starts one")
            .hint("or put it into pactwright.toml; `pactwright init` writes one"),
        SetupError::TwoProviders => failure.hint("give either --provider-url or --start"),
        SetupError::NoAddress { url } => {
            failure.hint(format!("an address starts with http:// or https://: http://{url}"))
        }
        SetupError::AddressWithQuery => {
            failure.hint("a request's own path and query are put behind the address")
        }
        SetupError::InstancesOfRunning => {
            failure.hint("--instances needs --start 'COMMAND' instead of --provider-url")
        }
        SetupError::NoInstances => failure.hint("--instances is 1 or more"),
        SetupError::SharedStateHandler => {
            failure.hint("a --state-url that starts with / is the handler of each instance")
        }
        SetupError::TwoStateHandlers => failure.hint("give either --state-url or --state-cmd"),
        SetupError::ReadCertificates { .. } | SetupError::NoCertificates { .. } => failure,
        SetupError::OtherEngine { .. } => {
            failure.hint("unset PACT_MATCHING_ENGINE; verdicts come from one engine")
        }
        SetupError::Proxy { name } => failure.hint(format!("unset {name} for a run with --second-opinion")),
    }
}

fn address(settings: &Settings) -> Option<String> {
    if settings.hostname.is_none() && settings.port.is_none() {
        return None;
    }
    let scheme = settings.scheme.as_deref().unwrap_or("http");
    let host = settings.hostname.as_deref().unwrap_or("localhost");
    Some(match settings.port {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

/// `Name: value` or `Name=value`; the sign that comes first decides.
fn header(text: &str) -> Result<(String, String), Failure> {
    let name_end = text.find([':', '=']).filter(|at| *at > 0);
    let Some(at) = name_end else {
        // The text is not shown: it may be a secret.
        return Err(Failure::asked_wrongly("a header has neither the form 'Name: value' nor Name=value"));
    };
    Ok((text[..at].trim().to_owned(), text[at + 1..].trim().to_owned()))
}

fn transport(text: &str) -> Result<(String, String), Failure> {
    text.split_once('=').map(|(name, url)| (name.to_owned(), url.to_owned())).ok_or_else(|| {
        Failure::asked_wrongly(format!("`{text}` does not say which transport has which address"))
            .hint("write --transport NAME=URL")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_has_either_form() {
        assert_eq!(header("A: b=c").expect("a header"), ("A".into(), "b=c".into()));
        assert_eq!(header("A=b: c").expect("a header"), ("A".into(), "b: c".into()));
        assert!(!header("secret").expect_err("no header").message.contains("secret"));
    }

    #[test]
    fn a_provider_may_be_named_by_its_port_alone() {
        let familiar = Settings { port: Some(80), ..Settings::default() };
        let setup = setup(familiar, Path::new(".")).expect("a setup");
        assert_eq!(setup.provider_url.as_deref(), Some("http://localhost:80"));
    }
}
