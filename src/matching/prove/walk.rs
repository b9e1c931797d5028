//! One pass over the bytes of an answer, beside the example.
//!
//! The answer is never built as a value: each piece is judged as the parser meets it. The parser is
//! the reference's own, and it reads everything, also what no rule asks for, so that nothing is
//! valid here that is not valid there.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::example::{Example, Key, position};
use super::rules::{Best, Check, Fitting, Rules, Search, Way};
use super::scalar::{Scalar, matches};
use crate::matching::exact::may_be_rounded;

/// True when the JSON in `actual` surely satisfies the rules, or is the example where there are
/// none. `written` is the text of the example.
pub(super) fn passes((example, written): (&Example<'_>, &[u8]), rules: &Rules<'_>, actual: &[u8]) -> bool {
    let (mut search, fitting) = Search::new(rules);
    let mut json = serde_json::Deserializer::from_slice(actual);
    let floats = Floats { written, actual, are_exact: OnceCell::new() };
    let place = Place { example, fitting, exact: false, each: None };
    let root = Walk { search: &mut search, floats: &floats, place };
    root.deserialize(&mut json).is_ok() && json.end().is_ok()
}

/// The texts in which floating-point numbers stand.
struct Floats<'p> {
    written: &'p [u8],
    actual: &'p [u8],
    are_exact: OnceCell<bool>,
}

impl Floats<'_> {
    /// True when two numbers of which a double cannot tell that they differ surely do not.
    fn are_exact(&self) -> bool {
        *self.are_exact.get_or_init(|| !may_be_rounded(self.written) && !may_be_rounded(self.actual))
    }
}

/// What is expected of one value.
#[derive(Clone, Copy)]
struct Place<'p> {
    example: &'p Example<'p>,
    fitting: Fitting,
    /// A value above it must be equal to its example.
    exact: bool,
    /// What the value above it asks of each value in it, and which rule that is.
    each: Option<(&'p [Check<'p>], usize)>,
}

/// Which keys an object may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// All of the example's, and others that do not matter.
    AtLeastThese,
    /// Any; those that the example has too are compared.
    Any,
    /// Any; each has a value like the example's.
    AllAlike,
}

/// How the items of a list are compared.
struct Items {
    /// Whether there must be as many as in the example.
    fixed: bool,
    min: Option<usize>,
    max: Option<usize>,
}

struct Walk<'s, 'p> {
    search: &'s mut Search<'p>,
    floats: &'p Floats<'p>,
    place: Place<'p>,
}

/// Nothing is wrong with the answer; it is only that nothing is proven.
fn unknown<T, E: Error>() -> Result<T, E> {
    Err(E::custom("not proven"))
}

impl<'p> Walk<'_, 'p> {
    fn scalar<E: Error>(self, value: &Scalar<'_>) -> Result<(), E> {
        let Place { example, fitting, exact, each } = self.place;
        if example.is_container() || (exact && !value.equals(example)) {
            return unknown();
        }
        if value.is_float() && value.equals(example) && !self.floats.are_exact() {
            return unknown();
        }
        let passes = match (self.search.best(fitting), each) {
            (Best::One { number, .. }, Some((checks, of))) if number == of => {
                value.satisfies(checks, example)
            }
            (Best::Nobody, None) => value.equals(example),
            (Best::One { checks, .. }, None) => value.satisfies(checks, example),
            _ => false,
        };
        if passes { Ok(()) } else { unknown() }
    }

    /// How an object is compared, and what is asked of its keys.
    fn object_rule(&mut self) -> Option<(Keys, &'p [Check<'p>])> {
        let place = &mut self.place;
        let (checks, cascaded, number) = match self.search.best(place.fitting) {
            Best::Nobody => return Some((Keys::AtLeastThese, &[])),
            Best::One { checks, cascaded, number } => (checks, cascaded, number),
            Best::Undecided => return None,
        };
        match (checks, cascaded) {
            ([Check::Type { min: None, max: None }], _)
            | ([Check::Type { .. } | Check::Values | Check::EachKey(_)], true) => {
                Some((Keys::AtLeastThese, &[]))
            }
            ([Check::Equality], _) => {
                place.exact = true;
                Some((Keys::AtLeastThese, &[]))
            }
            ([Check::Values], false) => Some((Keys::AllAlike, &[])),
            ([Check::EachValue(each)], false) => {
                place.each = Some((each, number));
                Some((Keys::AllAlike, &[]))
            }
            ([Check::EachKey(each)], false) if self.search.written_for(place.fitting) == 1 => {
                Some((Keys::Any, each))
            }
            _ => None,
        }
    }

    /// How a list is compared.
    fn list_rule(&mut self, is_empty: bool) -> Option<Items> {
        let place = &mut self.place;
        let (checks, cascaded, number) = match self.search.best(place.fitting) {
            Best::Nobody => return Some(Items { fixed: true, min: None, max: None }),
            Best::One { checks, cascaded, number } => (checks, cascaded, number),
            Best::Undecided => return None,
        };
        // An empty list shows nothing of what the example shows.
        let least = if is_empty { None } else { Some(1) };
        match (checks, cascaded) {
            ([Check::Type { .. }], true) => Some(Items { fixed: false, min: least, max: None }),
            ([Check::Type { min, max }], false) => {
                Some(Items { fixed: false, min: min.or(least), max: *max })
            }
            ([Check::Equality], _) => {
                place.exact = true;
                Some(Items { fixed: true, min: None, max: None })
            }
            ([Check::EachValue(each)], false) => {
                place.each = Some((each, number));
                Some(Items { fixed: false, min: None, max: None })
            }
            _ => None,
        }
    }

    fn child(&self, example: &'p Example<'p>, fitting: Fitting) -> Place<'p> {
        Place { example, fitting, ..self.place }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar(&Scalar::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.scalar(&Scalar::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.scalar(&Scalar::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.scalar(&Scalar::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        match Number::from_f64(value) {
            Some(number) => self.scalar(&Scalar::Number(number)),
            None => unknown(),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.scalar(&Scalar::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let Example::List(examples) = self.place.example else { return unknown() };
        // Below a rule on each value, only values without values are simple.
        let rule = if self.place.each.is_some() { None } else { self.list_rule(examples.is_empty()) };
        let Some(rule) = rule else { return unknown() };
        let fixed = rule.fixed || self.place.exact;
        let mut count = 0;
        loop {
            let example = examples.get(count).or(examples.first().filter(|_| !fixed));
            let found = match example {
                Some(example) => {
                    let Some(fitting) = self.search.enter(self.place.fitting, Way::Index(count)) else {
                        return unknown();
                    };
                    let place = self.child(example, fitting);
                    let found =
                        items.next_element_seed(Walk { search: self.search, floats: self.floats, place })?;
                    self.search.leave(fitting);
                    found
                }
                None => items.next_element_seed(Unasked)?,
            };
            // What holds for each value may need no example; the matcher knows.
            if example.is_none() && self.place.each.is_some() && found.is_some() {
                return unknown();
            }
            if found.is_none() {
                break;
            }
            count += 1;
        }
        let is_enough = rule.min.is_none_or(|min| count >= min) && rule.max.is_none_or(|max| count <= max);
        if is_enough && (!fixed || count == examples.len()) { Ok(()) } else { unknown() }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let Example::Object(examples) = self.place.example else { return unknown() };
        let rule = if self.place.each.is_some() { None } else { self.object_rule() };
        let Some((keys, asked)) = rule else { return unknown() };
        let mut seen = Seen::default();
        let mut hint = 0;
        while let Some(Key(key)) = entries.next_key()? {
            if !asked.iter().all(|check| key_satisfies(check, &key)) {
                return unknown();
            }
            let example = match position(examples, &key, hint) {
                Some(at) => {
                    hint = at + 1;
                    if !seen.add(at) {
                        return unknown();
                    }
                    Some(&examples[at].1)
                }
                None if self.place.exact => return unknown(),
                // What holds for each value may need no example, and of several one is the first:
                // the matcher knows.
                None if keys == Keys::AllAlike => match examples.as_slice() {
                    [(_, only)] => Some(only),
                    _ => return unknown(),
                },
                None => None,
            };
            match example {
                None => entries.next_value_seed(Unasked)?,
                Some(example) => {
                    let Some(fitting) = self.search.enter(self.place.fitting, Way::Key(&key)) else {
                        return unknown();
                    };
                    let place = self.child(example, fitting);
                    entries.next_value_seed(Walk { search: self.search, floats: self.floats, place })?;
                    self.search.leave(fitting);
                }
            }
        }
        let may_lack = keys != Keys::AtLeastThese && !self.place.exact;
        if may_lack || seen.count == examples.len() { Ok(()) } else { unknown() }
    }
}

fn key_satisfies(check: &Check<'_>, key: &str) -> bool {
    match check {
        Check::Regex(regex) => matches(regex, key),
        Check::Type { .. } => true,
        _ => false,
    }
}

/// Which entries of an example have been met.
#[derive(Default)]
struct Seen {
    first: u64,
    others: Vec<bool>,
    count: usize,
}

impl Seen {
    /// Notes an entry; false when it was noted before.
    fn add(&mut self, at: usize) -> bool {
        self.count += 1;
        if at < 64 {
            let bit = 1 << at;
            let is_new = self.first & bit == 0;
            self.first |= bit;
            return is_new;
        }
        if self.others.len() <= at {
            self.others.resize(at + 1, false);
        }
        !std::mem::replace(&mut self.others[at], true)
    }
}

/// Reads a value that no rule asks for, as strictly as any other: a value that cannot be read
/// makes the whole answer unreadable.
struct Unasked;

impl<'de> DeserializeSeed<'de> for Unasked {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unasked {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Key(Cow::Borrowed(_) | Cow::Owned(_))) = entries.next_key()? {
            entries.next_value_seed(Self)?;
        }
        Ok(())
    }
}
