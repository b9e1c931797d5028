//! Matching rules and generators of one request or answer, in the form of the wanted version.

use serde_json::{Map, Value, json};

use super::reader::Reader;
use crate::contract::{Category, SpecVersion, WrittenRules, unsayable_generator, unsayable_rule};
use crate::finding::Code;
use crate::yaml::At;

/// What must hold for a value: matchers, and how they are combined.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    pub(super) matchers: Vec<Value>,
    /// One is enough, instead of all.
    pub(super) any: bool,
}

impl Rule {
    /// A rule of one matcher.
    pub(super) fn of(matcher: Value) -> Self {
        Self { matchers: vec![matcher], any: false }
    }

    /// The rule as versions 3 and 4 write it.
    pub(super) fn json(&self) -> Value {
        json!({ "combine": self.combine(), "matchers": self.matchers })
    }

    fn combine(&self) -> &'static str {
        if self.any { "OR" } else { "AND" }
    }
}

/// The rules and generators of one request or answer.
#[derive(Debug)]
pub(super) struct Rules {
    version: SpecVersion,
    written: WrittenRules,
    /// Where each rule and generator is written, by its pointer in the request or answer.
    places: Vec<(String, At)>,
}

impl Rules {
    pub(super) fn new(version: SpecVersion) -> Self {
        Self { version, written: WrittenRules::new(version), places: Vec::new() }
    }

    /// Adds a rule. `path` is a path in a body, the name of a header or parameter, or nothing.
    pub(super) fn rule(
        &mut self,
        reader: &mut Reader,
        category: Category,
        path: &str,
        (rule, at): (&Rule, At),
    ) {
        for beyond in unsayable_rule(self.version, &rule.matchers) {
            needs(reader, self.version, beyond.since, (&beyond.what, at));
        }
        let pointer = self.written.rule(category, path, (rule.combine(), &rule.matchers));
        self.places.push((pointer, at));
    }

    /// Adds a generator.
    pub(super) fn generator(
        &mut self,
        reader: &mut Reader,
        (category, path): (Category, &str),
        (generator, at): (Value, At),
    ) {
        if let Some(beyond) = unsayable_generator(self.version, &generator) {
            needs(reader, self.version, beyond.since, (&beyond.what, at));
        }
        self.places.push((self.written.generator(category, path, generator), at));
    }

    /// Writes what there is into a request or answer, and returns where it is written by people.
    pub(super) fn write(self, part: &mut Map<String, Value>) -> Vec<(String, At)> {
        self.written.write(part);
        self.places
    }
}

/// Notes that the wanted version cannot say something.
pub(super) fn needs(reader: &mut Reader, version: SpecVersion, since: SpecVersion, (what, at): (&str, At)) {
    if version < since {
        let message = format!("{version} of the specification cannot say {what}");
        reader.advise(Code::VersionTooOld, at, message, format!("it needs {since}"));
    }
}

/// A field as a part of a path.
pub(super) fn field(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(is_plain) { format!(".{name}") } else { format!("['{name}']") }
}
