//! Examples with matchers in them: `{ $like: 7 }` is the example 7 and a rule on it.

use serde_json::{Map, Value, json};

use super::generator;
use super::matcher::{Tag, Takes, bare, choices, matcher, several, tag_of, tagged};
use super::reader::Reader;
use super::rules::{Rule, field};
use crate::contract::join_key;
use crate::finding::Code;
use crate::yaml::{At, Data, Field, Node};

/// The keys that may stand beside a tag.
const BESIDE: [&str; 2] = ["example", "generate"];
/// The keys that may stand beside `$eachLike`.
const BESIDE_ITEM: [&str; 4] = ["min", "max", "count", "generate"];
/// The most items that an example is repeated to.
const MOST_ITEMS: usize = 1000;

/// Rules and generators by path, with the place where each is written.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) rules: Vec<(String, Rule, At)>,
    pub(super) generators: Vec<(String, Value, At)>,
}

/// The example in a node; what is said about it is found on the way. `path` is that of the node.
pub(super) fn example(reader: &mut Reader, node: &Node, path: &str, found: &mut Found) -> Value {
    if let Some(field) = tagged(node) {
        return tagged_example(reader, (node, field), path, found).unwrap_or_default();
    }
    match &node.data {
        Data::List(items) => {
            let items = items.iter().enumerate();
            items.map(|(index, item)| example(reader, item, &format!("{path}[{index}]"), found)).collect()
        }
        Data::Map(fields) => {
            let mut object = Map::new();
            for one in fields {
                let key = one.key.strip_prefix('$').unwrap_or(&one.key);
                let deeper = format!("{path}{}", field(key));
                let rules = found.rules.len();
                let value = example(reader, &one.value, &deeper, found);
                if found.rules.len() > rules && (key.is_empty() || key.contains(['\'', ']'])) {
                    let message =
                        format!("no path leads to the key `{key}`, so nothing in it can have a matcher");
                    reader.say(Code::BadPath, one.at, message);
                }
                object.insert(key.to_owned(), value);
            }
            object.into()
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => node.plain(),
    }
}

fn tagged_example(
    reader: &mut Reader,
    (node, tag_field): (&Node, &Field),
    path: &str,
    found: &mut Found,
) -> Option<Value> {
    let tag = tag_of(reader, tag_field)?;
    let known: Vec<&str> = std::iter::once(tag_field.key.as_str())
        .chain(if tag.takes == Takes::Item { BESIDE_ITEM.iter() } else { BESIDE.iter() }.copied())
        .collect();
    reader.fields(node, &known, &format!("`{}`", tag_field.key));
    let value = match tag.takes {
        Takes::Example => inside(reader, (node, tag_field), tag, path, found)?,
        Takes::Item => each_like(reader, (node, tag_field), path, found)?,
        Takes::Items => array_contains(reader, tag_field, path, found)?,
        Takes::Choices => {
            let (rule, first) = choices(reader, tag_field)?;
            found.rules.push((path.to_owned(), Rule::of(rule), tag_field.at));
            node.get("example").map_or_else(|| first.into(), Node::plain)
        }
        Takes::Setting | Takes::Matchers | Takes::Nothing => {
            beside(reader, (node, tag_field), tag, path, found)?
        }
        Takes::Origin => origin(reader, (node, tag_field), path, found)?,
    };
    if let Some(generate) = node.get("generate") {
        let made = generator::generator(reader, generate)?;
        found.generators.push((path.to_owned(), made, generate.at));
    }
    Some(value)
}

/// A tag whose argument is the example.
fn inside(
    reader: &mut Reader,
    (node, field): (&Node, &Field),
    tag: &Tag,
    path: &str,
    found: &mut Found,
) -> Option<Value> {
    if let Some(twice) = node.get("example") {
        reader.say(Code::DuplicateKey, twice.at, format!("`{}` is the example already", field.key));
        return None;
    }
    if tag.name != "value" {
        let rule = Rule::of(matcher(reader, tag, &field.value)?);
        found.rules.push((path.to_owned(), rule, field.at));
    }
    let value = example(reader, &field.value, path, found);
    if tag.name == "boolean" && value.is_string() {
        // The matcher takes the words as well, and the mock would answer with a text.
        let message = "`$boolean` is true or false, and this is a text";
        reader.advise(Code::BadType, field.value.at, message, "write it without quotes: { $boolean: true }");
        return None;
    }
    Some(value)
}

/// A tag whose example stands beside it.
fn beside(
    reader: &mut Reader,
    (node, field): (&Node, &Field),
    tag: &Tag,
    path: &str,
    found: &mut Found,
) -> Option<Value> {
    let rule = match tag.takes {
        Takes::Matchers => several(reader, tag, &field.value)?,
        _ => Rule::of(matcher(reader, tag, &field.value)?),
    };
    found.rules.push((path.to_owned(), rule, field.at));
    match node.get("example") {
        Some(given) => Some(example(reader, given, path, found)),
        None if tag.takes == Takes::Nothing => Some(Value::Null),
        None if tag.name == "include" => Some(field.value.plain()),
        None => {
            let help = format!("{{ {}: …, example: … }}", field.key);
            reader.advise(Code::MissingKey, field.at, format!("`{}` needs an `example`", field.key), help);
            None
        }
    }
}

fn each_like(
    reader: &mut Reader,
    (node, field): (&Node, &Field),
    path: &str,
    found: &mut Found,
) -> Option<Value> {
    let mut count = |key: &str| node.get(key).map(|given| reader.count(given, &format!("`{key}`")));
    let (min, max, times) = (count("min"), count("max"), count("count"));
    if [min, max, times].contains(&Some(None)) {
        return None;
    }
    let (min, max) = (min.flatten().unwrap_or(1), max.flatten());
    let times = times.flatten().unwrap_or(min.max(1));
    if times == 0 || times > MOST_ITEMS || times < min || max.is_some_and(|max| times > max) {
        let message = format!("an example of {times} items does not fit");
        reader.advise(
            Code::OutOfRange,
            field.at,
            message,
            "`min` <= `count` <= `max`, and at least one is shown",
        );
        return None;
    }
    let mut matcher = json!({ "match": "type", "min": min });
    if let Some(max) = max {
        matcher["max"] = max.into();
    }
    found.rules.push((path.to_owned(), Rule::of(matcher), field.at));
    let item = example(reader, &field.value, &format!("{path}[*]"), found);
    Some(vec![item; times].into())
}

fn array_contains(reader: &mut Reader, field: &Field, path: &str, found: &mut Found) -> Option<Value> {
    let Data::List(items) = &field.value.data else {
        reader.say(Code::BadType, field.value.at, "`$arrayContains` takes a list of items");
        return None;
    };
    let mut variants = Vec::new();
    let mut examples = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut inner = Found::default();
        examples.push(example(reader, item, "$", &mut inner));
        let rules: Map<String, Value> =
            inner.rules.iter().map(|(path, rule, _)| (path.clone(), rule.json())).collect();
        let generators: Map<String, Value> =
            inner.generators.into_iter().map(|(path, generator, _)| (path, generator)).collect();
        variants.push(json!({ "index": index, "rules": rules, "generators": generators }));
    }
    let rule = Rule::of(json!({ "match": "arrayContains", "variants": variants }));
    found.rules.push((path.to_owned(), rule, field.at));
    Some(examples.into())
}

fn origin(
    reader: &mut Reader,
    (node, field): (&Node, &Field),
    path: &str,
    found: &mut Found,
) -> Option<Value> {
    let text = reader.text(&field.value, &format!("`{}`", field.key))?;
    if field.key == "$mockUrl" {
        let (generator, example) = generator::mock_url(&text);
        let pattern = format!(".*({})$", regex_syntax::escape(&text));
        let rule = Rule::of(json!({ "match": "regex", "regex": pattern }));
        found.rules.push((path.to_owned(), rule, field.at));
        found.generators.push((path.to_owned(), generator, field.at));
        return Some(example.into());
    }
    found.generators.push((path.to_owned(), generator::from_state(&text), field.at));
    let Some(given) = node.get("example") else {
        reader.say(Code::MissingKey, field.at, "`$fromState` needs an `example`");
        return None;
    };
    Some(example(reader, given, path, found))
}

/// Rules beside an example: a map from paths to matchers.
pub(super) fn listed(reader: &mut Reader, node: &Node, found: &mut Found) {
    let Data::Map(fields) = &node.data else {
        reader.say(Code::BadType, node.at, "rules are a map from paths to matchers");
        return;
    };
    for one in fields {
        let Some(rule) = bare(reader, &one.value) else { continue };
        if found.rules.iter().any(|(path, ..)| *path == one.key) {
            reader.say(Code::DuplicateKey, one.at, format!("`{}` has a matcher already", one.key));
        }
        found.rules.push((one.key.clone(), rule, one.at));
    }
}

/// Where everything in an example is written.
pub(super) fn places_in(node: &Node, pointer: String, places: &mut Vec<(String, At)>) {
    if let Some(tag) = tagged(node) {
        let inner = node.get("example").unwrap_or(&tag.value);
        if matches!(inner.data, Data::Map(_)) {
            let pointer = if tag.key == "$eachLike" { format!("{pointer}/0") } else { pointer.clone() };
            places_in(inner, pointer, places);
        }
        places.push((pointer, tag.at));
        return;
    }
    match &node.data {
        Data::Map(fields) => {
            for field in fields {
                let pointer = join_key(&pointer, field.key.strip_prefix('$').unwrap_or(&field.key));
                places.push((pointer.clone(), field.at));
                places_in(&field.value, pointer, places);
            }
        }
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                places_in(item, format!("{pointer}/{index}"), places);
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => places.push((pointer, node.at)),
    }
}
