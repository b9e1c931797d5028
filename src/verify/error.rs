//! Why a verification could not even be tried, in the words of the library's methods.

use std::error::Error;
use std::fmt;

use crate::source::{FindError, OwnersError};
use crate::verification::{AddressOf, SetupError};

/// Why a verification could not even be tried.
///
/// That a contract is broken, or that nothing was verified, is no error but an
/// [answer](crate::outcome::Answer).
///
/// It is written in full by `{:?}` as well, because that is what a test that ends with `?` or
/// `unwrap` shows.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum VerifierError {
    /// The pacts could not be found.
    #[error("the pacts could not be found")]
    Find(#[from] FindError),
    /// What was asked for contradicts itself or says too little, or the environment would change
    /// verdicts.
    #[error("{}", advice(.0))]
    Setup(#[from] SetupError),
    /// A filter cannot be understood.
    #[error("`{text}` is no filter")]
    Filter {
        /// What was given.
        text: String,
        /// What is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// What was asked of a shared directory makes no sense.
    #[error("{0}")]
    Shared(String),
    /// The shared directory could not be read.
    #[error("the store could not be read")]
    Store(#[source] Box<dyn Error + Send + Sync>),
    /// What came of the run could not be recorded in the shared directory.
    #[error("what came of the run could not be recorded in the store")]
    Record(#[source] Box<dyn Error + Send + Sync>),
    /// It could not be read whom to call.
    #[error("the owners of the pacts are not known")]
    Owners(#[from] OwnersError),
    /// The only thread of a runtime would wait for what it has to do itself.
    #[error("`verify` would block the only thread of this runtime; await `verify_async` instead")]
    WouldBlock,
    /// The run could not be carried out.
    #[error("the run could not be carried out")]
    Run(#[from] std::io::Error),
}

impl VerifierError {
    /// The error with all that caused it, in one line.
    pub(super) fn in_full(&self) -> String {
        let errors = std::iter::successors(Some(self as &dyn Error), |&error| error.source());
        errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    }
}

impl fmt::Debug for VerifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_full())
    }
}

/// What to do about a setup that makes no sense; what is wrong with it is the error's source.
fn advice(error: &SetupError) -> &'static str {
    match error {
        SetupError::NoProvider => "call `at` or `start`",
        SetupError::TwoProviders => "call either `at` or `start`",
        SetupError::NoAddress { of, .. } => match of {
            AddressOf::Provider => "give `at` an address",
            AddressOf::Readiness => "give `ready_url` an address or a path",
            AddressOf::States => "give `state_url` an address or a path",
            AddressOf::Messages => "give `message_url` an address or a path",
            AddressOf::Transport => "give `transport` an address or a path",
        },
        SetupError::AddressWithQuery | SetupError::BasePathWithQuery { .. } => {
            "give `at` an address without a query"
        }
        SetupError::EmptyCommand => "give `start`, `build` and `state_command` something to run",
        SetupError::InstancesOfRunning => "call `instances` with `start` only",
        SetupError::NoInstances => "give `instances` a number from 1",
        SetupError::SharedStateHandler => "give `state_url` a path, which starts with /",
        SetupError::TwoStateHandlers => "call only one of `state`, `state_url` and `state_command`",
        SetupError::ReadCertificates { .. } | SetupError::NoCertificates { .. } => {
            "give `ca_file` and `client_certificate` files in PEM"
        }
        SetupError::OtherEngine { .. } => "unset PACT_MATCHING_ENGINE",
        SetupError::Proxy { .. } => "unset the proxy or do not call `second_opinion`",
    }
}
