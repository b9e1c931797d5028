//! The texts that a pattern stands for, when they are few: `open|closed`.
//!
//! A pattern is read by another parser than the one that matches, so each text is put before the
//! matcher as well, and a pattern that the two could understand differently counts as endless.

use regex_syntax::hir::{Class, Hir, HirKind, Look};
use regex_syntax::parse;

use crate::contract::{Matcher, admits_text};

/// More texts than this are too many to list.
const MOST: usize = 256;

/// Every text that the whole pattern matches; `None` when there are too many or it is not certain.
pub(crate) fn words(pattern: &str) -> Option<Vec<String>> {
    // Flags, and case above all, are where the two parsers could differ.
    if pattern.replace("(?:", "").contains("(?") {
        return None;
    }
    let mut found: Vec<String> =
        of(&parse(pattern).ok()?)?.into_iter().map(String::from_utf8).collect::<Result<_, _>>().ok()?;
    found.sort();
    found.dedup();
    let matcher = Matcher::Regex(pattern.to_owned());
    let certain = found.iter().all(|word| admits_text(&matcher, word) == Some(true));
    (certain && !found.is_empty()).then_some(found)
}

fn of(tree: &Hir) -> Option<Vec<Vec<u8>>> {
    match tree.kind() {
        // The whole text must match, so what stands at its ends says nothing more.
        HirKind::Empty | HirKind::Look(Look::Start | Look::End | Look::StartLF | Look::EndLF) => {
            Some(vec![Vec::new()])
        }
        HirKind::Look(_) => None,
        HirKind::Literal(literal) => Some(vec![literal.0.to_vec()]),
        HirKind::Class(class) => letters(class),
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.filter(|most| *most <= 8)?;
            let once = of(&repetition.sub)?;
            let times = (repetition.min..=most).map(|times| power(&once, times));
            few(times.collect::<Option<Vec<_>>>()?.concat())
        }
        HirKind::Concat(parts) => {
            parts.iter().try_fold(vec![Vec::new()], |before, part| product(&before, &of(part)?))
        }
        HirKind::Alternation(parts) => few(parts.iter().map(of).collect::<Option<Vec<_>>>()?.concat()),
    }
}

fn letters(class: &Class) -> Option<Vec<Vec<u8>>> {
    let Class::Unicode(class) = class else { return None };
    let letters = class.iter().flat_map(|range| range.start()..=range.end());
    few(letters.take(MOST + 1).map(|letter| letter.to_string().into_bytes()).collect())
}

fn power(words: &[Vec<u8>], times: u32) -> Option<Vec<Vec<u8>>> {
    (0..times).try_fold(vec![Vec::new()], |before, _| product(&before, words))
}

fn product(before: &[Vec<u8>], after: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    if before.len().saturating_mul(after.len()) > MOST {
        return None;
    }
    let joined =
        |first: &Vec<u8>| after.iter().map(|last| [first.as_slice(), last].concat()).collect::<Vec<_>>();
    Some(before.iter().flat_map(joined).collect())
}

fn few(words: Vec<Vec<u8>>) -> Option<Vec<Vec<u8>>> {
    (words.len() <= MOST).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_patterns_with_few_texts_are_listed() {
        let table =
            ["open|closed", "^(a|b)c?$", "[ab]{2}", "\\d", "a+", "a{100}", "a^b", "\\ba", "(", "v[12]"].map(
                |pattern| {
                    format!(
                        "{pattern}: {}",
                        words(pattern).map_or("endless".to_owned(), |words| words.join(" "))
                    )
                },
            );
        insta::assert_snapshot!(table.join("\n"), @r"
        open|closed: closed open
        ^(a|b)c?$: a ac b bc
        [ab]{2}: aa ab ba bb
        \d: endless
        a+: endless
        a{100}: endless
        a^b: endless
        \ba: endless
        (: endless
        v[12]: v1 v2
        ");
    }
}
