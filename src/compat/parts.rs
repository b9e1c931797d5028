//! What is demanded of each part of a request, an answer or a message.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::demand::{Bounds, Form, Node, of_json, of_texts};
use super::values::Values;
use crate::contract::{
    self, Body, Category, Content, Matcher, Query, Rule, RulePath, Step, best_rule, join_key,
};

/// The content type of an HTML form.
const FORM: &str = "application/x-www-form-urlencoded";

/// What is demanded under each name: of headers, parameters or metadata.
pub(crate) type Named = BTreeMap<String, Entry>;

/// What is demanded under one name.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The name as the contract writes it.
    pub(crate) name: String,
    /// What must stand under it.
    pub(crate) node: Node,
}

/// What is demanded of a body.
#[derive(Debug, Clone)]
pub(crate) enum BodyDemand {
    /// Nothing.
    Nothing,
    /// That there is none.
    Empty {
        /// JSON pointer to the part that has none.
        pointer: String,
    },
    /// What a tree can say.
    Tree(Node),
    /// Something that is compared as a whole: XML, multipart, bytes.
    Opaque {
        /// The example.
        bytes: Vec<u8>,
        /// The rules, in words, in a stable order.
        rules: Vec<String>,
        /// JSON pointer to the example.
        pointer: String,
    },
}

impl BodyDemand {
    /// JSON pointer to what is demanded.
    pub(crate) fn pointer(&self) -> Option<&str> {
        match self {
            Self::Nothing => None,
            Self::Empty { pointer } | Self::Opaque { pointer, .. } => Some(pointer),
            Self::Tree(node) => Some(&node.pointer),
        }
    }
}

/// What is demanded of headers; names are in lower case.
pub(crate) fn headers(headers: &[(String, Vec<String>)], rules: &[Rule], pointer: &str) -> Named {
    let pointer = join_key(pointer, "headers");
    let rule = |name: &str| {
        let mut own = rules.iter().filter(|rule| rule.category == Category::Header);
        own.find(|rule| rule.path.first_field().is_some_and(|field| field.eq_ignore_ascii_case(name)))
    };
    let entry = |(name, values): &(String, Vec<String>)| {
        let node = of_texts(values, rule(name), &join_key(&pointer, name));
        (name.to_ascii_lowercase(), Entry { name: name.clone(), node })
    };
    headers.iter().map(entry).collect()
}

/// What is demanded of a query.
pub(crate) fn query(query: &Query, rules: &[Rule], pointer: &str) -> Named {
    let pointer = join_key(pointer, "query");
    let pairs = query.params.iter().map(|(name, value)| (name.clone(), value.clone().unwrap_or_default()));
    grouped(pairs)
        .into_iter()
        .map(|(name, values)| {
            let mut own = rules.iter().filter(|rule| rule.category == Category::Query);
            let rule = own.find(|rule| rule.path.first_field() == Some(&name));
            let node = of_texts(&values, rule, &join_key(&pointer, &name));
            (name.clone(), Entry { name, node })
        })
        .collect()
}

/// What is demanded of the metadata of a message.
pub(crate) fn metadata(metadata: &Map<String, Value>, rules: &[Rule], pointer: &str) -> Named {
    let entry = |(name, value): (&String, &Value)| {
        let steps = vec![Step::Key(name.clone())];
        let pointer = join_key(&join_key(pointer, "metadata"), name);
        let node = of_json(value, rules, (Category::Metadata, steps), &pointer);
        (name.clone(), Entry { name: name.clone(), node })
    };
    metadata.iter().map(entry).collect()
}

/// What is demanded of the one text that has a category of its own: the method or the path.
pub(crate) fn text(text: &str, category: Category, rules: &[Rule]) -> Values {
    let rule = rules.iter().find(|rule| rule.category == category);
    Values {
        matchers: rule.map(|rule| rule.matchers.clone()).unwrap_or_default(),
        combine: rule.map(|rule| rule.combine).unwrap_or_default(),
        ..Values::exactly(text.into(), true)
    }
}

/// What is demanded of a body; `pointer` leads to the part that has it.
pub(crate) fn body(body: &Body, rules: &[Rule], pointer: &str) -> BodyDemand {
    let content = match body {
        Body::Missing => return BodyDemand::Nothing,
        Body::Null | Body::Empty => return BodyDemand::Empty { pointer: join_key(pointer, "body") },
        Body::Present(content) => content,
    };
    if let Some(json) = content.json() {
        return BodyDemand::Tree(of_json(&json, rules, (Category::Body, Vec::new()), &content.pointer));
    }
    if essence(content).as_deref() == Some(FORM) {
        return BodyDemand::Tree(form(content, rules));
    }
    let own: Vec<_> = rules.iter().filter(|rule| rule.category == Category::Body).collect();
    match (std::str::from_utf8(&content.bytes), own.as_slice()) {
        (Ok(text), []) => BodyDemand::Tree(whole(text, None, content)),
        (Ok(text), [rule]) if rule.path == RulePath::root() => {
            BodyDemand::Tree(whole(text, Some(rule), content))
        }
        _ => {
            let mut rules: Vec<_> = own.iter().map(|rule| format!("{} {rule}", rule.path)).collect();
            rules.sort();
            BodyDemand::Opaque { bytes: content.bytes.clone(), rules, pointer: content.pointer.clone() }
        }
    }
}

/// The content type without its parameters, in lower case.
pub(crate) fn essence(content: &Content) -> Option<String> {
    content.content_type.as_deref().map(contract::essence)
}

fn whole(text: &str, rule: Option<&Rule>, content: &Content) -> Node {
    of_texts(&[text.to_owned()], rule, &content.pointer)
}

/// A form is read as an object whose fields are texts.
fn form(content: &Content, rules: &[Rule]) -> Node {
    let pairs = form_urlencoded::parse(&content.bytes).into_owned();
    let fields = grouped(pairs)
        .into_iter()
        .map(|(name, values)| {
            let rule = best_rule(rules, Category::Body, &[Step::Key(name.clone())]).map(|(rule, _)| rule);
            let node = of_texts(&values, rule, &content.pointer);
            (name, node)
        })
        .collect();
    let form = Form::Object { fields, size: Bounds::ANY, is_closed: false };
    Node { form, pointer: content.pointer.clone() }
}

fn grouped(pairs: impl Iterator<Item = (String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    for (name, value) in pairs {
        groups.entry(name).or_default().push(value);
    }
    groups
}

/// The statuses that are accepted; `None` when a rule is about something else than statuses.
pub(crate) fn statuses(status: u16, rules: &[Rule]) -> Option<Vec<u16>> {
    let Some(rule) = rules.iter().find(|rule| rule.category == Category::Status) else {
        return Some(vec![status]);
    };
    let accepts = |matcher: &Matcher, candidate: u16| match matcher {
        Matcher::Equality => Some(candidate == status),
        Matcher::StatusCode(class) => Some(class.has(candidate)),
        Matcher::Type { .. } | Matcher::Integer | Matcher::Number | Matcher::NotEmpty => Some(true),
        Matcher::Regex(_) => contract::admits_text(matcher, &candidate.to_string()),
        _ => None,
    };
    let judged =
        |candidate: u16| rule.combine.of(rule.matchers.iter().map(|matcher| accepts(matcher, candidate)));
    let all: Option<Vec<_>> = (100..600).map(|candidate| Some((judged(candidate)?, candidate))).collect();
    Some(all?.into_iter().filter(|(accepted, _)| *accepted).map(|(_, candidate)| candidate).collect())
}
