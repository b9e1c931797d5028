//! What contracts demand, compared: with each other, with a specification, with what a provider is
//! about to change.
//!
//! Everything here is a pure function of contracts that were read before. What cannot be decided is
//! said to be undecided, and never taken for a yes.

mod alteration;
mod change;
mod demand;
mod diff;
mod endpoint;
mod exchange;
mod generated;
mod language;
mod pair;
pub(crate) mod parts;
mod reliance;
mod removal;
mod rules;
pub(crate) mod secret;
mod usage;
mod values;
mod walk;

pub use self::alteration::{Alteration, Altered, JsonType};
pub use self::change::{Change, Part};
#[cfg(feature = "verify")]
pub(crate) use self::demand::{Bounds, Form, Node};
#[cfg(feature = "verify")]
pub(crate) use self::diff::title;
pub use self::diff::{Compared, diff, diff_all};
pub use self::endpoint::Template;
#[cfg(feature = "verify")]
pub(crate) use self::parts::{BodyDemand, Entry, Named};
pub use self::reliance::Strength;
pub use self::removal::{Blocker, Removal, Wanted, What, blockers, is_mentioned, mentions};
pub use self::rules::{Class, Rule};
pub use self::usage::{Answer, Endpoint, Operation, Place, Relied, Source, Usage, Use, usage};
#[cfg(feature = "verify")]
pub(crate) use self::values::{Kind, Values, kind};
