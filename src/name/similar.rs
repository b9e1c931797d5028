//! Whether a new name is another spelling of one that is known.

/// The known name that a new one is probably another spelling of: `FAQ Service` of `faq`,
/// `support-apps` of `SupportApp`.
///
/// The rule is the Pact Broker's: words are split at white space, `-`, `_` and a change to upper case; a
/// final `s` and the words `api`, `provider` and `service` do not count. A name that is known
/// exactly is never confused.
pub fn similar<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = words(name);
    let mut found = None;
    for candidate in known {
        if candidate == name {
            return None;
        }
        if found.is_none() && !wanted.is_empty() && words(candidate) == wanted {
            found = Some(candidate);
        }
    }
    found
}

fn words(name: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(letter);
        before = letter;
    }
    spaced
        .split(|letter: char| letter.is_whitespace() || matches!(letter, '-' | '_'))
        .map(|word| word.to_lowercase().trim_end_matches('s').to_owned())
        .filter(|word| !matches!(word.as_str(), "" | "api" | "provider" | "service"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_spelling_of_a_known_name_is_noticed() {
        let known = ["faq", "SupportApp"];
        let similar = |name| similar(name, known.into_iter());
        assert_eq!(similar("FAQ Service"), Some("faq"));
        assert_eq!(similar("support-apps"), Some("SupportApp"));
        assert_eq!(similar("faq"), None);
        assert_eq!(similar("billing"), None);
        assert_eq!(similar("api"), None);
    }
}
