//! One interaction: what it is called, which states it needs, what was written beside it, and what
//! is exchanged.

use serde_json::{Map, Value};

use super::cursor::Cursor;
use super::{http, keys, message};
use crate::contract::model::{Comments, Exchange, Interaction, ProviderState, SpecVersion};
use crate::contract::rule::{Generator, Matcher, PlacedGenerator, Rule};
use crate::finding::Code;

/// The words for the kinds of interaction in a V4 pact.
const KINDS: [&str; 3] = ["Synchronous/HTTP", "Asynchronous/Messages", "Synchronous/Messages"];

/// Reads an item of `interactions`.
pub(super) fn interaction(cursor: &Cursor<'_>, version: SpecVersion) -> Option<Interaction> {
    if version < SpecVersion::V4 {
        let sound = cursor.is_object_of(keys::INTERACTION);
        return sound.then(|| whole(cursor, version, http::exchange(cursor, version))).flatten();
    }
    if !cursor.value.is_object() {
        cursor.refuse_type("an object");
        return None;
    }
    let exchange = match kind(cursor)? {
        "Synchronous/HTTP" => {
            cursor.check_keys(keys::INTERACTION);
            http::exchange(cursor, version)
        }
        "Asynchronous/Messages" => {
            cursor.check_keys(keys::MESSAGE);
            Some(Exchange::Message(message::published(cursor)))
        }
        _ => {
            cursor.check_keys(keys::INTERACTION);
            message::exchanged(cursor)
        }
    };
    whole(cursor, version, exchange)
}

/// Reads an item of `messages`, which has the form of version 3 in every version.
pub(super) fn message(cursor: &Cursor<'_>) -> Option<Interaction> {
    if !cursor.is_object_of(keys::MESSAGE) {
        return None;
    }
    whole(cursor, SpecVersion::V3, Some(Exchange::Message(message::published_v3(cursor))))
}

/// The kind of a V4 interaction, which has no default.
fn kind(cursor: &Cursor<'_>) -> Option<&'static str> {
    let Some(kind) = cursor.deciding("type", &["type"]) else {
        cursor.lacks("type", "; a V4 interaction says what kind it is");
        return None;
    };
    let text = kind.text()?;
    let known = KINDS.iter().copied().find(|known| *known == text);
    let meant = keys::probably_meant(text, KINDS.iter().copied());
    if known.is_none() {
        let help = meant.map_or_else(
            || format!("known are {}", KINDS.join(", ")),
            |meant| format!("did you mean `{meant}`?"),
        );
        kind.value_says(Code::UnknownWord, format!("`{text}` is not a kind of interaction"), help);
    }
    known.or(meant)
}

/// Puts the parts together; `None` when the exchange could not be read.
fn whole(cursor: &Cursor<'_>, version: SpecVersion, exchange: Option<Exchange>) -> Option<Interaction> {
    let described = cursor.key("description");
    if described.is_none() {
        cursor.lacks("description", "");
    }
    let description = described.and_then(|description| description.text());
    let states = states(cursor);
    let only_in_v4 = (version == SpecVersion::V4).then_some(cursor);
    let text = |key: &str| only_in_v4.and_then(|cursor| cursor.filled(key)).and_then(|text| text.scalar());
    let (key, transport) = (text("key"), text("transport"));
    let pending = only_in_v4.and_then(|cursor| cursor.filled("pending")).and_then(|pending| pending.truth());
    let comments =
        only_in_v4.and_then(|cursor| cursor.filled("comments")).map(|comments| read_comments(&comments));
    let configured = only_in_v4.and_then(|cursor| cursor.filled("pluginConfiguration"));
    if let Some(markup) = only_in_v4.and_then(|cursor| cursor.filled("interactionMarkup")) {
        markup.is_object_of(keys::MARKUP);
    }
    let exchange = exchange?;
    Some(Interaction {
        description: description?.to_owned(),
        states,
        key,
        pending: pending.unwrap_or(false),
        transport,
        comments: comments.unwrap_or_default(),
        plugins: plugins(cursor, configured.as_ref(), &exchange),
        exchange,
        pointer: cursor.pointer.clone(),
    })
}

fn states(cursor: &Cursor<'_>) -> Vec<ProviderState> {
    if let Some(states) = cursor.filled("providerStates") {
        return states.items().iter().filter_map(state).collect();
    }
    let Some(state) = ["providerState", "provider_state"].iter().find_map(|key| cursor.filled(key)) else {
        return Vec::new();
    };
    match state.text() {
        Some(name) if !name.is_empty() => vec![ProviderState { name: name.to_owned(), params: Map::new() }],
        _ => Vec::new(),
    }
}

fn state(cursor: &Cursor<'_>) -> Option<ProviderState> {
    if let Value::String(name) = cursor.value {
        let help = format!("write {{\"name\": {}}}", cursor.value);
        cursor.value_says(Code::BadType, format!("the state `{name}` is a text, not an object"), help);
        return None;
    }
    if !cursor.is_object_of(keys::STATE) {
        return None;
    }
    let Some(name) = cursor.key("name") else {
        cursor.lacks("name", " in a provider state");
        return None;
    };
    let params = match cursor.filled("params") {
        None => Map::new(),
        Some(params) => {
            if !params.value.is_object() {
                params.refuse_type("an object");
            }
            params.value.as_object().cloned().unwrap_or_default()
        }
    };
    Some(ProviderState { name: name.text()?.to_owned(), params })
}

/// Comments are free; what is not in the known form is kept in the document and says nothing.
fn read_comments(cursor: &Cursor<'_>) -> Comments {
    if !cursor.value.is_object() {
        cursor.refuse_type("an object");
        return Comments::default();
    }
    cursor.check_free_keys(keys::COMMENTS);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Comments {
        test_name: cursor.value.get("testname").and_then(text),
        text: match cursor.value.get("text") {
            Some(Value::Array(lines)) => lines.iter().filter_map(text).collect(),
            Some(Value::String(line)) => vec![line.clone()],
            _ => Vec::new(),
        },
        references: cursor.filled("references").map(|groups| references(&groups)).unwrap_or_default(),
    }
}

fn references(groups: &Cursor<'_>) -> Vec<(String, Vec<(String, String)>)> {
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let group = |(name, group): (&str, Cursor<'_>)| {
        let entries: Vec<_> =
            group.entries().map(|(key, entry)| (key.to_owned(), shown(entry.value))).collect();
        (!entries.is_empty()).then(|| (name.to_owned(), entries))
    };
    groups.entries().filter_map(group).collect()
}

/// The plugins that the interaction is configured for, or all that the pact lists when it uses a
/// matcher or generator that is not part of the specification.
fn plugins(cursor: &Cursor<'_>, configured: Option<&Cursor<'_>>, exchange: &Exchange) -> Vec<String> {
    if let Some(configured) = configured {
        if !configured.value.is_object() {
            configured.refuse_type("an object");
        }
        let names: Vec<_> = configured.entries().map(|(name, _)| name.to_owned()).collect();
        if !names.is_empty() {
            return names;
        }
    }
    if needs_plugin(exchange) { cursor.context().plugin_names() } else { Vec::new() }
}

fn needs_plugin(exchange: &Exchange) -> bool {
    let parts: Vec<(&[Rule], &[PlacedGenerator])> = match exchange {
        Exchange::Http { request, response } => {
            vec![(&request.rules, &request.generators), (&response.rules, &response.generators)]
        }
        Exchange::Message(contents) => vec![(&contents.rules, &contents.generators)],
        Exchange::SyncMessage { request, responses } => std::iter::once(request)
            .chain(responses)
            .map(|contents| (contents.rules.as_slice(), contents.generators.as_slice()))
            .collect(),
    };
    parts.iter().any(|(rules, generators)| {
        rules.iter().any(|rule| rule.matchers.iter().any(is_plugin_matcher))
            || generators.iter().any(|placed| matches!(placed.generator, Generator::Plugin { .. }))
    })
}

fn is_plugin_matcher(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::Plugin { .. } => true,
        Matcher::EachKey(matchers) | Matcher::EachValue(matchers) => matchers.iter().any(is_plugin_matcher),
        Matcher::ArrayContains(variants) => variants
            .iter()
            .flat_map(|variant| &variant.rules)
            .flat_map(|rule| &rule.matchers)
            .any(is_plugin_matcher),
        _ => false,
    }
}
