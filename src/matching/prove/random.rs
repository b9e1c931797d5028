//! Random contracts and answers: examples, rules on them from a grammar, and answers that are the
//! example with something changed.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::mutate::{Change, Flaw, pointers};

/// The versions of the specification that differ in how rules are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V2,
    V3,
    V4,
}

/// A pact with one interaction, and answers to it.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) pact: Value,
    pub(super) answers: Vec<RandomAnswer>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct RandomAnswer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, &'static str)>,
    pub(super) changes: Vec<Change>,
    pub(super) flaw: Option<Flaw>,
}

#[derive(Debug, Clone)]
struct RandomRule {
    at: Index,
    for_all: bool,
    matchers: Vec<Value>,
    any_of: bool,
}

type Header = (&'static str, &'static str);

const HEADERS: [Header; 22] = [
    ("Content-Type", "application/json"),
    ("Content-Type", "application/json; charset=utf-8"),
    ("Content-Type", "application/json;charset=UTF-8"),
    ("Content-Type", "application/hal+json"),
    ("Content-Type", "application/json;charset=utf-8; q=1"),
    ("Content-Type", "text/plain"),
    ("content-type", "application/json"),
    ("Content-Type", " application/json"),
    ("Content-Type", "json"),
    ("X-Tag", "a"),
    ("X-Tag", "a, b"),
    ("X-Tag", "a,b"),
    ("x-tag", "b"),
    ("X-Tag", ""),
    ("Vary", "Accept"),
    ("Vary", "Accept, Origin"),
    ("Cache-Control", "no-cache,no-store"),
    ("Accept", "a/b; q=0.5"),
    ("Accept", "a/b; q=0.50;x=y"),
    ("Set-Cookie", "a=b; Path=/"),
    ("7", "a"),
    ("X.Y", "a"),
];

/// What makes the rules of one version.
pub(super) fn case(version: Version, answers: usize) -> impl Strategy<Value = Case> {
    let parts =
        (body(), vec(rule(version), 0..5), headers(), vec(header_rule(), 0..2), status_rule(), 0..8_u8);
    let pact = parts.prop_map(move |(body, rules, headers, header_rules, status_rule, shape)| {
        let rules = on_body(&body, &rules);
        pact(version, shape, &body, &(rules, &header_rules, &status_rule), &headers)
    });
    (pact, vec(answer(), answers)).prop_map(|(pact, answers)| Case { pact, answers })
}

fn answer() -> impl Strategy<Value = RandomAnswer> {
    let status = prop_oneof![20 => Just(200), 1 => Just(201), 1 => Just(404)];
    (status, weighted(0.3, headers()), vec(change(), 0..4), weighted(0.08, flaw())).prop_map(
        |(status, headers, changes, flaw)| RandomAnswer {
            status,
            headers: headers.unwrap_or_else(|| vec![HEADERS[0]]),
            changes,
            flaw,
        },
    )
}

fn leaf() -> impl Strategy<Value = Value> {
    let texts =
        ["", "a", "ab", "12", "true", "2026-01-02", "2026-01-02T10:00:00Z", "10:00:00", "1.0.0", "é\n"];
    prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => (-3..30_i64).prop_map(Value::from),
        1 => select(vec![0.5, 1.0, 2.25, -1.5, 1e30, 0.123_456_789_012_345_67]).prop_map(Value::from),
        1 => Just(Value::from(u64::MAX)),
        4 => select(texts.to_vec()).prop_map(Value::from),
    ]
}

fn body() -> impl Strategy<Value = Value> {
    let key = || select(vec!["a", "b", "id", "x y", "7", "it's", "07", "*", "c", "d"]);
    leaf().prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((key(), inner), 0..5).prop_map(|entries| {
                let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), value));
                Value::Object(entries.collect::<Map<_, _>>())
            }),
        ]
    })
}

fn matcher(version: Version) -> impl Strategy<Value = Value> {
    let common = prop_oneof![
        6 => Just(json!({ "match": "type" })),
        1 => (0..3_usize).prop_map(|min| json!({ "match": "type", "min": min })),
        1 => (0..3_usize).prop_map(|max| json!({ "match": "type", "max": max })),
        1 => (0..2_usize, 2..4_usize).prop_map(|(min, max)| json!({ "match": "type", "min": min, "max": max })),
        2 => select(vec!["\\d+", "[a-z]*", ".*", "^1", "a|ab", "^(a+)+$", "\\d{4}-\\d\\d-\\d\\d"])
            .prop_map(|regex| json!({ "match": "regex", "regex": regex })),
        1 => Just(json!({ "match": "equality" })),
    ];
    let plain = ["number", "integer", "decimal", "null", "boolean", "notEmpty", "semver", "values"];
    let later = prop_oneof![
        4 => select(plain.to_vec()).prop_map(|word| json!({ "match": word })),
        1 => select(vec!["a", "1"]).prop_map(|value| json!({ "match": "include", "value": value })),
        1 => Just(json!({ "match": "date", "format": "yyyy-MM-dd" })),
        1 => Just(json!({ "match": "time", "format": "HH:mm:ss" })),
        1 => Just(json!({ "match": "datetime", "format": "yyyy-MM-dd'T'HH:mm:ssX" })),
        1 => Just(json!({ "match": "values" })),
        1 => inner().prop_map(|rules| json!({ "match": "eachValue", "rules": rules })),
        1 => Just(json!({ "match": "eachKey", "rules": [{ "match": "regex", "regex": "[a-z]+" }] })),
        1 => Just(json!({ "match": "arrayContains", "variants": [{ "index": 0, "rules": {} }] })),
    ];
    if version == Version::V2 { common.boxed() } else { prop_oneof![common, later].boxed() }
}

fn inner() -> impl Strategy<Value = Value> {
    let rules = ["type", "integer", "number", "boolean", "equality", "notEmpty"];
    let one = prop_oneof![
        3 => select(rules.to_vec()).prop_map(|word| json!({ "match": word })),
        1 => Just(json!({ "match": "regex", "regex": "[a-z]+" })),
        1 => Just(json!({ "match": "type", "min": 1 })),
    ];
    vec(one, 1..3).prop_map(Value::from)
}

fn rule(version: Version) -> impl Strategy<Value = RandomRule> {
    let most = if version == Version::V2 { 2 } else { 3 };
    let matchers = prop_oneof![4 => vec(matcher(version), 1), 1 => vec(matcher(version), 1..most)];
    (any::<Index>(), any::<bool>(), matchers, any::<bool>())
        .prop_map(|(at, for_all, matchers, any_of)| RandomRule { at, for_all, matchers, any_of })
}

fn headers() -> impl Strategy<Value = Vec<Header>> {
    prop_oneof![
        6 => Just(vec![HEADERS[0]]),
        4 => vec(select(HEADERS.to_vec()), 0..3).prop_map(|others| [vec![HEADERS[0]], others].concat()),
        3 => vec(select(HEADERS.to_vec()), 0..4),
    ]
}

fn header_rule() -> impl Strategy<Value = (&'static str, Value)> {
    let names = vec!["Content-Type", "content-type", "X-Tag", "Vary", "Accept", "X-Tag[0]", "7"];
    let matchers = vec![
        json!({ "match": "regex", "regex": "application/.*json.*" }),
        json!({ "match": "regex", "regex": "a|a, b" }),
        json!({ "match": "type" }),
        json!({ "match": "include", "value": "a" }),
        json!({ "match": "equality" }),
        json!({ "match": "integer" }),
    ];
    (select(names), select(matchers))
}

fn status_rule() -> impl Strategy<Value = Option<Value>> {
    let classes = vec![json!("success"), json!("clientError"), json!("nonError"), json!([200, 404])];
    weighted(0.1, select(classes).prop_map(|status| json!({ "match": "statusCode", "status": status })))
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => any::<Index>().prop_map(Change::Vary),
        1 => (any::<Index>(), leaf()).prop_map(|(at, value)| Change::Replace(at, value)),
        1 => any::<Index>().prop_map(Change::Remove),
        2 => (any::<Index>(), leaf()).prop_map(|(at, value)| Change::Add(at, value)),
        2 => any::<Index>().prop_map(Change::Repeat),
        1 => any::<Index>().prop_map(Change::Clear),
        1 => any::<Index>().prop_map(Change::Rename),
    ]
}

fn flaw() -> impl Strategy<Value = Flaw> {
    let pieces = vec![
        " ",
        "\"",
        "}",
        ",",
        "1e400",
        "\\ud800",
        "\u{feff}",
        "null",
        "-0",
        "0",
        ".0",
        "e",
        "00000000000000000000001",
        "\u{1}",
        "<",
        "[",
        "\"a\":1,",
    ];
    prop_oneof![
        3 => (any::<Index>(), select(pieces)).prop_map(|(at, text)| Flaw::Insert(at, text)),
        1 => any::<Index>().prop_map(Flaw::Cut),
        1 => any::<Index>().prop_map(Flaw::Byte),
        1 => Just(Flaw::Empty),
        1 => Just(Flaw::Deep),
    ]
}

/// The path of a rule for the value at `pointer`, or for all values beside it.
fn path_of(example: &Value, pointer: &str, for_all: bool) -> String {
    let (mut path, mut here) = ("$".to_owned(), example);
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    for (depth, step) in steps.iter().enumerate() {
        let is_last = depth + 1 == steps.len();
        let (part, child) = match here {
            Value::Array(items) => {
                let part = if for_all { "[*]".to_owned() } else { format!("[{step}]") };
                (part, step.parse::<usize>().ok().and_then(|at| items.get(at)))
            }
            _ if for_all && is_last => (".*".to_owned(), here.get(step)),
            _ if step.chars().all(char::is_alphabetic) => (format!(".{step}"), here.get(step)),
            _ => (format!("['{step}']"), here.get(step)),
        };
        path.push_str(&part);
        here = child.unwrap_or(&Value::Null);
    }
    path
}

fn on_body(example: &Value, rules: &[RandomRule]) -> Vec<(String, RandomRule)> {
    let pointers = pointers(example);
    let path = |rule: &RandomRule| path_of(example, &pointers[rule.at.index(pointers.len())], rule.for_all);
    rules.iter().map(|rule| (path(rule), rule.clone())).collect()
}

type Rules<'a> = (Vec<(String, RandomRule)>, &'a [(&'static str, Value)], &'a Option<Value>);

fn pact(version: Version, shape: u8, body: &Value, rules: &Rules<'_>, headers: &[Header]) -> Value {
    let of_headers = |(name, value): &Header| {
        let value = if shape.is_multiple_of(2) { json!([value]) } else { json!(value) };
        ((*name).to_owned(), value)
    };
    let mut response = json!({
        "status": 200,
        "headers": headers.iter().map(of_headers).collect::<Map<_, _>>(),
        "matchingRules": if version == Version::V2 { flat(rules) } else { by_category(rules) },
    });
    match (shape, version) {
        (0, _) => {}
        (1, Version::V4) => response["body"] = json!({ "content": null }),
        (1, _) => response["body"] = Value::Null,
        (2, Version::V4) => response["body"] = json!({ "content": "" }),
        (2, _) => response["body"] = json!(""),
        (3, Version::V4) => response["body"] = json!({ "content": body }),
        (_, Version::V4) => {
            response["body"] =
                json!({ "content": body, "contentType": "application/json", "encoded": false });
        }
        _ => response["body"] = body.clone(),
    }
    let (kind, number) = match version {
        Version::V2 => (None, "2.0.0"),
        Version::V3 => (None, "3.0.0"),
        Version::V4 => (Some("Synchronous/HTTP"), "4.0"),
    };
    let mut interaction =
        json!({ "description": "random", "request": { "method": "GET", "path": "/" }, "response": response });
    if let Some(kind) = kind {
        interaction["type"] = kind.into();
    }
    json!({
        "consumer": { "name": "c" },
        "provider": { "name": "p" },
        "interactions": [interaction],
        "metadata": { "pactSpecification": { "version": number } },
    })
}

fn flat((body, headers, _): &Rules<'_>) -> Value {
    let on_body = body.iter().map(|(path, rule)| (format!("$.body{}", &path[1..]), rule.matchers[0].clone()));
    let on_headers = headers.iter().map(|(name, matcher)| (format!("$.headers.{name}"), matcher.clone()));
    Value::Object(on_body.chain(on_headers).collect())
}

fn by_category((body, headers, status): &Rules<'_>) -> Value {
    let listed = |matcher: &Value| json!({ "matchers": [matcher], "combine": "AND" });
    let on_body = body.iter().map(|(path, rule)| {
        let combine = if rule.any_of { "OR" } else { "AND" };
        (path.clone(), json!({ "matchers": rule.matchers, "combine": combine }))
    });
    let on_headers = headers.iter().map(|(name, matcher)| ((*name).to_owned(), listed(matcher)));
    let mut all = json!({
        "body": on_body.collect::<Map<_, _>>(),
        "header": on_headers.collect::<Map<_, _>>(),
    });
    if let Some(status) = status {
        all["status"] = listed(status);
    }
    all
}
