//! What the integration tests share.

pub(crate) mod asking;
pub(crate) mod case;
pub(crate) mod case_options;
pub(crate) mod command;
pub(crate) mod consumer;
pub(crate) mod data;
pub(crate) mod gate;
pub(crate) mod history;
pub(crate) mod plain_http;
pub(crate) mod projection;
pub(crate) mod provider;
pub(crate) mod question;
#[cfg(unix)]
pub(crate) mod served;
pub(crate) mod sharing;
pub(crate) mod slow_gate;
pub(crate) mod tls;
