//! Values that are secret wherever they stand, and in whatever notation.
//!
//! A value must not be looked for inside words: `1` or `a` as a secret would tear a report to pieces
//! and hide nothing. So a short value is not looked for at all, a longer one only as a whole word,
//! and one that is too long to be met by accident everywhere.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::REDACTED;

/// The shortest value that is looked for, in characters.
const SHORTEST: usize = 4;
/// From this length on a value is found inside words as well.
const UNMISTAKABLE: usize = 16;
/// The shortest value whose Base64 is looked for inside longer Base64, where its ends are not known.
const SHORTEST_INSIDE: usize = 6;

/// What stands where a long value was cut.
const CUT: &str = "…";

/// Secret values in all notations in which they may be met.
#[derive(Clone, Default)]
pub(super) struct Known {
    /// The longest first, so that no part of one is taken for another.
    forms: Vec<Form>,
}

/// One value in one notation.
#[derive(Clone, PartialEq, Eq)]
struct Form {
    text: String,
    found: Found,
}

/// Where a form counts as the secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Between other characters than those of words.
    AsWord,
    /// Everywhere.
    Anywhere,
    /// Inside longer Base64; the characters around it hold the rest of the secret.
    InBase64,
}

impl Known {
    /// From now on this value is a secret, unless it is too short to be one.
    pub(super) fn add(&mut self, value: &str) {
        if value.chars().count() < SHORTEST {
            return;
        }
        for form in forms(value) {
            if !self.forms.contains(&form) {
                self.forms.push(form);
            }
        }
        self.forms.sort_by(|a, b| b.text.len().cmp(&a.text.len()).then_with(|| a.text.cmp(&b.text)));
    }

    /// The text without any of the values.
    pub(super) fn out_of(&self, text: &str) -> String {
        let shown = self.forms.iter().fold(text.to_owned(), |text, form| form.out_of(&text));
        if self.forms.is_empty() || !shown.contains(CUT) {
            return shown;
        }
        let parts: Vec<&str> = shown.split(CUT).collect();
        let is_cut = |index: usize| index + 1 < parts.len();
        let parts = parts.iter().enumerate();
        let parts = parts.map(|(index, part)| self.without_cut_end((*part).to_owned(), is_cut(index)));
        parts.collect::<Vec<_>>().join(CUT)
    }

    /// A text without the beginning of a value at its end, when that is where it was cut.
    pub(super) fn without_cut_end(&self, text: String, is_cut: bool) -> String {
        let begins = |form: &Form| {
            let ends = form.text.char_indices().map(|(end, _)| end).rev();
            ends.filter(|end| *end >= SHORTEST).find(|end| text.ends_with(&form.text[..*end]))
        };
        match self.forms.iter().filter(|_| is_cut).filter_map(begins).max() {
            Some(length) => format!("{}{REDACTED}", &text[..text.len() - length]),
            None => text,
        }
    }

    /// Base64 of the same bytes without any of the values.
    pub(super) fn out_of_base64(&self, text: &str) -> String {
        let Ok(mut bytes) = STANDARD.decode(text) else { return self.out_of(text) };
        for form in self.forms.iter().filter(|form| form.found != Found::InBase64) {
            bytes = without_bytes(&bytes, form.text.as_bytes());
        }
        STANDARD.encode(bytes)
    }
}

impl Form {
    fn out_of(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = 0;
        for (start, end) in self.places(text) {
            let (start, end) = match self.found {
                Found::InBase64 => with_surroundings(text, start, end),
                Found::Anywhere => (start, end),
                Found::AsWord if self.is_word(text, start, end) => (start, end),
                Found::AsWord => continue,
            };
            shown.push_str(&text[rest..start.max(rest)]);
            shown.push_str(REDACTED);
            rest = end.max(rest);
        }
        shown.push_str(&text[rest..]);
        shown
    }

    /// True when neither end of the place goes on as the same word.
    fn is_word(&self, text: &str, start: usize, end: usize) -> bool {
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let (before, behind) = (&text[..start], &text[end..]);
        let goes_on_before = is_part(self.text.chars().next()) && is_part(before.chars().next_back());
        let goes_on_behind = is_part(self.text.chars().next_back()) && is_part(behind.chars().next());
        (!goes_on_before || ends_with_escape(before)) && !goes_on_behind
    }

    /// Where it stands, also with some or all of its characters percent-encoded.
    fn places(&self, text: &str) -> Vec<(usize, usize)> {
        if self.found == Found::InBase64 || !text.contains(['%', '+']) {
            return text.match_indices(&self.text).map(|(at, found)| (at, at + found.len())).collect();
        }
        let mut places: Vec<(usize, usize)> = Vec::new();
        for (start, _) in text.char_indices() {
            if places.last().is_some_and(|(_, end)| start < *end) {
                continue;
            }
            places.extend(encoded_length(&text[start..], &self.text).map(|length| (start, start + length)));
        }
        places
    }
}

/// The length of the value at the start of a text, each character as it stands or percent-encoded.
fn encoded_length(text: &str, value: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    value.bytes().try_fold(0, |at, wanted| {
        let next = *bytes.get(at)?;
        let escape =
            bytes.get(at + 1..at + 3).filter(|_| next == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        if escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()) == Some(wanted) {
            Some(at + 3)
        } else {
            (next == wanted || (next == b'+' && wanted == b' ')).then_some(at + 1)
        }
    })
}

/// A text without a value, where that is not part of a word.
pub(super) fn without_word(text: &str, value: &str) -> String {
    Form { text: value.to_owned(), found: Found::AsWord }.out_of(text)
}

fn forms(value: &str) -> Vec<Form> {
    let found = if value.chars().count() < UNMISTAKABLE { Found::AsWord } else { Found::Anywhere };
    let json = serde_json::to_string(value).unwrap_or_default();
    let xml = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let as_they_stand = [
        value.to_owned(),
        json.trim_matches('"').to_owned(),
        xml,
        STANDARD_NO_PAD.encode(value),
        URL_SAFE_NO_PAD.encode(value),
    ];
    let mut forms: Vec<Form> = as_they_stand.into_iter().map(|text| Form { text, found }).collect();
    forms.dedup();
    forms.extend(inside_base64(value).into_iter().map(|text| Form { text, found: Found::InBase64 }));
    forms
}

/// The part of a value's Base64 that does not depend on what stands before and behind it, for the
/// three ways in which it can lie in a longer text.
fn inside_base64(value: &str) -> Vec<String> {
    if value.chars().count() < SHORTEST_INSIDE {
        return Vec::new();
    }
    let shifted = |before: usize| {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(value.as_bytes());
        // Every character holds six bits: those that share bits with a neighbour are left out.
        let (start, end) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        [
            STANDARD_NO_PAD.encode(&bytes)[start..end].to_owned(),
            URL_SAFE_NO_PAD.encode(&bytes)[start..end].to_owned(),
        ]
    };
    (0..3).flat_map(shifted).collect()
}

/// The place of a piece of Base64 with the characters beside it that share bits with it.
fn with_surroundings(text: &str, start: usize, end: usize) -> (usize, usize) {
    let is_base64 = |c: &char| c.is_ascii_alphanumeric() || "+/-_=".contains(*c);
    let before = text[..start].chars().rev().take(1).take_while(is_base64).count();
    let behind = text[end..].chars().take(2).take_while(is_base64).count();
    (start - before, end + behind)
}

/// True when the last letters are no word but a character in another notation: `%20`, `\n`, `\u00e9`.
fn ends_with_escape(text: &str) -> bool {
    let behind = |sign: &str, length: usize| {
        text.len() > length
            && text.is_char_boundary(text.len() - length)
            && text[..text.len() - length].ends_with(sign)
            && text[text.len() - length..].bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let is_letter = text.ends_with(['n', 'r', 't', 'b', 'f']) && text[..text.len() - 1].ends_with('\\');
    is_letter || behind("%", 2) || behind("\\u", 4)
}

fn without_bytes(bytes: &[u8], value: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(value.len()).position(|window| window == value) {
        shown.extend_from_slice(&rest[..at]);
        shown.extend_from_slice(REDACTED.as_bytes());
        rest = &rest[at + value.len()..];
    }
    shown.extend_from_slice(rest);
    shown
}

/// Says how much is known, and none of it.
impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} forms of values", self.forms.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knowing(values: &[&str]) -> Known {
        let mut known = Known::default();
        for value in values {
            known.add(value);
        }
        known
    }

    #[test]
    fn a_value_is_found_in_every_notation() {
        let known = knowing(&["hun\"ter 2&"]);
        for text in [
            r#"sent hun"ter 2& here"#,
            r#"{"echo":"hun\"ter 2&"}"#,
            r#"{"echo":"\nhun\"ter 2&"}"#,
            "a=hun%22ter%202%26&b=1",
            "a=x%20hun%22ter%202%26",
            "a=hun%22ter+2%26",
            "a=%68un%22ter%202&",
            "a=hun%22ter%202%26é",
            "<a>hun&quot;ter 2&amp;</a>",
            &STANDARD.encode("hun\"ter 2&"),
            &STANDARD.encode("user:hun\"ter 2&"),
            &STANDARD.encode("u:hun\"ter 2&!"),
            &URL_SAFE_NO_PAD.encode("us:hun\"ter 2&!!"),
        ] {
            let shown = known.out_of(text);
            assert!(shown.contains(REDACTED) && !shown.contains("ter"), "{text}: {shown}");
        }
        assert_eq!(known.out_of("a=hun%22ter%202%26&b=1"), "a=REDACTED&b=1");
    }

    #[test]
    fn a_short_value_tears_no_report_to_pieces() {
        let known = knowing(&["a", "1", "abc", "", "  "]);
        let text = "1 interaction: a wrong value at $.abc";
        assert_eq!(known.out_of(text), text);
    }

    #[test]
    fn a_value_is_not_found_inside_a_word_unless_it_is_unmistakable() {
        let known = knowing(&["pass", "0123456789abcdef"]);
        assert_eq!(known.out_of("1 passed, pass, bypass, (pass)"), "1 passed, REDACTED, bypass, (REDACTED)");
        assert_eq!(known.out_of("id_0123456789abcdef0"), "id_REDACTED0");
    }

    #[test]
    fn of_two_values_the_longer_one_is_found() {
        let known = knowing(&["hunter", "hunter two"]);
        assert_eq!(known.out_of("hunter two, hunter"), "REDACTED, REDACTED");
    }

    #[test]
    fn the_beginning_of_a_value_at_a_cut_is_gone() {
        let known = knowing(&["hunter2-and-more"]);
        assert_eq!(known.without_cut_end("x=hunter2-an".to_owned(), true), "x=REDACTED");
        assert_eq!(known.without_cut_end("x=hunter2-an".to_owned(), false), "x=hunter2-an");
        assert_eq!(known.out_of("got \"hunter2-and…, then more"), "got \"REDACTED…, then more");
        assert_eq!(known.without_cut_end("x=hun".to_owned(), true), "x=hun");
    }

    #[test]
    fn binary_bodies_lose_the_value_and_keep_the_rest() {
        let known = knowing(&["hunter2"]);
        let shown = known.out_of_base64(&STANDARD.encode(b"\xffhunter2\xfe"));
        assert_eq!(STANDARD.decode(shown).expect("Base64"), b"\xffREDACTED\xfe");
    }

    #[test]
    fn what_is_known_is_not_shown_for_debugging() {
        assert!(!format!("{:?}", knowing(&["hunter2"])).contains("hunter"));
    }
}
