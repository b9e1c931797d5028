//! What is wrong with a TOML file, as a failure of the command.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::Failure;
use crate::source::{TomlError, parse_toml};

/// Reads the text of the file at `path`.
///
/// # Errors
/// Asked wrongly, with file, line and column.
pub(crate) fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Failure> {
    parse_toml(path, text).map_err(|error| refused(&error))
}

/// The same with the words for the command line.
pub(crate) fn refused(error: &TomlError) -> Failure {
    let failure = Failure::asked_wrongly(error.to_string());
    error.help.iter().fold(failure, |failure, help| failure.hint(help.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::settings::{File, Settings};
    use crate::source::keys_of;

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
