//! From what tests have recorded to pact files that people have reviewed.
//!
//! A test leaves a [`Fragment`] for each interaction. An [`Assembly`] is the pact that they make
//! together with the committed one, in canonical form: sorted, without the versions of tools, byte for
//! byte the same however the tests were run. A [`Folder`] holds the committed pacts, and beside each
//! one that would change, the pact that waits for a review.
//!
//! Nothing here removes an interaction unless the caller says that the fragments are complete.

mod assemble;
mod assembly;
mod folder;
mod fragment;
pub(crate) mod lookup;

pub use self::assemble::{Abandoned, Assembled, Completeness, Problem, abandoned, assemble, not_assembled};
pub(crate) use self::assemble::{committed, committed_and_sound};
pub use self::assembly::{Assembly, Conflict, Taken};
pub(crate) use self::folder::Stamp;
pub use self::folder::{Folder, Pending};
pub use self::fragment::{FOLDER, Fragment, Fragments, same_content};
