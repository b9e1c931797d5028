//! What is to go, with those who still use it: as every command shows it.

use std::io::{self, Write};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::excerpt::one_line;
use super::markdown::escaped;
use super::style::{Colour, Meaning};
use super::words::count;
use crate::deprecation::{self, Standing, Step};

/// Characters of a text that are shown.
const LONGEST: usize = 300;

/// Something that is to go.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Deprecated {
    /// The provider.
    pub provider: String,
    /// What is to go, in words.
    pub subject: String,
    /// The day on which it was first said.
    pub since: String,
    /// The first day on which it may be gone.
    pub remove_on: String,
    /// The days until then; negative when it should be gone already.
    pub days_left: i32,
    /// When it goes, in words.
    pub countdown: String,
    /// What is to be used in its place.
    pub instead: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The versions that still use it.
    pub users: Vec<User>,
    /// How many consumers used it when it was deprecated, and each version that has changed that.
    pub course: Vec<Change>,
}

/// What `deprecate` has recorded.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Pactwright deprecate")]
pub struct Announced<'a> {
    /// The version of this form.
    pub schema_version: u32,
    /// What is to go, and who is concerned.
    pub deprecation: &'a Deprecated,
    /// The facts that were recorded just now.
    pub recorded: Vec<serde_json::Value>,
}

/// The JSON Schema of what `deprecate` says.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Announced<'_>).to_value()
}

/// A version that still uses it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct User {
    /// The consumer.
    pub consumer: String,
    /// Its version.
    pub version: String,
    /// Where it is: `main branch`, or the name of an environment.
    pub places: Vec<String>,
    /// In how many interactions it is used.
    pub interactions: usize,
}

/// A change of the number of consumers.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Change {
    /// When.
    pub on: String,
    /// The consumer whose version changed it; none for the beginning.
    pub consumer: Option<String>,
    /// The version that changed it.
    pub version: Option<String>,
    /// How many consumers used it from then on.
    pub users: usize,
}

impl Deprecated {
    /// What is shown on a day of what stands; `places` says where a version is.
    #[must_use]
    pub fn of(standing: &Standing, today: Date, places: impl Fn(&deprecation::User) -> Vec<String>) -> Self {
        let one = &standing.deprecation;
        let user = |user: &deprecation::User| User {
            consumer: user.consumer.to_string(),
            version: user.version.to_string(),
            places: places(user),
            interactions: user.interactions,
        };
        let change = |step: &Step| Change {
            on: step.on.to_string(),
            consumer: step.by.as_ref().map(|(consumer, _)| consumer.to_string()),
            version: step.by.as_ref().map(|(_, version)| version.to_string()),
            users: step.users,
        };
        Self {
            provider: one.provider.to_string(),
            subject: one.removal.to_string(),
            since: one.since.to_string(),
            remove_on: one.remove_on.to_string(),
            days_left: one.days_left(today),
            countdown: one.countdown(today),
            instead: one.instead.as_ref().map(ToString::to_string),
            reason: one.reason.as_ref().map(ToString::to_string),
            users: standing.users.iter().map(user).collect(),
            course: standing.course.iter().map(change).collect(),
        }
    }

    /// True when the day has come.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.days_left <= 0
    }

    /// `POST /v1/create of faq is deprecated since … and goes on …, in 90 days`.
    #[must_use]
    pub fn headline(&self) -> String {
        let text = format!(
            "{} of {} is deprecated since {} and {}",
            self.subject, self.provider, self.since, self.countdown
        );
        one_line(&text, LONGEST)
    }

    /// Everything else that is known, each under a word.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        let mut lines: Vec<_> = self.advice();
        lines.push(("users", self.fall()));
        if !self.users.is_empty() {
            lines.push(("still", self.users.iter().map(User::words).collect::<Vec<_>>().join(", ")));
        }
        lines.into_iter().map(|(word, text)| (word, one_line(&text, LONGEST))).collect()
    }

    /// What a consumer that uses it should know.
    #[must_use]
    pub fn advice(&self) -> Vec<(&'static str, String)> {
        let known = [("instead", &self.instead), ("because", &self.reason)];
        known.into_iter().filter_map(|(word, text)| Some((word, text.clone()?))).collect()
    }

    /// How the number of consumers has changed: `2 consumers on main branches when it was deprecated, 1 since
    /// marketing 1.1 of 2026-12-01`. What runs somewhere may be older, and is listed for itself.
    fn fall(&self) -> String {
        let step = |change: &Change| match (&change.consumer, &change.version) {
            (Some(consumer), Some(version)) => {
                let users = if change.users == 0 { "none".to_owned() } else { change.users.to_string() };
                format!("{users} since {consumer} {version} of {}", change.on)
            }
            _ => format!("{} on main branches when it was deprecated", count(change.users, "consumer")),
        };
        self.course.iter().map(step).collect::<Vec<_>>().join(", ")
    }
}

impl User {
    fn words(&self) -> String {
        let places = self.places.join(", ");
        let places = if places.is_empty() { "latest version".to_owned() } else { places };
        format!("{} {} ({places})", self.consumer, self.version)
    }
}

/// Writes a block for each.
///
/// # Errors
/// Those of the writer.
pub fn text(deprecated: &[Deprecated], colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    for one in deprecated {
        let meaning = if one.is_over() { Meaning::Failed } else { Meaning::Warning };
        writeln!(out, "{}", colour.paint(meaning, one.headline()))?;
        for (word, text) in one.details() {
            writeln!(out, "  {word:<7}  {text}")?;
        }
    }
    Ok(())
}

/// Writes a list in Markdown, with an empty line after it; nothing when there is nothing.
///
/// # Errors
/// Those of the writer.
pub fn markdown(deprecated: &[Deprecated], out: &mut dyn Write) -> io::Result<()> {
    for one in deprecated {
        let details = one.details().into_iter().map(|(word, text)| format!("{word}: {text}"));
        let details = details.collect::<Vec<_>>().join("; ");
        writeln!(out, "- **{}**: {}", escaped(&one.headline()), escaped(&details))?;
    }
    if deprecated.is_empty() { Ok(()) } else { writeln!(out) }
}
