//! Interactions as people write them, made into a pact.
//!
//! A file of interactions (YAML, TOML or JSON) says what a consumer expects of a provider: plain
//! examples, and beside them or inside them what may differ. Reading it is pure: text in, a contract
//! or every finding with its line and column out. Whatever comes out has passed the same strict
//! reader as any other pact, and of what that reader only warns nothing is let through, for here the
//! author sits in front of it.
//!
//! `draft` goes the other way: from the calls that were seen to a file to start from.

mod build;
mod draft;
mod exchange;
mod generator;
mod interactions;
mod matcher;
mod parse;
mod reader;
mod rules;
mod schema;
mod template;

pub use self::draft::{Between, Said, Seen, draft};
pub use self::interactions::{Recording, Source, Wanted, read};
pub use self::schema::schema;
