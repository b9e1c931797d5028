//! Decides whether an answer keeps the contract, or a request meets it, and says in which way it
//! does not.
//!
//! The reference matcher has the last word on a mismatch; what it lets pass although the contract
//! is broken is looked for here. Nothing in this module talks to anybody. Its callers run it
//! through `guarded`, for the matcher may panic or run long on odd input.

mod actual;
#[cfg(feature = "consumer")]
mod answering;
mod compare;
mod depth;
mod diff;
mod exact;
mod guard;
#[cfg(feature = "consumer")]
mod incoming;
mod inject;
mod judge;
mod kinds;
mod mismatch;
mod multipart;
#[cfg(feature = "consumer")]
mod nearest;
mod prove;
mod quirk;
mod reference;
mod reference_rules;
#[cfg(feature = "consumer")]
mod request;
mod sentence;
mod settled;
mod stricter;
mod values;
mod wording;

pub(crate) use self::actual::Answer;
pub use self::actual::Message;
#[cfg(feature = "consumer")]
pub(crate) use self::answering::answer_of;
pub(crate) use self::compare::metadata_in;
pub(crate) use self::guard::{Mishap, STACK_BYTES, guarded, guarded_in_turn, message_of, quietly};
#[cfg(feature = "consumer")]
pub use self::incoming::Incoming;
pub(crate) use self::inject::unfit_value;
#[cfg(feature = "consumer")]
pub(crate) use self::judge::crashed;
pub(crate) use self::judge::{Actual, Judgement, compare_thoroughly, is_small, judge, judge_small};
pub(crate) use self::mismatch::Pitfall;
pub(crate) use self::multipart::rounds;
#[cfg(feature = "consumer")]
pub use self::nearest::Near;
#[cfg(feature = "consumer")]
pub(crate) use self::nearest::nearest;
pub use self::quirk::Quirk;
pub(crate) use self::reference::{Reference, changes, generated};
#[cfg(feature = "consumer")]
pub(crate) use self::request::{judge_request, may_meet};
pub(crate) use self::settled::is_left_to_chance;
pub(crate) use self::values::steps_of;
pub(crate) use self::wording::Judged;
