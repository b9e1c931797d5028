//! A place in the document that is being read, and the list of what is wrong with it.
//!
//! The reading code asks a cursor for what the format has there (`text`, `items`, `whole_number`);
//! a value that is something else becomes a finding with its position, and reading goes on, so
//! that one run reports every defect. A clean pact never works out a position.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use serde_json::Value;

use super::keys::probably_meant;
use super::pattern::Patterns;
use crate::contract::document::Document;
use crate::contract::pointer::{Pointer, join_index, join_key};
use crate::finding::{Code, Finding, Place, Weight};

/// The longest message in characters.
const LONGEST_MESSAGE: usize = 400;

/// What holds for the whole reading of one document.
pub(super) struct Context<'a> {
    document: &'a Document,
    findings: RefCell<Vec<Finding>>,
    plugins: Cell<&'a [Value]>,
    defects: Cell<usize>,
    misspelt: RefCell<HashMap<Pointer, Vec<Misspelt>>>,
    patterns: Patterns,
}

/// A key that was told to be misspelt.
struct Misspelt {
    key: String,
    meant: String,
}

/// A value in the document and the way to it.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    context: &'a Context<'a>,
    /// The value itself.
    pub(super) value: &'a Value,
    /// The way to it from the root.
    pub(super) pointer: Pointer,
}

impl<'a> Context<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self {
            document,
            findings: RefCell::default(),
            plugins: Cell::new(&[]),
            defects: Cell::new(0),
            misspelt: RefCell::default(),
            patterns: Patterns::default(),
        }
    }

    /// The whole document.
    pub(super) fn root(&'a self) -> Cursor<'a> {
        Cursor { context: self, value: self.document.value(), pointer: Pointer::new() }
    }

    /// Pointers to keys that stand more than once in their object.
    pub(super) fn duplicates(&self) -> &'a [Pointer] {
        self.document.duplicates()
    }

    /// True when every number of the document stands as it would be written again.
    pub(super) fn has_plain_numbers(&self) -> bool {
        self.document.has_plain_numbers()
    }

    /// Notes which plugins the pact's metadata lists.
    pub(super) fn set_plugins(&self, plugins: &'a [Value]) {
        self.plugins.set(plugins);
    }

    /// The names of the plugins that the pact's metadata lists.
    pub(super) fn plugin_names(&self) -> Vec<String> {
        let name = |plugin: &Value| plugin.get("name").and_then(Value::as_str).map(str::to_owned);
        self.plugins.get().iter().filter_map(name).collect()
    }

    /// The patterns of rules that were compiled up to now.
    pub(super) fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// How many defects were found up to now.
    pub(super) fn defects(&self) -> usize {
        self.defects.get()
    }

    /// Everything that was said, in the order of the file.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings = self.findings.take();
        findings.sort_by_key(|finding| finding.location.as_ref().map(|at| (at.line, at.column)));
        findings
    }
}

impl<'a> Cursor<'a> {
    /// What holds for the whole document.
    pub(super) fn context(&self) -> &'a Context<'a> {
        self.context
    }

    /// The line in which it stands.
    pub(super) fn line(&self) -> u32 {
        self.context.document.location(&self.pointer).line
    }

    /// The last part of the way here: the key of the value, with the position for an item.
    pub(super) fn name(&self) -> String {
        let (above, last) = self.pointer.rsplit_once('/').unwrap_or_default();
        let plain = |part: &str| part.replace("~1", "/").replace("~0", "~");
        let is_position = !last.is_empty() && last.chars().all(|c| c.is_ascii_digit());
        match above.rsplit_once('/') {
            Some((_, whole)) if is_position => format!("{}[{last}]", plain(whole)),
            _ => plain(last),
        }
    }

    /// The value under a key, unless the key is missing or this is no object. What stands under a key
    /// that was told to be this one, misspelt, is read as well, so that its defects show.
    pub(super) fn key(&self, key: &str) -> Option<Self> {
        self.written(key).or_else(|| self.written(&self.misspelt_as(key)?))
    }

    fn written(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| Self { value, ..self.below(join_key(&self.pointer, key)) })
    }

    /// The key that was told to be `key`, misspelt.
    fn misspelt_as(&self, key: &str) -> Option<String> {
        let misspelt = self.context.misspelt.borrow();
        if misspelt.is_empty() {
            return None;
        }
        misspelt.get(&self.pointer)?.iter().find(|it| it.meant == key).map(|it| it.key.clone())
    }

    /// The value under a key that decides which others there are, also when it is misspelt among
    /// those that there can be.
    pub(super) fn deciding(&self, key: &str, known: &[&str]) -> Option<Self> {
        self.key(key).or_else(|| {
            self.check_free_keys(known);
            self.key(key)
        })
    }

    /// The value under a key, where `null` counts as missing.
    pub(super) fn filled(&self, key: &str) -> Option<Self> {
        self.key(key).filter(|cursor| !cursor.value.is_null())
    }

    /// The value under the first of several keys that is there.
    pub(super) fn first_of(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().find_map(|key| self.key(key))
    }

    /// The keys and values of an object; nothing for anything else.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        self.entries_but(&[])
    }

    /// The keys and values of an object, without those that are known.
    fn entries_but<'k>(&self, known: &'k [&'k str]) -> impl Iterator<Item = (&'a str, Self)> + use<'a, 'k> {
        let here = self.clone();
        let others = self.value.as_object().into_iter().flatten();
        others.filter(move |(key, _)| !known.contains(&key.as_str())).map(move |(key, value)| {
            (key.as_str(), Self { value, ..here.below(join_key(&here.pointer, key)) })
        })
    }

    /// The items of a list; a finding for anything else.
    pub(super) fn items(&self) -> Vec<Self> {
        let Some(items) = self.value.as_array() else {
            self.refuse_type("a list");
            return Vec::new();
        };
        let item = |(index, value)| Self { value, ..self.below(join_index(&self.pointer, index)) };
        items.iter().enumerate().map(item).collect()
    }

    /// True for an object whose keys are known or at least resemble none of the known ones; a
    /// finding for anything else.
    pub(super) fn is_object_of(&self, known: &[&str]) -> bool {
        if !self.value.is_object() {
            self.refuse_type("an object");
            return false;
        }
        self.check_keys(known);
        true
    }

    /// A finding for each key that is not known here.
    pub(super) fn check_keys(&self, known: &[&str]) {
        for (key, entry) in self.entries_but(known) {
            if is_extension(key) {
                continue;
            }
            if let Some(meant) = probably_meant(key, known.iter().copied()) {
                self.misspells(key, meant, &entry);
            } else {
                entry.say(Code::UnknownKey, format!("`{key}` is not known here and is ignored"), "");
            }
        }
    }

    /// A finding for each key that looks like a misspelt known one, where other keys are free.
    pub(super) fn check_free_keys(&self, known: &[&str]) {
        for (key, entry) in self.entries_but(known) {
            if let Some(meant) = probably_meant(key, known.iter().copied()) {
                self.misspells(key, meant, &entry);
            }
        }
    }

    /// Tells once of a key that was meant to be another, and remembers it.
    fn misspells(&self, key: &str, meant: &str, entry: &Self) {
        let mut misspelt = self.context.misspelt.borrow_mut();
        let here = misspelt.entry(self.pointer.clone()).or_default();
        if here.iter().any(|known| known.key == key) {
            return;
        }
        here.push(Misspelt { key: key.to_owned(), meant: meant.to_owned() });
        let message = format!("`{key}` is not a key of a pact and would have no effect");
        entry.say(Code::MisspeltKey, message, format!("did you mean `{meant}`?"));
    }

    /// The text; a finding for anything else.
    pub(super) fn text(&self) -> Option<&'a str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.refuse_type("a text");
        }
        text
    }

    /// The text, or a number or truth value as text; a finding for anything else.
    pub(super) fn scalar(&self) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(self.value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                self.refuse_type("a text");
                None
            }
        }
    }

    /// True or false; a finding for anything else.
    pub(super) fn truth(&self) -> Option<bool> {
        let truth = self.value.as_bool();
        if truth.is_none() {
            self.refuse_type("true or false");
        }
        truth
    }

    /// A whole number within bounds, both included; a finding for anything else.
    pub(super) fn whole_number(&self, least: i64, most: i64) -> Option<i64> {
        let Value::Number(number) = self.value else {
            self.refuse_type("a whole number");
            return None;
        };
        if number.is_f64() {
            self.value_says(Code::BadType, format!("`{}` is {number}, not a whole number", self.name()), "");
            return None;
        }
        let found = number.as_i64().filter(|found| (least..=most).contains(found));
        if found.is_none() {
            let bounds = match (least, most) {
                (least, i64::MAX) => format!("{least} or more"),
                (least, most) => format!("{least} to {most}"),
            };
            let message = format!("`{}` is {number}, and must be {bounds}", self.name());
            self.value_says(Code::OutOfRange, message, "");
        }
        found
    }

    /// Says that a key is missing from this object, unless it is there in a misspelt form, of
    /// which the check of the keys has told already.
    pub(super) fn lacks(&self, key: &str, why: &str) {
        if !self.has_misspelt(key) {
            self.say(Code::MissingKey, format!("`{key}` is missing{why}"), "");
        }
    }

    /// True when the check of the keys has told of one that was meant to be `key`.
    pub(super) fn has_misspelt(&self, key: &str) -> bool {
        let misspelt = |(other, _): (&str, Self)| {
            !is_extension(other) && probably_meant(other, std::iter::once(key)).is_some()
        };
        !self.context.misspelt.borrow().is_empty() && self.entries().any(misspelt)
    }

    /// Says that the value should have been something else.
    pub(super) fn refuse_type(&self, wanted: &str) {
        let here =
            if self.pointer.is_empty() { "the document".to_owned() } else { format!("`{}`", self.name()) };
        self.value_says(Code::BadType, format!("{here} is {}, not {wanted}", kind(self.value)), "");
    }

    /// Adds a finding at the key; an empty help is none.
    pub(super) fn say(&self, code: Code, message: impl Into<String>, help: impl Into<String>) {
        let location = self.context.document.location(&self.pointer);
        self.add(Finding::new(code, Place::Pact, message).with_location(location), help.into());
    }

    /// Adds a finding at the value; an empty help is none.
    pub(super) fn value_says(&self, code: Code, message: impl Into<String>, help: impl Into<String>) {
        let location = self.context.document.value_location(&self.pointer);
        self.add(Finding::new(code, Place::Pact, message).with_location(location), help.into());
    }

    fn add(&self, mut finding: Finding, help: String) {
        shorten(&mut finding.message);
        let context = self.context;
        if finding.weight() != Weight::Warning {
            context.defects.set(context.defects.get() + 1);
        }
        let finding = if help.is_empty() { finding } else { finding.with_help(help) };
        context.findings.borrow_mut().push(finding);
    }

    /// The text of the value under a key.
    pub(super) fn source(&self, key: &str) -> Option<&'a str> {
        self.context.document.source(&join_key(&self.pointer, key))
    }

    /// The same value, with findings said of another place.
    pub(super) fn speaking_of(&self, pointer: &str) -> Self {
        self.below(pointer.to_owned())
    }

    /// The same cursor at another pointer; the caller replaces the value.
    fn below(&self, pointer: Pointer) -> Self {
        Self { context: self.context, value: self.value, pointer }
    }
}

/// Cuts what a pact may have put into a message, such as a pattern of many thousand characters.
fn shorten(message: &mut String) {
    if let Some((cut, _)) = message.char_indices().nth(LONGEST_MESSAGE) {
        message.truncate(cut);
        message.push('…');
    }
}

/// Keys that tools add for themselves.
fn is_extension(key: &str) -> bool {
    key.starts_with("x-") || key.starts_with('_')
}

/// What a value is, in words that fit behind "is".
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
