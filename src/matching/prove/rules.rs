//! The rules on a body, and which of them decides about a value.
//!
//! The candidates for a value are those of the value above it whose next token fits. They lie on a
//! stack, so that going down and up again costs no memory.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use onig::Regex;

use crate::contract::{Category, Combine, Matcher, Rule, Token};

/// How many patterns a thread keeps compiled.
const KEPT_PATTERNS: usize = 1000;

/// What a matcher asks for, ready to be asked.
#[derive(Debug)]
pub(super) enum Check<'p> {
    Equality,
    Type {
        min: Option<usize>,
        max: Option<usize>,
    },
    Regex(Rc<Regex>),
    Include(&'p str),
    Date(&'p str),
    Time(&'p str),
    DateTime(&'p str),
    Number,
    Integer,
    Decimal,
    Null,
    Boolean,
    NotEmpty,
    Semver,
    Values,
    EachKey(Vec<Self>),
    EachValue(Vec<Self>),
    /// Nothing is proven where this one decides.
    Unknown,
}

/// One rule on the body.
#[derive(Debug)]
struct BodyRule<'p> {
    tokens: &'p [Token],
    checks: Vec<Check<'p>>,
}

/// All rules on a body.
#[derive(Debug)]
pub(super) struct Rules<'p> {
    rules: Vec<BodyRule<'p>>,
}

/// A step to a value, as the reference matcher writes it in a path.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way<'a> {
    Key(&'a str),
    Index(usize),
}

/// A rule whose path fits so far.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    rule: usize,
    weight: usize,
}

/// The candidates for one value: a range of the stack, and how many steps lead to the value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fitting {
    from: usize,
    to: usize,
    depth: usize,
}

/// The rule that decides about a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Best<'p> {
    Nobody,
    One {
        checks: &'p [Check<'p>],
        /// Whether it is written for a value above this one.
        cascaded: bool,
        /// Which one it is.
        number: usize,
    },
    /// Two rules fit equally well, and the reference takes either.
    Undecided,
}

impl<'p> Rules<'p> {
    /// The rules on the body; `None` when there is one whose path the reference may read otherwise.
    pub(super) fn on_body(rules: &'p [Rule]) -> Option<Self> {
        let rules = rules.iter().filter(|rule| rule.category == Category::Body).map(|rule| {
            let tokens = rule.path.tokens();
            let is_number = |token: &Token| matches!(token, Token::Field(name) if is_index(name));
            if tokens.first() != Some(&Token::Root) || tokens.iter().any(is_number) {
                return None;
            }
            // With alternatives, one that holds is enough; that is left to the matcher.
            let is_plain = rule.combine == Combine::And || rule.matchers.len() == 1;
            let checks = if is_plain { checks(&rule.matchers) } else { vec![Check::Unknown] };
            Some(BodyRule { tokens, checks })
        });
        Some(Self { rules: rules.collect::<Option<_>>()? })
    }
}

/// Goes through the values of an answer and knows the candidates for each.
#[derive(Debug)]
pub(super) struct Search<'p> {
    rules: &'p Rules<'p>,
    stack: Vec<Candidate>,
}

impl<'p> Search<'p> {
    /// A search that stands at the root of the document.
    pub(super) fn new(rules: &'p Rules<'p>) -> (Self, Fitting) {
        let stack: Vec<_> = (0..rules.rules.len()).map(|rule| Candidate { rule, weight: 2 }).collect();
        let root = Fitting { from: 0, to: stack.len(), depth: 0 };
        (Self { rules, stack }, root)
    }

    /// The candidates for a value one step below; [`Search::leave`] gives their place back. `None`
    /// when the reference may read the step otherwise.
    pub(super) fn enter(&mut self, above: Fitting, way: Way<'_>) -> Option<Fitting> {
        let way = plain(way, above.from == above.to)?;
        let from = self.stack.len();
        for place in above.from..above.to {
            let Candidate { rule, weight } = self.stack[place];
            // A path that ends above reaches everything below.
            let factor = match self.rules.rules[rule].tokens.get(above.depth + 1) {
                None => Some(1),
                Some(token) => factor(token, way),
            };
            if let Some(factor) = factor {
                self.stack.push(Candidate { rule, weight: weight * factor });
            }
        }
        Some(Fitting { from, to: self.stack.len(), depth: above.depth + 1 })
    }

    /// Forgets the candidates for a value.
    pub(super) fn leave(&mut self, fitting: Fitting) {
        self.stack.truncate(fitting.from);
    }

    /// How many rules are written for exactly this value.
    pub(super) fn written_for(&self, fitting: Fitting) -> usize {
        let candidates = &self.stack[fitting.from..fitting.to];
        let is_exact =
            |candidate: &&Candidate| self.rules.rules[candidate.rule].tokens.len() == fitting.depth + 1;
        candidates.iter().filter(is_exact).count()
    }

    /// The rule that decides.
    pub(super) fn best(&self, fitting: Fitting) -> Best<'p> {
        let mut best: Option<(usize, usize)> = None;
        let mut tied = false;
        for candidate in &self.stack[fitting.from..fitting.to] {
            let length = self.rules.rules[candidate.rule].tokens.len();
            if length > fitting.depth + 1 {
                continue;
            }
            let weight = candidate.weight * length;
            match best {
                Some((known, _)) if known > weight => {}
                Some((known, _)) if known == weight => tied = true,
                _ => (best, tied) = (Some((weight, candidate.rule)), false),
            }
        }
        match best {
            None => Best::Nobody,
            Some(_) if tied => Best::Undecided,
            Some((_, number)) => {
                let rule = &self.rules.rules[number];
                let cascaded = rule.tokens.len() != fitting.depth + 1;
                Best::One { checks: &rule.checks, cascaded, number }
            }
        }
    }
}

/// A key that is a number is a position to the reference, and some keys are wildcards.
fn plain(way: Way<'_>, without_rules: bool) -> Option<Way<'_>> {
    match way {
        Way::Key("*" | "[*]") if !without_rules => None,
        Way::Key(key) if !without_rules && is_index(key) => {
            let index: usize = key.parse().ok()?;
            (index.to_string() == key).then_some(Way::Index(index))
        }
        way => Some(way),
    }
}

fn is_index(key: &str) -> bool {
    key.parse::<usize>().is_ok()
}

/// What a token adds to the weight of a path; `None` when it does not fit.
fn factor(token: &Token, way: Way<'_>) -> Option<usize> {
    match (token, way) {
        (Token::Field(name), Way::Key(key)) if name == key => Some(2),
        (Token::Index(wanted), Way::Index(index)) if *wanted == index => Some(2),
        (Token::AnyIndex, Way::Index(_)) | (Token::Any, _) => Some(1),
        _ => None,
    }
}

fn checks(matchers: &[Matcher]) -> Vec<Check<'_>> {
    matchers.iter().map(check).collect()
}

fn check(matcher: &Matcher) -> Check<'_> {
    match matcher {
        Matcher::Equality => Check::Equality,
        Matcher::Regex(pattern) => compiled(pattern).map_or(Check::Unknown, Check::Regex),
        Matcher::Type { min, max } => Check::Type { min: *min, max: *max },
        Matcher::DateTime(format) => Check::DateTime(format),
        Matcher::Time(format) => Check::Time(format),
        Matcher::Date(format) => Check::Date(format),
        Matcher::Include(text) => Check::Include(text),
        Matcher::Number => Check::Number,
        Matcher::Integer => Check::Integer,
        Matcher::Decimal => Check::Decimal,
        Matcher::Null => Check::Null,
        Matcher::Values => Check::Values,
        Matcher::Boolean => Check::Boolean,
        Matcher::NotEmpty => Check::NotEmpty,
        Matcher::Semver => Check::Semver,
        Matcher::EachKey(inner) => Check::EachKey(checks(inner)),
        Matcher::EachValue(inner) => Check::EachValue(checks(inner)),
        Matcher::ContentType(_)
        | Matcher::ArrayContains(_)
        | Matcher::StatusCode(_)
        | Matcher::Plugin { .. } => Check::Unknown,
    }
}

thread_local! {
    static PATTERNS: RefCell<HashMap<String, Option<Rc<Regex>>>> = RefCell::default();
}

/// A pattern, compiled once for each thread: contracts have the same few in most of their rules.
pub(super) fn compiled(pattern: &str) -> Option<Rc<Regex>> {
    PATTERNS.with_borrow_mut(|known| {
        if let Some(found) = known.get(pattern) {
            return found.clone();
        }
        if known.len() >= KEPT_PATTERNS {
            known.clear();
        }
        let regex = Regex::new(pattern).ok().map(Rc::new);
        known.insert(pattern.to_owned(), regex.clone());
        regex
    })
}
