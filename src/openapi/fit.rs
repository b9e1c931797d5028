//! Whether what a contract says at one place fits a schema, and everywhere below.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::scalar::{self, Answer, type_of};
use super::schema::Conjunction;
use super::spec::{Place, Spec};
use crate::compat::{Bounds, Form, Kind, Node, secret};
use crate::contract::{Step, display_steps};

/// Which way a value goes. All that is sent must be allowed; of what is expected, some must be possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Sent,
    Received,
}

/// Something that does not fit, or of which that cannot be said.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trouble {
    pub(super) path: String,
    pub(super) message: String,
    /// JSON pointer in the pact.
    pub(super) pact: String,
    /// JSON pointer in the specification.
    pub(super) spec: String,
    /// True when only some of the values are refused.
    pub(super) is_partial: bool,
}

/// What came of comparing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Fit {
    pub(super) noes: Vec<Trouble>,
    pub(super) doubts: Vec<Trouble>,
}

impl Fit {
    /// Items of one list often say the same; it is said once.
    fn add(&mut self, other: Self) {
        let merge = |known: &mut Vec<Trouble>, more: Vec<Trouble>| {
            for one in more {
                if !known.iter().any(|known| (&known.path, &known.message) == (&one.path, &one.message)) {
                    known.push(one);
                }
            }
        };
        merge(&mut self.noes, other.noes);
        merge(&mut self.doubts, other.doubts);
    }

    pub(super) fn is_yes(&self) -> bool {
        self.noes.is_empty() && self.doubts.is_empty()
    }
}

/// Compares a place of a contract with a schema.
pub(super) fn fit(spec: &Spec, side: Side, node: &Node, schema: &Place<'_>) -> Fit {
    Walk { spec, side }.node("$", node, schema)
}

/// Compares what stands under a name with a schema: a header or a parameter.
pub(super) fn fit_named(spec: &Spec, side: Side, (name, node): (&str, &Node), schema: &Place<'_>) -> Fit {
    Walk { spec, side }.node(name, node, schema)
}

#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    pub(super) spec: &'a Spec,
    pub(super) side: Side,
}

/// A place in the contract.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) path: &'a str,
    pub(super) node: &'a Node,
}

impl<'a> Walk<'a> {
    /// Compares a place with parts that must all hold.
    pub(super) fn conjunction(self, at: At<'_>, schema: &Conjunction<'_>) -> Fit {
        let mut found = self.special(at, schema);
        found.add(match &at.node.form {
            Form::Anything if self.side == Side::Received || schema.is_anything() => Fit::default(),
            Form::Anything => doubt(at, "the contract says nothing about this value", &first(schema)),
            Form::One(values) => match scalar::fit(values, schema, self.side) {
                Answer::Yes => Fit::default(),
                Answer::No(reason) => no(at, &reason, &first(schema)),
                Answer::Partly(reason) => partly(no(at, &reason, &first(schema))),
                Answer::Unknown(reason) => doubt(at, &reason, &first(schema)),
            },
            Form::Object { fields, is_closed, .. } => self.object(at, (fields, *is_closed), schema),
            Form::Map { entries, .. } => self.map(at, entries, schema),
            Form::List { size, items, .. } => self.list(at, (*size, items), schema),
            Form::Contains(items) => self.contains(at, items, schema),
            Form::Unclear { rule, .. } => {
                let message = format!("what the rule ({rule}) means for an object or a list");
                doubt(at, &message, &first(schema))
            }
        });
        found
    }

    /// Keywords that are not compared as sets; a value of which everything is known can still be judged.
    fn special(self, at: At<'_>, schema: &Conjunction<'_>) -> Fit {
        let listed = || {
            schema.parts.iter().find_map(|part| {
                let keyword =
                    ["enum", "const"].into_iter().find(|keyword| part.value.get(*keyword).is_some())?;
                (!matches!(at.node.form, Form::One(_))).then_some((keyword, part))
            })
        };
        let Some((keyword, part)) = schema.unsupported().or_else(listed) else { return Fit::default() };
        let known = exact(at.node).filter(|_| self.side == Side::Sent);
        match known.and_then(|value| self.spec.admits(&part.pointer, &value)) {
            Some(true) => Fit::default(),
            Some(false) => {
                no(at, &format!("the example breaks the schema, which uses `{keyword}`"), &part.pointer)
            }
            None => doubt(at, &format!("the keyword `{keyword}` is not understood"), &part.pointer),
        }
    }

    fn object(
        self,
        at: At<'_>,
        (fields, is_closed): (&BTreeMap<String, Node>, bool),
        schema: &Conjunction<'_>,
    ) -> Fit {
        let mut found = of_kind(at, Kind::Object, schema);
        if !found.noes.is_empty() {
            return found;
        }
        for (key, field) in fields {
            let path = below(at.path, key);
            let inner = At { path: &path, node: field };
            let declared: Vec<_> = schema.parts.iter().filter_map(|part| self.property(part, key)).collect();
            for property in &declared {
                found.add(self.node(&path, field, property));
                if self.side == Side::Received && property.value.get("writeOnly") == Some(&Value::Bool(true))
                {
                    found.add(no(inner, "the field is never answered, it is `writeOnly`", &property.pointer));
                }
            }
            for part in schema.parts.iter().filter(|part| self.property(part, key).is_none()) {
                found.add(self.undeclared(inner, part));
            }
            if declared.is_empty() && self.side == Side::Received && !schema.parts.iter().any(is_open) {
                let closed = schema.parts.iter().any(|part| part.value.get("additionalProperties").is_some());
                if !closed && schema.names_fields() {
                    found.add(no(inner, "the specification does not mention the field", &first(schema)));
                }
            }
        }
        // An answer that may have no other field lacks what it does not name.
        if self.side == Side::Sent || is_closed {
            found.add(self.required(at, fields, schema));
        }
        found
    }

    fn property<'p>(self, part: &Place<'p>, key: &str) -> Option<Place<'p>>
    where
        'a: 'p,
    {
        self.spec.get(&self.spec.get(part, "properties")?, key)
    }

    /// A field that one part of the schema does not name.
    fn undeclared(self, at: At<'_>, part: &Place<'_>) -> Fit {
        match part.value.get("additionalProperties") {
            Some(Value::Bool(false)) => {
                let place = format!("{}/additionalProperties", part.pointer);
                no(at, "the specification allows no such field", &place)
            }
            Some(Value::Object(_)) => {
                let schema = self.spec.get(part, "additionalProperties");
                schema.map_or_else(
                    || doubt(at, "the schema of other fields is not in the document", &part.pointer),
                    |schema| self.node(at.path, at.node, &schema),
                )
            }
            _ => Fit::default(),
        }
    }

    fn required(self, at: At<'_>, fields: &BTreeMap<String, Node>, schema: &Conjunction<'_>) -> Fit {
        let mut found = Fit::default();
        for part in &schema.parts {
            let names = part.value.get("required").and_then(Value::as_array).into_iter().flatten();
            for name in names.filter_map(Value::as_str).filter(|name| !fields.contains_key(*name)) {
                let declared = schema.parts.iter().find_map(|part| self.property(part, name));
                let elsewhere = if self.side == Side::Sent { "readOnly" } else { "writeOnly" };
                let goes_the_other_way =
                    |place: &Place<'_>| place.value.get(elsewhere) == Some(&Value::Bool(true));
                if declared.as_ref().is_some_and(goes_the_other_way) {
                    continue;
                }
                let path = below(at.path, name);
                let place = format!("{}/required", part.pointer);
                found.add(no(At { path: &path, ..at }, "the specification requires the field", &place));
            }
        }
        found
    }

    fn map(self, at: At<'_>, entries: &BTreeMap<String, Node>, schema: &Conjunction<'_>) -> Fit {
        let mut found = of_kind(at, Kind::Object, schema);
        let path = format!("{}.*", at.path);
        for part in &schema.parts {
            let named = part.value.get("properties").is_some() || part.value.get("required").is_some();
            if named && self.side == Side::Sent {
                found.add(doubt(
                    at,
                    "the contract leaves the keys free and the specification names some",
                    &part.pointer,
                ));
            }
            for entry in entries.values().filter(|_| !named) {
                found.add(self.undeclared(At { path: &path, node: entry }, part));
            }
            let is_limited =
                matches!(part.value.get("additionalProperties"), Some(Value::Bool(false) | Value::Object(_)));
            if entries.is_empty() && is_limited && self.side == Side::Sent {
                let message = "the example has no entry, so that nothing is known about the values";
                found.add(doubt(at, message, &part.pointer));
            }
        }
        found
    }

    fn list(self, at: At<'_>, (size, items): (Bounds, &[Node]), schema: &Conjunction<'_>) -> Fit {
        let mut found = of_kind(at, Kind::List, schema);
        if !found.noes.is_empty() {
            return found;
        }
        for part in &schema.parts {
            let bound = |keyword: &str| {
                part.value
                    .get(keyword)
                    .and_then(Value::as_u64)
                    .and_then(|number| usize::try_from(number).ok())
            };
            let allowed = Bounds { min: bound("minItems").unwrap_or(0), max: bound("maxItems") };
            let fits = match self.side {
                Side::Sent => size.is_within(allowed),
                Side::Received => meet(size, allowed),
            };
            if !fits {
                let message =
                    format!("the contract has {}, the specification {}", size.words(), allowed.words());
                let refused = no(at, &message, &part.pointer);
                found.add(if meet(size, allowed) { partly(refused) } else { refused });
            }
            if part.value.get("uniqueItems") == Some(&Value::Bool(true))
                && self.side == Side::Sent
                && items.len() + size.min > 1
            {
                let known = exact(at.node).and_then(|value| self.spec.admits(&part.pointer, &value));
                if known != Some(true) {
                    found.add(doubt(at, "whether all items are different", &part.pointer));
                }
            }
        }
        let limited = schema.parts.iter().find(|part| part.value.get("items").is_some());
        if let Some(part) =
            limited.filter(|_| self.side == Side::Sent && items.is_empty() && size.max != Some(0))
        {
            let message = "the example has no item, so that nothing is known about the items";
            found.add(doubt(at, message, &part.pointer));
        }
        found.add(self.each(at, items, schema));
        found
    }

    fn each(self, at: At<'_>, items: &[Node], schema: &Conjunction<'_>) -> Fit {
        let mut found = Fit::default();
        let schemas: Vec<_> = schema.parts.iter().filter_map(|part| self.spec.get(part, "items")).collect();
        let path = format!("{}[*]", at.path);
        for item in items {
            for schema in &schemas {
                found.add(self.node(&path, item, schema));
            }
        }
        found
    }

    fn contains(self, at: At<'_>, items: &[Node], schema: &Conjunction<'_>) -> Fit {
        let mut found = of_kind(at, Kind::List, schema);
        found.add(self.each(at, items, schema));
        if self.side == Side::Sent && !schema.is_anything() {
            found.add(doubt(at, "the contract does not say what else is in the list", &first(schema)));
        }
        found
    }
}

/// Whether a structure may stand here at all.
fn of_kind(at: At<'_>, kind: Kind, schema: &Conjunction<'_>) -> Fit {
    if schema.parts.iter().any(|part| *part.value == Value::Bool(false)) {
        return no(at, "the specification allows nothing here", &first(schema));
    }
    if schema.allows(type_of(kind)) {
        return Fit::default();
    }
    let types = schema.types().unwrap_or_default().join(" or ");
    no(at, &format!("the contract has {}, the specification {types}", type_of(kind)), &first(schema))
}

/// Whether some number is within both bounds.
fn meet(one: Bounds, other: Bounds) -> bool {
    let most = [one.max, other.max].into_iter().flatten().min();
    most.is_none_or(|most| one.min.max(other.min) <= most)
}

/// The same, where only some of the values are refused.
pub(super) fn partly(mut fit: Fit) -> Fit {
    fit.noes.iter_mut().for_each(|trouble| trouble.is_partial = true);
    fit
}

pub(super) fn no(at: At<'_>, message: &str, spec: &str) -> Fit {
    Fit { noes: vec![trouble(at, message, spec)], doubts: Vec::new() }
}

pub(super) fn doubt(at: At<'_>, message: &str, spec: &str) -> Fit {
    Fit { noes: Vec::new(), doubts: vec![trouble(at, message, spec)] }
}

fn trouble(At { path, node }: At<'_>, message: &str, spec: &str) -> Trouble {
    Trouble {
        path: path.to_owned(),
        message: secret::hidden(path, message),
        pact: node.pointer.clone(),
        spec: spec.to_owned(),
        is_partial: false,
    }
}

fn first(schema: &Conjunction<'_>) -> String {
    schema.parts.first().map(|part| part.pointer.clone()).unwrap_or_default()
}

/// True when a part says that it has other fields.
fn is_open(part: &Place<'_>) -> bool {
    matches!(part.value.get("additionalProperties"), Some(Value::Bool(true) | Value::Object(_)))
}

fn below(path: &str, key: &str) -> String {
    format!("{path}{}", display_steps(&[Step::Key(key.to_owned())]).trim_start_matches('$'))
}

/// The one value that a place stands for, when there is only one.
fn exact(node: &Node) -> Option<Value> {
    match &node.form {
        Form::One(values) => values.is_exact().then(|| values.example.clone()),
        Form::Object { fields, .. } => {
            let field = |(key, field): (&String, &Node)| Some((key.clone(), exact(field)?));
            Some(Value::Object(fields.iter().map(field).collect::<Option<Map<_, _>>>()?))
        }
        Form::List { items, repeats: false, .. } => {
            Some(Value::Array(items.iter().map(exact).collect::<Option<_>>()?))
        }
        Form::List { .. } | Form::Anything | Form::Map { .. } | Form::Contains(_) | Form::Unclear { .. } => {
            None
        }
    }
}
