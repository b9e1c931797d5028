//! What of a provider may go, as arguments name it.

use clap::Args;

use crate::compat::What;
use crate::contract::RulePath;

/// Only a part of an operation.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct WhatArguments {
    /// Only this field of the bodies, such as $.related or $.items[*].id
    #[arg(long, value_name = "PATH", value_parser = field)]
    field: Option<RulePath>,
    /// Only this answer
    #[arg(long, value_name = "CODE", value_parser = clap::value_parser!(u16).range(100..=599))]
    status: Option<u16>,
    /// Only this parameter
    #[arg(long, value_name = "NAME")]
    query: Option<String>,
    /// Only this header
    #[arg(long, value_name = "NAME")]
    header: Option<String>,
}

/// Reads the path of a field.
pub(crate) fn field(text: &str) -> Result<RulePath, String> {
    RulePath::parse(text).map_err(|error| error.to_string())
}

impl WhatArguments {
    /// What is meant.
    pub(crate) fn what(&self) -> What {
        match (&self.field, self.status, &self.query, &self.header) {
            (Some(path), ..) => What::Field(path.clone()),
            (_, Some(status), ..) => What::Status(status),
            (_, _, Some(name), _) => What::Query(name.clone()),
            (_, _, _, Some(name)) => What::Header(name.clone()),
            _ => What::Everything,
        }
    }
}
