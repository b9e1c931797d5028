//! Untrusted text made fit for showing: no control characters, bounded length.
//!
//! An answer may hold escape codes that would repaint or rename a terminal, and characters that
//! reverse the reading direction; both are shown as what they are.

use serde_json::Value;

use crate::outcome::Payload;

/// Lines of a body that are shown.
const BODY_LINES: usize = 20;
/// Characters of a line that are shown.
const LINE_CHARS: usize = 200;
/// The width up to which a JSON text on one line stays there.
const NARROW: usize = 88;

/// A text on one line, cut after so many characters.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let mut shown = String::new();
    for (position, c) in text.chars().enumerate() {
        if position == limit {
            shown.push('…');
            break;
        }
        push_visible(&mut shown, c);
    }
    shown
}

/// The end of what a process or handler said, line by line, with a first line for what is missing.
pub(super) fn last_lines(text: &str) -> Vec<String> {
    let all: Vec<&str> = text.lines().collect();
    let missing = all.len().saturating_sub(BODY_LINES);
    let mut lines: Vec<_> = all[missing..].iter().map(|line| one_line(line, LINE_CHARS)).collect();
    if missing > 0 {
        lines.insert(0, format!("… {missing} earlier {}", if missing == 1 { "line" } else { "lines" }));
    }
    lines
}

/// The beginning of a body, line by line, with a last line that says what is missing.
pub(super) fn body(payload: &Payload) -> Vec<String> {
    let text = if payload.base64 { wrapped(&payload.text) } else { laid_out(payload) };
    let mut lines: Vec<_> = text.lines().take(BODY_LINES).map(|line| one_line(line, LINE_CHARS)).collect();
    let more = text.lines().count().saturating_sub(BODY_LINES);
    if more > 0 {
        lines.push(format!("… {more} more {}", if more == 1 { "line" } else { "lines" }));
    }
    if payload.cut {
        lines.push(format!("… cut; {} bytes in all", payload.bytes));
    }
    if payload.base64 {
        lines.insert(0, format!("({} bytes, shown as Base64)", payload.bytes));
    }
    lines
}

/// JSON on one long line is indented, unless that would change a number.
fn laid_out(payload: &Payload) -> String {
    let text = payload.text.as_str();
    if payload.cut || text.contains('\n') || text.chars().count() <= NARROW {
        return text.to_owned();
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) if same_without_spaces(&value.to_string(), text) => format!("{value:#}"),
        _ => text.to_owned(),
    }
}

fn same_without_spaces(a: &str, b: &str) -> bool {
    a.chars().filter(|c| *c != ' ').eq(b.chars().filter(|c| *c != ' '))
}

fn wrapped(base64: &str) -> String {
    let mut lines = String::new();
    for (position, c) in base64.chars().enumerate() {
        if position > 0 && position % NARROW == 0 {
            lines.push('\n');
        }
        lines.push(c);
    }
    lines
}

/// True for characters that a terminal obeys in place of showing them, and for those that XML forbids.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{fffe}' | '\u{ffff}')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn push_visible(shown: &mut String, c: char) {
    match c {
        '\t' => shown.push_str("    "),
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        _ if is_hidden(c) => shown.extend(c.escape_unicode()),
        _ => shown.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(text: &str) -> Payload {
        Payload { text: text.to_owned(), base64: false, bytes: text.len(), cut: false }
    }

    #[test]
    fn escape_codes_and_direction_marks_are_shown_and_not_obeyed() {
        insta::assert_snapshot!(one_line("a\u{1b}[31mb\u{202e}c\r\n\u{9b}", 80), @r"a\u{1b}[31mb\u{202e}c\r\n\u{9b}");
    }

    #[test]
    fn a_long_line_is_cut_with_a_sign() {
        assert_eq!(one_line("\u{ffff}", 80), r"\u{ffff}");
        assert_eq!(one_line("äöüß", 3), "äöü…");
        assert_eq!(one_line("äöü", 3), "äöü");
    }

    #[test]
    fn a_long_body_says_how_much_is_missing() {
        let lines = body(&payload(&"x\n".repeat(21)));
        assert_eq!((lines.len(), lines[20].as_str()), (21, "… 1 more line"));
    }

    #[test]
    fn json_on_one_long_line_is_indented_unless_a_number_would_change() {
        let long = format!(r#"{{"text":"{}","n":1}}"#, "x".repeat(90));
        assert_eq!(body(&payload(&long)).len(), 4);
        let exact = long.replace(":1}", ":18446744073709551616}");
        assert_eq!(body(&payload(&exact)).len(), 1);
    }
}
