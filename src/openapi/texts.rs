//! The texts that a pattern stands for, when they are many: how long they are, and some of them.

use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};
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
