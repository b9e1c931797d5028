//! Reads what is to be published. One defect in one file, and nothing is.

use super::text::counted;
use crate::cli::sharing::answer::AnswerArguments;
use crate::cli::verify::found;
use crate::cli::{Failure, rendering, stdio};
use crate::contract::Contract;
use crate::finding::Weight;
use crate::name::{Application, did_you_mean, quoted};
use crate::report;
use crate::report::Colour;
use crate::report::lint::Lint;
use crate::source::{self, Access};

/// The contracts in some files, all of them sound; what is wrong with them is said in the form of the answer.
pub(super) fn contracts(
    paths: &[String],
    is_strict: bool,
    answer: AnswerArguments,
) -> Result<Vec<Contract>, Failure> {
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
        stdio::say(&rendering::to_text(|out| {
            if answer.is_json() {
                report::lint::json(&lint, out)
            } else {
                report::lint::text(&lint, Colour::Always, out)
            }
        })?)?;
        return Err(Failure::asked_wrongly("nothing was published: a contract has a defect"));
    }
    if lint.warnings() > 0 {
        let paths: Vec<_> = paths.iter().map(|path| quoted(path)).collect();
        stdio::note(&format!(
            "{}: `pactwright lint {}` shows more",
            counted(lint.warnings(), "warning"),
            paths.join(" ")
        ));
    }
    if loaded.contracts.is_empty() {
        return Err(Failure::could_not_find_out("no pact was found, so nothing was published")
            .hint("in a directory, only files ending in .json are read"));
    }
    if let Some(empty) = loaded.contracts.iter().find(|contract| contract.interactions.is_empty()) {
        let (consumer, provider, file) = (&empty.consumer, &empty.provider, empty.file());
        return Err(Failure::asked_wrongly(format!(
            "{file}: the pact of {consumer} with {provider} has no interaction"
        ))
        .hint("nothing could ever verify it; leave the file out when nothing is asked of that provider"));
    }
    Ok(loaded.contracts)
}

/// Those of the named consumers; all when none is named.
pub(super) fn of_consumers(
    mut contracts: Vec<Contract>,
    consumers: &[Application],
) -> Result<Vec<Contract>, Failure> {
    for name in consumers {
        let known = || contracts.iter().map(|contract| contract.consumer.as_str());
        if !known().any(|consumer| consumer == name.as_str()) {
            let near = did_you_mean(name.as_str(), known());
            let failure = Failure::could_not_find_out(format!("none of the pacts is of {name}"));
            return Err(near.into_iter().fold(failure, Failure::hint));
        }
    }
    let is_wanted = |contract: &Contract| {
        consumers.is_empty() || consumers.iter().any(|name| name.as_str() == contract.consumer)
    };
    contracts.retain(is_wanted);
    Ok(contracts)
}
