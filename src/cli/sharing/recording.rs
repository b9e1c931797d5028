//! What the commands that record a fact have in common.

use std::str::FromStr;

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::answer::AnswerArguments;
use super::environments;
use super::place::{Place, StoreArguments};
use crate::cli::Failure;
use crate::fact::{Fact, State, What};
use crate::name::{Application, Environment, Instance, InvalidName, Version};
use crate::outcome::Answer;

/// A version and a place for it.
#[derive(Debug, Args)]
pub(crate) struct VersionInPlace {
    /// The application
    #[arg(short = 'a', long, alias = "pacticipant", value_name = "NAME")]
    pub(crate) application: Application,
    /// Its version
    #[arg(short = 'e', long, value_name = "VERSION")]
    pub(crate) version: Version,
    /// The environment
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Environment,
}

/// Which of several places in an environment; a blank name is none, as for the Pact Broker.
#[derive(Debug, Clone, Args)]
pub(crate) struct InstanceArguments {
    /// Which of several places in the environment
    #[arg(long, alias = "target", value_name = "NAME", default_value = "", hide_default_value = true)]
    application_instance: Named,
}

#[derive(Debug, Clone)]
struct Named(Option<Instance>);

impl FromStr for Named {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        if text.trim().is_empty() { Ok(Self(None)) } else { text.parse().map(|name| Self(Some(name))) }
    }
}

impl InstanceArguments {
    /// The instance, when one is named.
    pub(crate) fn named(&self) -> Option<&Instance> {
        self.application_instance.0.as_ref()
    }
}

/// What every command needs that records something.
#[derive(Debug, Args)]
pub(crate) struct RecordArguments {
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    #[command(flatten)]
    pub(crate) answer: AnswerArguments,
}

/// What was recorded, or why nothing was.
#[derive(Debug, Serialize)]
struct Recorded {
    /// What is true now, for people.
    message: String,
    /// The facts that were recorded just now.
    recorded: Vec<Value>,
}

impl RecordArguments {
    /// Records what has happened, unless it is true already, and says what is true now.
    pub(crate) fn record(
        &self,
        place: &mut Place,
        happened: impl IntoIterator<Item = What>,
        message: String,
    ) -> Result<Answer, Failure> {
        let facts: Vec<Fact> =
            happened.into_iter().map(|what| place.record(what)).collect::<Result<_, _>>()?;
        let recorded = Recorded { message, recorded: facts.iter().map(Fact::to_json).collect() };
        self.answer.say(&recorded, || format!("{}\n", recorded.message))?;
        Ok(Answer::Yes)
    }
}

impl VersionInPlace {
    /// Refuses what is not known: a version that nobody has seen is a slip more often than news.
    pub(crate) fn check(&self, state: &State, place: &Place, may_be_new: bool) -> Result<(), Failure> {
        environments::known(state, &self.environment, &place.flag)?;
        if may_be_new {
            let known = state.applications().map(Application::as_str);
            return environments::refuse_similar(self.application.as_str(), known).map_err(|failure| {
                failure.hint("`pactwright create-or-update-pacticipant` makes a name known first")
            });
        }
        environments::known_version(state, &self.application, &self.version)
            .map(|_| ())
            .map_err(|failure| failure.hint("--create records it all the same"))
    }
}
