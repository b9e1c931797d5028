//! Contracts against a specification of the provider: OpenAPI 3.0 and 3.1, and Swagger 2.
//!
//! What a contract allows is compared with what the specification allows, as sets of values. What the
//! consumer sends must be allowed by the specification in every case; what it expects must be something
//! that the specification lets the provider answer. What cannot be decided is said, and never passes.

mod answer;
mod check;
mod choice;
mod document;
mod fit;
mod json_schema;
mod parameters;
mod paths;
mod request;
mod response;
mod rules;
mod scalar;
mod schema;
mod security;
mod spec;
mod style;
mod texts;
mod validate;

pub use self::answer::{Answered, Departure, departures};
pub use self::check::{Checked, Finding, Outcome, check, check_one};
pub use self::document::NotRead;
pub use self::rules::Rule;
pub use self::spec::{Spec, Unsupported};
