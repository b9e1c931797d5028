//! The single values that an expectation lets through, as a set.
//!
//! Sets are compared without listing them. Where that cannot be decided the answer is `None`, and
//! nobody may take that for a yes.

use serde_json::Value;

use super::language;
use crate::contract::{Combine, Matcher, admits, admits_text, all};

/// The texts, numbers and other single values that are let through at one place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Values {
    /// The example, which stands for the kind of value as well.
    pub(crate) example: Value,
    /// What must hold; with none, only the example itself is let through.
    pub(crate) matchers: Vec<Matcher>,
    /// How several matchers are combined.
    pub(crate) combine: Combine,
    /// True for the text of a header, a parameter or a path, where a number is a text as well.
    pub(crate) is_text: bool,
}

/// How two sets lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// They have the same values.
    Same,
    /// The second has fewer values than the first.
    Narrower,
    /// The second has more values than the first.
    Wider,
    /// Neither, or it could not be decided.
    Other,
}

impl Relation {
    /// The relation that follows from both inclusions, where `None` is "not known".
    pub(crate) fn of(second_in_first: Option<bool>, first_in_second: Option<bool>) -> Self {
        match (second_in_first, first_in_second) {
            (Some(true), Some(true)) => Self::Same,
            (Some(true), _) => Self::Narrower,
            (_, Some(true)) => Self::Wider,
            _ => Self::Other,
        }
    }
}

impl Values {
    /// Only this value.
    pub(crate) fn exactly(example: Value, is_text: bool) -> Self {
        Self { example, matchers: Vec::new(), combine: Combine::And, is_text }
    }

    /// How the values of `other` lie to these.
    pub(crate) fn relation(&self, other: &Self) -> Relation {
        Relation::of(other.is_within(self), self.is_within(other))
    }

    /// Whether a value is let through.
    pub(crate) fn has(&self, value: &Value) -> Option<bool> {
        if self.is_exact() {
            return Some(*value == self.example);
        }
        self.combine.of(self.matchers.iter().map(|matcher| self.matcher_has(matcher, value)))
    }

    /// Whether all these values are also in `other`.
    pub(crate) fn is_within(&self, other: &Self) -> Option<bool> {
        if let Some(values) = self.listed() {
            return all(values.iter().map(|value| other.has(value)));
        }
        if self.includes_all_of(other) {
            return Some(true);
        }
        let own_example = self.has(&self.example) == Some(true);
        let is_refuted = own_example && other.has(&self.example) == Some(false);
        // A set without end is in no list.
        (is_refuted || (other.listed().is_some() && self.is_endless())).then_some(false)
    }

    /// True when only the example is let through.
    pub(crate) fn is_exact(&self) -> bool {
        self.matchers.iter().all(|matcher| matches!(matcher, Matcher::Equality | Matcher::Values))
    }

    /// The values one by one, when they are few.
    pub(crate) fn listed(&self) -> Option<Vec<Value>> {
        if self.is_exact() {
            return Some(vec![self.example.clone()]);
        }
        let lists = self.matchers.iter().map(|matcher| self.list_of(matcher));
        match self.combine {
            Combine::Or => Some(lists.collect::<Option<Vec<_>>>()?.concat()),
            Combine::And => {
                let shortest = lists.flatten().min_by_key(Vec::len)?;
                let judged: Option<Vec<_>> =
                    shortest.into_iter().map(|value| Some((self.has(&value)?, value))).collect();
                Some(judged?.into_iter().filter(|(has, _)| *has).map(|(_, value)| value).collect())
            }
        }
    }

    /// What is let through, in words.
    pub(crate) fn words(&self) -> String {
        if self.is_exact() {
            return format!("exactly {}", self.example);
        }
        let words: Vec<_> = self.matchers.iter().map(|matcher| self.matcher_words(matcher)).collect();
        words.join(match self.combine {
            Combine::And => " and ",
            Combine::Or => " or ",
        })
    }

    /// True when each value is of the example's kind.
    fn keeps_kind(&self, matcher: &Matcher) -> bool {
        match matcher {
            Matcher::NotEmpty | Matcher::Null | Matcher::Plugin { .. } => false,
            _ if is_about_contents(matcher) => false,
            Matcher::Number | Matcher::Integer | Matcher::Decimal => self.example.is_number() || self.is_text,
            Matcher::Boolean => self.example.is_boolean() || self.is_text,
            _ => true,
        }
    }

    fn matcher_has(&self, matcher: &Matcher, value: &Value) -> Option<bool> {
        if self.keeps_kind(matcher) && kind(value) != kind(&self.example) {
            return Some(false);
        }
        match matcher {
            Matcher::Equality | Matcher::Values => Some(*value == self.example),
            _ if is_about_contents(matcher) => None,
            Matcher::Type { .. } => Some(kind(value) == kind(&self.example)),
            _ if self.is_text => admits_text(matcher, value.as_str()?),
            _ => admits(matcher, value),
        }
    }

    /// True when it is certain that each of these values, which may be endless, is in `other`.
    fn includes_all_of(&self, other: &Self) -> bool {
        let implies = |matcher: &Matcher, wanted: &Matcher| self.implies(matcher, wanted, other);
        let matcher_is_in = |matcher: &Matcher| match other.combine {
            Combine::And => other.matchers.iter().all(|wanted| implies(matcher, wanted)),
            Combine::Or => other.matchers.iter().any(|wanted| implies(matcher, wanted)),
        };
        if self.is_exact() || other.is_exact() {
            return false;
        }
        match (self.combine, other.combine) {
            (Combine::Or, _) => self.matchers.iter().all(matcher_is_in),
            (Combine::And, Combine::Or) => self.matchers.iter().any(matcher_is_in),
            (Combine::And, Combine::And) => other
                .matchers
                .iter()
                .all(|wanted| self.matchers.iter().any(|matcher| implies(matcher, wanted))),
        }
    }

    /// True when it is certain that a value that satisfies `matcher` here satisfies `wanted` in
    /// `other`.
    fn implies(&self, matcher: &Matcher, wanted: &Matcher, other: &Self) -> bool {
        if is_about_contents(matcher) || is_about_contents(wanted) {
            return matcher == wanted && self.example == other.example;
        }
        let own = self.kind_of(matcher);
        let same_kind = own.is_some() && own == Some(kind(&other.example));
        if other.keeps_kind(wanted) && !same_kind {
            return false;
        }
        match (matcher, wanted) {
            (_, Matcher::Type { .. }) => same_kind,
            (_, Matcher::Equality | Matcher::Values) => false,
            (Matcher::Include(longer), Matcher::Include(part)) => longer.contains(part),
            (Matcher::Integer | Matcher::Decimal, Matcher::Number) => true,
            (_, Matcher::NotEmpty) => self.is_never_empty(matcher),
            (_, Matcher::Number) if own == Some(Kind::Number) => true,
            _ => matcher == wanted,
        }
    }

    fn is_never_empty(&self, matcher: &Matcher) -> bool {
        match matcher {
            Matcher::NotEmpty
            | Matcher::Number
            | Matcher::Integer
            | Matcher::Decimal
            | Matcher::Boolean
            | Matcher::Semver
            | Matcher::Date(_)
            | Matcher::Time(_)
            | Matcher::DateTime(_) => true,
            Matcher::Include(part) => !part.is_empty(),
            Matcher::Type { .. } => matches!(kind(&self.example), Kind::Number | Kind::Boolean),
            Matcher::Regex(_) => admits_text(matcher, "") == Some(false),
            _ => false,
        }
    }

    /// The one kind that all values of a matcher have.
    pub(crate) fn kind_of(&self, matcher: &Matcher) -> Option<Kind> {
        match matcher {
            _ if self.is_text => Some(Kind::Text),
            Matcher::NotEmpty | Matcher::Plugin { .. } => None,
            _ if is_about_contents(matcher) => None,
            Matcher::Null => Some(Kind::Null),
            Matcher::Number | Matcher::Integer | Matcher::Decimal => Some(Kind::Number),
            _ => Some(kind(&self.example)),
        }
    }

    /// True when there is certainly no end to the values.
    fn is_endless(&self) -> bool {
        let [only] = self.matchers.as_slice() else { return false };
        match only {
            Matcher::Type { .. } => matches!(kind(&self.example), Kind::Text | Kind::Number),
            Matcher::Include(_)
            | Matcher::NotEmpty
            | Matcher::Semver
            | Matcher::Number
            | Matcher::Integer
            | Matcher::Decimal => true,
            _ => false,
        }
    }

    fn list_of(&self, matcher: &Matcher) -> Option<Vec<Value>> {
        match matcher {
            Matcher::Equality | Matcher::Values => Some(vec![self.example.clone()]),
            Matcher::Type { .. } | Matcher::Boolean if self.example.is_boolean() => {
                Some(vec![true.into(), false.into()])
            }
            Matcher::Boolean if self.is_text => Some(vec!["true".into(), "false".into()]),
            Matcher::Type { .. } if self.example.is_null() => Some(vec![Value::Null]),
            Matcher::Null => Some(vec![Value::Null]),
            Matcher::Regex(pattern) if self.example.is_string() => {
                Some(language::words(pattern)?.into_iter().map(Value::from).collect())
            }
            _ => None,
        }
    }

    fn matcher_words(&self, matcher: &Matcher) -> String {
        match matcher {
            Matcher::Type { .. } if self.example.is_null() => "null".to_owned(),
            Matcher::Type { .. } => format!("any {}", kind(&self.example).word()),
            Matcher::Number => "any number".to_owned(),
            Matcher::Integer => "any whole number".to_owned(),
            Matcher::Decimal => "any number with decimals".to_owned(),
            Matcher::Boolean => "true or false".to_owned(),
            Matcher::Equality | Matcher::Values => format!("exactly {}", self.example),
            Matcher::NotEmpty => "anything not empty".to_owned(),
            Matcher::Semver => "any semantic version".to_owned(),
            other => other.to_string(),
        }
    }
}

/// True for a rule about what is in an object or a list; what it means for a single value is nothing to
/// rely on.
const fn is_about_contents(matcher: &Matcher) -> bool {
    matches!(matcher, Matcher::EachKey(_) | Matcher::EachValue(_) | Matcher::ArrayContains(_))
}

/// What kinds of JSON values there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    Text,
    List,
    Object,
}

impl Kind {
    /// The word for it, as it stands behind `any`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Text => "text",
            Self::List => "list",
            Self::Object => "object",
        }
    }
}

/// The kind of a value.
pub(crate) fn kind(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::Text,
        Value::Array(_) => Kind::List,
        Value::Object(_) => Kind::Object,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(example: &Value, matchers: &[Matcher]) -> Values {
        Values {
            example: example.clone(),
            matchers: matchers.to_vec(),
            combine: Combine::And,
            is_text: false,
        }
    }

    fn by_type(example: &Value) -> Values {
        of(example, &[Matcher::Type { min: None, max: None }])
    }

    fn pattern(pattern: &str, example: &str) -> Values {
        of(&json!(example), &[Matcher::Regex(pattern.to_owned())])
    }

    #[test]
    fn sets_are_compared_without_listing_them() {
        let table = [
            (of(&json!("a"), &[]), by_type(&json!("b"))),
            (of(&json!("a"), &[]), by_type(&json!(1))),
            (of(&json!("a"), &[]), of(&json!("b"), &[])),
            (by_type(&json!(1)), of(&json!(1), &[Matcher::Integer])),
            (of(&json!(1), &[Matcher::Integer]), of(&json!(2), &[Matcher::Number])),
            (pattern("a|b", "a"), pattern("a|b|c", "a")),
            (pattern("a|b", "a"), pattern("[ab]", "b")),
            (pattern("\\d+", "1"), pattern("[0-9]+", "1")),
            (pattern("\\d+", "1"), by_type(&json!("x"))),
            (pattern("\\d+", "1"), of(&json!("x"), &[Matcher::NotEmpty])),
            (pattern("\\d*", "1"), of(&json!("x"), &[Matcher::NotEmpty])),
            (by_type(&json!(null)), by_type(&json!("x"))),
        ]
        .map(|(one, other)| format!("{} -> {}: {:?}", one.words(), other.words(), one.relation(&other)));
        insta::assert_snapshot!(table.join("\n"), @r#"
        exactly "a" -> any text: Wider
        exactly "a" -> any number: Other
        exactly "a" -> exactly "b": Other
        any number -> any whole number: Narrower
        any whole number -> any number: Wider
        regex /a|b/ -> regex /a|b|c/: Wider
        regex /a|b/ -> regex /[ab]/: Same
        regex /\d+/ -> regex /[0-9]+/: Other
        regex /\d+/ -> any text: Wider
        regex /\d+/ -> anything not empty: Wider
        regex /\d*/ -> anything not empty: Other
        null -> any text: Other
        "#);
    }

    #[test]
    fn a_relation_seen_from_the_other_side_is_its_mirror() {
        let sets = [
            of(&json!("a"), &[]),
            by_type(&json!("b")),
            pattern("a|b", "a"),
            pattern("\\d+", "1"),
            of(&json!("x"), &[Matcher::NotEmpty]),
            of(&json!("x"), &[Matcher::Include("ab".to_owned())]),
            of(&json!(1), &[Matcher::Integer]),
            of(&json!(1), &[Matcher::Number]),
        ];
        for one in &sets {
            assert_eq!(one.relation(one), Relation::Same, "{}", one.words());
            for other in &sets {
                let mirrored = match one.relation(other) {
                    Relation::Narrower => Relation::Wider,
                    Relation::Wider => Relation::Narrower,
                    same => same,
                };
                assert_eq!(other.relation(one), mirrored, "{} / {}", one.words(), other.words());
            }
        }
    }
}
