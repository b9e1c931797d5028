//! What a pact that waits for a review changes, for people.

use std::path::Path;

use crate::cli::{Failure, rendering};
use crate::compat::{Class, Compared, diff_all};
use crate::consumer::NOT_READ;
use crate::contract::{self, Contract};
use crate::finding::Weight;
use crate::recording::Pending;
use crate::report::{self, Colour};

/// What changes from one text of a pact to another; `None` before the first.
pub(crate) struct Change {
    compared: Vec<Compared>,
    /// What the examples have and the consumer does not read, as far as it is new.
    not_read: Vec<String>,
}

impl Change {
    /// Compares two texts, each read as strictly as any pact.
    pub(crate) fn of(pending: &Pending, before: Option<&str>, after: &str) -> Result<Self, Failure> {
        let before = before.map(|text| read(&pending.committed, text)).transpose()?;
        let before: Vec<Contract> = before.into_iter().collect();
        let after = [read(&pending.path, after)?];
        let known = not_read(&before);
        let not_read = not_read(&after).into_iter().filter(|line| !known.contains(line)).collect();
        Ok(Self { compared: diff_all(&before, &after), not_read })
    }

    /// Compares a committed text with one that is recorded and is written nowhere.
    pub(crate) fn unwritten(committed: &Path, before: Option<&str>, after: &str) -> Result<Self, Failure> {
        let path = format!("{} (as recorded)", committed.display()).into();
        Self::of(&Pending { path, committed: committed.to_owned() }, before, after)
    }

    /// The changes with what each means for the provider.
    pub(crate) fn text(&self) -> Result<String, Failure> {
        let mut text = if self.compared.iter().all(|compared| compared.changes.is_empty()) {
            "  the same for the provider: only the form or what is written beside has changed\n".to_owned()
        } else {
            rendering::to_text(|out| report::diff::text(&self.compared, Colour::Always, out))?
        };
        text.push_str(&self.not_read());
        Ok(text)
    }

    /// A line for each interaction whose example has more than the consumer reads.
    pub(crate) fn not_read(&self) -> String {
        self.not_read.iter().flat_map(|line| ["  ", line, "\n"]).collect()
    }

    /// The changes in a few words: `2 demand more, 1 demands the same`.
    pub(crate) fn summary(&self) -> String {
        let changes = || self.compared.iter().flat_map(|compared| &compared.changes);
        let count = |class: Class| changes().filter(|change| change.class() == class).count();
        let words = [Class::DemandsMore, Class::DemandsLess, Class::SameDemand]
            .into_iter()
            .map(|class| (count(class), class.words()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, words)| format!("{count} x {words}"));
        let words: Vec<_> = words.collect();
        if words.is_empty() { "the same for the provider".to_owned() } else { words.join(", ") }
    }
}

fn not_read(contracts: &[Contract]) -> Vec<String> {
    let interactions = contracts.iter().flat_map(|contract| &contract.interactions);
    let remarks = interactions.flat_map(|one| one.comments.text.iter().map(|text| (&one.description, text)));
    let remarks = remarks.filter(|(_, text)| text.starts_with(NOT_READ));
    remarks.map(|(description, text)| format!("\"{description}\": {text}")).collect()
}

fn read(file: &Path, text: &str) -> Result<Contract, Failure> {
    let reading = contract::read(&file.to_string_lossy(), text.as_bytes().to_vec());
    let defect = reading.findings.iter().find(|finding| finding.weight() == Weight::Defect);
    let message = defect.map_or_else(String::new, |finding| finding.message.clone());
    reading.contract.ok_or_else(|| {
        Failure::asked_wrongly(format!("{} is no sound pact: {message}", file.display()))
            .hint(format!("`pactwright lint {}` says all that is wrong", file.display()))
    })
}
