//! `pactwright create-environment`: a place where versions are deployed or released to.

use clap::Args;

use super::environments;
use super::recording::RecordArguments;
use crate::cli::Failure;
use crate::fact::{Contact, EnvironmentDescription, What};
use crate::name::{Environment, Line};
use crate::outcome::Answer;

/// Create an environment
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright create-environment --name production --production
  pactwright create-environment --name test --display-name 'Shared test' --contact-name QA

Exit status:
  0  it is there now, or was already as described
  2  it is there already and is described otherwise, or another is spelt nearly so
  3  the store could not be read or written")]
pub(crate) struct CreateEnvironment {
    /// Its name, without white space
    #[arg(long, value_name = "NAME")]
    name: Environment,
    /// Use a new name although a known one is spelt nearly so
    #[arg(long)]
    allow_similar_name: bool,
    #[command(flatten)]
    description: DescriptionArguments,
    #[command(flatten)]
    record: RecordArguments,
}

/// What can be said about an environment.
#[derive(Debug, Args)]
pub(super) struct DescriptionArguments {
    /// What people call it
    #[arg(long, value_name = "NAME")]
    display_name: Option<Line>,
    /// It serves customers
    #[arg(long, overrides_with = "no_production")]
    production: bool,
    /// It does not
    #[arg(long, overrides_with = "production")]
    no_production: bool,
    /// Whom to call about it
    #[arg(long, value_name = "NAME")]
    contact_name: Option<Line>,
    /// How to reach them
    #[arg(long, value_name = "ADDRESS")]
    contact_email_address: Option<Line>,
}

impl DescriptionArguments {
    /// A description in which what is given here replaces what was known.
    pub(super) fn over(&self, mut known: EnvironmentDescription) -> EnvironmentDescription {
        if self.production || self.no_production {
            known.production = self.production;
        }
        if let Some(called) = &self.display_name {
            known.display_name = Some(called.clone());
        }
        let Self { contact_name, contact_email_address, .. } = self;
        if contact_name.is_some() || contact_email_address.is_some() {
            let Contact { name, email } = known.contact.unwrap_or(Contact { name: None, email: None });
            let name = contact_name.clone().or(name);
            known.contact = Some(Contact { name, email: contact_email_address.clone().or(email) });
        }
        known
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &CreateEnvironment) -> Result<Answer, Failure> {
    let mut place = arguments.record.store.open()?;
    let state = place.state_or_new()?;
    let name = &arguments.name;
    let nothing_said =
        EnvironmentDescription { name: name.clone(), display_name: None, production: false, contact: None };
    let description = arguments.description.over(nothing_said);
    match state.environment(name) {
        Some(known) if *known == description => {
            arguments.record.record(&mut place, None, format!("the environment {name} was already there"))
        }
        Some(_) => Err(Failure::asked_wrongly(format!(
            "there is already an environment {name}, described otherwise"
        ))
        .hint(format!("`pactwright describe-environment --name {name}{}` shows it", place.flag))
        .hint("`pactwright update-environment` changes what is known about it")),
        None => {
            if !arguments.allow_similar_name {
                let known = state.environments().map(|known| known.name.as_str());
                environments::refuse_similar(name.as_str(), known)
                    .map_err(|failure| failure.hint("--allow-similar-name keeps both apart"))?;
            }
            let message = format!("the environment {name} is there");
            arguments.record.record(&mut place, Some(What::EnvironmentCreated(description)), message)
        }
    }
}
