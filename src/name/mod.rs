//! Names that people type, and what they probably meant by one that is not known.

mod nearest;

pub use self::nearest::{did_you_mean, nearest};
