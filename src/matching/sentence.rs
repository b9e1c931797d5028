//! What the reference matcher says about a body, as a code and a sentence of ours.
//!
//! Its sentences are the only thing that tells what kind of difference it found; whatever is not
//! recognised keeps its words.

use serde_json::Value;

use super::values::{Values, brief, described, expectation, fields_of, items_of, kind_of, quoted};
use crate::contract::{Combine, Matcher, Rule, Step};
use crate::finding::Code;

/// The longest text that is quoted inside a sentence, in characters.
const LONGEST_INLINE: usize = 80;

/// The part of a multipart body that a sentence of the reference matcher is about, and the rest.
pub(crate) fn in_part(sentence: &str) -> (Option<&str>, &str) {
    let part = sentence.strip_prefix("MIME part '").and_then(|rest| rest.split_once("': "));
    part.map_or((None, sentence), |(name, rest)| (Some(name), rest))
}

/// What a sentence says about a body that is not what its content type claims.
pub(crate) fn unreadable(sentence: &str, values: Values<'_>, actual: Option<&str>) -> Option<(Code, String)> {
    let reason = sentence.strip_prefix("Failed to parse the actual body")?;
    let has_mark = values.example.is_some() && actual.is_some_and(|text| text.starts_with('\u{feff}'));
    let message = if has_mark {
        "the body starts with a byte order mark, which JSON does not allow"
    } else if reason.contains("number out of range") {
        "the body has a number that is out of range: beyond about 1.8e308 no two can be told apart"
    } else if reason.contains("MIME") {
        "the body is not valid multipart"
    } else if values.example.is_some() {
        "the body is not valid JSON"
    } else {
        "the body is not valid in the format of its content type"
    };
    Some((Code::BodyMismatch, message.to_owned()))
}

/// What a sentence says about a key of an object instead of its value.
pub(crate) fn about_a_key(rule: Option<&Rule>, steps: &[Step], sentence: &str) -> Option<(Code, String)> {
    let Some(Step::Key(key)) = steps.last() else { return None };
    let keys = rule?.matchers.iter().find(|matcher| matches!(matcher, Matcher::EachKey(_)))?;
    let is_key = sentence.starts_with(&format!("Expected '{key}' "));
    is_key.then(|| (Code::WrongPattern, format!("the key {} does not satisfy {keys}", quoted(key))))
}

/// What a sentence says about the value at its path, in our own words where the values are known.
pub(crate) fn of_values(
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

/// The reference's sentence as a fragment of ours.
pub(crate) fn tidy(sentence: &str) -> String {
    let mut chars = sentence.trim_end_matches('.').chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
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
            let (found, counted): (usize, fn(usize) -> String) = match actual {
                Value::Array(items) => (items.len(), items_of),
                Value::Object(map) => (map.len(), fields_of),
                _ => return None,
            };
            let bounds = rule.filter(|rule| !matches!(rule.matchers[..], [Matcher::Equality]));
            let wanted = match (bounds, example) {
                (Some(rule), _) => match rule.matchers[..] {
                    [Matcher::Type { min: Some(min), max: None }] => format!("at least {}", counted(min)),
                    [Matcher::Type { min: None, max: Some(max) }] => format!("at most {}", counted(max)),
                    [Matcher::Type { min: Some(min), max: Some(max) }] => {
                        format!("{min} to {}", counted(max))
                    }
                    _ => rule.to_string(),
                },
                (None, Some(Value::Array(items))) => format!("exactly {}", items_of(items.len())),
                _ => return None,
            };
            Some(format!("expected {wanted}, got {}", counted(found)))
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
        Code::MissingBody => Some("expected a body, got none".to_owned()),
        Code::UnexpectedBody => Some("expected no body, got one".to_owned()),
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
