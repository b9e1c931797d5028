//! Reading a TOML file, with the place of what is wrong in it and with what was probably meant.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::Failure;
use crate::name::nearest;

/// Reads the text of the file at `path`.
///
/// # Errors
/// Asked wrongly, with file, line and column.
pub(crate) fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Failure> {
    toml::from_str(text).map_err(|error| {
        let (line, column) = position(text, error.span().map_or(0, |span| span.start));
        let place = format!("{}:{line}:{column}", path.display());
        match unknown_key(error.message()) {
            Some((key, known)) => unknown(&place, key, &known),
            None => Failure::asked_wrongly(format!("{place}: {}", error.message().replace('\n', ", "))),
        }
    })
}

/// The keys that a table of this kind may have.
pub(crate) fn keys_of<T: DeserializeOwned>() -> Vec<String> {
    // Only the parser knows, and it tells whoever asks for a key that cannot be.
    let refused = toml::from_str::<T>("\"\" = 0").err();
    let message = refused.map(|error| error.message().to_owned()).unwrap_or_default();
    unknown_key(&message).map(|(_, known)| known.into_iter().map(str::to_owned).collect()).unwrap_or_default()
}

fn unknown(place: &str, key: &str, known: &[&str]) -> Failure {
    let failure = Failure::asked_wrongly(format!("{place}: the key `{key}` is not known here"));
    match nearest(key, known.iter().copied()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("known here are {}", known.join(", "))),
    }
}

/// The key that is not known, and those that are: the quoted words of the parser's sentence.
fn unknown_key(message: &str) -> Option<(&str, Vec<&str>)> {
    let mut words = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    Some((words.next()?, words.collect()))
}

/// Line and column, both from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::settings::{File, Settings};

    fn refused(text: &str) -> String {
        let failure = parse::<File>(Path::new("pactwright.toml"), text).expect_err("it is not valid");
        [vec![failure.message], failure.hints].concat().join("\n")
    }

    #[test]
    fn a_misspelt_key_is_refused_with_its_place_and_what_was_meant() {
        insta::assert_snapshot!(refused("provider = \"faq\"\n[verify]\n  stat-url = \"/x\"\n"), @r"
        pactwright.toml:3:3: the key `stat-url` is not known here
        did you mean `state-url`?
        ");
        insta::assert_snapshot!(refused("[verfy]\n"), @r"
        pactwright.toml:1:2: the key `verfy` is not known here
        did you mean `verify`?
        ");
        insta::assert_snapshot!(refused("colour = 1\n"), @r"
        pactwright.toml:1:1: the key `colour` is not known here
        known here are provider, consumer, store, pacts, verify
        ");
    }

    #[test]
    fn other_defects_have_their_place_as_well() {
        insta::assert_snapshot!(refused("pacts = \"pacts\"\n"), @r#"pactwright.toml:1:9: invalid type: string "pacts", expected a sequence"#);
        insta::assert_snapshot!(refused("[verify]\nretries = \"two\"\n"), @r#"pactwright.toml:2:11: invalid type: string "two", expected u32"#);
        insta::assert_snapshot!(refused("[verify\n"), @"pactwright.toml:1:8: unclosed table, expected `]`");
    }

    #[test]
    fn the_keys_of_a_table_are_known() {
        assert!(keys_of::<Settings>().contains(&"state-url".to_owned()));
    }
}
