//! What the integration tests share.

pub(crate) mod case;
pub(crate) mod case_options;
pub(crate) mod command;
pub(crate) mod data;
pub(crate) mod projection;
pub(crate) mod provider;
