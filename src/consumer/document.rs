//! An expectation written as a pact of one interaction.
//!
//! What is written is then read by the one strict reader there is, so nothing is checked here but
//! whether the wanted version of the specification can say it at all.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::draft::{About, Draft, Exchange, Http};
use super::matchers::Matcher;
use super::part::{Example, Part, Payload};
use super::text::Text;
use crate::contract::SpecVersion;

/// The pact, or what its version cannot say.
pub(super) fn document(draft: &Draft) -> Result<Value, Vec<String>> {
    let About { pact: between, problems, .. } = &draft.about;
    let mut writer = Writer { version: between.version, problems: problems.clone() };
    let (list, interaction) = writer.interaction(draft);
    if !writer.problems.is_empty() {
        return Err(writer.problems);
    }
    Ok(pact(&between.consumer, &between.provider, between.version, &[(list, vec![interaction])]))
}

/// A pact around lists of interactions.
pub(super) fn pact(
    consumer: &str,
    provider: &str,
    version: SpecVersion,
    lists: &[(&str, Vec<Value>)],
) -> Value {
    let mut pact = json!({"consumer": {"name": consumer}});
    for (name, list) in lists {
        pact[*name] = list.clone().into();
    }
    pact["metadata"] = json!({"pactSpecification": {"version": version.number()}});
    pact["provider"] = json!({"name": provider});
    pact
}

struct Writer {
    version: SpecVersion,
    problems: Vec<String>,
}

impl Writer {
    fn interaction(&mut self, draft: &Draft) -> (&'static str, Value) {
        let mut map = Map::new();
        map.insert("description".to_owned(), draft.about.description.clone().into());
        self.states(&draft.about, &mut map);
        self.asides(draft, &mut map);
        let (kind, list) = match &draft.exchange {
            Exchange::Http(http) => {
                let (request, response) = self.http(http);
                map.insert("request".to_owned(), request);
                map.insert("response".to_owned(), response);
                if self.version == SpecVersion::V4 {
                    map.insert("transport".to_owned(), "http".into());
                }
                ("Synchronous/HTTP", "interactions")
            }
            Exchange::Message(part) => {
                self.needs(SpecVersion::V3, "messages");
                map.extend(self.contents(part));
                let list = if self.version < SpecVersion::V4 { "messages" } else { "interactions" };
                ("Asynchronous/Messages", list)
            }
            Exchange::Call { request, responses } => {
                self.needs(SpecVersion::V4, "messages that are answered");
                let request = self.contents(request);
                let responses: Vec<Value> = responses.iter().map(|part| self.contents(part).into()).collect();
                map.insert("request".to_owned(), request.into());
                map.insert("response".to_owned(), responses.into());
                ("Synchronous/Messages", "interactions")
            }
        };
        if self.version == SpecVersion::V4 {
            map.insert("type".to_owned(), kind.into());
        }
        (list, map.into())
    }

    fn states(&mut self, about: &About, map: &mut Map<String, Value>) {
        if self.version >= SpecVersion::V3 {
            let state = |(name, params): &(String, Map<String, Value>)| {
                if params.is_empty() {
                    json!({"name": name})
                } else {
                    json!({"name": name, "params": params})
                }
            };
            let states: Vec<Value> = about.states.iter().map(state).collect();
            if !states.is_empty() {
                map.insert("providerStates".to_owned(), states.into());
            }
            return;
        }
        if about.states.len() > 1 {
            self.needs(SpecVersion::V3, "several provider states");
        }
        if about.states.iter().any(|(_, params)| !params.is_empty()) {
            self.needs(SpecVersion::V3, "parameters of provider states");
        }
        if let Some((name, _)) = about.states.first() {
            map.insert("providerState".to_owned(), name.clone().into());
        }
    }

    /// What is written beside an interaction: whether it is pending, which test recorded it.
    fn asides(&mut self, Draft { about, exchange }: &Draft, map: &mut Map<String, Value>) {
        if self.version < SpecVersion::V4 {
            if about.pending {
                self.needs(SpecVersion::V4, "pending interactions");
            }
            if !(about.comments.is_empty() && about.references.is_empty()) {
                self.needs(SpecVersion::V4, "comments");
            }
            return;
        }
        map.insert("pending".to_owned(), about.pending.into());
        let left_out = exchange.left_out();
        let mut text = about.comments.clone();
        if !left_out.is_empty() {
            text.push(format!("Not read by the consumer, so not asked for: {}.", left_out.join(", ")));
        }
        let mut comments = json!({"source": about.source.to_string(), "text": text});
        if let Some(test) = &about.source.test {
            comments["testname"] = test.clone().into();
        }
        for (group, name, value) in &about.references {
            comments["references"][group][name] = value.clone().into();
        }
        map.insert("comments".to_owned(), comments);
    }

    fn http(&mut self, http: &Http) -> (Value, Value) {
        let mut rules = Rules::new(self.version);
        let mut request = Map::new();
        request.insert("method".to_owned(), self.single(&http.method, "method", &mut rules));
        request.insert("path".to_owned(), self.single(&http.path, "path", &mut rules));
        if let Some(query) = self.query(&http.request, &mut rules) {
            request.insert("query".to_owned(), query);
        }
        self.headers_and_body(&http.request, &mut request, rules);

        let mut rules = Rules::new(self.version);
        let mut response = Map::new();
        response.insert("status".to_owned(), http.status.into());
        if let Some(rule) = &http.status_rule {
            self.knows(rule);
            rules.single("status", rule);
        }
        self.headers_and_body(&http.response, &mut response, rules);
        (request.into(), response.into())
    }

    fn headers_and_body(&mut self, part: &Part, map: &mut Map<String, Value>, mut rules: Rules) {
        let mut headers = Map::new();
        for (name, values) in grouped(&part.named) {
            let examples: Vec<&str> = values.iter().map(|text| text.example.as_str()).collect();
            let written =
                if self.version == SpecVersion::V4 { json!(examples) } else { examples.join(", ").into() };
            headers.insert(name.to_owned(), written);
            for text in values {
                self.said_of("header", name, text, &mut rules);
            }
        }
        if let Some(payload) = part.payload.as_ref().filter(|_| part.content_type().is_none()) {
            let content_type = payload.content_type.clone();
            let written =
                if self.version == SpecVersion::V4 { json!([content_type]) } else { content_type.into() };
            headers.insert("Content-Type".to_owned(), written);
        }
        if !headers.is_empty() {
            map.insert("headers".to_owned(), headers.into());
        }
        self.payload(part, "body", map, rules);
    }

    fn contents(&mut self, part: &Part) -> Map<String, Value> {
        let mut rules = Rules::new(self.version);
        let mut map = Map::new();
        let mut metadata = Map::new();
        for (name, text) in &part.named {
            metadata.insert(name.clone(), text.example.clone().into());
            self.said_of("metadata", name, text, &mut rules);
        }
        if let Some(payload) = &part.payload {
            metadata.entry("contentType").or_insert_with(|| payload.content_type.clone().into());
        }
        map.insert("metadata".to_owned(), metadata.into());
        self.payload(part, "contents", &mut map, rules);
        map
    }

    fn payload(&mut self, part: &Part, key: &str, map: &mut Map<String, Value>, mut rules: Rules) {
        self.problems.extend(part.problems.iter().cloned());
        if let Some(payload) = &part.payload {
            let content_type = part.content_type().unwrap_or(&payload.content_type);
            map.insert(key.to_owned(), self.example(payload, content_type));
        }
        match part.all_rules(self.version) {
            Ok(all) => all.iter().for_each(|(path, matcher)| {
                self.knows(matcher);
                rules.named("body", path, matcher);
            }),
            Err(problems) => self.problems.extend(problems),
        }
        for (path, generator) in &part.generators {
            rules.generators["body"][path] = generator.to_json().clone();
        }
        if rules.generators.as_object().is_some_and(|generators| !generators.is_empty()) {
            self.needs(SpecVersion::V3, "generators");
            map.insert("generators".to_owned(), rules.generators);
        }
        if rules.by_place.as_object().is_some_and(|rules| !rules.is_empty()) {
            map.insert("matchingRules".to_owned(), rules.by_place);
        }
    }

    fn example(&mut self, payload: &Payload, content_type: &str) -> Value {
        let (content, encoded) = match &payload.example {
            Example::Json(value) => (value.clone(), false.into()),
            Example::Text(text) => (text.clone().into(), false.into()),
            Example::Bytes(bytes) => {
                self.needs(SpecVersion::V4, "bodies of bytes");
                (STANDARD.encode(bytes).into(), json!("base64"))
            }
        };
        if self.version < SpecVersion::V4 {
            return content;
        }
        json!({"content": content, "contentType": content_type, "encoded": encoded})
    }

    fn single(&mut self, text: &Text, category: &'static str, rules: &mut Rules) -> Value {
        if let Some(matcher) = &text.matcher {
            self.knows(matcher);
            rules.single(category, matcher);
        }
        if let Some(generator) = &text.generator {
            rules.generators[category] = generator.to_json().clone();
        }
        text.example.clone().into()
    }

    fn said_of(&mut self, category: &'static str, name: &str, text: &Text, rules: &mut Rules) {
        if let Some(matcher) = &text.matcher {
            self.knows(matcher);
            rules.named(category, name, matcher);
        }
        if let Some(generator) = &text.generator {
            rules.generators[category][name] = generator.to_json().clone();
        }
    }

    fn query(&mut self, part: &Part, rules: &mut Rules) -> Option<Value> {
        if part.query.is_empty() {
            return None;
        }
        part.query.iter().for_each(|(name, text)| self.said_of("query", name, text, rules));
        if self.version < SpecVersion::V3 {
            return Some(super::part::encoded_pairs(&part.query).into());
        }
        let mut query = Map::new();
        for (name, values) in grouped(&part.query) {
            let examples: Vec<&str> = values.iter().map(|text| text.example.as_str()).collect();
            query.insert(name.to_owned(), json!(examples));
        }
        Some(query.into())
    }

    fn needs(&mut self, since: SpecVersion, what: &str) {
        if self.version < since {
            self.problems.push(format!("{} cannot say {what}; {since} can", self.version));
        }
    }

    fn knows(&mut self, matcher: &Matcher) {
        for word in matcher.words() {
            self.needs(since(word), &format!("`{word}`"));
        }
        if matcher.matchers().len() > 1 {
            self.needs(SpecVersion::V3, "several matchers for one value");
        }
    }
}

/// The version of the specification in which a matcher appeared.
fn since(word: &str) -> SpecVersion {
    match word {
        "regex" | "type" => SpecVersion::V2,
        "equality" | "include" | "number" | "integer" | "decimal" | "null" | "date" | "time" | "datetime"
        | "contentType" | "values" => SpecVersion::V3,
        _ => SpecVersion::V4,
    }
}

/// The values of each name, in the order in which the names came first.
fn grouped(pairs: &[(String, Text)]) -> Vec<(&str, Vec<&Text>)> {
    let mut groups: Vec<(&str, Vec<&Text>)> = Vec::new();
    for (name, text) in pairs {
        match groups.iter_mut().find(|(known, _)| known == name) {
            Some((_, texts)) => texts.push(text),
            None => groups.push((name, vec![text])),
        }
    }
    groups
}

/// Rules and generators in the form of the wanted version.
struct Rules {
    version: SpecVersion,
    by_place: Value,
    generators: Value,
}

impl Rules {
    fn new(version: SpecVersion) -> Self {
        Self { version, by_place: json!({}), generators: json!({}) }
    }

    /// A rule for the only value of its category.
    fn single(&mut self, category: &str, matcher: &Matcher) {
        if self.version < SpecVersion::V3 {
            self.by_whole_path(&format!("$.{category}"), matcher);
        } else {
            self.by_place[category] = matcher.to_json();
        }
    }

    /// A rule for one of the values of its category, by path or name.
    fn named(&mut self, category: &str, name: &str, matcher: &Matcher) {
        if self.version >= SpecVersion::V3 {
            self.by_place[category][name] = matcher.to_json();
        } else if category == "body" {
            self.by_whole_path(&format!("$.body{}", name.trim_start_matches('$')), matcher);
        } else {
            let part = if category == "header" { "$.headers" } else { "$.query" };
            self.by_whole_path(&super::derive::field(part, name), matcher);
        }
    }

    fn by_whole_path(&mut self, path: &str, matcher: &Matcher) {
        // Only the first has a place; several are refused.
        self.by_place[path] = matcher.matchers().first().cloned().unwrap_or_default();
    }
}
