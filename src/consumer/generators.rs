//! Values that are made anew each time, one plain function for each generator of the specification.
//!
//! In a request, a generator runs when the provider replays the contract; in an answer, it runs in
//! the mock of the consumer's own test.

use serde_json::{Value, json};

/// Makes a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Generator(Value);

/// What a value from a provider state is converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataType {
    /// A text.
    String,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Decimal,
    /// Whatever it is.
    Raw,
}

/// The form of a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UuidForm {
    /// Digits only.
    Simple,
    /// Lower case with hyphens.
    LowerCase,
    /// Upper case with hyphens.
    UpperCase,
    /// With `urn:uuid:` in front.
    Urn,
}

/// A whole number from `min` to `max`, both included.
#[must_use]
pub fn random_int(min: i32, max: i32) -> Generator {
    Generator(json!({"type": "RandomInt", "min": min, "max": max}))
}

/// A number with this many digits.
#[must_use]
pub fn random_decimal(digits: u16) -> Generator {
    Generator(json!({"type": "RandomDecimal", "digits": digits}))
}

/// This many hexadecimal digits.
#[must_use]
pub fn random_hexadecimal(digits: u16) -> Generator {
    Generator(json!({"type": "RandomHexadecimal", "digits": digits}))
}

/// This many letters and digits.
#[must_use]
pub fn random_string(size: u16) -> Generator {
    Generator(json!({"type": "RandomString", "size": size}))
}

/// True or false.
#[must_use]
pub fn random_boolean() -> Generator {
    Generator(json!({"type": "RandomBoolean"}))
}

/// A text that matches a pattern.
#[must_use]
pub fn random_match(pattern: &str) -> Generator {
    Generator(json!({"type": "Regex", "regex": pattern}))
}

/// A UUID.
#[must_use]
pub fn uuid(form: UuidForm) -> Generator {
    Generator(json!({"type": "Uuid", "format": form.word()}))
}

/// A date in a format, today or with an offset such as `+ 1 day`.
#[must_use]
pub fn date(format: &str, offset: Option<&str>) -> Generator {
    moment("Date", format, offset)
}

/// A time in a format, now or with an offset such as `+ 1 hour`.
#[must_use]
pub fn time(format: &str, offset: Option<&str>) -> Generator {
    moment("Time", format, offset)
}

/// A date with a time in a format, now or with an offset such as `+ 1 day @ + 1 hour`.
#[must_use]
pub fn datetime(format: &str, offset: Option<&str>) -> Generator {
    moment("DateTime", format, offset)
}

/// A value that the handler of a provider state returns: a name, or a text with `${name}` in it.
///
/// ```
/// # use pactwright::consumer::generators::{DataType, provider_state};
/// let id = provider_state("${id}", DataType::Integer);
/// ```
#[must_use]
pub fn provider_state(expression: &str, data_type: DataType) -> Generator {
    Generator(json!({"type": "ProviderState", "expression": expression, "dataType": data_type.word()}))
}

/// The example with the address of the mock in place of the part that the pattern finds.
#[must_use]
pub fn mock_server_url(example: &str, pattern: &str) -> Generator {
    Generator(json!({"type": "MockServerURL", "example": example, "regex": pattern}))
}

fn moment(kind: &str, format: &str, offset: Option<&str>) -> Generator {
    let mut generator = json!({"type": kind, "format": format});
    if let Some(offset) = offset {
        generator["expression"] = offset.into();
    }
    Generator(generator)
}

impl Generator {
    /// The generator as a pact has it.
    pub(super) fn to_json(&self) -> &Value {
        &self.0
    }
}

impl DataType {
    fn word(self) -> &'static str {
        match self {
            Self::String => "STRING",
            Self::Integer => "INTEGER",
            Self::Decimal => "DECIMAL",
            Self::Raw => "RAW",
        }
    }
}

impl UuidForm {
    fn word(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::LowerCase => "lower-case-hyphenated",
            Self::UpperCase => "upper-case-hyphenated",
            Self::Urn => "URN",
        }
    }
}
