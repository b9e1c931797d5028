//! Names that people type, and what they probably meant by one that is not known.
//!
//! A name of an application, a version, a branch, a tag, an environment or an instance is valid
//! once it exists: it is not blank, it stands on one line, and nothing downstream checks it again.

mod identifier;
mod nearest;
mod shell;
mod similar;

pub use self::identifier::{Application, Branch, Environment, Instance, InvalidName, Line, Tag, Version};
pub use self::nearest::{did_you_mean, nearest};
pub use self::shell::quoted;
pub use self::similar::similar;
