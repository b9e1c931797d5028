//! Requests and answers as people write them, as a pact has them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::reader::Reader;
use super::rules::{Rule, Rules, needs};
use super::template::{Found, example, listed, places_in};
use crate::contract::{Category, SpecVersion, is_xml, join_key, written_header};
use crate::finding::Code;
use crate::yaml::{At, Data, Field, Node};

const REQUEST: [&str; 11] =
    ["method", "path", "query", "headers", "json", "form", "text", "xml", "base64", "contentType", "rules"];
const RESPONSE: [&str; 9] =
    ["status", "headers", "json", "form", "text", "xml", "base64", "contentType", "rules"];
/// The kinds of body, with the content type that each has when nothing else is said.
const BODIES: [(&str, &str); 5] = [
    ("json", "application/json"),
    ("form", "application/x-www-form-urlencoded"),
    ("text", "text/plain"),
    ("xml", "application/xml"),
    ("base64", "application/octet-stream"),
];
/// A request or answer, and where its parts are written.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) json: Value,
    pub(super) places: Vec<(String, At)>,
}

/// Puts one request or answer together.
struct Builder<'a> {
    reader: &'a mut Reader,
    version: SpecVersion,
    part: Map<String, Value>,
    rules: Rules,
    places: Vec<(String, At)>,
}

/// A request: `GET /faqs/7?page=2`, or a map.
pub(super) fn request(reader: &mut Reader, version: SpecVersion, node: &Node) -> Part {
    let mut builder = Builder::new(reader, version, node.at);
    if let Some(line) = node.text() {
        builder.request_line(line, node.at);
        return builder.finish();
    }
    let fields = builder.reader.fields(node, &REQUEST, "a request");
    for needed in ["method", "path"] {
        if !fields.is_empty() && node.get(needed).is_none() {
            builder.reader.say(Code::MissingKey, node.at, format!("a request needs a `{needed}`"));
        }
    }
    for field in fields {
        match field.key.as_str() {
            "method" => {
                if let Some(method) = builder.reader.text(&field.value, "the method") {
                    builder.put("method", method.to_uppercase().into(), field.at);
                }
            }
            "path" => {
                if let Some(path) = builder.single(Category::Path, "", &field.value) {
                    builder.path(path, field.value.at);
                }
            }
            "query" => builder.query(&field.value),
            _ => {}
        }
    }
    builder.headers_and_body(node, fields);
    builder.finish()
}

/// An answer: a status, or a map.
pub(super) fn response(reader: &mut Reader, version: SpecVersion, node: &Node) -> Part {
    let mut builder = Builder::new(reader, version, node.at);
    if let Data::Number(number) = &node.data {
        builder.put("status", number.clone().into(), node.at);
        return builder.finish();
    }
    let fields = builder.reader.fields(node, &RESPONSE, "a response");
    match node.get("status") {
        Some(status) => {
            let mut found = Found::default();
            let value = example(builder.reader, status, "", &mut found);
            builder.take(Category::Status, "", found);
            builder.put("status", value, status.at);
        }
        None => builder.put("status", 200.into(), node.at),
    }
    builder.headers_and_body(node, fields);
    builder.finish()
}

impl<'a> Builder<'a> {
    fn new(reader: &'a mut Reader, version: SpecVersion, at: At) -> Self {
        let places = vec![(String::new(), at)];
        Self { reader, version, part: Map::new(), rules: Rules::new(version), places }
    }

    fn finish(mut self) -> Part {
        self.places.extend(self.rules.write(&mut self.part));
        Part { json: self.part.into(), places: self.places }
    }

    fn put(&mut self, key: &str, value: Value, at: At) {
        self.places.push((join_key("", key), at));
        self.part.insert(key.to_owned(), value);
    }

    /// Takes what was found beside examples: for a body by its own paths, otherwise for `name`.
    fn take(&mut self, category: Category, name: &str, found: Found) {
        let path = |path: String| if category == Category::Body { path } else { name.to_owned() };
        for (at_path, rule, at) in found.rules {
            self.rules.rule(self.reader, category, &path(at_path), (&rule, at));
        }
        for (at_path, generator, at) in found.generators {
            self.rules.generator(self.reader, (category, &path(at_path)), (generator, at));
        }
    }

    /// A text that travels outside of a body, with its rule.
    fn single(&mut self, category: Category, name: &str, node: &Node) -> Option<String> {
        let mut found = Found::default();
        let value = example(self.reader, node, "", &mut found);
        self.take(category, name, found);
        match value {
            Value::String(text) => Some(text),
            Value::Number(_) | Value::Bool(_) => Some(self.as_text(node, &value)),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                let what =
                    if name.is_empty() { format!("the {}", category.word()) } else { format!("`{name}`") };
                self.reader.say(
                    Code::BadType,
                    node.at,
                    format!("{what} is a text, and this is {}", node.kind()),
                );
                None
            }
        }
    }

    /// A number where a text travels. One that would travel otherwise than it is written was meant as text.
    fn as_text(&mut self, node: &Node, value: &Value) -> String {
        let example = |tag: &Field| node.get("example").unwrap_or(&tag.value).at;
        let at = super::matcher::tagged(node).map_or(node.at, example);
        let text = value.to_string();
        if let Some(written) = self.reader.other_text(at, &text) {
            let message = format!("`{written}` is the number {text} here, and a text is what travels");
            self.reader.advise(Code::BadType, at, message, format!("write it in quotes: '{written}'"));
        }
        text
    }

    fn request_line(&mut self, line: &str, at: At) {
        let Some((method, target)) = line.trim().split_once(' ') else {
            let help = "write it as `GET /faqs/7`";
            self.reader.advise(Code::BadType, at, format!("`{line}` is no request"), help);
            return;
        };
        let (path, query) = match target.trim().split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target.trim(), None),
        };
        self.put("method", method.to_uppercase().into(), at);
        self.path(path.to_owned(), at);
        if let Some(query) = query {
            let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            self.put_query(&pairs, at);
        }
    }

    fn path(&mut self, path: String, at: At) {
        if !path.starts_with('/') {
            self.reader.say(Code::OutOfRange, at, format!("a path starts with `/`, and `{path}` does not"));
        } else if path.contains('?') {
            let message = format!("`{path}` is more than a path");
            self.reader.advise(Code::OutOfRange, at, message, "the part behind the `?` goes into `query`");
        } else if path.contains('#') {
            let message = format!("what stands behind the `#` of `{path}` is never sent");
            self.reader.say(Code::OutOfRange, at, message);
        }
        self.put("path", path.into(), at);
    }

    fn query(&mut self, node: &Node) {
        let pairs = self.pairs(Category::Query, node);
        self.put_query(&pairs, node.at);
    }

    fn put_query(&mut self, pairs: &[(String, String)], at: At) {
        let query = if self.version < SpecVersion::V3 { encoded(pairs).into() } else { grouped(pairs) };
        self.put("query", query, at);
    }

    /// Names and texts; a list stands for a name that is there more than once.
    fn pairs(&mut self, category: Category, node: &Node) -> Vec<(String, String)> {
        let Data::Map(fields) = &node.data else {
            self.reader.say(Code::BadType, node.at, format!("this is a map, and here is {}", node.kind()));
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for Field { key, value, .. } in fields {
            let path = if category == Category::Body {
                format!("${}", super::rules::field(key))
            } else {
                key.clone()
            };
            let values = match &value.data {
                Data::List(items) => items.as_slice(),
                _ => std::slice::from_ref(value),
            };
            for value in values {
                let text = match value.data {
                    Data::Null => Some(String::new()),
                    _ => self.named(category, (key, &path), value),
                };
                pairs.extend(text.map(|text| (key.clone(), text)));
            }
        }
        pairs
    }

    fn named(&mut self, category: Category, (name, path): (&str, &str), node: &Node) -> Option<String> {
        let mut found = Found::default();
        let value = example(self.reader, node, path, &mut found);
        self.take(category, path, found);
        match value {
            Value::String(text) => Some(text),
            Value::Number(_) | Value::Bool(_) => Some(self.as_text(node, &value)),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                self.reader.say(
                    Code::BadType,
                    node.at,
                    format!("`{name}` is a text, and this is {}", node.kind()),
                );
                None
            }
        }
    }

    fn headers_and_body(&mut self, node: &Node, fields: &[Field]) {
        let mut headers =
            node.get("headers").map_or_else(Vec::new, |headers| self.pairs(Category::Header, headers));
        let kinds: Vec<(&Field, &str)> = fields
            .iter()
            .filter_map(|field| {
                BODIES.iter().find(|(name, _)| *name == field.key).map(|(_, kind)| (field, *kind))
            })
            .collect();
        if let [_, second, ..] = kinds.as_slice() {
            self.reader.say(Code::DuplicateKey, second.0.at, "there is a body already");
        }
        let declared = node.get("contentType").and_then(|node| self.reader.text(node, "the content type"));
        let declared = declared.or_else(|| asked_type(kinds.first()?.0));
        let is_type = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("content-type");
        let header = headers.iter().find(is_type).map(|(_, value)| value.clone());
        let content_type = header
            .clone()
            .or(declared)
            .or_else(|| kinds.first().map(|(_, content_type)| (*content_type).to_owned()));
        if let (None, Some(content_type)) = (header, &content_type) {
            headers.push(("Content-Type".to_owned(), content_type.clone()));
        }
        self.any_boundary(node, &headers);
        if !headers.is_empty() {
            let at = node.get("headers").map_or(node.at, |headers| headers.at);
            self.put_headers(&headers, at);
        }
        let mut found = Found::default();
        if let Some((field, _)) = kinds.first() {
            self.body(field, &content_type.unwrap_or_default(), &mut found);
        }
        if let Some(rules) = node.get("rules") {
            if kinds.is_empty() {
                self.reader.say(Code::UnresolvedRule, rules.at, "there are rules and no body");
            }
            listed(self.reader, rules, &mut found);
        }
        self.take(Category::Body, "", found);
    }

    /// Between the parts of a body each client writes what it likes, and says so in the content type. Only
    /// a header with a matcher of its own says something else.
    fn any_boundary(&mut self, node: &Node, headers: &[(String, String)]) {
        let is_type = |name: &str| name.eq_ignore_ascii_case("content-type");
        let Some((name, text)) = headers.iter().find(|(name, _)| is_type(name)) else { return };
        let Some(kind) = text.split(';').next().map(str::trim).filter(|kind| kind.starts_with("multipart/"))
        else {
            return;
        };
        let written = match node.get("headers").map(|headers| &headers.data) {
            Some(Data::Map(fields)) => fields.iter().find(|field| is_type(&field.key)),
            _ => None,
        };
        let at = written.map(|field| field.at).or(node.get("contentType").map(|node| node.at));
        let at = at.unwrap_or(node.at);
        if boundary(text).is_none() {
            let help = format!("write it with the boundary of the body: `{kind}; boundary=XYZ`");
            let message = format!("`{kind}` does not say what stands between the parts");
            self.reader.advise(Code::OutOfRange, at, message, &help);
        } else if written.is_none_or(|field| super::matcher::tagged(&field.value).is_none()) {
            let pattern = format!("^{};.*boundary=.+$", regex_syntax::escape(kind));
            let rule = Rule::of(json!({ "match": "regex", "regex": pattern }));
            self.rules.rule(self.reader, Category::Header, name, (&rule, at));
        }
    }

    fn put_headers(&mut self, pairs: &[(String, String)], at: At) {
        let mut texts: Vec<(&str, Vec<&str>)> = Vec::new();
        for (name, text) in pairs {
            match texts.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
                Some((_, values)) => values.push(text),
                None => texts.push((name, vec![text])),
            }
        }
        let written =
            |(name, texts): (&str, Vec<&str>)| (name.to_owned(), written_header(self.version, name, &texts));
        let headers: Map<String, Value> = texts.into_iter().map(written).collect();
        for (name, _) in pairs {
            self.places.push((join_key("/headers", name), at));
        }
        self.put("headers", headers.into(), at);
    }

    fn body(&mut self, field: &Field, content_type: &str, found: &mut Found) {
        let node = &field.value;
        let (content, encoded): (Value, Value) = match field.key.as_str() {
            "json" => (example(self.reader, node, "$", found), false.into()),
            "form" => (encoded(&self.pairs(Category::Body, node)).into(), false.into()),
            "base64" => {
                needs(self.reader, self.version, SpecVersion::V4, ("bodies of bytes", field.at));
                let text = example(self.reader, node, "$", found);
                if !text.is_string() {
                    let message = format!("`base64` is a text, and this is {}", node.kind());
                    self.reader.say(Code::BadType, node.at, message);
                }
                let text: String = text.as_str().unwrap_or_default().split_whitespace().collect();
                if STANDARD.decode(&text).is_err() {
                    self.reader.say(Code::BadEncoding, node.at, "this is not Base64");
                }
                (text.into(), "base64".into())
            }
            _ => {
                let text = example(self.reader, node, "$", found);
                if !text.is_string() {
                    let message = format!("`{}` is a text, and this is {}", field.key, node.kind());
                    self.reader.say(Code::BadType, node.at, message);
                } else if field.key == "xml" && !is_xml(text.as_str().unwrap_or_default().as_bytes()) {
                    self.reader.say(Code::BadEncoding, node.at, "this is not XML");
                }
                (text, false.into())
            }
        };
        let (pointer, body) = if self.version < SpecVersion::V4 {
            ("/body", content)
        } else {
            ("/body/content", json!({ "content": content, "contentType": content_type, "encoded": encoded }))
        };
        self.put("body", body, field.at);
        places_in(node, pointer.to_owned(), &mut self.places);
    }
}

/// What stands between the parts of a body, as its content type says it.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))?;
    Some(value.trim().trim_matches('"')).filter(|value| !value.is_empty())
}

/// The content type that a matcher on the whole body asks for.
fn asked_type(body: &Field) -> Option<String> {
    super::matcher::tagged(&body.value).filter(|tag| tag.key == "$contentType")?.value.scalar()
}

fn grouped(pairs: &[(String, String)]) -> Value {
    let mut groups = Map::new();
    for (name, value) in pairs {
        if let Value::Array(values) = groups.entry(name).or_insert_with(|| json!([])) {
            values.push(value.clone().into());
        }
    }
    groups.into()
}

/// Pairs as an HTML form writes them.
fn encoded(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
