//! One side of an expectation while it is being described: a request, an answer, the contents of a
//! message.

use std::fmt::Debug;

use pact_consumer::patterns::JsonPattern;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::derive::{self, Rules};
use super::generators::Generator;
use super::matchers::Matcher;
use super::patterns::taken_apart;
use super::reads::keep_what_is_read;
use super::text::Text;
use crate::contract::{SpecVersion, is_xml};

/// The payload of a part.
#[derive(Debug, Clone)]
pub(super) struct Payload {
    pub(super) example: Example,
    pub(super) content_type: String,
    pub(super) strictness: Strictness,
}

/// The example of a payload.
#[derive(Debug, Clone)]
pub(super) enum Example {
    Json(Value),
    Text(String),
    Bytes(Vec<u8>),
}

/// What an example stands for where no rule says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// For itself.
    Exact,
    /// For everything of the same type.
    Like,
}

/// Headers or metadata, a query, a payload, and what is said about them.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) named: Vec<(String, Text)>,
    pub(super) query: Vec<(String, Text)>,
    pub(super) payload: Option<Payload>,
    pub(super) rules: Rules,
    pub(super) generators: Vec<(String, Generator)>,
    /// What the consumer does not read, and so is not asked for.
    pub(super) left_out: Vec<String>,
    /// What is wrong already, told when the contract is read.
    pub(super) problems: Vec<String>,
}

impl Part {
    pub(super) fn json(&mut self, example: &impl Serialize, strictness: Strictness) {
        // As text, and as what was read from it: in a value, an `f32` of 0.1 is 0.10000000149011612, which
        // no client sends.
        // A value refuses a number of more than 64 bits, which would be rounded when the text is read.
        let text = serde_json::to_value(example).and_then(|_| serde_json::to_string(example));
        match text.and_then(|text| serde_json::from_str(&text)) {
            Ok(example) => self.payload(Example::Json(example), "application/json", strictness),
            Err(error) => self.problems.push(format!("the example cannot be written as JSON: {error}")),
        }
    }

    pub(super) fn pattern(&mut self, pattern: &JsonPattern) {
        let (example, rules) = taken_apart(pattern);
        self.payload(Example::Json(example), "application/json", Strictness::Exact);
        for (path, matcher) in rules {
            self.rule(&path, matcher);
        }
    }

    pub(super) fn text(&mut self, example: &str, content_type: &str) {
        self.payload(Example::Text(example.to_owned()), content_type, Strictness::Exact);
    }

    pub(super) fn bytes(&mut self, example: &[u8], content_type: &str) {
        self.payload(Example::Bytes(example.to_vec()), content_type, Strictness::Exact);
    }

    pub(super) fn xml(&mut self, example: &str) {
        if !is_xml(example.as_bytes()) {
            self.problems.push("the example is no XML".to_owned());
        }
        self.text(example, "application/xml");
    }

    /// A text as HTML forms send it.
    pub(super) fn form<'a>(&mut self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.text(&pairs(fields.into_iter()), "application/x-www-form-urlencoded");
    }

    fn payload(&mut self, example: Example, content_type: &str, strictness: Strictness) {
        if self.payload.is_some() {
            self.problems.push("the body is given twice; the last one would replace the first".to_owned());
        }
        self.payload = Some(Payload { example, content_type: content_type.to_owned(), strictness });
    }

    /// The content type that a header or an entry of metadata declares.
    pub(super) fn content_type(&self) -> Option<&str> {
        let declares = |name: &str| {
            name.eq_ignore_ascii_case("content-type") || name.eq_ignore_ascii_case("contenttype")
        };
        let found = self.named.iter().find(|(name, _)| declares(name));
        found.map(|(_, text)| text.example.as_str())
    }

    pub(super) fn rule(&mut self, path: &str, matcher: Matcher) {
        match derive::normal(path) {
            Ok(path) if self.rules.insert(path.clone(), matcher).is_some() => {
                self.problems.push(format!("there are two rules for `{path}`; join them with `and` or `or`"));
            }
            Ok(_) => {}
            Err(error) => self.problems.push(format!("the path `{path}` cannot be read: {error}")),
        }
    }

    pub(super) fn generate(&mut self, path: &str, generator: Generator) {
        self.generators.push((path.to_owned(), generator));
    }

    /// Leaves out what `T` does not read, with what was said about it.
    pub(super) fn reads<T: DeserializeOwned + Debug>(&mut self) {
        let name = std::any::type_name::<T>();
        let Some(Payload { example: Example::Json(example), .. }) = &mut self.payload else {
            self.problems.push(format!("there is no JSON yet that `{name}` could read: give the body first"));
            return;
        };
        match keep_what_is_read::<T>(example) {
            Ok(left_out) => {
                let is_kept = |path: &str| !left_out.iter().any(|above| is_at_or_below(path, above));
                self.rules.retain(|path, _| is_kept(path));
                self.generators.retain(|(path, _)| is_kept(path));
                self.left_out.extend(left_out);
            }
            Err(why) => self.problems.push(format!("`{name}` cannot be read from the example: {why}")),
        }
    }

    /// Every rule for the payload, those that follow from its example included, or why there is
    /// none.
    pub(super) fn all_rules(&self, version: SpecVersion) -> Result<Rules, Vec<String>> {
        match &self.payload {
            Some(Payload { example: Example::Json(example), strictness: Strictness::Like, .. }) => {
                derive::with_types(example, &self.rules, version)
            }
            _ => Ok(self.rules.clone()),
        }
    }
}

/// True for a path and all that lead on from it.
fn is_at_or_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// A query as version 2 has it.
pub(super) fn encoded_pairs(query: &[(String, Text)]) -> String {
    pairs(query.iter().map(|(name, text)| (name.as_str(), text.example.as_str())))
}

fn pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<_> = pairs.map(|(name, value)| encoded_pair(name, value)).collect();
    pairs.join("&")
}

/// A name with its value.
pub(super) fn encoded_pair(name: &str, value: &str) -> String {
    format!("{}={}", encoded(name), encoded(value))
}

/// A form field: letters, digits and four signs stay, a space becomes `+`.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                out.push_str(&hex::encode_upper([byte]));
            }
        }
    }
    out
}

/// The methods that describe a payload, for a type that has a method `part`.
macro_rules! with_payload {
    () => {
        /// A body of JSON that is equal to the example.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// # let faq = Pact::between("billing", "faq");
        /// # let post = faq.http("a new FAQ").post("/v2/create");
        /// let new = post.json_exact(serde_json::json!({"question": "Why?"}));
        /// ```
        pub fn json_exact(mut self, example: impl serde::Serialize) -> Self {
            self.part().json(&example, crate::consumer::part::Strictness::Exact);
            self
        }

        /// A body of JSON of the same types as the example: whole numbers for whole numbers, lists of
        /// at least one item like those in it.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// # let faq = Pact::between("billing", "faq");
        /// # let post = faq.http("a new FAQ").post("/v2/create");
        /// let new = post.json_like(serde_json::json!({"related": [7]}));
        /// ```
        pub fn json_like(mut self, example: impl serde::Serialize) -> Self {
            self.part().json(&example, crate::consumer::part::Strictness::Like);
            self
        }

        /// A body described by a pattern of pact_consumer: `json_pattern!`, `like!`, `each_like!`.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// use pactwright::consumer::pact_consumer::{each_like, json_pattern, like, prelude::*};
        /// # let faq = Pact::between("billing", "faq");
        /// # let post = faq.http("a new FAQ").post("/v2/create");
        /// let new = post.json_pattern(json_pattern!({"question": like!("Why?"), "related": each_like!(7)}));
        /// ```
        pub fn json_pattern(mut self, pattern: impl Into<pact_consumer::patterns::JsonPattern>) -> Self {
            self.part().pattern(&pattern.into());
            self
        }

        /// A body of plain text.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// # let faq = Pact::between("billing", "faq");
        /// # let post = faq.http("a new FAQ").post("/v2/create");
        /// let new = post.text("Why?");
        /// ```
        pub fn text(mut self, example: &str) -> Self {
            self.part().text(example, "text/plain");
            self
        }

        /// A body of XML.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// # let faq = Pact::between("billing", "faq");
        /// # let post = faq.http("a new FAQ").post("/v2/create");
        /// let new = post.xml("<faq><id>7</id></faq>");
        /// ```
        pub fn xml(mut self, example: &str) -> Self {
            self.part().xml(example);
            self
        }

        /// A body of bytes, of any content type.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// # let faq = Pact::between("billing", "faq");
        /// # let post = faq.http("a new FAQ").post("/v2/create");
        /// let new = post.binary("image/png", b"\x89PNG\r\n\x1a\n");
        /// ```
        pub fn binary(mut self, content_type: &str, example: &[u8]) -> Self {
            self.part().bytes(example, content_type);
            self
        }

        /// What must hold for the value at a path of the body, such as `$.source` or
        /// `$.items[*].id`. The path has to lead somewhere in the example.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// use pactwright::consumer::matchers::regex;
        /// # let faq = Pact::between("billing", "faq");
        /// # let post = faq.http("a new FAQ").post("/v2/create");
        /// let new = post.json(serde_json::json!({"source": "ticket-1"})).rule("$.source", regex(r"^ticket-\d+$"));
        /// ```
        pub fn rule(mut self, path: &str, matcher: crate::consumer::matchers::Matcher) -> Self {
            self.part().rule(path, matcher);
            self
        }

        /// How the value at a path of the body is made anew.
        ///
        /// ```
        /// # use pactwright::consumer::Pact;
        /// use pactwright::consumer::generators::random_int;
        /// # let faq = Pact::between("billing", "faq");
        /// # let post = faq.http("a new FAQ").post("/v2/create");
        /// let new = post.json(serde_json::json!({"id": 7})).generate("$.id", random_int(1, 9));
        /// ```
        pub fn generate(mut self, path: &str, generator: crate::consumer::generators::Generator) -> Self {
            self.part().generate(path, generator);
            self
        }
    };
}

pub(super) use with_payload;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_example_is_the_json_that_a_client_sends_and_xml_is_xml() {
        #[derive(Serialize)]
        struct Reading {
            celsius: f32,
        }

        let mut part = Part::default();
        part.json(&Reading { celsius: 0.1 }, Strictness::Exact);
        let Some(Payload { example: Example::Json(example), .. }) = &part.payload else {
            panic!("{part:?}");
        };
        assert_eq!(*example, json!({"celsius": 0.1}));

        let mut part = Part::default();
        part.json(&[u64::MAX, 1], Strictness::Exact);
        part.json(&[i64::MIN, -1], Strictness::Like);
        assert_eq!(part.problems, ["the body is given twice; the last one would replace the first"]);
        let mut part = Part::default();
        part.json(&u128::MAX, Strictness::Like);
        assert!(part.payload.is_none() && part.problems[0].contains("number out of range"), "{part:?}");

        let mut part = Part::default();
        part.xml("<faq/>");
        assert!(part.problems.is_empty());
        let mut part = Part::default();
        part.xml("<faq>");
        assert_eq!(part.problems, ["the example is no XML"]);
    }
}
