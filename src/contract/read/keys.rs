//! The keys that a pact may have, object by object, and what an unknown key was meant to be.
//!
//! The lists are the union over all versions of the specification: a key that only a later
//! version gives a meaning to is no mistake in an earlier one, and writers do produce it.

use strsim::damerau_levenshtein;

/// A pact.
pub(super) const PACT: &[&str] =
    &["consumer", "provider", "interactions", "messages", "metadata", "createdAt"];

/// A consumer or a provider.
pub(super) const PARTICIPANT: &[&str] = &["name"];

/// The keys of the metadata that mean something to a reader; writers add others freely.
pub(super) const METADATA: &[&str] =
    &["pactSpecification", "pact-specification", "pactSpecificationVersion", "plugins"];

/// A plugin that the metadata lists.
pub(super) const PLUGIN: &[&str] = &["name", "version", "configuration"];

/// The comments of an interaction that mean something to a reader; people add others freely, and
/// `test` is no misspelt `text`.
pub(super) const COMMENTS: &[&str] = &["testname", "text", "references", "test"];

/// What a plugin shows of an interaction.
pub(super) const MARKUP: &[&str] = &["markup", "markupType"];

/// The version of the specification.
pub(super) const SPECIFICATION: &[&str] = &["version"];

/// An interaction over HTTP or of synchronous messages.
pub(super) const INTERACTION: &[&str] = &[
    "type",
    "description",
    "providerStates",
    "providerState",
    "provider_state",
    "request",
    "response",
    "key",
    "pending",
    "comments",
    "transport",
    "pluginConfiguration",
    "interactionMarkup",
    "id",
];

/// A message, of version 3 or 4.
pub(super) const MESSAGE: &[&str] = &[
    "type",
    "description",
    "providerStates",
    "providerState",
    "provider_state",
    "contents",
    "content",
    "metadata",
    "metaData",
    "matchingRules",
    "generators",
    "key",
    "pending",
    "comments",
    "transport",
    "pluginConfiguration",
    "interactionMarkup",
    "id",
];

/// The request or one response of a synchronous message.
pub(super) const SYNC_CONTENTS: &[&str] =
    &["contents", "metadata", "metaData", "matchingRules", "generators"];

/// A provider state.
pub(super) const STATE: &[&str] = &["name", "params"];

/// A request.
pub(super) const REQUEST: &[&str] =
    &["method", "path", "query", "headers", "body", "matchingRules", "requestMatchingRules", "generators"];

/// A response.
pub(super) const RESPONSE: &[&str] =
    &["status", "headers", "body", "matchingRules", "responseMatchingRules", "generators"];

/// A body of version 4.
pub(super) const BODY: &[&str] = &["content", "contentType", "contentTypeHint", "encoded"];

/// The matchers of one path.
pub(super) const RULE: &[&str] = &["matchers", "combine"];

/// One matcher.
pub(super) const MATCHER: &[&str] = &[
    "match",
    "pact:matcher:type",
    "regex",
    "min",
    "max",
    "format",
    "timestamp",
    "datetime",
    "date",
    "time",
    "value",
    "variants",
    "status",
    "rules",
    "generator",
];

/// One item that a list must contain.
pub(super) const VARIANT: &[&str] = &["index", "rules", "generators"];

/// One generator.
pub(super) const GENERATOR: &[&str] = &[
    "type",
    "min",
    "max",
    "digits",
    "size",
    "regex",
    "format",
    "expression",
    "dataType",
    "example",
    "example_value",
];

/// What people write for what, where the two do not look alike.
const CONFUSIONS: &[(&str, &str)] = &[
    ("states", "providerStates"),
    ("given", "providerStates"),
    ("header", "headers"),
    ("statuscode", "status"),
    ("code", "status"),
    ("url", "path"),
    ("uri", "path"),
    ("verb", "method"),
    ("parameters", "params"),
    ("querystring", "query"),
    ("rules", "matchingRules"),
    ("matchers", "matchingRules"),
    ("matcher", "match"),
    ("pattern", "regex"),
    ("responses", "response"),
    ("spec", "pactSpecification"),
];

/// The known key that an unknown one was probably meant to be.
pub(super) fn probably_meant<'k>(key: &str, known: impl Iterator<Item = &'k str> + Clone) -> Option<&'k str> {
    let plain = squeezed(key);
    let confused = CONFUSIONS.iter().find(|(wrong, _)| *wrong == plain).map(|(_, right)| *right);
    if let Some(right) = known.clone().find(|name| Some(*name) == confused) {
        return Some(right);
    }
    known
        .filter_map(|name| {
            let right = squeezed(name);
            let distance = damerau_levenshtein(&plain, &right);
            (distance <= tolerance(plain.chars().count(), right.chars().count())).then_some((distance, name))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many letters may be wrong in a word of some length that was meant to be one of another.
fn tolerance(found: usize, meant: usize) -> usize {
    match found.min(meant) {
        // `mx` for `max`.
        2 if meant == 3 => 1,
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    }
}

/// Without case and separators, in which most misspellings differ.
fn squeezed(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_is_understood_and_a_foreign_one_is_left_alone() {
        let meant = |key: &str, known: &[&'static str]| {
            format!("{key} -> {}", probably_meant(key, known.iter().copied()).unwrap_or("?"))
        };
        let table = [
            meant("reponse", INTERACTION),
            meant("provider_states", INTERACTION),
            meant("bdy", RESPONSE),
            meant("headrs", RESPONSE),
            meant("Status", RESPONSE),
            meant("statusCode", RESPONSE),
            meant("metod", REQUEST),
            meant("pth", REQUEST),
            meant("interactons", PACT),
            meant("mathcers", RULE),
            meant("combin", RULE),
            meant("rulez", MATCHER),
            meant("maximum", MATCHER),
            meant("mx", MATCHER),
            meant("mi", MATCHER),
            meant("on", STATE),
            meant("body", INTERACTION),
            meant("tags", PACT),
            meant("", PACT),
        ];
        insta::assert_snapshot!(table.join("\n"), @"
        reponse -> response
        provider_states -> providerStates
        bdy -> body
        headrs -> headers
        Status -> status
        statusCode -> status
        metod -> method
        pth -> path
        interactons -> interactions
        mathcers -> matchers
        combin -> combine
        rulez -> rules
        maximum -> ?
        mx -> max
        mi -> min
        on -> ?
        body -> ?
        tags -> ?
         -> ?
        ");
    }
}
