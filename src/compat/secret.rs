//! Examples that nobody should read in a log: values under names that are secret wherever they
//! stand.

use std::sync::LazyLock;

use crate::redact::{REDACTED, Redactor};

static REDACTOR: LazyLock<Redactor> = LazyLock::new(|| Redactor::new::<&str>([]));

/// Words about the value at a path, with secrets taken out.
pub(crate) fn hidden(path: &str, words: &str) -> String {
    let name = path.rsplit(['.', '[', '\'']).find(|name| name.chars().any(char::is_alphabetic));
    if name.is_some_and(|name| REDACTOR.is_secret(name.trim_end_matches(']'))) {
        return REDACTED.to_owned();
    }
    REDACTOR.text(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_under_a_secret_name_is_not_shown() {
        let table = [
            ("Authorization", "exactly \"abc\""),
            ("$.user.password", "exactly \"abc\""),
            ("$['api-key'][0]", "exactly \"abc\""),
            ("$.source", "exactly \"Bearer abc\""),
            ("$.source", "exactly \"ticket 17\""),
            ("", "a user {\"password\":\"abc\"}"),
        ]
        .map(|(path, words)| format!("{path}: {}", hidden(path, words)));
        insta::assert_snapshot!(table.join("\n"), @r#"
        Authorization: REDACTED
        $.user.password: REDACTED
        $['api-key'][0]: REDACTED
        $.source: exactly "Bearer REDACTED"
        $.source: exactly "ticket 17"
        : a user {"password":"REDACTED"}
        "#);
    }
}
