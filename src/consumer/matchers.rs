//! What must hold for a value, one plain function for each matcher of the specification.
//!
//! A matcher is given to [`rule`](crate::consumer::Http::rule) with a path, or to
//! [`matching`](crate::consumer::matching) with an example. What a matcher needs (a pattern that
//! compiles, a format that exists) is checked when the contract is read, with everything else.

use serde_json::{Map, Value, json};

/// What must hold for a value.
///
/// ```
/// use pactwright::consumer::matchers::{include, not_empty};
///
/// let question = not_empty().and(include("?"));
/// assert_eq!(question.to_string(), "notEmpty and include");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Matcher {
    all: Vec<Value>,
    combine: Option<&'static str>,
}

/// A class of HTTP statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 100 to 199.
    Information,
    /// 200 to 299.
    Success,
    /// 300 to 399.
    Redirect,
    /// 400 to 499.
    ClientError,
    /// 500 to 599.
    ServerError,
    /// Below 400.
    NonError,
    /// 400 and above.
    Error,
}

/// Equal to the example.
#[must_use]
pub fn equality() -> Matcher {
    Matcher::named("equality")
}

/// A text that matches the whole pattern.
///
/// ```
/// # use pactwright::consumer::matchers::regex;
/// let location = regex(r"^/faqs/\d+$");
/// ```
#[must_use]
pub fn regex(pattern: &str) -> Matcher {
    Matcher::with("regex", "regex", pattern)
}

/// Of the same type as the example, and so is everything below it.
#[must_use]
pub fn like() -> Matcher {
    Matcher::named("type")
}

/// A list of at least `min` items like those of the example.
#[must_use]
pub fn at_least(min: usize) -> Matcher {
    Matcher::with("type", "min", min)
}

/// A list of at most `max` items like those of the example.
#[must_use]
pub fn at_most(max: usize) -> Matcher {
    Matcher::with("type", "max", max)
}

/// A list of `min` to `max` items like those of the example.
#[must_use]
pub fn between(min: usize, max: usize) -> Matcher {
    Matcher::of(json!({"match": "type", "min": min, "max": max}))
}

/// A text that contains this one.
#[must_use]
pub fn include(text: &str) -> Matcher {
    Matcher::with("include", "value", text)
}

/// Any number.
#[must_use]
pub fn number() -> Matcher {
    Matcher::named("number")
}

/// A whole number.
#[must_use]
pub fn integer() -> Matcher {
    Matcher::named("integer")
}

/// A number with a decimal point.
#[must_use]
pub fn decimal() -> Matcher {
    Matcher::named("decimal")
}

/// True or false.
#[must_use]
pub fn boolean() -> Matcher {
    Matcher::named("boolean")
}

/// Null.
#[must_use]
pub fn null() -> Matcher {
    Matcher::named("null")
}

/// A date in a format such as `yyyy-MM-dd`.
#[must_use]
pub fn date(format: &str) -> Matcher {
    Matcher::with("date", "format", format)
}

/// A time of day in a format such as `HH:mm:ss`.
#[must_use]
pub fn time(format: &str) -> Matcher {
    Matcher::with("time", "format", format)
}

/// A date with a time in a format such as `yyyy-MM-dd'T'HH:mm:ssX`.
#[must_use]
pub fn datetime(format: &str) -> Matcher {
    Matcher::with("datetime", "format", format)
}

/// Present, and not empty.
#[must_use]
pub fn not_empty() -> Matcher {
    Matcher::named("notEmpty")
}

/// A semantic version such as `1.2.3`.
#[must_use]
pub fn semver() -> Matcher {
    Matcher::named("semver")
}

/// Bytes of this content type, told by their first bytes.
#[must_use]
pub fn content_type(name: &str) -> Matcher {
    Matcher::with("contentType", "value", name)
}

/// A status of this class.
#[must_use]
pub fn status(class: Status) -> Matcher {
    Matcher::with("statusCode", "status", class.word())
}

/// One of these statuses.
#[must_use]
pub fn one_of_statuses(statuses: &[u16]) -> Matcher {
    Matcher::with("statusCode", "status", statuses)
}

/// An object whose values are like those of the example, under any keys.
#[must_use]
pub fn values() -> Matcher {
    Matcher::named("values")
}

/// An object each of whose keys satisfies a matcher.
#[must_use]
pub fn each_key(key: Matcher) -> Matcher {
    Matcher::with("eachKey", "rules", key.all)
}

/// An object or list each of whose values satisfies a matcher.
#[must_use]
pub fn each_value(value: Matcher) -> Matcher {
    Matcher::with("eachValue", "rules", value.all)
}

/// A list that contains an item for each variant, in any order; other items may be there as well.
///
/// A variant names an item of the example by its position, and the rules that apply inside it.
///
/// ```
/// use pactwright::consumer::matchers::{array_contains, equality, integer};
///
/// let links = array_contains([
///     (0, vec![("$.rel", equality())]),
///     (1, vec![("$.rel", equality()), ("$.size", integer())]),
/// ]);
/// ```
#[must_use]
pub fn array_contains<'a>(variants: impl IntoIterator<Item = (usize, Vec<(&'a str, Matcher)>)>) -> Matcher {
    let variant = |(index, rules): (usize, Vec<(&str, Matcher)>)| {
        let rules: Map<String, Value> =
            rules.iter().map(|(path, rule)| ((*path).to_owned(), rule.to_json())).collect();
        json!({"index": index, "rules": rules})
    };
    let variants: Vec<_> = variants.into_iter().map(variant).collect();
    Matcher::of(json!({"match": "arrayContains", "variants": variants}))
}

impl Matcher {
    /// Both must hold.
    ///
    /// ```
    /// use pactwright::consumer::matchers::{at_least, at_most};
    ///
    /// let few = at_least(1).and(at_most(9));
    /// ```
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.joined("AND", other)
    }

    /// One of them is enough.
    ///
    /// ```
    /// use pactwright::consumer::matchers::{integer, null};
    ///
    /// let maybe = integer().or(null());
    /// ```
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.joined("OR", other)
    }

    /// The rule as a pact of version 3 or 4 has it.
    fn to_json(&self) -> Value {
        json!({"combine": self.combine(), "matchers": self.all})
    }

    /// How several matchers are combined.
    pub(super) fn combine(&self) -> &'static str {
        self.combine.unwrap_or("AND")
    }

    /// The matchers as a pact has them.
    pub(super) fn matchers(&self) -> &[Value] {
        &self.all
    }

    /// True when the matcher is about a list and its items have rules of their own.
    pub(super) fn leaves_the_items_alone(&self) -> bool {
        self.all
            .iter()
            .all(|matcher| matcher["match"] == "type" && matcher.as_object().is_some_and(|map| map.len() > 1))
    }

    /// The matcher that a rule of a pact is.
    pub(super) fn of_rule(rule: &Value) -> Self {
        let all = rule["matchers"].as_array().cloned().unwrap_or_default();
        let combine = if rule["combine"] == "OR" { "OR" } else { "AND" };
        Self { all, combine: Some(combine) }
    }

    fn named(word: &str) -> Self {
        Self::of(json!({"match": word}))
    }

    fn with(word: &str, key: &str, value: impl serde::Serialize) -> Self {
        Self::of(json!({"match": word, key: value}))
    }

    fn of(matcher: Value) -> Self {
        Self { all: vec![matcher], combine: None }
    }

    /// A rule is an all or an any; one that is both is written so that no reader takes it.
    fn joined(mut self, combine: &'static str, other: Self) -> Self {
        let differs = |side: &Self| side.combine.is_some_and(|known| known != combine);
        let mixed = differs(&self) || differs(&other);
        self.all.extend(other.all);
        self.combine = Some(if mixed { "both AND and OR" } else { combine });
        self
    }
}

impl std::fmt::Display for Matcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let between = if self.combine == Some("OR") { " or " } else { " and " };
        let words: Vec<_> = self.all.iter().filter_map(|matcher| matcher["match"].as_str()).collect();
        f.write_str(&words.join(between))
    }
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Information => "info",
            Self::Success => "success",
            Self::Redirect => "redirect",
            Self::ClientError => "clientError",
            Self::ServerError => "serverError",
            Self::NonError => "nonError",
            Self::Error => "error",
        }
    }
}
