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
mod words;

use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

pub use self::options::{Admits, Cors, Observe, Options, Order};
pub use self::outcome::{Expectation, Miss, Outcome, Record, Served};
use self::serve::Shared;
pub use self::words::explained;
use crate::contract::Contract;
pub use crate::matching::{Incoming, Near};

/// A running mock.
#[must_use = "a mock that is not kept stops at once"]
#[derive(Debug)]
pub struct Mock {
    url: String,
    shared: Arc<Shared>,
    stop: oneshot::Sender<()>,
    ended: oneshot::Receiver<()>,
    thread: JoinHandle<()>,
}

impl Mock {
    /// Starts a mock for the HTTP interactions of all `contracts`; it is ready when this returns.
    ///
    /// # Errors
    /// The port cannot be listened on, or the system has no thread left.
    pub fn start(contracts: &[Arc<Contract>], options: Options) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen)?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared::new(url.clone(), contracts, options));
        let (stop, stopped) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let of_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("pactwright-mock".to_owned()).spawn(move || {
            serve::run(listener, &of_thread, stopped);
            // Nobody waits when the mock was dropped.
            let _ = end.send(());
        })?;
        Ok(Self { url, shared, stop, ended, thread })
    }

    /// The address of the mock, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Answers from other contracts from now on, and forgets what has happened.
    pub fn replace(&self, contracts: &[Arc<Contract>]) {
        self.shared.replace(contracts);
    }

    /// Ends it and returns what has happened. Requests that are being answered are waited for, for
    /// a moment.
    ///
    /// Blocks the thread; inside a future, use [`stopped`](Self::stopped).
    #[must_use]
    pub fn stop(self) -> Record {
        let _ = self.stop.send(());
        // A mock that panicked has counted less than there was, which is no yes.
        let _ = self.thread.join();
        self.shared.record()
    }

    /// As [`stop`](Self::stop), for any executor.
    pub async fn stopped(self) -> Record {
        let _ = self.stop.send(());
        let _ = self.ended.await;
        self.shared.record()
    }
}
