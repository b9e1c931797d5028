//! Matchers by the names that people write: `$like`, `$regex` and their relatives.

use serde_json::{Value, json};

use super::reader::Reader;
use super::rules::Rule;
use crate::finding::Code;
use crate::name::did_you_mean;
use crate::yaml::{Data, Field, Node};

/// What stands behind the name of a matcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// The example itself.
    Example,
    /// What must hold; the example stands beside it.
    Setting,
    /// One item of a list of such items.
    Item,
    /// The items that must be in a list.
    Items,
    /// The texts of which it must be one.
    Choices,
    /// Further matchers, all or one of which must hold; the example stands beside them.
    Matchers,
    /// Nothing.
    Nothing,
    /// Where the value comes from, and that it is compared exactly.
    Origin,
}

/// A matcher as people write it.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    /// One sentence for the schema and the guide.
    pub(super) about: &'static str,
}

/// Every tag there is.
pub(super) const TAGS: &[Tag] = &[
    tag("like", Takes::Example, "Any value of the example's type, and so for everything inside it."),
    tag("eachLike", Takes::Item, "A list of items like this one: at least `min` (1), at most `max`."),
    tag("regex", Takes::Setting, "A text that matches the whole pattern."),
    tag("oneOf", Takes::Choices, "One of these texts; the first is the example."),
    tag("integer", Takes::Example, "Any whole number."),
    tag("decimal", Takes::Example, "Any number with a decimal point."),
    tag("number", Takes::Example, "Any number."),
    tag("boolean", Takes::Example, "True or false."),
    tag("null", Takes::Nothing, "Null."),
    tag("include", Takes::Setting, "A text that contains this one."),
    tag("date", Takes::Setting, "A date in this format, such as `yyyy-MM-dd`."),
    tag("time", Takes::Setting, "A time in this format, such as `HH:mm:ss`."),
    tag("datetime", Takes::Setting, "A date and time in this format, such as `yyyy-MM-dd'T'HH:mm:ssX`."),
    tag("uuid", Takes::Example, "A UUID in lower case with hyphens."),
    tag("semver", Takes::Example, "A semantic version."),
    tag("notEmpty", Takes::Example, "Anything that is not empty."),
    tag("equal", Takes::Example, "Exactly this value, also inside a `$like`."),
    tag("contentType", Takes::Setting, "Bytes of this content type, told by their first bytes."),
    tag("arrayContains", Takes::Items, "A list with at least these items, in any order."),
    tag("values", Takes::Example, "An object with any keys; its values are compared."),
    tag("eachKey", Takes::Matchers, "An object each of whose keys satisfies this matcher."),
    tag("eachValue", Takes::Matchers, "An object or list each of whose values satisfies this matcher."),
    tag("all", Takes::Matchers, "All of these matchers hold."),
    tag("any", Takes::Matchers, "One of these matchers holds."),
    tag(
        "statusCode",
        Takes::Setting,
        "A class of statuses: info, success, redirect, clientError, serverError, nonError, error.",
    ),
    tag("value", Takes::Example, "Exactly this value: for a generator without a matcher."),
    tag(
        "fromState",
        Takes::Origin,
        "A value that the provider state returns, by its name or as `/faqs/${id}`.",
    ),
    tag("mockUrl", Takes::Origin, "An address of the provider itself; the path is compared."),
];

const fn tag(name: &'static str, takes: Takes, about: &'static str) -> Tag {
    Tag { name, takes, about }
}

const UUID: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/// The field of a map that names a matcher, when it has one: its key starts with one `$`.
pub(super) fn tagged(node: &Node) -> Option<&Field> {
    let Data::Map(fields) = &node.data else { return None };
    fields.iter().find(|field| field.key.starts_with('$') && !field.key.starts_with("$$"))
}

/// The tag of a field, by its name.
pub(super) fn tag_of(reader: &mut Reader, field: &Field) -> Option<&'static Tag> {
    let name = field.key.trim_start_matches('$');
    let found = TAGS.iter().find(|tag| tag.name == name);
    if found.is_none() {
        let meant =
            did_you_mean(name, TAGS.iter().map(|tag| tag.name)).map(|meant| meant.replacen('"', "\"$", 1));
        let help =
            meant.unwrap_or_else(|| format!("a key that starts with `$` itself is written `${}`", field.key));
        reader.advise(Code::UnknownMatcher, field.at, format!("there is no matcher `{}`", field.key), help);
    }
    found
}

/// The matcher behind a tag that takes a setting, an example or nothing.
pub(super) fn matcher(reader: &mut Reader, tag: &Tag, argument: &Node) -> Option<Value> {
    let mut text = |what: &str| reader.text(argument, what);
    Some(match tag.name {
        "like" => json!({ "match": "type" }),
        "equal" => json!({ "match": "equality" }),
        "uuid" => json!({ "match": "regex", "regex": UUID }),
        "regex" => json!({ "match": "regex", "regex": text("the pattern")? }),
        "include" => json!({ "match": "include", "value": text("what is included")? }),
        "contentType" => json!({ "match": "contentType", "value": text("the content type")? }),
        "date" | "time" | "datetime" => json!({ "match": tag.name, "format": text("the format")? }),
        "statusCode" => json!({ "match": "statusCode", "status": argument.plain() }),
        name => json!({ "match": name }),
    })
}

/// A matcher where there is no example: a name, or a map with one tag and what it needs.
pub(super) fn bare(reader: &mut Reader, node: &Node) -> Option<Rule> {
    let named = match &node.data {
        Data::Text(name) => Some(Field {
            at: node.at,
            key: format!("${}", name.trim_start_matches('$')),
            value: nothing(node),
        }),
        Data::Map(_) => tagged(node).cloned(),
        _ => None,
    };
    let Some(field) = named else {
        let message = "a matcher is a name such as `integer`, or a map such as { $regex: '[a-z]+' }";
        reader.say(Code::BadType, node.at, message);
        return None;
    };
    let tag = tag_of(reader, &field)?;
    match tag.takes {
        Takes::Example | Takes::Nothing if field.value.data != Data::Null => {
            let message = format!("`{}` takes no example here: the example is the value itself", field.key);
            reader.say(Code::BadType, field.value.at, message);
            None
        }
        Takes::Item | Takes::Items | Takes::Origin => {
            let message = format!("`{}` describes a value and cannot stand here", field.key);
            reader.say(Code::UnknownMatcher, field.at, message);
            None
        }
        Takes::Choices => Some(Rule::of(choices(reader, &field)?.0)),
        Takes::Matchers => several(reader, tag, &field.value),
        Takes::Example | Takes::Nothing | Takes::Setting if tag.name == "value" => {
            reader.say(Code::UnknownMatcher, field.at, "`$value` is no matcher");
            None
        }
        Takes::Example | Takes::Nothing | Takes::Setting => {
            Some(Rule::of(matcher(reader, tag, &field.value)?))
        }
    }
}

fn nothing(node: &Node) -> Node {
    Node { at: node.at, data: Data::Null }
}

/// The rule behind `$all`, `$any`, `$eachKey` and `$eachValue`.
pub(super) fn several(reader: &mut Reader, tag: &Tag, argument: &Node) -> Option<Rule> {
    let nodes = match &argument.data {
        Data::List(items) => items.as_slice(),
        _ => std::slice::from_ref(argument),
    };
    let rules: Vec<Rule> = nodes.iter().filter_map(|node| bare(reader, node)).collect();
    if rules.len() < nodes.len() {
        return None;
    }
    let matchers: Vec<Value> = rules.into_iter().flat_map(|rule| rule.matchers).collect();
    if matchers.is_empty() {
        reader.say(Code::EmptyRule, argument.at, format!("`${}` needs at least one matcher", tag.name));
        return None;
    }
    Some(match tag.name {
        "all" => Rule { matchers, any: false },
        "any" => Rule { matchers, any: true },
        name => Rule::of(json!({ "match": name, "rules": matchers, "value": "" })),
    })
}

/// The pattern for one of several texts, and the first of them.
pub(super) fn choices(reader: &mut Reader, field: &Field) -> Option<(Value, String)> {
    let texts: Option<Vec<String>> = match &field.value.data {
        Data::List(items) => items.iter().map(|item| item.text().map(str::to_owned)).collect(),
        _ => None,
    };
    let Some((texts, first)) = texts.and_then(|texts| texts.first().cloned().map(|first| (texts, first)))
    else {
        reader.say(Code::BadType, field.value.at, "`$oneOf` takes a list of texts");
        return None;
    };
    let escaped: Vec<String> = texts.iter().map(|text| regex_syntax::escape(text)).collect();
    Some((json!({ "match": "regex", "regex": escaped.join("|") }), first))
}
