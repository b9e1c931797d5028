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

/// How many characters the texts of a pattern have, at least and at most; `None` when that is not
/// certain.
pub(crate) fn lengths(pattern: &str) -> Option<(usize, Option<usize>)> {
    length(&parse(pattern).ok()?)
}

/// A few texts that the pattern matches, short ones and longer ones.
pub(crate) fn samples(pattern: &str) -> Vec<String> {
    let Ok(tree) = parse(pattern) else { return Vec::new() };
    let matcher = Matcher::Regex(pattern.to_owned());
    let made = [false, true].map(|is_long| {
        let mut text = String::new();
        sample(&tree, is_long, &mut text);
        text
    });
    made.into_iter().filter(|text| admits_text(&matcher, text) == Some(true)).collect()
}

fn length(tree: &Hir) -> Option<(usize, Option<usize>)> {
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => Some((0, Some(0))),
        HirKind::Literal(literal) => {
            let characters = std::str::from_utf8(&literal.0).ok()?.chars().count();
            Some((characters, Some(characters)))
        }
        HirKind::Class(_) => Some((1, Some(1))),
        HirKind::Capture(capture) => length(&capture.sub),
        HirKind::Repetition(repetition) => {
            let (least, most) = length(&repetition.sub)?;
            let times = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
            let most = repetition.max.and_then(|max| most?.checked_mul(times(max)));
            Some((least.checked_mul(times(repetition.min))?, most))
        }
        HirKind::Concat(parts) => parts.iter().try_fold((0, Some(0)), |(least, most), part| {
            let (more_least, more_most) = length(part)?;
            Some((least + more_least, most.zip(more_most).map(|(one, other): (usize, usize)| one + other)))
        }),
        HirKind::Alternation(parts) => {
            let lengths: Vec<_> = parts.iter().map(length).collect::<Option<_>>()?;
            let least = lengths.iter().map(|(least, _)| *least).min()?;
            let most = lengths.iter().map(|(_, most)| *most).collect::<Option<Vec<_>>>();
            Some((least, most.and_then(|most| most.into_iter().max())))
        }
    }
}

fn sample(tree: &Hir, is_long: bool, text: &mut String) {
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            let range = if is_long { class.iter().last() } else { class.iter().next() };
            text.extend(range.map(|range| if is_long { range.end() } else { range.start() }));
        }
        HirKind::Capture(capture) => sample(&capture.sub, is_long, text),
        HirKind::Repetition(repetition) => {
            let more = repetition.max.unwrap_or(repetition.min + 3).min(repetition.min + 3);
            for _ in 0..if is_long { more } else { repetition.min.min(64) } {
                sample(&repetition.sub, is_long, text);
            }
        }
        HirKind::Concat(parts) => parts.iter().for_each(|part| sample(part, is_long, text)),
        HirKind::Alternation(parts) => {
            if let Some(part) = if is_long { parts.last() } else { parts.first() } {
                sample(part, is_long, text);
            }
        }
    }
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
