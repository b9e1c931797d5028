//! Reads what is to be published. One defect in one file, and nothing is.

use crate::cli::verify::found;
use crate::cli::{Failure, rendering, stdio};
use crate::contract::Contract;
use crate::finding::Weight;
use crate::report;
use crate::report::Colour;
use crate::report::lint::Lint;
use crate::source::{self, Access};

/// The contracts in some files, all of them sound.
pub(super) fn contracts(paths: &[String], is_strict: bool) -> Result<Vec<Contract>, Failure> {
    if let Some(address) = paths.iter().find(|path| path.contains("://")) {
        return Err(Failure::asked_wrongly(format!("{address} is not a file"))
            .hint("what is published lies in files: download it first"));
    }
    let found = found(paths)?;
    let loaded = source::load(&found, &Access::default());
    let lint = Lint {
        pacts: loaded.pacts,
        interactions: loaded.contracts.iter().map(|contract| contract.interactions.len()).sum(),
        strict: is_strict,
        findings: loaded.findings,
    };
    if lint.findings.iter().any(|finding| finding.weight() != Weight::Warning) || lint.errors() > 0 {
        stdio::say(&rendering::to_text(|out| report::lint::text(&lint, Colour::Always, out))?)?;
        return Err(Failure::asked_wrongly("nothing was published: a contract has a defect"));
    }
    if lint.warnings() > 0 {
        stdio::note(&format!(
            "{} warnings: `pactwright lint {}` shows them",
            lint.warnings(),
            paths.join(" ")
        ));
    }
    if loaded.contracts.is_empty() {
        return Err(Failure::could_not_find_out("no pact was found, so nothing was published")
            .hint("in a directory, only files ending in .json are read"));
    }
    Ok(loaded.contracts)
}
