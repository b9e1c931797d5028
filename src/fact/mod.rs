//! What has happened: who published what, who verified it, what runs where.
//!
//! A fact is recorded once and never changed. Everything that a store is asked is a pure function
//! of its facts: [`State`] is a fold over them in the order of their ids, and which versions a selector
//! picks, what is pending and what was verified follow from it. So the order in which facts are
//! read, or the store they came from, cannot change an answer.
//!
//! An unknown field or kind is refused. Tags imply neither a branch nor a deployment here, other
//! than in a Pact Broker: both are facts of their own.

mod deprecated;
mod id;
mod kinds;
mod matrix;
mod news;
mod pending;
mod retention;
mod selection;
mod selector;
mod state;
mod stored;

pub use self::deprecated::{Deprecated, DeprecatedPart, DeprecationEnded};
pub use self::id::{FactId, Ids, InvalidId};
pub use self::kinds::{
    About, ApplicationDescribed, BranchDeleted, Branched, Contact, Deployed, EnvironmentDescription,
    EnvironmentRemoved, Fact, Judged, Judgement, Outcome, Published, Released, Tagged, Verified, Waived,
    WaiverEnded, What,
};
pub use self::matrix::{MatrixRow, WantedVersions, matrix};
pub use self::news::{new_about, new_tags};
pub use self::retention::{Obsolete, Spared, obsolete};
pub use self::selection::{
    ProviderBuild, Selected, select, selected_contents, selected_versions, work_in_progress,
};
pub use self::selector::{ConsumerSelector, InvalidSelectors, Wanted};
pub(crate) use self::state::{Asked, Built, Found};
pub use self::state::{Live, LiveAs, Owners, Publication, State, Verification, VersionInfo};
pub use self::stored::InvalidFact;

/// The version of the stored form of a fact.
pub const SCHEMA: u32 = 1;
