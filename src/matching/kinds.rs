//! Values that one matcher of the reference accepts although they are not what it asks for.

use std::collections::BTreeSet;

use serde_json::Value;

use super::exact::Written;
use super::mismatch::Pitfall;
use super::quirk::Quirk;
use super::values::{described, items_of, kind_of};
use crate::contract::Matcher;
use crate::finding::Code;

/// What is wrong with a value.
pub(super) struct Problem {
    /// The code.
    pub(super) code: Code,
    /// A sentence.
    pub(super) message: String,
    /// Why the reference does not see it.
    pub(super) pitfall: Pitfall,
    /// What was expected and what was received, where the values do not tell it.
    pub(super) texts: Option<(String, String)>,
}

impl Problem {
    /// A problem that the two values show.
    pub(super) fn new(code: Code, message: String, pitfall: Pitfall) -> Self {
        Self { code, message, pitfall, texts: None }
    }
}

const PATTERN: Pitfall = (11, "it matches a pattern against the text form of any value");
const BOOLEAN: Pitfall = (11, "it takes the texts \"true\" and \"false\" for booleans");
const LIST: Pitfall =
    (12, "it accepts an empty list for a list of examples, and checks nothing against an empty example");
const NUMBER: Pitfall = (37, "it takes two numbers for one when a double cannot tell them apart");

/// What is wrong with a value that a matcher of the reference lets pass. `cascaded` says that the
/// matcher stands further up.
pub(super) fn problem(
    matcher: &Matcher,
    cascaded: bool,
    (example, actual): (Written<'_>, Written<'_>),
    allowed: &BTreeSet<Quirk>,
) -> Option<Problem> {
    let (values, is_allowed) = ((example.value, actual.value), |quirk| allowed.contains(&quirk));
    match matcher {
        Matcher::Regex(_)
        | Matcher::Include(_)
        | Matcher::Date(_)
        | Matcher::Time(_)
        | Matcher::DateTime(_) => text_only(values).filter(|_| !is_allowed(Quirk::RegexOnNonText)),
        Matcher::Boolean => boolean_only(values).filter(|_| !is_allowed(Quirk::BooleanAsText)),
        Matcher::Equality | Matcher::Values => exact(example, actual, allowed)
            .or_else(|| nothing_else(matcher, cascaded, values).filter(|_| !is_allowed(Quirk::EmptyLists))),
        // Bounds hold for the list they are written for, not for the lists inside it.
        Matcher::Type { min, max } => {
            let bounds = if cascaded { (None, None) } else { (*min, *max) };
            length(bounds, values).filter(|_| !is_allowed(Quirk::EmptyLists))
        }
        Matcher::NotEmpty | Matcher::ArrayContains(_) => {
            against_nothing(matcher, cascaded, values).filter(|_| !is_allowed(Quirk::EmptyLists))
        }
        Matcher::Number
        | Matcher::Integer
        | Matcher::Decimal
        | Matcher::Null
        | Matcher::ContentType(_)
        | Matcher::StatusCode(_)
        | Matcher::Semver
        | Matcher::EachKey(_)
        | Matcher::EachValue(_)
        | Matcher::Plugin { .. } => None,
    }
}

/// What is wrong with a value that has to be equal to the example and is so to the reference.
pub(super) fn exact(example: Written<'_>, actual: Written<'_>, allowed: &BTreeSet<Quirk>) -> Option<Problem> {
    if !example.differs_when_written(actual) || allowed.contains(&Quirk::RoundedNumbers) {
        return None;
    }
    let shown = |one: Written<'_>| one.number().map_or_else(|| one.value.to_string(), str::to_owned);
    let (example, actual) = (shown(example), shown(actual));
    let problem = Problem::new(Code::WrongValue, format!("expected {example}, got {actual}"), NUMBER);
    Some(Problem { texts: Some((example, actual)), ..problem })
}

/// A value for which there is no example, and which a matcher refuses.
pub(super) fn refused(matcher: &Matcher, actual: &Value) -> Problem {
    Problem::new(Code::WrongValue, format!("{} does not satisfy {matcher}", described(actual)), LIST)
}

/// A pattern is for text; a value of another kind has it only where the example has it too.
fn text_only((example, actual): (&Value, &Value)) -> Option<Problem> {
    let is_other_kind = !actual.is_string() && kind_of(actual) != kind_of(example);
    let message = || format!("expected a string, got {}", described(actual));
    is_other_kind.then(|| Problem::new(Code::WrongType, message(), PATTERN))
}

fn boolean_only((example, actual): (&Value, &Value)) -> Option<Problem> {
    let is_text = actual.is_string() && !example.is_string();
    let message = || format!("expected true or false, got {}", described(actual));
    is_text.then(|| Problem::new(Code::WrongType, message(), BOOLEAN))
}

/// An empty list shows none of the fields that the consumer reads; and bounds hold whether the
/// example has items or not.
fn length((min, max): (Option<usize>, Option<usize>), values: (&Value, &Value)) -> Option<Problem> {
    let (Value::Array(examples), Value::Array(items)) = values else { return None };
    let wrong = |message: String| Some(Problem::new(Code::WrongLength, message, LIST));
    if examples.is_empty() {
        let found = items_of(items.len());
        if let Some(min) = min.filter(|min| items.len() < *min) {
            return wrong(format!("expected at least {}, got {found}", items_of(min)));
        }
        if let Some(max) = max.filter(|max| items.len() > *max) {
            return wrong(format!("expected at most {}, got {found}", items_of(max)));
        }
    } else if items.is_empty() && min.is_none() {
        return wrong("expected at least one item like the example, got an empty list".to_owned());
    }
    None
}

/// An empty list is equal to an empty list only.
fn nothing_else(matcher: &Matcher, cascaded: bool, values: (&Value, &Value)) -> Option<Problem> {
    let (Value::Array(examples), Value::Array(items)) = values else { return None };
    let is_exact = *matcher == Matcher::Equality && !cascaded;
    (is_exact && examples.is_empty() && !items.is_empty()).then(|| {
        let message = format!("expected an empty list, got {}", items_of(items.len()));
        Problem::new(Code::WrongLength, message, LIST)
    })
}

/// What the reference leaves out when the example is an empty list.
fn against_nothing(matcher: &Matcher, cascaded: bool, values: (&Value, &Value)) -> Option<Problem> {
    let (Value::Array(examples), Value::Array(items)) = values else { return None };
    if cascaded || !examples.is_empty() {
        return None;
    }
    let wrong = |code, message: &str| Some(Problem::new(code, message.to_owned(), LIST));
    match matcher {
        Matcher::NotEmpty if items.is_empty() => {
            wrong(Code::WrongLength, "expected a list that is not empty, got an empty list")
        }
        Matcher::ArrayContains(_) => {
            wrong(Code::MissingItem, "the example is empty, so it has none of the items to be contained")
        }
        _ => None,
    }
}
