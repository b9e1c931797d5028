//! The strict reader, on pacts that real writers have written and on pacts that somebody broke.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pactwright::contract::{self, Contract, Reading};
use pactwright::finding::Finding;
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::support::data;

/// A sound V4 pact with one of everything, for breaking.
const SOUND: &str = include_str!("reader/sound.json");

fn real_pacts() -> Vec<(String, Vec<u8>)> {
    data::files("real-pacts").into_iter().filter(|(name, _)| name != "INDEX.json").collect()
}

fn said(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let at = finding.location.as_ref().expect("each finding of the reader has a position");
        let help = finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}:{} {}: {}{help}", at.line, at.column, finding.code, finding.message)
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn read(pact: &Value) -> Reading {
    contract::read("pact.json", format!("{pact:#}").into_bytes())
}

fn sound(pact: &Value) -> Contract {
    let reading = read(pact);
    assert_eq!(said(&reading.findings), "");
    reading.contract.expect("a pact without findings is a contract")
}

/// The findings for a pact that differs from the sound one at one pointer; `null` removes.
fn after(pointer: &str, replacement: &Value) -> String {
    let mut pact: Value = serde_json::from_str(SOUND).expect("JSON");
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer below the root");
    let (key, renamed) = key.split_once("=>").unwrap_or((key, key));
    let parent = pact.pointer_mut(parent).expect("the pointer leads somewhere");
    if key == renamed {
        match parent {
            Value::Array(items) => items[key.parse::<usize>().expect("a position")] = replacement.clone(),
            other => other[key] = replacement.clone(),
        }
    } else {
        let map = parent.as_object_mut().expect("only keys can be renamed");
        let value = map.remove(key).expect("the key to rename");
        map.insert(renamed.to_owned(), value);
    }
    let reading = read(&pact);
    assert!(reading.contract.is_none() || !reading.findings.is_empty(), "{pointer}: accepted in silence");
    let plain = |line: &str| line.split_once(' ').expect("a position first").1.to_owned();
    let lines: Vec<_> = said(&reading.findings).lines().map(plain).collect();
    format!("{pointer} {replacement}\n    {}", lines.join("\n    "))
}

fn table(rows: &[(&str, Value)]) -> String {
    rows.iter().map(|(pointer, replacement)| after(pointer, replacement)).collect::<Vec<_>>().join("\n")
}

const REQUEST: &str = "/interactions/0/request";
const RESPONSE: &str = "/interactions/0/response";

fn at(part: &str, rest: &str) -> String {
    format!("{part}/{rest}")
}

#[test]
fn every_real_pact_is_accepted_and_the_warnings_are_known() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let pacts = real_pacts();
    for (name, bytes) in &pacts {
        let reading = contract::read(name, bytes.clone());
        assert!(reading.contract.is_some(), "{name}:\n{}", said(&reading.findings));
        let codes: std::collections::BTreeSet<_> =
            reading.findings.iter().map(|finding| finding.code).collect();
        for code in codes {
            *kinds.entry(code.to_string()).or_default() += 1;
        }
    }
    if pacts.is_empty() {
        return;
    }
    let kinds: Vec<_> = kinds.iter().map(|(code, files)| format!("{code}: {files}")).collect();
    insta::assert_snapshot!(kinds.join("\n"), @"
    empty-example: 1
    example-breaks-rule: 10
    no-interactions: 1
    unknown-key: 1
    unresolved-rule: 8
    unusable-regex: 1
    ");
}

#[test]
fn reading_writing_and_reading_again_loses_nothing() {
    for (name, bytes) in real_pacts() {
        let original: Value = serde_json::from_slice(&bytes).expect("JSON");
        let first = contract::read(&name, bytes).contract.expect("a contract");
        let written = contract::write(&first);
        let second = contract::read(&name, written.clone().into_bytes()).contract.expect("a contract");
        assert_eq!(original, serde_json::from_str::<Value>(&written).expect("JSON"), "{name}");
        assert_eq!(first.interactions, second.interactions, "{name}");
        assert_eq!(
            (&first.consumer, &first.provider, first.version),
            (&second.consumer, &second.provider, second.version)
        );
    }
}

#[test]
fn the_pact_that_is_broken_below_is_sound() {
    let contract = sound(&serde_json::from_str(SOUND).expect("JSON"));
    assert_eq!(contract.interactions.len(), 3);
}

#[test]
fn every_defect_of_a_file_is_reported_at_once_with_its_position() {
    let pact = r#"{
  "consumer": {"nme": "support"},
  "provider": {"name": "faq"},
  "interactions": [
    {
      "description": "a FAQ",
      "request": {"metod": "GET", "path": "/faqs/1"},
      "reponse": {"status": 200}
    }
  ],
  "metadata": {"pactSpecification": {"version": "2.0.0"}}
}"#;
    let reading = contract::read("pact.json", pact.as_bytes().to_vec());
    assert!(reading.contract.is_none());
    insta::assert_snapshot!(said(&reading.findings), @"
    2:16 misspelt-key: `nme` is not a key of a pact and would have no effect (did you mean `name`?)
    7:19 misspelt-key: `metod` is not a key of a pact and would have no effect (did you mean `method`?)
    8:7 misspelt-key: `reponse` is not a key of a pact and would have no effect (did you mean `response`?)
    ");
}

#[test]
fn pitfall_14_a_pact_with_messages_and_interactions_keeps_both() {
    let pact = json!({
        "consumer": {"name": "support"}, "provider": {"name": "faq"},
        "interactions": [{"description": "a FAQ", "request": {"method": "get", "path": "/"}, "response": {"status": 200}}],
        "messages": [{"description": "published", "contents": {"id": 1}, "metaData": {"contentType": "application/json"}}],
        "metadata": {"pactSpecification": {"version": "3.0.0"}}
    });
    let contract = sound(&pact);
    let names: Vec<_> =
        contract.interactions.iter().map(|interaction| interaction.description.as_str()).collect();
    assert_eq!(names, ["a FAQ", "published"]);
}

#[test]
fn what_stands_under_a_misspelt_key_is_read_as_well() {
    let pact = json!({
        "consumer": { "nam": 5 },
        "provider": { "name": "faq" },
        "interaction": [
            {
                "typ": "Synchronous/HTP",
                "descripton": "one",
                "providerState": [],
                "requst": { "metod": "GE T", "pth": 5, "hedaers": { "A": [] } },
                "reponse": {
                    "status": 20,
                    "bdy": { "conten": 1, "encoded": "hex" },
                    "matchingRule": { "body": { "$": { "matchrs": [{ "mach": "regexp", "min": -1 }] } } },
                },
            },
            {
                "type": "Synchronous/HTTP",
                "description": "two",
                "request": { "method": "GET", "path": "/", "generator": { "path": { "tpe": "Uuid", "format": "x" } } },
                "response": { "status": 600 },
            },
        ],
        "metdata": { "pactSpecification": { "version": "5.0" } },
    });
    insta::assert_snapshot!(said(&read(&pact).findings));
}

#[test]
fn pitfall_15_misspelt_keys_are_defects() {
    let rule = at(RESPONSE, "matchingRules/body/$.id/matchers/0");
    let rows = [
        (at("/interactions/0", "response=>reponse"), json!(0)),
        (at(RESPONSE, "body=>bdy"), json!(0)),
        (at(RESPONSE, "headers=>headrs"), json!(0)),
        (at(RESPONSE, "status=>Status"), json!(0)),
        (at(RESPONSE, "matchingRules=>matching_rules"), json!(0)),
        (at(REQUEST, "method=>metod"), json!(0)),
        (at(REQUEST, "path=>pth"), json!(0)),
        (at(REQUEST, "headers"), json!([{"Accept": "*/*"}])),
        (at(RESPONSE, "body"), json!({})),
        (at(RESPONSE, "body"), json!({"contnt": 1, "contentType": "application/json"})),
        (at(RESPONSE, "body"), json!("text")),
        ("/interactions=>interactons".to_owned(), json!(0)),
        ("/interactions".to_owned(), json!({})),
        ("/interactions".to_owned(), json!([])),
        ("/metadata/pactSpecification=>pactSpecifcation".to_owned(), json!(0)),
        ("/interactions/0/type".to_owned(), json!("Synchronous/Http")),
        (at(RESPONSE, "matchingRules/body/$.id/matchers=>mathcers"), json!(0)),
        (at(RESPONSE, "matchingRules/body/$.id/combine=>combin"), json!(0)),
        (at(RESPONSE, "matchingRules/body=>boody"), json!(0)),
        (rule.clone(), json!({"mtch": "type"})),
        (rule.clone(), json!({"match": "type", "mni": 1})),
        (rule.clone(), json!({"match": "type", "min": 1, "mx": 2})),
        (rule.clone(), json!({"match": "regex", "regx": "."})),
        (rule.clone(), json!({"match": "type", "colour": "red"})),
        (at(REQUEST, "generators"), json!({"path": {"type": "RandomInt", "mn": 1}})),
        ("/consumer".to_owned(), json!({"name": "a", "nmae": "b"})),
        ("/metadata/plugns".to_owned(), json!([])),
        ("/metadata/plugins".to_owned(), json!([{"nme": "protobuf"}])),
        ("/metadata/plugins".to_owned(), json!([3])),
        ("/interactions/0/comments".to_owned(), json!({"tesname": "a"})),
        ("/interactions/0/comments".to_owned(), json!({"refrences": {}})),
        ("/interactions/0/interactionMarkup".to_owned(), json!({"markp": "", "markupType": "HTML"})),
        ("/interactions/0/interactionMarkup".to_owned(), json!("text")),
    ];
    let rows: Vec<_> = rows.iter().map(|(pointer, value)| (pointer.as_str(), value.clone())).collect();
    insta::assert_snapshot!(table(&rows));
}

#[test]
fn pitfall_15_the_empty_pact_is_no_pact() {
    insta::assert_snapshot!(said(&read(&json!({})).findings), @"1:1 not-a-pact: this is JSON but not a pact (a pact has a consumer, a provider and interactions)");
}

#[test]
fn pitfall_16_numbers_out_of_range_and_empty_rules_are_defects() {
    let rule = "/interactions/0/response/matchingRules/body/$.id/matchers/0";
    let code = json!({"match": "statusCode", "status": [200, 99999]});
    let rows = [
        ("/interactions/0/response/status", json!(65736)),
        (rule, json!({"match": "type", "min": -1})),
        (rule, json!({"match": "type", "max": -1})),
        (rule, json!({"match": "type", "min": "two"})),
        (rule, json!({"match": "type", "min": 1.5})),
        (rule, json!({"match": "type", "min": 3, "max": 2})),
        (rule, json!({"match": "eachKey"})),
        (rule, json!({"match": "eachKey", "rulez": [{"match": "type"}]})),
        (rule, json!({"match": "eachValue", "rules": []})),
        (rule, json!({"match": "regex"})),
        (rule, json!({"match": "regex", "regex": "["})),
        (rule, json!({"match": "date", "format": "MMMMMMM"})),
        (rule, json!({"match": "arrayContains", "variants": []})),
        (rule, json!({"match": "Type"})),
        (rule, json!({"match": "whatever"})),
        (rule, json!({"matcher": "type"})),
        (rule, json!({"match": "statusCode", "status": []})),
        (rule, json!({"match": "statusCode", "status": "sucess"})),
        (rule, code),
    ];
    insta::assert_snapshot!(table(&rows));
}

#[test]
fn pitfall_17_a_rule_that_leads_nowhere_is_a_warning() {
    let rules = "/interactions/0/response/matchingRules";
    let by_type = json!({"matchers": [{"match": "type"}]});
    let rows = [
        (rules, json!({"body": {"$.idd": by_type}})),
        (rules, json!({"body": {"$.tags[3]": by_type}})),
        (rules, json!({"header": {"X-Missing": by_type}})),
        (rules, json!({"body": {"$.id": {"matchers": []}}})),
        ("/interactions/0/response/body/content/tags", json!([])),
        ("/interactions/0/response/body/content/id", json!("x")),
    ];
    insta::assert_snapshot!(table(&rows));
}

#[test]
fn a_rule_that_leads_nowhere_in_xml_is_a_warning() {
    let by_type = json!({"matchers": [{"match": "type"}]});
    let paths = ["$.faq", "$.faq['@id']", "$.faq.*['#text']", "$.faq.name", "$.faq.title[0]", "$.title"];
    let rules: serde_json::Map<_, _> =
        paths.into_iter().map(|path| (path.to_owned(), by_type.clone())).collect();
    let body = json!({"contentType": "application/xml", "content": "<faq id='7'><title>How?</title></faq>"});
    let answer = json!({"status": 200, "body": body, "matchingRules": {"body": rules}});
    insta::assert_snapshot!(table(&[(RESPONSE, answer)]));
}

#[test]
fn pitfall_31_what_makes_the_reference_panic_is_a_defect() {
    let rules = "/interactions/0/response/matchingRules/body";
    let rows = [
        ("/interactions/0/response/status", json!("200")),
        ("/interactions/0/response/status", Value::Null),
        ("/interactions/0/response/status", json!(-1)),
        ("/interactions/0/response/status", json!(200.0)),
        ("/interactions/0/response/headers/Content-Type", json!([])),
        ("/interactions/0/response/headers/Content-Type", json!({})),
        (rules, json!({"$[99999999999999999999999]": {"matchers": [{"match": "type"}]}})),
    ];
    insta::assert_snapshot!(table(&rows));
}

#[test]
fn pitfall_33_what_makes_the_reference_explode_while_generating_is_a_defect() {
    let generator = "/interactions/0/request/generators/body/$.source";
    let rows = [
        (generator, json!({"type": "RandomInt", "min": 3, "max": 2})),
        (generator, json!({"type": "RandomInt", "max": 1e18})),
        (generator, json!({"type": "RandomString", "size": 3_000_000_000_u64})),
        (generator, json!({"type": "RandomHexadecimal", "digits": -1})),
        (generator, json!({"type": "Regex", "regex": "a{100000000}"})),
        (generator, json!({"type": "Regex", "regex": "("})),
        (generator, json!({"type": "Date", "expression": "+ 2000000000 days"})),
        (generator, json!({"type": "Date", "expression": "some day"})),
        (generator, json!({"type": "Date", "format": "yyyy-MM-dd HH:mm"})),
        (generator, json!({"type": "Uuid", "format": "short"})),
        (generator, json!({"type": "ProviderState"})),
        (generator, json!({"type": "RandomInteger"})),
        (generator, json!({})),
    ];
    insta::assert_snapshot!(table(&rows));
}

#[test]
fn other_defects_are_named_as_well() {
    let rows = [
        ("/consumer", Value::Null),
        ("/consumer/name", json!(" ")),
        ("/metadata/pactSpecification/version", json!("5.0")),
        ("/interactions/0/providerStates", json!(["a FAQ exists"])),
        ("/interactions/0/providerStates/0/params", json!([])),
        ("/interactions/0/request/method", json!("GE T")),
        ("/interactions/0/request/query", json!({"page": [1]})),
        ("/interactions/0/response/headers/Content-Type", Value::Null),
        ("/interactions/0/response/body/encoded", json!("base64")),
        ("/interactions/0/response/body/encoded", json!("gzip")),
        ("/interactions/0/pending", json!("yes")),
        ("/interactions/1/contents", json!({"contentType": "application/json"})),
        ("/interactions/2/response", json!([])),
        ("/interactions/2/response", json!({})),
        ("/interactions/1/description", Value::Null),
        ("/extra", json!(1)),
    ];
    insta::assert_snapshot!(table(&rows));
}

#[test]
fn two_interactions_that_nobody_can_tell_apart_are_a_defect_unless_they_are_equal() {
    let mut pact: Value = serde_json::from_str(SOUND).expect("JSON");
    let copy = pact["interactions"][0].clone();
    pact["interactions"].as_array_mut().expect("a list").push(copy);
    let twice = read(&pact);
    assert!(twice.contract.is_some());
    pact["interactions"][3]["response"]["status"] = json!(404);
    let differing = read(&pact);
    assert!(differing.contract.is_none());
    insta::assert_snapshot!([said(&twice.findings), said(&differing.findings)].join("\n"), @"
    155:5 duplicate-interaction: the interaction `a FAQ` stands in the pact twice (the first one stands in line 9)
    155:5 conflicting-interactions: `a FAQ` has the same description and states as another interaction, but differs (the first one stands in line 9)
    ");
}

#[test]
fn a_document_that_cannot_be_parsed_says_why() {
    let texts = ["", " \n", "[1e400]", &"[".repeat(200)];
    let said = texts.map(|text| said(&contract::read("pact.json", text.as_bytes().to_vec()).findings));
    insta::assert_snapshot!(said.join("\n"), @"
    1:1 invalid-json: the file is empty
    1:2 invalid-json: the file is empty
    1:6 invalid-json: this number is out of range: beyond about 1.8e308 no two numbers can be told apart
    1:128 invalid-json: this is nested more than 127 levels deep
    ");
}

#[test]
fn rules_of_which_only_their_order_decides_are_ambiguous() {
    let rule = |word: &str| json!({"matchers": [{"match": word}]});
    let mut pact: Value = serde_json::from_str(SOUND).expect("JSON");
    pact["interactions"][0]["response"]["body"]["content"] = json!({"first": {"id": 1}, "second": {"id": 2}});
    pact["interactions"][0]["response"]["matchingRules"] = json!({"body": {
        "$.first.*": rule("integer"), "$.second.*": rule("integer"), "$.*.id": rule("number"),
    }});
    insta::assert_snapshot!(said(&read(&pact).findings), @"87:13 ambiguous-rules: `$.first.*` and `$.*.id` are equally specific for `$.first.id`; the later one holds, and so for 1 more rule (say with a path of its own what holds for `$.first.id`)");
}

#[test]
fn a_key_that_stands_twice_is_a_defect() {
    let pact = SOUND.replacen("\"status\": 200", "\"status\": 200, \"status\": 404", 1);
    let reading = contract::read("pact.json", pact.into_bytes());
    assert!(reading.contract.is_none());
    insta::assert_snapshot!(said(&reading.findings), @"22:24 duplicate-key: `status` stands twice in one object");
}

#[test]
fn a_matcher_of_a_plugin_needs_the_plugin_that_the_pact_lists() {
    let mut pact: Value = serde_json::from_str(SOUND).expect("JSON");
    pact["interactions"][0]["response"]["matchingRules"]["body"]["$.id"]["matchers"][0] =
        json!({"match": "csv"});
    assert!(read(&pact).contract.is_none());
    pact["metadata"]["plugins"] = json!([{"name": "csv", "version": "1"}]);
    let contract = sound(&pact);
    assert_eq!(contract.interactions[0].plugins, ["csv"]);
    assert_eq!(contract.interactions[1].plugins, Vec::<String>::new());
}

#[test]
fn the_deepest_json_is_read() {
    let mut body = json!(1);
    for _ in 0..110 {
        body = json!([body]);
    }
    let mut pact: Value = serde_json::from_str(SOUND).expect("JSON");
    pact["interactions"][0]["response"]["body"]["content"] =
        json!({"id": 1, "tags": [body], "question": "?"});
    assert!(read(&pact).contract.is_some());
}

/// How a pact is broken by chance.
#[derive(Debug, Clone)]
enum Change {
    Remove,
    Rename(String),
    Replace(Value),
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[$a-z.\\[\\]*'0-9^(){}+@ -]{0,16}".prop_map(Value::from),
        prop::sample::select(vec![
            "regex",
            "type",
            "date",
            "base64",
            "RandomInt",
            "$.body",
            "+ 1 day",
            "4.0",
            "2.0"
        ])
        .prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let key = prop_oneof![
            prop::sample::select(vec![
                "consumer",
                "provider",
                "name",
                "interactions",
                "messages",
                "metadata",
                "request",
                "response",
                "body",
                "matchingRules",
                "generators",
                "match",
                "matchers",
                "$.body",
                "$",
                "type",
                "min",
                "headers",
                "query",
            ])
            .prop_map(str::to_owned),
            "[a-z$.]{0,6}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Remove),
        "[a-zA-Z$.]{0,8}".prop_map(Change::Rename),
        leaf().prop_map(Change::Replace),
        tree().prop_map(Change::Replace),
    ]
}

fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, child)| {
            let pointer = contract::join_key(here, key);
            pointers(child, &pointer, found);
            found.push(pointer);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, child)| {
            let pointer = contract::join_index(here, index);
            pointers(child, &pointer, found);
            found.push(pointer);
        }),
        _ => {}
    }
}

fn apply(pact: &mut Value, pointer: &str, change: Change) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    let key = key.replace("~1", "/").replace("~0", "~");
    match (pact.pointer_mut(parent), change) {
        (Some(Value::Object(map)), Change::Remove) => drop(map.remove(&key)),
        (Some(Value::Object(map)), Change::Rename(name)) => {
            let value = map.remove(&key).unwrap_or_default();
            map.insert(name, value);
        }
        (Some(Value::Object(map)), Change::Replace(value)) => drop(map.insert(key, value)),
        (Some(Value::Array(items)), Change::Replace(value)) => {
            if let Some(item) = key.parse().ok().and_then(|index: usize| items.get_mut(index)) {
                *item = value;
            }
        }
        _ => {}
    }
}

/// What holds for whatever is read.
fn is_well_behaved(reading: &Reading) {
    use pactwright::finding::Weight;
    let defects = reading.findings.iter().filter(|finding| finding.weight() != Weight::Warning).count();
    assert_eq!(reading.contract.is_none(), defects > 0, "{}", said(&reading.findings));
    if let Some(contract) = &reading.contract {
        let _ = pactwright::lint::check(std::slice::from_ref(contract));
    }
}

proptest! {
    #[test]
    fn no_broken_pact_makes_the_reader_panic(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), change()), 1..6),
    ) {
        static BASES: LazyLock<Vec<Value>> = LazyLock::new(|| {
            let mut bases: Vec<Value> = vec![serde_json::from_str(SOUND).expect("JSON"); 10];
            bases.extend(real_pacts().iter().map(|(_, bytes)| serde_json::from_slice(bytes).expect("JSON")));
            bases
        });
        let mut pact = BASES[which.index(BASES.len())].clone();
        for (place, change) in changes {
            let mut found = Vec::new();
            pointers(&pact, "", &mut found);
            if !found.is_empty() {
                let pointer = found[place.index(found.len())].clone();
                apply(&mut pact, &pointer, change);
            }
        }
        is_well_behaved(&read(&pact));
    }

    #[test]
    fn no_json_makes_the_reader_panic(value in tree()) {
        is_well_behaved(&read(&value));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        is_well_behaved(&contract::read("pact.json", bytes));
    }
}
