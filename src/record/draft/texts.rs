//! Names with texts: a query, headers, a form.

use std::fmt::Write as _;

use super::Draft;
use super::groups::{Pairs, has_path};
use crate::redact::REDACTED;

/// Headers that are worth a contract, with a text that is another one each time.
const OF_A_MOMENT: [&str; 7] = [
    "etag",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "last-modified",
];

/// What was seen in several calls, all of one kind.
pub(super) struct Texts<'a> {
    what: &'static str,
    calls: &'a [Pairs],
    /// The address of the real provider, for headers of answers.
    url: Option<&'a str>,
}

impl<'a> Texts<'a> {
    pub(super) fn query(calls: &'a [Pairs]) -> Self {
        Self { what: "query", calls, url: None }
    }

    pub(super) fn headers(calls: &'a [Pairs]) -> Self {
        Self { what: "headers", calls, url: None }
    }

    pub(super) fn form(calls: &'a [Pairs]) -> Self {
        Self { what: "form", calls, url: None }
    }

    /// Headers of answers, of which those count that all of them have.
    pub(super) fn answer_headers(calls: &'a [Pairs], url: &'a str) -> Self {
        Self { what: "headers", calls, url: Some(url) }
    }

    /// The names in all calls, each once.
    fn names(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in self.calls.iter().flatten() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// For each call, the texts under a name.
    fn under(&self, name: &str) -> Vec<Vec<&'a str>> {
        let texts = |pairs: &'a Pairs| {
            pairs.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_str()).collect()
        };
        self.calls.iter().map(texts).collect()
    }
}

impl Draft<'_> {
    /// A map of texts; what was not always the same has a rule, and one that is secret is not written.
    pub(super) fn texts(&mut self, texts: &Texts<'_>) {
        let (mut lines, mut left_out) = (Vec::new(), Vec::new());
        for name in texts.names() {
            match self.said(texts, name) {
                Some(said) => lines.push(format!("{}: {said}", scalar(name))),
                None => left_out.push(scalar(name)),
            }
        }
        if !lines.is_empty() {
            let _ = writeln!(self.text, "      {}:", texts.what);
        }
        for line in lines {
            let _ = writeln!(self.text, "        {line}");
        }
        if !left_out.is_empty() {
            let (what, names) = (texts.what, left_out.join(", "));
            let _ = writeln!(
                self.text,
                "      # left out of the {what}, for it was not always there or alike: {names}"
            );
        }
    }

    /// What is expected under a name; nothing where the answers have nothing in common.
    fn said(&self, texts: &Texts<'_>, name: &str) -> Option<String> {
        let seen = texts.under(name);
        if seen.iter().any(Vec::is_empty) {
            return None;
        }
        let is_same = seen.windows(2).all(|pair| pair[0] == pair[1]);
        let is_secret = self.redactor.is_secret(name);
        if is_secret && (texts.what != "form" || has_path(name)) {
            let times = seen[0].len();
            if seen.iter().any(|one| one.len() != times) {
                return None;
            }
            let shown = match seen[0].first() {
                Some(value) if texts.what == "headers" => self.redactor.header(name, value),
                _ => REDACTED.to_owned(),
            };
            let matcher = format!("{{ $regex: {}, example: {} }}", any_of(&seen, &shown), scalar(&shown));
            let all = if times == 1 { matcher } else { format!("[{}]", vec![matcher; times].join(", ")) };
            return Some(format!("{all} # a secret, not written"));
        }
        let is_single = seen.iter().all(|one| one.len() == 1);
        match (seen[0].as_slice(), texts.url) {
            ([first], Some(url)) if first.starts_with(url) && is_single => self.address(&seen, url),
            // Links may be many, each in brackets, and lead to the same place without it.
            ([first], Some(url)) if first.contains(url) && is_single => {
                Some(guess(&seen, &self.redactor.text(&first.replace(url, ""))))
            }
            ([first], _) if is_single && texts.what == "headers" && OF_A_MOMENT.contains(&name) => {
                // The next one may be of another kind.
                let any = [seen.as_slice(), &[vec!["\"w/1\""]]].concat();
                Some(guess(&any, &self.redactor.text(first)))
            }
            _ if is_same => Some(self.exactly(&seen[0])),
            ([first], _) if is_single => {
                let shown = self.redactor.text(first);
                Some(guess(&seen, &shown))
            }
            _ => None,
        }
    }

    /// The texts as they are; a rule is for all of them, so one in which there is a secret leaves all open.
    fn exactly(&self, texts: &[&str]) -> String {
        let shown: Vec<String> = texts.iter().map(|text| self.redactor.text(text)).collect();
        let is_open = shown.iter().zip(texts).any(|(shown, text)| shown != text);
        let both = [texts.to_vec(), shown.iter().map(String::as_str).collect()];
        let one = |shown: &String| {
            if is_open {
                format!("{{ $regex: {}, example: {} }}", any_of(&both, shown), scalar(shown))
            } else {
                scalar(shown)
            }
        };
        let all: Vec<String> = shown.iter().map(one).collect();
        let all = if let [one] = all.as_slice() { one.clone() } else { format!("[{}]", all.join(", ")) };
        if is_open { format!("{all} # a secret, not written") } else { all }
    }

    /// An address of the provider itself: the next one is reached elsewhere.
    fn address(&self, seen: &[Vec<&str>], url: &str) -> Option<String> {
        let paths: Option<Vec<&str>> = seen.iter().map(|one| one[0].strip_prefix(url)).collect();
        let paths = paths?;
        let is_same = paths.windows(2).all(|pair| pair[0] == pair[1]);
        if is_same && paths[0].starts_with('/') && self.redactor.text(paths[0]) == paths[0] {
            return Some(format!("{{ $mockUrl: {} }} # guess", scalar(paths[0])));
        }
        // The example leads to nobody else either.
        let shown = if paths[0].starts_with('/') { paths[0] } else { "/" };
        Some(guess(seen, &self.redactor.text(shown)))
    }
}

fn guess(seen: &[Vec<&str>], shown: &str) -> String {
    format!("{{ $regex: {}, example: {} }} # guess", any_of(seen, shown), scalar(shown))
}

/// The narrowest of a few patterns that all texts match, and the one that is shown.
fn any_of(seen: &[Vec<&str>], shown: &str) -> &'static str {
    let all = |is: fn(char) -> bool| {
        let mut texts = seen.iter().flatten().copied().chain([shown]);
        texts.all(|text| !text.is_empty() && text.chars().all(is))
    };
    if all(|c| c.is_ascii_digit()) {
        r"'\d+'"
    } else if all(|c| c != '\n' && c != '\r') {
        ".+"
    } else {
        r"'[\s\S]*'"
    }
}

/// A text as YAML has it: bare where nothing can be mistaken, otherwise in quotes.
pub(super) fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " _./-".contains(c))
        && !text.ends_with(' ')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_lowercase().as_str());
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}
