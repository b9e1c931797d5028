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
    let others = |index: usize| here[..index].iter().copied();
    let in_variants = |rule: &Rule| {
        let variants = |matcher: &Matcher| match matcher {
            Matcher::ArrayContains(variants) => {
                variants.iter().any(|variant| leaves_a_choice(&variant.rules, Category::Body))
            }
            _ => false,
        };
        rule.matchers.iter().any(variants)
    };
    here.iter()
        .enumerate()
        .any(|(index, one)| others(index).any(|other| are_chosen_between(one, other)) || in_variants(one))
}

/// True for two rules between which the reference chooses at random somewhere.
#[must_use]
pub fn are_chosen_between(one: &Rule, other: &Rule) -> bool {
    if one.matchers == other.matchers
        && one.combine == other.combine
        && one.path.tokens().len() == other.path.tokens().len()
    {
        return false;
    }
    let (left, right) = (one.path.tokens(), other.path.tokens());
    let is_tie = one.path.own_weight() == other.path.own_weight();
    let frees_keys = |rule: &Rule| {
        rule.matchers
            .iter()
            .any(|matcher| matches!(matcher, Matcher::Values | Matcher::EachKey(_) | Matcher::EachValue(_)))
    };
    let is_about_keys = left.len() == right.len() && frees_keys(one) != frees_keys(other);
    (is_tie || is_about_keys) && left.iter().zip(right).all(|(left, right)| can_meet(left, right))
}

/// True when one step can satisfy both.
fn can_meet(left: &Token, right: &Token) -> bool {
    match (left, right) {
        (Token::Any, _) | (_, Token::Any) => true,
        (Token::AnyIndex, Token::Field(name)) | (Token::Field(name), Token::AnyIndex) => {
            name.parse::<usize>().is_ok()
        }
        (Token::AnyIndex, other) | (other, Token::AnyIndex) => *other != Token::Root,
        _ => left == right,
    }
}
