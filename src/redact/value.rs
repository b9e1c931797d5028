//! Where the value behind a name begins and ends, in any notation: JSON, a form, a query, XML, a
//! header, a sentence.

use super::REDACTED;
use super::names::is_name_char;

/// Words that stand between a header's name and its secret.
pub(super) const SCHEMES: &[&str] = &["Bearer", "bearer", "Basic", "Digest", "Token"];

/// Replaces the values of secret names, and says whether the last one was cut off.
pub(super) fn scan(text: &str, is_secret: impl Fn(&str) -> bool) -> (String, bool) {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    let mut cut = false;
    while let Some(start) = rest.find(is_name_char) {
        let end = rest[start..].find(|c| !is_name_char(c)).map_or(rest.len(), |length| start + length);
        let (name, after) = (&rest[start..end], &rest[end..]);
        let is_element = rest[..start].ends_with('<');
        shown.push_str(&rest[..end]);
        rest = after;
        let gap = if is_secret(name) { separator(after, is_element) } else { scheme_gap(name, after) };
        if let Some(gap) = gap {
            shown.push_str(&after[..gap]);
            let value = Extent::of(&after[gap..]);
            shown.push_str(value.opening);
            // An empty value is no secret, and worth knowing.
            shown.push_str(if value.length > value.opening.len() { REDACTED } else { "" });
            rest = &after[gap + value.length..];
            cut = value.cut;
        }
    }
    shown.push_str(rest);
    (shown, cut)
}

/// How far the value at the start of a text reaches, without its closing quotation mark.
struct Extent<'a> {
    opening: &'a str,
    length: usize,
    cut: bool,
}

impl<'a> Extent<'a> {
    fn of(text: &'a str) -> Self {
        let quoted = text.trim_start_matches('\\');
        let opening = &text[..text.len() - quoted.len()];
        match quoted.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let opening = &text[..=opening.len()];
                let closing = format!("{}{quote}", &opening[..opening.len() - 1]);
                let length = opening.len() + quotation(&text[opening.len()..], &closing);
                Self { opening, length, cut: false }
            }
            Some('{' | '[') => {
                let (length, cut) = container(text);
                Self { opening: "", length, cut }
            }
            _ => Self { opening: "", length: word(text), cut: false },
        }
    }
}

/// The length of a bare word; an authentication scheme and what follows it are one.
fn word(text: &str) -> usize {
    let end = |text: &str| text.find(ends_word).unwrap_or(text.len());
    let first = end(text);
    if SCHEMES.contains(&&text[..first]) && text[first..].starts_with(' ') {
        first + 1 + end(&text[first + 1..])
    } else {
        first
    }
}

/// The length up to the closing quotation mark, which does not count behind a backslash.
fn quotation(text: &str, closing: &str) -> usize {
    let mut from = 0;
    while let Some(found) = text[from..].find(closing) {
        let at = from + found;
        let escaped =
            closing.len() == 1 && text[..at].bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1;
        if !escaped {
            return at;
        }
        from = at + closing.len();
    }
    text.len()
}

/// The length of an object or a list, and whether its end is missing.
fn container(text: &str) -> (usize, bool) {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_text = !in_text,
            '{' | '[' if !in_text => depth += 1,
            '}' | ']' if !in_text => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (at + c.len_utf8(), false);
        }
    }
    (text.len(), true)
}

/// The length of what stands between a name and its value: `": "`, `=`, or `>` after an element's name.
fn separator(after: &str, is_element: bool) -> Option<usize> {
    let rest = after.trim_start_matches('\\').trim_start_matches(['"', '\'']).trim_start_matches(' ');
    let signs: &[char] = if is_element { &['>'] } else { &[':', '='] };
    let rest = rest.strip_prefix(signs)?.trim_start_matches(' ');
    (!rest.is_empty()).then_some(after.len() - rest.len())
}

fn scheme_gap(name: &str, after: &str) -> Option<usize> {
    let follows = after.starts_with(' ') && after[1..].starts_with(|c| !ends_word(c));
    (matches!(name, "Bearer" | "bearer" | "Basic") && follows).then_some(1)
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || "&;,\"'<>(){}[]".contains(c)
}
