//! Matching rules and generators, as the specification names them.

use serde_json::Value;

use super::path::{RulePath, Step};

/// The part of a request, answer or message that a rule or generator applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// The request method.
    Method,
    /// The request path.
    Path,
    /// The query parameters.
    Query,
    /// The headers.
    Header,
    /// The status of an answer.
    Status,
    /// The body, or the contents of a message.
    Body,
    /// The metadata of a message.
    Metadata,
}

/// How the matchers of one rule are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Combine {
    /// All must hold.
    #[default]
    And,
    /// One is enough.
    Or,
}

/// A matching rule: what holds at one path.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What part it applies to.
    pub category: Category,
    /// Where in that part.
    pub path: RulePath,
    /// What must hold there; never empty.
    pub matchers: Vec<Matcher>,
    /// How several matchers are combined.
    pub combine: Combine,
    /// JSON pointer to the rule in the pact file.
    pub pointer: String,
}

/// One matcher of the Pact specification, V1 to V4.
#[derive(Debug, Clone, PartialEq)]
pub enum Matcher {
    /// The value must be equal to the example.
    Equality,
    /// The whole text must match the pattern.
    Regex(String),
    /// The value must have the example's type; a list may have bounds.
    Type {
        /// Fewest items.
        min: Option<usize>,
        /// Most items.
        max: Option<usize>,
    },
    /// A date with a time, in a format (empty: ISO).
    DateTime(String),
    /// A time, in a format (empty: ISO).
    Time(String),
    /// A date, in a format (empty: ISO).
    Date(String),
    /// The text must contain this text.
    Include(String),
    /// Any number.
    Number,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Decimal,
    /// Null.
    Null,
    /// Bytes of this content type, told by their first bytes.
    ContentType(String),
    /// The list must contain an item for each variant, in any order.
    ArrayContains(Vec<Variant>),
    /// The values of an object are matched, its keys are not.
    Values,
    /// True or false.
    Boolean,
    /// A class of statuses.
    StatusCode(StatusClass),
    /// Present and not empty.
    NotEmpty,
    /// A semantic version.
    Semver,
    /// What each key of an object must satisfy.
    EachKey(Vec<Self>),
    /// What each value of an object or list must satisfy.
    EachValue(Vec<Self>),
    /// A matcher that only a plugin understands.
    Plugin {
        /// The name in the pact.
        name: String,
    },
}

/// One item that a list must contain.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The position in the example of the item this variant is about.
    pub index: usize,
    /// The rules that apply inside the item.
    pub rules: Vec<Rule>,
    /// The generators that apply inside the item.
    pub generators: Vec<PlacedGenerator>,
}

/// A class of HTTP statuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusClass {
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
    /// One of these.
    Codes(Vec<u16>),
}

/// A generator and where it applies.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedGenerator {
    /// What part it applies to.
    pub category: Category,
    /// Where in that part.
    pub path: RulePath,
    /// What it makes.
    pub generator: Generator,
    /// JSON pointer to the generator in the pact file.
    pub pointer: String,
}

/// One generator of the Pact specification, V3 and V4.
#[derive(Debug, Clone, PartialEq)]
pub enum Generator {
    /// A whole number within bounds, both included.
    RandomInt {
        /// Smallest.
        min: i32,
        /// Largest.
        max: i32,
    },
    /// A number with this many digits.
    RandomDecimal {
        /// How many.
        digits: u16,
    },
    /// This many hexadecimal digits.
    RandomHexadecimal {
        /// How many.
        digits: u16,
    },
    /// This many letters and digits.
    RandomString {
        /// How many.
        size: u16,
    },
    /// True or false.
    RandomBoolean,
    /// A text that matches a pattern.
    Regex(String),
    /// A UUID, in a named form.
    Uuid(Option<String>),
    /// A date.
    Date {
        /// The format, ISO when missing.
        format: Option<String>,
        /// The offset from now, such as `+ 1 day`.
        expression: Option<String>,
    },
    /// A time.
    Time {
        /// The format, ISO when missing.
        format: Option<String>,
        /// The offset from now.
        expression: Option<String>,
    },
    /// A date with a time.
    DateTime {
        /// The format, ISO when missing.
        format: Option<String>,
        /// The offset from now.
        expression: Option<String>,
    },
    /// A value that the provider state's handler returned.
    ProviderState {
        /// A name, or a text with `${name}` in it.
        expression: String,
        /// The type to convert it to, when named.
        data_type: Option<String>,
    },
    /// The mock server's own address; only a consumer test has one.
    MockServerUrl {
        /// The example address.
        example: String,
        /// The pattern that finds the part to keep.
        regex: String,
    },
    /// A generator that only a plugin understands.
    Plugin {
        /// The name in the pact.
        name: String,
    },
}

/// The rule that decides about the value at `steps`, and whether it does so only by cascading
/// from a value above it.
///
/// Follows the specification: the path with the highest weight wins, and the later of two equal
/// ones.
#[must_use]
pub fn best_rule<'a>(rules: &'a [Rule], category: Category, steps: &[Step]) -> Option<(&'a Rule, bool)> {
    rules
        .iter()
        .filter(|rule| rule.category == category)
        .filter_map(|rule| rule.path.weight(steps).map(|weight| (weight, rule)))
        .max_by_key(|(weight, _)| *weight)
        .map(|(_, rule)| (rule, !rule.path.reaches_exactly(steps)))
}

impl Category {
    /// Every category, in the order of the specification.
    pub const ALL: &'static [Self] =
        &[Self::Method, Self::Path, Self::Query, Self::Header, Self::Status, Self::Body, Self::Metadata];

    /// The word for it in a V3 or V4 pact.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Status => "status",
            Self::Body => "body",
            Self::Metadata => "metadata",
        }
    }
}

impl Matcher {
    /// The word for it in a pact.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Equality => "equality",
            Self::Regex(_) => "regex",
            Self::Type { .. } => "type",
            Self::DateTime(_) => "datetime",
            Self::Time(_) => "time",
            Self::Date(_) => "date",
            Self::Include(_) => "include",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Null => "null",
            Self::ContentType(_) => "contentType",
            Self::ArrayContains(_) => "arrayContains",
            Self::Values => "values",
            Self::Boolean => "boolean",
            Self::StatusCode(_) => "statusCode",
            Self::NotEmpty => "notEmpty",
            Self::Semver => "semver",
            Self::EachKey(_) => "eachKey",
            Self::EachValue(_) => "eachValue",
            Self::Plugin { name } => name,
        }
    }
}

impl Generator {
    /// The word for it in a pact.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::RandomInt { .. } => "RandomInt",
            Self::RandomDecimal { .. } => "RandomDecimal",
            Self::RandomHexadecimal { .. } => "RandomHexadecimal",
            Self::RandomString { .. } => "RandomString",
            Self::RandomBoolean => "RandomBoolean",
            Self::Regex(_) => "Regex",
            Self::Uuid(_) => "Uuid",
            Self::Date { .. } => "Date",
            Self::Time { .. } => "Time",
            Self::DateTime { .. } => "DateTime",
            Self::ProviderState { .. } => "ProviderState",
            Self::MockServerUrl { .. } => "MockServerURL",
            Self::Plugin { name } => name,
        }
    }
}

/// What a rule asks for, in words that fit behind a value: `type, at least 1`.
impl std::fmt::Display for Matcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Regex(pattern) => write!(f, "regex /{pattern}/"),
            Self::Type { min: Some(min), max: Some(max) } => write!(f, "type, {min} to {max} items"),
            Self::Type { min: Some(min), max: None } => write!(f, "type, at least {min}"),
            Self::Type { min: None, max: Some(max) } => write!(f, "type, at most {max}"),
            Self::DateTime(format) | Self::Date(format) | Self::Time(format) if !format.is_empty() => {
                write!(f, "{} {format}", self.word())
            }
            Self::Include(text) => write!(f, "include {}", Value::from(text.as_str())),
            Self::ContentType(name) => write!(f, "content type {name}"),
            Self::ArrayContains(variants) if variants.len() == 1 => {
                write!(f, "contains 1 item at any position")
            }
            Self::ArrayContains(variants) => write!(f, "contains {} items in any order", variants.len()),
            Self::StatusCode(class) => write!(f, "{class}"),
            Self::EachKey(matchers) => write!(f, "each key: {}", joined(matchers)),
            Self::EachValue(matchers) => write!(f, "each value: {}", joined(matchers)),
            _ => f.write_str(self.word()),
        }
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let between = match self.combine {
            Combine::And => " and ",
            Combine::Or => " or ",
        };
        let words: Vec<_> = self.matchers.iter().map(ToString::to_string).collect();
        f.write_str(&words.join(between))
    }
}

impl std::fmt::Display for StatusClass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Information => f.write_str("a status from 100 to 199"),
            Self::Success => f.write_str("a status from 200 to 299"),
            Self::Redirect => f.write_str("a status from 300 to 399"),
            Self::ClientError => f.write_str("a status from 400 to 499"),
            Self::ServerError => f.write_str("a status from 500 to 599"),
            Self::NonError => f.write_str("a status below 400"),
            Self::Error => f.write_str("a status of 400 or above"),
            Self::Codes(codes) => {
                let words: Vec<_> = codes.iter().map(ToString::to_string).collect();
                write!(f, "one of the statuses {}", words.join(", "))
            }
        }
    }
}

fn joined(matchers: &[Matcher]) -> String {
    matchers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}
