//! Everything that flags, environment and `pactwright.toml` can say about a verification, as one
//! value. Flags win over the environment, and the environment over the file.
//!
//! The keys of the file's `[verify]` table are the long names of the flags.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, Args};
use jiff::civil::Date;
use serde::Deserialize;

use super::{Failure, toml_file};
use crate::fact::ConsumerSelector;
use crate::replay::Quirk;
use crate::source::keys_of;

/// The file that is looked for in the working directory and above it.
pub(crate) const FILE_NAME: &str = "pactwright.toml";

/// The contents of `pactwright.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct File {
    /// The provider that this repository holds.
    #[serde(default)]
    pub(crate) provider: Option<String>,
    /// The consumer that this repository holds.
    #[serde(default)]
    pub(crate) consumer: Option<String>,
    /// Where contracts are shared: a directory.
    #[serde(default)]
    pub(crate) store: Option<String>,
    /// Where its contracts are: files, directories, globs or URLs.
    #[serde(default)]
    pub(crate) pacts: Vec<String>,
    /// What `pactwright verify` does.
    #[serde(default)]
    pub(crate) verify: Settings,
}

/// A struct of settings in which each has one entry: its help, its flag, its key in the file; and how
/// two of them are put together follows from their types.
macro_rules! settings {
    (
        $(#[$about:meta])*
        struct $settings:ident { $($(#[$flag:meta])* $name:ident: $type:ty,)* }
    ) => {
        $(#[$about])*
        pub(crate) struct $settings { $($(#[$flag])* pub(crate) $name: $type,)* }

        impl $settings {
            /// These settings, completed by others.
            fn completed(self, by: Self) -> Self {
                Self { $($name: self.$name.completed(by.$name),)* }
            }
        }
    };
}

/// A setting that may be missing.
trait Setting {
    /// This one, completed by one that counts less.
    fn completed(self, by: Self) -> Self;
}

impl<T> Setting for Option<T> {
    fn completed(self, by: Self) -> Self {
        self.or(by)
    }
}

impl<T> Setting for Vec<T> {
    fn completed(mut self, by: Self) -> Self {
        self.extend(by);
        self
    }
}

settings! {
    /// Where the provider is and how it is verified.
    #[derive(Debug, Clone, Default, Args, Deserialize)]
    #[command(mut_args = alone_or_with_a_value)]
    #[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
    struct Settings {
        /// The provider's address, when it runs already [env: PACTWRIGHT_PROVIDER_URL].
        #[arg(long, value_name = "URL", help_heading = "Provider")]
        provider_url: Option<String>,
        /// The provider's host, for those who know it as one (with --port and --scheme).
        #[arg(long, value_name = "HOST", hide_short_help = true, help_heading = "Provider")]
        hostname: Option<String>,
        /// The provider's port.
        #[arg(short, long, value_name = "PORT", hide_short_help = true, help_heading = "Provider")]
        port: Option<u16>,
        /// http or https.
        #[arg(long, value_name = "SCHEME", value_parser = ["http", "https"], hide_short_help = true, help_heading = "Provider")]
        scheme: Option<String>,
        /// A command that builds the provider; run first, without a deadline.
        #[arg(long, value_name = "COMMAND", help_heading = "Provider")]
        build: Option<String>,
        /// A command that starts the provider on the free port {port}, also given as PORT.
        #[arg(long, value_name = "COMMAND", help_heading = "Provider")]
        start: Option<String>,
        /// Asked until it answers 2xx; without it, the provider is ready when its port accepts.
        #[arg(long, value_name = "URL", help_heading = "Provider")]
        ready_url: Option<String>,
        /// How long a started provider may take to become ready [default: 30s].
        #[arg(long, value_name = "TIME", value_parser = duration, help_heading = "Provider")]
        #[serde(deserialize_with = "optional_duration")]
        ready_timeout: Option<Duration>,
        /// How many copies of the provider to start and share the work among [default: 1].
        #[arg(long, value_name = "N", help_heading = "Provider")]
        instances: Option<usize>,
        /// Put in front of every path.
        #[arg(long, value_name = "PATH", help_heading = "Provider")]
        base_path: Option<String>,
        /// The address of a transport that pacts name; may be repeated.
        #[arg(long, value_name = "NAME=URL", help_heading = "Provider")]
        transport: Vec<String>,
        /// The same for those who are used to it, as NAME:PORT or NAME:PORT/PATH on the provider's host.
        #[arg(long, value_name = "NAME:PORT", num_args = 1.., hide_short_help = true, help_heading = "Provider")]
        transports: Vec<String>,

        /// Sets up provider states: gets {state, params, action} as JSON.
        #[arg(
            long,
            value_name = "URL",
            alias = "state-change-url",
            short = 's',
            help_heading = "Provider states"
        )]
        state_url: Option<String>,
        /// Send the state in the query instead of the body.
        #[arg(long, alias = "state-change-as-query", value_name = "BOOL", help_heading = "Provider states")]
        state_as_query: Option<bool>,
        /// A command that sets up a state: JSON on standard input, the provider in PACTWRIGHT_PROVIDER_URL.
        #[arg(long, value_name = "COMMAND", help_heading = "Provider states")]
        state_cmd: Option<String>,
        /// Also tear states down after each interaction.
        #[arg(long, alias = "state-change-teardown", value_name = "BOOL", help_heading = "Provider states")]
        state_teardown: Option<bool>,
        /// How often a failed set-up is tried again [default: 0].
        #[arg(long, value_name = "N", help_heading = "Provider states")]
        state_retries: Option<u32>,
        /// Answers with the messages that contracts ask for.
        #[arg(long, value_name = "URL", help_heading = "Provider states")]
        message_url: Option<String>,

        /// A header for every request, as 'Name: value' or Name=value; may be repeated.
        #[arg(short = 'H', long, value_name = "HEADER", help_heading = "Requests")]
        header: Vec<String>,
        /// How long one request may take, such as 5s or 500ms [default: 5s].
        #[arg(long, value_name = "TIME", value_parser = duration, help_heading = "Requests")]
        #[serde(deserialize_with = "optional_duration")]
        request_timeout: Option<Duration>,
        /// How long one comparison may take [default: 10s].
        #[arg(long, value_name = "TIME", value_parser = duration, hide_short_help = true, help_heading = "Requests")]
        #[serde(deserialize_with = "optional_duration")]
        matching_timeout: Option<Duration>,
        /// How long the replay of all interactions may take.
        #[arg(long, value_name = "TIME", value_parser = duration, help_heading = "Requests")]
        #[serde(deserialize_with = "optional_duration")]
        run_timeout: Option<Duration>,
        /// The largest answer that is read, in bytes [default: 268435456].
        #[arg(long, value_name = "BYTES", hide_short_help = true, help_heading = "Requests")]
        max_answer_bytes: Option<usize>,
        /// Trust the certificates in this PEM file.
        #[arg(long, value_name = "FILE", help_heading = "Requests")]
        ca_file: Option<PathBuf>,
        /// Present the certificate and key in this PEM file.
        #[arg(long, value_name = "FILE", help_heading = "Requests")]
        client_cert: Option<PathBuf>,
        /// Accept any certificate.
        #[arg(long, alias = "disable-ssl-verification", value_name = "BOOL", help_heading = "Requests")]
        insecure_tls: Option<bool>,
        /// Speak HTTP/2 from the first byte.
        #[arg(long, value_name = "BOOL", help_heading = "Requests")]
        http2: Option<bool>,
        /// Follow redirects instead of judging them.
        #[arg(long, value_name = "BOOL", help_heading = "Requests")]
        follow_redirects: Option<bool>,

        /// How many interactions without states run side by side [default: 8].
        #[arg(long, value_name = "N", help_heading = "Running")]
        side_by_side: Option<usize>,
        /// Run everything one at a time and in the order of the pacts.
        #[arg(long, value_name = "BOOL", help_heading = "Running")]
        in_order: Option<bool>,
        /// How often a failed interaction is tried again; one that then passes is called flaky.
        #[arg(long, value_name = "N", help_heading = "Running")]
        retries: Option<u32>,
        /// Leave the rest out after this many failures.
        #[arg(long, value_name = "N", help_heading = "Running")]
        max_failures: Option<usize>,
        /// Treat warnings about pacts as errors.
        #[arg(long, value_name = "BOOL", help_heading = "Running")]
        strict: Option<bool>,
        /// Do as the reference verifier does where that can hide a broken contract; may be repeated.
        #[arg(long, value_name = "WHICH", value_parser = quirk_parser(), help_heading = "Running")]
        #[serde(deserialize_with = "quirks")]
        reference_behaviour: Vec<Quirk>,

        /// Which versions of consumers are verified from a store, as the Pact Broker's selectors.
        #[arg(skip)]
        #[serde(deserialize_with = "selectors")]
        consumer_version_selectors: Vec<ConsumerSelector>,
        /// Whether a contract from a store that was never kept where it matters fails no run.
        #[arg(skip)]
        enable_pending: Option<bool>,
        /// Since which day what is new in a store is verified as well, as pending.
        #[arg(skip)]
        #[serde(deserialize_with = "optional_day")]
        include_wip_pacts_since: Option<Date>,

        /// Names of headers, parameters and fields whose values are secret; may be repeated.
        #[arg(long, value_name = "NAME", help_heading = "Output")]
        redact: Vec<String>,
    }
}

impl Settings {
    /// These settings, completed by those of `file`.
    pub(crate) fn or(self, mut file: Self) -> Self {
        // Who names a provider on the command line does not mean the one in the file, and so for
        // the way in which states are set up.
        let names_address = self.provider_url.is_some() || self.hostname.is_some() || self.port.is_some();
        if names_address || self.start.is_some() {
            (file.provider_url, file.hostname, file.port, file.scheme) = (None, None, None, None);
            (file.start, file.build) = (None, None);
        }
        if names_address {
            (file.ready_url, file.ready_timeout, file.instances) = (None, None, None);
        }
        if self.state_url.is_some() || self.state_cmd.is_some() {
            (file.state_url, file.state_cmd, file.state_as_query) = (None, None, None);
        }
        if self.in_order.is_some() || self.side_by_side.is_some() {
            (file.in_order, file.side_by_side) = (None, None);
        }
        // A header is replaced by those of its name, and several of one name are all sent.
        let named: Vec<_> = self.header.iter().filter_map(|text| header_name(text)).collect();
        let is_named = |name: &str| named.iter().any(|known| known.eq_ignore_ascii_case(name));
        file.header.retain(|text| !header_name(text).is_some_and(is_named));
        self.completed(file)
    }
}

/// The name in `Name: value` or `Name=value`; the sign that comes first decides.
pub(crate) fn header_name(text: &str) -> Option<&str> {
    let end = text.find([':', '=']).filter(|end| *end > 0)?;
    Some(text[..end].trim_end())
}

/// Reads `pactwright.toml` from `start` or the nearest directory above it, and says where it was.
pub(crate) fn read_file(start: &Path) -> Result<(File, PathBuf), Failure> {
    let Some(directory) = start.ancestors().find(|directory| directory.join(FILE_NAME).is_file()) else {
        return Ok((File::default(), start.to_owned()));
    };
    let path = directory.join(FILE_NAME);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Failure::asked_wrongly(format!("{} cannot be read", path.display())).because(&error)
    })?;
    let file: File = toml_file::parse(&path, &text).map_err(with_table)?;
    Ok((below(file, directory), directory.to_owned()))
}

/// A setting that stands outside of its table is told where it belongs.
fn with_table(failure: Failure) -> Failure {
    let key = failure.message.split('`').nth(1).unwrap_or_default().to_owned();
    let known_there = keys_of::<Settings>().contains(&key);
    let is_outside = failure.hints.iter().any(|hint| hint.contains("verify"));
    if known_there && is_outside {
        Failure { hints: vec![format!("`{key}` belongs into the table [verify]")], ..failure }
    } else {
        failure
    }
}

/// The same file with its paths as they are seen from anywhere: they start where the file is.
fn below(mut file: File, directory: &Path) -> File {
    for path in [&mut file.verify.ca_file, &mut file.verify.client_cert].into_iter().flatten() {
        *path = directory.join(&path);
    }
    file
}

/// A time such as `5s`, `500ms` or `2m`; a bare number is milliseconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(millis) = text.parse() {
        return Ok(Duration::from_millis(millis));
    }
    let parsed: jiff::SignedDuration =
        text.parse().map_err(|_| format!("`{text}` is no time such as 5s or 500ms"))?;
    Duration::try_from(parsed).map_err(|_| format!("`{text}` is a negative time"))
}

/// A flag that is a yes or a no may stand alone, and then is a yes.
fn alone_or_with_a_value(argument: Arg) -> Arg {
    if argument.get_value_names().is_none_or(|names| names != ["BOOL"]) {
        return argument;
    }
    argument.num_args(0..=1).require_equals(true).default_missing_value("true").hide_possible_values(true)
}

fn quirk_parser() -> impl TypedValueParser<Value = Quirk> {
    let words = Quirk::ALL.iter().map(|quirk| quirk.word());
    PossibleValuesParser::new(words).try_map(|word| quirk(&word))
}

fn quirk(word: &str) -> Result<Quirk, String> {
    let words: Vec<&str> = Quirk::ALL.iter().map(|quirk| quirk.word()).collect();
    let found = Quirk::ALL.iter().copied().find(|quirk| quirk.word() == word);
    found.ok_or_else(|| format!("known are {}", words.join(", ")))
}

fn optional_duration<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    duration(&text).map(Some).map_err(serde::de::Error::custom)
}

/// Selectors are written as tables, with the keys that they have in JSON.
fn selectors<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<ConsumerSelector>, D::Error> {
    let written = serde_json::Value::deserialize(deserializer)?;
    let selectors = ConsumerSelector::read(&written.to_string()).map_err(serde::de::Error::custom)?;
    if selectors.is_empty() { Err(serde::de::Error::custom("the list is empty")) } else { Ok(selectors) }
}

fn optional_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let day =
        text.parse().map_err(|_| serde::de::Error::custom(format!("`{text}` is no day such as 2026-01-31")));
    day.map(Some)
}

fn quirks<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Quirk>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    words.iter().map(|word| quirk(word).map_err(serde::de::Error::custom)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_or_is_milliseconds() {
        assert_eq!(duration("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(duration("250"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("2m 30s"), Ok(Duration::from_secs(150)));
        assert!(duration("soon").is_err());
        assert!(duration("-5s").is_err());
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        let flags = Settings { start: Some("a".into()), ..Settings::default() };
        let file = Settings { start: Some("b".into()), retries: Some(2), ..Settings::default() };
        let merged = flags.or(file);
        assert_eq!((merged.start.as_deref(), merged.retries), (Some("a"), Some(2)));
    }

    #[test]
    fn a_header_replaces_those_of_its_name_in_the_file_and_none_beside_it() {
        let headers = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let flags = Settings { header: headers(&["X-A: 1", "x-a=2"]), ..Settings::default() };
        let file = Settings { header: headers(&["X-a = 3", "X-B: 4", "X-B: 5"]), ..Settings::default() };
        assert_eq!(flags.or(file).header, ["X-A: 1", "x-a=2", "X-B: 4", "X-B: 5"]);
    }

    #[test]
    fn whoever_names_another_provider_does_not_mean_how_the_file_starts_its_own() {
        let flags = Settings { provider_url: Some("http://a".into()), ..Settings::default() };
        let file = Settings { start: Some("b".into()), instances: Some(2), ..Settings::default() };
        let merged = flags.or(file);
        assert_eq!((merged.start, merged.instances), (None, None));
    }
}
