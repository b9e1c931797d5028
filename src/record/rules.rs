//! Matching rules and generators of one request or answer, in the form of the wanted version.

use serde_json::{Map, Value, json};

use super::reader::Reader;
use super::tree::At;
use crate::contract::{SpecVersion, join_key};
use crate::finding::Code;

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
        json!({ "combine": if self.any { "OR" } else { "AND" }, "matchers": self.matchers })
    }
}

/// The rules and generators of one request or answer.
#[derive(Debug)]
pub(super) struct Rules {
    version: SpecVersion,
    matching: Map<String, Value>,
    generators: Map<String, Value>,
    /// Where each rule and generator is written, by its pointer in the request or answer.
    places: Vec<(String, At)>,
}

impl Rules {
    pub(super) fn new(version: SpecVersion) -> Self {
        Self { version, matching: Map::new(), generators: Map::new(), places: Vec::new() }
    }

    /// Adds a rule. `path` is a path in a body, the name of a header or parameter, or nothing.
    pub(super) fn rule(&mut self, reader: &mut Reader, category: &str, path: &str, (rule, at): (&Rule, At)) {
        for matcher in &rule.matchers {
            self.refuse_new(reader, matcher, at);
        }
        if self.version >= SpecVersion::V3 {
            let pointer = put(&mut self.matching, category, path, rule.json());
            self.places.push((format!("/matchingRules{pointer}"), at));
            return;
        }
        if rule.matchers.len() > 1 {
            needs(reader, self.version, SpecVersion::V3, ("several matchers for one value", at));
        }
        let path = match category {
            "body" => format!("$.body{}", path.trim_start_matches('$')),
            "header" => format!("$.headers{}", field(path)),
            "query" => format!("$.query{}", field(path)),
            other => format!("$.{other}"),
        };
        self.places.push((join_key("/matchingRules", &path), at));
        self.matching.insert(path, rule.matchers.first().cloned().unwrap_or_default());
    }

    /// Adds a generator.
    pub(super) fn generator(
        &mut self,
        reader: &mut Reader,
        (category, path): (&str, &str),
        (generator, at): (Value, At),
    ) {
        let kind = generator["type"].as_str().unwrap_or_default();
        let is_late = matches!(kind, "MockServerURL" | "ProviderState");
        let since = if is_late || !generator["format"].is_null() && kind == "Uuid" {
            SpecVersion::V4
        } else {
            SpecVersion::V3
        };
        needs(reader, self.version, since, (&format!("the generator `{kind}`"), at));
        let pointer = put(&mut self.generators, category, path, generator);
        self.places.push((format!("/generators{pointer}"), at));
    }

    /// Writes what there is into a request or answer, and returns where it is written by people.
    pub(super) fn write(self, part: &mut Map<String, Value>) -> Vec<(String, At)> {
        for (name, all) in [("matchingRules", self.matching), ("generators", self.generators)] {
            if !all.is_empty() {
                part.insert(name.to_owned(), all.into());
            }
        }
        self.places
    }

    fn refuse_new(&self, reader: &mut Reader, matcher: &Value, at: At) {
        let word = matcher["match"].as_str().unwrap_or_default();
        let since = match word {
            "regex" | "type" => SpecVersion::V2,
            "equality" | "include" | "number" | "integer" | "decimal" | "null" | "date" | "time"
            | "timestamp" | "values" => SpecVersion::V3,
            _ => SpecVersion::V4,
        };
        needs(reader, self.version, since, (&format!("the matcher `{word}`"), at));
    }
}

/// Categories with a single value hold the rule itself, the others hold it by path or name. Returns
/// the pointer to it.
fn put(all: &mut Map<String, Value>, category: &str, path: &str, value: Value) -> String {
    let pointer = join_key("", category);
    if matches!(category, "method" | "path" | "status") {
        all.insert(category.to_owned(), value);
        return pointer;
    }
    if let Value::Object(by_path) = all.entry(category).or_insert_with(|| json!({})) {
        by_path.insert(path.to_owned(), value);
    }
    join_key(&pointer, path)
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
