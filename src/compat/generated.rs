//! Where a generator makes what is sent, the example is not.

use super::change::Part;
use super::rules::Rule;
use super::walk::Seen;
use crate::contract::{Category, PlacedGenerator, RulePath, Token};

/// The same changes, in which another example at a place that is generated on either side is nothing that
/// is sent. Whether the generators differ is a change of its own.
pub(super) fn freed(seen: &[Seen], generators: &[&[PlacedGenerator]]) -> Vec<Seen> {
    let is_free = |one: &Seen| {
        let mut all = generators.iter().copied().flatten();
        one.rule == Rule::RequestSentChanged && all.any(|placed| makes(placed, one))
    };
    let says_more = |one: &Seen| {
        seen.iter().any(|other| (other.part, &other.path) == (one.part, &one.path) && other.rule != one.rule)
    };
    let kept = |one: &Seen| match is_free(one) {
        true if says_more(one) => None,
        true => Some(Seen { rule: Rule::RequestExampleChanged, ..one.clone() }),
        false => Some(one.clone()),
    };
    seen.iter().filter_map(kept).collect()
}

/// True when it is certain that the generator makes what stands at the place of a change.
fn makes(placed: &PlacedGenerator, seen: &Seen) -> bool {
    match (placed.category, seen.part) {
        (Category::Path, Part::Path) => true,
        (Category::Body, Part::RequestBody) => {
            RulePath::parse(&seen.path).is_ok_and(|path| reaches(&placed.path, &path))
        }
        (Category::Query, Part::Query) => is_named(&placed.path, &seen.path, str::eq),
        (Category::Header | Category::Metadata, Part::RequestHeader) => {
            is_named(&placed.path, &seen.path, str::eq_ignore_ascii_case)
        }
        _ => false,
    }
}

/// True when a generator stands for a place or for one above it.
fn reaches(generator: &RulePath, place: &RulePath) -> bool {
    let reaches = |(own, wanted): (&Token, &Token)| match (own, wanted) {
        (Token::Any, _) | (Token::AnyIndex, Token::AnyIndex | Token::Index(_)) => true,
        (own, wanted) => own == wanted,
    };
    let (own, wanted) = (generator.tokens(), place.tokens());
    own.len() <= wanted.len() && own.iter().zip(wanted).all(reaches)
}

/// True for a generator of all that stands under a name; one of several values is not all.
fn is_named(generator: &RulePath, place: &str, is_same: impl Fn(&str, &str) -> bool) -> bool {
    let Some((name, rest)) = generator.split_first_field() else { return false };
    let value = |place: &str| place.strip_suffix("[*]").is_some_and(|own| is_same(own, name));
    rest.tokens().iter().all(|token| matches!(token, Token::Root)) && (is_same(place, name) || value(place))
}
