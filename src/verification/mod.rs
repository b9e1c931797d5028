//! One verification from beginning to end, as the command and the library share it.
//!
//! [`gather`] the contracts, say which provider they are [`about`], [`plan`](Subject::plan) what
//! happens to each interaction, [`run`](Planned::run) it. What was asked for besides, a [`Setup`],
//! is checked in one place. Why nothing would be verified is said here, too, so that no face can
//! forget it.
//!
//! Contracts need not come from files: whoever has [`Source`]s makes a [`Gathered`] of them. What
//! came of each interaction is in the [`Outcome`], beside the contract that it belongs to.

mod course;
mod environment;
mod gathered;
mod nothing;
mod setup;
pub mod shared;
mod specified;

pub use self::course::{Occasion, Outcome, Planned, Subject};
pub use self::environment::refuse_other_engine;
pub use self::gathered::{Gathered, SeveralProviders, about, gather};
pub use self::nothing::no_pacts;
pub use self::setup::{AddressOf, Setup, SetupError};
pub use self::specified::Specified;
pub use crate::replay::Source;
