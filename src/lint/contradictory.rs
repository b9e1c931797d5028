//! Interactions that no provider can satisfy both: the same request in the same states, and
//! answers that exclude each other.

use std::collections::BTreeMap;

use serde_json::Value;

use super::dynamic::is_relaxed;
use crate::contract::Body;
use crate::contract::Category;
use crate::contract::Combine;
use crate::contract::Contract;
use crate::contract::Exchange;
use crate::contract::Interaction;
use crate::contract::Matcher;
use crate::contract::Request;
use crate::contract::Response;
use crate::contract::RulePath;
use crate::contract::Step;
use crate::contract::best_rule;
use crate::contract::display_steps;
use crate::finding::Code;
use crate::finding::Finding;
use crate::finding::Place;

/// An expectation and where it stands.
struct Expectation<'a> {
    contract: &'a Contract,
    interaction: &'a Interaction,
    response: &'a Response,
}

/// Warns of each interaction that contradicts an earlier one, of the same consumer or of another.
pub(super) fn contradictory(contracts: &[Contract]) -> Vec<Finding> {
    let mut groups: BTreeMap<String, Vec<Expectation<'_>>> = BTreeMap::new();
    for contract in contracts {
        for interaction in &contract.interactions {
            if let Exchange::Http { request, response } = &interaction.exchange
                && request.generators.is_empty()
                && !interaction.pending
            {
                let key = situation(contract, interaction, request);
                groups.entry(key).or_default().push(Expectation { contract, interaction, response });
            }
        }
    }
    groups.values().flat_map(|group| of_group(group)).collect()
}

fn of_group(group: &[Expectation<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Many consumers often expect the very same; then one of them speaks for all.
    let mut different: Vec<&Expectation<'_>> = Vec::new();
    for second in group {
        let is_same = |first: &&&Expectation<'_>| says_the_same(first.response, second.response);
        let is_known = different.iter().find(is_same).is_some();
        let mut others = different.iter().filter(|first| !is_same(first));
        let clash = others.find_map(|first| clash(first.response, second.response).map(|why| (first, why)));
        if let Some((first, why)) = clash {
            findings.push(finding(first, second, &why));
        }
        if !is_known {
            different.push(second);
        }
    }
    findings
}

/// Whether two expectations differ only in where they stand.
fn says_the_same(first: &Response, second: &Response) -> bool {
    fn body(response: &Response) -> Option<(&[u8], bool, Option<&str>)> {
        let content = response.body.content()?;
        Some((&content.bytes, content.is_json, content.content_type.as_deref()))
    }
    fn rules(response: &Response) -> impl Iterator<Item = (Category, &RulePath, &[Matcher], Combine)> {
        response.rules.iter().map(|rule| (rule.category, &rule.path, &*rule.matchers, rule.combine))
    }
    first.status == second.status
        && first.headers == second.headers
        && body(first) == body(second)
        && rules(first).eq(rules(second))
}

fn finding(first: &Expectation<'_>, second: &Expectation<'_>, why: &str) -> Finding {
    let message = format!(
        "`{}` and `{}` ask for the same in the same states and expect different answers: {why}",
        first.interaction.description, second.interaction.description
    );
    let other = first.contract.location(&first.interaction.pointer);
    let help = format!("give one of them a provider state of its own; the other one is at {other}");
    Finding::new(Code::ContradictoryInteractions, Place::Pact, message)
        .with_help(help)
        .with_location(second.contract.location(&second.interaction.pointer))
}

/// All that the provider can tell two requests apart by.
fn situation(contract: &Contract, interaction: &Interaction, request: &Request) -> String {
    let states: Vec<_> = interaction
        .states
        .iter()
        .map(|state| (&state.name, Value::Object(state.params.clone()).to_string()))
        .collect();
    let mut headers: Vec<_> =
        request.headers.iter().map(|(name, values)| (name.to_ascii_lowercase(), values)).collect();
    headers.sort();
    let mut query = request.query.params.clone();
    query.sort();
    let body = match &request.body {
        Body::Present(content) => Some(&content.bytes),
        Body::Missing | Body::Null | Body::Empty => None,
    };
    format!("{:?}", (&contract.provider, states, &request.method, &request.path, query, headers, body))
}

/// Why no answer can satisfy both; `None` when one may.
fn clash(first: &Response, second: &Response) -> Option<String> {
    let exact = |response: &Response| !response.rules.iter().any(|rule| rule.category == Category::Status);
    if first.status != second.status && exact(first) && exact(second) {
        return Some(format!("status {} and {}", first.status, second.status));
    }
    if let Some(why) = clash_of_headers(first, second) {
        return Some(why);
    }
    let (one, other) = (first.body.content()?, second.body.content()?);
    let both = Both { first, second };
    match (one.json(), other.json()) {
        (Some(one), Some(other)) => both.clash(&one, &other, &mut Vec::new()),
        (None, None) if both.are_ruled() => None,
        (None, None) => (one.bytes != other.bytes).then(|| "another body".to_owned()),
        _ => None,
    }
}

/// A header that both expect exactly, with different values.
fn clash_of_headers(first: &Response, second: &Response) -> Option<String> {
    first.headers.iter().find_map(|(name, values)| {
        let (_, others) = second.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name))?;
        let is_exact =
            |response: &Response| !is_relaxed(&response.rules, Category::Header, &[Step::Key(name.clone())]);
        // What a media type or a list of values leaves open is not for a plain comparison.
        let is_plain = values.len() == 1 && others.len() == 1 && !values[0].contains([',', ';']);
        let differs = is_plain && !name.eq_ignore_ascii_case("content-type") && values != others;
        (differs && is_exact(first) && is_exact(second))
            .then(|| format!("the header {name}: {} and {}", values[0], others[0]))
    })
}

struct Both<'a> {
    first: &'a Response,
    second: &'a Response,
}

impl Both<'_> {
    /// True when a rule is about a body, whatever it says.
    fn are_ruled(&self) -> bool {
        [self.first, self.second]
            .iter()
            .any(|side| side.rules.iter().any(|rule| rule.category == Category::Body))
    }

    fn clash(&self, one: &Value, other: &Value, steps: &mut Vec<Step>) -> Option<String> {
        let relaxed = [self.first, self.second].map(|side| is_relaxed(&side.rules, Category::Body, steps));
        match (one, other) {
            (Value::Object(one), Value::Object(other)) => one.iter().find_map(|(key, value)| {
                let counterpart = other.get(key)?;
                self.below(Step::Key(key.clone()), (value, counterpart), steps)
            }),
            (Value::Array(one), Value::Array(other)) if relaxed == [false, false] => {
                if one.len() != other.len() {
                    let place = display_steps(steps);
                    return Some(format!("{} and {} items at `{place}`", one.len(), other.len()));
                }
                let pairs = one.iter().zip(other).enumerate();
                pairs.into_iter().find_map(|(index, pair)| self.below(Step::Index(index), pair, steps))
            }
            _ if one == other => None,
            _ if relaxed == [false, false] => {
                Some(format!("{one} and {other} at `{}`", display_steps(steps)))
            }
            _ if self.both_by_type(steps) && !same_kind(one, other) => {
                Some(format!("{one} and {other} at `{}`, which differ in type", display_steps(steps)))
            }
            _ => None,
        }
    }

    fn below(&self, step: Step, (one, other): (&Value, &Value), steps: &mut Vec<Step>) -> Option<String> {
        steps.push(step);
        let clash = self.clash(one, other, steps);
        steps.pop();
        clash
    }

    fn both_by_type(&self, steps: &[Step]) -> bool {
        [self.first, self.second].iter().all(|side| {
            best_rule(&side.rules, Category::Body, steps).is_none_or(|(rule, _)| {
                rule.matchers.iter().all(|matcher| matches!(matcher, Matcher::Type { .. }))
            })
        })
    }
}

fn same_kind(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract;

    /// What is said of two interactions that differ in their responses only.
    fn said(first: &Value, second: &Value) -> String {
        let interaction = |description: &str, response: &Value| json!({"description": description, "request": {"method": "GET", "path": "/"}, "response": response});
        let pact = json!({
            "consumer": {"name": "support"}, "provider": {"name": "faq"},
            "interactions": [interaction("one", first), interaction("two", second)],
            "metadata": {"pactSpecification": {"version": "2.0.0"}}
        });
        let reading = contract::read("pact.json", pact.to_string().into_bytes());
        let contract = reading.contract.expect("a sound pact");
        let findings = contradictory(&[contract]);
        findings.first().map_or_else(
            || "fine".to_owned(),
            |finding| finding.message.rsplit_once("answers: ").expect("a reason").1.to_owned(),
        )
    }

    #[test]
    fn only_answers_that_exclude_each_other_are_a_contradiction() {
        let by_type = |path: &str| json!({path: {"match": "type"}});
        let table = [
            said(&json!({"status": 200}), &json!({"status": 404})),
            said(&json!({"status": 200, "body": {"a": 1}}), &json!({"status": 200, "body": {"b": 2}})),
            said(&json!({"status": 200, "body": {"a": 1}}), &json!({"status": 200, "body": {"a": 2}})),
            said(&json!({"status": 200, "body": [1]}), &json!({"status": 200, "body": [1, 2]})),
            said(
                &json!({"status": 200, "body": {"a": 1}, "matchingRules": by_type("$.body.a")}),
                &json!({"status": 200, "body": {"a": 2}}),
            ),
            said(
                &json!({"status": 200, "body": {"a": 1}, "matchingRules": by_type("$.body")}),
                &json!({"status": 200, "body": {"a": "x"}, "matchingRules": by_type("$.body")}),
            ),
            said(
                &json!({"status": 200, "headers": {"X-Kind": "a"}}),
                &json!({"status": 200, "headers": {"x-kind": "b"}}),
            ),
            said(
                &json!({"status": 200, "headers": {"X-Kind": "a"}, "matchingRules": by_type("$.header.X-Kind")}),
                &json!({"status": 200, "headers": {"X-Kind": "b"}}),
            ),
            said(&json!({"status": 200, "body": "one"}), &json!({"status": 200, "body": "two"})),
        ];
        insta::assert_snapshot!(table.join("\n"), @r#"
        status 200 and 404
        fine
        1 and 2 at `$.a`
        1 and 2 items at `$`
        fine
        1 and "x" at `$.a`, which differ in type
        the header X-Kind: a and b
        fine
        another body
        "#);
    }
}
