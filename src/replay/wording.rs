//! Puts differences into words: a code, a path that names the field itself, the rule that decided,
//! both values and the place in the pact.
//!
//! Pure. What the reference matcher says is kept only where nothing better is known.

use std::cmp::Ordering;

use serde_json::Value;

use super::mismatch::{Mismatch, Pitfall, Why};
use super::values::{Values, brief, described, example_at, expectation, kind_of, steps_of, value_at};
use crate::contract::{Body, Category, Matcher, Rule, Step, best_rule, display_steps, join_index, join_key};
use crate::finding::{Code, Finding, Place};

/// What the contract expects of the part that is being judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    /// The body or contents.
    pub(super) body: &'a Body,
    /// The rules on it.
    pub(super) rules: &'a [Rule],
    /// JSON pointer to the response or contents.
    pub(super) pointer: &'a str,
}

/// A finding, and the JSON pointer to the expectation that is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judged {
    /// The finding, still without a position in a file.
    pub(super) finding: Finding,
    /// Where the expectation stands in its document.
    pub(super) pointer: String,
    /// The pitfall of the reference matcher that this finding closes: it does not see it.
    pub(super) closes: Option<Pitfall>,
}

/// Puts all differences into words, the most telling first, and marks those that follow from
/// another one.
pub(super) fn worded(expected: Expected<'_>, actual: &[u8], mismatches: &[Mismatch]) -> Vec<Judged> {
    let actual: Option<Value> = serde_json::from_slice(actual).ok();
    let example = expected.body.content().and_then(|content| content.json.as_ref());
    let values = Values { example, actual: actual.as_ref() };
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
        (Place::Body, _) => vec![body_finding(expected, values, mismatch)],
        _ => vec![part_finding(expected, mismatch)],
    }
}

/// The matcher reports missing keys at their parent and in one sentence; each is a finding.
fn missing_fields(expected: Expected<'_>, values: Values<'_>, at: &Mismatch, said: &[&str]) -> Vec<Judged> {
    let parent = steps_of(&at.path);
    let from_example = || {
        let wanted = example_at(values.example?, &parent)?.as_object()?;
        let found = value_at(values.actual?, &parent)?.as_object()?;
        Some(wanted.keys().filter(|key| !found.contains_key(*key)).cloned().collect::<Vec<_>>())
    };
    let keys = from_example().unwrap_or_else(|| said.iter().map(|key| (*key).to_owned()).collect());
    let field = |key: String| {
        let mut steps = parent.clone();
        steps.push(Step::Key(key));
        let example = values.example.and_then(|example| example_at(example, &steps));
        let mut finding =
            Finding::new(Code::MissingField, Place::Body, "the field is missing").at(display_steps(&steps));
        finding.expected = example.map(brief);
        Judged { finding, pointer: body_pointer(expected, &steps), closes: at.closes }
    };
    keys.into_iter().map(field).collect()
}

fn missing_keys(sentence: &str) -> Option<Vec<&str>> {
    let keys = sentence.strip_prefix("Actual map is missing the following keys: ")?;
    Some(keys.split(", ").collect())
}

fn body_finding(expected: Expected<'_>, values: Values<'_>, mismatch: &Mismatch) -> Judged {
    let steps = steps_of(&mismatch.path);
    let rule = best_rule(expected.rules, Category::Body, &steps).map(|(rule, _)| rule);
    let example = values.example.and_then(|example| example_at(example, &steps));
    let actual = values.actual.and_then(|actual| value_at(actual, &steps));
    let (code, mut message) = match &mismatch.why {
        Why::Known(code, message) => (*code, message.clone()),
        Why::Said(sentence) => {
            let code = code_of(sentence, example, actual);
            (code, sentence_for(code, rule, example, actual).unwrap_or_else(|| tidy(sentence)))
        }
    };
    if code == Code::BodyMismatch
        && values.actual.is_none()
        && message.starts_with("failed to parse the actual body")
    {
        "the body is not valid JSON".clone_into(&mut message);
    }
    let mut finding = Finding::new(code, Place::Body, message).at(&mismatch.path);
    finding.expected = example.map(brief).or_else(|| shortened(mismatch.expected.as_deref()));
    finding.actual = actual.map(brief).or_else(|| shortened(mismatch.actual.as_deref()));
    finding.rule = rule.map(ToString::to_string);
    let has_path = mismatch.path.starts_with('$');
    finding.path = if has_path { display_steps(&steps) } else { String::new() };
    Judged { finding, pointer: body_pointer(expected, &steps), closes: mismatch.closes }
}

/// A difference in the status, a header or the metadata.
fn part_finding(expected: Expected<'_>, mismatch: &Mismatch) -> Judged {
    let (code, message) = match &mismatch.why {
        Why::Known(code, message) => (*code, message.clone()),
        Why::Said(sentence) => part_sentence(mismatch, sentence),
    };
    let mut finding = Finding::new(code, mismatch.place, message).at(&mismatch.path);
    finding.expected.clone_from(&mismatch.expected);
    finding.actual.clone_from(&mismatch.actual);
    let category = match mismatch.place {
        Place::Status => Some((Category::Status, "status", Vec::new())),
        Place::Header => Some((Category::Header, "headers", vec![Step::Key(mismatch.path.clone())])),
        Place::Metadata => Some((Category::Metadata, "metadata", vec![Step::Key(mismatch.path.clone())])),
        _ => None,
    };
    let Some((category, part, steps)) = category else {
        return Judged { finding, pointer: expected.pointer.to_owned(), closes: mismatch.closes };
    };
    finding.rule = rule_on(expected.rules, category, &mismatch.path).map(ToString::to_string);
    let pointer = join_key(expected.pointer, part);
    let pointer = if steps.is_empty() { pointer } else { join_key(&pointer, &mismatch.path) };
    if finding.code == Code::StatusMismatch && (300..400).contains(&number(finding.actual.as_deref())) {
        finding.help = Some("redirects are judged, not followed; --follow-redirects follows them".to_owned());
    }
    Judged { finding, pointer, closes: mismatch.closes }
}

fn part_sentence(mismatch: &Mismatch, sentence: &str) -> (Code, String) {
    let expected = mismatch.expected.as_deref().unwrap_or_default();
    let actual = mismatch.actual.as_deref().unwrap_or_default();
    let is_missing = sentence.ends_with("but was missing");
    match mismatch.place {
        Place::Status if sentence.starts_with("expected ") => {
            (Code::StatusMismatch, format!("expected the status {expected}, got {actual}"))
        }
        Place::Status => (Code::StatusMismatch, tidy(sentence)),
        Place::Header if is_missing && actual.is_empty() => {
            (Code::MissingHeader, format!("the header is missing; expected \"{expected}\""))
        }
        Place::Header => (Code::HeaderMismatch, format!("expected \"{expected}\", got \"{actual}\"")),
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

/// What kind of difference a sentence of the reference matcher is about.
fn code_of(sentence: &str, example: Option<&Value>, actual: Option<&Value>) -> Code {
    let says = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    if sentence.starts_with("Expected body") {
        Code::MissingBody
    } else if says(&["Expected empty body", "Expected an empty body"]) {
        Code::UnexpectedBody
    } else if says(&["Variant at index", "ArrayContains"]) {
        Code::MissingItem
    } else if says(&["pattern of", "semantic version"]) {
        Code::WrongFormat
    } else if says(&["minimum size", "maximum size", "item(s)", "elements but", "empty List", "children"]) {
        Code::WrongLength
    } else if says(&["be missing", "was missing"]) {
        if actual.is_some_and(Value::is_array) { Code::WrongLength } else { Code::MissingField }
    } else if says(&["same type", "integer", "decimal", "a number", "a boolean", "null value"]) {
        Code::WrongType
    } else if says(&["to match", "to include"]) {
        Code::WrongPattern
    } else if says(&["equal to", "not be empty", "non-empty"]) {
        let other_kind =
            example.zip(actual).is_some_and(|(example, actual)| kind_of(example) != kind_of(actual));
        if other_kind { Code::WrongType } else { Code::WrongValue }
    } else {
        Code::BodyMismatch
    }
}

/// Our own sentence for a difference between two JSON values.
fn sentence_for(
    code: Code,
    rule: Option<&Rule>,
    example: Option<&Value>,
    actual: Option<&Value>,
) -> Option<String> {
    let actual = actual?;
    let is = |matcher: fn(&Matcher) -> bool| rule.is_some_and(|rule| rule.matchers.iter().any(matcher));
    match code {
        Code::WrongType | Code::WrongValue if is(|matcher| *matcher == Matcher::NotEmpty) => {
            Some(format!("expected something that is not empty, got {}", described(actual)))
        }
        Code::WrongType => {
            Some(format!("expected {}, got {}", expectation(rule, example), described(actual)))
        }
        Code::WrongValue => Some(format!("expected {}, got {}", brief(example?), brief(actual))),
        Code::WrongPattern | Code::WrongFormat => {
            Some(format!("{} does not satisfy {}", described(actual), rule?))
        }
        Code::WrongLength => {
            let found = actual.as_array()?.len();
            let bounds = rule.filter(|rule| !matches!(rule.matchers[..], [Matcher::Equality]));
            let wanted = match (bounds, example) {
                (Some(rule), _) => rule.to_string(),
                (None, Some(Value::Array(items))) => format!("exactly {}", items_of(items.len())),
                _ => return None,
            };
            Some(format!("expected {wanted}, got {}", items_of(found)))
        }
        _ => None,
    }
}

fn items_of(count: usize) -> String {
    if count == 1 { "1 item".to_owned() } else { format!("{count} items") }
}

/// Where the example of a body value stands; positions beyond the example lead to its first item.
fn body_pointer(expected: Expected<'_>, steps: &[Step]) -> String {
    let Some(content) = expected.body.content() else { return join_key(expected.pointer, "body") };
    let mut here = content.json.as_ref();
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

/// The reference's sentence as a fragment of ours.
fn tidy(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut chars = sentence.chars();
    match chars.next() {
        // An abbreviation such as MIME stays what it is.
        Some(first) if !chars.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => sentence.to_owned(),
    }
}

fn shortened(text: Option<&str>) -> Option<String> {
    const LONGEST: usize = 200;
    let text = text.filter(|text| !text.is_empty())?;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => Some(format!("{}…", &text[..cut])),
        None => Some(text.to_owned()),
    }
}

fn number(text: Option<&str>) -> u16 {
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}
