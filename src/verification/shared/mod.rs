//! Contracts from a store: which of them are verified for a build of the provider, what of them needs no
//! replay because this version has kept it before, and what came of the rest, as facts.
//!
//! A contract of which nothing needs a replay is not even read.

mod nothing;
mod reading;
mod results;
mod wish;

pub use self::nothing::Unselected;
pub use self::reading::{Opened, Read, read};
pub use self::results::{Build, verified};
pub use self::wish::{Wish, choose};
