//! Rules between which nothing in the specification decides.
//!
//! The reference implementation keeps rules in a hash table. Where two of them are equally specific
//! it takes the one that comes last there, which differs from run to run.

use super::path::Token;
use super::rule::{Category, Matcher, Rule};

/// True when the reference chooses between two of these rules at random somewhere, also inside of
/// items that a list must contain.
#[must_use]
pub fn leaves_a_choice(rules: &[Rule], category: Category) -> bool {
    let here: Vec<&Rule> = rules.iter().filter(|rule| rule.category == category).collect();
    let weights: Vec<usize> = here.iter().map(|rule| rule.path.own_weight()).collect();
    let free: Vec<bool> = here.iter().map(|rule| frees_keys(rule)).collect();
    // With thousands of rules, most pairs must be told apart without a look at their paths.
    let is_chosen = |one: usize, other: usize| {
        let may_be = weights[one] == weights[other] || free[one] != free[other];
        may_be && (is_tie(here[one], here[other]) || decides_about_keys(here[one], here[other]))
    };
    (0..here.len()).any(|one| (0..one).any(|other| is_chosen(one, other)) || leaves_one_inside(here[one]))
}

fn leaves_one_inside(rule: &Rule) -> bool {
    rule.matchers.iter().any(|matcher| match matcher {
        Matcher::ArrayContains(variants) => {
            variants.iter().any(|variant| leaves_a_choice(&variant.rules, Category::Body))
        }
        _ => false,
    })
}

/// True for two rules that are equally specific for some value and ask for different things.
pub(super) fn is_tie(one: &Rule, other: &Rule) -> bool {
    let is_same = one.matchers == other.matchers
        && one.combine == other.combine
        && one.path.tokens().len() == other.path.tokens().len();
    one.path.own_weight() == other.path.own_weight() && can_meet(one, other) && !is_same
}

/// True for two rules on one object of which only one says that its keys are free: the reference
/// looks at the first it finds.
fn decides_about_keys(one: &Rule, other: &Rule) -> bool {
    frees_keys(one) != frees_keys(other)
        && one.path.tokens().len() == other.path.tokens().len()
        && can_meet(one, other)
}

fn frees_keys(rule: &Rule) -> bool {
    let frees =
        |matcher: &Matcher| matches!(matcher, Matcher::Values | Matcher::EachKey(_) | Matcher::EachValue(_));
    rule.matchers.iter().any(frees)
}

/// True when both paths lead to or through one value. Paths mostly differ at their ends.
fn can_meet(one: &Rule, other: &Rule) -> bool {
    one.path.tokens().iter().zip(other.path.tokens()).rev().all(|(one, other)| match (one, other) {
        (Token::Any, _) | (_, Token::Any) => true,
        (Token::AnyIndex, Token::Field(name)) | (Token::Field(name), Token::AnyIndex) => {
            name.parse::<usize>().is_ok()
        }
        (Token::AnyIndex, other) | (other, Token::AnyIndex) => *other != Token::Root,
        _ => one == other,
    })
}
