//! Credentials in addresses.

use super::REDACTED;

/// The text without the names and passwords in its addresses.
pub(super) fn without_userinfo(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find("://") {
        let (before, after) = rest.split_at(found + 3);
        shown.push_str(before);
        let authority =
            after.find(|c: char| "/?#\"'<>".contains(c) || c.is_whitespace()).unwrap_or(after.len());
        rest = match after[..authority].rfind('@') {
            Some(at) => {
                shown.push_str(REDACTED);
                &after[at..]
            }
            None => after,
        };
    }
    shown.push_str(rest);
    shown
}
