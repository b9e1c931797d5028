//! Words of a command that somebody is told to type.

/// A word as a POSIX shell reads it.
#[must_use]
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        for (word, expected) in [
            ("faq", "faq"),
            ("a/b@1.0", "a/b@1.0"),
            ("FAQ Service", "'FAQ Service'"),
            ("", "''"),
            ("a'b", r"'a'\''b'"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
