//! `pactwright explain`: what a code means and what to do about it.

use std::fmt::Write as _;

use super::{Failure, stdio};
use crate::finding::{Code, Weight};
use crate::outcome::Answer;

/// Likeness below which a code is not suggested.
const ALIKE: f64 = 0.75;

/// Explain a code, or list all of them
#[derive(Debug, clap::Args)]
pub(crate) struct ExplainCommand {
    /// The code, as it stands in a report
    code: Option<String>,
}

/// Runs the command.
pub(crate) fn run(command: &ExplainCommand) -> Result<Answer, Failure> {
    let text = match &command.code {
        None => list(),
        Some(name) => explain(find(name)?),
    };
    stdio::say(&text)?;
    Ok(Answer::Yes)
}

fn find(name: &str) -> Result<Code, Failure> {
    let name = name.trim().to_lowercase().replace(['_', ' '], "-");
    Code::from_slug(&name).ok_or_else(|| {
        let failure = Failure::asked_wrongly(format!("there is no code `{name}`"));
        match nearest(&name) {
            Some(code) => failure.hint(format!("did you mean `{code}`?")),
            None => failure.hint("`pactwright explain` lists all codes"),
        }
    })
}

fn nearest(name: &str) -> Option<Code> {
    let likeness = |code: Code| strsim::jaro_winkler(name, code.slug());
    let scored = Code::ALL.iter().map(|code| (likeness(*code), *code));
    scored.filter(|(score, _)| *score >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, code)| code)
}

fn explain(code: Code) -> String {
    format!("{code}\n{}\n\n{}\n\n{}\n", code.weight().heading(), code.summary(), code.explanation())
}

fn list() -> String {
    let mut text = String::new();
    let width = Code::ALL.iter().map(|code| code.slug().len()).max().unwrap_or(0);
    for weight in Weight::ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", weight.heading());
        for code in Code::ALL.iter().filter(|code| code.weight() == *weight) {
            let _ = writeln!(text, "  {:<width$}  {}", code.slug(), code.summary());
        }
        text.push('\n');
    }
    text.push_str("`pactwright explain CODE` tells more about one of them.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_explained_under_its_weight() {
        insta::assert_snapshot!(explain(Code::MissingField), @r#"
        missing-field
        The contract is broken (exit status 1)

        A field that the contract asks for is missing from the body.

        The consumer reads this field, so removing or renaming it breaks the consumer.
        Bring the field back until no consumer needs it; add a new name beside the old one first.
        Example: the pact has {"id": 1, "question": "…"} and the answer {"id": 1}.
        "#);
    }

    #[test]
    fn the_list_names_every_code_once() {
        let list = list();
        for code in Code::ALL {
            assert_eq!(list.matches(&format!("  {code} ")).count(), 1, "{code}");
        }
    }

    #[test]
    fn a_code_is_found_however_it_is_written_and_the_nearest_is_suggested() {
        assert_eq!(find("Missing_Field").expect("a code"), Code::MissingField);
        let failure = find("mising-feild").expect_err("no code");
        assert_eq!(
            (failure.answer, failure.hints.concat().as_str()),
            (Answer::AskedWrongly, "did you mean `missing-field`?")
        );
        assert!(find("zzz").expect_err("no code").hints.concat().contains("lists all codes"));
    }
}
