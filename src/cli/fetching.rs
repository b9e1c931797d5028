//! How pacts that have an address are fetched: with which credentials, and by commands that need no provider.

use std::path::PathBuf;

use clap::Args;

use super::settings::{Settings, read_file};
use super::{Failure, environment, options, stdio, working_directory};
use crate::source::{Access, Credentials};
use crate::verification::Setup;

/// Who asks for pacts at URLs, and which certificates are trusted.
#[derive(Debug, Args)]
pub(crate) struct Fetching {
    #[command(flatten)]
    credentials: UrlCredentials,

    /// Trust the certificates in this PEM file, for pacts at URLs
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    ca_file: Option<PathBuf>,

    /// Present the certificate and key in this PEM file, for pacts at URLs
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    client_cert: Option<PathBuf>,

    /// Accept any certificate, for pacts at URLs
    #[arg(long, hide_short_help = true)]
    insecure_tls: bool,
}

/// How to authenticate where pacts are fetched from.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_field_names, reason = "they are the names of the flags")]
pub(crate) struct UrlCredentials {
    /// Bearer token for pacts at URLs
    #[arg(
        short = 't',
        long,
        alias = "token",
        value_name = "TOKEN",
        env = "PACTWRIGHT_URL_TOKEN",
        hide_env_values = true,
        hide_short_help = true
    )]
    url_token: Option<String>,
    /// User name for pacts at URLs
    #[arg(
        long,
        alias = "user",
        value_name = "NAME",
        conflicts_with = "url_token",
        env = "PACTWRIGHT_URL_USER",
        hide_short_help = true
    )]
    url_user: Option<String>,
    /// Password for pacts at URLs
    #[arg(
        long,
        alias = "password",
        requires = "url_user",
        value_name = "PASSWORD",
        env = "PACTWRIGHT_URL_PASSWORD",
        hide_env_values = true,
        hide_short_help = true
    )]
    url_password: Option<String>,
}

impl Fetching {
    /// What was given, completed by `pactwright.toml`.
    pub(crate) fn access(&self) -> Result<Access, Failure> {
        let (file, root) = read_file(&working_directory()?)?;
        let given = Settings {
            ca_file: self.ca_file.clone(),
            client_cert: self.client_cert.clone(),
            insecure_tls: self.insecure_tls.then_some(true),
            ..Settings::default()
        };
        let setup = options::setup(given.or(file.verify), &root)?;
        let setup = Setup { credentials: self.credentials.credentials(), ..setup };
        setup.access().map_err(|error| options::refused(&error))
    }
}

impl UrlCredentials {
    /// Notes credentials that no pact has a use for. Those in the environment may be for other runs.
    pub(crate) fn note_idle(&self, paths: &[String]) {
        let given = [
            ("--url-token", "PACTWRIGHT_URL_TOKEN", &self.url_token),
            ("--url-user", "PACTWRIGHT_URL_USER", &self.url_user),
        ];
        let is_idle = !paths.iter().any(|path| path.contains("://"));
        for (flag, variable, value) in given {
            if is_idle && value.is_some() && environment::variable(variable).is_none() {
                stdio::note(&format!("{flag} has no effect: no pact of this run is at an address"));
            }
        }
    }

    /// The credentials, none of which is ever shown.
    pub(crate) fn credentials(&self) -> Credentials {
        match (&self.url_token, &self.url_user) {
            (Some(token), _) => Credentials::Token(token.clone()),
            (None, Some(user)) => Credentials::User(user.clone(), self.url_password.clone()),
            (None, None) => Credentials::None,
        }
    }
}
