//! Settings as the setup of a verification, and what is wrong with a setup in the words of flags.

use std::path::Path;

use super::settings::{Settings, header_name};
use super::{Failure, toml_file};
use crate::replay::{Running, Trust};
use crate::source::OwnersError;
use crate::verification::{self, AddressOf, Setup, SetupError};

/// What the settings ask for. The commands run in `root`.
///
/// # Errors
/// Asked wrongly, for a header or a transport that cannot be taken apart.
pub(crate) fn setup(mut settings: Settings, root: &Path) -> Result<Setup, Failure> {
    familiar_transports(&mut settings)?;
    if settings.max_failures == Some(0) {
        return Err(Failure::asked_wrongly("--max-failures 0 leaves everything out")
            .hint("1 leaves the rest out after the first failure"));
    }
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

/// Refuses an environment in which answers would be judged differently.
pub(crate) fn refuse_other_engine() -> Result<(), Failure> {
    verification::refuse_other_engine().map_err(|error| refused(&error))
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
        SetupError::NoAddress { of, url, why } => {
            let flag = match of {
                AddressOf::Provider => "provider-url",
                AddressOf::Readiness => "ready-url",
                AddressOf::States => "state-url",
                AddressOf::Messages => "message-url",
                AddressOf::Transport => "transport",
            };
            Failure::asked_wrongly(format!("`{url}` is no address (--{flag})")).hint(why)
        }
        SetupError::AddressWithQuery | SetupError::BasePathWithQuery { .. } => {
            failure.hint("a request's own path and query are put behind the address")
        }
        SetupError::EmptyCommand => failure.hint("--start, --build and --state-cmd each take a command"),
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

/// Owners that cannot be read.
pub(crate) fn unknown_owners(error: &OwnersError) -> Failure {
    match error {
        OwnersError::Read { source, .. } => Failure::asked_wrongly(error.to_string()).because(source),
        OwnersError::Parse(error) => toml_file::refused(error),
    }
}

fn address(settings: &Settings) -> Option<String> {
    if settings.hostname.is_none() && settings.port.is_none() {
        return None;
    }
    let scheme = settings.scheme.as_deref().unwrap_or("http");
    let host = settings.hostname.as_deref().unwrap_or("localhost");
    // An IPv6 address has colons of its own.
    let is_bare = host.contains(':') && !host.starts_with('[');
    let host = if is_bare { format!("[{host}]") } else { host.to_owned() };
    Some(match settings.port {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

/// `Name: value` or `Name=value`.
fn header(text: &str) -> Result<(String, String), Failure> {
    let Some(name) = header_name(text) else {
        // The text is not shown: it may be a secret.
        return Err(Failure::asked_wrongly("a header has neither the form 'Name: value' nor Name=value"));
    };
    let value = text.split_once([':', '=']).map_or("", |(_, value)| value);
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// Puts the transports of pact_verifier_cli where they belong: `--transport https` is a scheme, and
/// of `--transports http:8080 message:8081/path` the first is the provider itself.
fn familiar_transports(settings: &mut Settings) -> Result<(), Failure> {
    let is_scheme = |text: &mut String| matches!(text.as_str(), "http" | "https");
    if let Some(scheme) = settings.transport.extract_if(.., is_scheme).next() {
        settings.scheme = settings.scheme.take().or(Some(scheme));
    }
    for text in std::mem::take(&mut settings.transports) {
        let host = settings.hostname.as_deref().unwrap_or("localhost");
        let parts = text.split_once(':').and_then(|(name, rest)| {
            let (port, path) = rest.split_once('/').unwrap_or((rest, ""));
            Some((name, port.parse::<u16>().ok()?, path.trim_end_matches('/')))
        });
        let Some((name, port, path)) = parts else {
            return Err(Failure::asked_wrongly(format!(
                "`{text}` does not say which transport has which port"
            ))
            .hint("write --transports NAME:PORT, or --transport NAME=URL"));
        };
        let scheme = if name == "https" { "https" } else { "http" };
        let slash = if path.is_empty() { "" } else { "/" };
        let url = format!("{scheme}://{host}:{port}{slash}{path}");
        match name {
            "http" | "https" if settings.start.is_none() && settings.provider_url.is_none() => {
                settings.provider_url = Some(url);
            }
            "message" | "async-message" | "sync-message" if settings.message_url.is_none() => {
                settings.message_url = Some(url);
            }
            name => settings.transport.push(format!("{name}={url}")),
        }
    }
    Ok(())
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
    fn a_run_that_would_leave_everything_out_is_refused() {
        let setup =
            |most| setup(Settings { max_failures: Some(most), ..Settings::default() }, Path::new("."));
        assert_eq!(setup(0).expect_err("nothing").message, "--max-failures 0 leaves everything out");
        assert!(setup(1).is_ok());
    }

    #[test]
    fn transports_of_pact_verifier_cli_find_their_place() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let mut settings = Settings {
            hostname: Some("faq".into()),
            transport: texts(&["https", "grpc=http://x"]),
            transports: texts(&["http:8080", "message:8081/messages/", "ws:8082"]),
            ..Settings::default()
        };
        familiar_transports(&mut settings).expect("they are understood");
        assert_eq!(settings.scheme.as_deref(), Some("https"));
        assert_eq!(settings.provider_url.as_deref(), Some("http://faq:8080"));
        assert_eq!(settings.message_url.as_deref(), Some("http://faq:8081/messages"));
        assert_eq!(settings.transport, ["grpc=http://x", "ws=http://faq:8082"]);
        let mut wrong = Settings { transports: texts(&["http"]), ..Settings::default() };
        assert!(familiar_transports(&mut wrong).is_err());
    }

    #[test]
    fn a_provider_may_be_named_by_its_port_alone() {
        let familiar = Settings { port: Some(80), ..Settings::default() };
        assert_eq!(address(&familiar).as_deref(), Some("http://localhost:80"));
        let six = Settings { hostname: Some("::1".to_owned()), port: Some(80), ..Settings::default() };
        assert_eq!(address(&six).as_deref(), Some("http://[::1]:80"));
    }

    #[test]
    fn a_text_that_is_no_address_is_told_with_its_flag_and_without_its_secret() {
        let htp = Settings { provider_url: Some("htp://ann:hunter2@faq".to_owned()), ..Settings::default() };
        let setup = setup(htp, Path::new(".")).expect("a setup");
        let failure = refused(&setup.options(true).expect_err("no address"));
        assert_eq!(failure.message, "`htp://REDACTED@faq` is no address (--provider-url)");
        assert_eq!(failure.hints, ["an address starts with http:// or https://"]);
    }
}
