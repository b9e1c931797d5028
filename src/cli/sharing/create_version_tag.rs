//! `pactwright create-version-tag`: tags on a version.

use clap::Args;

use super::built;
use super::environments;
use super::recording::RecordArguments;
use crate::cli::Failure;
use crate::fact::new_tags;
use crate::name::{Application, Tag, Version};
use crate::outcome::Answer;

/// Put tags on a version
#[derive(Debug, Args)]
#[command(
    disable_version_flag = true,
    after_help = "\
Examples:
  pactwright create-version-tag -a faq -e 2.0 -t prod
  pactwright create-version-tag -a faq -e 2.0 --tag-with-git-branch --auto-create-version

A tag is a tag: it records no deployment and makes no branch, whatever it is called.

Exit status:
  0  the version has the tags now, or had them already
  2  no tag is given
  3  nobody has ever seen this version, or the store could not be read or written"
)]
pub(crate) struct CreateVersionTag {
    /// The application
    #[arg(short = 'a', long, alias = "pacticipant", value_name = "NAME")]
    application: Application,
    /// Its version
    #[arg(short = 'e', long, value_name = "VERSION")]
    version: Version,
    /// A tag; may be repeated or separated by commas
    #[arg(short, long, value_name = "TAG", value_delimiter = ',')]
    tag: Vec<Tag>,
    /// Record it although nobody has seen this version before
    #[arg(long)]
    auto_create_version: bool,
    /// Use the name of the branch, from the CI system or git, as a tag
    #[arg(short = 'g', long)]
    tag_with_git_branch: bool,
    #[command(flatten)]
    record: RecordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &CreateVersionTag) -> Result<Answer, Failure> {
    let CreateVersionTag { application, version, .. } = arguments;
    let mut tags = arguments.tag.clone();
    if arguments.tag_with_git_branch {
        let branch = built::branch_of_this_build()
            .ok_or_else(|| Failure::asked_wrongly("neither a CI system nor git knows the branch"))?;
        tags.extend(Tag::new(branch.as_str()).ok().filter(|tag| !arguments.tag.contains(tag)));
    }
    if tags.is_empty() {
        return Err(Failure::asked_wrongly("which tag?").hint("--tag or --tag-with-git-branch says it"));
    }
    let mut place = arguments.record.store.open()?;
    let state = if arguments.auto_create_version { place.state_or_new()? } else { place.state()? };
    if !arguments.auto_create_version {
        environments::known_version(&state, application, version)
            .map_err(|failure| failure.hint("--auto-create-version records it all the same"))?;
    }
    let new = new_tags(state.version(application, version), (application, version), &tags);
    let names = tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(", ");
    let already = if new.is_empty() { "already had" } else { "has" };
    let noun = if tags.len() == 1 { "the tag" } else { "the tags" };
    arguments.record.record(&mut place, new, format!("{application} {version} {already} {noun} {names}"))
}
