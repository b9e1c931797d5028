//! Proves that an answer keeps its contract, where that can be seen in one pass over its bytes.
//!
//! Most answers pass, and most rules are simple: for those, building the reference matcher's model
//! and letting it compare costs many times more than reading the answer. The proof knows the
//! semantics of the common rules, says *passes* only where the reference matcher and our stricter
//! checks would both find nothing, and says *do not know* to everything else, however small the
//! doubt. It never says *mismatch*. `soundness` holds it against the whole judge.

mod body;
mod content;
mod example;
mod headers;
mod rules;
mod scalar;
mod walk;

#[cfg(test)]
mod mutate;
#[cfg(test)]
mod random;
#[cfg(test)]
mod soundness;

use super::actual::Answer;
use super::judge::Actual;
use crate::contract::{Category, Exchange, Generator, Interaction, Matcher, Response, Rule};

/// True when the answer surely keeps the contract; false says nothing.
pub(super) fn is_proven(interaction: &Interaction, actual: &Actual) -> bool {
    match (&interaction.exchange, actual) {
        (Exchange::Http { response, .. }, Actual::Http(answer)) => answer_passes(response, answer),
        _ => false,
    }
}

fn answer_passes(response: &Response, answer: &Answer) -> bool {
    !depends_on_states(response)
        && status_passes(response, answer.status)
        && headers::pass(response, answer)
        && body::passes(response, answer)
}

/// Values from provider states can replace those of the example.
fn depends_on_states(response: &Response) -> bool {
    response.generators.iter().any(|placed| matches!(placed.generator, Generator::ProviderState { .. }))
}

fn status_passes(response: &Response, status: u16) -> bool {
    let mut rules = response.rules.iter().filter(|rule| rule.category == Category::Status);
    match (rules.next(), rules.next()) {
        (None, _) => status == response.status,
        (Some(Rule { matchers, .. }), None) => match matchers.as_slice() {
            [Matcher::StatusCode(class)] => class.has(status),
            _ => false,
        },
        (Some(_), Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::contract::read;

    /// Whether an answer is proven, for a rule on `$.a` of an example.
    fn proven(example: &Value, rule: &Value, answer: &Value) -> bool {
        let rules = json!({ "body": { "$.a": { "matchers": [rule], "combine": "AND" } } });
        let response = json!({
            "status": 200,
            "headers": { "Content-Type": "application/json" },
            "body": { "a": example },
            "matchingRules": rules,
        });
        let pact = json!({
            "consumer": { "name": "c" },
            "provider": { "name": "p" },
            "interactions": [{
                "description": "d", "request": { "method": "GET", "path": "/" }, "response": response,
            }],
            "metadata": { "pactSpecification": { "version": "3.0.0" } },
        });
        let contract = read("a.json", pact.to_string().into_bytes()).contract.expect("a contract");
        let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
        let body = json!({ "other": [1], "a": answer }).to_string().into_bytes();
        let actual = Actual::Http(Answer { status: 200, headers, body });
        is_proven(&contract.interactions[0], &actual)
    }

    #[test]
    fn the_common_rules_are_proven() {
        let regex = json!({ "match": "regex", "regex": "\\d+" });
        let each_value = json!({ "match": "eachValue", "rules": [{ "match": "integer" }] });
        let each_key = json!({ "match": "eachKey", "rules": [{ "match": "regex", "regex": "[a-z]+" }] });
        let of = |word: &str| json!({ "match": word });
        for (example, rule, answer) in [
            (json!({"b": [1, "x"]}), of("equality"), json!({"b": [1, "x"]})),
            (json!({"b": [1, {"c": "x"}]}), of("type"), json!({"b": [2, {"c": ""}, 3], "d": null})),
            (json!([{"b": 1}]), json!({ "match": "type", "min": 2, "max": 3 }), json!([{"b": 1}, {"b": 2}])),
            (json!("1"), regex, json!("23")),
            (json!(1), of("integer"), json!(-7)),
            (json!(1.5), of("decimal"), json!(0.25)),
            (json!(1), of("number"), json!(0.25)),
            (json!(true), of("boolean"), json!(false)),
            (json!(null), of("null"), json!(null)),
            (json!("2026-01-02"), json!({ "match": "date", "format": "yyyy-MM-dd" }), json!("2027-12-31")),
            (json!({"x": 1}), of("values"), json!({"y": 1, "z": 1})),
            (json!({"x": 1}), each_value.clone(), json!({"y": 1, "z": 2})),
            (json!([1]), each_value, json!([2, 3])),
            (json!({"x": 1}), each_key, json!({"y": {}})),
        ] {
            assert!(proven(&example, &rule, &answer), "{rule} on {example} answered {answer}");
        }
    }

    #[test]
    fn what_may_break_the_contract_is_not_proven() {
        let of = |word: &str| json!({ "match": word });
        let slow = json!({ "match": "regex", "regex": "^(a+)+$" });
        for (example, rule, answer) in [
            (json!("aa"), slow, json!(format!("{}!", "a".repeat(200)))),
            (json!([1]), of("type"), json!([])),
            (json!("1"), json!({ "match": "regex", "regex": "\\d+" }), json!(1)),
            (json!(true), of("boolean"), json!("true")),
            (json!({"b": 1}), of("type"), json!({"c": 1})),
            (json!({"b": {"c": 1}}), of("type"), json!({"b": {"c": "1"}})),
            (json!(1.0), of("equality"), json!(1)),
        ] {
            assert!(!proven(&example, &rule, &answer), "{rule} on {example} answered {answer}");
        }
    }
}
