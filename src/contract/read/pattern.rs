//! Regular expressions in a pact: do they compile, does an example match, how long a text can they
//! generate.
//!
//! Rules are compiled by the engine that compares answers, generators by the parser that makes
//! values, since the two speak different dialects.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use onig::{MatchParam, Regex, SearchOptions};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};

/// Steps after which comparing an example with a pattern is given up.
const RETRIES: u32 = 100_000;
/// How often the generator repeats what has no upper bound.
const UNBOUNDED: u64 = 20;
/// The longest text that a generator may make, in bytes.
pub(super) const LONGEST: u64 = 10_000;

/// Why a pattern cannot be used for generating a text.
pub(super) enum Ungenerable {
    /// It is not a pattern of the generator's dialect.
    Invalid(String),
    /// It can grow to this many bytes.
    TooLong(u64),
}

/// Why the pattern of a rule cannot be used for matching.
pub(super) enum Uncompilable {
    /// It is no regular expression.
    Invalid(String),
    /// It is read as a callout, `(*name)`, which only this engine has. Such a rule fails closed:
    /// it refuses every answer.
    Callout,
}

/// A pattern, or why it is none.
pub(super) type Pattern = Rc<Result<Regex, Uncompilable>>;

/// The patterns of one document, each compiled once: a pact has the same few in most of its rules.
#[derive(Default)]
pub(super) struct Patterns {
    known: RefCell<HashMap<String, Pattern>>,
}

impl Patterns {
    /// The pattern of a rule.
    pub(super) fn compiled(&self, text: &str) -> Pattern {
        let mut known = self.known.borrow_mut();
        if let Some(pattern) = known.get(text) {
            return Rc::clone(pattern);
        }
        let pattern = Pattern::new(compiled(text));
        known.insert(text.to_owned(), Rc::clone(&pattern));
        pattern
    }
}

fn compiled(pattern: &str) -> Result<Regex, Uncompilable> {
    Regex::new(pattern).map_err(|error| match error.description() {
        why if why.contains("callout") => Uncompilable::Callout,
        why => Uncompilable::Invalid(why.to_owned()),
    })
}

/// Whether the whole text matches, as the matcher of the reference asks; `None` when that took too
/// many steps.
pub(super) fn matches(pattern: &Regex, text: &str) -> Option<bool> {
    let mut limits = MatchParam::default();
    limits.set_retry_limit_in_match(RETRIES);
    let found = pattern.match_with_param(text, 0, SearchOptions::SEARCH_OPTION_NONE, None, limits).ok()?;
    Some(found == Some(text.len()))
}

/// Checks that a pattern can generate a text of a bearable length.
pub(super) fn generable(pattern: &str) -> Result<(), Ungenerable> {
    let bare = pattern.strip_prefix('^').unwrap_or(pattern);
    let bare = bare.strip_suffix('$').unwrap_or(bare);
    let parsed = ParserBuilder::new().unicode(false).utf8(true).build().parse(bare);
    let tree = parsed.map_err(|error| Ungenerable::Invalid(one_line(&error)))?;
    let longest = longest(&tree)?;
    if longest > LONGEST { Err(Ungenerable::TooLong(longest)) } else { Ok(()) }
}

/// The length in bytes of the longest text that may be made.
fn longest(tree: &Hir) -> Result<u64, Ungenerable> {
    match tree.kind() {
        HirKind::Empty => Ok(0),
        HirKind::Look(_) => {
            Err(Ungenerable::Invalid("anchors and word boundaries cannot be generated".to_owned()))
        }
        HirKind::Literal(literal) => Ok(u64::try_from(literal.0.len()).unwrap_or(u64::MAX)),
        HirKind::Class(_) => Ok(4),
        HirKind::Capture(capture) => longest(&capture.sub),
        HirKind::Repetition(repetition) => {
            let unbounded = u64::from(repetition.min).saturating_add(UNBOUNDED);
            let times = repetition.max.map_or(unbounded, u64::from);
            Ok(longest(&repetition.sub)?.saturating_mul(times))
        }
        HirKind::Concat(parts) => {
            parts.iter().try_fold(0_u64, |sum, part| Ok(sum.saturating_add(longest(part)?)))
        }
        HirKind::Alternation(parts) => {
            parts.iter().try_fold(0_u64, |most, part| Ok(most.max(longest(part)?)))
        }
    }
}

/// The reason alone, out of a message that also draws the pattern.
fn one_line(error: &regex_syntax::Error) -> String {
    match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        _ => "it cannot be parsed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_must_match_the_whole_text() {
        let pattern = compiled(r"\d+").ok().expect("a pattern");
        assert_eq!(matches(&pattern, "12"), Some(true));
        assert_eq!(matches(&pattern, "12a"), Some(false));
        assert_eq!(matches(&pattern, "a12"), Some(false));
    }

    #[test]
    fn a_pattern_that_never_ends_is_given_up() {
        let pattern = compiled("^(a+)+$").ok().expect("a pattern");
        assert_eq!(matches(&pattern, &format!("{}!", "a".repeat(40))), None);
    }

    #[test]
    fn a_pattern_that_explodes_is_not_generated_from() {
        let said = |pattern: &str| match generable(pattern) {
            Ok(()) => format!("{pattern}: fine"),
            Err(Ungenerable::TooLong(length)) => format!("{pattern}: {length} bytes"),
            Err(Ungenerable::Invalid(why)) => format!("{pattern}: {why}"),
        };
        let table =
            ["^[a-z]{3,10}$", "\\d*", "a{100000000}", "(a{1000}){1000}", "(", "\\bx", "(?=x)"].map(said);
        insta::assert_snapshot!(table.join("\n"), @r"
        ^[a-z]{3,10}$: fine
        \d*: fine
        a{100000000}: 100000000 bytes
        (a{1000}){1000}: 1000000 bytes
        (: unclosed group
        \bx: anchors and word boundaries cannot be generated
        (?=x): look-around, including look-ahead and look-behind, is not supported
        ");
    }
}
