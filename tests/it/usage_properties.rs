//! On random contracts, those who know about removals agree: `usage` says that a field is relied upon exactly
//! when `what-if` and a real replay refuse to do without it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pactwright::compat::{Alteration, Altered, Part, Relied, Wanted, usage};
use pactwright::contract::{Contract, RulePath, read};
use pactwright::outcome::{Report, Verdict};
use pactwright::report::{fold, jsonl};
use pactwright::what_if::{Fate, foresee};
use serde_json::{Map, Value, json};

use crate::support::command::Sandbox;
use crate::support::provider::{Answer, Provider};

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn object(&mut self, depth: u64) -> Value {
        let count = 1 + self.below(3);
        (0..count).map(|index| (format!("f{index}"), self.value(depth))).collect::<Map<_, _>>().into()
    }

    fn value(&mut self, depth: u64) -> Value {
        match self.below(if depth == 0 { 4 } else { 7 }) {
            0 => json!(self.below(9)),
            1 => json!("text"),
            2 => json!(true),
            3 => json!(1.5),
            4 | 5 => self.object(depth - 1),
            _ => {
                let item = if self.below(2) == 0 { self.object(depth - 1) } else { json!(self.below(9)) };
                Value::Array(vec![item; 1 + usize::from(self.below(3) == 0)])
            }
        }
    }

    /// A rule for some of the places, or none.
    fn rules(&mut self, path: &str, value: &Value, rules: &mut Map<String, Value>) {
        let matcher = match (self.below(5), value) {
            (0 | 1, Value::Array(_)) => Some(json!({"match": "type", "min": self.below(2)})),
            (0, Value::String(_)) => Some(json!({"match": "regex", "regex": "^[a-z]+$"})),
            (1, Value::Number(number)) if number.is_u64() => Some(json!({"match": "integer"})),
            (0..=2, _) => Some(json!({"match": "type"})),
            _ => None,
        };
        if let Some(matcher) = matcher {
            rules.insert(path.to_owned(), json!({"matchers": [matcher]}));
        }
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| self.rules(&format!("{path}.{key}"), value, rules));
            }
            Value::Array(items) => {
                items.iter().take(1).for_each(|item| self.rules(&format!("{path}[*]"), item, rules));
            }
            _ => {}
        }
    }
}

/// The same with a field more in every object.
fn with_more(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let more = [("more".to_owned(), json!(1))];
            fields
                .iter()
                .map(|(key, value)| (key.clone(), with_more(value)))
                .chain(more)
                .collect::<Map<_, _>>()
                .into()
        }
        Value::Array(items) => items.iter().map(with_more).collect(),
        single => single.clone(),
    }
}

/// Every place of a body, positions in lists aside.
fn places(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let below = format!("{path}.{key}");
                places(value, &below, found);
                found.insert(below);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| places(item, &format!("{path}[*]"), found)),
        _ => {}
    }
}

fn interaction(path: &str, body: &Value, rules: &Map<String, Value>) -> Value {
    json!({
        "description": format!("read {path}"),
        "request": {"method": "GET", "path": path},
        "response": {"status": 200, "body": body, "matchingRules": {"body": rules}}
    })
}

fn pact(interactions: &[Value]) -> String {
    let pact = json!({
        "consumer": {"name": "support"}, "provider": {"name": "faq"}, "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "3.0.0"}}
    });
    pact.to_string()
}

fn contract(text: &str) -> Contract {
    let reading = read("pact", text.as_bytes().to_vec());
    reading.contract.unwrap_or_else(|| panic!("{:?} in {text}", reading.findings))
}

/// Replays a pact against a provider that gives these answers, by path.
fn replayed(pact: &str, answers: &BTreeMap<String, Value>) -> Report {
    let answered = |body: &Value| {
        [Answer::with(200, &[("Content-Type", "application/json")], body.to_string().as_bytes())]
    };
    let table: Vec<_> = answers.iter().map(|(path, body)| (format!("GET {path}"), answered(body))).collect();
    let table: Vec<_> = table.iter().map(|(row, answers)| (row.as_str(), answers.as_slice())).collect();
    let provider = Provider::start(&table);
    let root = Sandbox::new();
    root.write("pact.json", pact);
    let output = root.run(&[
        "verify",
        "pact.json",
        "--keep-answers",
        "--provider-url",
        &provider.url(),
        "--report",
        "jsonl=log.jsonl",
    ]);
    assert!(output.status < 2, "{output}");
    fold(jsonl::read(&root.read("log.jsonl")).expect("a log"))
}

fn alteration(path: &str) -> Alteration {
    Alteration {
        operation: Wanted::All,
        change: Altered::WithoutField(RulePath::parse(path).expect("a path")),
    }
}

/// One way to do without a field, and what `usage` and `what-if` say to it.
struct Tried {
    interaction: Value,
    answer: Value,
    place: String,
    is_relied_upon: bool,
}

/// Every place of one random contract.
fn tried(chance: &mut Chance, number: usize) -> Vec<Tried> {
    let body = chance.object(3);
    let mut rules = Map::new();
    chance.rules("$", &body, &mut rules);
    let answer = with_more(&body);
    let text = pact(&[interaction("/faq", &body, &rules)]);
    let contract = Arc::new(contract(&text));
    let map = usage(&[Relied::from_file(&contract)], &[]);
    let known: BTreeMap<_, _> = map.endpoints[0].answers[0]
        .response
        .iter()
        .filter(|place| place.part == Part::ResponseBody)
        .map(|place| (place.path.clone(), place.by[0].is_required))
        .collect();
    let kept = replayed(&text, &BTreeMap::from([("/faq".to_owned(), answer.clone())]));
    assert_eq!(kept.interactions[0].verdict, Verdict::Passed, "{text} {answer}");
    let mut all = BTreeSet::new();
    places(&answer, "$", &mut all);
    let mut tried = Vec::new();
    for path in all {
        let alteration = alteration(&path);
        let mut changed = answer.clone();
        if alteration.change_body(&mut changed) == 0 {
            continue;
        }
        let is_relied_upon = match known.get(&path) {
            Some(true) => true,
            Some(false) => continue,
            None => false,
        };
        let place = format!("{path} of {text}");
        let foreseen =
            foresee(&[Arc::clone(&contract)], &kept, &alteration, &BTreeSet::new()).expect("threads");
        let fate = &foreseen[0].fate;
        assert_eq!(matches!(fate, Fate::Breaks(_)), is_relied_upon, "what-if: {fate:?} without {place}");
        assert!(matches!(fate, Fate::Breaks(_) | Fate::Holds), "what-if: {fate:?} without {place}");
        let own = format!("/faq/{number}x{}", tried.len());
        let interaction = interaction(&own, &body, &rules);
        tried.push(Tried { interaction, answer: changed, place, is_relied_upon });
    }
    tried
}

#[test]
fn usage_what_if_and_a_replay_agree_on_random_contracts() {
    let mut chance = Chance(2026);
    let tried: Vec<_> = (0..40).flat_map(|number| tried(&mut chance, number)).collect();
    let needed = tried.iter().filter(|one| one.is_relied_upon).count();
    assert!(needed > 50 && tried.len() - needed > 50, "{needed} of {}", tried.len());
    let interactions: Vec<_> = tried.iter().map(|one| one.interaction.clone()).collect();
    let path = |one: &Tried| one.interaction["request"]["path"].as_str().expect("a path").to_owned();
    let answers = tried.iter().map(|one| (path(one), one.answer.clone())).collect();
    let report = replayed(&pact(&interactions), &answers);
    assert_eq!(report.interactions.len(), tried.len());
    for (result, one) in report.interactions.iter().zip(&tried) {
        assert_eq!(result.description, format!("read {}", path(one)));
        let is_refused = result.verdict == Verdict::Failed;
        assert_eq!(is_refused, one.is_relied_upon, "a replay: {:?} without {}", result.verdict, one.place);
    }
}
