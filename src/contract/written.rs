//! Matching rules and generators in the form in which each version of the specification has them.

use pact_models::headers::parse_header;
use pact_models::xml_utils::parse_bytes;
use serde_json::{Map, Value, json};

use super::model::SpecVersion;
use super::path::{Step, display_steps};
use super::pointer::join_key;
use super::rule::Category;
use super::since::in_words_of;

/// The rules and generators of one request, answer or message, to be written into a pact.
#[derive(Debug, Clone)]
pub struct WrittenRules {
    version: SpecVersion,
    rules: Map<String, Value>,
    generators: Map<String, Value>,
}

impl WrittenRules {
    /// No rules yet, for a pact of a version.
    #[must_use]
    pub fn new(version: SpecVersion) -> Self {
        Self { version, rules: Map::new(), generators: Map::new() }
    }

    /// Adds a rule: how its matchers are combined, and these. `path` is a path in a body, or the
    /// name of a header, parameter or value. Returns the pointer to what was written.
    ///
    /// Up to version 2 only the first matcher has a place.
    pub fn rule(&mut self, category: Category, path: &str, (combine, matchers): (&str, &[Value])) -> String {
        let words = matchers.iter().map(|matcher| in_words_of(self.version, matcher.clone()));
        if self.version >= SpecVersion::V3 {
            let rule = json!({ "combine": combine, "matchers": words.collect::<Value>() });
            return format!("/matchingRules{}", put(&mut self.rules, category, path, rule));
        }
        let path = match category {
            Category::Body => format!("$.body{}", path.trim_start_matches('$')),
            Category::Header => named("headers", path),
            Category::Query => named("query", path),
            other => format!("$.{}", other.word()),
        };
        let pointer = join_key("/matchingRules", &path);
        self.rules.insert(path, words.into_iter().next().unwrap_or_default());
        pointer
    }

    /// Adds a generator, and returns the pointer to it.
    pub fn generator(&mut self, category: Category, path: &str, generator: Value) -> String {
        format!("/generators{}", put(&mut self.generators, category, path, generator))
    }

    /// Writes what there is into a request, answer or message.
    pub fn write(self, part: &mut Map<String, Value>) {
        for (name, all) in [("generators", self.generators), ("matchingRules", self.rules)] {
            if !all.is_empty() {
                part.insert(name.to_owned(), all.into());
            }
        }
    }
}

/// The texts of a header as a pact of this version has them. What HTTP takes for a list, as `Allow: GET,
/// POST`, is one: an answer is taken apart in the same way.
#[must_use]
pub fn written_header(version: SpecVersion, name: &str, texts: &[&str]) -> Value {
    if version < SpecVersion::V4 {
        return texts.join(", ").into();
    }
    texts.iter().flat_map(|text| parse_header(name, text)).collect()
}

/// True for a document that can be compared as XML.
#[must_use]
pub fn is_xml(text: &[u8]) -> bool {
    parse_bytes(text).is_ok()
}

fn named(part: &str, name: &str) -> String {
    display_steps(&[Step::Key(part.to_owned()), Step::Key(name.to_owned())])
}

/// Categories with a single value hold it, the others hold it by path or name. Returns the pointer
/// to it.
fn put(all: &mut Map<String, Value>, category: Category, path: &str, value: Value) -> String {
    let pointer = join_key("", category.word());
    if matches!(category, Category::Method | Category::Path | Category::Status) {
        all.insert(category.word().to_owned(), value);
        return pointer;
    }
    if let Value::Object(by_path) = all.entry(category.word()).or_insert_with(|| json!({})) {
        by_path.insert(path.to_owned(), value);
    }
    join_key(&pointer, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(version: SpecVersion) -> String {
        let mut rules = WrittenRules::new(version);
        let moment = [json!({"match": "datetime", "format": "yyyy"})];
        let mut pointers = vec![
            rules.rule(Category::Path, "", ("AND", &[json!({"match": "regex", "regex": "/.*"})])),
            rules.rule(Category::Header, "X-Id", ("AND", &[json!({"match": "type"})])),
            rules.rule(Category::Query, "a b", ("AND", &[json!({"match": "type"})])),
            rules.rule(Category::Body, "$.at", ("OR", &moment)),
        ];
        if version > SpecVersion::V2 {
            pointers.push(rules.generator(Category::Body, "$.at", json!({"type": "DateTime"})));
        }
        let mut part = Map::new();
        rules.write(&mut part);
        for pointer in &pointers {
            assert!(Value::from(part.clone()).pointer(pointer).is_some(), "{pointer} leads nowhere");
        }
        Value::from(part).to_string()
    }

    #[test]
    fn each_version_has_its_form() {
        insta::assert_snapshot!(written(SpecVersion::V2), @r#"{"matchingRules":{"$.path":{"match":"regex","regex":"/.*"},"$.headers.X-Id":{"match":"type"},"$.query['a b']":{"match":"type"},"$.body.at":{"match":"datetime","format":"yyyy"}}}"#);
        insta::assert_snapshot!(written(SpecVersion::V3), @r#"{"generators":{"body":{"$.at":{"type":"DateTime"}}},"matchingRules":{"path":{"combine":"AND","matchers":[{"match":"regex","regex":"/.*"}]},"header":{"X-Id":{"combine":"AND","matchers":[{"match":"type"}]}},"query":{"a b":{"combine":"AND","matchers":[{"match":"type"}]}},"body":{"$.at":{"combine":"OR","matchers":[{"match":"timestamp","format":"yyyy"}]}}}}"#);
        insta::assert_snapshot!(written(SpecVersion::V4), @r#"{"generators":{"body":{"$.at":{"type":"DateTime"}}},"matchingRules":{"path":{"combine":"AND","matchers":[{"match":"regex","regex":"/.*"}]},"header":{"X-Id":{"combine":"AND","matchers":[{"match":"type"}]}},"query":{"a b":{"combine":"AND","matchers":[{"match":"type"}]}},"body":{"$.at":{"combine":"OR","matchers":[{"match":"datetime","format":"yyyy"}]}}}}"#);
    }
}
