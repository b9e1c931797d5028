//! Contracts from a store: which of them are verified for a build of the provider, what of them needs no
//! replay because this version has kept it before, and what came of the rest, as facts.
//!
//! A contract of which nothing needs a replay is not even read.

mod nothing;
mod owners;
mod reading;
mod results;
mod wish;
mod work_tree;

pub use self::nothing::Unselected;
pub use self::owners::owners;
pub use self::reading::{Opened, Read, read};
pub use self::results::{Build, to_record};
pub use self::wish::{Unanswerable, Wish, check, choose};
pub use self::work_tree::{GitSilence, git, is_changed};
