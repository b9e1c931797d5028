//! The words with which a run can be started again.

use crate::name::quoted;
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
const SECRET: &[&str] = &["--url-token", "--token", "-t", "--url-password", "--password"];

/// The arguments of this process without what narrowed it down, as a shell reads them.
pub(crate) fn command(arguments: impl Iterator<Item = String>, redactor: &Redactor) -> String {
    let mut words = vec!["pactwright".to_owned()];
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        let (name, has_inline_value) = named(&argument);
        if let Some((_, has_value)) = LEFT_OUT.iter().find(|(known, _)| *known == name) {
            if *has_value && !has_inline_value {
                arguments.next();
            }
        } else if SECRET.contains(&name) {
            if !has_inline_value {
                arguments.next();
            }
        } else {
            words.push(quoted(&shown(redactor, &argument)));
        }
    }
    words.join(" ")
}

/// The name of an option, and whether its value is part of the same word.
fn named(argument: &str) -> (&str, bool) {
    match argument.split_once('=') {
        Some((name, _)) if name.starts_with("--") => (name, true),
        _ if argument.starts_with("--") => (argument, false),
        _ => match argument.char_indices().nth(2) {
            Some((end, _)) if argument.starts_with('-') => (&argument[..end], true),
            _ => (argument, false),
        },
    }
}

/// A header as it was given, without its secret.
fn shown(redactor: &Redactor, argument: &str) -> String {
    let prefix = ["--header=", "-H"].into_iter().find(|prefix| argument.starts_with(prefix)).unwrap_or("");
    let (prefix, argument) = argument.split_at(prefix.len());
    format!("{prefix}{}", header(redactor, argument))
}

fn header(redactor: &Redactor, argument: &str) -> String {
    let separator = argument.find([':', '=']).filter(|_| !argument.contains("://"));
    match separator {
        Some(at) if redactor.is_secret(argument[..at].trim()) => {
            format!("{}{}", &argument[..=at], crate::redact::REDACTED)
        }
        _ => redactor.text(argument),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rerun(arguments: &[&str]) -> String {
        command(arguments.iter().map(|argument| (*argument).to_owned()), &Redactor::new(["X-Own"]))
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
            "-cweb",
            "-j",
            "report.json",
        ];
        assert_eq!(rerun(&words), "pactwright verify pacts --start 'npm start'");
    }

    #[test]
    fn a_secret_header_is_recognised_in_every_form() {
        for words in [["-H", "X-Own: abc"], ["-HX-Own=abc", "a"], ["--header=x-own: abc", "a"]] {
            let rerun = rerun(&words);
            assert!(!rerun.contains("abc") && rerun.contains("REDACTED"), "{rerun}");
        }
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
