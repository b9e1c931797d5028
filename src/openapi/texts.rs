//! The texts that a pattern stands for, when they are many: how long they are, and some of them.

use regex_syntax::ast::{Ast, parse::Parser};
use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind, Repetition};
use regex_syntax::parse;

use crate::contract::{Matcher, admits_text};

/// How many characters the texts of a pattern have, at least and at most; `None` when that is not
/// certain.
pub(super) fn lengths(pattern: &str) -> Option<(usize, Option<usize>)> {
    length(&parse(pattern).ok()?)
}

/// A few texts that the pattern matches, short ones and longer ones.
pub(super) fn samples(pattern: &str) -> Vec<String> {
    let Ok(tree) = parse(pattern) else { return Vec::new() };
    let matcher = Matcher::Regex(pattern.to_owned());
    let made = [false, true].map(|is_long| {
        let mut text = String::new();
        sample(&tree, is_long, &mut text);
        text
    });
    made.into_iter().filter(|text| admits_text(&matcher, text) == Some(true)).collect()
}

/// The pattern without what stands for the ends of the text.
pub(super) fn bare(pattern: &str) -> &str {
    let bare = pattern.strip_prefix('^').unwrap_or(pattern);
    bare.strip_suffix('$').unwrap_or(bare)
}

/// False when it is certain that no text of the pattern has the letter.
pub(super) fn may_have(pattern: &str, letter: char) -> bool {
    fn in_tree(tree: &Hir, letter: char) -> bool {
        match tree.kind() {
            HirKind::Empty | HirKind::Look(_) => false,
            HirKind::Literal(literal) => String::from_utf8_lossy(&literal.0).contains(letter),
            HirKind::Class(Class::Unicode(class)) => {
                class.iter().any(|range| (range.start()..=range.end()).contains(&letter))
            }
            HirKind::Class(Class::Bytes(_)) => true,
            HirKind::Capture(capture) => in_tree(&capture.sub, letter),
            HirKind::Repetition(repetition) => in_tree(&repetition.sub, letter),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => {
                parts.iter().any(|part| in_tree(part, letter))
            }
        }
    }
    parse(pattern).map_or(true, |tree| in_tree(&tree, letter))
}

/// True for a pattern that is one of several, as in `a|b`, or cannot be read.
pub(super) fn is_choice(pattern: &str) -> bool {
    Parser::new().parse(pattern).map_or(true, |tree| matches!(tree, Ast::Alternation(_)))
}

/// What the texts of a pattern have before the first semicolon or space, in lower case; `None` when that is
/// not certain, or too much.
pub(super) fn beginnings(pattern: &str) -> Option<Vec<String>> {
    let tree = parse(pattern).ok()?;
    let mut found: Vec<_> =
        extended(&tree, vec![Beginning::default()])?.into_iter().map(|one| one.text).collect();
    found.sort();
    found.dedup();
    Some(found)
}

/// How a text begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Beginning {
    text: String,
    /// True when a semicolon or space has come.
    is_whole: bool,
}

/// More beginnings than this are too many to list.
const MOST: usize = 32;

fn extended(tree: &Hir, known: Vec<Beginning>) -> Option<Vec<Beginning>> {
    if known.iter().all(|one| one.is_whole) {
        return Some(known);
    }
    let with = |letters: &mut dyn Iterator<Item = char>, mut one: Beginning| {
        for letter in letters {
            one.is_whole |= letter == ';' || letter.is_whitespace();
            if !one.is_whole {
                one.text.extend(letter.to_lowercase());
            }
        }
        one
    };
    let mut found = match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => known,
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            known.into_iter().map(|one| with(&mut text.chars(), one)).collect()
        }
        HirKind::Class(Class::Unicode(class)) => {
            // Some letters of other scripts count as another case of one in ASCII.
            let has_ascii = class.iter().any(|range| range.start().is_ascii_graphic());
            let ranges = class.iter().filter(|range| !has_ascii || range.start().is_ascii());
            let all = ranges.flat_map(|range| range.start()..=range.end());
            let mut letters: Vec<char> = all.take(MOST).collect();
            if letters.iter().all(|letter| letter.is_whitespace()) {
                letters.truncate(1);
            }
            let each = |one: &Beginning| {
                letters
                    .iter()
                    .map(|letter| with(&mut std::iter::once(*letter), one.clone()))
                    .collect::<Vec<_>>()
            };
            if letters.len() == MOST {
                return None;
            }
            known.iter().flat_map(each).collect()
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Capture(capture) => extended(&capture.sub, known)?,
        HirKind::Repetition(repetition) => repeated(repetition, known)?,
        HirKind::Concat(parts) => parts.iter().try_fold(known, |known, part| extended(part, known))?,
        HirKind::Alternation(parts) => {
            let each: Option<Vec<_>> = parts.iter().map(|part| extended(part, known.clone())).collect();
            each?.concat()
        }
    };
    found.sort();
    found.dedup();
    (found.len() <= MOST).then_some(found)
}

fn repeated(repetition: &Repetition, known: Vec<Beginning>) -> Option<Vec<Beginning>> {
    let mut now = known;
    for _ in 0..repetition.min.min(8) {
        now = extended(&repetition.sub, now)?;
    }
    let more = repetition.max.unwrap_or(u32::MAX).saturating_sub(repetition.min);
    let mut all = now.clone();
    for step in 0..more {
        now = extended(&repetition.sub, now)?;
        all.extend(now.iter().cloned());
        if now.iter().all(|one| one.is_whole) {
            break;
        }
        if step > 4 {
            return None;
        }
    }
    Some(all)
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
            // Whoever writes `\d` or `\w` hardly means the digits and letters of all scripts.
            let ascii: Vec<_> = class.iter().filter(|range| range.start().is_ascii()).collect();
            let end = |range: &ClassUnicodeRange| range.end().min('~').max(range.start());
            let letter = match (ascii.as_slice(), is_long) {
                ([first, ..], false) => Some(first.start()),
                ([.., last], true) => Some(end(last)),
                ([], false) => class.iter().next().map(ClassUnicodeRange::start),
                ([], true) => class.iter().last().map(ClassUnicodeRange::end),
            };
            text.extend(letter);
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
