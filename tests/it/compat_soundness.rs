//! The semantic difference held against the engine: where it says that nothing demands more, an answer that
//! keeps the old contract keeps the new one, and a request that the new one makes is one that the old one made.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use pact_matching::match_request;
use pact_models::bodies::OptionalBody;
use pact_models::content_types::JSON;
use pact_models::generators::Generators;
use pact_models::matchingrules::MatchingRules;
use pact_models::pact::load_pact_from_json;
use pact_models::v4::http_parts::HttpRequest;
use pactwright::compat::{Class, diff};
use pactwright::contract::{self, Contract};
use pactwright::outcome::Verdict;
use pactwright::replay::Selection;
use serde_json::{Map, Value, json};

use crate::support::case::verify;
use crate::support::case_options::CaseOptions;
use crate::support::provider::{Answer, Provider};

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn single(&mut self) -> Value {
        let all =
            [json!(null), json!(true), json!(1), json!(0), json!(1.5), json!("a"), json!("open"), json!("")];
        self.one_of(&all)
    }

    fn value(&mut self, depth: usize) -> Value {
        let count = self.below(3);
        match self.below(if depth == 0 { 2 } else { 5 }) {
            2 => Value::Array((0..count).map(|_| self.value(depth - 1)).collect()),
            3 | 4 => {
                let fields = (0..count).map(|_| (self.one_of(&["a", "b", "c"]), self.value(depth - 1)));
                Value::Object(fields.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
            }
            _ => self.single(),
        }
    }

    fn matcher(&mut self) -> Value {
        let all = [
            json!({"match": "type"}),
            json!({"match": "type"}),
            json!({"match": "type", "min": 0}),
            json!({"match": "type", "min": 1}),
            json!({"match": "type", "min": 2}),
            json!({"match": "type", "max": 1}),
            json!({"match": "type", "min": 1, "max": 2}),
            json!({"match": "equality"}),
            json!({"match": "regex", "regex": "open|closed"}),
            json!({"match": "regex", "regex": "[a-z]*"}),
            json!({"match": "regex", "regex": "\\d+"}),
            json!({"match": "integer"}),
            json!({"match": "decimal"}),
            json!({"match": "number"}),
            json!({"match": "boolean"}),
            json!({"match": "notEmpty"}),
            json!({"match": "values"}),
            json!({"match": "eachKey", "rules": [{"match": "regex", "regex": "[a-b]"}]}),
            json!({"match": "eachValue", "rules": [{"match": "type"}]}),
            json!({"match": "eachValue", "rules": [{"match": "integer"}]}),
            json!({"match": "include", "value": "pe"}),
            json!({"match": "semver"}),
            json!({"match": "null"}),
        ];
        self.one_of(&all)
    }

    /// A rule for a place of an example, or for those beside it.
    fn rule(&mut self, example: &Value) -> (String, Value) {
        let pointers = pointers(example);
        let pointer = self.one_of(&pointers);
        let (for_all, count) = (self.below(2) == 0, 1 + usize::from(self.below(6) == 0));
        let matchers: Vec<_> = (0..count).map(|_| self.matcher()).collect();
        let combine = self.one_of(&["AND", "OR"]);
        (path(example, &pointer, for_all), json!({"matchers": matchers, "combine": combine}))
    }

    /// The same with something replaced, taken away or added.
    fn changed(&mut self, mut value: Value) -> Value {
        let pointers = pointers(&value);
        let pointer = self.one_of(&pointers);
        let (new, key, kind) = (self.value(1), self.one_of(&["a", "b", "c", "d"]), self.below(3));
        let Some(target) = value.pointer_mut(&pointer) else { return value };
        match (kind, target) {
            (0, Value::Object(map)) => drop(map.insert(key.to_owned(), new)),
            (1, Value::Object(map)) => drop(map.shift_remove(key)),
            (0, Value::Array(items)) => items.push(items.first().cloned().unwrap_or(new)),
            (1, Value::Array(items)) => drop(items.pop()),
            (_, target) => *target = new,
        }
        value
    }

    fn side(&mut self) -> Side {
        let body = self.value(3);
        let rules = (0..self.below(4)).map(|_| self.rule(&body)).collect();
        Side { body, rules }
    }

    /// Another contract that is not far from this one.
    fn near(&mut self, side: &Side) -> Side {
        let mut near = side.clone();
        for _ in 0..=self.below(2) {
            match self.below(4) {
                0 => near.body = self.changed(near.body),
                1 if !near.rules.is_empty() => {
                    let key = self.one_of(&near.rules.keys().cloned().collect::<Vec<_>>());
                    near.rules.shift_remove(&key);
                }
                _ => {
                    let (path, rule) = self.rule(&near.body);
                    near.rules.insert(path, rule);
                }
            }
        }
        near
    }
}

/// A body with its rules.
#[derive(Debug, Clone)]
struct Side {
    body: Value,
    rules: Map<String, Value>,
}

impl Side {
    fn json(&self) -> Value {
        let body = json!({"content": self.body, "contentType": "application/json", "encoded": false});
        json!({"body": body, "matchingRules": {"body": self.rules}})
    }

    fn answered(&self, path: &str) -> Value {
        let mut response = self.json();
        response["status"] = 200.into();
        interaction(path, &json!({"method": "GET", "path": path}), &response)
    }

    fn asked(&self, path: &str) -> Value {
        let mut request = self.json();
        (request["method"], request["path"]) = ("POST".into(), path.into());
        interaction(path, &request, &json!({"status": 200}))
    }
}

fn interaction(path: &str, request: &Value, response: &Value) -> Value {
    json!({
        "type": "Synchronous/HTTP", "description": format!("ask {path}"), "request": request, "response": response
    })
}

/// JSON pointers to all values, the root first.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut inside = |key: &str, child: &Value| {
        found.extend(pointers(child).into_iter().map(|rest| format!("/{key}{rest}")));
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, child)| inside(key, child)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, child)| inside(&at.to_string(), child));
        }
        _ => {}
    }
    found
}

fn path(example: &Value, pointer: &str, for_all: bool) -> String {
    let (mut path, mut here) = ("$".to_owned(), example);
    for step in pointer.split('/').skip(1) {
        let (part, child) = match here {
            Value::Array(items) => {
                let part = if for_all { "[*]".to_owned() } else { format!("[{step}]") };
                (part, step.parse::<usize>().ok().and_then(|at| items.get(at)))
            }
            _ if for_all => (".*".to_owned(), here.get(step)),
            _ => (format!(".{step}"), here.get(step)),
        };
        path.push_str(&part);
        here = child.unwrap_or(&Value::Null);
    }
    path
}

fn pact(interactions: &[Value]) -> Value {
    json!({
        "consumer": {"name": "support"}, "provider": {"name": "faq"}, "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "4.0"}}
    })
}

fn read(interactions: &[Value]) -> Option<Contract> {
    contract::read("pact.json", pact(interactions).to_string().into_bytes()).contract
}

/// True when the second demands no more than the first.
fn demands_no_more(old: &Value, new: &Value) -> bool {
    let (Some(old), Some(new)) = (read(std::slice::from_ref(old)), read(std::slice::from_ref(new))) else {
        return false;
    };
    diff(&old, &new).iter().all(|change| change.class() != Class::DemandsMore)
}

/// Two near contracts of which the second demands no more, and something to put before both.
struct Pair {
    old: Value,
    new: Value,
    tried: Value,
}

fn pairs(seed: u64, number: usize, of: impl Fn(&Side, &str) -> Value, from_new: bool) -> Vec<Pair> {
    let mut chance = Chance(seed);
    let mut pairs = Vec::new();
    while pairs.len() < number {
        let old = chance.side();
        let new = chance.near(&old);
        if !demands_no_more(&of(&old, "/x"), &of(&new, "/x")) {
            continue;
        }
        for _ in 0..3 {
            let mut tried = if from_new { &new } else { &old }.body.clone();
            for _ in 0..chance.below(2) {
                tried = chance.changed(tried);
            }
            let own = format!("/{}", pairs.len());
            pairs.push(Pair { old: of(&old, &own), new: of(&new, &own), tried });
        }
    }
    pairs
}

/// Whether each answer keeps its interaction.
fn kept(interactions: &[Value], answers: &[&Value]) -> Vec<bool> {
    let contract = Arc::new(read(interactions).expect("each alone could be read"));
    let bodies: Vec<_> = answers.iter().map(|answer| answer.to_string().into_bytes()).collect();
    let provider = Provider::answering(move |asked| {
        let number = asked.row().trim_start_matches("GET /").parse::<usize>().expect("a number");
        Answer::with(200, &[("Content-Type", "application/json")], &bodies[number])
    });
    let (options, _) = CaseOptions::default().options(&provider, Path::new("."));
    let report = verify(&[contract], &Selection::default(), options);
    report.interactions.iter().map(|one| one.verdict == Verdict::Passed).collect()
}

/// Whether a body meets the request of an interaction.
fn meets(interaction: &Value, body: &Value) -> bool {
    let pact = pact(std::slice::from_ref(interaction));
    let pact = load_pact_from_json("random", &pact).expect("the reference reads the pact");
    let interaction = pact.interactions()[0].boxed();
    let expected = interaction.as_v4_http().expect("an HTTP interaction").request;
    let actual = HttpRequest {
        body: OptionalBody::Present(body.to_string().into(), Some(JSON.clone()), None),
        matching_rules: MatchingRules::default(),
        generators: Generators::default(),
        ..expected.clone()
    };
    let matched = match_request(expected, actual, &pact, &interaction);
    let matched = futures_util::FutureExt::now_or_never(matched).expect("it waits for nothing");
    matched.expect("it can be compared").all_matched()
}

/// Nothing, or every pair of which the law does not hold.
fn broken(pairs: &[Pair], holds: impl Fn(usize) -> bool) -> String {
    let mut told = String::new();
    for (number, pair) in pairs.iter().enumerate().filter(|(number, _)| !holds(*number)) {
        let side = |one: &Value| {
            let part = if one["request"].get("body").is_some() { &one["request"] } else { &one["response"] };
            format!("{} {}", part["body"]["content"], part["matchingRules"]["body"])
        };
        let (old, new) = (side(&pair.old), side(&pair.new));
        writeln!(told, "{number}: {}\n  old {old}\n  new {new}", pair.tried).expect("a text takes it");
    }
    told
}

#[test]
fn an_answer_that_keeps_a_contract_keeps_one_that_demands_no_more() {
    let pairs = pairs(2026, 450, Side::answered, false);
    let answers: Vec<_> = pairs.iter().map(|pair| &pair.tried).collect();
    let under = |of: fn(&Pair) -> &Value| {
        kept(&pairs.iter().map(|pair| of(pair).clone()).collect::<Vec<_>>(), &answers)
    };
    let (before, after) = (under(|pair| &pair.old), under(|pair| &pair.new));
    let count = before.iter().filter(|kept| **kept).count();
    assert!(count > 100, "{count}");
    assert_eq!(broken(&pairs, |number| !before[number] || after[number]), "");
}

#[test]
fn a_request_of_a_contract_that_demands_no_more_is_one_of_the_contract_before() {
    let pairs = pairs(2027, 450, Side::asked, true);
    let met = |number: usize, of: fn(&Pair) -> &Value| meets(of(&pairs[number]), &pairs[number].tried);
    let count = (0..pairs.len()).filter(|number| met(*number, |pair| &pair.new)).count();
    assert!(count > 100, "{count}");
    assert_eq!(broken(&pairs, |number| !met(number, |pair| &pair.new) || met(number, |pair| &pair.old)), "");
}
