//! A stand-in for a provider that answers from the interactions of contracts.
//!
//! It listens on a loopback port, counts how often each interaction was used, and keeps every
//! request that met none of them together with the nearest expectation and what differs. The
//! consumer library, `record` and `stub` share it.
//!
//! Nothing is decided when a mock is dropped: [`Mock::stop`] returns what has happened, and what is
//! never asked for is lost without a word.
//!
//! # Which interaction answers
//! A request may meet several interactions. The one that says most about it answers:
//! 1. a path that is written out before one that a rule describes,
//! 2. then the one that demands more: query parameters, headers, values in the body,
//! 3. then the one with fewer rules.
//!
//! Among those that are still equal, [`Order`] decides.

mod choose;
mod options;
mod outcome;
mod reply;
mod serve;
mod server;
mod words;

use std::sync::Arc;

pub use self::choose::which;
pub use self::options::{Admits, Cors, Observe, Options, Order, Place, Remark};
pub use self::outcome::{Expectation, Miss, Outcome, Record, Served, Unanswered};
use self::serve::Shared;
pub(crate) use self::server::{Responder, Server};
pub use self::words::explained;
pub(crate) use self::words::{diff_line, difference};
use crate::contract::Contract;
pub use crate::matching::{Incoming, Near};

/// A running mock.
#[must_use = "a mock that is not kept stops at once"]
#[derive(Debug)]
pub struct Mock {
    server: Server<Shared>,
}

impl Mock {
    /// Starts a mock for the HTTP interactions of all `contracts`; it is ready when this returns.
    ///
    /// # Errors
    /// The port cannot be listened on, or the system has no thread left.
    pub fn start(contracts: &[Arc<Contract>], options: Options) -> std::io::Result<Self> {
        let server = Server::start(options.listen, |url| Shared::new(url, contracts, options))?;
        Ok(Self { server })
    }

    /// The address of the mock, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// Answers from other contracts from now on, and forgets what has happened.
    pub fn replace(&self, contracts: &[Arc<Contract>]) {
        self.server.responder().replace(contracts);
    }

    /// Ends it and returns what has happened. Requests that are being answered are waited for, for
    /// a moment.
    ///
    /// Blocks the thread; inside a future, use [`stopped`](Self::stopped).
    #[must_use]
    pub fn stop(self) -> Record {
        self.server.stop().record()
    }

    /// As [`stop`](Self::stop), for any executor.
    pub async fn stopped(self) -> Record {
        self.server.stopped().await.record()
    }
}
