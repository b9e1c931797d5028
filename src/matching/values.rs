//! JSON values in words, and the way to them.

use serde_json::Value;

use crate::contract::{Category, Matcher, Rule, RulePath, Step, Token, best_rule};

/// The longest text that a value is shown with.
const LONGEST: usize = 80;

/// The two documents that are compared, as far as they are JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    /// The example in the contract.
    pub(crate) example: Option<&'a Value>,
    /// What was received.
    pub(crate) actual: Option<&'a Value>,
}

/// The steps in a path expression; a path that is none leads to the root.
pub(crate) fn steps_of(path: &str) -> Vec<Step> {
    let step = |token: &Token| match token {
        Token::Field(name) => Some(Step::Key(name.clone())),
        Token::Index(index) => Some(Step::Index(*index)),
        Token::Root | Token::Any | Token::AnyIndex => None,
    };
    match RulePath::parse(path) {
        Ok(parsed) => parsed.tokens().iter().filter_map(step).collect(),
        Err(_) => unescaped_steps(path).unwrap_or_default(),
    }
}

/// The steps in a path as the reference matcher writes it: quotes in names are escaped, which the
/// grammar of paths does not know.
fn unescaped_steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("['") {
            let ends = |at: &usize| !quoted[..*at].ends_with('\\');
            let end = quoted.match_indices("']").map(|(at, _)| at).find(ends)?;
            steps.push(Step::Key(quoted[..end].replace("\\'", "'")));
            rest = &quoted[end + 2..];
        } else if let Some(index) = rest.strip_prefix('[') {
            let (digits, after) = index.split_once(']')?;
            steps.push(Step::Index(digits.parse().ok()?));
            rest = after;
        } else {
            let name = rest.strip_prefix('.')?;
            let end = name.find(['.', '[']).unwrap_or(name.len());
            steps.push(Step::Key(name[..end].to_owned()));
            rest = &name[end..];
        }
    }
    Some(steps)
}

/// The value at `steps`. A position is taken for a key, and a key for a position, where the
/// document asks for it.
pub(crate) fn value_at<'a>(document: &'a Value, steps: &[Step]) -> Option<&'a Value> {
    steps.iter().try_fold(document, |value, step| child(value, step))
}

/// The example for the value at `steps`: a position beyond the example stands for its first item.
pub(crate) fn example_at<'a>(example: &'a Value, steps: &[Step]) -> Option<&'a Value> {
    steps.iter().try_fold(example, |value, step| {
        child(value, step).or_else(|| match (value, step) {
            (Value::Array(items), Step::Index(_)) => items.first(),
            _ => None,
        })
    })
}

/// The example for the value at `steps`, where rules may let other keys than those of the example
/// stand for its first one.
pub(crate) fn example_for<'a>(rules: &[Rule], example: &'a Value, steps: &[Step]) -> Option<&'a Value> {
    let mut here = example;
    for (depth, step) in steps.iter().enumerate() {
        here = match (child(here, step), here) {
            (Some(child), _) => child,
            (None, Value::Array(items)) => items.first()?,
            (None, Value::Object(map)) if takes_any_key(rules, &steps[..depth]) => {
                map.get(map.keys().min()?)?
            }
            _ => return None,
        };
    }
    Some(here)
}

/// True when the rule on an object compares its values only.
fn takes_any_key(rules: &[Rule], steps: &[Step]) -> bool {
    best_rule(rules, Category::Body, steps).is_some_and(|(rule, cascaded)| {
        let is_of_values = |matcher: &Matcher| matches!(matcher, Matcher::Values | Matcher::EachValue(_));
        !cascaded && rule.matchers.iter().any(is_of_values)
    })
}

fn child<'a>(value: &'a Value, step: &Step) -> Option<&'a Value> {
    match (value, step) {
        (Value::Object(map), Step::Key(key)) => map.get(key),
        (Value::Object(map), Step::Index(index)) => map.get(&index.to_string()),
        (Value::Array(items), Step::Index(index)) => items.get(*index),
        (Value::Array(items), Step::Key(key)) => key.parse::<usize>().ok().and_then(|index| items.get(index)),
        _ => None,
    }
}

/// The kind of a value, in one word.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// A value in at most a line.
pub(crate) fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        None => text,
        Some((cut, _)) => match value {
            Value::Array(items) => format!("a list of {}", items.len()),
            Value::Object(map) => format!("an object with {} fields", map.len()),
            _ => format!("{}…", &text[..cut]),
        },
    }
}

/// A value with its kind: `the string "19.90"`.
pub(crate) fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(_) => format!("the string {}", brief(value)),
        Value::Array(items) if items.is_empty() => "an empty list".to_owned(),
        Value::Array(_) => format!("the list {}", brief(value)),
        Value::Object(map) if map.is_empty() => "an empty object".to_owned(),
        Value::Object(_) => format!("the object {}", brief(value)),
    }
}

/// A text in quotes, with what cannot be seen escaped.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// How many items a list has, in words.
pub(crate) fn items_of(count: usize) -> String {
    if count == 1 { "1 item".to_owned() } else { format!("{count} items") }
}

/// How many fields an object has, in words.
pub(crate) fn fields_of(count: usize) -> String {
    if count == 1 { "1 field".to_owned() } else { format!("{count} fields") }
}

fn ask(matchers: &[Matcher], wanted: &Matcher) -> bool {
    let asks = |matcher: &Matcher| match matcher {
        Matcher::EachValue(inner) => ask(inner, wanted),
        _ => matcher == wanted,
    };
    matchers.iter().any(asks)
}

/// What kind of value a rule and its example ask for: `a decimal number, such as 19.9`.
pub(crate) fn expectation(rule: Option<&Rule>, example: Option<&Value>) -> String {
    let asks = |wanted: &Matcher| rule.is_some_and(|rule| ask(&rule.matchers, wanted));
    let kind = if asks(&Matcher::Integer) {
        "a whole number"
    } else if asks(&Matcher::Decimal) {
        "a decimal number"
    } else if asks(&Matcher::Number) {
        "a number"
    } else if asks(&Matcher::Boolean) {
        "true or false"
    } else if asks(&Matcher::Null) {
        return "null".to_owned();
    } else {
        match example {
            Some(Value::Null) => return "null".to_owned(),
            Some(Value::Bool(_)) => "true or false",
            Some(Value::Number(_)) => "a number",
            Some(Value::String(_)) => "a string",
            Some(Value::Array(_)) => "a list",
            Some(Value::Object(_)) => "an object",
            None => return rule.map_or_else(|| "another value".to_owned(), ToString::to_string),
        }
    };
    match example {
        Some(Value::Bool(_)) | None => kind.to_owned(),
        Some(value) => format!("{kind}, such as {}", brief(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_the_reference_leads_to_its_value_whatever_the_names() {
        let shown = |path: &str| crate::contract::display_steps(&steps_of(path));
        assert_eq!(shown("$.a[0]['b c'].d"), "$.a[0]['b c'].d");
        assert_eq!(
            steps_of(r"$.a['it\'s'][2].b"),
            [Step::Key("a".into()), Step::Key("it's".into()), Step::Index(2), Step::Key("b".into())]
        );
        assert_eq!(steps_of("no path"), []);
    }
}
