//! What interactions files mean, and what is said about those that mean nothing.

use pactwright::contract::{SpecVersion, canonical};
use pactwright::finding::Finding;
use pactwright::record::{Recording, Source, Wanted, read, schema};

fn wanted(version: SpecVersion) -> Wanted {
    Wanted {
        consumer: Some("support".to_owned()),
        provider: Some("faq".to_owned()),
        env: Some("FAQ_API".to_owned()),
        version: Some(version),
    }
}

fn recorded(name: &str, text: &str, version: SpecVersion) -> Recording {
    read(Source { name, text }, &wanted(version)).unwrap_or_else(|findings| panic!("{}", lines(&findings)))
}

fn lines(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let at = finding.location.as_ref().map(ToString::to_string).unwrap_or_default();
        let help = finding.help.as_ref().map(|help| format!("\n    {help}")).unwrap_or_default();
        format!("{at}: {} [{}]{help}", finding.message, finding.code)
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn refused(name: &str, text: &str, version: SpecVersion) -> String {
    match read(Source { name, text }, &wanted(version)) {
        Ok(recording) => panic!("it was read: {}", canonical(&recording.contract).text),
        Err(findings) => lines(&findings),
    }
}

const EVERYTHING: &str = include_str!("../fixtures/record/everything.yaml");

#[test]
fn every_matcher_and_generator_has_its_place_in_the_pact() {
    let recording = recorded("everything.yaml", EVERYTHING, SpecVersion::V4);
    insta::assert_snapshot!(canonical(&recording.contract).text);
}

#[test]
fn the_guide_and_the_schema_know_every_matcher() {
    let guide = include_str!("../../docs/recording.md");
    let schema = schema();
    let tags = schema["$defs"]["tagged"]["anyOf"].as_array().expect("the tags are listed");
    assert!(tags.len() > 20, "{}", tags.len());
    for tag in tags {
        let name = tag["required"][0].as_str().expect("a tag has a name");
        assert!(guide.contains(&format!("`{name}`")), "docs/recording.md says nothing about {name}");
        assert!(EVERYTHING.contains(name), "no test uses {name}");
    }
}

#[test]
fn what_is_read_satisfies_the_schema_and_what_is_misspelt_does_not() {
    let validator = jsonschema::validator_for(&schema()).expect("it is a schema");
    let example = include_str!("../../examples/support/interactions.yaml");
    for text in [EVERYTHING, example, YAML] {
        let value = as_json(text);
        if let Err(error) = validator.validate(&value) {
            panic!("{error} at {}", error.instance_path());
        }
    }
    for (from, to) in [("status: 201", "statsu: 201"), ("$like", "$lik"), ("method: POST", "methd: POST")] {
        assert!(!validator.is_valid(&as_json(&YAML.replace(from, to))), "{to}");
    }
}

/// YAML as JSON, for the schema.
fn as_json(text: &str) -> serde_json::Value {
    use saphyr::{LoadableYamlNode as _, Yaml};

    fn json(yaml: &Yaml<'_>) -> serde_json::Value {
        if let Some(items) = yaml.as_vec() {
            return items.iter().map(json).collect();
        }
        if let Some(map) = yaml.as_mapping() {
            let fields =
                map.iter().map(|(key, value)| (key.as_str().expect("a text").to_owned(), json(value)));
            return fields.collect::<serde_json::Map<_, _>>().into();
        }
        yaml.as_str()
            .map(Into::into)
            .or_else(|| yaml.as_bool().map(Into::into))
            .or_else(|| yaml.as_integer().map(Into::into))
            .or_else(|| yaml.as_floating_point().map(Into::into))
            .unwrap_or_default()
    }
    json(&Yaml::load_from_str(text).expect("it is YAML")[0])
}

const YAML: &str = "\
interactions:
  - description: a ticket
    given: no FAQ exists
    request:
      method: POST
      path: /v1/create
      form: { question: Why?, source: ticket-1 }
    response:
      status: 201
      json: { id: { $like: 1 }, tags: [] }
";

const TOML: &str = r#"
[[interactions]]
description = "a ticket"
given = "no FAQ exists"
request = { method = "POST", path = "/v1/create", form = { question = "Why?", source = "ticket-1" } }

[interactions.response]
status = 201
json = { id = { "$like" = 1 }, tags = [] }
"#;

const JSON: &str = r#"{
  "interactions": [{
    "description": "a ticket",
    "given": "no FAQ exists",
    "request": { "method": "POST", "path": "/v1/create", "form": { "question": "Why?", "source": "ticket-1" } },
    "response": { "status": 201, "json": { "id": { "$like": 1 }, "tags": [] } }
  }]
}"#;

#[test]
fn the_three_formats_say_the_same() {
    for version in [SpecVersion::V2, SpecVersion::V3, SpecVersion::V4] {
        let texts = [("a.yaml", YAML), ("a.toml", TOML), ("a.json", JSON)]
            .map(|(name, text)| canonical(&recorded(name, text, version).contract).text);
        assert_eq!(texts[0], texts[1]);
        assert_eq!(texts[0], texts[2]);
    }
}

#[test]
fn version_2_is_written_as_version_2() {
    insta::assert_snapshot!(canonical(&recorded("a.yaml", YAML, SpecVersion::V2).contract).text);
}

#[test]
fn a_short_request_and_a_bare_status_are_enough() {
    let text = "interactions:\n  - { description: gone, request: 'GET /faqs/7?page=2&all', response: 404 }\n";
    let recording = recorded("a.yaml", text, SpecVersion::V3);
    let text = canonical(&recording.contract).text;
    assert!(text.contains("\"path\": \"/faqs/7\"") && text.contains("\"status\": 404"), "{text}");
    assert!(text.contains("\"page\": [\n            \"2\"") && text.contains("\"all\": ["), "{text}");
}

#[test]
fn what_is_no_yaml_toml_or_json_is_said_with_its_place() {
    let tabs = "interactions:\n\t- description: a\n";
    insta::assert_snapshot!(refused("a.yaml", tabs, SpecVersion::V4), @"
    a.yaml:2:2: this is not valid YAML: tabs disallowed within this context (block indentation) [unreadable]
        YAML is indented with spaces, never with tabs
    ");
    let colon = "interactions:\n  - description: why: because\n";
    insta::assert_snapshot!(refused("a.yaml", colon, SpecVersion::V4), @"
    a.yaml:2:21: this is not valid YAML: mapping values are not allowed in this context [unreadable]
        a text with a colon in it needs quotes
    ");
    let twice = "interactions: []\ninteractions: []\n";
    insta::assert_snapshot!(refused("a.yaml", twice, SpecVersion::V4), @"a.yaml:2:1: this is not valid YAML: duplicated key in mapping [unreadable]");
    insta::assert_snapshot!(refused("a.toml", "interactions = [\n  { description = }\n]\n", SpecVersion::V4), @"a.toml:2:19: this is not valid TOML: invalid literal string, expected `'` [unreadable]");
    insta::assert_snapshot!(refused("a.json", "{\n  \"interactions\": [,]\n}\n", SpecVersion::V4), @"a.json:2:20: this is not valid JSON: expected value [unreadable]");
    insta::assert_snapshot!(refused("a.json", "{\n  \"env\": \"A\",\n  \"env\": \"B\"\n}\n", SpecVersion::V4), @"a.json:3:3: the key `env` stands twice [unreadable]");
    insta::assert_snapshot!(refused("a.txt", "", SpecVersion::V4), @"a.txt:1:1: an interactions file ends in .yaml, .yml, .toml or .json [unreadable]");
    insta::assert_snapshot!(refused("a.yaml", "", SpecVersion::V4), @"a.yaml:1:1: the file is empty [unreadable]");
    insta::assert_snapshot!(refused("a.yaml", "interactions: []\n", SpecVersion::V4), @"a.yaml:1:15: there are no interactions in the list [no-interactions]");
}

#[test]
fn a_misspelt_key_is_named_with_what_was_meant_in_all_formats() {
    insta::assert_snapshot!(refused("a.yaml", &YAML.replace("status", "statsu"), SpecVersion::V4), @r#"
    a.yaml:9:7: a response has no `statsu` [misspelt-key]
        did you mean "status"?
    "#);
    insta::assert_snapshot!(refused("a.toml", &TOML.replace("status", "statsu"), SpecVersion::V4), @r#"
    a.toml:8:1: a response has no `statsu` [misspelt-key]
        did you mean "status"?
    "#);
    insta::assert_snapshot!(refused("a.json", &JSON.replace("status", "statsu"), SpecVersion::V4), @r#"
    a.json:6:19: a response has no `statsu` [misspelt-key]
        did you mean "status"?
    "#);
    insta::assert_snapshot!(refused("a.yaml", &YAML.replace("$like", "$liek"), SpecVersion::V4), @r#"
    a.yaml:10:21: there is no matcher `$liek` [unknown-matcher]
        did you mean "$like"?
    "#);
    insta::assert_snapshot!(refused("a.yaml", &YAML.replace("given", "givne"), SpecVersion::V4), @r#"
    a.yaml:3:5: an interaction has no `givne` [misspelt-key]
        did you mean "given"?
    "#);
}

/// One interaction whose answer has this JSON.
fn answer(json: &str) -> String {
    format!(
        "interactions:\n  - description: a\n    request: GET /a\n    response:\n      json:\n        a: {json}\n"
    )
}

#[test]
fn a_matcher_that_does_not_hold_together_is_refused_where_it_stands() {
    let all = [
        "{ $regex: '^[a-z]+$', example: A1 }",
        "{ $regex: '(', example: a }",
        "{ $regex: '[a-z]+' }",
        "{ $date: yyyy-MM-dd, example: tomorrow }",
        "{ $date: bbbb, example: '2026-01-01' }",
        "{ $eachLike: 1, min: 3, count: 2 }",
        "{ $eachLike: 1, mni: 3 }",
        "{ $like: [] }",
        "{ $like: 1, example: 2 }",
        "{ $oneOf: [] }",
        "{ $all: [], example: 1 }",
        "{ $eachKey: { $regex: '[a-z]' }, example: { Ä: 1 } }",
        "{ $value: 1, generate: uiud }",
        "{ $integer: 1.5 }",
        "{ $boolean: 'true' }",
        "{ $lik: 1 }",
    ];
    let said = all.map(|text| format!("{text}\n{}\n", refused("a.yaml", &answer(text), SpecVersion::V4)));
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_number_that_would_be_rounded_is_refused_in_all_formats() {
    let long = "12345678901234567890123";
    for number in [long, "0.12345678901234567891", "1e400"] {
        let refused = refused("a.yaml", &answer(number), SpecVersion::V4);
        assert!(refused.starts_with("a.yaml:6:12: "), "{refused}");
    }
    for number in ["18446744073709551615", "1.50", "1e3", "-0.0", "0x1F", "'12345678901234567890123'"] {
        recorded("a.yaml", &answer(number), SpecVersion::V4);
    }
    let said =
        refused("a.json", &JSON.replace("\"$like\": 1", &format!("\"$like\": {long}")), SpecVersion::V4);
    insta::assert_snapshot!(said, @"
    a.json:6:61: 12345678901234567890123 has more digits than a number can keep here [unreadable]
        an example with fewer digits and `$integer` or `$number` accepts it
    ");
    let said = refused(
        "a.toml",
        &TOML.replace("\"$like\" = 1", "\"$like\" = 0.12345678901234567891"),
        SpecVersion::V4,
    );
    insta::assert_snapshot!(said, @"
    a.toml:9:27: 0.12345678901234567891 has more digits than a number can keep here [unreadable]
        an example with fewer digits and `$integer` or `$number` accepts it
    ");
}

/// One interaction with this request and this answer.
fn exchange(request: &str, response: &str) -> String {
    format!("interactions:\n  - description: a\n    request: {request}\n    response: {response}\n")
}

#[test]
fn what_can_never_happen_is_refused_where_it_stands() {
    let all = [
        ("GET /a#b", "200"),
        ("{ method: GET, path: '/l?x=1' }", "200"),
        ("{ method: GET, path: l }", "200"),
        ("{ method: 'G T', path: / }", "200"),
        ("{ method: GET, path: /, headers: { bad name: x } }", "200"),
        ("GET /", "{ headers: { X-A: \"a\\nb\" } }"),
        ("GET /", "{ status: 204, json: { id: 1 } }"),
        ("HEAD /", "{ text: a }"),
        ("{ method: POST, path: /, xml: hello }", "200"),
        ("{ method: POST, path: /, base64: 5600 }", "200"),
    ];
    let said =
        all.map(|(request, response)| refused("a.yaml", &exchange(request, response), SpecVersion::V4));
    insta::assert_snapshot!(said.join("\n"), @"
    a.yaml:3:14: what stands behind the `#` of `/a#b` is never sent [out-of-range]
    a.yaml:3:35: `/l?x=1` is more than a path [out-of-range]
        the part behind the `?` goes into `query`
    a.yaml:3:35: a path starts with `/`, and `l` does not [out-of-range]
    a.yaml:3:16: `G T` is not an HTTP method [out-of-range]
    a.yaml:3:47: `bad name` is no name of a header [out-of-range]
    a.yaml:4:26: no header can have the value of `X-A`: it has a line end [out-of-range]
    a.yaml:4:30: an answer with status 204 never has a body, and this one is expected to have one [out-of-range]
    a.yaml:4:17: the answer to HEAD never has a body, and this one is expected to have one [out-of-range]
    a.yaml:3:44: this is not XML [bad-encoding]
    a.yaml:3:47: `base64` is a text, and this is a number [bad-type]
    ");
}

#[test]
fn two_interactions_that_nobody_could_tell_apart_are_named_with_their_places() {
    let text = "\
interactions:
  - { description: a, given: { s: { x: 1, y: 2 } }, request: GET /, response: 200 }
  - { description: a, given: { s: { y: 2, x: 1 } }, request: GET /b, response: 200 }
";
    insta::assert_snapshot!(refused("a.yaml", text, SpecVersion::V4), @"a.yaml:3:5: it has the same description and states as the one at a.yaml:2:5 [conflicting-interactions]");
}

#[test]
fn bytes_have_the_type_that_their_matcher_asks_for_and_a_list_in_a_header_is_one() {
    let response =
        "{ headers: { Allow: 'GET, PUT' }, base64: { $contentType: image/png, example: iVBORw0KGgo= } }";
    let recording = recorded("a.yaml", &exchange("GET /", response), SpecVersion::V4);
    let headers = recording.contract.json(&recording.contract.interactions[0])["response"]["headers"].clone();
    assert_eq!(headers, serde_json::json!({ "Allow": ["GET", "PUT"], "Content-Type": ["image/png"] }));
}

#[test]
fn a_version_says_what_it_cannot_say() {
    insta::assert_snapshot!(refused("everything.yaml", EVERYTHING, SpecVersion::V2));
    insta::assert_snapshot!(refused("everything.yaml", EVERYTHING, SpecVersion::V3));
}

#[test]
fn nobody_expects_something_of_nobody() {
    let found = read(Source { name: "a.yaml", text: YAML }, &Wanted::default());
    insta::assert_snapshot!(lines(&found.err().unwrap_or_default()), @"
    a.yaml:1:1: the consumer is not named [missing-key]
        write `consumer: …` into the file, or give --consumer
    a.yaml:1:1: the provider is not named [missing-key]
        write `provider: …` into the file, or give --provider
    ");
}

#[test]
fn a_number_that_would_travel_otherwise_than_it_is_written_is_refused() {
    let file = "\
interactions:
  - description: a
    request: { method: POST, path: /a, query: { z: 1.10, y: 7, x: 1.5 }, form: { n: 007 } }
    response:
      status: 200
      headers: { X-Api-Version: 1.10, X-Zip: { $like: 01234 }, X-Quoted: '1.10', X-True: true }
";
    insta::assert_snapshot!(refused("a.yaml", file, SpecVersion::V4), @"
    a.yaml:3:52: `1.10` is the number 1.1 here, and a text is what travels [bad-type]
        write it in quotes: '1.10'
    a.yaml:3:85: `007` is the number 7 here, and a text is what travels [bad-type]
        write it in quotes: '007'
    a.yaml:6:33: `1.10` is the number 1.1 here, and a text is what travels [bad-type]
        write it in quotes: '1.10'
    a.yaml:6:55: `01234` is the number 1234 here, and a text is what travels [bad-type]
        write it in quotes: '01234'
    ");
    let toml = "[[interactions]]\ndescription = 'a'\nrequest = 'GET /a'\n\
        response = { status = 200, headers = { X-V = 1.10 } }\n";
    assert!(refused("a.toml", toml, SpecVersion::V4).contains("`1.10` is the number 1.1"));
}
