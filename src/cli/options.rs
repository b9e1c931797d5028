//! Settings as the options of a run: everything is checked here, before anything is started.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use super::Failure;
use super::settings::Settings;
use crate::connect::objection;
use crate::redact::Redactor;
use crate::replay::{
    Connection, Hooks, Limits, Options, Running, Start, StateHandler, States, Target, Trust,
};
use crate::source::{Access, Credentials};

/// The variable with which the reference matcher can be switched to another engine.
const ENGINE: &str = "PACT_MATCHING_ENGINE";

/// Refuses an environment that would change verdicts behind our back.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
pub(crate) fn refuse_other_engine() -> Result<(), Failure> {
    match std::env::var(ENGINE) {
        Ok(engine) if engine.eq_ignore_ascii_case("v2") => {
            Err(Failure::asked_wrongly(format!("{ENGINE}={engine} would change verdicts"))
                .hint(format!("unset {ENGINE}; verdicts come from one engine")))
        }
        _ => Ok(()),
    }
}

/// The variables with which a machine names its proxies.
const PROXIES: [&str; 6] =
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

/// Refuses to ask the reference verifier where it would talk to a proxy instead of the provider.
pub(crate) fn refuse_proxies() -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match PROXIES.iter().find(|name| is_set(name)) {
        Some(name) => {
            let message = format!("{name} is set, and the reference verifier would send its requests there");
            Err(Failure::asked_wrongly(message).hint(format!("unset {name} for a run with --second-opinion")))
        }
        None => Ok(()),
    }
}

/// The options of a run. Without anything to verify, no provider is needed.
///
/// # Errors
/// Asked wrongly, for settings that contradict each other or say too little.
pub(crate) fn options(mut settings: Settings, root: &Path, needs_provider: bool) -> Result<Options, Failure> {
    familiar_transports(&mut settings)?;
    let defaults = (Limits::default(), Running::default());
    let redactor = Redactor::new(&settings.redact);
    let options = Options {
        target: target(&settings, root, needs_provider)?,
        connection: connection(&settings)?,
        states: states(&settings)?,
        message_url: sound_place("message-url", settings.message_url.as_ref())?,
        transports: settings.transport.iter().map(|text| transport(text)).collect::<Result<_, _>>()?,
        limits: Limits {
            request: settings.request_timeout.unwrap_or(defaults.0.request),
            matching: settings.matching_timeout.unwrap_or(defaults.0.matching),
            run: settings.run_timeout,
            answer_bytes: settings.max_answer_bytes.unwrap_or(defaults.0.answer_bytes),
        },
        running: Running {
            side_by_side: settings.side_by_side.unwrap_or(defaults.1.side_by_side),
            retries: settings.retries.unwrap_or(defaults.1.retries),
            max_failures: settings.max_failures,
        },
        reference_behaviour: settings.reference_behaviour.into_iter().collect::<BTreeSet<_>>(),
        second_opinion: false,
        redactor,
        hooks: Hooks::default(),
        keep_exchanges: false,
    };
    Ok(options.knowing_secrets())
}

/// How pacts are fetched: as the provider is talked to, but with more patience unless told otherwise.
///
/// # Errors
/// Asked wrongly, for a file that holds no certificate.
pub(crate) fn access(settings: &Settings, credentials: Credentials) -> Result<Access, Failure> {
    let usual = Access::default();
    Ok(Access {
        credentials,
        trust: trust(settings)?,
        limit: settings.request_timeout.unwrap_or(usual.limit),
        answer_bytes: settings.max_answer_bytes.unwrap_or(usual.answer_bytes),
    })
}

fn target(settings: &Settings, root: &Path, needs_provider: bool) -> Result<Target, Failure> {
    let base_path = settings.base_path.as_deref().unwrap_or_default().trim_matches('/');
    let with_base = |url: String| {
        let url = url.trim_end_matches('/').to_owned();
        if base_path.is_empty() { url } else { format!("{url}/{base_path}") }
    };
    // The port is not known yet; any number will do to look at the rest.
    let ready_url = settings.ready_url.as_ref().map(|url| url.replace("{port}", "1"));
    sound_place("ready-url", ready_url.as_ref())?;
    let ready_url = settings.ready_url.clone();
    let address = settings.provider_url.clone().or_else(|| address(settings));
    match (address, &settings.start) {
        (Some(_), Some(_)) => {
            Err(Failure::asked_wrongly("the provider cannot both run already and be started")
                .hint("give either --provider-url or --start"))
        }
        (Some(url), None) if url.contains(['?', '#']) => {
            Err(Failure::asked_wrongly("the provider's address has a query or a fragment")
                .hint("a request's own path and query are put behind the address"))
        }
        (None, Some(_)) if settings.instances == Some(0) => {
            Err(Failure::asked_wrongly("--instances 0 starts no provider"))
        }
        (None, Some(_)) if has_shared_handler(settings) => {
            Err(Failure::asked_wrongly("several instances cannot share one state handler")
                .hint("a --state-url that starts with / is the handler of each instance"))
        }
        (Some(url), None) => Ok(Target::Running(with_base(sound_address("provider-url", url)?))),
        (None, Some(command)) => Ok(Target::Started(Start {
            build: settings.build.clone(),
            command: command.clone(),
            instances: settings.instances.unwrap_or(1),
            ready_url,
            ready_timeout: settings.ready_timeout.unwrap_or(Duration::from_secs(30)),
            base_path: if base_path.is_empty() { String::new() } else { format!("/{base_path}") },
            directory: root.to_owned(),
        })),
        (None, None) if needs_provider => Err(Failure::asked_wrongly("where the provider is, was not said")
            .hint("--provider-url URL names one that runs, --start 'COMMAND' starts one")
            .hint("or put it into pactwright.toml; `pactwright init` writes one")),
        (None, None) => Ok(Target::Running(String::new())),
    }
}

/// The address, unless it is none.
fn sound_address(name: &str, url: String) -> Result<String, Failure> {
    match objection(&url) {
        None => Ok(url),
        Some(why) => {
            let shown = Redactor::default().text(&url);
            Err(Failure::asked_wrongly(format!("`{shown}` is no address (--{name})")).hint(why))
        }
    }
}

/// The address, which may start at the provider's.
fn sound_place(name: &str, url: Option<&String>) -> Result<Option<String>, Failure> {
    match url {
        Some(url) if !url.starts_with('/') => sound_address(name, url.clone()).map(Some),
        place => Ok(place.cloned()),
    }
}

/// True when one state handler would change the states of several instances at once.
fn has_shared_handler(settings: &Settings) -> bool {
    let is_elsewhere = settings.state_url.as_ref().is_some_and(|url| !url.starts_with('/'));
    settings.instances.is_some_and(|instances| instances > 1) && is_elsewhere
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

fn connection(settings: &Settings) -> Result<Connection, Failure> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for text in &settings.header {
        let (name, value) = header(text)?;
        // Flags stand before the file, and the first one counts.
        if !headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            headers.push((name, value));
        }
    }
    Ok(Connection {
        headers,
        trust: trust(settings)?,
        http2: settings.http2.unwrap_or(false),
        follow_redirects: settings.follow_redirects.unwrap_or(false),
    })
}

/// Which certificates are trusted, wherever a connection goes.
///
/// # Errors
/// Asked wrongly, for a file that holds no certificate.
pub(crate) fn trust(settings: &Settings) -> Result<Trust, Failure> {
    for (path, parts) in
        [(&settings.ca_file, &["CERTIFICATE"][..]), (&settings.client_cert, &["CERTIFICATE", "PRIVATE KEY"])]
    {
        path.as_deref().map_or(Ok(()), |path| pem_file(path, parts))?;
    }
    Ok(Trust {
        ca_file: settings.ca_file.clone(),
        client_certificate: settings.client_cert.clone(),
        insecure: settings.insecure_tls.unwrap_or(false),
    })
}

/// Refuses a file that does not hold these parts, long before anybody is asked anything.
fn pem_file(path: &Path, parts: &[&str]) -> Result<(), Failure> {
    let text = std::fs::read(path).map_err(|error| {
        Failure::asked_wrongly(format!("the certificate file {} cannot be read", path.display()))
            .because(&error)
    })?;
    let text = String::from_utf8_lossy(&text);
    match parts.iter().find(|part| !text.contains(&format!("{part}-----"))) {
        None => Ok(()),
        Some(part) => {
            let message = format!("the file {} has no part `{part}` in PEM", path.display());
            Err(Failure::asked_wrongly(message))
        }
    }
}

fn states(settings: &Settings) -> Result<States, Failure> {
    let handler = match (&settings.state_url, &settings.state_cmd) {
        (Some(_), Some(_)) => {
            return Err(Failure::asked_wrongly("states cannot be set up in two ways")
                .hint("give either --state-url or --state-cmd"));
        }
        (Some(url), None) => {
            sound_place("state-url", Some(url))?;
            StateHandler::Url { url: url.clone(), as_query: settings.state_as_query.unwrap_or(false) }
        }
        (None, Some(command)) => StateHandler::Command(command.clone()),
        (None, None) => StateHandler::Nobody,
    };
    Ok(States {
        handler,
        teardown: settings.state_teardown.unwrap_or(false),
        retries: settings.state_retries.unwrap_or(0),
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
    let (name, url) = text.split_once('=').ok_or_else(|| {
        Failure::asked_wrongly(format!("`{text}` does not say which transport has which address"))
            .hint("write --transport NAME=URL")
    })?;
    let url = url.to_owned();
    Ok((name.to_owned(), sound_place("transport", Some(&url))?.unwrap_or(url)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target_of(settings: &Settings) -> Result<Target, Failure> {
        target(settings, Path::new("."), true)
    }

    #[test]
    fn a_header_has_either_form() {
        assert_eq!(header("A: b=c").expect("a header"), ("A".into(), "b=c".into()));
        assert_eq!(header("A=b: c").expect("a header"), ("A".into(), "b: c".into()));
        assert!(!header("secret").expect_err("no header").message.contains("secret"));
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
    fn a_provider_is_named_once() {
        let url = |text: &str| Some(text.to_owned());
        let settings =
            Settings { provider_url: url("http://a/"), base_path: url("/v1/"), ..Settings::default() };
        assert!(matches!(target_of(&settings), Ok(Target::Running(base)) if base == "http://a/v1"));
        assert!(target_of(&Settings::default()).is_err());
        assert!(target_of(&Settings { provider_url: url("localhost:1"), ..Settings::default() }).is_err());
        let both = Settings { provider_url: url("http://a"), start: url("run"), ..Settings::default() };
        assert!(target_of(&both).is_err());
        let familiar = Settings { port: Some(80), ..Settings::default() };
        assert!(matches!(target_of(&familiar), Ok(Target::Running(base)) if base == "http://localhost:80"));
        let six = Settings { hostname: url("::1"), port: Some(80), ..Settings::default() };
        assert!(matches!(target_of(&six), Ok(Target::Running(base)) if base == "http://[::1]:80"));
    }

    #[test]
    fn a_text_that_is_no_address_is_refused_before_anybody_is_asked() {
        let secret =
            sound_address("provider-url", "htp://ann:hunter2@faq".to_owned()).expect_err("no address");
        assert_eq!(secret.message, "`htp://REDACTED@faq` is no address (--provider-url)");
        for text in ["localhost:1/states", "http://::1:80/states"] {
            let settings = Settings { state_url: Some(text.to_owned()), ..Settings::default() };
            assert!(states(&settings).is_err(), "{text}");
        }
        assert!(transport("ws=localhost:1").is_err() && transport("ws=/ws").is_ok());
        let ready = Settings {
            start: Some("run".to_owned()),
            ready_url: Some("http://localhost:{port}/up".to_owned()),
            ..Settings::default()
        };
        assert!(target_of(&ready).is_ok());
    }
}
