//! The words with which a run can be started again.

use crate::redact::Redactor;

/// Options that narrow a run down or only concern its output; each with whether it has a value.
const LEFT_OUT: &[(&str, bool)] = &[
    ("--description", true),
    ("--filter-description", true),
    ("--state", true),
    ("--filter-state", true),
    ("--filter-no-state", false),
    ("--no-state", false),
    ("--consumer", true),
    ("--filter-consumer", true),
    ("-c", true),
    ("--interaction", true),
    ("-i", true),
    ("--last-failed", false),
    ("--partition", true),
    ("--report", true),
    ("--json", true),
    ("-j", true),
    ("--junit", true),
    ("-x", true),
    ("--html", true),
    ("--color", true),
    ("--fail-fast", false),
    ("--exit-on-first-error", false),
    ("--max-failures", true),
];

/// Options whose value is a secret.
const SECRET: &[&str] = &["--url-token", "--url-password"];

/// The arguments of this process without what narrowed it down, as a shell reads them.
pub(crate) fn command(arguments: impl Iterator<Item = String>) -> String {
    let redactor = Redactor::new::<&str>([]);
    let mut words = vec!["pactwright".to_owned()];
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        let (name, has_inline_value) = match argument.split_once('=') {
            Some((name, _)) if name.starts_with("--") => (name.to_owned(), true),
            _ => (argument.clone(), false),
        };
        if let Some((_, has_value)) = LEFT_OUT.iter().find(|(known, _)| *known == name) {
            if *has_value && !has_inline_value {
                arguments.next();
            }
        } else if SECRET.contains(&name.as_str()) {
            if !has_inline_value {
                arguments.next();
            }
        } else {
            words.push(quoted(&shown(&redactor, &argument)));
        }
    }
    words.join(" ")
}

/// A header as it was given, without its secret.
fn shown(redactor: &Redactor, argument: &str) -> String {
    let separator = argument.find([':', '=']).filter(|_| !argument.contains("://"));
    match separator {
        Some(at) if redactor.is_secret(argument[..at].trim_start_matches("--header=").trim()) => {
            format!("{}{}", &argument[..=at], crate::redact::REDACTED)
        }
        _ => redactor.text(argument),
    }
}

/// A word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
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

    fn rerun(arguments: &[&str]) -> String {
        command(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn what_narrowed_the_run_down_is_left_out() {
        let words = [
            "verify",
            "pacts",
            "--interaction",
            "abc",
            "--start",
            "npm start",
            "--last-failed",
            "--report=json",
        ];
        assert_eq!(rerun(&words), "pactwright verify pacts --start 'npm start'");
    }

    #[test]
    fn secrets_are_left_out() {
        let words =
            ["verify", "-H", "Authorization: Bearer abc", "--url-token", "x", "https://u:p@host/pact"];
        let rerun = rerun(&words);
        assert!(
            !rerun.contains("abc") && !rerun.contains("u:p") && !rerun.contains("--url-token"),
            "{rerun}"
        );
    }
}
