//! Reads what is to be published. One defect in one file, and nothing is.

use std::path::Path;

use super::text::counted;
use crate::cli::sharing::answer::AnswerArguments;
use crate::cli::verify::found;
use crate::cli::{Failure, rendering, stdio};
use crate::contract::{self, Contract};
use crate::finding::Weight;
use crate::name::{Application, did_you_mean, quoted};
use crate::recording::{Folder, Pending};
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

/// Refuses what nobody has decided about yet: beside one of the pacts, or in a folder that is published,
/// another one waits for a review.
pub(super) fn refuse_undecided(
    paths: &[String],
    contracts: &[Contract],
    consumers: &[Application],
) -> Result<(), Failure> {
    let mut waiting: Vec<Pending> = contracts
        .iter()
        .map(|contract| Pending::of(Path::new(contract.file())))
        .filter(|pending| pending.path.exists())
        .collect();
    for folder in paths.iter().map(Path::new).filter(|path| path.is_dir()) {
        let pending = Folder::of(folder.to_owned()).pending().map_err(|error| {
            Failure::could_not_find_out(format!("{} cannot be read", folder.display())).because(&error)
        })?;
        waiting.extend(pending.into_iter().filter(|pending| is_wanted(pending, consumers)));
    }
    let Some(pending) = waiting.first() else { return Ok(()) };
    let review = match pending.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => format!("pactwright review --pacts {}", quoted(&folder.display().to_string())),
        None => "pactwright review --pacts .".to_owned(),
    };
    let message = format!("{} waits for a review, so nothing was published", pending.path.display());
    Err(Failure::asked_wrongly(message).hint(review))
}

/// True when a pact that waits may be one of those that are published.
fn is_wanted(pending: &Pending, consumers: &[Application]) -> bool {
    let text = std::fs::read(&pending.path).unwrap_or_default();
    let contract = contract::read(&pending.path.to_string_lossy(), text).contract;
    contract.is_none_or(|contract| is_of(&contract, consumers))
}

fn is_of(contract: &Contract, consumers: &[Application]) -> bool {
    consumers.is_empty() || consumers.iter().any(|name| name.as_str() == contract.consumer)
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
    contracts.retain(|contract| is_of(contract, consumers));
    Ok(contracts)
}
