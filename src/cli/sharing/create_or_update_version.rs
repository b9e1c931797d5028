//! `pactwright create-or-update-version`: there is such a version, on a branch, with tags.

use clap::Args;

use super::recording::RecordArguments;
use crate::cli::Failure;
use crate::fact::new_about;
use crate::name::{Application, Branch, Tag, Version, did_you_mean};
use crate::outcome::Answer;

/// Record that there is a version, its branch and its tags
#[derive(Debug, Args)]
#[command(
    disable_version_flag = true,
    after_help = "\
Examples:
  pactwright create-or-update-version -a faq -e 2.0 --branch main
  pactwright create-or-update-version -a faq -e 2.0 -t prod

`publish` and `verify --publish` do so by themselves. A version stays on the branches that it was on.

Exit status:
  0  it is recorded, or was known already
  3  the store could not be read or written"
)]
pub(crate) struct CreateOrUpdateVersion {
    /// The application
    #[arg(short = 'a', long, alias = "pacticipant", value_name = "NAME")]
    application: Application,
    /// Its version
    #[arg(short = 'e', long, value_name = "VERSION")]
    version: Version,
    /// A branch that it was built from
    #[arg(long, value_name = "NAME")]
    branch: Option<Branch>,
    /// A tag; may be repeated or separated by commas
    #[arg(short, long, value_name = "TAG", value_delimiter = ',')]
    tag: Vec<Tag>,
    #[command(flatten)]
    record: RecordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &CreateOrUpdateVersion) -> Result<Answer, Failure> {
    let mut place = arguments.record.store.open()?;
    let state = place.state_or_new()?;
    let CreateOrUpdateVersion { application, version, branch, tag: tags, .. } = arguments;
    let known = state.version(application, version);
    let new = new_about(known, (application, version), branch.as_ref(), tags);
    let what = if new.is_empty() {
        "was known already".to_owned()
    } else if known.is_some() {
        "has changed".to_owned()
    } else if state.knows(application) {
        "is new".to_owned()
    } else {
        let near = did_you_mean(application.as_str(), state.applications().map(Application::as_str));
        let doubt = near.map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("is new, and so is the application{doubt}")
    };
    arguments.record.record(&mut place, new, format!("{application} {version} {what}"))
}
