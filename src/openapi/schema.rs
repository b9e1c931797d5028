//! A schema as alternatives: each is a list of parts that must all hold.
//!
//! `allOf`, `anyOf`, `oneOf` and references are resolved for one place at a time, so that a schema may
//! contain itself.

use serde_json::{Map, Value};

use super::spec::{Place, Spec, UNSUPPORTED};

/// More alternatives than this are not looked at.
const MOST: usize = 64;
/// Combinations inside each other that are looked at.
const DEEPEST: usize = 32;

/// What a schema demands at one place.
#[derive(Debug)]
pub(super) struct Alternatives<'a> {
    /// At least one.
    pub(super) all: Vec<Conjunction<'a>>,
    /// True when exactly one may hold.
    pub(super) is_exclusive: bool,
}

/// Parts that must all hold.
#[derive(Debug, Clone)]
pub(super) struct Conjunction<'a> {
    pub(super) parts: Vec<Place<'a>>,
}

/// Resolves a schema; `None` when it refers to something that is not there, or is too large.
pub(super) fn alternatives<'a>(spec: &'a Spec, schema: &Place<'a>) -> Option<Alternatives<'a>> {
    let mut is_exclusive = false;
    let all = expanded(spec, schema, &mut is_exclusive, 0)?;
    Some(Alternatives { all: all.into_iter().map(|parts| Conjunction { parts }).collect(), is_exclusive })
}

type Parts<'a> = Vec<Place<'a>>;

fn expanded<'a>(
    spec: &'a Spec,
    schema: &Place<'a>,
    is_exclusive: &mut bool,
    depth: usize,
) -> Option<Vec<Parts<'a>>> {
    let schema = spec.followed(schema.clone())?;
    if depth > DEEPEST {
        return None;
    }
    let mut all = vec![vec![schema.clone()]];
    for part in spec.get(&schema, "allOf").iter().flat_map(|list| spec.items(list)) {
        all = product(&all, &expanded(spec, &part, is_exclusive, depth + 1)?)?;
    }
    if listed(&schema, "allOf") != spec.get(&schema, "allOf").map_or(0, |list| spec.items(&list).len()) {
        return None;
    }
    for keyword in ["anyOf", "oneOf"] {
        let Some(list) = spec.get(&schema, keyword) else { continue };
        let branches = spec.items(&list);
        if branches.len() != listed(&schema, keyword) || branches.is_empty() {
            return None;
        }
        *is_exclusive |= keyword == "oneOf" && branches.len() > 1;
        let mut choices = Vec::new();
        for branch in &branches {
            choices.extend(expanded(spec, branch, is_exclusive, depth + 1)?);
        }
        all = product(&all, &choices)?;
    }
    Some(all)
}

fn listed(schema: &Place<'_>, keyword: &str) -> usize {
    schema.value.get(keyword).and_then(Value::as_array).map_or(0, Vec::len)
}

fn product<'a>(one: &[Parts<'a>], other: &[Parts<'a>]) -> Option<Vec<Parts<'a>>> {
    let both = |first: &Parts<'a>, second: &Parts<'a>| first.iter().chain(second).cloned().collect();
    let all = || one.iter().flat_map(|first| other.iter().map(move |second| both(first, second)));
    (one.len().saturating_mul(other.len()) <= MOST).then(|| all().collect())
}

impl<'a> Conjunction<'a> {
    /// The types that are allowed; `None` for all.
    pub(super) fn types(&self) -> Option<Vec<&'a str>> {
        let mut allowed: Option<Vec<&str>> = None;
        for part in &self.parts {
            let own: Vec<&str> = match part.value.get("type") {
                Some(Value::String(one)) => vec![one.as_str()],
                Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
                _ => continue,
            };
            allowed = Some(match allowed {
                None => own,
                Some(known) => known
                    .into_iter()
                    .filter(|name| own.contains(name) || (*name == "integer" && own.contains(&"number")))
                    .collect(),
            });
        }
        allowed
    }

    /// True when a type is allowed.
    pub(super) fn allows(&self, name: &str) -> bool {
        self.types().is_none_or(|types| types.contains(&name))
    }

    /// The first keyword that is not compared as a set, with the part it stands in.
    pub(super) fn unsupported(&self) -> Option<(&'static str, &Place<'a>)> {
        let of =
            |part: &'_ Place<'a>| UNSUPPORTED.into_iter().find(|keyword| part.value.get(*keyword).is_some());
        self.parts.iter().find_map(|part| of(part).map(|keyword| (keyword, part)))
    }

    /// True when some part names a field; an object of which none is named is free.
    pub(super) fn names_fields(&self) -> bool {
        let fields = |part: &Place<'_>| part.value.get("properties")?.as_object().map(Map::len);
        self.parts.iter().filter_map(fields).any(|number| number > 0)
    }

    /// True when nothing at all is demanded.
    pub(super) fn is_anything(&self) -> bool {
        self.parts
            .iter()
            .all(|part| constraints(part.value).next().is_none() && *part.value != Value::Bool(false))
    }

    /// What is demanded of single values, as a schema for a validator.
    pub(super) fn of_single_values(&self) -> Value {
        let part = |part: &Place<'_>| match part.value {
            Value::Bool(false) => Value::Bool(false),
            value => Value::Object(
                constraints(value).map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>(),
            ),
        };
        serde_json::json!({"allOf": self.parts.iter().map(part).collect::<Vec<_>>()})
    }

    /// Every demand on single values.
    pub(super) fn constraints(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.parts.iter().flat_map(|part| constraints(part.value)).map(|(key, value)| (key.as_str(), value))
    }
}

/// The keywords that say something about single values.
const SINGLE: [&str; 12] = [
    "type",
    "enum",
    "const",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

fn constraints(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten().filter(|(key, _)| SINGLE.contains(&key.as_str()))
}
