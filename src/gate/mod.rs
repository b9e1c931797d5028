//! May this be deployed, may this be merged? Asked of the facts, with nothing else within reach: no
//! store, no clock, no environment. The day is handed in, because waivers end.
//!
//! The semantics are those of the Pact Broker's matrix, and stricter where that one can say yes to what
//! nobody has looked at: every version that runs in the target must have been verified, not any
//! of them; and a target that nobody has ever heard of is no target.

mod decide;
mod explain;
mod explanation;
mod question;
mod verdict;

pub use self::decide::{decide, resolve};
pub use self::explain::{ONLY_TRIED, Sources, explain};
pub use self::explanation::{
    Cause, Explanation, Message, Row, Side, SideVersion, Summary, VerificationResult, WaiverText, Word,
};
pub use self::question::{BadQuestion, Ignore, Question, Selector, Target, Which};
pub use self::verdict::{Decision, Integration, NoTarget, Notice, Party, Tally, Unverified, Verdict};
