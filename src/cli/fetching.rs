//! How commands that need no provider fetch pacts that have an address.

use std::path::PathBuf;

use clap::Args;

use super::settings::{Settings, read_file};
use super::verify::UrlCredentials;
use super::{Failure, options, working_directory};
use crate::source::Access;
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
