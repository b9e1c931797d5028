//! Connections to providers and to whoever holds pacts: one way to make a client, one way to read
//! what it was answered, one way to take an address apart.
//!
//! A deadline holds for every request, a limit for every answer, and certificates are trusted the
//! same way wherever a connection goes.

mod address;
mod clients;

use std::path::PathBuf;

pub use self::address::{absolute, objection, split};
pub use self::clients::{ClientError, Clients, Manner, Redirects};

/// Which certificates are trusted, and which one is presented.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// A PEM file with certificates to trust besides those of the machine.
    pub ca_file: Option<PathBuf>,
    /// A PEM file with the client's certificate and key.
    pub client_certificate: Option<PathBuf>,
    /// Accept any certificate.
    pub insecure: bool,
}

/// The largest answer that is read unless more is allowed, in bytes.
pub const ANSWER_BYTES: usize = 256 * 1024 * 1024;
