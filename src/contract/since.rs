//! Since which version of the specification a pact can say something, and in what form.
//!
//! The one table of its kind: whoever writes a pact asks here. The specification's own lists stop
//! where its writers went on, so a word counts from the version in which the reference
//! implementations write it.

use serde_json::Value;

use super::model::SpecVersion;
use SpecVersion::{V2, V3, V4};

/// The matchers. What is not listed is a matcher of a plugin, which needs version 4.
const MATCHERS: &[(&str, SpecVersion)] = &[
    ("regex", V2),
    ("type", V2),
    ("equality", V3),
    ("include", V3),
    ("integer", V3),
    ("decimal", V3),
    ("number", V3),
    ("boolean", V3),
    ("null", V3),
    ("date", V3),
    ("time", V3),
    ("timestamp", V3),
    ("datetime", V3),
    ("contentType", V3),
    ("values", V3),
    ("arrayContains", V4),
    ("statusCode", V4),
    ("notEmpty", V4),
    ("semver", V4),
    ("eachKey", V4),
    ("eachValue", V4),
];

/// The generators.
const GENERATORS: &[(&str, SpecVersion)] = &[
    ("RandomInt", V3),
    ("RandomDecimal", V3),
    ("RandomHexadecimal", V3),
    ("RandomString", V3),
    ("RandomBoolean", V3),
    ("Regex", V3),
    ("Uuid", V3),
    ("Date", V3),
    ("Time", V3),
    ("DateTime", V3),
    // Listed under version 4 only, but written into pacts of version 3 since long before it.
    ("ProviderState", V3),
    ("MockServerURL", V3),
];

/// Something that a version of the specification cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsayable {
    /// What it is, for a sentence: `the matcher `semver``.
    pub what: String,
    /// The first version that can say it.
    pub since: SpecVersion,
}

/// What of a rule with these matchers a version cannot say.
#[must_use]
pub fn unsayable_rule(version: SpecVersion, matchers: &[Value]) -> Vec<Unsayable> {
    let each = matchers.iter().filter_map(|matcher| {
        let word = matcher["match"].as_str().unwrap_or_default();
        newer(version, since(MATCHERS, word), || format!("the matcher `{word}`"))
    });
    let several = if matchers.len() > 1 { V3 } else { SpecVersion::V1 };
    each.chain(newer(version, several, || "several matchers for one value".to_owned())).collect()
}

/// What of a generator a version cannot say.
#[must_use]
pub fn unsayable_generator(version: SpecVersion, generator: &Value) -> Option<Unsayable> {
    let word = generator["type"].as_str().unwrap_or_default();
    newer(version, since(GENERATORS, word), || format!("the generator `{word}`")).or_else(|| {
        let has_form = word == "Uuid" && !generator["format"].is_null();
        newer(version, if has_form { V4 } else { V3 }, || "the form of a generated UUID".to_owned())
    })
}

/// The matcher as a version writes it. Version 3 has another word for a date with a time.
#[must_use]
pub(super) fn in_words_of(version: SpecVersion, mut matcher: Value) -> Value {
    if version == V3 && matcher["match"] == "datetime" {
        matcher["match"] = "timestamp".into();
    }
    matcher
}

fn since(table: &[(&str, SpecVersion)], word: &str) -> SpecVersion {
    table.iter().find(|(known, _)| *known == word).map_or(V4, |(_, since)| *since)
}

fn newer(version: SpecVersion, since: SpecVersion, what: impl FnOnce() -> String) -> Option<Unsayable> {
    (version < since).then(|| Unsayable { what: what(), since })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What the reference implementation makes of each word, in a pact of each version.
    #[test]
    fn every_word_is_known_to_the_reference_from_its_version_on() {
        use pact_models::generators::Generator;
        use pact_models::matchingrules::MatchingRule;

        let settings = json!({
            "regex": "a", "format": "yyyy", "value": "x", "status": "success", "index": 0, "example": "x",
            "variants": [{"index": 0, "rules": {}}], "rules": [{"match": "type"}], "min": 1, "max": 2,
            "digits": 1, "size": 1, "expression": "${id}",
        });
        for (word, _) in MATCHERS {
            let rule =
                MatchingRule::create(word, &settings).unwrap_or_else(|error| panic!("{word}: {error}"));
            let written = rule.to_json()["match"].clone();
            let expected = if *word == "timestamp" { "datetime" } else { word };
            assert_eq!(written, expected, "what the reference writes");
        }
        for (word, _) in GENERATORS {
            let map = settings.as_object().expect("a map");
            let generator = Generator::from_map(word, map).unwrap_or_else(|| panic!("{word} is unknown"));
            assert_eq!(generator.to_json().expect("it is written")["type"], *word);
        }
    }

    /// The lists of the specification, one row for each version.
    #[test]
    fn each_version_says_all_that_it_has_and_nothing_more() {
        let said = |version| {
            let words = |table: &[(&'static str, SpecVersion)]| {
                let known = table.iter().filter(|(_, since)| *since == version).map(|(word, _)| *word);
                known.collect::<Vec<_>>().join(" ")
            };
            format!("{version}: {} | {}", words(MATCHERS), words(GENERATORS))
        };
        insta::assert_snapshot!([V2, V3, V4].map(said).join("\n"), @"
        V2: regex type | 
        V3: equality include integer decimal number boolean null date time timestamp datetime contentType values | RandomInt RandomDecimal RandomHexadecimal RandomString RandomBoolean Regex Uuid Date Time DateTime ProviderState MockServerURL
        V4: arrayContains statusCode notEmpty semver eachKey eachValue | 
        ");
    }

    #[test]
    fn what_a_version_cannot_say_is_named_with_the_first_that_can() {
        let both = [json!({"match": "type"}), json!({"match": "semver"})];
        let found: Vec<_> = unsayable_rule(V2, &both).into_iter().map(|one| (one.what, one.since)).collect();
        let expected =
            [("the matcher `semver`".to_owned(), V4), ("several matchers for one value".to_owned(), V3)];
        assert_eq!(found, expected);
        assert_eq!(unsayable_rule(V2, &[json!({"match": "type", "min": 1, "max": 2})]), []);
        let uuid = json!({"type": "Uuid", "format": "simple"});
        assert_eq!(unsayable_generator(V3, &uuid).map(|one| one.since), Some(V4));
        assert_eq!(unsayable_generator(V3, &json!({"type": "Uuid"})), None);
        assert_eq!(unsayable_generator(V2, &uuid).map(|one| one.since), Some(V3));
    }
}
