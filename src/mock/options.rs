//! How a mock behaves.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use super::outcome::Served;
use crate::contract::{Contract, Interaction};
use crate::finding::Location;
use crate::matching::Incoming;

/// How a mock behaves.
#[derive(Clone)]
pub struct Options {
    /// Where it listens; port 0 is any free one.
    pub listen: SocketAddr,
    /// Whether web pages may call it.
    pub cors: Cors,
    /// Which of several equally good interactions answers.
    pub order: Order,
    /// How long a request may be compared.
    pub matching: Duration,
    /// Whether requests that met nothing are kept until the end.
    pub keep_misses: bool,
    /// Which interactions are there for a request; all of them when there is no such filter.
    pub admits: Option<Admits>,
    /// Where an interaction is written, when that is not where its contract was read from.
    pub place: Option<Place>,
    /// What else is to be said about a request that met nothing.
    pub remark: Option<Remark>,
    /// Is told of every request after it was answered.
    pub observe: Option<Observe>,
}

/// Says whether an interaction is there for a request.
pub type Admits = Arc<dyn Fn(&Incoming, &Interaction) -> bool + Send + Sync>;
/// Says where an interaction is written.
pub type Place = Arc<dyn Fn(&Contract, &Interaction) -> Location + Send + Sync>;
/// What is to be said about a request that met nothing.
pub type Remark = Arc<dyn Fn(&Incoming) -> Option<String> + Send + Sync>;
/// Is told of a request after it was answered.
pub type Observe = Arc<dyn Fn(&Served<'_>) + Send + Sync>;

/// Whether web pages of other origins may call the mock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cors {
    /// Nothing is added.
    #[default]
    Off,
    /// Any origin may, and preflight requests are answered.
    Any,
    /// The origin that asks may, with its credentials.
    Caller,
}

/// Which of several equally good interactions answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The one that was used least often, then the first: each gets its turn.
    #[default]
    LeastUsed,
    /// Always the first.
    First,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            cors: Cors::default(),
            order: Order::default(),
            matching: Duration::from_secs(10),
            keep_misses: true,
            admits: None,
            place: None,
            remark: None,
            observe: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("cors", &self.cors)
            .field("order", &self.order)
            .finish_non_exhaustive()
    }
}
