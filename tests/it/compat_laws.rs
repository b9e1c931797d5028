//! Laws of the semantic difference, on contracts made up at random.

use pactwright::compat::{Change, Class, diff};
use pactwright::contract::{self, Contract};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A few values that have something to do with each other.
fn value() -> impl Strategy<Value = Value> {
    let single = prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(1)),
        Just(json!(1.5)),
        Just(json!("a")),
        Just(json!("open")),
    ];
    single.prop_recursive(3, 12, 3, |inner| {
        let fields = proptest::collection::btree_map("[a-c]", inner.clone(), 0..3);
        prop_oneof![
            fields.prop_map(|fields| Value::Object(fields.into_iter().collect())),
            proptest::collection::vec(inner, 0..3).prop_map(Value::from),
        ]
    })
}

fn matcher() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({"match": "type"})),
        Just(json!({"match": "type", "min": 1})),
        Just(json!({"match": "type", "max": 2})),
        Just(json!({"match": "equality"})),
        Just(json!({"match": "regex", "regex": "open|closed"})),
        Just(json!({"match": "regex", "regex": "[a-z]+"})),
        Just(json!({"match": "integer"})),
        Just(json!({"match": "number"})),
        Just(json!({"match": "notEmpty"})),
        Just(json!({"match": "values"})),
        Just(json!({"match": "eachValue", "rules": [{"match": "type"}]})),
        Just(json!({"match": "include", "value": "pe"})),
        Just(json!({"match": "null"})),
    ]
}

fn rules() -> impl Strategy<Value = Value> {
    let path = prop_oneof![Just("$"), Just("$.a"), Just("$.a[*]"), Just("$.b.c"), Just("$.*"), Just("$.a.b")];
    proptest::collection::btree_map(path, matcher(), 0..3).prop_map(|rules| {
        let rule = |(path, matcher): (&str, Value)| (path.to_owned(), json!({"matchers": [matcher]}));
        json!({"body": Value::Object(rules.into_iter().map(rule).collect())})
    })
}

fn part() -> impl Strategy<Value = (Option<Value>, Value)> {
    (proptest::option::of(value()), rules())
}

fn interaction() -> impl Strategy<Value = Value> {
    let head = ("[p-r]", proptest::collection::vec("[s-t]", 0..2), any::<bool>(), "[k-l]?");
    (head, part(), part(), 200_u16..203).prop_map(
        |((name, states, pending, key), asked, answered, status)| {
            let states: Vec<_> =
                states.into_iter().map(|name| json!({"name": name, "params": {"b": 1, "a": 2}})).collect();
            let filled = |mut side: Value, (body, rules): (Option<Value>, Value)| {
                side["matchingRules"] = rules;
                if let Some(body) = body {
                    side["body"] =
                        json!({"content": body, "contentType": "application/json", "encoded": false});
                }
                side
            };
            let request = filled(json!({"method": "POST", "path": "/faqs"}), asked);
            let response = filled(json!({"status": status}), answered);
            let mut interaction = json!({
                "type": "Synchronous/HTTP", "description": name, "providerStates": states,
                "pending": pending, "request": request, "response": response
            });
            if !key.is_empty() {
                interaction["key"] = key.into();
            }
            interaction
        },
    )
}

fn pact() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(interaction(), 0..4).prop_map(|interactions| {
        // No pact may have two different interactions of one name.
        let mut kept: Vec<Value> = Vec::new();
        let name = |one: &Value| json!([one["description"], one["providerStates"], one.get("key")]);
        for interaction in interactions {
            if !kept.iter().any(|known| name(known) == name(&interaction)) {
                kept.push(interaction);
            }
        }
        kept
    })
}

fn read(interactions: &[Value]) -> Contract {
    let pact = json!({
        "consumer": {"name": "support"}, "provider": {"name": "faq"}, "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "4.0"}}
    });
    let reading = contract::read("pact.json", pact.to_string().into_bytes());
    reading.contract.unwrap_or_else(|| panic!("{:?}", reading.findings))
}

/// The same value with the keys of its objects in the other order.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let turned = map.iter().rev().map(|(key, value)| (key.clone(), reversed(value)));
            Value::Object(turned.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        single => single.clone(),
    }
}

fn told(changes: &[Change]) -> Vec<String> {
    let told = |change: &Change| {
        format!("{:?} {:?} {} {}", change.interaction, change.rule, change.place(), change.sentence)
    };
    changes.iter().map(told).collect()
}

fn kinds(changes: &[Change], mirrored: bool) -> Vec<String> {
    let kind = |change: &Change| {
        let rule = if mirrored { change.rule.mirror() } else { change.rule };
        format!("{rule:?} {}", change.place())
    };
    let mut kinds: Vec<_> = changes.iter().map(kind).collect();
    kinds.sort();
    kinds
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn a_contract_against_itself_is_no_change(interactions in pact()) {
        let contract = read(&interactions);
        prop_assert_eq!(told(&diff(&contract, &contract)), Vec::<String>::new());
    }

    #[test]
    fn swapping_gives_the_mirror_of_each_change(old in pact(), new in pact()) {
        let (old, new) = (read(&old), read(&new));
        prop_assert_eq!(kinds(&diff(&old, &new), true), kinds(&diff(&new, &old), false));
    }

    #[test]
    fn the_order_of_keys_and_interactions_plays_no_part(old in pact(), new in pact()) {
        let turned = |interactions: &[Value]| {
            let turned: Vec<_> = interactions.iter().rev().map(reversed).collect();
            read(&turned)
        };
        prop_assert_eq!(told(&diff(&read(&old), &turned(&old))), Vec::<String>::new());
        prop_assert_eq!(told(&diff(&read(&old), &read(&new))), told(&diff(&turned(&old), &turned(&new))));
    }

    #[test]
    fn more_interactions_demand_more_and_fewer_demand_less(interactions in pact()) {
        let all = read(&interactions);
        for left in 0..interactions.len() {
            let some = read(&interactions[..left]);
            prop_assert!(diff(&some, &all).iter().all(|change| change.class() == Class::DemandsMore));
            prop_assert!(diff(&all, &some).iter().all(|change| change.class() == Class::DemandsLess));
        }
    }
}
