//! What one interaction relies on: each field, header and parameter, and how firmly.

use super::change::Part;
use super::demand::{Form, Node};
use super::parts::{self, BodyDemand, Named};
use super::secret;
use super::values::Values;
use super::walk::{below, words};
use crate::contract::{Combine, Contents, Exchange, Interaction, Matcher};

/// How firmly a consumer relies on something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// That it is there.
    Presence,
    /// That it is of its type.
    Type,
    /// That it fits a pattern, a format or another rule.
    Pattern,
    /// That it is exactly this value.
    Exact,
}

/// One thing that an interaction relies on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reliance {
    pub(crate) part: Part,
    /// Where in the part: `$.related[*].id`, `ETag`.
    pub(crate) path: String,
    pub(crate) strength: Strength,
    /// What exactly, in words, with secrets taken out.
    pub(crate) words: String,
    /// True when the contract breaks as soon as it is gone.
    pub(crate) is_required: bool,
    /// True for a body in which no fields can be told apart.
    pub(crate) is_whole: bool,
    /// JSON pointer to the example.
    pub(crate) pointer: String,
}

impl Strength {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Presence => "presence",
            Self::Type => "type",
            Self::Pattern => "pattern",
            Self::Exact => "exact",
        }
    }
}

/// Everything that an interaction relies on, a place once for each example in it.
pub(crate) fn of(interaction: &Interaction) -> Vec<Reliance> {
    let mut found = Found(Vec::new());
    match &interaction.exchange {
        Exchange::Http { request, response } => {
            let (rules, pointer) = (&request.rules, &request.pointer);
            found.named(Part::Query, parts::query(&request.query, rules, pointer));
            found.named(Part::RequestHeader, parts::headers(&request.headers, rules, pointer));
            found.body(Part::RequestBody, parts::body(&request.body, rules, pointer));
            let (rules, pointer) = (&response.rules, &response.pointer);
            found.named(Part::ResponseHeader, parts::headers(&response.headers, rules, pointer));
            found.body(Part::ResponseBody, parts::body(&response.body, rules, pointer));
        }
        Exchange::Message(contents) => found.contents(RECEIVED, contents),
        Exchange::SyncMessage { request, responses } => {
            found.contents(SENT, request);
            for response in responses {
                found.contents(RECEIVED, response);
            }
        }
    }
    found.0
}

const SENT: (Part, Part) = (Part::RequestHeader, Part::RequestBody);
const RECEIVED: (Part, Part) = (Part::ResponseHeader, Part::ResponseBody);

struct Found(Vec<Reliance>);

impl Found {
    fn contents(&mut self, (metadata, body): (Part, Part), contents: &Contents) {
        let (rules, pointer) = (&contents.rules, &contents.pointer);
        self.named(metadata, parts::metadata(&contents.metadata, rules, pointer));
        self.body(body, parts::body(&contents.body, rules, pointer));
    }

    fn named(&mut self, part: Part, named: Named) {
        for entry in named.into_values() {
            self.node(part, &entry.name, &entry.node, true);
        }
    }

    fn body(&mut self, part: Part, body: BodyDemand) {
        match body {
            BodyDemand::Nothing | BodyDemand::Empty { .. } => {}
            BodyDemand::Tree(node) => self.node(part, "$", &node, true),
            BodyDemand::Opaque { pointer, .. } => self.0.push(Reliance {
                part,
                path: "$".to_owned(),
                strength: Strength::Pattern,
                words: "the body as a whole".to_owned(),
                is_required: true,
                is_whole: true,
                pointer,
            }),
        }
    }

    fn node(&mut self, part: Part, path: &str, node: &Node, is_required: bool) {
        self.0.push(Reliance {
            part,
            path: path.to_owned(),
            strength: strength(&node.form),
            words: secret::hidden(path, &words(&node.form)),
            is_required,
            is_whole: path == "$" && matches!(&node.form, Form::One(values) if values.is_text),
            pointer: node.pointer.clone(),
        });
        let form = match &node.form {
            Form::Unclear { like, .. } => like,
            form => form,
        };
        match form {
            Form::Anything | Form::One(_) | Form::Unclear { .. } => {}
            Form::Object { fields, .. } => {
                for (key, field) in fields {
                    self.node(part, &below(path, key), field, true);
                }
            }
            // Any key may be missing, and what is below a key is asked of those that are there.
            Form::Map { entries, .. } => {
                for entry in entries.values() {
                    self.node(part, &format!("{path}.*"), entry, false);
                }
            }
            Form::List { items, size, .. } => self.items(part, path, items, size.min > 0),
            Form::Contains(items) => self.items(part, path, items, true),
        }
    }

    fn items(&mut self, part: Part, path: &str, items: &[Node], is_required: bool) {
        for item in items {
            self.node(part, &format!("{path}[*]"), item, is_required);
        }
    }
}

fn strength(form: &Form) -> Strength {
    match form {
        Form::Anything => Strength::Presence,
        Form::One(values) => of_values(values),
        Form::Object { is_closed: true, .. } => Strength::Exact,
        Form::List { size, .. } if size.max == Some(size.min) => Strength::Exact,
        Form::Object { .. } | Form::Map { .. } | Form::List { .. } => Strength::Type,
        Form::Contains(_) | Form::Unclear { .. } => Strength::Pattern,
    }
}

fn of_values(values: &Values) -> Strength {
    if values.is_exact() {
        return Strength::Exact;
    }
    let each = values.matchers.iter().map(|matcher| match matcher {
        Matcher::Equality | Matcher::Values | Matcher::Null => Strength::Exact,
        // Every header and every parameter is a text.
        Matcher::Type { .. } if values.is_text => Strength::Presence,
        Matcher::NotEmpty => Strength::Presence,
        Matcher::Type { .. } | Matcher::Number | Matcher::Integer | Matcher::Decimal | Matcher::Boolean => {
            Strength::Type
        }
        _ => Strength::Pattern,
    });
    let chosen = match values.combine {
        Combine::And => each.max(),
        Combine::Or => each.min(),
    };
    chosen.unwrap_or(Strength::Exact)
}
