//! An expectation written as a pact of one interaction.
//!
//! What is written is then read by the one strict reader there is, so nothing is checked here but
//! whether the wanted version of the specification can say it at all.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::draft::{About, Draft, Exchange, Http};
use super::generators::Generator;
use super::matchers::Matcher;
use super::part::{Example, Part, Payload};
use super::text::Text;
use crate::contract::{
    Category, SpecVersion, WrittenRules, unsayable_generator, unsayable_rule, written_header,
};

/// What the remark begins with that names the fields of an example that the consumer does not read.
pub(crate) const NOT_READ: &str = "Not read by the consumer, so not asked for";

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
            text.push(format!("{NOT_READ}: {}.", left_out.join(", ")));
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
        let mut rules = WrittenRules::new(self.version);
        let mut request = Map::new();
        request.insert("method".to_owned(), http.method.example.clone().into());
        request.insert("path".to_owned(), http.path.example.clone().into());
        self.said_of((Category::Method, ""), &http.method, &mut rules);
        self.said_of((Category::Path, ""), &http.path, &mut rules);
        if let Some(query) = self.query(&http.request, &mut rules) {
            request.insert("query".to_owned(), query);
        }
        self.headers_and_body(&http.request, &mut request, rules);

        let mut rules = WrittenRules::new(self.version);
        let mut response = Map::new();
        response.insert("status".to_owned(), http.status.into());
        if let Some(rule) = &http.status_rule {
            self.follows((Category::Status, ""), rule, &mut rules);
        }
        self.headers_and_body(&http.response, &mut response, rules);
        (request.into(), response.into())
    }

    fn headers_and_body(&mut self, part: &Part, map: &mut Map<String, Value>, mut rules: WrittenRules) {
        let mut headers = Map::new();
        for (name, values) in grouped(&part.named) {
            let examples: Vec<&str> = values.iter().map(|text| text.example.as_str()).collect();
            headers.insert(name.to_owned(), written_header(self.version, name, &examples));
            for text in values {
                self.said_of((Category::Header, name), text, &mut rules);
            }
        }
        if let Some(payload) = part.payload.as_ref().filter(|_| part.content_type().is_none()) {
            let name = "Content-Type";
            headers.insert(name.to_owned(), written_header(self.version, name, &[&payload.content_type]));
        }
        if !headers.is_empty() {
            map.insert("headers".to_owned(), headers.into());
        }
        self.payload(part, "body", map, rules);
    }

    fn contents(&mut self, part: &Part) -> Map<String, Value> {
        let mut rules = WrittenRules::new(self.version);
        let mut map = Map::new();
        let mut metadata = Map::new();
        for (name, text) in &part.named {
            metadata.insert(name.clone(), text.example.clone().into());
            self.said_of((Category::Metadata, name), text, &mut rules);
        }
        if let Some(payload) = &part.payload {
            metadata.entry("contentType").or_insert_with(|| payload.content_type.clone().into());
        }
        map.insert("metadata".to_owned(), metadata.into());
        self.payload(part, "contents", &mut map, rules);
        map
    }

    fn payload(&mut self, part: &Part, key: &str, map: &mut Map<String, Value>, mut rules: WrittenRules) {
        self.problems.extend(part.problems.iter().cloned());
        if let Some(payload) = &part.payload {
            let content_type = part.content_type().unwrap_or(&payload.content_type);
            map.insert(key.to_owned(), self.example(payload, content_type));
        }
        match part.all_rules(self.version) {
            Ok(all) => {
                for (path, matcher) in &all {
                    self.follows((Category::Body, path), matcher, &mut rules);
                }
            }
            Err(problems) => self.problems.extend(problems),
        }
        for (path, generator) in &part.generators {
            self.generates((Category::Body, path), generator, &mut rules);
        }
        rules.write(map);
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

    /// Takes what was said about a value beside its example.
    fn said_of(&mut self, place: (Category, &str), text: &Text, rules: &mut WrittenRules) {
        if let Some(matcher) = &text.matcher {
            self.follows(place, matcher, rules);
        }
        if let Some(generator) = &text.generator {
            self.generates(place, generator, rules);
        }
    }

    fn follows(&mut self, (category, path): (Category, &str), matcher: &Matcher, rules: &mut WrittenRules) {
        for beyond in unsayable_rule(self.version, matcher.matchers()) {
            self.needs(beyond.since, &beyond.what);
        }
        rules.rule(category, path, (matcher.combine(), matcher.matchers()));
    }

    fn generates(
        &mut self,
        (category, path): (Category, &str),
        generator: &Generator,
        rules: &mut WrittenRules,
    ) {
        if let Some(beyond) = unsayable_generator(self.version, generator.to_json()) {
            self.needs(beyond.since, &beyond.what);
        }
        rules.generator(category, path, generator.to_json().clone());
    }

    fn query(&mut self, part: &Part, rules: &mut WrittenRules) -> Option<Value> {
        if part.query.is_empty() {
            return None;
        }
        part.query.iter().for_each(|(name, text)| self.said_of((Category::Query, name), text, rules));
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
