//! Which versions of which applications a question is about. The flags that say which version
//! belong to the application before them; the order within an application does not matter, and
//! neither does any order where there is only one.

use clap::builder::ValueParser;
use clap::parser::ValuesRef;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};

use crate::cli::Failure;
use crate::gate::{Selector, Which};
use crate::name::{Application, Branch, Tag, Version};

/// The flags, in the order in which they were typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct SelectorArguments {
    words: Vec<Word>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Application(Application),
    Version(Version),
    Latest,
    Tag(Tag),
    Branch(Branch),
    MainBranch,
}

impl SelectorArguments {
    /// One selector for each application.
    ///
    /// # Errors
    /// Asked wrongly, when it is not said which version is meant, or said twice: the question would
    /// be another one.
    pub(crate) fn selectors(&self) -> Result<Vec<Selector>, Failure> {
        self.groups()?.into_iter().map(|(application, words)| selector(application, &words)).collect()
    }

    /// The same where an application without a version means all its versions.
    ///
    /// # Errors
    /// Asked wrongly, when it is said twice which version is meant.
    pub(crate) fn selectors_or_all(&self) -> Result<Vec<(Application, Option<Selector>)>, Failure> {
        let one = |(application, words): (&Application, Vec<&Word>)| match words.as_slice() {
            [] => Ok((application.clone(), None)),
            words => Ok((application.clone(), Some(selector(application, words)?))),
        };
        self.groups()?.into_iter().map(one).collect()
    }

    /// Each application with what says which version of it.
    fn groups(&self) -> Result<Vec<(&Application, Vec<&Word>)>, Failure> {
        let mut groups: Vec<(&Application, Vec<&Word>)> = Vec::new();
        let mut before: Vec<&Word> = Vec::new();
        for word in &self.words {
            match (word, groups.last_mut()) {
                (Word::Application(application), _) => groups.push((application, Vec::new())),
                (word, Some((_, words))) => words.push(word),
                (word, None) => before.push(word),
            }
        }
        match (groups.as_mut_slice(), before.first()) {
            ([(_, words)], Some(_)) => words.extend(before),
            (_, Some(_)) => {
                return Err(Failure::asked_wrongly("a version is given before any of several applications")
                    .hint("write -a NAME -e VERSION -a NAME -e VERSION"));
            }
            (_, None) => {}
        }
        Ok(groups)
    }
}

fn selector(application: &Application, words: &[&Word]) -> Result<Selector, Failure> {
    let which = match words {
        [Word::Version(version)] => Which::Version(version.clone()),
        [Word::Latest] => Which::Latest,
        [Word::Tag(tag)] | [Word::Tag(tag), Word::Latest] | [Word::Latest, Word::Tag(tag)] => {
            Which::Tagged(tag.clone())
        }
        [Word::Branch(branch)]
        | [Word::Branch(branch), Word::Latest]
        | [Word::Latest, Word::Branch(branch)] => Which::Branch(branch.clone()),
        [Word::MainBranch] | [Word::MainBranch, Word::Latest] | [Word::Latest, Word::MainBranch] => {
            Which::MainBranch
        }
        [] => {
            return Err(Failure::asked_wrongly(format!("which version of {application} is meant?"))
                .hint("-e VERSION, --latest, --latest TAG, --branch NAME or --main-branch says it"));
        }
        _ => {
            return Err(Failure::asked_wrongly(format!(
                "{application} has more than one version in one question"
            ))
            .hint("give one of -e, --latest, --tag, --branch and --main-branch for each application"));
        }
    };
    Ok(Selector { application: application.clone(), which })
}

impl Args for SelectorArguments {
    fn augment_args(command: Command) -> Command {
        let arg = |id: &'static str, value: &'static str, parser: ValueParser| {
            Arg::new(id).long(id).value_name(value).value_parser(parser).action(ArgAction::Append)
        };
        command
            .arg(
                arg("application", "NAME", value_parser!(Application).into())
                    .short('a')
                    .alias("pacticipant")
                    .required(true)
                    .help("An application; may be repeated, each time with its version"),
            )
            .arg(
                arg("version", "VERSION", value_parser!(Version).into())
                    .short('e')
                    .help("This version of it"),
            )
            .arg(
                arg("latest", "TAG", value_parser!(String))
                    .short('l')
                    .num_args(0..=1)
                    .default_missing_value("")
                    .help("Its latest version, or the latest one with a tag"),
            )
            .arg(arg("tag", "TAG", value_parser!(Tag).into()).help("Its latest version with this tag"))
            .arg(
                arg("branch", "NAME", value_parser!(Branch).into()).help("Its latest version on this branch"),
            )
            .arg(
                arg("main-branch", "BOOL", value_parser!(bool))
                    .num_args(0)
                    .default_missing_value("true")
                    .help("Its latest version on its main branch"),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SelectorArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut words = Vec::new();
        collect(matches, "application", &mut words, |name: &Application| Word::Application(name.clone()));
        collect(matches, "version", &mut words, |version: &Version| Word::Version(version.clone()));
        collect(matches, "tag", &mut words, |tag: &Tag| Word::Tag(tag.clone()));
        collect(matches, "branch", &mut words, |branch: &Branch| Word::Branch(branch.clone()));
        collect(matches, "main-branch", &mut words, |_: &bool| Word::MainBranch);
        // A blank tag is no tag, as it is where nothing follows the flag.
        let latest = |text: &String| Tag::new(text).map_or(Word::Latest, Word::Tag);
        collect(matches, "latest", &mut words, latest);
        words.sort_by_key(|(index, _)| *index);
        Ok(Self { words: words.into_iter().map(|(_, word)| word).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn collect<T: Clone + Send + Sync + 'static>(
    matches: &ArgMatches,
    id: &str,
    into: &mut Vec<(usize, Word)>,
    word: impl Fn(&T) -> Word,
) {
    let values: ValuesRef<'_, T> = matches.get_many(id).unwrap_or_default();
    let indices = matches.indices_of(id).unwrap_or_default();
    into.extend(indices.zip(values.map(word)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selectors(arguments: &[&str]) -> String {
        let command = SelectorArguments::augment_args(
            Command::new("x").disable_version_flag(true).no_binary_name(true),
        );
        let matches = match command.try_get_matches_from(arguments) {
            Ok(matches) => matches,
            Err(error) => return error.kind().to_string(),
        };
        let arguments = SelectorArguments::from_arg_matches(&matches).expect("it was accepted");
        match arguments.selectors() {
            Ok(selectors) => selectors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            Err(failure) => failure.message,
        }
    }

    #[test]
    fn pitfall_08_no_order_of_arguments_drops_the_version_from_the_question() {
        for (arguments, expected) in [
            (&["-a", "faq", "-e", "1"] as &[_], "faq 1"),
            (&["-e", "1", "-a", "faq"], "faq 1"),
            (&["-a", "faq", "-e", "1", "-a", "support", "-e", "2"], "faq 1; support 2"),
            (
                &["-a", "faq", "--branch", "x", "-a", "support", "-l"],
                "the latest version of faq on branch x; the latest version of support",
            ),
            (&["-a", "faq", "-l", "prod"], "the latest version of faq with tag prod"),
            (&["-a", "faq", "-l", "--branch", "x"], "the latest version of faq on branch x"),
            (&["--main-branch", "-a", "faq"], "the latest version of faq on its main branch"),
            (&["-a", "faq"], "which version of faq is meant?"),
            (&["-a", "faq", "-a", "support", "-e", "2"], "which version of faq is meant?"),
            (
                &["-e", "1", "-a", "faq", "-a", "support", "-e", "2"],
                "a version is given before any of several applications",
            ),
            (&["-a", "faq", "-e", "1", "-e", "2"], "faq has more than one version in one question"),
            (&["-a", "faq", "-e", "1", "--branch", "x"], "faq has more than one version in one question"),
            (&["-e", "1"], "one or more required arguments were not provided"),
        ] {
            assert_eq!(selectors(arguments), expected, "{arguments:?}");
        }
    }
}
