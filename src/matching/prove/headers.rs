//! Headers: present, with the expected values, in the ways that the reference allows.

use pact_models::headers::{MULTI_VALUE_HEADERS, PARAMETERISED_HEADERS};

use super::rules::compiled;
use super::scalar::matches;
use crate::contract::{Category, Matcher, Response, Rule, Token};
use crate::matching::Answer;

/// The rule on a header.
pub(super) enum HeaderRule<'p> {
    Nobody,
    One(&'p Matcher),
    /// More than one, or one that is not simple.
    Unknown,
}

/// True when all expected headers surely are there as expected.
pub(super) fn pass(response: &Response, answer: &Answer) -> bool {
    let rules = response.rules.iter().filter(|rule| rule.category == Category::Header);
    rules.clone().all(is_plain)
        && response.headers.iter().enumerate().all(|(at, (name, values))| {
            let is_new = !response.headers[..at].iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
            is_new && passes(&response.rules, (name, values), answer)
        })
}

/// A rule that names one header, in characters that mean themselves.
fn is_plain(rule: &Rule) -> bool {
    let [Token::Root, Token::Field(name)] = rule.path.tokens() else { return false };
    is_plain_name(name)
}

fn is_plain_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The rule on the header of this name, in any case.
pub(super) fn rule_on<'p>(rules: &'p [Rule], name: &str) -> HeaderRule<'p> {
    let is_on = |rule: &&Rule| {
        rule.category == Category::Header
            && rule.path.first_field().is_some_and(|field| field.eq_ignore_ascii_case(name))
    };
    let mut rules = rules.iter().filter(is_on);
    match (rules.next(), rules.next()) {
        (None, _) => HeaderRule::Nobody,
        (Some(rule), None) => match rule.matchers.as_slice() {
            [matcher] => HeaderRule::One(matcher),
            _ => HeaderRule::Unknown,
        },
        (Some(_), Some(_)) => HeaderRule::Unknown,
    }
}

fn passes(rules: &[Rule], (name, expected): (&str, &[String]), answer: &Answer) -> bool {
    let Some(actual) = received(answer, name).filter(|_| is_plain_name(name)) else { return false };
    let is_list = is_one_of(&MULTI_VALUE_HEADERS, name);
    if is_list && expected.iter().any(|value| value.contains(',')) {
        return false;
    }
    match (rule_on(rules, name), expected, actual.as_slice()) {
        (HeaderRule::One(matcher), [expected], [actual]) => {
            satisfies(matcher, expected.trim(), actual.trim())
        }
        (HeaderRule::Nobody, expected, actual) => {
            let pairs = || expected.iter().map(String::as_str).zip(actual.iter().copied());
            !expected.is_empty()
                && expected.len() == actual.len()
                && pairs().all(|(expected, actual)| agree(name, expected.trim(), actual.trim()))
        }
        _ => false,
    }
}

/// The values of a header, as the reference takes them apart; `None` when it is not there, or is
/// spelt in more than one way.
fn received<'a>(answer: &'a Answer, name: &str) -> Option<Vec<&'a str>> {
    let mut found = answer.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).peekable();
    let (spelt, _) = *found.peek()?;
    let mut values = Vec::new();
    for (known, value) in found {
        if known != spelt {
            return None;
        }
        if is_one_of(&MULTI_VALUE_HEADERS, name) {
            values.extend(value.split(',').map(str::trim));
        } else {
            values.push(value.trim());
        }
    }
    Some(values)
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// True when a text surely satisfies a rule on texts.
pub(super) fn satisfies(matcher: &Matcher, expected: &str, actual: &str) -> bool {
    match matcher {
        Matcher::Equality => expected == actual,
        Matcher::Type { .. } => true,
        Matcher::Regex(pattern) => compiled(pattern).is_some_and(|regex| matches(&regex, actual)),
        Matcher::Include(part) => actual.contains(part),
        _ => false,
    }
}

/// True when a value without a rule agrees with the expected one.
fn agree(name: &str, expected: &str, actual: &str) -> bool {
    if expected == actual {
        return true;
    }
    if is_one_of(&PARAMETERISED_HEADERS, name) {
        return parameters_agree(expected, actual);
    }
    let parts = |text: &'_ str| text.split(',').map(str::trim).map(str::to_owned).collect::<Vec<_>>();
    parts(expected) == parts(actual)
}

/// The value is the same, and every expected parameter is there.
fn parameters_agree(expected: &str, actual: &str) -> bool {
    let parts = |text: &'_ str| -> Vec<String> {
        text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (expected, actual) = (parts(expected), parts(actual));
    let parameter = |part: &str| {
        part.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
    };
    let all = |parts: &[String]| parts.iter().skip(1).filter_map(|part| parameter(part)).collect::<Vec<_>>();
    let (wanted, found) = (all(&expected), all(&actual));
    let is_there = |(name, value): &(String, String)| {
        let mut named = found.iter().filter(|(known, _)| known == name);
        matches!((named.next(), named.next()), (Some((_, one)), None) if one.eq_ignore_ascii_case(value))
    };
    expected.first() == actual.first() && wanted.iter().all(is_there)
}
