//! Single values against a schema.
//!
//! A validator judges values one by one; sets without end are judged by what follows from their rules,
//! and by samples, which can show that something is not allowed and never that all is.

use jsonschema::Validator;
use serde_json::{Value, json};

use super::fit::Side;
use super::schema::Conjunction;
use super::texts;
use crate::compat::{Kind, Values, kind};
use crate::contract::{Combine, Matcher};

/// What is known about a set of values and a schema.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    Yes,
    /// No, and why.
    No(String),
    /// Some of the values are refused, and why.
    Partly(String),
    /// It could not be decided, and what stood in the way.
    Unknown(String),
}

/// Formats that say how a value is stored and not which values there are.
const STORAGE: [&str; 7] = ["int32", "int64", "float", "double", "password", "byte", "binary"];

/// Whether values fit: all of them when they are sent, some of them when they are received.
pub(super) fn fit(values: &Values, schema: &Conjunction<'_>, side: Side) -> Answer {
    let Some(judge) = Judge::of(values, schema) else {
        return Answer::Unknown("the schema has a pattern that cannot be used".to_owned());
    };
    match side {
        Side::Sent => judge.all(),
        Side::Received => judge.some(),
    }
}

struct Judge<'a> {
    values: &'a Values,
    schema: &'a Conjunction<'a>,
    validator: Validator,
}

impl<'a> Judge<'a> {
    fn of(values: &'a Values, schema: &'a Conjunction<'a>) -> Option<Self> {
        let options = jsonschema::options();
        let options = options.with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
        let validator = options.build(&schema.of_single_values()).ok()?;
        Some(Self { values, schema, validator })
    }

    /// Every value must be allowed.
    fn all(&self) -> Answer {
        if let Some(mut values) = self.values.listed() {
            if !values.contains(&self.values.example) {
                values.push(self.values.example.clone());
            }
            let refused: Vec<_> = values.iter().filter(|value| !self.allows(value)).collect();
            let Some(first) = refused.first() else { return Answer::Yes };
            let reason = match self.values.has(first) {
                Some(false) => lets(self.values, first, &self.reason(first)),
                _ => self.reason(first),
            };
            return if refused.len() == values.len() { Answer::No(reason) } else { Answer::Partly(reason) };
        }
        if let Some(sample) = sent(self.values).iter().find(|sample| !self.allows(sample)) {
            let message = lets(self.values, sample, &self.reason(sample));
            // A rule that only names the type does not say which values the consumer sends.
            let is_vague = is_vague(self.values) && self.allows(&self.values.example);
            let is_all = !is_vague && self.is_of_another_type();
            return match (is_vague, is_all) {
                (true, _) => Answer::Unknown(message),
                (_, true) => Answer::No(message),
                _ => Answer::Partly(message),
            };
        }
        match self.schema.constraints().find(|(keyword, wanted)| !self.implies(keyword, wanted)) {
            None => Answer::Yes,
            Some((keyword, wanted)) => {
                let words = self.values.words();
                Answer::Unknown(format!(
                    "whether the rule ({words}) stays within {keyword} {}",
                    shown(wanted)
                ))
            }
        }
    }

    /// One value must be allowed.
    fn some(&self) -> Answer {
        let values = self.values;
        if let Some(listed) = values.listed() {
            if listed.iter().any(|value| self.allows(value)) {
                return Answer::Yes;
            }
            return Answer::No(
                listed.first().map_or_else(|| "no value is left".to_owned(), |value| self.reason(value)),
            );
        }
        let known = || std::iter::once(values.example.clone()).chain(self.samples()).chain(self.enumerated());
        if known().any(|value| values.has(&value) == Some(true) && self.allows(&value)) {
            return Answer::Yes;
        }
        let enumerated = self.enumerated();
        let none = !enumerated.is_empty() && enumerated.iter().all(|value| values.has(value) == Some(false));
        if none || self.is_of_another_type() {
            return Answer::No(format!(
                "the contract expects {}: {}",
                values.words(),
                self.reason(&values.example)
            ));
        }
        Answer::Unknown(format!("it cannot be decided whether the specification ever has {}", values.words()))
    }

    fn allows(&self, value: &Value) -> bool {
        self.validator.is_valid(&self.typed(value))
    }

    fn reason(&self, value: &Value) -> String {
        let typed = self.typed(value);
        let error = self.validator.validate(&typed).err();
        let error = error.map(|error| {
            if is_long(&typed) { error.masked_with("the text").to_string() } else { error.to_string() }
        });
        error.unwrap_or_default()
    }

    /// A text in a place that has only texts stands for a number where a number is asked for.
    fn typed(&self, value: &Value) -> Value {
        let Some(text) = value.as_str().filter(|_| self.values.is_text) else { return value.clone() };
        let is_other = |name: &str| self.schema.types().is_some_and(|types| types.contains(&name));
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // Zeros in front, as in 0007, are none in JSON.
        let whole = || text.parse::<i64>().ok().filter(|_| is_whole).map(Value::from);
        let parsed = whole().or_else(|| serde_json::from_str(text).ok());
        let fits = |parsed: &Value| match parsed {
            Value::Number(_) => (is_whole && is_other("integer")) || is_other("number"),
            Value::Bool(_) => is_other("boolean"),
            _ => false,
        };
        parsed.filter(fits).unwrap_or_else(|| value.clone())
    }

    fn enumerated(&self) -> Vec<Value> {
        let mut values = Vec::new();
        for (keyword, value) in self.schema.constraints() {
            match (keyword, value) {
                ("enum", Value::Array(all)) => values.extend(all.iter().cloned()),
                ("const", value) => values.push(value.clone()),
                _ => {}
            }
        }
        values
    }

    fn samples(&self) -> Vec<Value> {
        samples(self.values)
    }

    /// True when it is certain that each value satisfies a keyword.
    fn implies(&self, keyword: &str, wanted: &Value) -> bool {
        let by = |matcher: &Matcher| Some(self.matcher_implies(matcher, keyword, wanted));
        // Where all matchers hold, one that implies it is enough; where one holds, each must.
        let needed = match self.values.combine {
            Combine::And => Combine::Or,
            Combine::Or => Combine::And,
        };
        needed.of(self.values.matchers.iter().map(by)) == Some(true)
    }

    fn matcher_implies(&self, matcher: &Matcher, keyword: &str, wanted: &Value) -> bool {
        let pattern = match matcher {
            Matcher::Regex(pattern) => Some(pattern.as_str()),
            _ => None,
        };
        let number = || wanted.as_u64().and_then(|number| usize::try_from(number).ok());
        match keyword {
            "type" => self.is_of_type(matcher, wanted),
            "pattern" => pattern.is_some_and(|own| {
                wanted.as_str().is_some_and(|wanted| texts::bare(own) == texts::bare(wanted))
            }),
            "format" => implies_format(matcher, wanted.as_str().unwrap_or_default()),
            "minLength" => {
                let least = pattern.and_then(texts::lengths).map(|(least, _)| least);
                let least = least.unwrap_or_else(|| usize::from(*matcher == Matcher::NotEmpty));
                number().is_some_and(|wanted| least >= wanted)
            }
            "maxLength" => {
                let most = pattern.and_then(texts::lengths).and_then(|(_, most)| most);
                most.zip(number()).is_some_and(|(most, wanted)| most <= wanted)
            }
            _ => false,
        }
    }

    fn is_of_type(&self, matcher: &Matcher, wanted: &Value) -> bool {
        let allows = |name: &str| match wanted {
            Value::String(one) => one == name,
            Value::Array(several) => several.iter().any(|one| one == name),
            _ => false,
        };
        let is_whole = *matcher == Matcher::Integer || is_made_of_digits(matcher);
        if self.values.is_text && !allows("string") {
            let is_number = is_whole || matches!(matcher, Matcher::Number | Matcher::Decimal);
            return (is_whole && allows("integer")) || (is_number && allows("number"));
        }
        match kind_of_all(self.values) {
            Some(Kind::Number) => allows("number") || (is_whole && allows("integer")),
            Some(kind) => allows(type_of(kind)),
            None => false,
        }
    }

    /// True when no value of the contract is of a type that the schema allows.
    fn is_of_another_type(&self) -> bool {
        let Some(types) = self.schema.types() else { return false };
        if self.values.is_text && types.iter().any(|name| ["integer", "number", "boolean"].contains(name)) {
            return false;
        }
        let own = kind_of_all(self.values);
        own.is_some_and(|own| match own {
            Kind::Number => !types.contains(&"number") && !types.contains(&"integer"),
            other => !types.contains(&type_of(other)),
        })
    }
}

/// What is known to be sent: the example, whatever its own rule says of it, and some other values.
pub(super) fn sent(values: &Values) -> Vec<Value> {
    let mut all = samples(values);
    if !all.contains(&values.example) {
        all.insert(0, values.example.clone());
    }
    all
}

/// Why a value is sent that is refused.
pub(super) fn lets(values: &Values, value: &Value, reason: &str) -> String {
    let words = values.words();
    if *value == values.example && values.has(value) == Some(false) {
        return format!(
            "the example {} is sent, although the rule ({words}) refuses it: {reason}",
            shown(value)
        );
    }
    format!("the rule ({words}) lets {} be sent: {reason}", shown(value))
}

/// Some of the values, among them odd ones.
fn samples(values: &Values) -> Vec<Value> {
    let example = &values.example;
    let of = |matcher: &Matcher| -> Vec<Value> {
        match matcher {
            Matcher::Type { .. } if example.is_number() => {
                vec![json!(0), json!(-1), json!(1.5), json!(1e12)]
            }
            Matcher::Type { .. } | Matcher::NotEmpty => {
                vec![json!(""), json!("~ x"), json!("x".repeat(300))]
            }
            Matcher::Number | Matcher::Integer | Matcher::Decimal if values.is_text => {
                vec![json!("0"), json!("-1"), json!("1.5")]
            }
            Matcher::Number | Matcher::Integer | Matcher::Decimal => {
                vec![json!(0), json!(-1), json!(1.5), json!(1_000_000_000_000_i64)]
            }
            Matcher::Include(part) => vec![json!(part), json!(format!("~{part}"))],
            Matcher::Semver => vec![json!("1.0.0"), json!("1.0.0-a+b")],
            Matcher::Regex(pattern) => texts::samples(pattern).into_iter().map(Value::from).collect(),
            Matcher::Null => vec![Value::Null],
            _ => Vec::new(),
        }
    };
    let found = values.matchers.iter().flat_map(of).chain([example.clone()]);
    found.filter(|value| values.has(value) == Some(true)).collect()
}

/// True for a rule that only names the type, which does not say which values the consumer sends.
pub(super) fn is_vague(values: &Values) -> bool {
    values.matchers.iter().all(|matcher| matches!(matcher, Matcher::Type { .. }))
}

fn implies_format(matcher: &Matcher, format: &str) -> bool {
    match (matcher, format) {
        (_, format) if STORAGE.contains(&format) => true,
        (Matcher::Date(own), "date") => own.is_empty() || own == "yyyy-MM-dd",
        (Matcher::DateTime(own), "date-time") => {
            own.is_empty()
                || ["yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"].contains(&own.as_str())
        }
        _ => false,
    }
}

fn is_made_of_digits(matcher: &Matcher) -> bool {
    let Matcher::Regex(pattern) = matcher else { return false };
    let bare = texts::bare(pattern);
    let body = bare.strip_prefix("\\d").or_else(|| bare.strip_prefix("[0-9]")).unwrap_or("?");
    body.is_empty()
        || body == "+"
        || (body.starts_with('{') && body.ends_with('}') && !body.starts_with("{0"))
}

/// The kind that all values have, when there is one.
fn kind_of_all(values: &Values) -> Option<Kind> {
    if values.is_exact() {
        return Some(kind(&values.example));
    }
    let mut kinds = values.matchers.iter().map(|matcher| values.kind_of(matcher));
    match values.combine {
        Combine::And => kinds.flatten().next(),
        Combine::Or => kinds.next().flatten().filter(|first| kinds.all(|other| other == Some(*first))),
    }
}

/// The name of a kind in a schema.
pub(super) const fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Boolean => "boolean",
        Kind::Number => "number",
        Kind::Text => "string",
        Kind::List => "array",
        Kind::Object => "object",
    }
}

/// A value as a sentence shows it.
pub(super) fn shown(value: &Value) -> String {
    if is_long(value) { "a long text".to_owned() } else { value.to_string() }
}

fn is_long(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.chars().count() > 40)
}
