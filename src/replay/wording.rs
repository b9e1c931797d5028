//! Puts differences into words: a code, a path that names the field itself, the rule that decided,
//! both values and the place in the pact.
//!
//! Pure. What the reference matcher says is kept only where nothing better is known.

use std::cmp::Ordering;

use serde_json::Value;

use super::mismatch::{Mismatch, Pitfall, Why};
use super::values::{
    Values, brief, described, example_for, expectation, items_of, kind_of, quoted, steps_of, value_at,
};
use crate::contract::{
    Body, Category, Combine, Matcher, Rule, Step, best_rule, display_steps, join_index, join_key,
};
use crate::finding::{Code, Finding, Place};

/// The longest text that is quoted inside a sentence, in characters.
const LONGEST_INLINE: usize = 80;

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
            let (code, message) = unreadable(sentence, values)
                .or_else(|| about_a_key(rule, &steps, sentence))
                .unwrap_or_else(|| of_values(sentence, rule, (example, actual), &texts));
            (code, part.map_or_else(|| message.clone(), |name| format!("in the part `{name}`: {message}")))
        }
    };
    let mut finding = Finding::new(code, Place::Body, message).at(&mismatch.path);
    let is_about_type = code == Code::ContentTypeMismatch;
    finding.expected = example.filter(|_| !is_about_type).map(brief).or(texts.0);
    finding.actual = actual.filter(|_| !is_about_type).map(brief).or(texts.1);
    finding.rule = rule.map(ToString::to_string);
    let has_path = mismatch.path.starts_with('$');
    finding.path = if has_path { display_steps(&steps) } else { String::new() };
    Judged { finding, pointer: body_pointer(expected, &steps), closes: mismatch.closes }
}

fn another_type(mismatch: &Mismatch) -> String {
    let of = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    format!("expected the content type {}, got {}", of(&mismatch.expected), of(&mismatch.actual))
}

/// The part of a multipart body that a sentence of the reference matcher is about, and the rest.
fn in_part(sentence: &str) -> (Option<&str>, &str) {
    let part = sentence.strip_prefix("MIME part '").and_then(|rest| rest.split_once("': "));
    part.map_or((None, sentence), |(name, rest)| (Some(name), rest))
}

/// What a sentence says about a body that is not what its content type claims.
fn unreadable(sentence: &str, values: Values<'_>) -> Option<(Code, String)> {
    let reason = sentence.strip_prefix("Failed to parse the actual body")?;
    let message = if reason.contains("MIME") {
        "the body is not valid multipart"
    } else if values.example.is_some() {
        "the body is not valid JSON"
    } else {
        "the body is not valid in the format of its content type"
    };
    Some((Code::BodyMismatch, message.to_owned()))
}

/// What a sentence says about a key of an object instead of its value.
fn about_a_key(rule: Option<&Rule>, steps: &[Step], sentence: &str) -> Option<(Code, String)> {
    let Some(Step::Key(key)) = steps.last() else { return None };
    let keys = rule?.matchers.iter().find(|matcher| matches!(matcher, Matcher::EachKey(_)))?;
    let is_key = sentence.starts_with(&format!("Expected '{key}' "));
    is_key.then(|| (Code::WrongPattern, format!("the key {} does not satisfy {keys}", quoted(key))))
}

/// What a sentence says about the value at its path, in our own words where the values are known.
fn of_values(
    sentence: &str,
    rule: Option<&Rule>,
    (example, actual): (Option<&Value>, Option<&Value>),
    texts: &(Option<String>, Option<String>),
) -> (Code, String) {
    let code = code_of(sentence, example, actual);
    // With alternatives, no single one of them tells what kind of difference it is.
    let alternatives = rule.filter(|rule| rule.combine == Combine::Or && rule.matchers.len() > 1);
    if let (Some(rule), Some(actual)) = (alternatives, actual) {
        return (Code::WrongValue, format!("{} does not satisfy {rule}", described(actual)));
    }
    let message = match actual {
        Some(_) => sentence_for(code, rule, example, actual),
        None => sentence_for_texts(code, rule, texts),
    };
    (code, message.unwrap_or_else(|| tidy(sentence)))
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

/// What kind of difference a sentence of the reference matcher is about.
fn code_of(sentence: &str, example: Option<&Value>, actual: Option<&Value>) -> Code {
    let says = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    let starts = |words: &[&str]| words.iter().any(|word| sentence.starts_with(word));
    if starts(&["Expected body"]) && sentence.ends_with("but was missing")
        || sentence.ends_with("but was empty")
    {
        Code::MissingBody
    } else if starts(&["Expected empty body", "Expected an empty body"]) {
        Code::UnexpectedBody
    } else if starts(&["Unexpected ", "Did not expect", "Expected no children"]) {
        Code::UnexpectedField
    } else if says(&["using equality", "with value"]) && !says(&["was missing"]) {
        Code::WrongValue
    } else if says(&["Variant at index", "ArrayContains"]) {
        Code::MissingItem
    } else if says(&["pattern of", "semantic version"]) {
        Code::WrongFormat
    } else if says(&[
        "minimum size",
        "maximum size",
        "item(s)",
        "value(s)",
        "elements but",
        "empty List",
        "children",
    ]) {
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

/// Our own sentence for a difference between two texts: in a form, in XML, in a plain text.
fn sentence_for_texts(
    code: Code,
    rule: Option<&Rule>,
    (expected, actual): &(Option<String>, Option<String>),
) -> Option<String> {
    let is_short = |text: &&String| !text.contains('\n') && text.chars().count() <= LONGEST_INLINE;
    let both = || Some((expected.as_ref()?, actual.as_ref()?));
    let short = || both().filter(|(expected, actual)| is_short(expected) && is_short(actual));
    match code {
        Code::WrongValue => match short() {
            Some((expected, actual)) => {
                Some(format!("expected {}, got {}", quoted(expected), quoted(actual)))
            }
            None => both().map(|_| "the text is another one".to_owned()),
        },
        Code::WrongPattern | Code::WrongFormat | Code::WrongType => match short() {
            Some((_, actual)) => Some(format!("{} does not satisfy {}", quoted(actual), rule?)),
            None => both().and(rule).map(|rule| format!("the text does not satisfy {rule}")),
        },
        _ => None,
    }
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
    let mut chars = sentence.trim_end_matches('.').chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
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
