//! Puts differences into words: a code, a path that names the field itself, the rule that decided,
//! both values and the place in the pact.
//!
//! Pure. What the reference matcher says is kept only where nothing better is known.

use std::cmp::Ordering;

use serde_json::Value;

use super::mismatch::{Mismatch, Pitfall, Why};
use super::sentence::{about_a_key, in_part, of_values, tidy, unreadable};
use super::values::{Values, brief, example_for, steps_of, value_at};
use crate::contract::{Body, Category, Rule, Step, best_rule, display_steps, join_index, join_key};
use crate::finding::{Code, Finding, Place};

/// What the contract expects of the part that is being judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// The body or contents.
    pub(crate) body: &'a Body,
    /// The JSON in it, when it is JSON.
    pub(crate) example: Option<&'a Value>,
    /// The rules on it.
    pub(crate) rules: &'a [Rule],
    /// JSON pointer to the response or contents.
    pub(crate) pointer: &'a str,
}

/// A finding, and the JSON pointer to the expectation that is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judged {
    /// The finding, still without a position in a file.
    pub(crate) finding: Finding,
    /// Where the expectation stands in its document.
    pub(crate) pointer: String,
    /// The pitfall of the reference matcher that this finding closes: it does not see it.
    pub(crate) closes: Option<Pitfall>,
}

/// Puts all differences into words, the most telling first, and marks those that follow from
/// another one.
pub(crate) fn worded(expected: Expected<'_>, actual: &[u8], mismatches: &[Mismatch]) -> Vec<Judged> {
    let actual: Option<Value> = serde_json::from_slice(actual).ok();
    let values = Values { example: expected.example, actual: actual.as_ref() };
    let mut judged: Vec<Judged> =
        mismatches.iter().flat_map(|mismatch| word(expected, values, mismatch)).collect();
    judged.sort_by(|left, right| order(&left.finding, &right.finding));
    judged.dedup_by(|left, right| left.finding == right.finding);
    mark_derived(&mut judged);
    judged
}

fn order(left: &Finding, right: &Finding) -> Ordering {
    (left.place, &left.path, left.code, &left.message).cmp(&(
        right.place,
        &right.path,
        right.code,
        &right.message,
    ))
}

/// A wrong status explains a wrong body and wrong headers; a wrong content type explains that the
/// body is another document.
fn mark_derived(judged: &mut [Judged]) {
    let has = |code| judged.iter().any(|one| one.finding.code == code);
    let (status, content_type) = (has(Code::StatusMismatch), has(Code::ContentTypeMismatch));
    for one in judged {
        let finding = &mut one.finding;
        let is_content_type_header =
            finding.place == Place::Header && finding.path.eq_ignore_ascii_case("content-type");
        finding.derived = (status && matches!(finding.place, Place::Header | Place::Body))
            || (content_type && is_content_type_header);
    }
}

fn word(expected: Expected<'_>, values: Values<'_>, mismatch: &Mismatch) -> Vec<Judged> {
    match (mismatch.place, &mismatch.why) {
        (Place::Body, Why::Said(sentence)) if missing_keys(sentence).is_some() => {
            let keys = missing_keys(sentence).unwrap_or_default();
            missing_fields(expected, values, mismatch, &keys)
        }
        (Place::Body, Why::Said(sentence)) if is_about_keys(sentence) => {
            let mut fields = missing_fields(expected, values, mismatch, &[]);
            fields.extend(unexpected_fields(expected, values, mismatch));
            if fields.is_empty() { vec![body_finding(expected, values, mismatch)] } else { fields }
        }
        (Place::Body, _) => vec![body_finding(expected, values, mismatch)],
        _ => vec![part_finding(expected, mismatch)],
    }
}

/// The matcher reports missing keys at their parent and in one sentence; each is a finding.
fn missing_fields(expected: Expected<'_>, values: Values<'_>, at: &Mismatch, said: &[&str]) -> Vec<Judged> {
    let parent = steps_of(&at.path);
    let from_example = || {
        let wanted = example_for(expected.rules, values.example?, &parent)?.as_object()?;
        let found = value_at(values.actual?, &parent)?.as_object()?;
        Some(wanted.keys().filter(|key| !found.contains_key(*key)).cloned().collect::<Vec<_>>())
    };
    let keys = from_example().unwrap_or_else(|| said.iter().map(|key| (*key).to_owned()).collect());
    let field = |key: String| {
        let mut steps = parent.clone();
        steps.push(Step::Key(key));
        let example = values.example.and_then(|example| example_for(expected.rules, example, &steps));
        let mut finding =
            Finding::new(Code::MissingField, Place::Body, "the field is missing").at(display_steps(&steps));
        finding.expected = example.map(brief);
        Judged { finding, pointer: body_pointer(expected, &steps), closes: at.closes }
    };
    keys.into_iter().map(field).collect()
}

/// In a request, a field that the contract does not have is one too many.
fn unexpected_fields(expected: Expected<'_>, values: Values<'_>, at: &Mismatch) -> Vec<Judged> {
    let parent = steps_of(&at.path);
    let wanted =
        values.example.and_then(|example| example_for(expected.rules, example, &parent)?.as_object());
    let found = values.actual.and_then(|actual| value_at(actual, &parent)?.as_object());
    let (Some(wanted), Some(found)) = (wanted, found) else { return Vec::new() };
    let unexpected = found.iter().filter(|(key, _)| !wanted.contains_key(*key));
    let field = |(key, value): (&String, &Value)| {
        let mut steps = parent.clone();
        steps.push(Step::Key(key.clone()));
        let mut finding = Finding::new(Code::UnexpectedField, Place::Body, "the field is not expected")
            .at(display_steps(&steps));
        finding.actual = Some(brief(value));
        Judged { finding, pointer: body_pointer(expected, &parent), closes: at.closes }
    };
    unexpected.map(field).collect()
}

fn is_about_keys(sentence: &str) -> bool {
    sentence.starts_with("Expected a Map with keys ") || sentence.starts_with("Expected an empty Map but ")
}

fn missing_keys(sentence: &str) -> Option<Vec<&str>> {
    let keys = sentence.strip_prefix("Actual map is missing the following keys: ")?;
    Some(keys.split(", ").collect())
}

fn body_finding(expected: Expected<'_>, values: Values<'_>, mismatch: &Mismatch) -> Judged {
    let steps = steps_of(&mismatch.path);
    let rule = best_rule(expected.rules, Category::Body, &steps).map(|(rule, _)| rule);
    let example = values.example.and_then(|example| example_for(expected.rules, example, &steps));
    let actual = values.actual.and_then(|actual| value_at(actual, &steps));
    let texts = (shortened(mismatch.expected.as_deref()), shortened(mismatch.actual.as_deref()));
    let (code, message) = match &mismatch.why {
        Why::Known(Code::ContentTypeMismatch, _) => (Code::ContentTypeMismatch, another_type(mismatch)),
        Why::Known(code, message) => (*code, message.clone()),
        Why::Said(sentence) => {
            let (part, sentence) = in_part(sentence);
            let (code, message) = unreadable(sentence, values, mismatch.actual.as_deref())
                .or_else(|| about_a_key(rule, &steps, sentence))
                .unwrap_or_else(|| of_values(sentence, rule, (example, actual), &texts));
            (code, part.map_or_else(|| message.clone(), |name| format!("in the part `{name}`: {message}")))
        }
    };
    let mut finding = Finding::new(code, Place::Body, message).at(&mismatch.path);
    let is_about_type = code == Code::ContentTypeMismatch;
    finding.expected = example.filter(|_| !is_about_type).map(brief).or(texts.0);
    finding.actual = actual.filter(|_| !is_about_type).map(brief).or(texts.1);
    if let Why::Known(..) = mismatch.why {
        // Whoever found the difference may know the values better than a double does.
        finding.expected = shortened(mismatch.expected.as_deref()).or(finding.expected);
        finding.actual = shortened(mismatch.actual.as_deref()).or(finding.actual);
    }
    finding.rule = rule.map(ToString::to_string);
    let has_path = mismatch.path.starts_with('$');
    finding.path = if has_path { display_steps(&steps) } else { String::new() };
    Judged { finding, pointer: body_pointer(expected, &steps), closes: mismatch.closes }
}

fn another_type(mismatch: &Mismatch) -> String {
    let of = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    format!("expected the content type {}, got {}", of(&mismatch.expected), of(&mismatch.actual))
}

/// A difference in the status, a header or the metadata.
fn part_finding(expected: Expected<'_>, mismatch: &Mismatch) -> Judged {
    let category = match mismatch.place {
        Place::Status => Some((Category::Status, "status")),
        Place::Header => Some((Category::Header, "headers")),
        Place::Metadata => Some((Category::Metadata, "metadata")),
        _ => None,
    };
    let rule = category.and_then(|(category, _)| rule_on(expected.rules, category, &mismatch.path));
    let (code, message) = match &mismatch.why {
        Why::Known(code, message) => (*code, message.clone()),
        Why::Said(sentence) => part_sentence(mismatch, rule, sentence),
    };
    let mut finding = Finding::new(code, mismatch.place, message).at(&mismatch.path);
    finding.expected.clone_from(&mismatch.expected);
    finding.actual.clone_from(&mismatch.actual);
    finding.rule = rule.map(ToString::to_string);
    if code == Code::MissingHeader {
        finding.expected = finding.expected.map(|text| text.trim_matches('"').to_owned());
        finding.actual = None;
    }
    if code == Code::StatusMismatch && (300..400).contains(&number(finding.actual.as_deref())) {
        finding.help = Some("redirects are judged, not followed; --follow-redirects follows them".to_owned());
    }
    let part = category.map(|(_, part)| join_key(expected.pointer, part));
    let pointer = match part {
        None => expected.pointer.to_owned(),
        Some(part) if mismatch.path.is_empty() => part,
        Some(part) => join_key(&part, &mismatch.path),
    };
    Judged { finding, pointer, closes: mismatch.closes }
}

fn part_sentence(mismatch: &Mismatch, rule: Option<&Rule>, sentence: &str) -> (Code, String) {
    let expected = mismatch.expected.as_deref().unwrap_or_default();
    let actual = mismatch.actual.as_deref().unwrap_or_default();
    let is_missing = sentence.ends_with("but was missing");
    match mismatch.place {
        Place::Status => {
            let class = rule.map_or_else(|| format!("the status {expected}"), ToString::to_string);
            (Code::StatusMismatch, format!("expected {class}, got {actual}"))
        }
        Place::Header if is_missing && actual.is_empty() => {
            // The matcher quotes the value here, and only here.
            let expected = expected.trim_matches('"');
            (Code::MissingHeader, format!("the header is missing; expected \"{expected}\""))
        }
        Place::Header => match rule {
            Some(rule) if !actual.is_empty() => {
                (Code::HeaderMismatch, format!("\"{actual}\" does not satisfy {rule}"))
            }
            _ => (Code::HeaderMismatch, format!("expected \"{expected}\", got \"{actual}\"")),
        },
        Place::Metadata if is_missing => {
            (Code::MetadataMismatch, format!("the entry is missing; expected {expected}"))
        }
        Place::Metadata => (Code::MetadataMismatch, format!("expected {expected}, got {actual}")),
        _ => (Code::BodyMismatch, tidy(sentence)),
    }
}

/// The rule on a header or metadata entry, by its name in any case; or the one on the status.
fn rule_on<'a>(rules: &'a [Rule], category: Category, name: &str) -> Option<&'a Rule> {
    rules.iter().find(|rule| {
        let is_named = rule.path.first_field().is_none_or(|field| field.eq_ignore_ascii_case(name));
        rule.category == category && is_named
    })
}

/// Where the example of a body value stands; positions beyond the example lead to its first item.
fn body_pointer(expected: Expected<'_>, steps: &[Step]) -> String {
    let Some(content) = expected.body.content() else { return join_key(expected.pointer, "body") };
    let mut here = expected.example;
    let mut pointer = content.pointer.clone();
    for step in steps {
        let next = match (step, here) {
            (Step::Key(key), Some(Value::Object(map))) => {
                map.get(key).map(|child| (join_key(&pointer, key), child))
            }
            (Step::Index(index), Some(Value::Array(items))) => {
                let index = if *index < items.len() { *index } else { 0 };
                items.get(index).map(|child| (join_index(&pointer, index), child))
            }
            _ => None,
        };
        let Some((deeper, child)) = next else { break };
        (pointer, here) = (deeper, Some(child));
    }
    pointer
}

/// The beginning of a text; nothing of what is no text.
fn shortened(text: Option<&str>) -> Option<String> {
    const LONGEST: usize = 200;
    let is_odd = |c: char| c == '\u{fffd}' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    let text = text.filter(|text| !text.is_empty() && !text.contains(is_odd))?;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => Some(format!("{}…", &text[..cut])),
        None => Some(text.to_owned()),
    }
}

fn number(text: Option<&str>) -> u16 {
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}
