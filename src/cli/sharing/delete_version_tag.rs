//! `pactwright delete-version-tag`: a tag is taken from a version.

use clap::Args;

use super::environments;
use super::recording::RecordArguments;
use crate::cli::Failure;
use crate::fact::{Tagged, What};
use crate::name::{Application, Tag, Version};
use crate::outcome::Answer;

/// Take a tag from a version
#[derive(Debug, Args)]
#[command(
    disable_version_flag = true,
    after_help = "\
Examples:
  pactwright delete-version-tag -a faq -e 2.0 -t prod

Exit status:
  0  it is recorded
  2  the version does not have this tag
  3  nobody has ever seen this version, or the store could not be read or written"
)]
pub(crate) struct DeleteVersionTag {
    /// The application
    #[arg(short = 'a', long, alias = "pacticipant", value_name = "NAME")]
    application: Application,
    /// Its version
    #[arg(short = 'e', long, value_name = "VERSION")]
    version: Version,
    /// The tag
    #[arg(short, long, value_name = "TAG")]
    tag: Tag,
    #[command(flatten)]
    record: RecordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &DeleteVersionTag) -> Result<Answer, Failure> {
    let mut place = arguments.record.store.open()?;
    let state = place.state()?;
    let DeleteVersionTag { application, version, tag, .. } = arguments;
    let tags = &environments::known_version(&state, application, version)?.tags;
    if !tags.contains(tag) {
        let failure = Failure::asked_wrongly(format!("{application} {version} has no tag {tag}"));
        let names: Vec<_> = tags.iter().map(Tag::as_str).collect();
        let has = (!names.is_empty()).then(|| format!("it has {}", names.join(", ")));
        return Err(has.into_iter().fold(failure, Failure::hint));
    }
    let gone = Tagged { application: application.clone(), version: version.clone(), tag: tag.clone() };
    let message = format!("{application} {version} has no tag {tag} any more");
    arguments.record.record(&mut place, Some(What::Untagged(gone)), message)
}
