//! Reads maps whose keys are known, and collects every problem on the way.

use crate::finding::{Code, Finding, Location, Place};
use crate::name::did_you_mean;
use crate::yaml::{At, Data, Field, Node};

/// What is wrong with a file, as it is found.
#[derive(Debug)]
pub(super) struct Reader {
    file: String,
    text: String,
    pub(super) findings: Vec<Finding>,
}

impl Reader {
    pub(super) fn new(file: &str, text: &str) -> Self {
        Self { file: file.to_owned(), text: text.to_owned(), findings: Vec::new() }
    }

    /// A number as it stands in the file, when it reads otherwise: `1.10` is the number 1.1.
    pub(super) fn other_text(&self, (line, column): At, read: &str) -> Option<String> {
        let line = self.text.lines().nth(line.checked_sub(1)? as usize)?;
        let rest = line.chars().skip(column.checked_sub(1)? as usize);
        let written: String = rest.take_while(|c| !c.is_whitespace() && !",]}#".contains(*c)).collect();
        let is_number = written.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
        (is_number && written != read).then_some(written)
    }

    /// Notes a problem.
    pub(super) fn say(&mut self, code: Code, at: At, message: impl Into<String>) {
        self.note(code, at, message, None);
    }

    /// Notes a problem and what to do about it.
    pub(super) fn advise(&mut self, code: Code, at: At, message: impl Into<String>, help: impl Into<String>) {
        self.note(code, at, message, Some(help.into()));
    }

    fn note(&mut self, code: Code, at: At, message: impl Into<String>, help: Option<String>) {
        let mut finding = Finding::new(code, Place::Pact, message).with_location(self.location(at));
        finding.help = help;
        self.findings.push(finding);
    }

    /// A place in the file.
    pub(super) fn location(&self, (line, column): At) -> Location {
        Location { file: self.file.clone(), line, column }
    }

    /// The fields of a map in which only `known` keys may stand. `what` is what the map is.
    pub(super) fn fields<'a>(&mut self, node: &'a Node, known: &[&str], what: &str) -> &'a [Field] {
        let Data::Map(fields) = &node.data else {
            self.say(Code::BadType, node.at, format!("{what} is a map, and this is {}", node.kind()));
            return &[];
        };
        for field in fields.iter().filter(|field| !known.contains(&field.key.as_str())) {
            self.unknown(field, known, what);
        }
        fields
    }

    fn unknown(&mut self, field: &Field, known: &[&str], what: &str) {
        let message = format!("{what} has no `{}`", field.key);
        let help = did_you_mean(&field.key, known.iter().copied())
            .unwrap_or_else(|| format!("it has: {}", known.join(", ")));
        self.advise(Code::MisspeltKey, field.at, message, help);
    }

    /// A text that is needed.
    pub(super) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        match node.text() {
            Some(text) if !text.trim().is_empty() => Some(text.to_owned()),
            Some(_) => {
                self.say(Code::MissingKey, node.at, format!("{what} is empty"));
                None
            }
            None => {
                self.say(Code::BadType, node.at, format!("{what} is a text, and this is {}", node.kind()));
                None
            }
        }
    }

    /// A whole number that is not negative.
    pub(super) fn count(&mut self, node: &Node, what: &str) -> Option<usize> {
        let number = match &node.data {
            Data::Number(number) => number.as_u64().and_then(|number| usize::try_from(number).ok()),
            _ => None,
        };
        if number.is_none() {
            self.say(Code::BadType, node.at, format!("{what} is a whole number, not negative"));
        }
        number
    }
}
