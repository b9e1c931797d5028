//! The contracts that could be verified, and which of them are about the provider.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::course::Subject;
use super::nothing;
use crate::finding::Finding;
use crate::replay::Source;
use crate::source::{self, Access, FindError, Loaded};

/// Contracts, whichever providers they are about, and what was noticed while they were read.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The contracts without defects, in the order in which they were given.
    pub sources: Vec<Source>,
    /// What is wrong with the others, and what is worth saying about these.
    pub findings: Vec<Finding>,
    /// How many pacts there were, those with defects included.
    pub pacts: usize,
    /// Directories that were not entered, and in which somebody may believe to have pacts.
    pub left_out: Vec<PathBuf>,
}

/// The contracts are about several providers, and it was not said which one is meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pacts are about several providers: {}", providers.join(", "))]
pub struct SeveralProviders {
    /// The providers, by name.
    pub providers: Vec<String>,
}

/// Reads the pacts that files, directories, patterns and addresses mean.
///
/// # Errors
/// When one of them means nothing at all. What is wrong with a pact is a finding.
pub fn gather(paths: &[String], access: &Access) -> Result<Gathered, FindError> {
    Ok(source::load(&source::find(paths)?, access).into())
}

impl From<Loaded> for Gathered {
    fn from(loaded: Loaded) -> Self {
        Self {
            sources: loaded.contracts.into_iter().map(Source::from).collect(),
            findings: loaded.findings,
            pacts: loaded.pacts,
            left_out: loaded.left_out,
        }
    }
}

/// The contracts about one provider: the one that is named, or the only one there is.
///
/// # Errors
/// When none is named and there are several.
pub fn about(gathered: Gathered, named: Option<&str>) -> Result<Subject, SeveralProviders> {
    let Gathered { sources, mut findings, pacts, left_out: _ } = gathered;
    let providers: BTreeSet<&str> = sources.iter().map(|source| source.contract.provider.as_str()).collect();
    let provider = match (named, providers.len()) {
        (Some(name), _) => name.to_owned(),
        (None, 0) => "the provider".to_owned(),
        (None, 1) => providers.first().map(|name| (*name).to_owned()).unwrap_or_default(),
        (None, _) => {
            return Err(SeveralProviders { providers: providers.into_iter().map(str::to_owned).collect() });
        }
    };
    if sources.is_empty() && pacts > 0 {
        findings.push(nothing::unreadable(pacts));
    } else if !providers.contains(provider.as_str()) {
        findings.push(nothing::no_pacts(&provider, &providers));
    }
    let sources = sources.into_iter().filter(|source| source.contract.provider == provider);
    let sources = sources.map(Arc::new).collect();
    Ok(Subject { sources, provider, findings, shared: None, settled: Vec::new() })
}
