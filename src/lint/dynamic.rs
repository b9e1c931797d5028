//! Values that look as if they changed with every run, and are compared exactly.
//!
//! Such a contract holds only while the provider's data happens to be the example's.

use serde_json::Value;

use super::Answer;
use crate::contract::Category;
use crate::contract::Contract;
use crate::contract::Matcher;
use crate::contract::Rule;
use crate::contract::Step;
use crate::contract::best_rule;
use crate::contract::display_steps;
use crate::contract::join_index;
use crate::contract::join_key;
use crate::finding::Code;
use crate::finding::Finding;
use crate::finding::Place;

/// Words in a key that say that a date under it is the time of an event.
const EVENTS: [&str; 10] = [
    "created",
    "updated",
    "modified",
    "changed",
    "timestamp",
    "expires",
    "expiry",
    "issued",
    "deleted",
    "time",
];

/// Warns of each such value in a body and among headers.
pub(super) fn check(contract: &Contract, answer: &Answer<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, values) in answer.headers {
        let steps = [Step::Key(name.clone())];
        let ruled = is_relaxed(answer.rules, Category::Header, &steps);
        let kind = values.iter().find_map(|value| kind_of_text(name, value));
        if let Some(kind) = kind.filter(|_| !ruled) {
            let pointer = join_key(&join_key(answer.pointer, "headers"), name);
            let what = format!("the header `{name}` looks like {kind}");
            findings.push(finding(contract, &pointer, Place::Header, &what).at(name));
        }
    }
    if let Some(content) = answer.body.content()
        && let Some(json) = content.json()
    {
        let mut found = Vec::new();
        collect(&json, &mut Vec::new(), &mut found);
        for (steps, kind) in found {
            let generated = answer.generators.iter().any(|placed| placed.path.weight(&steps).is_some());
            if !generated && !is_relaxed(answer.rules, Category::Body, &steps) {
                let place = display_steps(&steps);
                let pointer = steps.iter().fold(content.pointer.clone(), |pointer, step| match step {
                    Step::Key(key) => join_key(&pointer, key),
                    Step::Index(index) => join_index(&pointer, *index),
                });
                let what = format!("`{place}` looks like {kind}");
                findings.push(finding(contract, &pointer, Place::Body, &what).at(place));
            }
        }
    }
    findings
}

fn finding(contract: &Contract, pointer: &str, place: Place, what: &str) -> Finding {
    Finding::new(Code::DynamicValue, place, format!("{what} and is compared exactly"))
        .with_help("match it by type, format or pattern")
        .with_location(contract.location(pointer))
}

/// True when a rule other than equality decides about a value.
pub(super) fn is_relaxed(rules: &[Rule], category: Category, steps: &[Step]) -> bool {
    let found = match category {
        Category::Header => rules.iter().filter(|rule| rule.category == category).find(|rule| {
            let name = rule.path.first_field().unwrap_or_default();
            matches!(steps, [Step::Key(key)] if key.eq_ignore_ascii_case(name))
        }),
        _ => best_rule(rules, category, steps).map(|(rule, _)| rule),
    };
    found.is_some_and(|rule| rule.matchers.iter().any(|matcher| *matcher != Matcher::Equality))
}

fn collect(value: &Value, steps: &mut Vec<Step>, found: &mut Vec<(Vec<Step>, &'static str)>) {
    let mut go = |step: Step, child: &Value| {
        steps.push(step);
        collect(child, steps, found);
        steps.pop();
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, child)| go(Step::Key(key.clone()), child)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, child)| go(Step::Index(index), child));
        }
        Value::String(text) => {
            found.extend(kind_of_text(last_key(steps), text).map(|kind| (steps.clone(), kind)));
        }
        Value::Number(number) => {
            let is_time = number
                .as_u64()
                .is_some_and(|number| (1_000_000_000_000..2_000_000_000_000).contains(&number));
            // Thousands exactly are somebody's round number.
            if is_time && number.as_u64().is_some_and(|number| number % 1_000_000_000 != 0) {
                found.push((steps.clone(), "a time in milliseconds"));
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

fn last_key(steps: &[Step]) -> &str {
    let key = |step: &'_ Step| matches!(step, Step::Key(_));
    match steps.iter().rev().find(|step| key(step)) {
        Some(Step::Key(key)) => key,
        _ => "",
    }
}

/// What a text looks like, when that is something that changes.
fn kind_of_text(key: &str, text: &str) -> Option<&'static str> {
    if is_uuid(text) {
        Some("a UUID")
    } else if is_timestamp(text) || is_http_date(text) {
        Some("a time")
    } else if is_date(text) && is_event(key) {
        Some("the date of an event")
    } else if is_token(text) {
        Some("a signed token")
    } else if is_random_hex(text) {
        Some("a random value")
    } else if text.contains('/') && text.split(['/', '?', '=', '&']).any(is_uuid) {
        Some("an address with a UUID")
    } else {
        None
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
        && variety(text) > 5
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() })
}

/// A date and a time in ISO form.
fn is_timestamp(text: &str) -> bool {
    let Some((date, time)) = text.split_at_checked(10) else {
        return false;
    };
    let time = time.strip_prefix(['T', ' ']).unwrap_or_default();
    is_date(date)
        && time.len() >= 5
        && time.as_bytes()[2] == b':'
        && time.starts_with(|c: char| c.is_ascii_digit())
}

/// A date and a time as HTTP has it (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
fn is_http_date(text: &str) -> bool {
    text.ends_with(" GMT") && jiff::fmt::rfc2822::parse(text).is_ok()
}

fn is_event(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.ends_with("_at") || key.ends_with("_on") || EVENTS.iter().any(|word| key.contains(word))
}

/// Three parts in base64, of which the first two are objects.
fn is_token(text: &str) -> bool {
    let parts: Vec<_> = text.split('.').collect();
    parts.len() == 3 && parts[..2].iter().all(|part| part.starts_with("eyJ") && part.len() > 10)
}

fn is_random_hex(text: &str) -> bool {
    text.len() >= 32
        && text.chars().all(|c| c.is_ascii_hexdigit())
        && text.chars().any(|c| c.is_ascii_digit())
        && variety(text) > 7
}

/// How many different characters there are, few of which speak for an invented value.
fn variety(text: &str) -> usize {
    text.chars().collect::<std::collections::BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_told_from_what_only_looks_similar() {
        let said = |(key, text): (&str, &str)| {
            format!("{key}: {text} -> {}", kind_of_text(key, text).unwrap_or("-"))
        };
        let table = [
            ("id", "0f8fad5b-d9cb-469f-a165-70867728950e"),
            ("id", "00000000-0000-0000-0000-000000000001"),
            ("at", "2024-05-01T10:00:00Z"),
            ("at", "2024-05-01 10:00"),
            ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("Location", "/faqs/0f8fad5b-d9cb-469f-a165-70867728950e"),
            ("Location", "/faqs/7"),
            ("created_on", "2024-05-01"),
            ("birthday", "2024-05-01"),
            ("token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.sig"),
            ("hash", "d41d8cd98f00b204e9800998ecf8427e"),
            ("hash", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
            ("name", "é"),
            ("name", "2024-05-01Té"),
        ]
        .map(said);
        insta::assert_snapshot!(table.join("\n"), @"
        id: 0f8fad5b-d9cb-469f-a165-70867728950e -> a UUID
        id: 00000000-0000-0000-0000-000000000001 -> -
        at: 2024-05-01T10:00:00Z -> a time
        at: 2024-05-01 10:00 -> a time
        Date: Sun, 06 Nov 1994 08:49:37 GMT -> a time
        Location: /faqs/0f8fad5b-d9cb-469f-a165-70867728950e -> an address with a UUID
        Location: /faqs/7 -> -
        created_on: 2024-05-01 -> the date of an event
        birthday: 2024-05-01 -> -
        token: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.sig -> a signed token
        hash: d41d8cd98f00b204e9800998ecf8427e -> a random value
        hash: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa -> -
        name: é -> -
        name: 2024-05-01Té -> -
        ");
    }
}
