//! Pacts as immutable values, and the only way in which bytes become one.
//!
//! A contract looks the same whichever version of the Pact specification it was read from. The
//! types of the pact crates do not appear in it.

mod broker_hash;
mod canonical;
mod choice;
#[cfg(any(feature = "consumer", feature = "verify"))]
mod decimal;
mod digest;
mod document;
mod http_text;
mod identity;
mod impossible;
mod json_text;
mod known;
mod merge;
mod model;
mod path;
mod pointer;
mod position;
mod read;
mod rule;
mod since;
mod tree;
mod write;
mod written;

pub use self::broker_hash::{broker_hash, broker_interaction_id};
pub use self::canonical::{Canonical, InteractionDigest, canonical};
pub use self::choice::leaves_a_choice;
#[cfg(any(feature = "consumer", feature = "verify"))]
pub(crate) use self::decimal::Decimal;
pub use self::digest::{Digest, InvalidDigest, digest};
pub use self::document::Document;
pub use self::http_text::essence;
pub use self::identity::identity;
pub use self::impossible::{Impossible, impossible};
pub use self::json_text::with_changes;
pub(crate) use self::known::all;
pub use self::merge::{MergeConflict, merge};
pub use self::model::{
    Body, Comments, Content, Contents, Contract, Exchange, Interaction, ProviderState, Query, Request,
    Response, SpecVersion,
};
pub use self::path::{PathError, RulePath, Step, Token, display_steps};
pub use self::pointer::{Pointer, join_index, join_key};
pub use self::read::{
    Likeness, Reading, admits, admits_text, is_event_log, looks_like_a_pact, read, read_document,
};
pub use self::rule::{
    Category, Combine, Generator, Matcher, PlacedGenerator, Rule, StatusClass, Variant, best_rule,
};
pub use self::since::{Unsayable, unsayable_generator, unsayable_rule};
pub use self::write::write;
pub use self::written::{WrittenRules, is_xml, written_header};
