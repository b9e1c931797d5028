//! Provider states whose names differ in spelling only.
//!
//! A provider sets states up by name, so the second spelling is a state that nobody sets up.

use std::collections::BTreeMap;

use strsim::damerau_levenshtein;

use crate::contract::Contract;
use crate::finding::Code;
use crate::finding::Finding;
use crate::finding::Location;
use crate::finding::Place;

/// Prefixes that turn a word into its opposite.
const NEGATIONS: [&str; 6] = ["un", "in", "non", "dis", "im", "ir"];

/// A name and where it is used first.
struct Use<'a> {
    name: &'a str,
    contract: &'a Contract,
    pointer: &'a str,
    times: usize,
}

/// Warns of each name that resembles another one of the same provider.
pub(super) fn similar(contracts: &[Contract]) -> Vec<Finding> {
    let mut by_provider: BTreeMap<&str, Vec<Use<'_>>> = BTreeMap::new();
    for contract in contracts {
        let uses = by_provider.entry(&contract.provider).or_default();
        for interaction in &contract.interactions {
            for state in &interaction.states {
                match uses.iter_mut().find(|known| known.name == state.name) {
                    Some(known) => known.times += 1,
                    None => uses.push(Use {
                        name: &state.name,
                        contract,
                        pointer: &interaction.pointer,
                        times: 1,
                    }),
                }
            }
        }
    }
    by_provider.values().flat_map(|uses| of_provider(uses)).collect()
}

fn of_provider(uses: &[Use<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, second) in uses.iter().enumerate() {
        if let Some(first) = uses[..at].iter().find(|first| resemble(first.name, second.name)) {
            // The rarer of the two is the more likely mistake.
            let (odd, usual) = if first.times < second.times { (first, second) } else { (second, first) };
            findings.push(finding(odd, usual));
        }
    }
    findings
}

fn finding(odd: &Use<'_>, usual: &Use<'_>) -> Finding {
    let at: Location = odd.contract.location(&format!("{}/providerStates", odd.pointer));
    let message = format!("the provider state `{}` is nearly the same as `{}`", odd.name, usual.name);
    let help = format!("the other one is used at {}", usual.contract.location(usual.pointer));
    Finding::new(Code::SimilarStates, Place::State, message).with_help(help).with_location(at)
}

/// True for names that differ in case, spacing and punctuation, or in one letter or two of one
/// word, unless that is a number or a negation.
fn resemble(first: &str, second: &str) -> bool {
    let (first, second) = (words(first), words(second));
    if first.is_empty() || second.is_empty() {
        return false;
    }
    if first == second || first.concat() == second.concat() {
        return true;
    }
    if first.len() != second.len() {
        return false;
    }
    let mut different = first.iter().zip(&second).filter(|(first, second)| first != second);
    match (different.next(), different.next()) {
        (Some((first, second)), None) => is_slip(first, second),
        _ => false,
    }
}

fn is_slip(first: &str, second: &str) -> bool {
    let shorter = first.chars().count().min(second.chars().count());
    let allowed = if shorter >= 8 { 2 } else { 1 };
    let has_number = |word: &str| word.chars().any(|c| c.is_ascii_digit());
    let negates =
        |word: &str, other: &str| NEGATIONS.iter().any(|prefix| word.strip_prefix(prefix) == Some(other));
    shorter >= 4
        && !has_number(first)
        && !has_number(second)
        && !negates(first, second)
        && !negates(second, first)
        && damerau_levenshtein(first, second) <= allowed
}

fn words(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slips_of_spelling_resemble_each_other() {
        let table = [
            ("a FAQ exists", "A FAQ  exists."),
            ("faq-exists", "faq exists"),
            ("a category exists", "a catgory exists"),
            ("user 1 exists", "user 2 exists"),
            ("user A exists", "user B exists"),
            ("the account is active", "the account is inactive"),
            ("a FAQ exists", "no FAQ exists"),
            ("a payment exists", "a refund exists"),
            ("", "!"),
        ]
        .map(|(first, second)| format!("{first} / {second}: {}", resemble(first, second)));
        insta::assert_snapshot!(table.join("\n"), @"
        a FAQ exists / A FAQ  exists.: true
        faq-exists / faq exists: true
        a category exists / a catgory exists: true
        user 1 exists / user 2 exists: false
        user A exists / user B exists: false
        the account is active / the account is inactive: false
        a FAQ exists / no FAQ exists: false
        a payment exists / a refund exists: false
         / !: false
        ");
    }
}
